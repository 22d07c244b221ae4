"""Shapes read together are those that GEOS reads one by one, to the last bit."""

from collections.abc import Sequence

import numpy as np
import orjson
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from service.feeds.multipolygons import multipolygons

_NUMBERS = st.floats(-1e6, 1e6) | st.integers(-300_000, 300_000)


def _ring(size: int) -> st.SearchStrategy[list[Sequence[float]]]:
    corners = st.lists(st.lists(_NUMBERS, min_size=size, max_size=size), min_size=3, max_size=5)
    return corners.map(lambda some: [*some, some[0]])


def _shapes(size: int = 2) -> st.SearchStrategy[str]:
    polygon = st.lists(_ring(size), min_size=1, max_size=3)
    one = st.tuples(st.just("Polygon"), polygon)
    many = st.tuples(st.just("MultiPolygon"), st.lists(polygon, min_size=1, max_size=3))
    return (one | many).map(lambda of: orjson.dumps({"type": of[0], "coordinates": of[1]}).decode())


def _one_by_one(texts: list[str | None]) -> list[bytes | None]:
    found: list[bytes | None] = []
    for text in texts:
        shape = None if text is None else shapely.from_geojson(text)
        if isinstance(shape, shapely.Polygon):
            shape = shapely.MultiPolygon([shape])
        found.append(None if shape is None else shapely.to_wkb(shape, flavor="iso"))
    return found


@given(st.lists(st.none() | _shapes()))
def test_shapes_are_those_of_geos_and_what_is_absent_stays_so(texts: list[str | None]) -> None:
    assert multipolygons(texts).wkb == _one_by_one(texts)


@pytest.mark.parametrize(
    "text",
    [
        '{"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}',
        '{"coordinates":[[[0,0],[1,0],[1,1],[0,0]]],"type":"Polygon"}',
        '{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]],"bbox":[0,0,1,1]}',
        '{"type":"Polygon","coordinates":[[[0,0,5],[1,0,5],[1,1,5],[0,0,5]]]}',
        '{"type":"MultiPolygon","coordinates":[]}',
    ],
)
def test_a_text_of_another_form_is_read_all_the_same(text: str) -> None:
    plain = '{"type":"Polygon","coordinates":[[[2,2],[3,2],[3,3],[2,2]]]}'
    texts = [plain, text, None, plain]
    assert multipolygons(texts).wkb == _one_by_one(texts)


def test_more_shapes_than_are_read_at_once_keep_their_order() -> None:
    plain = '{"type":"Polygon","coordinates":[[[%d,0],[%d,1],[0,1],[%d,0]]]}'
    texts = [None if at % 7 == 0 else plain % (at, at, at) for at in range(2_500)]
    first = multipolygons(texts).boxes[:, 2]
    assert np.isnan(first[::7]).all()
    assert [at for at in range(2_500) if at % 7] == first[~np.isnan(first)].tolist()
