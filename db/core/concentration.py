"""How concentrated a problem is when areas are put in order: by its share, or by another figure.

Curves are made once and measured often. Areas that tie in the order are one step of a curve, so
that no result depends on the order in which they came.
"""

from dataclasses import dataclass

import numpy as np

from db.core.burden import Basis, Burden, Mask, Places, totals
from db.core.distribution import shares_of
from db.core.figures import Floats


@dataclass(frozen=True, slots=True)
class Curves:
    """Cumulative part of the problem over cumulative part of the population, one curve a group.

    The curves stand one after another, each from (0, 0) to (1, 1); a group that cannot be told
    has no point.
    """

    population: Floats
    problem: Floats
    starts: Places
    """Where the curve of each group begins, and at the end where the last one ends."""
    ranked_by: str | None
    """Name of the figure by which areas are in order, lowest first; None: by their share of the
    problem itself, which makes it the curve of Lorenz (1905)."""
    basis: Basis

    def of(self, group: int) -> tuple[Floats, Floats]:
        """Population and problem along the curve of one group, by its place in the labels."""
        at = slice(self.starts[group], self.starts[group + 1])
        return self.population[at], self.problem[at]


@dataclass(frozen=True, slots=True)
class Concentration:
    """Twice the area between diagonal and curve, one entry a group.

    Ranked by its own share this is the Gini coefficient: from 0 to what it is when the smallest
    area has all of the problem, which is 1 less that area's part of the population. Ranked by
    another figure it lies between the Gini and its opposite, below zero where the problem lies in
    areas that are low on that figure.
    """

    values: Floats
    ranked_by: str | None
    basis: Basis


@dataclass(frozen=True, slots=True)
class QuantileShares:
    """The part of the problem in equal parts of the population, lowest in the order first."""

    values: Floats
    """One row a group, one column a part; rows add up to 1."""
    ranked_by: str | None
    basis: Basis


def lorenz(burden: Burden) -> Curves:
    """Lorenz curves: areas from the lowest to the highest share of the problem (q / p)."""
    share = np.full(len(burden.problem), np.nan)
    np.divide(burden.problem, burden.population, out=share, where=burden.known)
    return _curves(burden, share, None)


def concentration_curves(burden: Burden, by: Floats, *, ranked_by: str) -> Curves:
    """Curves with areas from the lowest to the highest value of `by` (say, mean income).

    An area where `by` is unknown is left out and counted as unknown.
    """
    return _curves(burden.among(np.isfinite(by)), by, ranked_by)


def concentration(curves: Curves) -> Concentration:
    """C = 2 cov(y, r) / mean(y), r the fractional rank (Kakwani, Wagstaff, van Doorslaer 1997).

    Computed as an area, to which it is equal when areas that tie share their mean rank. It is not
    corrected for the ceiling of a share (Wagstaff 2005): compare like levels.
    """
    gap = curves.population - curves.problem
    strips = np.diff(curves.population) * (gap[1:] + gap[:-1])
    group = np.repeat(np.arange(len(curves.starts) - 1), np.diff(curves.starts))
    # From one curve's end to the next one's start the gap is zero, so that strip adds nothing.
    areas = totals(strips, group[1:], len(curves.starts) - 1)
    if curves.ranked_by is None:
        areas = np.maximum(areas, 0.0)
    return Concentration(np.where(curves.basis.told, areas, np.nan), curves.ranked_by, curves.basis)


def gini(burden: Burden) -> Concentration:
    """G = sum p_i p_k |y_i - y_k| / (2 mean y), y the share in an area and p its population."""
    return concentration(lorenz(burden))


def concentration_index(burden: Burden, by: Floats, *, ranked_by: str) -> Concentration:
    """The concentration index of each group, with areas ranked by `by`."""
    return concentration(concentration_curves(burden, by, ranked_by=ranked_by))


def quantile_shares(curves: Curves, parts: int = 5) -> QuantileShares:
    """The part of the problem in each of so many equal parts of the population.

    An area that lies across a limit is split in proportion to its population.
    """
    told = np.flatnonzero(curves.basis.told)
    limits = np.arange(1, parts) / parts
    # Curves two apart on one axis, so that a single search finds every limit in its own curve.
    group = np.repeat(np.arange(len(curves.starts) - 1), np.diff(curves.starts))
    axis = curves.population + 2.0 * group
    after = np.searchsorted(axis, limits + 2.0 * told[:, None])
    between = np.diff(_heights(curves, after, limits), axis=1, prepend=0.0, append=1.0)
    values = np.full((len(curves.starts) - 1, parts), np.nan)
    values[told] = np.maximum(between, 0.0)
    return QuantileShares(values, curves.ranked_by, curves.basis)


def _heights(curves: Curves, after: Places, limits: Floats) -> Floats:
    """The curve at each limit, on the straight line between the points around it."""
    left, right = curves.population[after - 1], curves.population[after]
    low, high = curves.problem[after - 1], curves.problem[after]
    return low + (high - low) * (limits - left) / (right - left)


def _curves(burden: Burden, by: Floats, ranked_by: str | None) -> Curves:
    shares = shares_of(burden)
    groups = len(burden.basis.labels)
    order = _by_group_and(by[shares.rows], shares.member, groups)
    member, key = shares.member[order], by[shares.rows[order]]
    begins = np.flatnonzero(np.diff(member, prepend=-1))
    kept = np.insert(_ends_of_ties(member, key), begins, True)
    group = np.insert(member, begins, member[begins])[kept]
    lengths = np.bincount(group, minlength=groups)
    return Curves(
        population=_cumulated(shares.population[order], begins)[kept],
        problem=_cumulated(shares.problem[order], begins)[kept],
        starts=np.append(0, np.cumsum(lengths)),
        ranked_by=ranked_by,
        basis=burden.basis,
    )


def _by_group_and(key: Floats, member: Places, groups: int) -> Places:
    """Rows by group, in each by key. Two sorts take two thirds of the time of a lexsort.

    numpy sorts numbers of 16 bits, which is what most groups fit in, by radix.
    """
    order = np.argsort(key, kind="stable")
    small = member[order].astype(np.min_scalar_type(groups))
    return order[np.argsort(small, kind="stable")]


def _ends_of_ties(member: Places, key: Floats) -> Mask:
    """The last of every run of equal keys in a group."""
    last = np.ones(len(key), np.bool_)
    last[:-1] = (key[1:] != key[:-1]) | (member[1:] != member[:-1])
    return last


def _cumulated(parts: Floats, begins: Places) -> Floats:
    """Sums from 0 to 1 in each group, with a point before its first area.

    Taking off 1 where a group begins keeps the sum small, and so its rounding.
    """
    steps = np.insert(parts, begins, -1.0)
    origins = begins + np.arange(len(begins))
    steps[origins[:1]] = 0.0
    curve = np.cumsum(steps)
    curve[origins] = 0.0
    curve[np.roll(origins, -1) - 1] = 1.0
    return np.clip(curve, 0.0, 1.0)
