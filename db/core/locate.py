"""Which area of one map holds each of many points, and how far off its boundary is.

A point outside every area is never given to one; the nearest is only named. Points come from
people: nothing here keeps them, and no error or text of a result shows one.
"""

from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np
import shapely
from numpy.typing import NDArray

from db.core.crs import EXTENT, RD, transform
from db.core.errors import UnknownSystem
from db.core.figures import Bytes, Floats
from db.core.geometry import Shapes
from db.core.ranking import Rows

_Places = NDArray[np.intp]

NEAR = 100.0
"""Metres within which an area is named for a point that lies in none."""
MOST_NEAR = 1000.0
_ON_BORDER = 0.001
"""Metres: a point in several areas and no farther than this from the boundary is on a border."""
_CROWD = 8
"""Points asked of an area from which on preparing it costs less than it saves."""


class Placement(IntEnum):
    """Where a point lies: 0 to 9 in an area, 10 to 19 in none, from 20 on it was not looked for."""

    IN_ONE = 0
    ON_SHARED_BORDER = 1
    IN_SEVERAL = 2
    """Areas that overlap, as separately simplified neighbours do."""
    NEAR = 10
    OUTSIDE = 11
    IN_NONE_DRAWN = 12
    """In none that has a shape, where some areas have none: it may lie in one of those."""
    NOT_A_NUMBER = 20
    """NaN or infinite."""
    OUT_OF_RANGE = 21
    """Not in the Netherlands with its waters: swapped axes, or another system."""


@dataclass(frozen=True, slots=True, repr=False)
class Located:
    """One entry a point, in the order given."""

    rows: Rows
    """The area that the point lies in, the lowest row of several; -1 in none."""
    distances: Floats
    """Metres to the boundary of that area, or to `nearest`; NaN where neither is an area."""
    placements: Bytes
    """Placement of each point."""
    nearest: Rows
    """For a NEAR point the nearest area, the lowest row of equals; -1 for all others."""

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return f"Located({len(self)} points)"


class Locator:
    """The shapes of one level and vintage, indexed once for any number of questions.

    May be asked by several threads at once: what GEOS prepares, it prepares on copies.
    """

    __slots__ = ("_gaps", "_shapes", "_tree")

    def __init__(self, shapes: Shapes, *, gaps: bool = False) -> None:
        """Valid polygons in RD, None for an area without a shape: no point is found in that.

        `gaps`: some of those are on this map all the same, so that nobody says "in none".
        """
        self._gaps = gaps
        self._shapes = shapes.copy()
        self._tree = shapely.STRtree(self._shapes)

    def __len__(self) -> int:
        return len(self._shapes)

    def locate(self, points: Floats, system: int, near: float = NEAR) -> Located:
        """The area of each point (n, 2), x or longitude first, in RD or CRS84.

        A point on a boundary lies in the area. One that cannot be looked for says why in its own
        entry. `near` is at most 1,000 metres.
        """
        _check(points, system, near)
        result = _nowhere(_looked_at(points, system))
        asked = np.flatnonzero(result.placements == Placement.OUTSIDE)
        if len(asked) and len(self):
            xy = points[asked] if system == RD else transform(points[asked], system, RD)
            _put(result, asked, self._found(xy.astype(np.float64), near))
        return _with_gaps(result) if self._gaps else result

    def _found(self, xy: Floats, near: float) -> Located:
        """The same for points in RD, all of them usable."""
        result = _nowhere(np.full(len(xy), Placement.OUTSIDE, np.uint8))
        inside, areas, times = self._holding(xy)
        result.rows[inside] = areas
        result.distances[inside] = metres = self._to_boundary(areas, xy[inside])
        result.placements[inside] = _placements(times, metres)

        outside = np.flatnonzero(result.rows < 0)
        named, areas, metres = self._nearest(xy[outside], near)
        result.nearest[outside[named]] = areas
        result.distances[outside[named]] = metres
        result.placements[outside[named]] = Placement.NEAR
        return result

    def _holding(self, xy: Floats) -> tuple[_Places, _Places, _Places]:
        """Points that lie in an area, the lowest that holds each, and how many do."""
        points, areas = self._tree.query(shapely.points(xy))
        used, which, crowded = _of_areas(areas)
        shapes = _prepared(shapely.force_2d(self._shapes[used]), crowded)
        holds = shapely.intersects_xy(shapes[which], *xy[points].T)
        points, areas = points[holds], areas[holds]
        order = np.lexsort((areas, points))
        held, first, times = np.unique(points[order], return_index=True, return_counts=True)
        return held, areas[order[first]], times

    def _nearest(self, xy: Floats, near: float) -> tuple[_Places, _Places, Floats]:
        """Points with an area within `near`, the nearest of each (then the lowest), and metres."""
        points, areas = self._tree.query(shapely.box(*(xy - near).T, *(xy + near).T))
        metres = self._to_boundary(areas, xy[points])
        order = np.lexsort((areas, metres, points))
        order = order[metres[order] <= near]
        named, first = np.unique(points[order], return_index=True)
        return named, areas[order[first]], metres[order[first]]

    def _to_boundary(self, areas: _Places, xy: Floats) -> Floats:
        """Metres from each area's boundary to its point.

        `shapely.distance` does not use what is prepared: 60 times slower on the largest buurt.
        """
        used, which, crowded = _of_areas(areas)
        lines = _prepared(shapely.boundary(self._shapes[used]), crowded)
        metres: Floats = shapely.length(shapely.shortest_line(lines[which], shapely.points(xy)))
        return metres


def _check(points: Floats, system: int, near: float) -> None:
    if points.ndim != 2 or points.shape[1] != 2 or points.dtype.kind not in "fiu":
        raise ValueError("points must be numbers in two columns, x or longitude first")
    if system not in EXTENT:
        raise UnknownSystem(f"no points are located in EPSG {system}, only in 28992 and 4326")
    if not 0 <= near <= MOST_NEAR:
        raise ValueError(f"near must be 0 to {MOST_NEAR:g} metres")


def _looked_at(points: Floats, system: int) -> Bytes:
    """OUTSIDE for what may be looked for, otherwise why not."""
    west, south, east, north = EXTENT[system]
    x, y = points.T
    inside = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    finite = np.isfinite(points).all(axis=1)
    unusable = np.where(finite, Placement.OUT_OF_RANGE, Placement.NOT_A_NUMBER)
    return np.where(inside & finite, Placement.OUTSIDE, unusable).astype(np.uint8)


def _nowhere(placements: Bytes) -> Located:
    n = len(placements)
    return Located(
        np.full(n, -1, np.int32), np.full(n, np.nan), placements, np.full(n, -1, np.int32)
    )


def _with_gaps(result: Located) -> Located:
    nowhere = np.isin(result.placements, (Placement.NEAR, Placement.OUTSIDE))
    placements = np.where(nowhere, np.uint8(Placement.IN_NONE_DRAWN), result.placements)
    return replace(result, placements=placements)


def _put(result: Located, places: _Places, found: Located) -> None:
    result.rows[places] = found.rows
    result.distances[places] = found.distances
    result.placements[places] = found.placements
    result.nearest[places] = found.nearest


def _of_areas(areas: _Places) -> tuple[_Places, _Places, NDArray[np.bool_]]:
    """The areas asked about, which of them each pair is of, and which have a crowd of points."""
    used, which = np.unique(areas, return_inverse=True)
    return used, which, np.bincount(which, minlength=len(used)) >= _CROWD


def _prepared(own: Shapes, crowded: NDArray[np.bool_]) -> Shapes:
    """Geometries of nobody else: preparing changes them, which is not safe among threads."""
    shapely.prepare(own[crowded])
    return own


def _placements(times: _Places, metres: Floats) -> Bytes:
    several = np.where(metres <= _ON_BORDER, Placement.ON_SHARED_BORDER, Placement.IN_SEVERAL)
    return np.where(times > 1, several, Placement.IN_ONE).astype(np.uint8)
