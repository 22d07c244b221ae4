"""Three details of the shapes of one level and vintage, simplified together as a coverage.

A shared border is simplified once, so neighbours keep sharing it in RD, and in CRS84 too when the
degrees are made from these vertices. An area never vanishes: where a detail loses or breaks its
shape, the finer one stands in.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

import numpy as np
import shapely
from numpy.typing import NDArray

from db.core.crs import CRS84, RD
from db.core.geometry import Shapes, bounds, orient, repair


class Detail(Enum):
    """How closely a shape follows the publisher's map."""

    OVERVIEW = "overview"
    MEDIUM = "medium"
    FULL = "full"

    __hash__ = object.__hash__
    """As published (and repaired)."""


TOLERANCE = {Detail.OVERVIEW: 250.0, Detail.MEDIUM: 40.0}
"""Metres: the square root of the area of the triangles that Visvalingam's method removes.

All wijken of the country then take 1.2 MB and, from a map at full detail (50 MB), 4.9 MB.
"""

TOGETHER = 200_000
"""Vertices that GEOS is given at once."""

_DECIMALS = {
    (Detail.OVERVIEW, RD): 0,
    (Detail.MEDIUM, RD): 0,
    (Detail.FULL, RD): 3,
    (Detail.OVERVIEW, CRS84): 5,
    (Detail.MEDIUM, CRS84): 5,
    (Detail.FULL, CRS84): 7,
}


def decimals(detail: Detail, system: int) -> int:
    """Decimals to write: 1 m, and at full detail 1 mm (in degrees 1 cm)."""
    return _DECIMALS[detail, system]


@dataclass(frozen=True, slots=True)
class CoverageReport:
    """Whether neighbours share their borders exactly, before anything is simplified."""

    valid: bool
    areas: int
    """Areas with a shape."""
    unmatched: int
    """Areas with an edge that overlaps a neighbour or does not match its vertices."""
    unmatched_metres: float
    """Length of all such edges."""


def coverage_report(shapes_rd: Shapes) -> CoverageReport:
    present = shapes_rd[~shapely.is_missing(shapes_rd)]
    edges = shapely.coverage_invalid_edges(present)
    lengths = shapely.length(edges)
    unmatched = int((~shapely.is_empty(edges)).sum())
    return CoverageReport(unmatched == 0, len(present), unmatched, float(lengths.sum()))


def details(shapes_rd: Shapes) -> dict[Detail, Shapes]:
    """All three details of RD shapes; each is made from the next finer one.

    Repaired first: degrees turned into metres can flatten a sliver, at which GEOS stops. Only
    the few that need it, since copies of all shapes are what memory goes to.
    """
    full = shapes_rd.copy()
    broken = np.flatnonzero(~shapely.is_valid(full) & ~shapely.is_missing(full))
    full[broken] = repair(full[broken]).shapes
    medium = simplified(full, TOLERANCE[Detail.MEDIUM])
    overview = simplified(medium, TOLERANCE[Detail.OVERVIEW])
    return {Detail.OVERVIEW: overview, Detail.MEDIUM: medium, Detail.FULL: full}


def simplified(finer: Shapes, tolerance: float) -> Shapes:
    """The next coarser detail; all shapes as they were where GEOS cannot simplify them."""
    result = finer.copy()
    present = np.flatnonzero(~shapely.is_missing(finer))
    try:
        coarse = shapely.coverage_simplify(_thinned(finer[present], tolerance), tolerance)
    except shapely.GEOSException:
        # A country drawn too finely is better than a map that cannot be loaded.
        return result
    sound = shapely.is_valid(coarse) & ~shapely.is_empty(coarse)
    result[present[sound]] = coarse[sound]
    return orient(result)


def _thinned(shapes: Shapes, tolerance: float) -> Shapes:
    """Parts of a large map simplified inside, with their outer borders left for the whole.

    GEOS takes 100 bytes a vertex, and the buurten of 2016 have 3.18 million. The parts are compact,
    so that few vertices lie on their borders: in the order of codes half of them would.
    """
    vertices = shapely.get_num_coordinates(shapes)
    count = int(vertices.sum()) // TOGETHER
    if count < 2:
        return shapes
    thin = shapes.copy()
    for part in _compact_parts(shapes, vertices, count):
        thin[part] = shapely.coverage_simplify(shapes[part], tolerance, simplify_boundary=False)
    return thin


def _compact_parts(
    shapes: Shapes, vertices: NDArray[np.int64], count: int
) -> Iterator[NDArray[np.int64]]:
    """Indices of about `count` parts with as many vertices each: strips from west to east, cut."""
    boxes = bounds(shapes)
    strips = round(count**0.5)
    for strip in _cut(np.argsort(boxes[:, 0], kind="stable"), vertices, strips):
        yield from _cut(
            strip[np.argsort(boxes[strip, 1], kind="stable")], vertices, -(-count // strips)
        )


def _cut(
    order: NDArray[np.int64], vertices: NDArray[np.int64], pieces: int
) -> list[NDArray[np.int64]]:
    """An order of shapes in pieces of about equal numbers of vertices."""
    after = np.cumsum(vertices[order])
    return np.split(order, np.flatnonzero(np.diff(after * pieces // (after[-1] + 1))) + 1)
