"""Which rows touch a region: what shapely says of each, whatever lies in memory."""

from collections.abc import Sequence
from functools import partial
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
import shapely

from schema.context import Context, patiently
from schema.enums import Crs
from service.rest.features import touching as module
from service.rest.features.layer import Layer
from service.rest.features.regions import Region, box_region
from service.rest.features.systems import CRS84
from service.rest.features.touching import touching
from tests.api.sample import open_sample
from tests.load.borders import BOX, coverage

_RANDOM = np.random.default_rng(3)
_CELLS = shapely.transform(
    coverage(_RANDOM.uniform(BOX[:2], BOX[2:], (150, 2)), _RANDOM), lambda xy: xy / 1e5
)
"""As large as a country, and as if RD were degrees."""
_TEXTS = shapely.to_geojson(_CELLS).tolist()


class _Cells:
    """A layer of shapes, the first of which is absent; counts which are read."""

    def __init__(self) -> None:
        self.collection = SimpleNamespace(id="cells")
        self.read: list[int] = []

    def boxes(self, _: Context) -> Any:
        boxes = shapely.bounds(_CELLS)
        boxes[0] = np.nan
        return boxes

    def shapes(self, _: Context, rows: Sequence[int], *__: object) -> list[str]:
        self.read += rows
        return [_TEXTS[row] for row in rows]


def _regions() -> list[Region]:
    low, high = np.array(BOX[:2]) / 1e5, np.array(BOX[2:]) / 1e5
    corners = _RANDOM.uniform(low, high, (25, 2, 2))
    # Small ones lie between an envelope and its shape.
    begin = _RANDOM.uniform(low, high - 0.2, (100, 1, 2))
    corners = np.concatenate([corners, begin + _RANDOM.uniform(0, 0.2, (100, 2, 2))])
    found = [box_region("bbox", [*each.min(axis=0), *each.max(axis=0)], CRS84) for each in corners]
    cell = shapely.bounds(_CELLS[5]).tolist()
    corner = shapely.get_coordinates(_CELLS[7])[0].tolist()
    exact = [cell, [*corner, *corner], [*corner, high[0], corner[1]]]
    found += [box_region("bbox", each, CRS84) for each in exact]
    circle = shapely.Point(*((low + high) / 2)).buffer(1.0, quad_segs=300)
    return [*found, Region(circle, Crs.CRS84), Region(_CELLS[9], Crs.CRS84)]


@pytest.mark.parametrize("most_bytes", [1_000_000, 20_000, 0])
async def test_rows_are_those_whose_shapes_touch_however_much_is_kept(
    monkeypatch: pytest.MonkeyPatch, most_bytes: int
) -> None:
    monkeypatch.setattr(module, "_SHAPE_BYTES", most_bytes)
    snapshot, layer = await open_sample(), _Cells()
    shapely.prepare(_CELLS)
    for region in [*_regions(), *_regions()]:
        context = Context(snapshot)
        found = await patiently(partial(touching, context, cast(Layer, layer), region))
        expected = shapely.intersects(_CELLS, region.shape)
        expected[0] = False
        assert np.flatnonzero(found).tolist() == np.flatnonzero(expected).tolist(), region.shape


async def test_a_shape_is_read_once_for_all_boxes_whose_edge_it_crosses() -> None:
    snapshot, layer = await open_sample(), _Cells()
    region = box_region("bbox", [1.0, 4.5, 1.8, 5.2], CRS84)
    for _ in range(3):
        context = Context(snapshot)
        await patiently(partial(touching, context, cast(Layer, layer), region))
    assert layer.read
    assert len(layer.read) == len(set(layer.read))
