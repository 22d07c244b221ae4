"""Shapes of areas: building, repairing and writing polygons, thousands at a time.

Everything that comes out of `repair` is a valid, finite, two-dimensional Polygon or MultiPolygon
with exterior rings counter-clockwise (RFC 7946, 3.1.6), or None: an area without a shape. Nothing
is simplified, snapped or moved here.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from db.core.errors import BrokenLoad
from db.core.figures import Floats

Shapes = NDArray[np.object_]
"""Shapely geometries, None for an area without a shape."""

Ring = Floats
"""Vertices of one ring, shape (n, 2), x or longitude first."""

MAX_VERTICES = 2_000_000
"""Of one area; the largest buurt of 2016 at full detail has 43,050."""

_POLYGON = shapely.GeometryType.POLYGON
_MULTIPLE = frozenset(
    range(shapely.GeometryType.MULTIPOINT, 1 + shapely.GeometryType.GEOMETRYCOLLECTION)
)
_BATCH = 1000
"""Shapes handled together: numpy's copies of their vertices stay small beside the shapes."""


@dataclass(frozen=True, slots=True)
class Repaired:
    """Shapes that may be stored, and what was done to get them."""

    shapes: Shapes
    repaired: int
    """Invalid shapes made valid."""
    without_shape: int
    """Null, empty, not finite, or nothing polygonal left: None."""
    lost_parts: int
    """Points and lines dropped from mixed geometries."""


def build(areas: Iterable[list[list[Ring]]]) -> tuple[Shapes, int]:
    """Multipolygons from rings (area > polygon > ring), and how many rings were too short.

    Rings under four points, once closed, enclose nothing: a lost hole, or with an exterior a lost
    part. Limits are checked before shapely is asked.
    """
    kept: list[list[list[Ring]]] = []
    short = 0
    for polygons in areas:
        closed = [[_closed(ring) for ring in rings] for rings in polygons]
        if sum(len(ring) for rings in closed for ring in rings) > MAX_VERTICES:
            raise BrokenLoad(f"an area has more than {MAX_VERTICES:,} vertices")
        short += sum(len(ring) < 4 for rings in closed for ring in rings)
        kept.append(
            [
                [ring for ring in rings if len(ring) >= 4]
                for rings in closed
                if rings and len(rings[0]) >= 4
            ]
        )
    return _multipolygons(kept), short


def repair(shapes: Shapes) -> Repaired:
    """Valid polygons of every shape; see Repaired for what is counted."""
    done = np.empty(len(shapes), object)
    repaired = lost = 0
    for start in range(0, len(shapes), _BATCH):
        batch, invalid, dropped = _repair(shapes[start : start + _BATCH])
        done[start : start + _BATCH] = batch
        repaired += invalid
        lost += dropped
    return Repaired(done, repaired, int(shapely.is_missing(done).sum()), lost)


def merged(shapes: Shapes) -> shapely.Geometry | None:
    """One shape of the parts of one area; None where no part has a shape."""
    present = shapes[~shapely.is_missing(shapes)]
    if not len(present):
        return None
    union = np.array([shapely.union_all(present)], object)
    shape: shapely.Geometry | None = repair(union).shapes[0]
    return shape


def to_geojson_text(shapes: Shapes, decimals: int) -> list[bytes | None]:
    """Compact GeoJSON geometries with at most `decimals` decimals; None without a shape.

    A vertex is rounded by itself, so equal vertices of neighbours stay equal; only a shape that
    rounding would make invalid is rounded as a whole, or if it is too thin for that, not at all.
    By way of WKT, because GEOS writes GeoJSON with all its decimals.
    """
    texts: list[bytes | None] = []
    for start in range(0, len(shapes), _BATCH):
        on_grid, too_thin = _rounded(shapes[start : start + _BATCH], decimals)
        wkt = shapely.to_wkt(on_grid, rounding_precision=decimals)
        wkt[too_thin] = shapely.to_wkt(on_grid[too_thin], rounding_precision=-1)
        texts += [None if text is None else _geojson(text) for text in wkt]
    return texts


def bounds(shapes: Shapes) -> Floats:
    """West, south, east, north of each; NaN without a shape."""
    boxes: Floats = shapely.bounds(shapes)
    return boxes


def orient(shapes: Shapes) -> Shapes:
    """Exterior rings counter-clockwise, holes clockwise."""
    oriented: Shapes = shapely.orient_polygons(shapes)
    return oriented


def polygonal(shapes: Shapes) -> Shapes:
    """Only what encloses ground: Polygon or MultiPolygon, None where nothing does."""
    return _polygonal(shapes)[0]


def points_inside(shapes: Shapes) -> Floats:
    """A point inside each shape (x, y): where its label goes; NaN without a shape."""
    points = shapely.point_on_surface(shapes)
    return np.column_stack([shapely.get_x(points), shapely.get_y(points)])


def _closed(ring: Ring) -> Ring:
    if len(ring) and (ring[0] != ring[-1]).any():
        return np.concatenate([ring, ring[:1]])
    return ring


def _multipolygons(areas: list[list[list[Ring]]]) -> Shapes:
    rings = [ring for polygons in areas for polygon in polygons for ring in polygon]
    shapes = np.empty(len(areas), object)
    if not rings:
        return shapes
    made = shapely.from_ragged_array(
        shapely.GeometryType.MULTIPOLYGON,
        np.concatenate(rings),
        (
            _offsets([len(ring) for ring in rings]),
            _offsets([len(polygon) for polygons in areas for polygon in polygons]),
            _offsets([len(polygons) for polygons in areas]),
        ),
    )
    shapes[:] = made
    shapes[shapely.is_empty(shapes)] = None
    return shapes


def _offsets(lengths: list[int]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


def _repair(batch: Shapes) -> tuple[Shapes, int, int]:
    shapes = shapely.force_2d(batch)
    shapes[~_finite(shapes) | shapely.is_empty(shapes)] = None
    shapes, lost = _polygonal(shapes)
    invalid = np.flatnonzero(~shapely.is_valid(shapes) & ~shapely.is_missing(shapes))
    # 'structure' moved less area than 'linework' in the real maps (1e-6 against 4e-5 of an area).
    shapes[invalid] = shapely.make_valid(shapes[invalid], method="structure", keep_collapsed=False)
    # GEOS 3.14 can leave two valid parts side by side that share an edge.
    for i in invalid[~shapely.is_valid(shapes[invalid])]:
        shapes[i] = shapely.union_all(shapely.make_valid(shapely.get_parts(shapes[i])))
    shapes[invalid], dropped = _polygonal(shapes[invalid])
    return orient(shapes), len(invalid), lost + dropped


def _finite(shapes: Shapes) -> NDArray[np.bool_]:
    coordinates, owners = shapely.get_coordinates(shapes, return_index=True)
    bad = owners[~np.isfinite(coordinates).all(axis=1)]
    finite = np.ones(len(shapes), np.bool_)
    finite[bad] = False
    return finite


def _polygonal(shapes: Shapes) -> tuple[Shapes, int]:
    """Polygon or MultiPolygon of two or more parts, else None; and the pieces that were neither."""
    kinds = shapely.get_type_id(shapes)
    result = shapes.copy()
    lost = 0
    for i in np.flatnonzero((kinds != _POLYGON) & (kinds != -1)):
        parts, dropped = _parts(shapes[i])
        lost += dropped
        result[i] = _joined(parts)
    result[shapely.is_empty(result)] = None
    return result, lost


def _parts(shape: shapely.Geometry) -> tuple[list[shapely.Polygon], int]:
    """Polygons of a geometry however deep in collections, and how many other pieces it has."""
    pieces = [shape]
    while any(shapely.get_type_id(piece) in _MULTIPLE for piece in pieces):
        pieces = list(shapely.get_parts(pieces))
    polygons = [p for p in pieces if shapely.get_type_id(p) == _POLYGON and not p.is_empty]
    return polygons, len(pieces) - len(polygons)


def _joined(parts: list[shapely.Polygon]) -> shapely.Geometry | None:
    if len(parts) < 2:
        return parts[0] if parts else None
    return shapely.multipolygons(parts)


def _rounded(shapes: Shapes, decimals: int) -> tuple[Shapes, NDArray[np.int64]]:
    """Valid shapes on a decimal grid, and which ones are too thin for it and left as they are."""
    on_grid: Shapes = shapely.transform(shapes, lambda xy: np.round(xy, decimals))
    broken = np.flatnonzero(~shapely.is_valid(on_grid) & ~shapely.is_missing(on_grid))
    snapped = orient(shapely.set_precision(repair(shapes[broken]).shapes, 10.0**-decimals))
    snapped = shapely.transform(snapped, lambda xy: np.round(xy, decimals))
    sound = shapely.is_valid(snapped) & ~shapely.is_empty(snapped)
    on_grid[broken] = np.where(sound, snapped, shapes[broken])
    return on_grid, broken[~sound]


def _geojson(wkt: str) -> bytes:
    """`POLYGON ((0 0, 1 0, ...), (...))` to GeoJSON by replacing separators, widest first."""
    kind, opening = ("MultiPolygon", 3) if wkt.startswith("MULTI") else ("Polygon", 2)
    inside = wkt[wkt.index("(") + opening : -opening]
    inside = inside.replace(")), ((", "]]],[[[").replace("), (", "]],[[")
    inside = inside.replace(", ", "],[").replace(" ", ",")
    brackets = opening + 1
    return (f'{{"type":"{kind}","coordinates":{"[" * brackets}{inside}{"]" * brackets}}}').encode(
        "ascii"
    )
