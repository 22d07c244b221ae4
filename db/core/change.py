"""What a publication changed, one thing at a time, in an order that never changes.

Everything is told as what it is now or as gone: to apply a change twice is to apply it once, and
whoever applies all of them in order has what the last publication has.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from db.core.absence import Reason
from db.core.block import NO_LOAD, Block, Cell, SeriesKey
from db.core.levels import Level, Terrain
from db.core.merge import unequal


class Section(IntEnum):
    """Parts of a publication, in the order in which they are told."""

    FACTS = 0
    AREAS = 1
    RECODINGS = 2
    """Areas of which nothing changed but where they came from."""
    OBSERVATIONS = 3
    PUBLICATION = 4
    """Last: whoever has read it has the whole publication."""


class Place(NamedTuple):
    """Where in the sequence of changes: after the thing with this key."""

    publication: int
    section: Section = Section.FACTS
    key: tuple[Any, ...] = ()
    """Texts and whole numbers: of the last thing told of the section; empty before the first."""

    @property
    def is_end(self) -> bool:
        """Whether all of the publication has been told."""
        return self.section is Section.PUBLICATION and bool(self.key)


def after(publication: int) -> Place:
    """The place behind everything of a publication."""
    return Place(publication, Section.PUBLICATION, (publication,))


@dataclass(frozen=True, slots=True)
class FactChange:
    kind: str
    key: str
    body: Mapping[str, Any] | None
    """None where it is gone."""


class Former(NamedTuple):
    """The area that an area was before its code changed and its border did not."""

    code: str
    vintage: int


@dataclass(frozen=True, slots=True)
class AreaState:
    name: str
    terrain: Terrain
    parent_code: str | None
    border: str | None
    """Digest of the shape; None where no map has one."""
    recoded_from: Former | None


@dataclass(frozen=True, slots=True)
class AreaChange:
    level: Level
    vintage: int
    code: str
    state: AreaState | None
    """None where it is gone."""


@dataclass(frozen=True, slots=True)
class CellChange:
    series: SeriesKey
    code: str
    period: int
    cell: Cell | None
    """None where the cell is gone: nothing is loaded of it any more."""


@dataclass(frozen=True, slots=True)
class PublicationChange:
    number: int


Subject: TypeAlias = FactChange | AreaChange | CellChange | PublicationChange


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a publication changed."""

    place: Place
    subject: Subject


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which changes are asked for: those of which all that is given holds."""

    section: Section | None = None
    kind: str | None = None
    """Of facts."""
    level: Level | None = None
    gemeente: str | None = None
    indicator: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """Some changes, and where to go on."""

    changes: tuple[Change, ...]
    place: Place
    is_last: bool
    """Whether nothing follows in what was published so far."""


@dataclass(frozen=True, slots=True)
class CellDifference:
    """The cells that two blocks of a series have differently, areas by rows, years by columns."""

    periods: tuple[int, ...]
    """Of both blocks, ascending."""
    positions: NDArray[np.int64]
    """Row times number of periods plus column, ascending."""


def cell_difference(before: Block | None, after: Block | None) -> CellDifference:
    """What is told of a series when its block is replaced, opened or closed."""
    blocks = [each for each in (before, after) if each is not None]
    periods = tuple(sorted({period for block in blocks for period in block.periods}))
    areas = max((len(block.values) for block in blocks), default=0)
    old, new = (_Grid(block, periods, areas) for block in (before, after))
    differs = (
        (old.reasons != new.reasons)
        | unequal(old.values, new.values)
        | (old.provisional != new.provisional)
        | (old.loads != new.loads)
        | unequal(old.lower, new.lower)
        | unequal(old.upper, new.upper)
    )
    return CellDifference(periods, np.flatnonzero(differs).astype(np.int64))


class _Grid:
    """A block laid out on more areas and years than it may have; what it lacks is not loaded."""

    def __init__(self, block: Block | None, periods: tuple[int, ...], areas: int) -> None:
        shape = (areas, len(periods))
        self.values, self.lower, self.upper = (np.full(shape, np.nan) for _ in range(3))
        self.reasons = np.full(shape, Reason.NOT_LOADED, np.uint8)
        self.provisional = np.zeros(shape, np.bool_)
        self.loads = np.full(shape, -1, np.int64)
        if block is None:
            return
        place = np.ix_(range(len(block.values)), [periods.index(p) for p in block.periods])
        self.values[place] = block.values
        self.reasons[place] = block.reasons
        self.provisional[place] = block.provisional
        # An index means another load in another block.
        loads = np.full(NO_LOAD + 1, -1, np.int64)
        loads[: len(block.load_ids)] = block.load_ids
        self.loads[place] = loads[block.loads]
        if block.lower is not None:
            self.lower[place] = block.lower
        if block.upper is not None:
            self.upper[place] = block.upper
