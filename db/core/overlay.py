"""What two maps of one level have in common, area by area, in square metres.

No two maps draw an unchanged border alike: laid over each other they leave slivers along it. What
is a sliver follows from the maps themselves (`grain`); slivers are counted and left out. Nothing
here knows codes.

How small a share is makes no sliver. Borders of gemeenten that did not move say how much of what
is left is still noise: of the pieces below half a per cent of both wijken about one in twenty
between 2022 and 2024, one in five between 2016 and 2022. Crailo, which Hilversum and Gooise Meren
exchanged, is 0.7 per cent of either. So small pieces take part, and a value that one of them
touches is an estimate between bounds that may be wide: to leave it out would call a border that
moved the same, and make an estimate look exact.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from db.core.figures import Floats
from db.core.geometry import Repaired, Shapes, repair
from db.core.ranking import Rows

STREET = 10.0
"""Metres. Ground that changes hands in strips narrower than this is not seen, however finely maps
are drawn: a border that goes from one side of a street to the other moves nobody. Between the
buurten of 2016 at full detail and those of 2024 drawn to 15 m, such strips are rare beyond it."""

COARSEST = 0.1
"""Of the typical thickness of an area: a border that is straight by nature is not coarse."""

MOST = 0.5
"""Of an area: so much of it is never a sliver, however thin the area is."""

TOGETHER = 200_000
"""Vertices of the old map that are laid over the new one at a time."""

Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Overlap:
    """How much each old area shares with each new one: by old row, then new row, no pair twice.

    `amounts` are square metres, addresses or inhabitants, all above zero.
    """

    old: Rows
    new: Rows
    amounts: Floats
    old_outside: Floats
    """Of each old area, what lies in no new one; NaN for an area that could not be placed."""
    new_outside: Floats

    def between(self, old: Rows | Indices, new: Rows | Indices) -> Floats:
        """What pairs of rows share; 0 for pairs that are not in the table."""
        width = len(self.new_outside)
        keys = np.append(self.old.astype(np.int64) * width + self.new, -1)
        asked = old.astype(np.int64) * width + new
        places = np.searchsorted(keys[:-1], asked)
        shared: Floats = np.where(keys[places] == asked, np.append(self.amounts, 0.0)[places], 0.0)
        return shared


@dataclass(frozen=True, slots=True)
class Overlay:
    """The overlap of two maps, and what was done to get it; pairs are (old map, new map)."""

    overlap: Overlap
    tolerance: float
    """Metres; see `overlay`."""
    slivers: int
    sliver_metres: float
    """Square metres of all slivers."""
    repaired: tuple[int, int]
    """Invalid shapes that were made valid first."""
    without_shape: tuple[int, int]
    """Areas with nothing to lay over: no shape, or an empty, infinite or not polygonal one."""


def overlay(old: Shapes, new: Shapes, *, tolerance: float | None = None) -> Overlay:
    """Surfaces that polygons in RD metres share; an area without a shape shares none.

    A piece is a sliver if it is thinner than `tolerance` metres (if not given, the coarser `grain`
    of the two maps), and no circle with that radius fits in it. Thickness is twice the surface over
    the perimeter: the width of a strip, half the side of a square. A pair that is MOST of either
    area counts with all its pieces. An area drawn exactly as before shares nothing with any other.
    """
    return lay_over(lay(old), lay(new), tolerance=tolerance)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A map made ready to be laid over others."""

    done: Repaired
    tree: shapely.STRtree
    metres: Floats
    """Square metres of each area."""
    grain: float

    @property
    def shapes(self) -> Shapes:
        """Valid polygons, None for an area with nothing to lay over."""
        return self.done.shapes


def lay(shapes: Shapes) -> Sheet:
    """A map that several others are laid over is made ready once."""
    done = repair(shapes)
    return Sheet(done, shapely.STRtree(done.shapes), shapely.area(done.shapes), grain(done.shapes))


def lay_over(before: Sheet, after: Sheet, *, tolerance: float | None = None) -> Overlay:
    """What `overlay` says of two maps."""
    limit = max(before.grain, after.grain) if tolerance is None else tolerance
    cut, olds, news = _cut(before, after, limit), len(before.shapes), len(after.shapes)
    mostly = cut.whole >= MOST * np.minimum(before.metres[cut.old], after.metres[cut.new])
    kept = (cut.thick > 0) | mostly
    amounts = np.where(mostly, cut.whole, cut.thick)[kept]
    return Overlay(
        overlap=Overlap(
            old=cut.old[kept].astype(np.int32),
            new=cut.new[kept].astype(np.int32),
            amounts=amounts,
            old_outside=_outside(before, after, _sums(cut.old, cut.whole, olds), limit),
            new_outside=_outside(after, before, _sums(cut.new, cut.whole, news), limit),
        ),
        tolerance=limit,
        slivers=int(cut.thin[~mostly].sum()),
        sliver_metres=float(cut.whole.sum() - amounts.sum()),
        repaired=(before.done.repaired, after.done.repaired),
        without_shape=(before.done.without_shape, after.done.without_shape),
    )


def grain(shapes: Shapes) -> float:
    """Metres below which a map in RD metres says nothing; at least a STREET.

    The lower quartile of how far a vertex lies off the line between its two neighbours: a map that
    was simplified has few vertices left that lie closer than it was simplified to. Gemeenten of
    2024 111 m, wijken 63 m, buurten 15 m, buurten at full detail 1 cm (hence a STREET). At most
    COARSEST of the median thickness of an area. Areas without a shape are left out.

    Between the wijken of 2022 and 2024 pieces are found across 7 borders of gemeenten that did not
    move; with 40 m it would be 93.
    """
    present = shapes[~shapely.is_missing(shapes)]
    if not len(present):
        return STREET
    offsets = np.concatenate([_offsets(present[part]) for part in _parts(present)])
    drawn = float(np.quantile(offsets, 0.25)) if len(offsets) else 0.0
    typical = float(np.median(_thickness(present)))
    return max(STREET, min(drawn, COARSEST * typical))


def tally(old: Rows, new: Rows, amounts: Floats, *, olds: int, news: int) -> Overlap:
    """An overlap from counts of addresses or inhabitants by old and new row, in any order.

    Counts of one pair are added; what is not above zero (NaN too) is left out. An area on which
    nothing is counted could not be placed.
    """
    kept = amounts > 0
    pairs = old[kept].astype(np.int64) * news + new[kept]
    found, places = np.unique(pairs, return_inverse=True)
    rows, columns = (each.astype(np.int32) for each in np.divmod(found, max(news, 1)))
    return Overlap(
        old=rows,
        new=columns,
        amounts=_sums(places, amounts[kept], len(found)),
        old_outside=np.where(np.isin(np.arange(olds), rows), 0.0, np.nan),
        new_outside=np.where(np.isin(np.arange(news), columns), 0.0, np.nan),
    )


@dataclass(frozen=True, slots=True)
class _Cut:
    """Pairs with ground in common: square metres of all pieces, of thick ones, number of thin."""

    old: Indices
    new: Indices
    whole: Floats
    thick: Floats
    thin: Indices


def _cut(before: Sheet, after: Sheet, limit: float) -> _Cut:
    same_old, same_new = _alike(before, after)
    others = np.setdiff1d(np.arange(len(before.shapes)), same_old)
    parts = [
        _cut_part(others[part], same_new, before, after, limit)
        for part in _parts(before.shapes[others])
    ]
    metres = before.metres[same_old]
    parts.append((same_old, same_new, metres, metres, np.zeros(len(metres), np.int64)))
    old, new, whole, thick, thin = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((new, old))
    order = order[whole[order] > 0]
    return _Cut(old[order], new[order], whole[order], thick[order], thin[order])


def _cut_part(
    rows: Indices, taken: Indices, before: Sheet, after: Sheet, limit: float
) -> tuple[Indices, Indices, Floats, Floats, Indices]:
    """Some old areas cut with all new ones that are not taken: the columns of a _Cut."""
    places, new = after.tree.query(before.shapes[rows], predicate="intersects")
    free = ~np.isin(new, taken)
    old, new = rows[places[free]], new[free]
    cut = shapely.intersection(before.shapes[old], after.shapes[new])
    pieces, owners = shapely.get_parts(cut, return_index=True)
    metres, solid = shapely.area(pieces), _solid(pieces, limit)
    return (
        old,
        new,
        _sums(owners, metres, len(old)),
        _sums(owners, solid, len(old)),
        np.bincount(owners[(metres > 0) & (solid == 0)], minlength=len(old)),
    )


def _alike(before: Sheet, after: Sheet) -> tuple[Indices, Indices]:
    """Pairs of areas drawn the same, vertex by vertex.

    Most are, where a publisher draws a map once and changes it: 341 of 343 gemeenten of 2023 and
    2024. Cutting equals is what GEOS is slowest at: 21 s for 12,187 buurten at full detail.
    """
    old, new = after.tree.query(before.shapes)
    boxes = shapely.bounds(before.shapes[old]) == shapely.bounds(after.shapes[new])
    old, new = old[boxes.all(axis=1)], new[boxes.all(axis=1)]
    alike = shapely.equals_exact(before.shapes[old], after.shapes[new])
    return old[alike], new[alike]


def _outside(side: Sheet, other: Sheet, within: Floats, limit: float) -> Floats:
    """Square metres of each area that lie in no area of the other map, slivers left out."""
    outside = np.where(shapely.is_missing(side.shapes), np.nan, 0.0)
    # No piece of that thickness has less surface than a circle of that radius. Few areas are left:
    # along the sea, and where the other map has a hole.
    for row in np.flatnonzero(side.metres - within >= np.pi * limit**2 - _ROUNDING):
        near = other.tree.query(side.shapes[row], predicate="intersects")
        rest = shapely.difference(side.shapes[row], shapely.union_all(other.shapes[near]))
        outside[row] = _solid(shapely.get_parts(rest), limit).sum()
    return outside


def _solid(pieces: Shapes, limit: float) -> Floats:
    """Square metres of each piece that are no sliver.

    A block that hangs on a long sliver is thin as a whole: what remains of it is where a circle
    with the radius of the limit can go, which for a square is the same limit.
    """
    metres: Floats = shapely.area(pieces)
    solid = np.where(_thickness(pieces) >= limit, metres, 0.0)
    unsure = np.flatnonzero((solid == 0) & (metres >= np.pi * limit**2))
    solid[unsure] = shapely.area(shapely.buffer(shapely.buffer(pieces[unsure], -limit), limit))
    return solid


def _thickness(shapes: Shapes) -> Floats:
    """Metres: twice the surface over the perimeter; 0 for points and lines."""
    perimeters = shapely.length(shapes)
    thickness: Floats = np.zeros(len(shapes))
    np.divide(2 * shapely.area(shapes), perimeters, out=thickness, where=perimeters > 0)
    return thickness


def _offsets(shapes: Shapes) -> Floats:
    """Of each vertex the distance to the line through its neighbours; not where a ring closes."""
    rings = shapely.get_rings(shapely.get_parts(shapes))
    points, owners = shapely.get_coordinates(rings, return_index=True)
    inner = owners[:-2] == owners[2:]
    first, middle, last = points[:-2][inner], points[1:-1][inner], points[2:][inner]
    chord, side = last - first, middle - first
    double = np.abs(chord[:, 0] * side[:, 1] - chord[:, 1] * side[:, 0])
    lengths = np.hypot(chord[:, 0], chord[:, 1])
    offsets: Floats = double[lengths > 0] / lengths[lengths > 0]
    return offsets


def _sums(rows: Indices, amounts: Floats, length: int) -> Floats:
    return np.bincount(rows, amounts, length).astype(np.float64, copy=False)


def _parts(shapes: Shapes) -> list[Indices]:
    """Rows in their order, in parts of about TOGETHER vertices; one empty part for no rows."""
    after = np.cumsum(shapely.get_num_coordinates(shapes))
    return np.split(np.arange(len(shapes)), np.flatnonzero(np.diff(after // TOGETHER)) + 1)


_ROUNDING = 1e-3
"""Square metres by which surfaces of a whole and of its parts may differ."""
