"""Values of old areas carried to new ones: exact where areas were merged or only recoded, else
estimated between bounds that hold wherever people live.

Counts are carried by the share of the old area that the new one got. Rates, shares and means are
not carried themselves: numerator and denominator are, and then divided. Medians, classes and
indices are carried only where the border did not change. An absent part makes the whole absent,
and the whole says which part that was.
"""

from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np
from numpy.typing import NDArray

from db.core.absence import Reason
from db.core.absence_rules import Use, blocking
from db.core.area_links import AreaLinks, LinkKind
from db.core.figures import Bytes, Floats
from db.core.merge import FIRST_ABSENT
from db.core.ranking import Rows

Mask = NDArray[np.bool_]

ROUNDING = 1e-9
"""By which shares that add up to 1 may fall short of it."""


@dataclass(frozen=True)
class Weights:
    """What each new area got of each old one: by new row, then old row, no pair twice."""

    old: Rows
    new: Rows
    of_old: Floats
    """Share of the old area, above 0. An area whose shares add up to less than 1 is partly lost."""
    of_new: Floats
    """Share of the new area that the old one gave."""
    kinds: Bytes
    """LinkKind: SAME, RECODED, or any other for a border that changed."""
    methods: Bytes
    """What each share rests on: a bit `1 << Method` for every method on the way."""
    unknown: Mask
    """Of each new area whether an old one may be missing: one that could not be placed."""
    olds: int
    news: int

    @property
    def nbytes(self) -> int:
        """Size in memory, with what is worked out once."""
        columns = (self.old, self.new, self.of_old, self.of_new, self.kinds, self.methods)
        return sum(column.nbytes for column in columns) + len(self.old) + 2 * self.news

    @cached_property
    def whole(self) -> Mask:
        """Entries that carry all of an old area, about which nothing is estimated. One column."""
        whole: Mask = self.of_old[:, None] >= 1 - ROUNDING
        return whole

    @cached_property
    def kept(self) -> Mask:
        """Of each new area whether an old one had the same border."""
        kept = np.zeros(self.news, np.bool_)
        kept[self.new[self.kinds <= LinkKind.RECODED]] = True
        return kept

    def sums(self, cells: NDArray[np.generic]) -> Floats:
        """Sums by new area of (entries, periods); 0 for an area without entries."""
        periods = cells.shape[1]
        places = (self.new[:, None] * np.int64(periods) + np.arange(periods)).ravel()
        return _sums(places, cells.ravel(), self.news * periods).reshape(self.news, periods)


@dataclass(frozen=True, slots=True)
class Published:
    """Values on the old areas, (areas) or (areas, periods), NaN where absent."""

    values: Floats
    reasons: Bytes | None = None
    """Why each is as it is; if not given OBSERVED, and NO_FIGURE where absent."""


@dataclass(frozen=True, slots=True)
class Carried:
    """Values on the new areas, in the shape of those that were given."""

    values: Floats
    lower: Floats
    """The least that the value can be: the value itself where exact, NaN where it is absent or
    nothing bounds it. `upper` alike."""
    upper: Floats
    reasons: Bytes
    """RECODED where exact, ESTIMATED where weighted; the old area's own where border and code are
    the same. Absent: the reason that all parts have, or PART_UNKNOWN if they differ; IMPOSSIBLE
    over a denominator of 0; OTHER_BOUNDARIES where no old area lies, where one of them is not
    known, and where a border changed under what cannot be divided."""
    coverage: Floats
    """Share of the new area, of its ground or its people, in parts that do not block."""
    blocked: Rows
    """Absent parts that make values absent: (new row, old row, column of the period) in three
    columns, in that order, each once. The period is 0 where values have one dimension."""


def weights(links: AreaLinks) -> Weights:
    """The weights that links stand for. Areas without a link and shares of nothing are left out."""
    some = np.flatnonzero((links.old >= 0) & (links.new >= 0) & (links.of_old > 0))
    some = some[np.lexsort((links.old[some], links.new[some]))]
    unknown = np.zeros(links.news, np.bool_)
    unknown[links.new[(links.new >= 0) & (links.kinds == LinkKind.UNPLACED)]] = True
    return Weights(
        old=links.old[some],
        new=links.new[some],
        of_old=links.of_old[some],
        of_new=links.of_new[some],
        kinds=links.kinds[some],
        methods=np.left_shift(1, links.methods[some]).astype(np.uint8),
        unknown=unknown,
        olds=links.olds,
        news=links.news,
    )


def compose(first: Weights, then: Weights) -> Weights:
    """Weights from the old areas of `first` to the new ones of `then`: the product of matrices.

    An area that was split and put together again is whole again, but its border counts as changed.
    """
    order = np.argsort(then.old, kind="stable")
    starts = np.searchsorted(then.old[order], np.arange(first.news + 1))
    counts = np.diff(starts)[first.new]
    left = np.repeat(np.arange(len(counts)), counts)
    ordinal = np.arange(len(left)) - np.repeat(np.cumsum(counts) - counts, counts)
    right = order[starts[first.new[left]] + ordinal]
    pairs = then.new[right].astype(np.int64) * first.olds + first.old[left]
    found, at, places = np.unique(pairs, return_index=True, return_inverse=True)
    new, old = (rows.astype(np.int32) for rows in np.divmod(found, max(first.olds, 1)))
    methods = np.zeros(len(found), np.uint8)
    np.bitwise_or.at(methods, places, first.methods[left] | then.methods[right])
    unknown = then.unknown.copy()
    unknown[then.new[first.unknown[then.old]]] = True
    return Weights(
        old=old,
        new=new,
        of_old=_sums(places, first.of_old[left] * then.of_old[right], len(found)),
        of_new=_sums(places, first.of_new[left] * then.of_new[right], len(found)),
        kinds=np.maximum(first.kinds[left], then.kinds[right])[at],
        methods=methods,
        unknown=unknown,
        olds=first.olds,
        news=then.news,
    )


def carry_counts(counts: Published, by: Weights) -> Carried:
    """Counts: exact where every old area lies whole in the new one, else weighted.

    Of a split area with count x a part has from 0 to x, whatever its share: the bounds are the sum
    of the whole parts, and that of all parts. Where any value of the period is below zero (a
    balance) nothing bounds a part. Parts absent as WATER_OR_ABROAD are left out, for nobody lives
    there; all other absent parts block.
    """
    parts = _parts(counts, by)
    split = by.sums(parts.has & ~by.whole) > 0
    free = split & (parts.known < 0).any(axis=0)
    lower = np.where(free, np.nan, by.sums(parts.known * by.whole))
    upper = np.where(free, np.nan, by.sums(parts.known))
    estimate = by.sums(parts.known * np.where(by.whole, 1.0, by.of_old[:, None]))
    # Sums of rounded shares can pass their bounds by a last digit.
    estimate = np.fmax(np.fmin(estimate, upper), lower)
    return _carried(parts, by, (estimate, lower, upper), split)


def carry_ratio(
    numerator: Published,
    denominator: Published,
    by: Weights,
    *,
    factor: float = 1.0,
    subset: bool = False,
) -> Carried:
    """Rates and shares: numerator and denominator are carried as counts, then divided.

    The value is `factor` times the quotient. With `subset` the numerator counts some of those whom
    the denominator counts, which narrows the bounds; where rounding made a numerator the larger of
    the two, the bounds are those of a rate. A rate has no upper bound where no whole part stands in
    its denominator.
    """
    over, under = carry_counts(numerator, by), carry_counts(denominator, by)
    lower, upper = _rate_bounds(over, under)
    if subset:
        rounded = _among_parts(numerator.values > denominator.values, by)
        lower, upper = np.where(rounded, (lower, upper), _share_bounds(over, under))
    ratio = factor * _divided(over.values, under.values)
    absent = np.isnan(over.values) | np.isnan(under.values)
    reasons = np.maximum(over.reasons, under.reasons)
    return Carried(
        values=ratio,
        lower=np.minimum(factor * lower, ratio),
        upper=np.maximum(factor * upper, ratio),
        reasons=np.where(np.isnan(ratio) & ~absent, np.uint8(Reason.IMPOSSIBLE), reasons),
        coverage=np.minimum(over.coverage, under.coverage),
        blocked=_each_once(over.blocked, under.blocked),
    )


def carry_mean(
    means: Published, denominator: Published, by: Weights, *, whole: float | None = None
) -> Carried:
    """Means, and shares whose numerator is not published, by the denominator that they are over.

    `whole` says that the values are shares out of so much (100 for per cent), which narrows the
    bounds. A part with a denominator of 0 counts for nothing, whatever its mean. Where the border
    did not change the mean itself is carried, and needs no denominator.
    """
    scale = whole or 1.0
    totals = np.where(denominator.values == 0, 0.0, means.values * denominator.values / scale)
    unknown = np.isnan(denominator.values)
    numerator = Published(totals, np.where(unknown, _reasons(denominator), _reasons(means)))
    ratio = carry_ratio(numerator, denominator, by, factor=scale, subset=whole is not None)
    return _preferred(carry_unchanged(means, by), ratio, by.kept)


def carry_recomputed(
    ratios: Published,
    numerator: Published,
    denominator: Published,
    by: Weights,
    *,
    factor: float = 1.0,
    subset: bool = False,
) -> Carried:
    """Rates and shares as `carry_ratio`; as published where the border did not change."""
    ratio = carry_ratio(numerator, denominator, by, factor=factor, subset=subset)
    return _preferred(carry_unchanged(ratios, by), ratio, by.kept)


def carry_unchanged(values: Published, by: Weights) -> Carried:
    """Medians, classes and indices: only where the border did not change, else NOT_COMPARABLE."""
    same = by.kinds <= LinkKind.RECODED
    kept = Weights(
        by.old[same], by.new[same], by.of_old[same], by.of_new[same], by.kinds[same],
        by.methods[same], by.unknown, by.olds, by.news,
    )  # fmt: skip
    return carry_counts(values, kept)


@dataclass(frozen=True, slots=True)
class _Parts:
    """Values of the parts of new areas: one row an entry of the weights, one column a period."""

    known: Floats
    """0 where absent."""
    has: Mask
    reasons: Bytes
    shape: tuple[int, ...]
    """Of the result."""


def _parts(given: Published, by: Weights) -> _Parts:
    columns = (by.olds, prod(given.values.shape[1:]))
    values = given.values.reshape(columns)[by.old]
    reasons = _reasons(given).reshape(columns)[by.old]
    has = ~np.isnan(values)
    return _Parts(np.where(has, values, 0.0), has, reasons, (by.news, *given.values.shape[1:]))


def _reasons(given: Published) -> Bytes:
    """Reasons that agree with the values on whether there is one."""
    absent = np.isnan(given.values)
    plain = np.where(absent, np.uint8(Reason.NO_FIGURE), np.uint8(Reason.OBSERVED))
    if given.reasons is None:
        return plain
    return np.where((given.reasons < FIRST_ABSENT) == absent, plain, given.reasons)


def _carried(
    parts: _Parts, by: Weights, cells: tuple[Floats, Floats, Floats], split: Mask
) -> Carried:
    blocks = ~parts.has & blocking(parts.reasons, Use.SUM)
    absent = (by.sums(blocks) > 0) | (by.sums(parts.has) == 0) | by.unknown[:, None]
    values, lower, upper = (np.where(absent, np.nan, each).reshape(parts.shape) for each in cells)
    carried = np.where(split, np.uint8(Reason.ESTIMATED), np.uint8(Reason.RECODED))
    reasons = np.where(absent, _why_absent(parts, by), carried)
    same = by.kinds == LinkKind.SAME
    reasons[by.new[same]] = parts.reasons[same]
    entry, period = np.nonzero(blocks)
    return Carried(
        values=values,
        lower=lower,
        upper=upper,
        reasons=reasons.reshape(parts.shape),
        coverage=np.minimum(by.sums(by.of_new[:, None] * ~blocks), 1.0).reshape(parts.shape),
        blocked=np.column_stack([by.new[entry], by.old[entry], period.astype(np.int32)]),
    )


def _why_absent(parts: _Parts, by: Weights) -> Bytes:
    """The reason of the parts of each new area if they have one in common."""
    shape = (by.news, parts.reasons.shape[1])
    reasons = np.full(shape, Reason.OTHER_BOUNDARIES, np.uint8)
    reasons[by.new] = parts.reasons
    differ = by.sums(parts.reasons != reasons[by.new]) > 0
    reasons = np.where(differ, np.uint8(Reason.PART_UNKNOWN), reasons)
    return np.where(by.unknown[:, None], np.uint8(Reason.OTHER_BOUNDARIES), reasons)


def _rate_bounds(over: Carried, under: Carried) -> tuple[Floats, Floats]:
    """Parts of numerator and denominator may go either way, each by itself."""
    upper = np.where(over.upper == 0, 0.0, _divided(over.upper, under.lower))
    return _divided(over.lower, under.upper), upper


def _share_bounds(over: Carried, under: Carried) -> tuple[Floats, Floats]:
    """Least: all of the split parts but those counted above. Most: those alone."""
    above = over.upper - over.lower
    others, those = under.upper - above, under.lower + above
    return (
        np.where(others == 0, 1.0, _divided(over.lower, others)),
        np.where(those == 0, 0.0, _divided(over.upper, those)),
    )


def _divided(above: Floats, below: Floats) -> Floats:
    """The quotient; NaN where the divisor is not above zero."""
    quotient: Floats = np.full(above.shape, np.nan)
    return np.divide(above, below, out=quotient, where=below > 0)


def _among_parts(holds: Mask, by: Weights) -> Mask:
    """Of each new area whether something holds for any of its parts."""
    among: Mask = by.sums(holds.reshape(by.olds, prod(holds.shape[1:]))[by.old]) > 0
    return among.reshape(by.news, *holds.shape[1:])


def _preferred(first: Carried, second: Carried, where: Mask) -> Carried:
    """The first where `where` holds of the new area, else the second."""
    pick = where.reshape(-1, *[1] * (first.values.ndim - 1))
    return Carried(
        values=np.where(pick, first.values, second.values),
        lower=np.where(pick, first.lower, second.lower),
        upper=np.where(pick, first.upper, second.upper),
        reasons=np.where(pick, first.reasons, second.reasons),
        coverage=np.where(pick, first.coverage, second.coverage),
        blocked=_each_once(
            first.blocked[where[first.blocked[:, 0]]], second.blocked[~where[second.blocked[:, 0]]]
        ),
    )


def _each_once(one: Rows, other: Rows) -> Rows:
    rows = np.concatenate([one, other])
    rows = rows[np.lexsort(rows.T[::-1])]
    return rows[np.diff(rows, axis=0, prepend=-1).any(axis=1)]


def _sums(rows: NDArray[np.int64], amounts: NDArray[np.generic], length: int) -> Floats:
    return np.bincount(rows, amounts, length).astype(np.float64, copy=False)
