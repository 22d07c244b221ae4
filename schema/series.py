"""Values of areas through the years, on the area's own vintage and on no other.

Years published on other boundaries are named and have no value; nothing is joined on a code.
"""

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

import strawberry
from graphql import GraphQLResolveInfo

from db.core.absence import Reason, Status
from db.core.block import Block, SeriesKey
from db.core.indicator import Indicator as CoreIndicator
from db.core.indicator import SeriesBreak as CoreBreak
from db.core.levels import Terrain
from schema.context import Context, Info
from schema.errors import BadArgument
from schema.fields import argument, field
from schema.figures import Column, Figure, Problem, Question, columns, question
from schema.indicators import Indicator, SeriesBreak
from schema.observations import AreaItem, IndicatorProblem, IndicatorsArgument, Observation
from schema.place import Place

Span: TypeAlias = tuple[int | None, int | None]
"""First and last year, both included; None where there is no such bound."""
_STATUS: dict[int, Status] = {int(reason): reason.status for reason in Reason}


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """The series of one indicator for every area of a table: its years and their columns."""

    indicator: CoreIndicator
    columns: tuple[Column, ...]
    breaks: tuple[CoreBreak, ...]

    block: Block | None
    years: list[int]
    places: list[int]
    """Column of each year in the block, -1 where it is not in it."""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """The source of a Series: one row of a block, read only as far as asked."""

    plan: Plan
    area: Place

    @property
    def indicator(self) -> CoreIndicator:
        return self.plan.indicator

    @property
    def vintage(self) -> int:
        return self.area.vintage

    @property
    def years(self) -> list[int]:
        return self.plan.years

    @property
    def breaks(self) -> tuple[CoreBreak, ...]:
        return self.plan.breaks

    @property
    def points(self) -> list[Figure]:
        return [Figure(each, self.area) for each in self.plan.columns]

    @property
    def values(self) -> list[float | None]:
        block = self._block
        if block is None:
            return [None] * len(self.plan.columns)
        row = block.values[self.area.ordinal].tolist()
        places = self.plan.places
        # A number is not NaN exactly where it equals itself; 3 times as fast as asking isnan.
        return [None if p < 0 or row[p] != row[p] else row[p] for p in places]

    @property
    def statuses(self) -> list[Status]:
        if self.area.terrain is not Terrain.LAND:
            return [each.status for each in self.points]
        block = self._block
        if block is None:
            return [each.absent.status for each in self.plan.columns]
        row = block.reasons[self.area.ordinal].tolist()
        return [
            each.absent.status if each.block is None else _STATUS[row[each.column]]
            for each in self.plan.columns
        ]

    @property
    def _block(self) -> Block | None:
        block = self.plan.block
        return None if block is None or self.area.ordinal >= len(block.values) else block


@dataclass(frozen=True, slots=True)
class Plans:
    """What is asked of every area of a table: series and problems in the order of the slugs."""

    items: tuple[Plan | Problem, ...]

    def of(self, place: Place) -> list[Line | Problem]:
        return [Line(i, place) if isinstance(i, Plan) else i for i in self.items]


@strawberry.type(
    description="Values of one indicator for one area, on the boundaries of the area's own "
    "vintage. `years`, `values` and `statuses` are parallel. The years are all those for which "
    "any vintage of this level has figures loaded: a year that only other vintages have is "
    "NOT_COMPARABLE and has no value; a year that none has is left out."
)
class Series:
    area: AreaItem = field("The area, with its vintage.")
    indicator: Indicator = field("What they are values of.")
    vintage: int = field("Year of the boundaries of all values.")
    years: list[int] = field("The years, ascending.")
    values: list[float | None] = field("The values by year; null where absent.")
    statuses: list[Status] = field("The statuses by year.")
    points: list[Observation] = field("The same values with all that belongs to each.")
    breaks: list[SeriesBreak] = field(
        "Years between the first and the last from which values are not comparable with those "
        "before."
    )

    @classmethod
    def is_type_of(cls, value: object, info: "GraphQLResolveInfo[Any]") -> bool:
        return isinstance(value, Line)


SeriesResult = Annotated[
    Series | IndicatorProblem,
    strawberry.union("SeriesResult", description="A series, or why there is none to give."),
]


def series(
    place: strawberry.Parent[Place],
    info: Info,
    indicators: IndicatorsArgument,
    from_: Annotated[
        int | None, strawberry.argument(name="from", description="First year. Null: the first.")
    ] = None,
    to: Annotated[int | None, argument("Last year, included. Null: the last.")] = None,
) -> Any:
    if from_ is not None and to is not None and from_ > to:
        raise BadArgument(f"`from` {from_} is after `to` {to}", f"`from` {from_} ligt na `to` {to}")
    asked = question(info.context, place.table, indicators)
    span = (from_, to)
    known: Plans | None = info.context.memo.get(("series", id(asked), span))
    return known.of(place) if known else _after_loading(info.context, asked, span, place)


def _after_loading(
    context: Context, asked: Question, span: Span, place: Place
) -> Awaitable[list[Line | Problem]]:
    async def later() -> list[Line | Problem]:
        await context.load_blocks(asked.keys)
        return _plans(context, asked, span).of(place)

    return later()


def _plans(context: Context, asked: Question, span: Span) -> Plans:
    memo = ("series", id(asked), span)
    found: Plans | None = context.memo.get(memo)
    if found is None:
        found = context.memo[memo] = Plans(
            tuple(
                item if isinstance(item, Problem) else _plan(context, asked, item, span)
                for item in asked.items
            )
        )
    return found


def _plan(context: Context, asked: Question, indicator: CoreIndicator, span: Span) -> Plan:
    first, last = span
    years = [
        year
        for year in context.facts.years(indicator.slug, asked.table.level)
        if (first is None or first <= year) and (last is None or year <= last)
    ]
    breaks = tuple(b for b in indicator.breaks if years and years[0] < b.year <= years[-1])
    found = columns(context, asked.table, indicator, years)
    return Plan(
        indicator,
        found,
        breaks,
        block=context.block(SeriesKey(indicator.slug, asked.table.level, asked.table.vintage)),
        years=years,
        places=[-1 if each.block is None else each.column for each in found],
    )
