"""The areas most like one, as GraphQL shows them: how far, on what, and what was left out."""

from dataclasses import dataclass
from typing import Annotated, Any

import strawberry

from db.core.figures import known
from db.core.indicator import Domain
from db.core.indicator import Indicator as CoreIndicator
from db.core.likeness import Measure
from db.core.percentiles import MINIMUM_INHABITANTS
from schema.context import Info
from schema.enums import described
from schema.fields import argument, field
from schema.figures import Problem
from schema.indicators import Indicator
from schema.language import LanguageArgument, said
from schema.likeness import Found, NotCompared, left_out, likeness
from schema.observations import IndicatorProblem
from schema.place import Place
from schema.references import AreaItem

_NAMED = 20
"""Areas that could not be judged of which the answer says which they are."""

described(
    NotCompared,
    "Why an indicator takes no part in a comparison.",
    CLASS="Its values are classes by number, which have no differences.",
    NOT_ON_THESE_BOUNDARIES="It has no figures of the year on the boundaries of the vintage.",
    UNKNOWN_FOR_AREA="The area itself has no value.",
    NO_VALUES="No area of the reference set has a value.",
    NO_SPREAD="All areas of the reference set have the same value.",
    NO_SPREAD_AMONG_COMPLETE="All areas that have every indicator have the same value.",
    STUDIED="It is what is studied itself, and no context of it.",
)
_TEXTS = {
    NotCompared.CLASS: (
        "De waarden zijn klassen met een nummer; daartussen bestaat geen verschil.",
        "The values are classes by number, which have no differences.",
    ),
    NotCompared.NOT_ON_THESE_BOUNDARIES: (
        "Voor dit jaar zijn er geen cijfers op de grenzen van deze indeling.",
        "There are no figures of this year on the boundaries of this vintage.",
    ),
    NotCompared.UNKNOWN_FOR_AREA: (
        "Van het gebied zelf is de waarde niet bekend.",
        "The value of the area itself is not known.",
    ),
    NotCompared.NO_VALUES: (
        "Geen van de gebieden waarmee vergeleken wordt heeft een waarde.",
        "None of the areas that are compared with has a value.",
    ),
    NotCompared.NO_SPREAD: (
        "Alle gebieden waarmee vergeleken wordt hebben dezelfde waarde.",
        "All areas that are compared with have the same value.",
    ),
    NotCompared.NO_SPREAD_AMONG_COMPLETE: (
        "Alle gebieden die van elke indicator een waarde hebben, hebben hier dezelfde waarde.",
        "All areas that have a value of every indicator have the same value of this one.",
    ),
    NotCompared.STUDIED: (
        "Dit is zelf wat wordt onderzocht, en geen context daarvan.",
        "It is what is studied itself, and no context of it.",
    ),
}


@dataclass(frozen=True, slots=True)
class UsedRow:
    """The source of a ComparedIndicator."""

    indicator: CoreIndicator
    year: int
    centre: float
    scale: float
    areas: int


@dataclass(frozen=True, slots=True)
class NotUsedRow:
    """The source of a NotComparedIndicator."""

    indicator: CoreIndicator
    year: int
    reason: NotCompared


@dataclass(frozen=True, slots=True)
class DomainRow:
    """The source of a ComparableDomain."""

    domain: Domain
    part: float | None


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """The source of a ComparableDifference."""

    indicator: CoreIndicator
    difference: float | None
    part: float | None


class Near:
    """The source of a ComparableArea: one of the nearest."""

    __slots__ = ("_at", "_found")

    def __init__(self, found: Found, at: int) -> None:
        self._found = found
        self._at = at

    @property
    def area(self) -> Place:
        return self._found.area(self._found.likeness.rows.item(self._at))

    @property
    def distance(self) -> float:
        return self._found.likeness.distances.item(self._at)

    @property
    def domains(self) -> list[DomainRow]:
        parts = self._found.parts.items()
        return [DomainRow(domain, known(part.item(self._at))) for domain, part in parts]

    @property
    def differences(self) -> list[DifferenceRow]:
        of = self._found.likeness
        return [
            DifferenceRow(
                self._found.columns[each].indicator,
                known(of.differences.item(self._at, each)),
                known(of.contributions.item(self._at, each)),
            )
            for each in of.used
        ]


def used(source: strawberry.Parent[Found]) -> list[UsedRow]:
    standard = source.of.standard
    return [
        UsedRow(
            source.columns[at].indicator,
            source.columns[at].year,
            standard.centres.item(at),
            standard.scales.item(at),
            standard.areas.item(at),
        )
        for at in source.likeness.used
    ]


def not_used(source: strawberry.Parent[Found]) -> list[NotUsedRow]:
    return [NotUsedRow(*each) for each in left_out(source)]


def reason_text(
    source: strawberry.Parent[NotUsedRow], info: Info, language: LanguageArgument = None
) -> str:
    return said(_TEXTS[source.reason], info.context, language)


def problems(source: strawberry.Parent[Found]) -> list[Problem]:
    return list(source.problems)


def nearby(source: strawberry.Parent[Found]) -> list[Near]:
    return [Near(source, at) for at in range(len(source.likeness.rows))]


def candidates(source: strawberry.Parent[Found]) -> int:
    return source.likeness.candidates


def complete(source: strawberry.Parent[Found]) -> int | None:
    return source.likeness.complete


def not_judged(source: strawberry.Parent[Found]) -> int:
    return len(source.likeness.not_judged)


def not_judged_areas(source: strawberry.Parent[Found]) -> list[Place]:
    return [source.area(row) for row in source.likeness.not_judged[:_NAMED].tolist()]


def too_small(source: strawberry.Parent[Found]) -> int:
    return source.of.left_out


def minimum(source: strawberry.Parent[Found]) -> int:
    return MINIMUM_INHABITANTS


def inhabitants_year(source: strawberry.Parent[Found]) -> int | None:
    return source.of.inhabitants_year


def excluded_gemeente(source: strawberry.Parent[Found]) -> str | None:
    return source.within


@strawberry.type(description="An indicator that areas were compared on.")
class ComparedIndicator:
    indicator: Indicator = field("Which.")
    year: int = field("Year of the values.")
    centre: float = field("Mean over the areas of the reference set, weighted by inhabitants.")
    scale: float = field("Standard deviation over the same, what one step of z is.")
    areas: int = field("Areas of the reference set that have a value.")


@strawberry.type(description="An indicator that was asked for and not compared on.")
class NotComparedIndicator:
    indicator: Indicator = field("Which.")
    year: int = field("Year that was looked at.")
    reason: NotCompared = field("Why.")
    text: str = field("Why, in a sentence.", reason_text)


@strawberry.type(description="What one field of life adds to a distance.")
class ComparableDomain:
    domain: Domain = field("Which, as the indicators name it.")
    part: float | None = field(
        "Its part of the square of the distance; the parts of an area add up to that square. Can "
        "be negative with MAHALANOBIS. Null where nothing of it could be compared."
    )


@strawberry.type(description="How an area differs on one indicator.")
class ComparableDifference:
    indicator: Indicator = field("Which.")
    difference: float | None = field(
        "z of this area minus z of the area asked about, in standard deviations: above 0 it has "
        "more. Null where it has no value."
    )
    part: float | None = field(
        "Its part of the square of the distance; null where it has no value."
    )


@strawberry.type(description="One of the areas most like another.")
class ComparableArea:
    area: AreaItem = field("The area.")
    distance: float = field("How far it is, by the measure asked for; 0 is the same profile.")
    domains: list[ComparableDomain] = field("The distance by field of life.")
    differences: list[ComparableDifference] = field("The distance by indicator, with direction.")


@strawberry.type(
    description="The areas of the same level and vintage that are most like an area on chosen "
    "indicators. Choose what describes the context (density, age, dwellings, size), not the "
    "outcome that is studied. Nothing is filled in: what lacks too much is not judged, and said."
)
class Comparable:
    measure: Measure = field("How distance is measured.")
    nearest: list[ComparableArea] = field("Nearest first; equal distances by code.", nearby)
    used: list[ComparedIndicator] = field("Indicators that were compared on, by slug.", used)
    not_used: list[NotComparedIndicator] = field("Indicators left out, and why.", not_used)
    problems: list[IndicatorProblem] = field(
        "Slugs that cannot be answered; they do not lose the others.", problems
    )
    candidates: int = field("Areas that could be among the nearest, judged or not.", candidates)
    not_judged: int = field(
        "Candidates that lack too many of the indicators to be judged.", not_judged
    )
    not_judged_areas: list[AreaItem] = field("The first 20 of those, by code.", not_judged_areas)
    complete: int | None = field(
        "Areas that have every indicator, of which the correlations are; null for EUCLIDEAN.",
        complete,
    )
    minimum_inhabitants: int = field(
        "Areas with fewer inhabitants are no candidates and not in the reference set.", minimum
    )
    inhabitants_year: int | None = field(
        "Year of the inhabitants, on the same boundaries; null where none are loaded: then there "
        "are no candidates.",
        inhabitants_year,
    )
    too_small: int = field(
        "Areas on land with fewer inhabitants than that, or an unknown number.", too_small
    )
    excluded_gemeente: str | None = field(
        "Code of the gemeente whose areas are no candidates; null: of none.", excluded_gemeente
    )


def comparable(
    place: strawberry.Parent[Place],
    info: Info,
    indicators: Annotated[
        list[str],
        argument(
            "Slugs, 2 to 40 different ones; neutral ones too. One that cannot be compared on loses "
            "only itself."
        ),
    ],
    first: Annotated[int, argument("At most so many areas, 1 to 100.")] = 10,
    measure: Annotated[Measure, argument("How distance is measured.")] = Measure.EUCLIDEAN,
    exclude_own_gemeente: Annotated[
        bool, argument("Whether areas of its own gemeente are left out; z-scores do not change.")
    ] = False,
    year: Annotated[
        int | None,
        argument(
            "Year of all values. Null: of each indicator the newest on these boundaries; `used` "
            "says which."
        ),
    ] = None,
) -> Any:
    return likeness(
        info.context, place, indicators,
        first=first, measure=measure, exclude_own_gemeente=exclude_own_gemeente, year=year,
    )  # fmt: skip
