"""Invented borders that fit like real ones: neighbours share every vertex of their common edge.

Voronoi cells whose straight edges are replaced by fractal lines, each drawn once for both sides.
"""

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]

BOX = (20_000.0, 310_000.0, 275_000.0, 610_000.0)
"""The country in RD metres."""
_HALVINGS = 5
_BEND = 0.12
"""How far a midpoint moves aside, as a share of its edge's length."""


def coverage(points: Floats, random: np.random.Generator) -> Shapes:
    """One valid polygon for each point; together they fill the box without gap or overlap."""
    corners, rings = _cells(points)
    edges = np.unique(np.concatenate([_edges_of(ring) for ring in rings]), axis=0)
    bends = random.uniform(-_BEND, _BEND, (len(edges), 2**_HALVINGS - 1))
    bends[_on_the_box(corners, edges)] = 0
    while True:
        lines = _drawn(corners, edges, bends)
        shapes = np.array([_polygon(ring, edges, lines) for ring in rings])
        crossing = np.flatnonzero(~shapely.is_valid(shapes))
        if not len(crossing):
            return shapes
        for cell in crossing:
            bends[_rows(edges, _edges_of(rings[cell]))] = 0


def _cells(points: Floats) -> tuple[Floats, list[Ints]]:
    """The corners of all cells, and for each point the corners of its own, in order."""
    box = shapely.box(*BOX)
    found = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points), extend_to=box))
    cells = shapely.set_precision(shapely.intersection(found, box), 0.001)
    mine, owner = shapely.STRtree(cells).query(shapely.points(points), predicate="within")
    ordered = cells[owner[np.argsort(mine)]]
    coordinates, cell = shapely.get_coordinates(shapely.normalize(ordered), return_index=True)
    corners, numbers = np.unique(np.round(coordinates, 3), axis=0, return_inverse=True)
    starts = np.flatnonzero(np.diff(cell)) + 1
    return corners, [ring[:-1] for ring in np.split(numbers.ravel(), starts)]


def _edges_of(ring: Ints) -> Ints:
    """Both ends of each edge, the lower number first, in order of the ring."""
    return np.sort(np.column_stack([ring, np.roll(ring, -1)]), axis=1)


def _rows(edges: Ints, wanted: Ints) -> Ints:
    """Where each of `wanted` is among the sorted `edges`."""
    width = int(edges.max()) + 1
    rows: Ints = np.searchsorted(edges @ [width, 1], wanted @ [width, 1])
    return rows


def _on_the_box(corners: Floats, edges: Ints) -> NDArray[np.bool_]:
    ends = corners[edges]
    low, high = np.array(BOX[:2]), np.array(BOX[2:])
    at_low, at_high = np.abs(ends - low) < 0.01, np.abs(ends - high) < 0.01
    outer: NDArray[np.bool_] = (at_low.all(axis=1) | at_high.all(axis=1)).any(axis=1)
    return outer


def _drawn(corners: Floats, edges: Ints, bends: Floats) -> Floats:
    """Every edge as a line, by moving the midpoint of each part aside, again and again."""
    lines = corners[edges]
    used = 0
    for halving in range(_HALVINGS):
        parts = 2**halving
        begin, end = lines[:, :-1], lines[:, 1:]
        along = end - begin
        aside = np.stack([-along[..., 1], along[..., 0]], axis=2)
        middle = (begin + end) / 2 + aside * bends[:, used : used + parts, None]
        used += parts
        grown = np.empty((len(lines), 2 * parts + 1, 2))
        grown[:, ::2], grown[:, 1::2] = lines, middle
        lines = grown
    rounded: Floats = np.round(lines, 3)
    return rounded


def _polygon(ring: Ints, edges: Ints, lines: Floats) -> shapely.Polygon:
    parts = []
    for row, begin in zip(_rows(edges, _edges_of(ring)), ring, strict=True):
        line = lines[row] if edges[row, 0] == begin else lines[row][::-1]
        parts.append(line[:-1])
    return shapely.Polygon(np.concatenate(parts))
