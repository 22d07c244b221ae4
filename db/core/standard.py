"""Standards: centre and scale of indicators in different units, over one set of areas.

Nothing is filled in: an absent value is left out of its own indicator and of no other.
"""

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from db.core.figures import Floats
from db.core.ranking import Rows

Mask = NDArray[np.bool_]

_NORMAL = 1.4826
"""The median absolute deviation times this is the standard deviation of a normal distribution."""


class Scaling(Enum):
    """What makes indicators in different units comparable."""

    MEAN_AND_DEVIATION = "mean_and_deviation"
    """Mean and standard deviation (divisor: the sum of weights), weighted by inhabitants."""
    MEDIAN_AND_MAD = "median_and_mad"
    """Median and 1.4826 times the median absolute deviation (Hampel 1974), areas counted once."""


@dataclass(frozen=True, slots=True)
class Standard:
    """What z-scores are made with: z = (value - centre) / scale. One reference set, one year."""

    centres: Floats
    """One an indicator; NaN where no area has a value."""
    scales: Floats
    """One an indicator, in its unit; NaN where no area has a value, 0 where there is no spread."""
    areas: Rows
    """How many areas of the set have a value, one an indicator."""
    weights: Floats
    """One an area; 0 for those that are not in the set, which are no candidates either."""
    without_weight: int
    """Eligible areas that are not in the set, as their weight is not a positive number."""


def standardise(
    values: Floats,
    weights: Floats | None = None,
    *,
    eligible: Mask | None = None,
    scaling: Scaling = Scaling.MEAN_AND_DEVIATION,
) -> Standard:
    """Centre and scale of each indicator over the eligible areas that have a value.

    `values` is (area, indicator) with NaN for absent, `weights` inhabitants (None: all equal).
    It does not depend on the reference, so that it can be kept.
    """
    given = np.ones(len(values)) if weights is None else weights
    allowed = np.ones(len(values), np.bool_) if eligible is None else eligible
    counted = allowed & np.isfinite(given) & (given > 0)
    once = scaling is Scaling.MEDIAN_AND_MAD
    measured = _median_and_deviation if once else mean_and_deviation
    made = np.full((3, values.shape[1]), np.nan)
    for column in range(values.shape[1]):
        cells = np.ascontiguousarray(values[:, column])
        known = counted & ~np.isnan(cells)
        made[2, column] = known.sum()
        if known.any():
            made[:2, column] = measured(cells[known], given[known])
    return Standard(
        centres=made[0],
        scales=made[1],
        areas=made[2].astype(np.int32),
        weights=np.where(counted, 1.0 if once else given, 0.0),
        without_weight=int((allowed & ~counted).sum()),
    )


def mean_and_deviation(found: Floats, weights: Floats) -> tuple[float, float]:
    """Weighted mean and standard deviation of values that are all known."""
    shares = weights / weights.sum()
    # Taken from one of the values, equal values differ by exactly zero and have no spread.
    shifted = found - found[0]
    mean = float((shares * shifted).sum())
    shifted -= mean
    return float(found[0]) + mean, float(np.sqrt((shares * shifted * shifted).sum()))


def _median_and_deviation(found: Floats, _: Floats) -> tuple[float, float]:
    median = _median(found)
    return median, _NORMAL * _median(np.abs(found - median))


def _median(found: Floats) -> float:
    """Six times as fast as numpy's, which looks for two places at a time."""
    half = len(found) // 2
    parted = np.partition(found, half)
    upper = float(parted[half])
    return upper if len(found) % 2 else (float(parted[:half].max()) + upper) / 2
