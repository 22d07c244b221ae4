"""Something that was done in a place, and what stood before and after it beside places alike.

Never a bare before and after: a change means nothing without the change elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from db.core.document import Document, FactCertainty, Period
from db.core.figures import Floats
from db.core.levels import Level

FEWEST_YEARS = 2
"""Years with a figure on each side: one alone may be chance."""
FEWEST_FOR_RANGE = 9
"""Matched areas from which their own changes say how far chance alone may go: 80 per cent."""


@dataclass(frozen=True, slots=True)
class PlaceUnit:
    """A unit of the CBS, on the boundaries of one year."""

    level: Level
    code: str
    vintage: int


@dataclass(frozen=True, slots=True)
class Intervention:
    slug: str
    name_nl: str
    name_en: str
    programme: str | None
    focus_area: str | None
    gemeente_code: str
    gemeente_vintage: int
    place: str
    """What the place is called."""
    units: tuple[PlaceUnit, ...]
    """The same place on several boundaries, oldest first; empty where it is no unit."""
    within: tuple[PlaceUnit, ...]
    """The smallest known units that it lies in, where it is no unit itself."""
    what_nl: str
    what_en: str
    who_nl: str
    who_en: str
    period: Period
    document: Document
    certainty: FactCertainty
    note_nl: str | None = None
    note_en: str | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """The change of an area beside the changes of areas alike, in the unit of the values."""

    before: float
    after: float
    change: float
    matched: int
    """Areas alike with figures in all those years; each counts the same."""
    matched_before: float
    matched_after: float
    matched_change: float
    difference: float
    """The area's change minus the mean change of the others."""
    lower: float | None
    upper: float | None
    """The change minus the largest, and minus the smallest, of the others' changes."""
    coverage: float | None
    """How often an area that differs from the others by chance alone has 0 between the two."""


def difference(
    values: Floats, others: Floats, before: Sequence[int], after: Sequence[int], *, relative: bool
) -> Difference | None:
    """Difference in differences of years `before` and `after`, which are columns of the values.

    `others` has a row for each area alike; one that lacks any of the years takes no part, and
    neither does any row where the area itself lacks them. `relative`: as a share of the level
    before, for counts, which no two areas have on the same scale. The range is free of any
    assumption on how changes are spread: of n + 1 areas that differ by chance alone, the one
    that is looked at is neither the first nor the last with chance (n - 1) / (n + 1).
    """
    own = _change(values[None, :], before, after, relative=relative)
    rest = _change(others, before, after, relative=relative)
    rest = rest[:, ~np.isnan(rest[2])]
    count = rest.shape[1]
    if np.isnan(own[2, 0]) or count == 0:
        return None
    change, changes = own[2, 0].item(), rest[2]
    enough = count >= FEWEST_FOR_RANGE
    return Difference(
        before=own[0, 0].item(),
        after=own[1, 0].item(),
        change=change,
        matched=count,
        matched_before=rest[0].mean().item(),
        matched_after=rest[1].mean().item(),
        matched_change=changes.mean().item(),
        difference=change - changes.mean().item(),
        lower=change - changes.max().item() if enough else None,
        upper=change - changes.min().item() if enough else None,
        coverage=(count - 1) / (count + 1) if enough else None,
    )


def with_change(
    others: Floats, before: Sequence[int], after: Sequence[int], *, relative: bool
) -> NDArray[np.bool_]:
    """Which rows take part in `difference`: those that have a change."""
    changed: NDArray[np.bool_] = ~np.isnan(_change(others, before, after, relative=relative)[2])
    return changed


def _change(
    values: Floats, before: Sequence[int], after: Sequence[int], *, relative: bool
) -> Floats:
    """Means before and after and the change from one to the other, a column an area."""
    first, last = values[:, list(before)].mean(axis=1), values[:, list(after)].mean(axis=1)
    if relative:
        with np.errstate(divide="ignore", invalid="ignore"):
            moved = np.where(first > 0, (last - first) / first, np.nan)
    else:
        moved = last - first
    return np.array([first, last, moved])
