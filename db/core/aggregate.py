"""Values of an area that is made of parts, out of the published values of those parts.

Counts are added up, rates and means made again from numerator and denominator, medians, classes and
indices refused. The arithmetic, the bounds of a part that belongs by a share, and what an absent
part does are those of `db.core.harmonise`: the area is one new area, its parts are the old ones.

Nothing goes in but the cells of the parts themselves: what a source withholds of a part blocks
the whole, and no published whole is ever subtracted from.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from db.core.absence import Reason
from db.core.absence_rules import Use, allows, left_out
from db.core.area_links import LinkKind
from db.core.figures import Bytes, Floats
from db.core.harmonise import (
    Carried,
    Published,
    Weights,
    carry_counts,
    carry_mean,
    carry_ratio,
    carry_unchanged,
)
from db.core.indicator import Aggregation, Indicator, Kind
from db.core.ranking import Rows

Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]
_UNKNOWN = 0.5
"""Stands for a share that is not known, to work out bounds; what it gives is never told."""


class Method(IntEnum):
    """How a value was made of those of the parts."""

    NONE = 0
    """There is none."""
    ONE_PART = 1
    """The area is one whole part: its own published value."""
    SUM = 2
    QUOTIENT = 3
    """Published numerators added up, over denominators added up."""
    MEAN = 4
    """Each part by its denominator of the same year."""
    MEAN_BY_STAND_IN = 5
    """Each part by another number that stands for its denominator."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What an area is made of."""

    shares: Floats
    """Share of each part that is inside: above 0, up to 1; NaN where that is not known."""
    inhabitants: Floats
    """Of each part, NaN where not known; only coverage is measured in them."""

    def __len__(self) -> int:
        return len(self.shares)

    @property
    def one(self) -> bool:
        """Whether it is one whole part and nothing else."""
        return len(self) == 1 and bool(self.shares[0] == 1)

    @property
    def by_inhabitants(self) -> bool:
        """Whether coverage is of inhabitants; else it is of parts."""
        people = self.inhabitants * self.shares
        return bool(np.isfinite(people).all() and people.sum() > 0)

    def weights(self) -> Weights:
        count = len(self)
        shares = np.where(np.isnan(self.shares), _UNKNOWN, self.shares)
        sizes = self.inhabitants * shares if self.by_inhabitants else np.ones(count)
        kind = LinkKind.SAME if self.one else LinkKind.MERGED
        return Weights(
            old=np.arange(count, dtype=np.int32),
            new=np.zeros(count, np.int32),
            of_old=shares,
            of_new=sizes / sizes.sum() if count else sizes,
            kinds=np.full(count, kind, np.uint8),
            methods=np.zeros(count, np.uint8),
            unknown=np.zeros(1, np.bool_),
            olds=count,
            news=1,
        )


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of the parts: arrays of (parts, years)."""

    values: Published
    numerators: Published | None = None
    denominators: Published | None = None
    """Of the same years; absent in the years in which they are not published."""
    stand_in: Published | None = None
    """Another weight: the denominator of another year, or inhabitants."""


@dataclass(frozen=True, slots=True)
class Aggregated:
    """Values of the whole by year."""

    values: Floats
    lower: Floats
    """The least that the value can be, whatever is not known of shares or weights; the value
    itself where it is exact, NaN where nothing bounds it. `upper` alike."""
    upper: Floats
    reasons: Bytes
    coverage: Floats
    """Part of the inhabitants, or of the parts, whose cells are there; 0 to 1."""
    blocked: Rows
    """Parts that make the whole absent: (part, column of the year), each once."""
    methods: Bytes
    counted: Counts
    """Parts with a value by year: of so many rounded numbers a sum is made."""


def aggregate(indicator: Indicator, parts: Parts, cells: Cells) -> Aggregated:
    """The values of an area made of parts, by the rule of the indicator."""
    if not len(parts):
        return _nothing(cells.values.values.shape[1], Reason.NO_ROW)
    by = parts.weights()
    if parts.one:
        carried, methods = carry_unchanged(cells.values, by), _all(cells, Method.ONE_PART)
    elif not is_additive(indicator):
        return _nothing(cells.values.values.shape[1], Reason.NOT_ADDITIVE)
    elif indicator.aggregation is Aggregation.SUM:
        carried, methods = carry_counts(cells.values, by), _all(cells, Method.SUM)
    else:
        carried, methods = _rate(indicator, cells, by)
    return _aggregated(carried, methods, parts, cells)


def is_additive(indicator: Indicator) -> bool:
    """Whether the value of a whole follows from those of its parts."""
    use = Use.SUM if indicator.aggregation is Aggregation.SUM else Use.MEAN
    return indicator.aggregation is not Aggregation.NONE and allows(indicator.kind, use)


def rounding_margin(rounding: int | None, counted: int) -> float | None:
    """How far the sum of so many numbers may lie from what was counted, for they were rounded."""
    return None if rounding is None else counted * rounding / 2


def _rate(indicator: Indicator, cells: Cells, by: Weights) -> tuple[Carried, Bytes]:
    """The best of three ways, year by year: numerators, denominators, a weight that stands in."""
    found: list[tuple[Method, Carried]] = []
    for method, way in _ways(indicator, cells, by):
        found.append((method, way()))
        if not np.isnan([carried.values[0] for _, carried in found]).all(axis=0).any():
            break
    if not found:
        return _unweighed(carry_unchanged(cells.values, by)), _all(cells, Method.NONE)
    return _first_known(found)


def _ways(
    indicator: Indicator, cells: Cells, by: Weights
) -> Iterator[tuple[Method, Callable[[], Carried]]]:
    whole = 100.0 if indicator.kind is Kind.SHARE else None
    values = cells.values
    below, stand_in = (_counted(cells, each) for each in (cells.denominators, cells.stand_in))
    if cells.numerators is not None and below is not None:
        told = _unless_withheld(cells)
        yield Method.QUOTIENT, lambda: carry_ratio(told, below, by, factor=indicator.factor)
    if below is not None:
        yield Method.MEAN, lambda: carry_mean(values, below, by, whole=whole)
    if stand_in is not None:
        yield (
            Method.MEAN_BY_STAND_IN,
            lambda: _between_parts(carry_mean(values, stand_in, by), cells),
        )


def _counted(cells: Cells, weights: Published | None) -> Published | None:
    """Weights without those of parts that are left out: they would thin the mean of the others."""
    if weights is None:
        return None
    reasons = _reasons(cells.values)
    out = left_out(reasons, Use.MEAN)
    return Published(
        np.where(out, np.nan, weights.values), np.where(out, reasons, _reasons(weights))
    )


def _unless_withheld(cells: Cells) -> Published:
    """The numerators, but where the rate itself is absent: two published numbers would tell it.

    Where there is nothing to be a rate of (a denominator of 0), a numerator counts all the same.
    """
    assert cells.numerators is not None
    assert cells.denominators is not None
    hidden = np.isnan(cells.values.values) & (cells.denominators.values != 0)
    numbers, why = cells.numerators, _reasons(cells.values)
    return Published(
        np.where(hidden, np.nan, numbers.values), np.where(hidden, why, _reasons(numbers))
    )


def _between_parts(mean: Carried, cells: Cells) -> Carried:
    """A mean whose weights are not its own: whatever these are, it lies among the parts."""
    known = np.where(np.isnan(mean.values), np.nan, cells.values.values)
    lowest, highest = _extremes(known)
    estimated = ~np.isnan(mean.values)
    return replace(
        mean,
        lower=np.fmin(lowest, mean.values),
        upper=np.fmax(highest, mean.values),
        reasons=np.where(estimated, np.uint8(Reason.ESTIMATED), mean.reasons),
    )


def _extremes(values: Floats) -> tuple[Floats, Floats]:
    """Lowest and highest of each column; NaN without any."""
    low = np.fmin.reduce(values, axis=0, initial=np.nan)
    high = np.fmax.reduce(values, axis=0, initial=np.nan)
    return low, high


def _unweighed(carried: Carried) -> Carried:
    return replace(
        carried,
        values=np.full_like(carried.values, np.nan),
        lower=np.full_like(carried.values, np.nan),
        upper=np.full_like(carried.values, np.nan),
        reasons=np.full_like(carried.reasons, Reason.NO_WEIGHT),
    )


def _first_known(ways: list[tuple[Method, Carried]]) -> tuple[Carried, Bytes]:
    """By year the first way that has a value; where none has, what the last says of it."""
    years = ways[0][1].values.shape[1]
    chosen = np.zeros(years, np.int64)
    for at, (_, carried) in reversed(list(enumerate(ways))):
        chosen[~np.isnan(carried.values[0])] = at
    # Where no way has a value, the last one names the parts that are absent, and not the weights.
    unknown = np.isnan([each.values[0] for _, each in ways]).all(axis=0)
    chosen[unknown] = len(ways) - 1
    columns = np.arange(years)

    def picked(name: str) -> NDArray[np.generic]:
        stacked = np.stack([getattr(carried, name)[0] for _, carried in ways])
        found: NDArray[np.generic] = stacked[chosen, columns][None]
        return found

    blocked = np.concatenate(
        [c.blocked[chosen[c.blocked[:, 2]] == at] for at, (_, c) in enumerate(ways)]
    )
    carried = Carried(
        **{name: picked(name) for name in ("values", "lower", "upper", "reasons", "coverage")},  # type: ignore[arg-type]
        blocked=blocked,
    )
    methods = np.array([method for method, _ in ways], np.uint8)[chosen]
    return carried, methods


def _aggregated(carried: Carried, methods: Bytes, parts: Parts, cells: Cells) -> Aggregated:
    values, reasons = carried.values[0].copy(), carried.reasons[0].copy()
    has = ~np.isnan(cells.values.values)
    # Half of nothing is nothing, whatever the half is.
    weighs = has & (cells.values.values != 0) if _only(methods, Method.SUM) else has
    open_ = (weighs & np.isnan(parts.shares)[:, None]).any(axis=0) & ~np.isnan(values)
    values[open_] = np.nan
    reasons[open_] = Reason.SHARE_UNKNOWN
    modelled = (_reasons(cells.values) == Reason.MODELLED).any(axis=0)
    reasons[modelled & (reasons == Reason.RECODED)] = Reason.MODELLED
    blocked = carried.blocked[:, 1:]
    return Aggregated(
        values=values,
        lower=carried.lower[0],
        upper=carried.upper[0],
        reasons=reasons,
        coverage=carried.coverage[0],
        blocked=blocked[np.lexsort(blocked.T)],
        methods=np.where(np.isnan(values) & ~open_, np.uint8(Method.NONE), methods),
        counted=has.sum(axis=0),
    )


def _only(methods: Bytes, method: Method) -> bool:
    return bool((methods == method).all())


def _all(cells: Cells, method: Method) -> Bytes:
    return np.full(cells.values.values.shape[1], method, np.uint8)


def _reasons(published: Published) -> Bytes:
    if published.reasons is not None:
        return published.reasons
    absent = np.isnan(published.values)
    return np.where(absent, np.uint8(Reason.NO_FIGURE), np.uint8(Reason.OBSERVED))


def _nothing(years: int, why: Reason) -> Aggregated:
    """No value in any year, for a reason that no part has."""
    none = np.full(years, np.nan)
    return Aggregated(
        values=none,
        lower=none,
        upper=none,
        reasons=np.full(years, why, np.uint8),
        coverage=none,
        blocked=np.zeros((0, 2), np.int32),
        methods=np.zeros(years, np.uint8),
        counted=np.zeros(years, np.int64),
    )
