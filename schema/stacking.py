"""In how many domains an area is among the worst, by a definition that says what counts.

About areas, never about households.
"""

from dataclasses import dataclass
from typing import Annotated, Any

import strawberry

from db.core.figures import Floats, known
from db.core.percentiles import Weighting
from db.core.stacking_definition import (
    SCOPE_EN,
    SCOPE_NL,
    StackingDefinition,
    StackingDomain,
    problems_of,
)
from schema.comparison_enums import Exceeded
from schema.context import Context, Info
from schema.errors import MalformedStacking
from schema.fields import argument, field
from schema.indicators import Indicator
from schema.language import LanguageArgument, bilingual, said
from schema.observations import ObservationResult, observations
from schema.place import Place
from schema.stacked import WORDS, Stacked, find_definition, stacked
from schema.stacking_input import StackingDefinitionInput, definition_of
from schema.stacking_parts import DomainRow, WeighedRow, row_name


def asked_definition(
    context: Context,
    label: str | None,
    own: StackingDefinitionInput | None,
    *,
    argument: str = "own",
) -> StackingDefinition:
    """The definition by its label, or the caller's own where it can be computed."""
    if own is None:
        return find_definition(context, label)
    return checked(context, definition_of(own), argument=argument)


def checked(context: Context, made: StackingDefinition, *, argument: str) -> StackingDefinition:
    """A definition that can be computed; refused with all that is wrong where it cannot.

    `argument` is what made it.
    """
    directions = {slug: each.direction for slug, each in context.facts.head.indicators.items()}
    problems = problems_of(made, directions)
    if problems:
        raise MalformedStacking(problems, argument=argument)
    return made


class Row:
    """The source of a Stacking: one area."""

    __slots__ = ("place", "stacked")

    def __init__(self, stacked: Stacked, place: Place) -> None:
        self.stacked = stacked
        self.place = place

    @property
    def definition(self) -> StackingDefinition:
        return self.stacked.definition

    @property
    def eligible(self) -> bool:
        return bool(self.stacked.found.eligible[self.place.ordinal])

    @property
    def count_min(self) -> int:
        return int(self.stacked.found.count_min[self.place.ordinal])

    @property
    def count_max(self) -> int:
        return int(self.stacked.found.count_max[self.place.ordinal])

    @property
    def count(self) -> int | None:
        return self.count_min if self.count_min == self.count_max else None

    @property
    def judged(self) -> int:
        return self.stacked.judged

    @property
    def parts(self) -> list["PartRow"]:
        return [PartRow(self, at) for at in range(len(self.definition.domains))]

    @property
    def sensitivity(self) -> list["Count"]:
        row = self.place.ordinal
        return [
            Count(each.definition.threshold, int(each.count_min[row]), int(each.count_max[row]))
            for each in self.stacked.sensitivity
        ]


@dataclass(frozen=True, slots=True)
class Count:
    """The source of a StackingCount."""

    threshold: float
    count_min: int
    count_max: int


class PartRow(DomainRow):
    """The source of a StackingPart: one domain of one area."""

    __slots__ = ("row",)

    def __init__(self, row: Row, at: int) -> None:
        super().__init__(row.definition, at)
        self.row = row

    @property
    def score(self) -> float | None:
        return self._number(self.row.stacked.found.scores)

    @property
    def percentile(self) -> float | None:
        return self._number(self.row.stacked.found.percentiles)

    @property
    def exceeded(self) -> Exceeded:
        return WORDS[int(self.row.stacked.found.exceeded[self.row.place.ordinal, self.at])]

    @property
    def indicators(self) -> list["IndicatorRow"]:
        place = self.row.place
        return [IndicatorRow(part, place) for part in self.row.stacked.parts[self.at]]

    def _number(self, values: Floats) -> float | None:
        return known(values.item(self.row.place.ordinal, self.at))


@dataclass(frozen=True, slots=True, eq=False)
class IndicatorRow(WeighedRow):
    """The source of a StackingIndicator."""

    place: Place

    @property
    def year(self) -> int | None:
        return None if self.part.judged is None else self.part.judged.asked.year

    @property
    def percentile(self) -> float | None:
        if self.part.places is None:
            return None
        return known(self.part.places.percentiles.item(self.place.ordinal))


def indicator_observation(source: strawberry.Parent[IndicatorRow], info: Info) -> Any:
    part = source.part
    year = part.asked if part.judged is None else part.judged.asked.year
    (found,) = observations(source.place, info, [part.indicator.slug], year)
    return found


def definition_scope(
    source: strawberry.Parent[StackingDefinition], info: Info, language: LanguageArgument = None
) -> str:
    return said((SCOPE_NL, SCOPE_EN), info.context, language)


def domain_indicators(source: strawberry.Parent[StackingDomain]) -> list[str]:
    return [each.slug for each in source.indicators]


def domain_weights(source: strawberry.Parent[StackingDomain]) -> list[float]:
    return [each.weight for each in source.indicators]


@strawberry.type(name="StackingDomain", description="A domain of a definition of stacking.")
class StackingDomainType:
    slug: str = field("Short name.")
    name: str = field("What it is called.", bilingual("name"))
    indicators: list[str] = field("Slugs of its indicators.", domain_indicators)
    weights: list[float] = field("What each weighs, relative to the others.", domain_weights)
    threshold: float | None = field("Its own threshold; null: that of the definition.")


@strawberry.type(name="StackingDefinition", description="What counts as stacking, and how.")
class StackingDefinitionType:
    id: strawberry.ID = field(
        "Stands for all that decides an answer, and for nothing else: two definitions with the "
        "same id give the same counts, whatever they are called."
    )
    label: str = field("Slug and version, to ask for it.")
    slug: str = field("Short name; `own` for a definition of the caller.")
    version: int = field("A version never changes.")
    name: str = field("What it is called.", bilingual("name"))
    scope: str = field("What it says and what it does not say.", definition_scope)
    threshold: float = field("Percentile from which, and at which, a domain is exceeded.")
    minimum_share: float = field("A domain has a score where this share of its weight is known.")
    minimum_inhabitants: int = field("Areas with fewer inhabitants take no part.")
    weighting: Weighting = field("What each area counts for in the percentiles.")
    domains: list[StackingDomainType] = field("Its domains.")


@strawberry.type(description="An indicator of a domain, for one area.")
class StackingIndicator:
    indicator: Indicator = field("Which.")
    weight: float = field("What it weighs in its domain, relative to the others.")
    year: int | None = field("Year of the values; null where these boundaries have no figures.")
    percentile: float | None = field(
        "0 to 100, 100 the worst; null where it is not known, and for all areas where less than "
        "half of them have one: a place in a sample is none among all."
    )
    observation: ObservationResult = field(
        "The value that is judged, or why there is none: its status and reason, or, where these "
        "boundaries have no figures, the boundaries that have.",
        indicator_observation,
    )


@strawberry.type(description="Whether an area exceeds one domain.")
class StackingPart:
    domain: str = field("Short name of the domain.")
    name: str = field("What the domain is called.", row_name)
    threshold: float = field("Percentile from which it is exceeded.")
    score: float | None = field(
        "Weighted mean of the percentiles of its indicators; null where too few are known."
    )
    percentile: float | None = field(
        "Where that score stands among the scores of all areas: 0 to 100, 100 the worst."
    )
    exceeded: Exceeded = field("Whether the percentile is at or above the threshold.")
    indicators: list[StackingIndicator] = field("What the score is made of.")


@strawberry.type(description="The count under another threshold for all domains.")
class StackingCount:
    threshold: float = field("Percentile from which a domain is exceeded.")
    count_min: int = field("Domains known to be exceeded.")
    count_max: int = field("The same, with those of which it is not known.")


@strawberry.type(
    description="In how many domains an area is among the worst. About the area: whether the same "
    "households have those problems, it does not say."
)
class Stacking:
    definition: StackingDefinitionType = field("By which definition.")
    eligible: bool = field("Whether the area is judged: land, with enough inhabitants.")
    count: int | None = field(
        "Domains that are exceeded; null where `countMin` and `countMax` differ."
    )
    count_min: int = field("Domains known to be exceeded: so many parts are YES.")
    count_max: int = field("The same, with the domains of which it is not known.")
    judged: int = field("Areas that are judged: those that are compared.")
    parts: list[StackingPart] = field("Domain by domain.")
    sensitivity: list[StackingCount] = field("The counts at thresholds of 80, 90 and 95.")


DefinitionArgument = Annotated[
    str | None,
    argument(
        "Label of a definition such as `nplv-like@1`, or its slug for the newest version. Null: "
        "the first of `stackingDefinitions`."
    ),
]
OwnArgument = Annotated[
    StackingDefinitionInput | None,
    argument("A definition of your own, in the place of `definition`."),
]
YearArgument = Annotated[
    int | None,
    argument(
        "Year of all values. Null: of each indicator the newest on these boundaries; the parts say "
        "which."
    ),
]


def stacking(
    place: strawberry.Parent[Place],
    info: Info,
    definition: DefinitionArgument = None,
    own: OwnArgument = None,
    year: YearArgument = None,
) -> Any:
    meant = asked_definition(info.context, definition, own)
    return Row(stacked(info.context, place.table, meant, year), place)


def list_definitions(info: Info) -> Any:
    return list(info.context.facts.head.reference.stacking)
