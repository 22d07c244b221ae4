"""Values of areas in one year, each with its status, its reason and where it comes from.

One indicator that cannot be answered does not lose the others of the list.
"""

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from graphql import GraphQLResolveInfo

from db.core.absence import Reason, Status
from db.core.levels import Level
from schema.context import Context, Info
from schema.enums import ProblemCode
from schema.fields import argument, field
from schema.figures import Column, Figure, Problem, Question, columns, newest_year, question
from schema.indicators import Indicator
from schema.language import LanguageArgument, chosen
from schema.place import Place
from schema.provenance import Provenance, provenance_of

if TYPE_CHECKING:
    from schema.areas import Area

AreaItem = Annotated["Area", strawberry.lazy("schema.areas")]
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
    provenance: Provenance | None = field(
        "Where the cell was loaded from, absent values too; null where no load has it.", provenance
    )

    @classmethod
    def is_type_of(cls, value: object, info: "GraphQLResolveInfo[Any]") -> bool:
        return isinstance(value, Figure)


def problem_message(
    source: strawberry.Parent[Problem], info: Info, language: LanguageArgument = None
) -> str:
    return source.message if chosen(info.context, language) == "en" else source.message_nl


@strawberry.type(description="Why one indicator of a list has no answer; the others have theirs.")
class IndicatorProblem:
    slug: str = field("The slug as it was asked for.")
    code: ProblemCode = field("What is the matter.")
    message: str = field("What is the matter, and what to change.", problem_message)
    suggestions: list[str] = field("Nearest slugs that exist, the most alike first.")
    levels: list[Level] = field("Levels at which there are figures, where not at this one.")

    @classmethod
    def is_type_of(cls, value: object, info: "GraphQLResolveInfo[Any]") -> bool:
        return isinstance(value, Problem)


ObservationResult = Annotated[
    Observation | IndicatorProblem,
    strawberry.union("ObservationResult", description="A value, or why there is none to give."),
]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked of every area of a table: columns and problems in the order of the slugs."""

    items: tuple[Column | Problem, ...]

    def of(self, place: Place) -> list[Figure | Problem]:
        return [Figure(i, place) if isinstance(i, Column) else i for i in self.items]


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
    asked = question(info.context, place.table, indicators)
    known: _Asked | None = info.context.memo.get(("observations", id(asked), year))
    return known.of(place) if known else _after_loading(info.context, asked, year, place)


def _after_loading(
    context: Context, asked: Question, year: int | None, place: Place
) -> Awaitable[list[Figure | Problem]]:
    async def later() -> list[Figure | Problem]:
        await context.load_blocks(asked.keys)
        return _asked(context, asked, year).of(place)

    return later()


def _asked(context: Context, asked: Question, year: int | None) -> _Asked:
    memo = ("observations", id(asked), year)
    found: _Asked | None = context.memo.get(memo)
    if found is None:
        found = context.memo[memo] = _Asked(
            tuple(
                item
                if isinstance(item, Problem)
                else columns(
                    context,
                    asked.table,
                    item,
                    [newest_year(context, asked.table, item) if year is None else year],
                )[0]
                for item in asked.items
            )
        )
    return found
