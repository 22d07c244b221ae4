"""Dominance: which areas are at least as bad as a reference, on every indicator or on enough.

Apart from average distance, where much worse on one indicator makes up for better on another.
Exactly as bad is at least as bad. Nothing is filled in: what is unknown decides nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from db.core.figures import Bytes, Floats
from db.core.indicator import Direction
from db.core.likeness import profile_of
from db.core.ranking import Rows

Mask = NDArray[np.bool_]

_SIGNS = {Direction.LOWER_IS_BETTER: 1.0, Direction.HIGHER_IS_BETTER: -1.0}


class Verdict(IntEnum):
    """Whether an area is at least as bad. Stored in a byte: append, never renumber.

    The order is that of three-valued logic (Kleene 1952): "on every indicator" is the lowest.
    """

    NO = 0
    CANNOT_BE_SAID = 1
    """What is known does not decide, and what is unknown could go either way."""
    YES = 2


@dataclass(frozen=True, slots=True)
class Dominance:
    """The candidates in row order, with a verdict each. Indicators keep the columns given."""

    rows: Rows
    verdicts: Bytes
    as_bad: Mask
    """(candidate, indicator) known to be at least as bad as the reference."""
    better: Mask
    """(candidate, indicator) known to be better: what speaks against it."""
    required: int
    """On how many indicators an area must be at least as bad."""
    unknown_for_reference: tuple[int, ...]
    """Columns on which nobody can be compared; they count as unknown for every candidate."""

    @property
    def count_min(self) -> Rows:
        """On how many indicators each candidate is known to be at least as bad."""
        return np.asarray(self.as_bad.sum(axis=1), np.int32)

    @property
    def unknown(self) -> Rows:
        """On how many indicators each candidate cannot be compared."""
        return np.asarray((~(self.as_bad | self.better)).sum(axis=1), np.int32)

    @property
    def count_max(self) -> Rows:
        """On how many indicators each candidate may be at least as bad."""
        return self.count_min + self.unknown

    def having(self, verdict: Verdict) -> Rows:
        """The rows with a verdict, in row order."""
        return np.asarray(self.rows[self.verdicts == verdict], np.int32)

    def against(self, row: int) -> tuple[int, ...]:
        """The columns on which a candidate is better than the reference."""
        place = np.flatnonzero(self.rows == row)
        if not len(place):
            raise ValueError(f"row {row} is no candidate")
        return tuple(np.flatnonzero(self.better[place[0]]).tolist())


@dataclass(frozen=True, slots=True)
class TooMuchUnknown:
    """No area was judged: too little is known of the reference, or nothing is tested."""

    unknown: tuple[int, ...]
    """Columns of the indicators without a value for the reference."""
    tested: int
    """How many indicators the test has."""


@dataclass(frozen=True, slots=True)
class Margins:
    """How much worse areas are on average. It says nothing about "at least as bad"."""

    mean: Floats
    """Mean difference in z from the reference, one an area; above 0 is worse, NaN: unknown."""
    compared: Rows
    """On how many indicators."""


def oriented(values: Floats, directions: Sequence[Direction]) -> Floats:
    """Values of which higher is worse, one direction a column; NaN stays.

    A neutral indicator has no worse and is refused.
    """
    if len(directions) != values.shape[-1]:
        raise ValueError(f"{len(directions)} directions for {values.shape[-1]} columns")
    neutral = [column for column, each in enumerate(directions) if each not in _SIGNS]
    if neutral:
        raise ValueError(f"neither higher nor lower is worse in columns {neutral}; leave them out")
    turned: Floats = values * np.array([_SIGNS[each] for each in directions])
    return turned


def at_least_as_bad(
    values: Floats,
    reference: int | Floats,
    *,
    candidates: Mask | None = None,
    required: int | None = None,
    tolerance: float | Floats = 0.0,
    max_unknown: float = 0.5,
) -> Dominance | TooMuchUnknown:
    """Judge which areas are at least as bad as a reference: a row, or a profile that is no row.

    `values` is (area, indicator or domain score), higher is worse, NaN unknown. With m `required`
    (None: all n), an area known to be as bad on m or more is a YES; one that could not reach m
    if all its unknowns were as bad is a NO; of any other it cannot be said. So an indicator that
    is unknown for the reference leaves no YES when all are required.

    - An area may be better by `tolerance` (one for all, or one a column) and still count as bad,
      as published figures are rounded. A chain of such areas can drift away from its beginning.
    - A reference that lacks more than `max_unknown` (a share) of the indicators is refused.
    - A reference row is never its own candidate.
    """
    profile = profile_of(values, reference)
    slack = _slack(tolerance, len(profile))
    needed = len(profile) if required is None else required
    absent = np.isnan(profile)
    unknown = tuple(np.flatnonzero(absent).tolist())
    if not len(profile) or len(unknown) > max_unknown * len(profile) + 1e-9:
        return TooMuchUnknown(unknown, len(profile))
    if not 1 <= needed <= len(profile):
        raise ValueError(f"{needed} required of {len(profile)} indicators")
    rows = np.flatnonzero(_among(len(values), reference, candidates)).astype(np.int32)
    tested = values[rows]
    floor = profile - slack
    as_bad, better = tested >= floor, tested < floor
    return Dominance(
        rows=rows,
        verdicts=_verdicts(as_bad, better, needed),
        as_bad=as_bad,
        better=better,
        required=needed,
        unknown_for_reference=unknown,
    )


def margins(values: Floats, reference: int | Floats, scales: Floats) -> Margins:
    """Mean difference in z from the reference, over the indicators that both have.

    `values` as for `at_least_as_bad`; `scales` is one standard deviation a column (the scales of
    db.core.standard.Standard). A column whose scale is not a positive number is left out.
    """
    profile = profile_of(values, reference)
    total = np.zeros(len(values))
    compared = np.zeros(len(values), np.int32)
    for column in np.flatnonzero(np.isfinite(scales) & (scales > 0)):
        difference = (values[:, column] - profile[column]) / scales[column]
        known = ~np.isnan(difference)
        total += np.where(known, difference, 0.0)
        compared += known
    mean = np.divide(total, compared, out=np.full(len(values), np.nan), where=compared > 0)
    return Margins(mean, compared)


def _slack(tolerance: float | Floats, indicators: int) -> Floats:
    given = np.broadcast_to(np.asarray(tolerance, np.float64), (indicators,))
    if not (np.isfinite(given) & (given >= 0)).all():
        raise ValueError("a tolerance is a number of 0 or more")
    # 12.3 - 0.1 is a little more than 12.2 in binary, and a difference of 0.1 is tolerated.
    return given * (1 + 1e-6)


def _among(areas: int, reference: int | Floats, candidates: Mask | None) -> Mask:
    found = np.ones(areas, np.bool_) if candidates is None else candidates.copy()
    if not isinstance(reference, np.ndarray):
        found[reference] = False
    return found


def _verdicts(as_bad: Mask, better: Mask, required: int) -> Bytes:
    spare = as_bad.shape[1] - required
    yes = as_bad.sum(axis=1) >= required
    no = better.sum(axis=1) > spare
    verdicts = np.full(len(as_bad), Verdict.CANNOT_BE_SAID, np.uint8)
    verdicts[yes] = Verdict.YES
    verdicts[no] = Verdict.NO
    return verdicts
