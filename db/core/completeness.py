"""How complete a series is: of each year, how many areas have which status. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from db.core.absence import Reason, Status
from db.core.figures import Bytes

STATUSES = (
    Status.OBSERVED,
    Status.MODELLED,
    Status.RECODED,
    Status.ESTIMATED,
    Status.SUPPRESSED,
    Status.UNKNOWN,
    Status.NOT_APPLICABLE,
    Status.NOT_COMPARABLE,
    Status.NOT_PUBLISHED,
)
"""The order in which counts are stored: append, never reorder."""
_PLACES = np.zeros(256, np.intp)
for _reason in Reason:
    _PLACES[_reason] = STATUSES.index(_reason.status)


@dataclass(frozen=True, slots=True)
class Counted:
    """What is stored with a block: of each of its years the areas with each status."""

    rows: int
    """Areas that the block has a row for, also those that were no area any more."""
    counts: tuple[int, ...]
    """Year by year, in the order of STATUSES."""


@dataclass(frozen=True, slots=True)
class Completeness:
    """The areas of one year of a series, by status."""

    year: int
    by_status: Mapping[Status, int]

    @property
    def areas(self) -> int:
        return sum(self.by_status.values())

    @property
    def known(self) -> int:
        return sum(n for status, n in self.by_status.items() if status.has_value)

    @property
    def share(self) -> float | None:
        """Known of those where a figure can exist; None where it can nowhere."""
        possible = self.areas - self.by_status[Status.NOT_APPLICABLE]
        return self.known / possible if possible else None


def count_statuses(reasons: Bytes, live: NDArray[np.bool_]) -> list[int]:
    """Counts year by year of a block's reasons (areas in rows, years in columns)."""
    places = _PLACES[reasons[live[: len(reasons)]]]
    counts = [np.bincount(year, minlength=len(STATUSES)) for year in places.T]
    return [int(n) for each in counts for n in each]


def completeness(
    years: Sequence[int], counted: Counted, *, later_land: int = 0, later_water: int = 0
) -> tuple[Completeness, ...]:
    """Every year, with the areas that joined after the block was written: nothing loaded there."""
    width = len(STATUSES)
    made = []
    for at, year in enumerate(years):
        found = dict(zip(STATUSES, counted.counts[at * width : (at + 1) * width], strict=True))
        found[Status.NOT_PUBLISHED] += later_land
        found[Status.NOT_APPLICABLE] += later_water
        made.append(Completeness(year, found))
    return tuple(made)
