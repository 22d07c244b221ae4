"""Where something is asked for: a geometry in degrees or RD."""

from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from db.core.crs import CRS84, EXTENT, RD
from schema.context import Context
from schema.enums import Crs
from service.rest.features.systems import System
from service.rest.parameter import Malformed

DOMAIN = {
    Crs.CRS84: (-180.0, -90.0, 180.0, 90.0),
    # The country with its waters: beyond it the numbers of RD mean nothing.
    Crs.RD: EXTENT[RD],
}
_PIECE = 500.0
"""Metres: straight lines in RD are cut in pieces of this before they become degrees."""
Sides = tuple[float, float, float, float]
"""West, south, east and north, or what is least and most of x and y."""


@dataclass(frozen=True, slots=True)
class Region:
    """A geometry, x or longitude first."""

    shape: BaseGeometry
    crs: Crs
    sides: Sides | None = None
    """Of a rectangle that has an area; None for every other shape."""

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
    shape = _rectangle(*sides)
    return Region(shape, system.stored, sides if shape.area else None)


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
