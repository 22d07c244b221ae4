"""Likeness: which areas are most like a reference, how far each is, and on which indicators.

Match on context (urbanity, age, housing, size), not on the outcome that is studied. Nothing is
filled in: an indicator or area that cannot be compared is left out by name.
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from db.core.figures import Floats
from db.core.ranking import Rows
from db.core.standard import Mask, Standard, mean_and_deviation

Group = TypeVar("Group", bound=Hashable)

SHRINKAGE = 0.1
"""The part of the identity matrix in the correlations that Mahalanobis' distance inverts."""
_DECIMALS = 9
"""Distances are rounded to these, so that equal profiles tie in whatever order sums were made."""
_AT_A_TIME = 128
"""Areas in one matrix product: more make the product wait for threads, at ten times the price."""


class Measure(Enum):
    """How the differences on the indicators become one distance."""

    EUCLIDEAN = "euclidean"
    """The root of the weighted mean squared difference; 1 is a standard deviation on average."""
    MAHALANOBIS = "mahalanobis"
    """Mahalanobis (1936): what correlated indicators have in common does not count twice."""


class LeftOut(Enum):
    """Why an indicator takes no part."""

    NO_WEIGHT = "no_weight"
    """Its weight is not a positive number."""
    UNKNOWN_FOR_REFERENCE = "unknown_for_reference"
    NO_VALUES = "no_values"
    """No area of the reference set has a value."""
    NO_SPREAD = "no_spread"
    """The scaling finds no spread: all equal, or for the median more than half."""
    NO_SPREAD_AMONG_COMPLETE = "no_spread_among_complete"
    """Mahalanobis only: no spread among the areas that have every indicator."""


LeftOuts = tuple[LeftOut | None, ...]
"""One an indicator; None: used."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """The areas most like a reference, nearest first. Indicators keep the columns given."""

    rows: Rows
    """Equal distances are in row order."""
    distances: Floats
    differences: Floats
    """(area, indicator) z of the area minus z of the reference; NaN where not compared."""
    contributions: Floats
    """(area, indicator) parts of the squared distance; NaN where not compared.

    With Mahalanobis a part can be negative: the other indicators had made it expected.
    """
    left_out: LeftOuts
    not_judged: Rows
    """Candidates that lack too many of the indicators used, in row order."""
    candidates: int
    """Judged or not; the areas returned are some of them."""
    complete: int | None = None
    """Mahalanobis only: how many areas gave the correlations, candidates or not."""

    @property
    def used(self) -> tuple[int, ...]:
        """The columns of the indicators that took part."""
        return tuple(_used(self.left_out))

    def by_domain(self, domains: Sequence[Group]) -> dict[Group, Floats]:
        """Squared distance by domain, one an area; `domains` has one label an indicator.

        The parts add up to the squared distance. NaN where an area and the reference have no
        indicator of the domain in common.
        """
        return {
            domain: _sum_of_known(self.contributions[:, [each == domain for each in domains]])
            for domain in dict.fromkeys(domains)
        }


def nearest(
    values: Floats,
    reference: int | Floats,
    standard: Standard,
    *,
    count: int,
    measure: Measure = Measure.EUCLIDEAN,
    weights: Floats | None = None,
    excluded: Mask | None = None,
    max_missing: float = 0.5,
) -> Likeness:
    """The `count` areas most like a reference: a row, or a profile of one value an indicator.

    Candidates are the areas of the standard's set that are not `excluded`; a reference row is
    never its own. With v the weights of indicators (None: all equal), d the differences in z:

    - Euclidean: D^2 = sum(v d^2) / sum(v) over the indicators that both have, as in the
      coefficient of Gower (1971), so that missing ones do not make an area look closer. An area
      that lacks more than `max_missing` (a share) of the indicators used is not judged.
    - Mahalanobis: D^2 = u' (0.9 R + 0.1 I)^-1 u, with u = d sqrt(v / mean(v)) and R the
      correlations over all areas of the set that have every indicator, weighted as the standard
      is. An area that lacks any indicator used is not judged. It grows with their number.
    """
    if count < 0:
        raise ValueError(f"count is {count}; it must be 0 or more")
    profile = profile_of(values, reference)
    given = np.ones(len(profile)) if weights is None else weights
    left_out = _left_out(profile, standard, given)
    differences = _differences(values, profile, standard.scales, _used(left_out))
    precision, complete = None, None
    if measure is Measure.MAHALANOBIS:
        max_missing = 0.0
        complete = np.flatnonzero((standard.weights > 0) & (_lacking(differences) == 0))
        left_out, differences = _with_spread(left_out, differences, complete)
        correlations = _correlations(differences, complete, standard.weights[complete])
        precision = _precision(correlations, given[_used(left_out)])
    used = _used(left_out)
    rows = np.flatnonzero(_candidates(reference, standard, excluded))
    judged = _judged(differences, max_missing)[rows]
    found = rows[judged]
    distances = _distances(differences, given[used], precision)[found]
    order = np.argsort(distances, kind="stable")[:count]
    nearby = differences[:, found[order]]
    return Likeness(
        rows=found[order].astype(np.int32),
        distances=distances[order],
        differences=_widened(nearby, used, len(profile)),
        contributions=_widened(_parts(nearby, given[used], precision), used, len(profile)),
        left_out=left_out,
        not_judged=rows[~judged].astype(np.int32),
        candidates=len(rows),
        complete=None if complete is None else len(complete),
    )


def profile_of(values: Floats, reference: int | Floats) -> Floats:
    """The values of a reference: its row, or the profile itself where it is no row."""
    if not isinstance(reference, np.ndarray):
        if not 0 <= reference < len(values):
            raise ValueError(f"there is no row {reference} among {len(values)} areas")
        row: Floats = values[reference]
        return row
    if reference.shape != values.shape[1:]:
        raise ValueError(f"a profile of {len(reference)} values for {values.shape[1]} indicators")
    return reference


def _used(left_out: LeftOuts) -> list[int]:
    return [column for column, why in enumerate(left_out) if why is None]


def _left_out(profile: Floats, standard: Standard, weights: Floats) -> LeftOuts:
    tests = (
        (LeftOut.NO_WEIGHT, ~(np.isfinite(weights) & (weights > 0))),
        (LeftOut.UNKNOWN_FOR_REFERENCE, np.isnan(profile)),
        (LeftOut.NO_VALUES, standard.areas == 0),
        (LeftOut.NO_SPREAD, ~(standard.scales > 0)),
    )
    return tuple(
        next((why for why, holds in tests if holds[column]), None) for column in range(len(profile))
    )


def _candidates(reference: int | Floats, standard: Standard, excluded: Mask | None) -> Mask:
    found: Mask = standard.weights > 0
    if excluded is not None:
        found = found & ~excluded
    if not isinstance(reference, np.ndarray):
        found[reference] = False
    return found


# From here on, indicators are rows and areas are columns, and only the indicators used are there.


def _differences(values: Floats, profile: Floats, scales: Floats, used: list[int]) -> Floats:
    """Differences in z from the reference, all areas."""
    made = np.empty((len(used), len(values)))
    for difference, column in zip(made, used, strict=True):
        np.subtract(values[:, column], profile[column], out=difference)
        difference /= scales[column]
    return made


def _lacking(differences: Floats) -> Rows:
    """How many indicators each area lacks."""
    lacking = np.zeros(differences.shape[1], np.int32)
    for difference in differences:
        lacking += np.isnan(difference)
    return lacking


def _judged(differences: Floats, max_missing: float) -> Mask:
    """Which areas have enough, and at least one, of the indicators."""
    total, lacking = len(differences), _lacking(differences)
    judged: Mask = (lacking < total) & (lacking <= max_missing * total + 1e-9)
    return judged


def _with_spread(
    left_out: LeftOuts, differences: Floats, complete: NDArray[np.intp]
) -> tuple[LeftOuts, Floats]:
    """Only the indicators on which the complete areas differ, by more than distances show."""
    reasons, kept = list(left_out), []
    for place, column in enumerate(_used(left_out)):
        found = differences[place, complete]
        if len(found) and np.ptp(found) > 10.0**-_DECIMALS:
            kept.append(place)
        else:
            reasons[column] = LeftOut.NO_SPREAD_AMONG_COMPLETE
    return tuple(reasons), differences if len(kept) == len(differences) else differences[kept]


def _correlations(differences: Floats, complete: NDArray[np.intp], weights: Floats) -> Floats:
    """Weighted correlations over the complete areas, which differ on every indicator."""
    made = np.zeros((len(differences), len(differences)))
    if not len(differences):
        return made
    pairs = [mean_and_deviation(each[complete], weights) for each in differences]
    means, deviations = np.array(pairs).T[:, :, None]
    shares = weights / weights.sum()
    for some in _slices(len(complete)):
        scores = (differences[:, complete[some]] - means) / deviations
        made += (scores * shares[some]) @ scores.T
    return made


def _slices(total: int) -> Iterator[slice]:
    return (slice(start, start + _AT_A_TIME) for start in range(0, total, _AT_A_TIME))


def _precision(correlations: Floats, weights: Floats) -> Floats:
    """The inverse of the shrunk correlations, with weights that are 1 on average."""
    shrunk = (1 - SHRINKAGE) * correlations + SHRINKAGE * np.eye(len(weights))
    roots = np.sqrt(weights / weights.mean()) if len(weights) else weights
    return np.asarray(np.linalg.inv(shrunk) * np.outer(roots, roots), np.float64)


def _distances(differences: Floats, weights: Floats, precision: Floats | None) -> Floats:
    """Distance of all areas; NaN where it cannot be said."""
    if precision is None:
        squared = _mean_squares(differences, weights)
    else:
        squared = np.empty(differences.shape[1])
        for some in _slices(len(squared)):
            squared[some] = _parts(differences[:, some], weights, precision).sum(axis=0)
    distances: Floats = np.sqrt(np.maximum(squared, 0.0)).round(_DECIMALS)
    return distances


def _mean_squares(differences: Floats, weights: Floats) -> Floats:
    """The weighted mean of the squared differences that are known; NaN where none is."""
    total, present = np.zeros(differences.shape[1]), np.zeros(differences.shape[1])
    for difference, weight in zip(differences, weights, strict=True):
        known = ~np.isnan(difference)
        total += np.where(known, weight * difference * difference, 0.0)
        present += weight * known
    return np.divide(total, present, out=np.full_like(total, np.nan), where=present > 0)


def _parts(differences: Floats, weights: Floats, precision: Floats | None) -> Floats:
    """What each indicator adds to the squared distance."""
    parts: Floats
    if precision is None:
        parts = differences**2 * weights[:, None] / (weights @ ~np.isnan(differences))
    else:
        parts = precision @ differences
        parts *= differences
    return parts


def _widened(cells: Floats, used: list[int], indicators: int) -> Floats:
    """(area, indicator) again, with NaN for the indicators that are not used."""
    wide = np.full((cells.shape[1], indicators), np.nan)
    wide[:, used] = cells.T
    return wide


def _sum_of_known(parts: Floats) -> Floats:
    known = ~np.isnan(parts)
    sums: Floats = np.where(known.any(axis=1), np.where(known, parts, 0.0).sum(axis=1), np.nan)
    return sums
