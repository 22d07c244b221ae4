"""How far a figure may lie from what it measures: limits, and what they rest on.

Register figures carry no sampling error, but small numbers carry chance. Where nothing is known
the limits are NaN and the basis is NONE: never a width of zero. Arrays of any shape in, arrays of
the same shape out; NaN in, NaN out; no function fills anything in.
"""

from dataclasses import dataclass
from enum import IntEnum
from statistics import NormalDist

import numpy as np

from db.core.figures import Bytes, Floats


class Basis(IntEnum):
    """What a pair of limits rests on. Stored in a byte: append new ones, never renumber."""

    NONE = 0
    """Nothing is known; this is not the same as certain."""
    PUBLISHER = 1
    """The publisher's own margins."""
    BINOMIAL = 2
    """Chance in a share of a known number (Wilson)."""
    POISSON = 3
    """Chance in a count (Byar)."""
    HARMONISATION = 4
    """Bounds of a conversion from other boundaries."""
    ROUNDING = 5
    """Only how the publisher rounds."""


@dataclass(frozen=True, slots=True)
class Intervals:
    """Lower and upper limits; both NaN exactly where the basis is NONE."""

    lower: Floats
    upper: Floats
    bases: Bytes
    """Codes of Basis, one a value."""


def score_of(level: float) -> float:
    """Standard normal score z of a two-sided level: 0.95 gives 1.96. ValueError outside 0 to 1."""
    return NormalDist().inv_cdf(0.5 + level / 2)


def stated(lower: Floats, upper: Floats, basis: Basis) -> Intervals:
    """Limits that somebody gives; where one of the two is absent, both are."""
    absent = np.isnan(lower) | np.isnan(upper)
    return Intervals(
        np.where(absent, np.nan, lower),
        np.where(absent, np.nan, upper),
        np.where(absent, Basis.NONE, basis).astype(np.uint8),
    )


def rounded(
    values: Floats, *, base: float, least: float = -np.inf, most: float = np.inf
) -> Intervals:
    """Limits of values published as multiples of `base`: half of it to either side.

    `least` and `most` end the scale: a count has least=0, a percentage also most=100.
    """
    given = np.where(np.isfinite(values), values, np.nan)
    limits = np.clip(given - base / 2, least, most), np.clip(given + base / 2, least, most)
    return stated(*limits, Basis.ROUNDING)


def wilson(
    denominator: Floats,
    *,
    fraction: Floats | None = None,
    percent: Floats | None = None,
    rounding: float = 0.0,
    level: float = 0.95,
) -> Intervals:
    """Score interval of a proportion (Wilson 1927), without continuity correction.

    Give the share either as `fraction` (0 to 1) or as `percent` (0 to 100); the limits are on the
    same scale, and so is `rounding`: a share published as a multiple of it may be half of it off,
    and the limits contain that. `denominator` is the number that the share is of. A share outside
    its scale (by more than 1e-9 of it, the noise of arithmetic) and a denominator of zero or less
    give NaN.
    """
    scale, share = _scaled(fraction, percent)
    nearest = np.clip(share, 0.0, 1.0)
    share = np.where(np.abs(share - nearest) <= 1e-9, nearest, np.nan)
    number, half, z = _positive(denominator), rounding / scale / 2, score_of(level)
    lower = scale * _wilson(np.maximum(share - half, 0.0), number, -z)
    upper = scale * _wilson(np.minimum(share + half, 1.0), number, z)
    return stated(lower, upper, Basis.BINOMIAL)


def byar(count: Floats, *, rounding: float = 0.0, level: float = 0.95) -> Intervals:
    """Interval of a Poisson count by Byar's approximation (Breslow & Day 1987, p. 69).

    Lower x(1 - 1/9x - z/3√x)³; upper the same with x + 1 and + z. Beside the exact limits (Garwood
    1936, 95 percent) both are within 0.2 percent from 10 events on. For 0, 1 and 2 events the
    lower limits are 0, 0.013 and 0.225 (exact 0, 0.025, 0.242), the upper ones 3.67, 5.56 and 7.22
    (exact 3.69, 5.57, 7.22). The lower limit is never below zero. For counts published as multiples
    of `rounding` the lower limit is that of the smallest count that rounds so, half of it less and
    at least zero, and the upper that of the largest, half of it more. Counts below zero give NaN.
    """
    known = np.where(np.isfinite(count) & (count >= 0), count, np.nan)
    half, z = rounding / 2, score_of(level)
    lower, upper = _byar(np.maximum(known - half, 0.0), -z), _byar(known + half + 1.0, z)
    return stated(lower, upper, Basis.POISSON)


def byar_rate(
    count: Floats,
    denominator: Floats,
    *,
    per: float = 1.0,
    rounding: float = 0.0,
    denominator_rounding: float = 0.0,
    level: float = 0.95,
) -> Intervals:
    """Interval of a rate, events per `per` of the denominator, by Byar's limits of the count.

    The denominator carries no chance, but may be rounded as well: the lower limit is then over the
    largest that rounds so, the upper over the smallest. Zero or less there gives NaN.
    """
    half = denominator_rounding / 2
    events = byar(count, rounding=rounding, level=level)
    lower = per * events.lower / _positive(denominator + half)
    upper = per * events.upper / _positive(denominator - half)
    return stated(lower, upper, Basis.POISSON)


def _scaled(fraction: Floats | None, percent: Floats | None) -> tuple[float, Floats]:
    if fraction is not None and percent is None:
        return 1.0, fraction
    if percent is not None and fraction is None:
        return 100.0, percent / 100.0
    raise ValueError("give the share as fraction or as percent, one of the two")


def _positive(numbers: Floats) -> Floats:
    return np.where(np.isfinite(numbers) & (numbers > 0), numbers, np.nan)


def _wilson(share: Floats, number: Floats, z: float) -> Floats:
    """One limit: the lower for a negative z. Never on the wrong side of the share itself."""
    square = z * z / number
    spread = z * np.sqrt(share * (1.0 - share) / number + square / (4.0 * number))
    limit = np.clip((share + square / 2.0 + spread) / (1.0 + square), 0.0, 1.0)
    return np.minimum(limit, share) if z < 0 else np.maximum(limit, share)


def _byar(events: Floats, z: float) -> Floats:
    """One limit: the lower for a negative z. Up to 1/9 event the formula has none above zero."""
    some = np.maximum(events, 1.0 / 9.0)
    root = 1.0 - 1.0 / (9.0 * some) + z / (3.0 * np.sqrt(some))
    return np.asarray(some * np.maximum(root, 0.0) ** 3)
