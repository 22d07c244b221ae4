"""One shape of the shapes of several areas of one map, as the text that is sent.

Neighbours that share a border vertex by vertex leave no trace of it: the union has exactly their
ground. Where a map is no coverage, overlaps vanish and gaps narrower than `NARROW` are closed.
"""

from collections.abc import Sequence

import numpy as np
import shapely

from db.core.crs import CRS84
from db.core.geometry import Shapes, polygonal, repair, to_geojson_text
from db.core.simplify import Detail, decimals

_METRES_A_DEGREE = 90_000.0
"""Between a degree of longitude (68 km) and of latitude (111 km) in the Netherlands."""
NARROW = 25.0
"""Metres: holes narrower than this are taken for gaps in the map. In the copy of the map of 2024
whose areas were simplified one by one they are up to 30 m wide; in that of 2022 there are none."""


def union_text(texts: Sequence[str], detail: Detail, system: int) -> bytes | None:
    """The union of GeoJSON geometries of one detail and system; None of nothing."""
    if not texts:
        return None
    shapes = shapely.from_geojson(np.array(texts, object))
    places = decimals(detail, system)
    joined = shapely.union_all(shapes, grid_size=10.0**-places)
    narrow = NARROW / (_METRES_A_DEGREE if system == CRS84 else 1.0)
    return to_geojson_text(_valid(_closed(joined, narrow)), places)[0]


def _valid(shape: shapely.Geometry) -> Shapes:
    return repair(polygonal(np.array([shape], object))).shapes


def _closed(shape: shapely.Geometry, narrow: float) -> shapely.Geometry:
    """The shape without holes that are narrower than so much, by their area over half their rim."""
    polygons = [_without_slits(each, narrow) for each in shapely.get_parts(shape)]
    return polygons[0] if len(polygons) == 1 else shapely.multipolygons(polygons)


def _without_slits(polygon: shapely.Polygon, narrow: float) -> shapely.Polygon:
    holes = [hole for hole in polygon.interiors if not _is_slit(hole, narrow)]
    if len(holes) == len(polygon.interiors):
        return polygon
    return shapely.Polygon(polygon.exterior, holes)


def _is_slit(hole: shapely.LinearRing, narrow: float) -> bool:
    return bool(2 * shapely.area(shapely.Polygon(hole)) < narrow * shapely.length(hole))
