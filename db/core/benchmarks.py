"""What a value is compared with: the aggregate, the quartiles and the extremes of a group of areas.

Made of the figures of the areas and of nothing else: an unknown one is not filled in, and the
result need not equal what the publisher gives for the whole. Medians and classes have no aggregate.
"""

from dataclasses import dataclass, fields
from enum import Enum, IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from db.core.benchmark_rows import Counts, Mask, Others, Places, R, Rows, ratio, rows_of
from db.core.figures import Bytes, Floats
from db.core.indicator import Aggregation, Indicator, Kind

Labels = NDArray[np.integer[Any]]

COVERAGE = 0.8
"""Part of the weight that must have a value, unless the caller says otherwise."""
COMPLETE = 1.0


class WeighedBy(Enum):
    """What an area counts for in its group."""

    DENOMINATOR = "denominator"
    """By what the indicator is a share or mean of."""
    INHABITANTS = "inhabitants"
    AREAS = "areas"
    """Each area the same, which is to say unweighted."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each area counts for; NaN, infinite and negative are unknown."""

    by: WeighedBy
    values: Floats

    @classmethod
    def equal(cls, areas: int) -> "Weights":
        return cls(WeighedBy.AREAS, np.ones(areas))


@dataclass(frozen=True, slots=True)
class Rule:
    """The arithmetic that the values of an indicator allow."""

    kind: Kind
    aggregation: Aggregation
    factor: float = 1.0

    @classmethod
    def of(cls, indicator: Indicator) -> "Rule":
        return cls(indicator.kind, indicator.aggregation, indicator.factor)

    @property
    def aggregable(self) -> bool:
        """Medians and classes never are, whatever rule stands beside them."""
        return self.kind not in _SETTLED and self.aggregation is not Aggregation.NONE

    def aggregates_by(self, aggregation: Aggregation) -> bool:
        return self.aggregable and self.aggregation is aggregation


_SETTLED = (Kind.MEDIAN, Kind.CLASS)


class Refusal(IntEnum):
    """Why a group has no aggregate or no quartiles. Stored in a byte: append, never renumber."""

    NONE = 0
    """There is one."""
    NO_RULE = 1
    NO_VALUE = 2
    WEIGHTS_UNKNOWN = 3
    """What coverage tells is then itself too little."""
    LOW_COVERAGE = 4

    def text(self, language: str) -> str:
        """The explanation for people, in `nl` or `en`."""
        dutch, english = _TEXTS[self]
        return dutch if language == "nl" else english


_TEXTS = {
    Refusal.NONE: ("Berekend.", "Computed."),
    Refusal.NO_RULE: (
        "Waarden van deze soort laten zich niet optellen of middelen.",
        "Values of this kind can neither be added up nor averaged.",
    ),
    Refusal.NO_VALUE: (
        "Geen gebied dat meetelt heeft een waarde.",
        "No area that counts has a value.",
    ),
    Refusal.WEIGHTS_UNKNOWN: (
        "Van te veel gebieden is onbekend hoe zwaar zij tellen.",
        "Of too many areas it is unknown what they count for.",
    ),
    Refusal.LOW_COVERAGE: (
        "Van een te klein deel van de groep is de waarde bekend.",
        "The value is known for too small a part of the group.",
    ),
}


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Benchmarks:
    """One entry a group. `known`, `unknown` and `left_out` add up to the areas of the group."""

    aggregates: Floats
    """Sum, weighted mean or quotient of sums; NaN where refused."""
    refusals: Bytes
    """A Refusal for each aggregate."""
    lower_quartiles: Floats
    medians: Floats
    upper_quartiles: Floats
    """Of the values of the areas, by weight; NaN where refused."""
    quartile_refusals: Bytes
    lowest: Floats
    highest: Floats
    """Of the areas with a value that count, however few they are; NaN without any."""
    known: Counts
    """Areas that the aggregate is made of. In a sum all with a value count, in a mean those of
    them with a weight above zero, in what is recomputed those with a numerator and a weight."""
    unknown: Counts
    """Areas that lack the value (or numerator), their weight being above zero or unknown."""
    left_out: Counts
    """Areas that do not count, such as those where nobody lives."""
    unweighted: Counts
    """Areas of unknown weight, wherever else they are counted; `coverage` cannot see them."""
    coverage: Floats
    """Part of the known weight that has a value, 0 to 1; NaN where nothing has a weight."""
    weighed_by: WeighedBy

    def __len__(self) -> int:
        return len(self.aggregates)

    @property
    def nbytes(self) -> int:
        return sum(getattr(self, name).nbytes for name in _ARRAYS)


_ARRAYS = tuple(each.name for each in fields(Benchmarks) if each.name != "weighed_by")


@dataclass(frozen=True, slots=True)
class Gaps:
    """How far values lie from what they are compared with; NaN where that has no meaning."""

    differences: Floats
    """Value minus benchmark, in the unit of the indicator; none between classes."""
    ratios: Floats
    """Value over benchmark; none of indices and classes, which have no natural zero, of negative
    values, and to a benchmark that is not above zero."""


def benchmarks(
    values: Floats,
    weights: Weights,
    rule: Rule,
    groups: Labels | Mask,
    *,
    number: int | None = None,
    numerators: Floats | None = None,
    needed: float = COVERAGE,
    needed_for_sums: float = COMPLETE,
) -> Benchmarks:
    """What the values of each group are compared with; the arrays given have one entry an area.

    `groups` numbers the groups from 0 (-1: in none; there are `number`, by default as many as are
    named), or is a mask of the one group. `values` are finite, or NaN for no value. With less
    than `needed` of the weight known there is neither a mean nor a quartile. A sum that lacks
    areas is too low by what nobody knows, so unless the caller says otherwise it must be complete.
    RECOMPUTE divides the sum of `numerators` by that of the denominators, its weights; a
    numerator counts where the denominator is zero too, such as offences where nobody lives.
    """
    rows, _ = _rows(Rows, values, weights, rule, groups, number, numerators)
    return _found(rows, weights.by, rule, needed, needed_for_sums)


def benchmarks_of_others(
    values: Floats,
    weights: Weights,
    rule: Rule,
    groups: Labels | Mask,
    *,
    numerators: Floats | None = None,
    needed: float = COVERAGE,
    needed_for_sums: float = COMPLETE,
) -> Benchmarks:
    """For every area what the others of its group say: one entry an area, as `benchmarks` of its
    group without it.

    An area in no group has NaN, counts of zero and NO_VALUE or NO_RULE.
    """
    rows, at = _rows(Others, values, weights, rule, groups, None, numerators)
    found = _found(rows, weights.by, rule, needed, needed_for_sums)
    nothing = Refusal.NO_VALUE if rule.aggregable else Refusal.NO_RULE
    empty = {"refusals": nothing, "quartile_refusals": Refusal.NO_VALUE}
    arrays: dict[str, Any] = {}
    for name in _ARRAYS:
        told = getattr(found, name)
        absent = np.nan if told.dtype == np.float64 else empty.get(name, 0)
        arrays[name] = np.full(len(values), absent, told.dtype)
        arrays[name][at] = told
    return Benchmarks(weighed_by=weights.by, **arrays)


def rest(groups: Labels | Mask, part: Mask) -> Labels | Mask:
    """The groups without some areas, such as a gemeente without its focus area.

    Of whole numbers, the sums of the rest and of the part are exactly the sum of the group. A
    group of which nothing is left keeps its number only if the caller says how many there are.
    """
    return groups & ~part if groups.dtype == np.bool_ else np.where(part, -1, groups)


def gaps(values: Floats, against: Floats, kind: Kind) -> Gaps:
    """Difference and ratio of values to benchmarks, one to one or all to a single one."""
    nothing = np.full(np.broadcast_shapes(values.shape, against.shape), np.nan)
    if kind is Kind.CLASS:
        return Gaps(nothing, nothing)
    sensible = (values >= 0) & (against > 0) & (kind is not Kind.INDEX)
    return Gaps(values - against, np.divide(values, against, out=nothing, where=sensible))


def _rows(
    kind: type[R],
    values: Floats,
    weights: Weights,
    rule: Rule,
    groups: Labels | Mask,
    number: int | None,
    numerators: Floats | None,
) -> tuple[R, Places]:
    recomputed = rule.aggregates_by(Aggregation.RECOMPUTE)
    if recomputed and (numerators is None or weights.by is not WeighedBy.DENOMINATOR):
        raise ValueError("recomputing needs the numerators, and the denominators as weights")
    labels = _labels(groups)
    named = 1 if groups.dtype == np.bool_ else int(labels.max(initial=-1)) + 1
    if number is not None and number < named:
        raise ValueError(f"an area is in group {named - 1} of {number} groups numbered from 0")
    return rows_of(
        kind,
        values,
        weights.values,
        labels,
        named if number is None else number,
        numerators=numerators if recomputed else None,
        summed=rule.aggregates_by(Aggregation.SUM),
    )


def _labels(groups: Labels | Mask) -> NDArray[np.intp]:
    if groups.dtype == np.bool_:
        return np.where(groups, 0, -1).astype(np.intp)
    return groups.astype(np.intp)


def _found(
    rows: Rows, by: WeighedBy, rule: Rule, needed: float, needed_for_sums: float
) -> Benchmarks:
    weighty = rows.weighty()
    lowest, highest = rows.extremes()
    refusals = _refusals(rows, needed_for_sums if rows.summed else needed)
    quartile_refusals = _refusals(weighty, needed)
    quartiles = weighty.quartiles(between=rule.kind is not Kind.CLASS)
    quartiles = np.where(quartile_refusals == Refusal.NONE, quartiles, np.nan)
    aggregates = _aggregates(rows, rule)
    return Benchmarks(
        aggregates=np.where(refusals == Refusal.NONE, aggregates, np.nan),
        refusals=refusals if rule.aggregable else np.full_like(refusals, Refusal.NO_RULE),
        lower_quartiles=quartiles[0],
        medians=quartiles[1],
        upper_quartiles=quartiles[2],
        quartile_refusals=quartile_refusals,
        lowest=lowest,
        highest=highest,
        known=rows.tally(rows.known),
        unknown=rows.tally(rows.missing),
        left_out=rows.tally(~(rows.known | rows.missing)),
        unweighted=rows.tally(~rows.weighed),
        coverage=rows.coverage(),
        weighed_by=by,
    )


def _aggregates(rows: Rows, rule: Rule) -> Floats:
    """NaN for a group without known areas, and where there is no rule."""
    whole = rows.total(rows.weights * rows.known)
    if not rule.aggregable:
        return np.full(len(whole), np.nan)
    if rule.aggregates_by(Aggregation.WEIGHTED_MEAN):
        # Measured from the lowest, so that the mean of equal values is exactly that value.
        lowest = rows.lowest()
        above = np.where(rows.known, rows.values - lowest[rows.labels], 0.0)
        return rows.of_group(lowest) + ratio(rows.total(rows.weights * above), whole)
    sums = rows.total(np.where(rows.known, rows.numerators, 0.0))
    return sums if rows.summed else rule.factor * ratio(sums, whole)


def _refusals(rows: Rows, needed: float) -> Bytes:
    """The first reason that holds for each group."""
    # What an area in a sum weighs does not matter, only what an area that it lacks does.
    unseen = ~rows.weighed & rows.missing if rows.summed else ~rows.weighed
    areas = rows.tally(rows.known | rows.missing | unseen)
    made_of = rows.known & (rows.summed | (rows.weights > 0))
    reasons = {
        Refusal.NO_VALUE: rows.tally(made_of) == 0,
        Refusal.WEIGHTS_UNKNOWN: ratio(areas - rows.tally(unseen), areas) < needed,
        Refusal.LOW_COVERAGE: rows.coverage() < needed,
    }
    return np.select(list(reasons.values()), list(reasons), Refusal.NONE).astype(np.uint8)
