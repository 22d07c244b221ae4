"""Areas on other boundaries than they are stated for: told by the ground that they share.

A code says nothing of another vintage; maps laid over each other do. An area is the whole of what
was stated where nearly all of its ground is, in part where some of it is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from db.core.area import AreaTable
from db.core.figures import Floats
from db.core.harmonise import Weights
from db.core.levels import Level
from db.core.passage import Passage
from schema.context import Context
from schema.passages import way, weigh
from schema.roster import Ordinals

WHOLE = 0.95
"""Share of an area from which on it counts as all of it: maps of two years differ along borders."""
SLIVER = 0.05
"""Share of an area up to which it is only such a difference."""


@dataclass(frozen=True, slots=True, eq=False)
class Carried:
    """Some areas of another vintage, on the areas of a table."""

    vintage: int
    """The vintage that they were stated for."""
    shares: Floats
    """Of each area of the table, the share of its ground that is of them."""
    lost: int
    """How many of them are, for more than a sliver, in areas that are not wholly of them."""

    @property
    def whole(self) -> Ordinals:
        return np.flatnonzero(self.shares >= WHOLE).astype(np.int32)

    @property
    def partial(self) -> Ordinals:
        some = (self.shares > SLIVER) & (self.shares < WHOLE)
        return np.flatnonzero(some).astype(np.int32)


def nearest_vintage(
    context: Context, level: Level, vintage: int, stated: Iterable[int]
) -> int | None:
    """The vintage nearest in years of those stated from which links lead to this one."""
    linked = [each for each in stated if way(context, level, each, vintage) is not None]
    return min(linked, key=lambda each: (abs(each - vintage), -each), default=None)


def carry(context: Context, table: AreaTable, vintage: int, rows: Sequence[int]) -> Carried:
    """Areas of another vintage of the level, by their ordinals, on the areas of a table."""
    by = passage_of(context, table, vintage).weights
    inside = np.zeros(by.olds)
    inside[list(rows)] = 1.0
    shares = shares_of(by, inside)
    chosen = (inside[by.old] > 0) & (shares[by.new] >= WHOLE)
    placed = np.bincount(by.old[chosen], by.of_old[chosen], by.olds)
    lost = int((placed[list(rows)] < WHOLE).sum())
    return Carried(vintage, shares, lost)


def passage_of(context: Context, table: AreaTable, vintage: int) -> Passage:
    """The weights from a vintage to a table, for a vintage from which links lead there."""
    found = weigh(context, table.level, vintage, table.vintage)
    if found is None:
        raise ValueError(f"no links lead from {vintage} to {table.vintage}")
    return found


def shares_of(by: Weights, inside: Floats) -> Floats:
    """Of each new area the share of its ground that is inside, by what part of each old one is."""
    parts = np.nan_to_num(by.of_new) * inside[by.old]
    return np.bincount(by.new, parts, by.news).astype(np.float64)
