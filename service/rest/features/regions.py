"""Where something is asked for: a geometry in degrees or RD, and which rows of a layer touch it.

Envelopes decide most rows; only those that cross the region's edge are looked at by their shape,
at full detail and as it is stored in the region's own system.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from db.core.bounded import Bounded
from db.core.crs import CRS84, EXTENT, RD
from db.core.simplify import Detail
from schema.context import Context
from schema.enums import Crs
from schema.workshop import Work
from service.rest.features.layer import Layer, Mask, Texts
from service.rest.features.systems import System
from service.rest.parameter import Malformed

DOMAIN = {
    Crs.CRS84: (-180.0, -90.0, 180.0, 90.0),
    # The country with its waters: beyond it the numbers of RD mean nothing.
    Crs.RD: EXTENT[RD],
}
_PIECE = 500.0
"""Metres: straight lines in RD are cut in pieces of this before they become degrees."""
_MARGIN = 2e-5
"""Degrees, some two metres: what the way between the systems and cutting may cost."""
_KEPT = "answers of regions"
_MOST_KEPT = 64 * 1024
_AT_ONCE = 24
"""Shapes that are read without a thread."""


@dataclass(frozen=True, slots=True)
class Region:
    """A geometry, x or longitude first."""

    shape: BaseGeometry
    crs: Crs

    def in_degrees(self, context: Context) -> BaseGeometry:
        if self.crs is Crs.CRS84:
            return self.shape
        fine = shapely.segmentize(self.shape, _PIECE)
        return shapely.transform(fine, lambda xy: context.transform(xy, RD, CRS84))


def box_region(name: str, numbers: Sequence[float], system: System) -> Region:
    """The region of a bounding box; Malformed where it is none, or lies outside the system."""
    half = len(numbers) // 2
    x1, y1, x2, y2 = numbers[0], numbers[1], numbers[half], numbers[half + 1]
    if system.latitude_first:
        x1, y1, x2, y2 = y1, x1, y2, x2
    west, south, east, north = DOMAIN[system.stored]
    if system.is_degrees:
        inside = west <= min(x1, x2) and max(x1, x2) <= east and south <= y1 and y2 <= north
    else:
        inside = x1 <= east and x2 >= west and y1 <= north and y2 >= south and x1 <= x2
    if not inside or y1 > y2:
        raise _outside(name, system)
    if x1 > x2:
        parts = [_rectangle(x1, y1, east, y2), _rectangle(west, y1, x2, y2)]
        return Region(shapely.union_all(parts), system.stored)
    sides = (max(x1, west), max(y1, south), min(x2, east), min(y2, north))
    return Region(_rectangle(*sides), system.stored)


def _rectangle(x1: float, y1: float, x2: float, y2: float) -> BaseGeometry:
    if x1 == x2 and y1 == y2:
        return shapely.Point(x1, y1)
    if x1 == x2 or y1 == y2:
        return shapely.LineString([(x1, y1), (x2, y2)])
    return shapely.box(x1, y1, x2, y2)


def _outside(name: str, system: System) -> Malformed:
    west, south, east, north = DOMAIN[system.stored]
    order = f"{west:g} {south:g} {east:g} {north:g} (x y x y)"
    if system.latitude_first:
        order = f"{south:g} {west:g} {north:g} {east:g} (latitude longitude)"
    return Malformed(
        "OUTSIDE_CRS",
        f"{name} does not lie in {system.uri}, or its corners are exchanged: lower corner first, "
        f"within {order}",
        f"{name} ligt niet in {system.uri}, of de hoeken zijn verwisseld: eerst de laagste hoek, "
        f"binnen {order}",
    )


def touching(context: Context, layer: Layer, region: Region) -> Mask:
    """Which rows of a layer have a shape that touches the region; one without a shape does not."""
    boxes = layer.boxes(context)
    around = region.in_degrees(context)
    found = np.zeros(len(boxes), np.bool_)
    if around.is_empty or not len(boxes):
        return found
    west, south, east, north = around.bounds
    near = (boxes[:, 0] <= east + _MARGIN) & (boxes[:, 2] >= west - _MARGIN)
    near &= (boxes[:, 1] <= north + _MARGIN) & (boxes[:, 3] >= south - _MARGIN)
    rows = np.flatnonzero(near)
    envelopes = shapely.box(*boxes[rows].T)
    core = shapely.buffer(around, -_MARGIN) if around.area else shapely.Point()
    shapely.prepare(core)
    sure = shapely.covers(core, envelopes)
    found[rows[sure]] = True
    left = rows[~sure]
    if around.area and len(left):
        outer = shapely.buffer(around, _MARGIN)
        shapely.prepare(outer)
        left = left[shapely.intersects(outer, envelopes[~sure])]
    if len(left):
        found[left] = _by_shape(context, layer, region, left.tolist())
    return found


def _by_shape(context: Context, layer: Layer, region: Region, rows: list[int]) -> Mask:
    """The same for some rows by their shapes; many are looked at in a thread, once."""
    texts = layer.shapes(context, rows, Detail.FULL, region.crs)
    if len(rows) <= _AT_ONCE:
        return _looked_at(texts, region.shape)
    kept: Bounded[object, Mask] = context.facts.remember(_KEPT, lambda: Bounded(_MOST_KEPT))
    key = (layer.collection.id, region.crs, region.shape.wkb)
    known = kept.get(key)
    if known is not None:
        return known
    work = Work(
        (_KEPT, key),
        partial(_looked_at, texts, region.shape),
        lambda made: kept.keep(key, made, len(made) + len(key[2])),
    )
    return context.made(work)


def _looked_at(texts: Texts, shape: BaseGeometry) -> Mask:
    shapely.prepare(shape)
    found: Mask = shapely.intersects(shape, shapely.from_geojson(np.array(texts, object)))
    return found
