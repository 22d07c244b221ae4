"""Shapes on the grid of a zoom, cut into the pieces that lie in each tile.

Rounded first, once for the whole country: a vertex that neighbours share lands on one point, also
where they lie in several tiles. A piece reaches a little over its tile's border, so that the cuts
are not seen.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from db.core.geometry import Shapes, polygonal, repair
from db.core.tile_matrix import EXTENT, TileMatrixSet

BUFFER = 64
"""Units beyond each border of a tile that its pieces reach."""

_FAR = 2.0**40


@dataclass(frozen=True, slots=True)
class Pieces:
    """Polygons and multipolygons, each of one area and in one tile; ordered by neither."""

    owners: NDArray[np.int64]
    """Position of the area among the shapes given."""
    columns: NDArray[np.int64]
    rows: NDArray[np.int64]
    shapes: Shapes
    """In units of the whole set."""


def pieces(shapes_rd: Shapes, matrix_set: TileMatrixSet, zoom: int) -> Pieces:
    """All pieces at a zoom; an area too small for the grid has none."""
    grid = _snapped(shapely.transform(shapes_rd, lambda xy: matrix_set.on_grid(xy, zoom)))
    owners = np.flatnonzero(~shapely.is_missing(grid))
    strip, columns, shapes = _cut(grid[owners], axis=0, tiles=2**zoom)
    part, rows, shapes = _cut(shapes, axis=1, tiles=2**zoom)
    return Pieces(owners[strip][part], columns[part], rows, shapes)


def _cut(
    shapes: Shapes, axis: int, tiles: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], Shapes]:
    """Shapes cut into columns (axis 0) or rows: which shape, which column, and the piece.

    Halved again and again: a shape over 64 columns is looked at six times and not 64 times.
    """
    first, last = _reach(shapes, axis, tiles)
    of = np.flatnonzero(first <= last)
    first, last, cut = first[of], last[of], shapes[of]
    clipped = np.zeros(len(of), np.bool_)
    while True:
        over = np.flatnonzero(_beyond(cut, axis, first, last))
        cut[over] = polygonal(shapely.intersection(cut[over], _boxes(axis, first, last, over)))
        clipped[over] = True
        wide = np.flatnonzero(last > first)
        if not len(wide):
            break
        middle = (first[wide] + last[wide]) // 2
        first, last = np.append(first, middle + 1), np.append(last, last[wide])
        last[wide] = middle
        of, cut = np.append(of, of[wide]), np.append(cut, cut[wide])
        clipped = np.append(clipped, clipped[wide])
    cut[clipped] = _snapped(cut[clipped])
    kept = np.flatnonzero(~shapely.is_missing(cut))
    return of[kept], first[kept], cut[kept]


def _reach(shapes: Shapes, axis: int, tiles: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The first and the last column or row that each shape comes near."""
    boxes = shapely.bounds(shapes).reshape(-1, 4)
    first = np.clip((boxes[:, axis] - BUFFER) // EXTENT, 0, tiles)
    last = np.clip((boxes[:, axis + 2] + BUFFER) // EXTENT, -1, tiles - 1)
    return first.astype(np.int64), last.astype(np.int64)


def _beyond(
    shapes: Shapes, axis: int, first: NDArray[np.int64], last: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Which shapes reach further than their columns with the buffer."""
    boxes = shapely.bounds(shapes).reshape(-1, 4)
    outside: NDArray[np.bool_] = (boxes[:, axis] < first * EXTENT - BUFFER) | (
        boxes[:, axis + 2] > (last + 1) * EXTENT + BUFFER
    )
    return outside


def _boxes(
    axis: int, first: NDArray[np.int64], last: NDArray[np.int64], which: NDArray[np.int64]
) -> Shapes:
    starts, ends = first[which] * EXTENT - BUFFER, (last[which] + 1) * EXTENT + BUFFER
    far = np.full(len(which), _FAR)
    sides = (starts, -far, ends, far) if axis == 0 else (-far, starts, far, ends)
    boxes: Shapes = shapely.box(*sides)
    return boxes


def _snapped(shapes: Shapes) -> Shapes:
    """Valid shapes on whole units; None where nothing is left."""
    rounded = shapely.transform(shapes, np.rint)
    broken = np.flatnonzero(~shapely.is_valid(rounded) & ~shapely.is_missing(rounded))
    # Projecting alone can make the sides of a long thin shape cross.
    rounded[broken] = polygonal(shapely.set_precision(repair(shapes[broken]).shapes, 1.0))
    return polygonal(shapely.remove_repeated_points(rounded))
