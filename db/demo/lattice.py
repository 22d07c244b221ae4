"""The plane of Voorbeeldland: cells with crooked borders that neighbours share exactly.

Every area is a set of cells. Three cells meet in a corner, never four, so areas cannot touch in a
point only. Coordinates are RD (EPSG 28992) in the North Sea, west of any real gemeente.
"""

from functools import cache
from itertools import pairwise
from math import fsum, sqrt

import shapely
from shapely.geometry.base import BaseGeometry

from db.demo.noise import swing

Cell = tuple[int, int]
Point = tuple[float, float]

CRS = 28992
_ORIGIN = (54_000.0, 508_000.0)
_ACROSS, _UP = 1_000.0, 866.0
_AROUND = ((1, 0), (0, 1), (-1, 1), (-1, 0), (0, -1), (1, -1))
"""Neighbours, counter-clockwise from the east."""
_CORNER_PLAY, _BORDER_PLAY, _HALVINGS = 170.0, 0.2, 3


def neighbours(cell: Cell) -> list[Cell]:
    return [(cell[0] + q, cell[1] + r) for q, r in _AROUND]


def kilometres(cell: Cell) -> Point:
    """Centre of a cell, in kilometres east and north of the middle of the country."""
    return (cell[0] + cell[1] / 2) * _ACROSS / 1000, cell[1] * _UP / 1000


def cell_at(point: Point) -> Cell:
    """The cell whose centre is about there."""
    row = round(point[1] * 1000 / _UP)
    return round(point[0] * 1000 / _ACROSS - row / 2), row


def apart(cell: Cell, point: Point) -> float:
    """Kilometres between a cell's centre and a point."""
    east, north = kilometres(cell)[0] - point[0], kilometres(cell)[1] - point[1]
    return sqrt(east * east + north * north)


@cache
def shape(cells: frozenset[Cell]) -> BaseGeometry:
    """The union of cells, written in one canonical way."""
    union = shapely.coverage_union_all([_outline(cell) for cell in sorted(cells)])
    return shapely.normalize(union)


@cache
def _outline(cell: Cell) -> BaseGeometry:
    ring: list[Point] = []
    around = neighbours(cell)
    for position, neighbour in enumerate(around):
        begin = _corner(cell, around[position - 1], neighbour)
        end = _corner(cell, neighbour, around[(position + 1) % 6])
        ring += _border(begin, end, (*min(cell, neighbour), *max(cell, neighbour)))[:-1]
    return shapely.Polygon(ring)


@cache
def _corner(*cells: Cell) -> Point:
    return _placed(tuple(sorted(cells)))


@cache
def _placed(cells: tuple[Cell, ...]) -> Point:
    """Where three cells meet: between their centres, a little out of place."""
    east = fsum(kilometres(cell)[0] for cell in cells) / 3 * 1000
    north = fsum(kilometres(cell)[1] for cell in cells) / 3 * 1000
    key = [number for cell in cells for number in cell]
    return (
        round(_ORIGIN[0] + east + _CORNER_PLAY * swing("east", *key)),
        round(_ORIGIN[1] + north + _CORNER_PLAY * swing("north", *key)),
    )


@cache
def _border(begin: Point, end: Point, between: tuple[int, ...]) -> list[Point]:
    """The border between two cells, each half bent again; the same from either side."""
    if begin > end:
        return _border(end, begin, between)[::-1]
    points = [begin, end]
    for halving in range(_HALVINGS):
        bent = [_bend(a, b, (*between, halving, i)) for i, (a, b) in enumerate(pairwise(points))]
        points = [p for pair in zip(points, bent, strict=False) for p in pair] + [points[-1]]
    return points


def _bend(a: Point, b: Point, key: tuple[int, ...]) -> Point:
    """The middle of a stretch, moved sideways by a part of its length."""
    play = _BORDER_PLAY * swing("border", *key)
    return (
        round((a[0] + b[0]) / 2 - (b[1] - a[1]) * play),
        round((a[1] + b[1]) / 2 + (b[0] - a[0]) * play),
    )
