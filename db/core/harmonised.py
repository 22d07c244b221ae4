"""The years of an indicator on the areas of one vintage, from whichever vintages have them.

Of each area and year one source vintage is taken: the area's own where that states anything, a
value or why there is none; else one that gives the value exactly, and else one that gives it
between bounds, of several the nearest, and of two equally near the later one. Nothing is put
together from several vintages.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from db.core.absence import Reason
from db.core.figures import Bytes, Floats
from db.core.harmonise import Carried, Published, Weights
from db.core.merge import FIRST_ABSENT
from db.core.ranking import Rows

Mask = NDArray[np.bool_]
Places = NDArray[np.int64]

NO_SOURCE = 255
"""In `sources`: no vintage says anything of this area and year."""
MIXED = 255
"""In `origins`: the parts of a value come from several sources."""
_UNSTATED = (
    Reason.NOT_YET_PUBLISHED, Reason.NOT_MEASURED, Reason.NO_ROW, Reason.NOT_LOADED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """What one vintage says of the areas of another, or of its own; all are (areas, years)."""

    vintage: int
    years: tuple[int, ...]
    cells: Carried
    withheld: Mask
    """Whether a part of the area is withheld by the source, or may be."""
    origins: Bytes
    """Which source the parts come from, a number of the caller's; MIXED where from several."""


def own_source(vintage: int, years: tuple[int, ...], given: Published, origins: Bytes) -> Source:
    """What the vintage itself publishes: nothing is carried, and nothing bounds it."""
    assert given.reasons is not None
    nothing = np.full(given.values.shape, np.nan)
    cells = Carried(
        values=given.values,
        lower=nothing,
        upper=nothing,
        reasons=given.reasons,
        coverage=np.where(np.isnan(given.values), 0.0, 1.0),
        blocked=np.empty((0, 3), np.int32),
    )
    return Source(vintage, years, cells, np.zeros(given.values.shape, np.bool_), origins)


def carried_source(
    vintage: int,
    years: tuple[int, ...],
    cells: Carried,
    by: Weights,
    withheld: Mask,
    origins: Bytes,
) -> Source:
    """What was carried from a vintage; `withheld` and `origins` are of its own areas."""
    hidden = by.sums(withheld[by.old]) > 0
    return Source(vintage, years, cells, hidden, _origins(origins, by))


def _origins(origins: Bytes, by: Weights) -> Bytes:
    """Of each new area the one source of its parts; MIXED where they have several, or none."""
    found = np.full((by.news, origins.shape[1]), MIXED, np.uint8)
    if len(by.new):
        new, starts = np.unique(by.new, return_index=True)
        least = np.minimum.reduceat(origins[by.old], starts)
        most = np.maximum.reduceat(origins[by.old], starts)
        found[new] = np.where(least == most, least, MIXED)
    return found


@dataclass(frozen=True, slots=True)
class Bounds:
    """Numbers that few cells have: places (row x years + column) ascending, and beside them."""

    places: Places
    lower: Floats
    upper: Floats

    def at(self, place: int) -> tuple[float, float] | None:
        i = int(np.searchsorted(self.places, place))
        if i == len(self.places) or self.places[i] != place:
            return None
        return self.lower.item(i), self.upper.item(i)


@dataclass(frozen=True, slots=True)
class Harmonised:
    """Every year on the areas of one vintage; arrays are (areas, years)."""

    years: tuple[int, ...]
    vintages: tuple[int, ...]
    """The sources, by their number in `sources`."""
    values: Floats
    reasons: Bytes
    """RECODED and ESTIMATED for what was carried; SAME borders keep what their source says."""
    sources: Bytes
    origins: Bytes
    bounds: Bounds
    """Of estimated values: least and most."""
    coverage: Floats
    """Share of the area in parts that do not block, as float32; NaN without a source."""
    blocks: Rows
    """Old rows whose absence blocks, and in `blocked` the places that they block, ascending."""
    blocked: Places

    @property
    def nbytes(self) -> int:
        arrays = (
            self.values, self.reasons, self.sources, self.origins, self.coverage, self.blocks,
            self.blocked, self.bounds.places, self.bounds.lower, self.bounds.upper,
        )  # fmt: skip
        return sum(each.nbytes for each in arrays)

    def blocking(self, row: int, column: int) -> list[int]:
        """Rows of the source vintage whose absence makes a value absent."""
        place = row * len(self.years) + column
        first, last = np.searchsorted(self.blocked, [place, place + 1])
        return [int(each) for each in self.blocks[first:last]]


def harmonised(
    target: int, years: Sequence[int], areas: int, own: Source | None, others: Sequence[Source]
) -> Harmonised:
    """All years on the areas of vintage `target`.

    A value that was carried is not given where another vintage of the same year withholds a part
    of the area, or may: what it withholds would follow by subtracting the other parts.
    A year that no source has is NO_LINKS.
    """
    sources = [*([own] if own else []), *others]
    shape = (areas, len(years))
    made = Harmonised(
        years=tuple(years),
        vintages=tuple(each.vintage for each in sources),
        values=np.full(shape, np.nan),
        reasons=np.full(shape, Reason.NO_LINKS, np.uint8),
        sources=np.full(shape, NO_SOURCE, np.uint8),
        origins=np.full(shape, MIXED, np.uint8),
        bounds=Bounds(np.empty(0, np.int64), np.empty(0), np.empty(0)),
        coverage=np.full(shape, np.nan, np.float32),
        blocks=np.empty(0, np.int32),
        blocked=np.empty(0, np.int64),
    )
    lower, upper = np.full(shape, np.nan), np.full(shape, np.nan)
    for column, year in enumerate(years):
        found = [i for i, each in enumerate(sources) if year in each.years]
        found.sort(key=lambda i: (abs(sources[i].vintage - target), -sources[i].vintage))
        at = [(i, sources[i].years.index(year)) for i in found]
        chosen = _chosen(sources, at, 0 if own is not None else None, areas)
        _fill(made, (lower, upper), sources, at, chosen, column)
        _withhold(made, sources, at, 0 if own is not None else None, column)
    return _gathered(made, lower, upper, sources)


def _chosen(
    sources: Sequence[Source], at: Sequence[tuple[int, int]], own: int | None, areas: int
) -> Bytes:
    """Of each area the number of the source that is taken for one year."""
    chosen = np.full(areas, NO_SOURCE, np.uint8)
    for i, column in at:
        if i == own:
            stated = ~np.isin(sources[i].cells.reasons[:, column], _UNSTATED)
            chosen[stated] = i
    for estimated in (False, True):
        for i, column in at:
            reasons = sources[i].cells.reasons[:, column]
            fits = (reasons < FIRST_ABSENT) & ((reasons == Reason.ESTIMATED) == estimated)
            chosen[fits & (chosen == NO_SOURCE)] = i
    for i, _ in at:
        chosen[chosen == NO_SOURCE] = i
    return chosen


def _fill(
    made: Harmonised,
    bounds: tuple[Floats, Floats],
    sources: Sequence[Source],
    at: Sequence[tuple[int, int]],
    chosen: Bytes,
    column: int,
) -> None:
    made.sources[:, column] = chosen
    for i, place in at:
        rows = chosen == i
        cells = sources[i].cells
        for into, given in (
            (made.values, cells.values),
            (made.reasons, cells.reasons),
            (made.coverage, cells.coverage),
            (made.origins, sources[i].origins),
            (bounds[0], cells.lower),
            (bounds[1], cells.upper),
        ):
            into[rows, column] = given[rows, place]


def _withhold(
    made: Harmonised,
    sources: Sequence[Source],
    at: Sequence[tuple[int, int]],
    own: int | None,
    column: int,
) -> None:
    hidden = np.zeros(len(made.values), np.bool_)
    for i, place in at:
        hidden |= sources[i].withheld[:, place]
    carried = made.sources[:, column] != (NO_SOURCE if own is None else own)
    rows = hidden & carried & (made.reasons[:, column] < FIRST_ABSENT)
    made.values[rows, column] = np.nan
    made.reasons[rows, column] = Reason.WITHHELD_ELSEWHERE


def _gathered(
    made: Harmonised, lower: Floats, upper: Floats, sources: Sequence[Source]
) -> Harmonised:
    """The same with the bounds of what is estimated, and with the rows that block."""
    places = np.flatnonzero(made.reasons == Reason.ESTIMATED)
    blocks, blocked = _blocked(made, sources)
    return Harmonised(
        years=made.years,
        vintages=made.vintages,
        values=made.values,
        reasons=made.reasons,
        sources=made.sources,
        origins=made.origins,
        bounds=Bounds(places, lower.ravel()[places], upper.ravel()[places]),
        coverage=made.coverage,
        blocks=blocks,
        blocked=blocked,
    )


def _blocked(made: Harmonised, sources: Sequence[Source]) -> tuple[Rows, Places]:
    rows, places = [np.empty(0, np.int32)], [np.empty(0, np.int64)]
    for i, source in enumerate(sources):
        columns = np.array(
            [made.years.index(year) if year in made.years else -1 for year in source.years]
        )
        new, old, period = source.cells.blocked.T
        at = columns[period] if len(period) else period
        taken = (at >= 0) & (made.sources[new, at] == i)
        rows.append(old[taken])
        places.append(new[taken].astype(np.int64) * len(made.years) + at[taken])
    every = np.concatenate(places)
    order = np.argsort(every, kind="stable")
    return np.concatenate(rows)[order], every[order]
