"""Values of areas in one year, each with its status, its reason and where it comes from.

One indicator that cannot be answered does not lose the others of the list.
"""

from collections.abc import Sequence
from typing import Annotated, Any

import strawberry
from graphql import GraphQLResolveInfo

from db.core.absence import Reason, Status
from db.core.levels import Level
from schema.asked import asked_of
from schema.batch import Slots, together
from schema.benchmarks import Benchmark, benchmarks_of
from schema.context import Context, Info
from schema.enums import ProblemCode
from schema.fields import argument, field
from schema.figures import Column, Figure, Problem
from schema.ground import Items, reads
from schema.indicators import Indicator
from schema.intervals import Interval, interval
from schema.known_in import known_in
from schema.language import LanguageArgument, chosen, said
from schema.percentiles import Percentile, percentile
from schema.place import Place, Places
from schema.provenance import Provenance, provenance_of
from schema.references import AreaItem, ObservationItem
from schema.roster import Roster
from schema.sentences import sentence
from schema.spread import Cells

IndicatorsArgument = Annotated[
    list[str], argument("Slugs of indicators, at most 100. One unknown slug loses only itself.")
]


def reason_text(
    source: strawberry.Parent[Reason], info: Info, language: LanguageArgument = None
) -> str:
    return source.text(chosen(info.context, language))


def reason_code(source: strawberry.Parent[Reason]) -> Reason:
    return source


@strawberry.type(name="Reason", description="Why a value is there or not.")
class ReasonType:
    code: Reason = field("The reason, for machines.", reason_code)
    text: str = field("The reason in a sentence.", reason_text)


def figure_reason_text(
    source: strawberry.Parent[Figure], info: Info, language: LanguageArgument = None
) -> str:
    return source.reason.text(chosen(info.context, language))


def provenance(source: strawberry.Parent[Figure], info: Info) -> Any:
    return provenance_of(info.context, source.load)


@strawberry.type(
    description="One value of one indicator for one area in one year. Null is never zero: an "
    "absent value says why in `status` and `reason`."
)
class Observation:
    area: AreaItem = field("The area, with its vintage.")
    indicator: Indicator = field("What it is a value of.")
    year: int = field("Year that the value is of.")
    value: float | None = field("The value in the indicator's unit; null where it is absent.")
    status: Status = field("Whether there is a value and of what sort.")
    reason: ReasonType = field("Why the value is there or not.")
    reason_text: str = field("The reason in a sentence.", figure_reason_text)
    lower: float | None = field("The source's own lower margin, where it gives one.")
    upper: float | None = field("The source's own upper margin, where it gives one.")
    provisional: bool = field("Whether the source calls it provisional.")
    rounding: int | None = field(
        "The source has rounded this value to a multiple of this; null where it has not, and "
        "where there is no value."
    )
    published_on: list[int] = field(
        "Vintages of this level on which the year is published, where that is not this area's own "
        "vintage (status NOT_COMPARABLE). The same code may be another area there.",
        name="publishedOnVintages",
    )
    interval: Interval | None = field(
        "Between which limits the value lies, and what those rest on; null where it is absent.",
        interval,
    )
    percentile: Percentile | None = field(
        "Where the value stands among the areas of the same level, vintage and year.", percentile
    )
    benchmarks: list[Benchmark] | None = field(
        "What the value is compared with: groups of areas of the same level, vintage and year.",
        benchmarks_of,
    )
    sentence: str | None = field(
        "The value in a few sentences for people: how much, beside a group of areas, and its trend "
        "up to that year. Worse and better are said only where a test says so, which is named.",
        sentence,
    )
    known_in: ObservationItem | None = field(
        "Where an absent value is known: the smallest larger area (wijk, gemeente, country) of the "
        "same vintage that has a value of its own for that year. It is that area's value, and says "
        "nothing of this one. Null where there is a value, and where no larger area has one.",
        known_in,
    )
    provenance: Provenance | None = field(
        "Where the cell was loaded from, absent values too; null where no load has it.", provenance
    )

    @classmethod
    def is_type_of(cls, value: object, info: "GraphQLResolveInfo[Any]") -> bool:
        return isinstance(value, Figure)


def problem_message(
    source: strawberry.Parent[Problem], info: Info, language: LanguageArgument = None
) -> str:
    return said((source.message_nl, source.message), info.context, language)


@strawberry.type(description="Why one indicator of a list has no answer; the others have theirs.")
class IndicatorProblem:
    slug: str = field("The slug as it was asked for.")
    code: ProblemCode = field("What is the matter.")
    message: str = field("What is the matter, and what to change.", problem_message)
    suggestions: list[str] = field("Nearest slugs that exist, the most alike first.")
    levels: list[Level] = field("Levels at which there are figures, where not at this one.")
    limit: int | None = field(
        "How many of these one request may ask for, where this is one too many; else null."
    )

    @classmethod
    def is_type_of(cls, value: object, info: "GraphQLResolveInfo[Any]") -> bool:
        return isinstance(value, Problem)


ObservationResult = Annotated[
    Observation | IndicatorProblem,
    strawberry.union("ObservationResult", description="A value, or why there is none to give."),
]


def observations(
    place: strawberry.Parent[Place],
    info: Info,
    indicators: IndicatorsArgument,
    year: Annotated[
        int | None,
        argument(
            "Year of the values. Null: for each indicator the newest year with figures for this "
            "vintage, or where it has none the newest of another vintage, of those loaded whole if "
            "any; `year` of the answer says which."
        ),
    ] = None,
) -> Any:
    asked = asked_of(info.context, place.table, indicators, year)
    figures = iter(asked.figures(info.context, Places(place.table, [place.ordinal])))
    return [next(figures) if isinstance(item, Column) else item for item in asked.items]


@together(Places, "observations")
def _observations(
    places: Places, context: Context, indicators: Sequence[str], year: int | None = None
) -> Slots:
    asked = asked_of(context, places.table, indicators, year)
    if not asked.places:
        return Slots(len(asked.items), asked.problems)
    parts = [(asked.places, asked.figures(context, places)), *asked.problems]
    return Slots(len(asked.items), parts)


@reads(Roster, "observations")
def _observations_of_rows(
    roster: Roster, context: Context, indicators: Sequence[str], year: int | None = None
) -> Items:
    asked = asked_of(context, roster.table, indicators, year)
    return Items(Cells(asked.spread, roster.table), [slice(None)], asked.fixed)
