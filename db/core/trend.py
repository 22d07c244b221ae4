"""Trends of many areas at once: direction, size and whether it is more than chance.

Slope by Theil (1950) and Sen (1968), test by Mann (1945) and Kendall (1975) with the normal
approximation, both as in Gilbert (1987, chapter 16). The test takes the years as independent;
where they hang together p is too small. Under five points nothing is said; with exactly five the
smallest p that can occur is 0.0275.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from db.core.figures import Bytes, Floats
from db.core.indicator import Direction
from db.core.uncertainty import score_of

Years = NDArray[np.int32]
Mask = NDArray[np.bool_]

LEAST_POINTS = 5
METHOD = (
    "Theil-Sen slope; Mann-Kendall test by normal approximation with tie and continuity "
    "corrections; interval of the slope by Sen (1968)"
)


@dataclass(frozen=True, slots=True)
class Trends:
    """One trend an area, in parallel arrays; NaN where it has fewer than five points."""

    slope: Floats
    """Median of the slopes between all pairs of points, in the indicator's unit per year."""
    intercept: Floats
    """Median of value - slope x calendar year: the line is intercept + slope x year."""
    lower: Floats
    upper: Floats
    """Interval of the slope (Sen 1968): the slopes of rank (N - C)/2 and (N + C)/2 + 1 of N, with
    C the normal score times the deviation of S; between two ranks interpolated, and no further
    than the outermost slopes."""
    s: Floats
    """Mann-Kendall S: pairs that rise less pairs that fall."""
    variance: Floats
    """Variance of S without trend, less for ties."""
    z: Floats
    """S, one nearer to zero, in standard deviations; 0 where S is 0."""
    p: Floats
    """Two-sided."""
    p_rising: Floats
    """One-sided: chance of an S as high or higher without trend, (S - 1) as normal."""
    p_falling: Floats
    """One-sided: chance of an S as low or lower without trend."""
    counts: NDArray[np.int32]
    """Points used; given for every area, also where there are too few."""
    first: Floats
    last: Floats
    """First and last year of the points used; NaN where there are none."""


class Change(IntEnum):
    """What a trend means. Stored in a byte: append new ones, never renumber."""

    INSUFFICIENT_DATA = 0
    NO_CLEAR_CHANGE = 1
    """The test does not show a trend; that does not make the area stable."""
    IMPROVING = 2
    WORSENING = 3


class Answer(IntEnum):
    """Whether an area is worse and worsening. Stored in a byte."""

    CANNOT_BE_SAID = 0
    NO = 1
    YES = 2


class Ground(IntEnum):
    """What an Answer rests on. Stored in a byte: append new ones, never renumber."""

    BOTH = 0
    NOT_WORSE = 1
    IMPROVING = 2
    WORSE_UNKNOWN = 3
    NO_CLEAR_CHANGE = 4
    INSUFFICIENT_DATA = 5

    @property
    def answer(self) -> Answer:
        if self is Ground.BOTH:
            return Answer.YES
        known = self in (Ground.NOT_WORSE, Ground.IMPROVING)
        return Answer.NO if known else Answer.CANNOT_BE_SAID


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Worse and worsening, one an area, with what it was judged by."""

    answers: Bytes
    """Codes of Answer."""
    grounds: Bytes
    """Codes of Ground."""
    changes: Bytes
    """Codes of Change, by the adjusted p."""
    adjusted: Floats
    """Two-sided p adjusted for the areas tested; NaN where there was no test."""


def unbroken(years: Years, breaks: Sequence[int] = (), span: tuple[int, int] | None = None) -> Mask:
    """The years a trend may use: inside the span (both ends included), from its last break on.

    A break names the first year that is not comparable with those before. Without a span it is all
    years given. A break after the last year given or after the span changes nothing.
    """
    first, last = span or (0, int(years.max(initial=0)))
    last = min(last, int(years.max(initial=0)))
    start = max([first, *(each for each in breaks if each <= last)])
    return (years >= start) & (years <= last)


def trends(
    years: Years,
    values: Floats,
    *,
    breaks: Sequence[int] = (),
    span: tuple[int, int] | None = None,
    level: float = 0.95,
) -> Trends:
    """Trends of `values` (areas x years), on the years that `unbroken` leaves.

    Absent values (NaN, and infinite ones) are left out and their years keep their distance;
    `counts` says how many points remained. Equal values throughout have slope 0 and p 1.
    `level` is that of the interval of the slope. ValueError where years do not go up.
    """
    if np.any(np.diff(years) <= 0):
        raise ValueError("years must go up, and each may occur once")
    used = unbroken(years, breaks, span)
    at = years[used].astype(np.float64)
    points = np.where(np.isfinite(values[:, used]), values[:, used], np.nan)
    present = ~np.isnan(points)
    counts = present.sum(axis=1)
    first = np.where(present, at, np.inf).min(axis=1, initial=np.inf)
    last = np.where(present, at, -np.inf).max(axis=1, initial=-np.inf)
    rows = np.flatnonzero(counts >= LEAST_POINTS)
    fits = np.full((len(_FITTED), len(points)), np.nan)
    if len(rows):
        fits[:, rows] = _fit(at, points[rows], counts[rows], score_of(level))
    return Trends(
        counts=counts.astype(np.int32),
        first=np.where(counts > 0, first, np.nan),
        last=np.where(counts > 0, last, np.nan),
        **dict(zip(_FITTED, fits, strict=True)),
    )


def adjusted(p: Floats) -> Floats:
    """p adjusted so that the share of false finds is held (Benjamini & Hochberg 1995).

    The family is every p given; NaN are no tests, do not count and stay NaN. To be called once on
    all areas that were tested: choosing among them by their values first voids the correction.
    """
    tested = np.flatnonzero(~np.isnan(p))
    order = tested[np.argsort(p[tested], kind="stable")]
    scaled = p[order] * (len(order) / np.arange(1, len(order) + 1))
    result = np.full(len(p), np.nan)
    result[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return result


def changes(found: Trends, p: Floats, *, direction: Direction, alpha: float = 0.05) -> Bytes:
    """Codes of Change: a trend is clear where the two-sided `p`, adjusted or not, is below alpha.

    The sign is that of S, for the slope can be zero where many values are equal. Where there is no
    p it is INSUFFICIENT_DATA. ValueError for a neutral direction: it has no worse side.
    """
    if direction is Direction.NEUTRAL:
        raise ValueError("a neutral indicator neither improves nor worsens")
    better_way = 1.0 if direction is Direction.HIGHER_IS_BETTER else -1.0
    clear = np.where(np.sign(found.s) == better_way, Change.IMPROVING, Change.WORSENING)
    said = np.where(p < alpha, clear, Change.NO_CLEAR_CHANGE)
    return np.where(np.isnan(p), Change.INSUFFICIENT_DATA, said).astype(np.uint8)


def worse_and_worsening(
    worse: Floats | Mask, found: Trends, *, direction: Direction, alpha: float = 0.05
) -> Verdicts:
    """Which areas are worse than a reference and worsening: yes, no, or it cannot be said.

    `worse` is the caller's judgement at the end of the trend: 1 worse, 0 not, NaN unknown. The
    change is judged by p adjusted over all areas tested, those that are not worse included. The
    truth table is `_TABLE`. No clear change never makes a no: the test can show that there is a
    trend, but not that there is none.
    """
    judged = np.asarray(worse, np.float64)
    p = adjusted(found.p)
    change = changes(found, p, direction=direction, alpha=alpha)
    grounds = _TABLE[np.where(judged == 1, 2, np.where(judged == 0, 0, 1)), change]
    return Verdicts(_ANSWERS[grounds], grounds, change, p)


_TABLE = np.array(
    [
        [Ground.NOT_WORSE, Ground.NOT_WORSE, Ground.NOT_WORSE, Ground.NOT_WORSE],
        [Ground.WORSE_UNKNOWN, Ground.WORSE_UNKNOWN, Ground.IMPROVING, Ground.WORSE_UNKNOWN],
        [Ground.INSUFFICIENT_DATA, Ground.NO_CLEAR_CHANGE, Ground.IMPROVING, Ground.BOTH],
    ],
    np.uint8,
)
"""Rows: not worse, unknown, worse. Columns: the codes of Change, in their order."""
_ANSWERS = np.array([each.answer for each in Ground], np.uint8)

_FITTED = ("slope", "intercept", "lower", "upper", "s", "variance", "z", "p", "p_rising",
           "p_falling")  # fmt: skip


def _fit(at: Floats, points: Floats, counts: NDArray[np.int64], score: float) -> Floats:
    """The rows of _FITTED for areas with points enough."""
    early, late = np.triu_indices(len(at), 1)
    slopes = np.take(points, late, axis=1) - np.take(points, early, axis=1)
    s = (slopes > 0).sum(axis=1) - (slopes < 0).sum(axis=1).astype(np.float64)
    slopes /= at[late] - at[early]
    slopes.sort(axis=1)
    pairs = counts * (counts - 1) // 2
    slope = _ranked(slopes, (pairs + 1) / 2, pairs)
    residuals = np.sort(points - slope[:, None] * at, axis=1)
    intercept = _ranked(residuals, (counts + 1) / 2, counts)
    variance = _variance(points, counts)
    least = np.maximum((pairs - score * np.sqrt(variance)) / 2, 1.0)
    lower, upper = _ranked(slopes, least, pairs), _ranked(slopes, pairs + 1 - least, pairs)
    z = _deviations(s - np.sign(s), variance, 0.0)
    return np.stack([slope, intercept, lower, upper, s, variance, z, *_chances(s, variance)])


def _ranked(ordered: Floats, ranks: NDArray[Any], counts: NDArray[np.int64]) -> Floats:
    """The value of a rank (from 1) in every row of ascending values; interpolated between two.

    `counts` is how many values a row has; the NaN after them are not looked at.
    """
    rows = np.arange(len(ordered))
    below = np.floor(ranks).astype(np.int64)
    low = ordered[rows, below - 1]
    high = ordered[rows, np.minimum(below, counts - 1)]
    return np.asarray(low + (ranks - below) * (high - low))


def _variance(points: Floats, counts: NDArray[np.int64]) -> Floats:
    """Variance of S: n(n - 1)(2n + 5)/18, less t(t - 1)(2t + 5)/18 for every group of t equals."""
    sizes = np.stack([(points == each[:, None]).sum(axis=1) for each in points.T])
    ties = np.where(sizes > 0, (sizes - 1) * (2 * sizes + 5), 0).sum(axis=0)
    return np.asarray((counts * (counts - 1) * (2 * counts + 5) - ties) / 18)


def _deviations(s: Floats, variance: Floats, without: float) -> Floats:
    """`s` in standard deviations; `without` where all values are equal and nothing deviates."""
    return np.divide(s, np.sqrt(variance), out=np.full_like(s, without), where=variance > 0)


def _chances(s: Floats, variance: Floats) -> tuple[Floats, Floats, Floats]:
    """Two-sided p, and one-sided for rising and for falling; at most 1, also where S is 0."""
    rising = _upper_tail(_deviations(s - 1, variance, -np.inf))
    falling = _upper_tail(_deviations(-s - 1, variance, -np.inf))
    return np.minimum(2 * np.minimum(rising, falling), 1.0), rising, falling


_ERFC = np.frompyfunc(math.erfc, 1, 1)


def _upper_tail(scores: Floats) -> Floats:
    """Chance of a standard normal value above each score; numpy itself has no error function."""
    return np.asarray(_ERFC(scores / math.sqrt(2)), np.float64) / 2
