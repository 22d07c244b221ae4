"""Merging what a load says with what stands: which cells open, which close, which stay.

Pure. The rule, in order: an empty place takes anything; a dataset may correct itself; a dataset of
higher rank wins; of equal rank the newer value wins, but an absence never displaces a value; a
lower rank only fills cells that the standing source had left unpublished. A higher rank takes
over an equal value too, for its provenance. A cell that its own dataset no longer has becomes
NO_ROW.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from db.core.absence import Reason
from db.core.block import NO_LOAD, Block, SeriesKey
from db.core.errors import BrokenLoad
from db.core.figures import Bytes, Floats

Mask = NDArray[np.bool_]
FIRST_ABSENT = 10
_FILLABLE = (Reason.NOT_YET_PUBLISHED, Reason.NOT_MEASURED, Reason.NO_ROW, Reason.NOT_LOADED)


@dataclass(frozen=True, slots=True)
class Standing:
    """Who gave a cell: the rank of its load, and whether it is the dataset now loaded."""

    rank: int
    same_dataset: bool


@dataclass(frozen=True, slots=True)
class Incoming:
    """One column of a load on one level: parallel arrays, one entry a cell."""

    ordinals: NDArray[np.int64]
    periods: NDArray[np.int32]
    values: Floats
    reasons: Bytes
    provisional: Mask
    lower: Floats | None
    upper: Floats | None
    load: int
    rank: int
    covers_all_areas: bool = True
    """Whether an area without a cell has no row, or is merely outside what was loaded."""


@dataclass(frozen=True, slots=True)
class Merged:
    """The new block, and the cells whose rows open or close (masks over the block)."""

    block: Block
    opened: Mask
    closed: Mask
    outranked: int
    """Incoming cells that differ from a standing cell of a dataset that goes before it."""
    own: int
    """Cells that this dataset had given before, in the years of this load."""
    vanished: int
    """Those of them that it no longer has."""


def merge(
    key: SeriesKey,
    standing: Block | None,
    incoming: Incoming,
    *,
    defaults: Bytes,
    loads: Mapping[int, Standing],
) -> Merged:
    """Merge one column into the block of its series.

    `defaults` has, for each area of the vintage, the reason of a cell that a whole edition lacks;
    where the load covers only some areas, the others are NOT_LOADED.
    """
    old = _widened(key, standing, incoming, defaults)
    new = _scattered(old, incoming)
    ranks, same = _standing_tables(old, loads)
    exists = old.loads != NO_LOAD
    covered = np.isin(np.array(old.periods), np.unique(incoming.periods))[None, :]
    rank = ranks[old.loads]
    take = new.present & _may_take(old, new, exists, rank, same[old.loads], incoming)
    differs = _differs(old, new)
    better_source = (rank < incoming.rank) & ~same[old.loads]
    own = exists & same[old.loads] & covered & (old.reasons != Reason.NO_ROW)
    vanished = own & ~new.present
    opened = (take & (~exists | differs | better_source)) | vanished
    return Merged(
        block=_applied(old, new, opened, vanished, incoming.load),
        opened=opened,
        closed=opened & exists,
        outranked=int((new.present & ~take & differs).sum()),
        own=int(own.sum()),
        vanished=int(vanished.sum()),
    )


@dataclass(frozen=True, slots=True)
class _Grid:
    present: Mask
    values: Floats
    reasons: Bytes
    provisional: Mask
    lower: Floats | None
    upper: Floats | None


def _widened(key: SeriesKey, block: Block | None, incoming: Incoming, defaults: Bytes) -> Block:
    """The standing block with rows for all areas and columns for all years, gaps by default."""
    years = {int(p) for p in np.unique(incoming.periods)}
    periods = tuple(sorted(years.union(block.periods if block else ())))
    shape = (len(defaults), len(periods))
    unloaded = np.where(defaults == Reason.NO_ROW, np.uint8(Reason.NOT_LOADED), defaults)
    margins = incoming.lower is not None or (block is not None and block.lower is not None)
    wide = Block(
        key=key,
        periods=periods,
        values=np.full(shape, np.nan),
        reasons=np.repeat(unloaded[:, None], len(periods), axis=1),
        provisional=np.zeros(shape, np.bool_),
        loads=np.full(shape, NO_LOAD, np.uint8),
        load_ids=block.load_ids if block else (),
        lower=np.full(shape, np.nan) if margins else None,
        upper=np.full(shape, np.nan) if margins else None,
    )
    if block is not None:
        _copy_over(block, wide)
    if incoming.covers_all_areas:
        covered = np.isin(np.array(periods), list(years))[None, :] & (wide.loads == NO_LOAD)
        wide.reasons[:] = np.where(covered, defaults[:, None], wide.reasons)
    return wide


def _copy_over(block: Block, wide: Block) -> None:
    columns = [wide.periods.index(p) for p in block.periods]
    place = np.ix_(range(len(block.values)), columns)
    given = block.loads != NO_LOAD
    wide.values[place] = block.values
    # Of a cell that no load gave, only that a whole edition lacks its row is worth keeping.
    kept = given | (block.reasons == Reason.NO_ROW)
    wide.reasons[place] = np.where(kept, block.reasons, wide.reasons[place])
    wide.provisional[place] = block.provisional
    wide.loads[place] = block.loads
    if block.lower is not None and block.upper is not None:
        assert wide.lower is not None
        assert wide.upper is not None
        wide.lower[place] = block.lower
        wide.upper[place] = block.upper


def _scattered(wide: Block, incoming: Incoming) -> _Grid:
    """The incoming cells on the grid of the block."""
    columns = np.searchsorted(np.array(wide.periods), incoming.periods)
    place = (incoming.ordinals, columns)
    present = np.zeros(wide.values.shape, np.bool_)
    present[place] = True
    if int(present.sum()) != len(incoming.ordinals):
        raise BrokenLoad(f"{wide.key.indicator}: an area has two cells for one year")

    def spread(cells: NDArray, empty: float) -> NDArray:  # type: ignore[type-arg]
        grid = np.full(present.shape, empty, cells.dtype)
        grid[place] = cells
        return grid

    return _Grid(
        present=present,
        values=spread(incoming.values, np.nan),
        reasons=spread(incoming.reasons, 0),
        provisional=spread(incoming.provisional, False),
        lower=None if incoming.lower is None else spread(incoming.lower, np.nan),
        upper=None if incoming.upper is None else spread(incoming.upper, np.nan),
    )


def _standing_tables(block: Block, loads: Mapping[int, Standing]) -> tuple[NDArray[np.int64], Mask]:
    """Rank and sameness by index into load_ids, as look-up tables over a byte."""
    ranks = np.full(256, -1, np.int64)
    same = np.zeros(256, np.bool_)
    for index, load in enumerate(block.load_ids):
        ranks[index] = loads[load].rank
        same[index] = loads[load].same_dataset
    return ranks, same


def _may_take(
    old: Block, new: _Grid, exists: Mask, rank: NDArray[np.int64], same: Mask, incoming: Incoming
) -> Mask:
    has_new = new.reasons < FIRST_ABSENT
    has_old = old.reasons < FIRST_ABSENT
    equal = (rank == incoming.rank) & (has_new | ~has_old)
    fills = has_new & np.isin(old.reasons, _FILLABLE)
    # "Not published yet" says nothing against a value that another source does publish.
    outranks = (rank < incoming.rank) & ~(has_old & np.isin(new.reasons, _FILLABLE))
    taken: Mask = ~exists | same | outranks | equal | fills
    return taken


def _differs(old: Block, new: _Grid) -> Mask:
    other: Mask = (
        unequal(old.values, new.values)
        | (old.reasons != new.reasons)
        | (old.provisional != new.provisional)
    )
    for mine, theirs in ((old.lower, new.lower), (old.upper, new.upper)):
        if mine is not None:
            other = other | unequal(mine, np.full(mine.shape, np.nan) if theirs is None else theirs)
    return other


def unequal(left: Floats, right: Floats) -> Mask:
    """Where two grids differ; not a number is not a number."""
    unequal: Mask = (left != right) & ~(np.isnan(left) & np.isnan(right))
    return unequal


def _applied(old: Block, new: _Grid, opened: Mask, vanished: Mask, load: int) -> Block:
    """The block after the merge; load_ids keeps only loads that still have a cell."""
    load_ids = old.load_ids if load in old.load_ids else (*old.load_ids, load)
    loads = np.where(opened, np.uint8(load_ids.index(load)), old.loads)
    used = [i for i in range(len(load_ids)) if bool((loads == i).any())]
    if len(used) >= NO_LOAD:
        raise BrokenLoad(f"{old.key.indicator}: more than {NO_LOAD} loads in one block")
    renumber = np.full(256, NO_LOAD, np.uint8)
    renumber[used] = np.arange(len(used), dtype=np.uint8)
    given = opened & ~vanished
    return Block(
        key=old.key,
        periods=old.periods,
        values=np.where(vanished, np.nan, np.where(given, new.values, old.values)),
        reasons=np.where(
            vanished, np.uint8(Reason.NO_ROW), np.where(given, new.reasons, old.reasons)
        ),
        provisional=np.where(given, new.provisional, old.provisional & ~vanished),
        loads=renumber[loads],
        load_ids=tuple(load_ids[i] for i in used),
        lower=_margins(old.lower, new.lower, opened, given),
        upper=_margins(old.upper, new.upper, opened, given),
    )


def _margins(old: Floats | None, new: Floats | None, opened: Mask, given: Mask) -> Floats | None:
    if old is None:
        return None
    cleared = np.where(opened, np.nan, old)
    return cleared if new is None else np.where(given, new, cleared)
