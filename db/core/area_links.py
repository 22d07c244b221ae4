"""Which area of one map became which of a later one, and how much of it.

A code means an area only together with its year: what counts here is the ground, or the addresses
or people on it, never the code. Shares name the method they rest on.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from db.core.figures import Bytes, Floats
from db.core.overlay import Overlap
from db.core.ranking import Rows

Mask = NDArray[np.bool_]

OUTSIDE = 0.05
"""Of an area: if more of it lies in no area of the other map, its border moved. Along the sea maps
differ by up to that much where nothing changed for anybody."""

LEFT = 0.5
"""Of an area: if more of it lies in no area of the other map, shares are of all of it."""

REUSED = 0.05
"""Ground in common over ground of either, below which one code stands for two areas."""


class Method(IntEnum):
    """What a share was measured in. Surface misleads for people: Haaren went by surface 45 % to
    Vught and 28 % to Oisterwijk, by inhabitants 34 % and 41 %."""

    SURFACE = 0
    ADDRESSES = 1
    POPULATION = 2
    STATED = 3
    """Nothing was measured: the publisher states that the area is as it was."""


class LinkKind(IntEnum):
    """How two areas hang together, as far as both maps can show."""

    SAME = 0
    """Same border, same code."""
    RECODED = 1
    """Same border, other code."""
    MERGED = 2
    """Several whole old areas make up one new one."""
    SPLIT = 3
    """One old area is made up of several whole new ones."""
    REDRAWN = 4
    """Any other change of border."""
    NEW = 5
    """No old area lies where the new one is."""
    GONE = 6
    """No new area lies where the old one was."""
    UNPLACED = 7
    """Nothing can be said: the area has no shape, or its code has none on the other map."""


@dataclass(frozen=True, slots=True)
class Vintage:
    """The areas of one level in one year, in the order of their rows."""

    year: int
    codes: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AreaLinks:
    """Links as parallel columns, by old row, then new row; after them areas without any link."""

    old: Rows
    """-1 where a new area has no link."""
    new: Rows
    """-1 where an old area has no link."""
    of_old: Floats
    """Share of the old area that the new one got: the weight of a count. Of one old area they add
    up to 1, or to less if more than LEFT of it went nowhere. NaN without a link."""
    of_new: Floats
    """Share of the new area that the old one gave."""
    kinds: Bytes
    methods: Bytes
    """Method of `of_old`."""
    new_methods: Bytes
    """Method of `of_new`."""
    reused: Rows
    """New rows whose code stood for another area: the two overlap for less than REUSED."""
    olds: int
    news: int

    @property
    def nbytes(self) -> int:
        """Size in memory."""
        columns = (
            self.old, self.new, self.of_old, self.of_new, self.kinds, self.methods,
            self.new_methods, self.reused,
        )  # fmt: skip
        return sum(column.nbytes for column in columns)


def link(
    overlap: Overlap,
    old: Vintage,
    new: Vintage,
    *,
    method: Method = Method.SURFACE,
    least: float = 0.0,
) -> AreaLinks:
    """Links between two vintages from what their areas share.

    Pairs that are no more than `least` of either area are left out: an overlay has left out its
    slivers already, tables of addresses have strays. From addresses or inhabitants the same border
    means no more than the same addresses or inhabitants. What lies in no area of the other map
    (sea, foreign ground) is taken to carry nobody, up to LEFT of an area; where the other map lacks
    a shape the shares of its neighbours are too high for that.
    """
    kept = np.maximum(*_shares(overlap)) > least
    table = replace(
        overlap, old=overlap.old[kept], new=overlap.new[kept], amounts=overlap.amounts[kept]
    )
    of_old, of_new = _shares(table)
    lone_old = np.setdiff1d(np.arange(len(old.codes), dtype=np.int32), table.old)
    lone_new = np.setdiff1d(np.arange(len(new.codes), dtype=np.int32), table.new)
    none = np.full(len(lone_old) + len(lone_new), np.nan)
    old_codes, new_codes = np.array(old.codes, np.str_), np.array(new.codes, np.str_)
    unplaced = np.concatenate(
        [old_codes[np.isnan(table.old_outside)], new_codes[np.isnan(table.new_outside)]]
    )
    kinds = (
        _kinds(table, old_codes[table.old] == new_codes[table.new]),
        np.where(np.isin(old_codes[lone_old], unplaced), LinkKind.UNPLACED, LinkKind.GONE),
        np.where(np.isin(new_codes[lone_new], unplaced), LinkKind.UNPLACED, LinkKind.NEW),
    )
    return AreaLinks(
        old=np.concatenate([table.old, lone_old, np.full(len(lone_new), -1, np.int32)]),
        new=np.concatenate([table.new, np.full(len(lone_old), -1, np.int32), lone_new]),
        of_old=np.concatenate([of_old, none]),
        of_new=np.concatenate([of_new, none]),
        kinds=np.concatenate(kinds).astype(np.uint8),
        methods=np.full(len(of_old) + len(none), method, np.uint8),
        new_methods=np.full(len(of_old) + len(none), method, np.uint8),
        reused=_reused(table, old_codes, new_codes),
        olds=len(old.codes),
        news=len(new.codes),
    )


def weighted(links: AreaLinks, people: Overlap, method: Method) -> AreaLinks:
    """The same links with shares by addresses or inhabitants instead of surface.

    Whole areas stay whole, and areas on whose links `people` has nobody keep the shares they had.
    People of pairs that are no link (stray addresses, slivers) are left out.
    """
    linked = (links.old >= 0) & (links.new >= 0)
    amounts = np.where(linked, people.between(links.old, links.new), 0.0)
    given = np.bincount(links.old[linked], amounts[linked], links.olds)[links.old]
    taken = np.bincount(links.new[linked], amounts[linked], links.news)[links.new]
    parted = np.bincount(links.old[linked], minlength=links.olds)[links.old] > 1
    by_people = linked & (given > 0) & parted
    peopled = linked & (taken > 0)
    return replace(
        links,
        of_old=np.divide(amounts, given, out=links.of_old.copy(), where=by_people),
        of_new=np.divide(amounts, taken, out=links.of_new.copy(), where=peopled),
        methods=np.where(by_people, np.uint8(method), links.methods),
        new_methods=np.where(peopled, np.uint8(method), links.new_methods),
    )


_RECODED = 2
"""Of Indelingswijziging: the code changed and the border did not."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """An area of which CBS says something else than the maps show."""

    code: str
    name: str
    stated: int
    """CBS Indelingswijziging: 1 unchanged, 2 recoded, 3 border moved."""
    found: int
    kind: LinkKind
    predecessors: tuple[str, ...]
    """Codes of the old areas on the same ground, the largest part first."""


def comparable(links: AreaLinks, stated: Sequence[int | None]) -> Mask:
    """New areas of which both CBS and the maps say how they changed."""
    said = np.array([change or 0 for change in stated], np.int64)
    compared: Mask = (said > 0) & (_kinds_of_new(links) != LinkKind.UNPLACED)
    return compared


def disagreements(
    links: AreaLinks, old: Vintage, new: Vintage, stated: Sequence[int | None]
) -> list[Disagreement]:
    """Where CBS's Indelingswijziging of the new areas differs from the links, in their order.

    CBS compares with the year before. Of vintages further apart `stated` is what all years between
    say together (`db.core.stated_changes`): what was recoded in one of them may have moved in
    another. Areas of which CBS says nothing, and areas without a shape, are left out.
    """
    kinds = _kinds_of_new(links)
    said = np.array([change or 0 for change in stated], np.int64)
    found = np.minimum(kinds, LinkKind.MERGED) + 1
    apart = said != found
    if new.year - old.year > 1:
        apart &= ~((said == _RECODED) & (found > _RECODED))
    rows = np.flatnonzero(comparable(links, stated) & apart)
    return [
        Disagreement(
            code=new.codes[row],
            name=new.names[row],
            stated=int(said[row]),
            found=int(found[row]),
            kind=LinkKind(int(kinds[row])),
            predecessors=_predecessors(links, old, row),
        )
        for row in rows.tolist()
    ]


def _kinds_of_new(links: AreaLinks) -> Bytes:
    placed = links.new >= 0
    kinds = np.full(links.news, LinkKind.UNPLACED, np.uint8)
    kinds[links.new[placed]] = links.kinds[placed]
    return kinds


def _predecessors(links: AreaLinks, old: Vintage, row: int) -> tuple[str, ...]:
    at = np.flatnonzero((links.new == row) & (links.old >= 0))
    order = at[np.argsort(-links.of_new[at], kind="stable")]
    return tuple(old.codes[each] for each in links.old[order].tolist())


def _shares(table: Overlap) -> tuple[Floats, Floats]:
    """Share of the old area and of the new one that each pair is."""
    return (
        _share(table.old, table.amounts, table.old_outside),
        _share(table.new, table.amounts, table.new_outside),
    )


def _share(rows: Rows, amounts: Floats, outside: Floats) -> Floats:
    placed = np.bincount(rows, amounts, len(outside))
    left = np.where(outside > LEFT * (placed + outside), outside, 0.0)
    share: Floats = amounts / (placed + left)[rows]
    return share


def _kinds(table: Overlap, equal_codes: Mask) -> Bytes:
    still_old = _still(table.old, table.amounts, table.old_outside)
    still_new = _still(table.new, table.amounts, table.new_outside)
    whole_old = still_old & (np.bincount(table.old)[table.old] == 1)
    whole_new = still_new & (np.bincount(table.new)[table.new] == 1)
    same = whole_old & whole_new
    merged = still_new & _all(table.new, whole_old)
    split = still_old & _all(table.old, whole_new)
    kinds = np.select(
        [same & equal_codes, same, merged, split],
        [LinkKind.SAME, LinkKind.RECODED, LinkKind.MERGED, LinkKind.SPLIT],
        LinkKind.REDRAWN,
    )
    return kinds.astype(np.uint8)


def _still(rows: Rows, amounts: Floats, outside: Floats) -> Mask:
    """Of each pair, whether no more than OUTSIDE of its area lies in no area of the other map."""
    still: Mask = ~(outside > OUTSIDE * (np.bincount(rows, amounts, len(outside)) + outside))
    return still[rows]


def _all(rows: Rows, holds: Mask) -> Mask:
    """Of each pair, whether something holds for every pair of the same area."""
    every: Mask = np.bincount(rows, ~holds)[rows] == 0
    return every


def _reused(table: Overlap, old: NDArray[np.str_], new: NDArray[np.str_]) -> Rows:
    _, before, after = np.intersect1d(old, new, return_indices=True)
    common = table.between(before, after)
    either = (
        (np.bincount(table.old, table.amounts, len(old)) + table.old_outside)[before]
        + (np.bincount(table.new, table.amounts, len(new)) + table.new_outside)[after]
        - common
    )
    # An area without a shape has NaN here, and NaN is never below.
    return np.sort(after[common < REUSED * either]).astype(np.int32)
