"""Values of areas made of units, each with what it covers, what blocks it and how it was made."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import strawberry

from db.core import programme
from db.core.absence import Reason, Status
from db.core.aggregate import Method, is_additive, rounding_margin
from db.core.figures import known
from db.core.indicator import Indicator as CoreIndicator
from schema.aggregate_comparison import AggregateComparison, compared_with
from schema.aggregate_enums import CoverageBy
from schema.composed import Composed
from schema.composed_cells import Told, told_of
from schema.context import Context, Info
from schema.errors import LimitOutOfRange
from schema.fields import field
from schema.figures import ROUNDED_LEVELS, Problem, Question, newest_year, worked_out
from schema.indicators import Indicator
from schema.language import LanguageArgument, chosen, said
from schema.observations import IndicatorProblem, ReasonType
from schema.provenance import Provenance, provenance_of
from schema.references import AreaItem

_REASONS = {int(reason): reason for reason in Reason}
_METHODS = {int(method): method for method in Method}
_METHOD_TEXTS = {
    Method.NONE: ("Er is geen waarde.", "There is no value."),
    Method.ONE_PART: (
        "Het gebied is één hele eenheid: de waarde die de bron daarvan geeft.",
        "The area is one whole unit: the value that the source gives for it.",
    ),
    Method.SUM: (
        "Som van de waarden van de eenheden.",
        "The sum of the values of the units.",
    ),
    Method.QUOTIENT: (
        "Som van de gepubliceerde tellers, gedeeld door die van de noemers.",
        "The sum of the published numerators, divided by that of the denominators.",
    ),
    Method.MEAN: (
        "Gemiddelde van de eenheden, elk gewogen met de noemer van hetzelfde jaar.",
        "The mean of the units, each weighted by its denominator of the same year.",
    ),
    Method.MEAN_BY_STAND_IN: (
        "Gemiddelde van de eenheden, gewogen met een ander getal dan de noemer van dat jaar: een "
        "schatting, die tussen de waarden van de eenheden ligt.",
        "The mean of the units, weighted by another number than the denominator of that year: an "
        "estimate, which lies among the values of the units.",
    ),
}


@dataclass(frozen=True, slots=True)
class Blocking:
    """The source of a BlockedBy."""

    area: Any
    reason: Reason

    @property
    def status(self) -> Status:
        return self.reason.status


@dataclass(frozen=True, slots=True)
class Rounded:
    """The source of a RoundedSum."""

    multiple: int
    numbers: int
    margin: float


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """The source of an Aggregate: one year of what was told."""

    told: Told
    at: int

    @property
    def composed(self) -> Composed:
        return self.told.composed

    @property
    def indicator(self) -> CoreIndicator:
        return self.told.indicator

    @property
    def year(self) -> int:
        return self.told.years[self.at]

    @property
    def vintage(self) -> int:
        return self.composed.vintage

    @property
    def reason(self) -> Reason:
        return _REASONS[self.told.found.reasons.item(self.at)]

    @property
    def status(self) -> Status:
        return self.reason.status

    @property
    def method(self) -> Method:
        return _METHODS[self.told.found.methods.item(self.at)]

    @property
    def value(self) -> float | None:
        return known(self.told.found.values.item(self.at))

    @property
    def lower(self) -> float | None:
        return known(self.told.found.lower.item(self.at))

    @property
    def upper(self) -> float | None:
        return known(self.told.found.upper.item(self.at))

    @property
    def coverage(self) -> float | None:
        return known(self.told.found.coverage.item(self.at))

    @property
    def coverage_by(self) -> CoverageBy:
        return CoverageBy.INHABITANTS if self.told.by_inhabitants else CoverageBy.UNITS

    @property
    def known(self) -> int:
        return int(self.told.found.counted[self.at])

    @property
    def units(self) -> int:
        return len(self.composed.units)

    @property
    def blocked_by(self) -> list[Blocking]:
        found = self.told.found.blocked
        rows = found[found[:, 1] == self.at, 0].tolist()
        return [Blocking(self.composed.units[row].area, self._lacks(row)) for row in rows]

    def _lacks(self, row: int) -> Reason:
        """Why a unit blocks: it has no value, or a value and no weight."""
        own = _REASONS[self.told.reasons.item(row, self.at)]
        return Reason.NO_WEIGHT if own.status.has_value else own

    @property
    def weights_indicator(self) -> str | None:
        if self.method is Method.MEAN_BY_STAND_IN and self.told.stand_in is not None:
            return self.told.stand_in[0]
        return self.indicator.denominator if self._weighted else None

    @property
    def weights_year(self) -> int | None:
        if self.method is Method.MEAN_BY_STAND_IN and self.told.stand_in is not None:
            return self.told.stand_in[1]
        return self.year if self._weighted else None

    @property
    def _weighted(self) -> bool:
        return self.method in (Method.MEAN, Method.QUOTIENT)

    @property
    def rounding(self) -> Rounded | None:
        fine = all(level in ROUNDED_LEVELS for level in self.composed.levels)
        multiple = self.indicator.rounding
        if self.method not in (Method.SUM, Method.ONE_PART) or not fine or multiple is None:
            return None
        margin = rounding_margin(multiple, self.known)
        return None if margin is None else Rounded(multiple, self.known, margin)

    @property
    def provisional(self) -> bool:
        return self.told.provisional[self.at]

    @property
    def certainty(self) -> programme.Certainty | None:
        return self.composed.certainty


def values_of_area(
    context: Context, composed: Composed, slugs: Sequence[str], year: int | None
) -> list[Value | Problem]:
    """Values in one year, or in the newest of each indicator; in the order of the slugs."""
    return [
        told if isinstance(told, Problem) else Value(told, 0)
        for told in told_each(
            context, composed, slugs, lambda item: [_year(context, composed, item, year)]
        )
    ]


def told_each(
    context: Context,
    composed: Composed,
    slugs: Sequence[str],
    years: Callable[[CoreIndicator], Sequence[int]],
) -> list[Told | Problem]:
    """Every indicator in its years; what is more than a request may ask loses only itself."""
    found: list[Told | Problem] = []
    for item in items_of(context, composed, slugs):
        if isinstance(item, Problem):
            found.append(item)
            continue
        try:
            found.append(told_of(context, composed, item, years(item)))
        except LimitOutOfRange as refusal:
            found.append(Problem.one_too_many(item.slug, refusal))
    return found


def _year(context: Context, composed: Composed, indicator: CoreIndicator, year: int | None) -> int:
    """The year asked for, or the newest that units of all levels have, or those of the first."""
    if year is not None:
        return year
    years = [
        set(context.facts.own_years(indicator.slug, level, composed.vintage))
        for level in composed.levels
    ]
    shared = set.intersection(*years) if years else set()
    if shared:
        return max(shared)
    return newest_year(context, composed.levels[0], composed.vintage, indicator)


def items_of(
    context: Context, composed: Composed, slugs: Sequence[str]
) -> list[CoreIndicator | Problem]:
    """What is asked: indicators that the units have figures of, and problems."""
    answers = [worked_out(context, table, slugs, "aggregates", _items) for table in composed.tables]
    return [
        next((each for each in at if isinstance(each, Problem)), at[0])
        for at in zip(*answers, strict=True)
    ]


def _items(asked: Question) -> tuple[CoreIndicator | Problem, ...]:
    return asked.items


def blocked_reason(source: strawberry.Parent[Blocking]) -> Reason:
    return source.reason


def blocked_text(
    source: strawberry.Parent[Blocking], info: Info, language: LanguageArgument = None
) -> str:
    return source.reason.text(chosen(info.context, language))


def aggregate_text(
    source: strawberry.Parent[Value], info: Info, language: LanguageArgument = None
) -> str:
    return source.reason.text(chosen(info.context, language))


def method_text(
    source: strawberry.Parent[Value], info: Info, language: LanguageArgument = None
) -> str:
    return said(_METHOD_TEXTS[source.method], info.context, language)


def rounded_text(
    source: strawberry.Parent[Rounded], info: Info, language: LanguageArgument = None
) -> str:
    if chosen(info.context, language) == "en":
        return (
            f"A sum of {source.numbers} numbers that the source has rounded to multiples of "
            f"{source.multiple}: it may be off by {source.margin:g} either way."
        )
    return (
        f"Een som van {source.numbers} getallen die de bron op veelvouden van {source.multiple} "
        f"heeft afgerond: zij kan er {source.margin:g} naast zitten, naar beide kanten."
    )


def provenances(source: strawberry.Parent[Value], info: Info) -> Any:
    found = [provenance_of(info.context, load) for load in source.told.loads[source.at]]
    return [each for each in found if each is not None]


def additive(source: strawberry.Parent[Value]) -> bool:
    return is_additive(source.indicator)


@strawberry.type(description="A unit without the value that the whole would need.")
class BlockedBy:
    area: AreaItem = field("The unit.")
    status: Status = field("What sort of absence it is.")
    reason: ReasonType = field("Why its value is absent.", blocked_reason)
    reason_text: str = field("The reason in a sentence.", blocked_text)


@strawberry.type(description="That a sum is one of rounded numbers.")
class RoundedSum:
    multiple: int = field("The source rounds each number to a multiple of this.")
    numbers: int = field("How many rounded numbers were added up.")
    margin: float = field("How far the sum may be off by that, either way.")
    text: str = field("The same in a sentence.", rounded_text)


@strawberry.type(
    description="A value of an area made of units, out of the published values of those units and "
    "of nothing else. A unit without a value makes the whole absent and is named; no part of a "
    "whole is ever told by subtraction."
)
class Aggregate:
    indicator: Indicator = field("What it is a value of.")
    year: int = field("Year that the value is of.")
    vintage: int = field("Year of the boundaries of the units.")
    value: float | None = field("The value in the indicator's unit; null where it is absent.")
    status: Status = field(
        "RECODED where it follows exactly, ESTIMATED where a share or a weight had to be taken as "
        "known, MODELLED where a unit's value is; of one whole unit what the source says. All "
        "others have no value."
    )
    reason: ReasonType = field(
        "Why the value is there or not: the reason of the units where they share one."
    )
    reason_text: str = field("The reason in a sentence.", aggregate_text)
    lower: float | None = field(
        "The least that the value can be, whatever is not known of shares and weights: of a unit "
        "that belongs in part, none of those counted. Null where nothing bounds it. Rounding and "
        "chance are not in it."
    )
    upper: float | None = field("The most that it can be, likewise.")
    coverage: float | None = field("Part of the area whose units have a value, 0 to 1.")
    coverage_by: CoverageBy = field("What `coverage` is measured in.")
    known: int = field("Units with a value.")
    units: int = field("Units of the area.", name="unitCount")
    blocked_by: list[BlockedBy] = field("Units that make the value absent, and why.")
    method: Method = field("How the value was made.")
    method_text: str = field("The same in a sentence.", method_text)
    additive: bool = field(
        "Whether the value of a whole follows from those of its units: not for a median, class or "
        "index.",
        additive,
    )
    weights_indicator: str | None = field("Slug of what the units were weighted by.")
    weights_year: int | None = field("Year of the weights.")
    rounding: RoundedSum | None = field("Whether it is a sum of rounded numbers; else null.")
    certainty: programme.Certainty | None = field(
        "How sure it is that the least sure unit belongs to the area; null for an area that the "
        "caller has put together."
    )
    provisional: bool = field("Whether the source calls the value of any unit provisional.")
    comparison: list[AggregateComparison] | None = field(
        "The value beside the rest of its gemeente and the country.", compared_with
    )
    provenances: list[Provenance] = field(
        "What the cells of the units were loaded from.", provenances
    )

    @classmethod
    def is_type_of(cls, value: object, info: Any) -> bool:
        return isinstance(value, Value)


AggregateResult = Annotated[
    Aggregate | IndicatorProblem,
    strawberry.union(
        "AggregateResult", description="A value of an area made of units, or why there is none."
    ),
]
