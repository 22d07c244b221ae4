"""Which rows of a layer touch a region.

Envelopes decide most rows; only those that cross the region's edge are looked at by their shape,
at full detail and as it is stored in the region's own system. Reading shapes is what costs most:
those that were read last are kept.
"""

from functools import partial
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from db.core.bounded import Bounded
from db.core.figures import Floats
from db.core.simplify import Detail
from schema.context import Context
from schema.enums import Crs
from schema.workshop import Work
from service.rest.features.layer import Layer, Mask, Texts
from service.rest.features.regions import Region, Sides

Shapes = NDArray[Any]
_MARGIN = 2e-5
"""Degrees, some two metres: what the way between the systems and cutting may cost."""
_ANSWERS, _SHAPES = "answers of regions", "shapes of rows"
_ANSWER_BYTES = 64 * 1024
_SHAPE_BYTES = 8 * 1024 * 1024
_VERTEX_BYTES, _SHAPE_ENTRY = 16, 600
_READ_AT_ONCE = 24
"""Shapes that are read without a thread."""
_LOOKED_AT_ONCE = 20_000
"""Rows times vertices of the region: some milliseconds."""


def touching(context: Context, layer: Layer, region: Region) -> Mask:
    """Which rows of a layer have a shape that touches the region; one without a shape does not."""
    boxes = layer.boxes(context)
    if region.sides is not None and region.crs is Crs.CRS84:
        found, left = _by_sides(boxes, region.sides)
    else:
        found, left = _by_envelopes(boxes, region.in_degrees(context))
    if len(left):
        found[left] = _by_shape(context, layer, region, left.tolist())
    return found


def _near(boxes: Floats, sides: Sides, margin: float) -> Mask:
    west, south, east, north = sides
    found: Mask = (boxes[:, 0] <= east + margin) & (boxes[:, 2] >= west - margin)
    found &= (boxes[:, 1] <= north + margin) & (boxes[:, 3] >= south - margin)
    return found


def _by_sides(boxes: Floats, sides: Sides) -> tuple[Mask, NDArray[np.intp]]:
    """Rows that lie in a rectangle of degrees, and those that cannot be told by their envelope."""
    west, south, east, north = sides
    near = _near(boxes, sides, _MARGIN)
    inside = near & (boxes[:, 0] >= west + _MARGIN) & (boxes[:, 2] <= east - _MARGIN)
    inside &= (boxes[:, 1] >= south + _MARGIN) & (boxes[:, 3] <= north - _MARGIN)
    return inside, np.flatnonzero(near & ~inside)


def _by_envelopes(boxes: Floats, around: BaseGeometry) -> tuple[Mask, NDArray[np.intp]]:
    """The same for any region, in degrees."""
    found = np.zeros(len(boxes), np.bool_)
    if around.is_empty or not len(boxes):
        return found, np.empty(0, np.intp)
    rows = np.flatnonzero(_near(boxes, around.bounds, _MARGIN))
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
    return found, left


def _by_shape(context: Context, layer: Layer, region: Region, rows: list[int]) -> Mask:
    """The same for some rows by their shapes; what takes long is done in a thread, once."""
    if len(rows) * int(shapely.get_num_coordinates(region.shape)) <= _LOOKED_AT_ONCE:
        return _looked_at(_shapes(context, layer, region.crs, rows), region.shape)
    kept: Bounded[object, Mask] = context.facts.remember(_ANSWERS, lambda: Bounded(_ANSWER_BYTES))
    key = (layer.collection.id, region.crs, region.shape.wkb)
    known = kept.get(key)
    if known is not None:
        return known
    texts = layer.shapes(context, rows, Detail.FULL, region.crs)
    work = Work(
        (_ANSWERS, key),
        partial(_read_and_looked_at, texts, region.shape),
        lambda made: kept.keep(key, made, len(made) + len(key[2])),
    )
    return context.made(work)


def _shapes(context: Context, layer: Layer, crs: Crs, rows: list[int]) -> Shapes:
    """Shapes of rows, out of memory as far as they lie there."""
    kept: Bounded[object, BaseGeometry] = context.facts.remember(
        _SHAPES, lambda: Bounded(_SHAPE_BYTES)
    )
    name = layer.collection.id
    found = [kept.get((name, crs, row)) for row in rows]
    at = [i for i, each in enumerate(found) if each is None]
    if at:
        lacking = [rows[i] for i in at]
        read = partial(_read, layer.shapes(context, lacking, Detail.FULL, crs))
        if len(at) <= _READ_AT_ONCE:
            made = read()
        else:
            made = context.made(Work((_SHAPES, name, crs, tuple(lacking)), read, lambda _: None))
        sizes = shapely.get_num_coordinates(made) * _VERTEX_BYTES + _SHAPE_ENTRY
        for i, shape, size in zip(at, made.tolist(), sizes.tolist(), strict=True):
            found[i] = shape
            if shape is not None:
                kept.keep((name, crs, rows[i]), shape, size)
    return np.array(found, object)


def _read(texts: Texts) -> Shapes:
    made: Shapes = shapely.from_geojson(np.array(texts, object))
    return made


def _looked_at(shapes: Shapes, region: BaseGeometry) -> Mask:
    shapely.prepare(region)
    found: Mask = shapely.intersects(region, shapes)
    return found


def _read_and_looked_at(texts: Texts, region: BaseGeometry) -> Mask:
    return _looked_at(_read(texts), region)
