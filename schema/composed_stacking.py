"""In how many domains an area made of units is among the worst, as one area among those of a table.

Its values are the aggregates of its units, each put among the areas of one level. What cannot be
made of its units is unknown with a reason, and a domain that depends on it has bounds. About areas,
never about households.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any

import numpy as np
import strawberry

from db.core.absence import Reason
from db.core.figures import known
from db.core.indicator import Aggregation
from db.core.levels import Level
from db.core.stacking import NO, SENSITIVITY, YES
from db.core.stacking_between import Between, stack_between
from db.core.stacking_definition import StackingDefinition
from schema.aggregates import Aggregate, Value
from schema.comparison_enums import Exceeded
from schema.composed import Composed
from schema.composed_cells import told_of
from schema.context import Context, Info
from schema.enums import described
from schema.fields import field
from schema.indicators import Indicator
from schema.language import LanguageArgument, said
from schema.stacked import WORDS, Part, Stacked, stacked
from schema.stacking import Count, StackingCount, StackingDefinitionType
from schema.stacking_parts import DomainRow, WeighedRow, row_name
from schema.whole_table import inhabitants_of


class NotStacked(Enum):
    """Why an indicator of an area made of units is unknown: Dutch and English."""

    NO_FIGURES = (
        "Op deze grenzen zijn er geen cijfers van.",
        "These boundaries have no figures of it.",
    )
    NO_VALUE = (
        "Uit de eenheden volgt geen waarde; `aggregate` zegt waarom.",
        "No value follows from the units; `aggregate` says why.",
    )
    GROWS_WITH_SIZE = (
        "Een aantal groeit met het gebied: naast gebieden van een andere grootte zegt het niets.",
        "A count grows with the area: beside areas of another size it says nothing.",
    )
    NOT_JUDGED = (
        "Het gebied wordt niet beoordeeld: er wonen te weinig mensen, of het is niet bekend "
        "hoeveel.",
        "The area is not judged: too few people live there, or it is not known how many.",
    )
    SAMPLE = (
        "Minder dan de helft van de gebieden waarnaast het zou staan heeft een cijfer.",
        "Less than half of the areas that it would be beside have a figure.",
    )


described(
    NotStacked,
    "Why an indicator of an area made of units is unknown.",
    name="NotStacked",
    NO_FIGURES="These boundaries have no figures of it, or not of the year.",
    NO_VALUE="No value follows from the units: it cannot be aggregated, or a unit blocks it.",
    GROWS_WITH_SIZE="It counts, and the area is of another size than those it would be beside.",
    NOT_JUDGED="The area itself is not judged: it has too few inhabitants, or not known how many.",
    SAMPLE="Less than half of the areas that it would be beside have a figure: they are a sample.",
)


@dataclass(frozen=True, slots=True, eq=False)
class IndicatorRow(WeighedRow):
    """The source of a ComposedStackingIndicator."""

    aggregate: Value | None
    ends: tuple[float, float]
    """Percentiles of the least and the most that it can be; NaN where it is unknown."""
    unknown: NotStacked | None

    @property
    def percentile_min(self) -> float | None:
        return known(self.ends[0])

    @property
    def percentile_max(self) -> float | None:
        return known(self.ends[1])


class PartRow(DomainRow):
    """The source of a ComposedStackingPart: one domain."""

    __slots__ = ("of",)

    def __init__(self, of: "Row", at: int) -> None:
        super().__init__(of.definition, at)
        self.of = of

    @property
    def percentile_min(self) -> float | None:
        return known(self.of.found.percentiles.item(0, self.at))

    @property
    def percentile_max(self) -> float | None:
        return known(self.of.found.percentiles.item(1, self.at))

    @property
    def exceeded(self) -> Exceeded:
        return WORDS[int(self.of.found.exceeded[self.at])]

    @property
    def indicators(self) -> Sequence[IndicatorRow]:
        return self.of.indicators[self.at]


@dataclass(frozen=True, eq=False)
class Row:
    """The source of a ComposedStacking."""

    composed: Composed
    among: Stacked
    eligible: bool
    indicators: tuple[tuple[IndicatorRow, ...], ...]
    """By domain."""

    @property
    def definition(self) -> StackingDefinition:
        return self.among.definition

    @property
    def level(self) -> Level:
        return self.composed.levels[0]

    @property
    def vintage(self) -> int:
        return self.composed.vintage

    @property
    def judged(self) -> int:
        return self.among.judged

    @cached_property
    def found(self) -> Between:
        rows = [each for domain in self.indicators for each in domain]
        least, most = ({each.indicator.slug: each.ends[end] for each in rows} for end in (0, 1))
        return stack_between(self.among.found, least, most)

    @property
    def count_min(self) -> int:
        return int((self.found.exceeded == YES).sum())

    @property
    def count_max(self) -> int:
        return int((self.found.exceeded != NO).sum())

    @property
    def count(self) -> int | None:
        return self.count_min if self.count_min == self.count_max else None

    @property
    def parts(self) -> list[PartRow]:
        return [PartRow(self, at) for at in range(len(self.definition.domains))]

    @property
    def sensitivity(self) -> list[Count]:
        counted = []
        for threshold in SENSITIVITY:
            found = self.found.at((threshold,) * len(self.definition.domains))
            counted.append(Count(threshold, int((found == YES).sum()), int((found != NO).sum())))
        return counted


def stacked_as_one(
    context: Context, composed: Composed, definition: StackingDefinition, year: int | None
) -> Row:
    """An area made of units as one among the areas of the largest level of its units."""
    among = stacked(context, composed.tables[0], definition, year)
    eligible = _is_judged(context, composed, definition)
    indicators = tuple(
        tuple(_indicator(context, composed, part, eligible=eligible) for part in domain)
        for domain in among.parts
    )
    return Row(composed, among, eligible, indicators)


def _is_judged(context: Context, composed: Composed, definition: StackingDefinition) -> bool:
    """Whether its whole units surely have as many inhabitants as an area must have."""
    people = 0.0
    for table in composed.tables:
        found = inhabitants_of(context, table)
        rows = [u.area.ordinal for u in composed.units if u.area.table is table and u.share == 1]
        if found is not None:
            people += float(np.nansum(found.values[rows]))
    return people > 0 and people >= definition.minimum_inhabitants


def _indicator(context: Context, composed: Composed, part: Part, *, eligible: bool) -> IndicatorRow:
    nothing = (float("nan"), float("nan"))
    if part.judged is None:
        return IndicatorRow(part, None, nothing, NotStacked.NO_FIGURES)
    value = Value(told_of(context, composed, part.indicator, [part.judged.asked.year]), 0)
    if not eligible:
        return IndicatorRow(part, value, nothing, NotStacked.NOT_JUDGED)
    if part.indicator.aggregation is Aggregation.SUM and not composed.is_one:
        return IndicatorRow(part, value, nothing, NotStacked.GROWS_WITH_SIZE)
    limits = _limits(value)
    if limits is None:
        return IndicatorRow(part, value, nothing, NotStacked.NO_VALUE)
    if part.places is None:
        return IndicatorRow(part, value, nothing, NotStacked.SAMPLE)
    places = sorted(part.places.reference.percentiles_of(np.array(limits)).tolist())
    if places[0] != places[0]:
        return IndicatorRow(part, value, nothing, NotStacked.NO_FIGURES)
    return IndicatorRow(part, value, (places[0], places[-1]), None)


def _limits(value: Value) -> tuple[float, float] | None:
    """The least and the most that a value can be; None where neither is known."""
    if value.lower is not None and value.upper is not None:
        return value.lower, value.upper
    exact = value.value is not None and value.reason is not Reason.ESTIMATED
    return (value.value, value.value) if exact and value.value is not None else None


def unknown_text(
    source: strawberry.Parent[IndicatorRow], info: Info, language: LanguageArgument = None
) -> str | None:
    if source.unknown is None:
        return None
    return said(source.unknown.value, info.context, language)


def definition_of_row(source: strawberry.Parent[Row]) -> Any:
    return source.definition


@strawberry.type(description="An indicator of a domain, for an area made of units.")
class ComposedStackingIndicator:
    indicator: Indicator = field("Which.")
    weight: float = field("What it weighs in its domain, relative to the others.")
    aggregate: Aggregate | None = field(
        "Its value, or why none follows from the units; null where there are no figures of it."
    )
    percentile_min: float | None = field(
        "0 to 100, 100 the worst: where the value would stand among the areas, at the least that "
        "it can be. Null where it is unknown."
    )
    percentile_max: float | None = field("The same at the most that it can be.")
    unknown: NotStacked | None = field("Why it is unknown; null where it is not.")
    unknown_text: str | None = field("The same in a sentence.", unknown_text)


@strawberry.type(description="Whether an area made of units exceeds one domain.")
class ComposedStackingPart:
    domain: str = field("Short name of the domain.")
    name: str = field("What the domain is called.", row_name)
    threshold: float = field("Percentile from which it is exceeded.")
    percentile_min: float | None = field(
        "Where its score would stand among the scores of all areas, at the least that it can be; "
        "null where too few of its indicators are known."
    )
    percentile_max: float | None = field("The same at the most that it can be.")
    exceeded: Exceeded = field(
        "YES or NO where everything between the least and the most says so; else UNKNOWN."
    )
    indicators: list[ComposedStackingIndicator] = field("What the score is made of.")


@strawberry.type(
    description="In how many domains an area made of units is among the worst, as if it were one "
    "area among those of `level`. Its values are those that follow from its units; what does not "
    "follow is unknown with its reason. About the area: whether the same households have those "
    "problems, it does not say."
)
class ComposedStacking:
    definition: StackingDefinitionType = field("By which definition.", definition_of_row)
    level: Level = field("Level of the areas that it is put among: the largest of its units.")
    vintage: int = field("Year of the boundaries, of its units and of those areas.")
    eligible: bool = field(
        "Whether it is judged: its whole units have enough inhabitants. If not, all is unknown."
    )
    count: int | None = field(
        "Domains that are exceeded; null where `countMin` and `countMax` differ."
    )
    count_min: int = field("Domains known to be exceeded: so many parts are YES.")
    count_max: int = field("The same, with the domains of which it is not known.")
    judged: int = field("Areas of that level that it is put among.")
    parts: list[ComposedStackingPart] = field("Domain by domain.")
    sensitivity: list[StackingCount] = field("The counts at thresholds of 80, 90 and 95.")
