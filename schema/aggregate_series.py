"""Values of areas made of units through the years, on the boundaries of the units."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
import strawberry

from db.core.absence import Status
from db.core.indicator import Indicator as CoreIndicator
from db.core.indicator import SeriesBreak as CoreBreak
from schema.aggregates import Aggregate, Value, told_each
from schema.composed import Composed
from schema.composed_cells import Told
from schema.context import Context, Info
from schema.fields import field
from schema.figures import Problem, columns
from schema.indicators import Indicator, SeriesBreak
from schema.observations import IndicatorProblem
from schema.source_breaks import sources_of, switches, within
from schema.span import Span
from schema.trends import Fit, Trend, fit, stretch


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """The source of an AggregateSeries."""

    told: Told

    @property
    def indicator(self) -> CoreIndicator:
        return self.told.indicator

    @property
    def vintage(self) -> int:
        return self.told.composed.vintage

    @property
    def years(self) -> Sequence[int]:
        return self.told.years

    @property
    def points(self) -> list[Value]:
        return [Value(self.told, at) for at in range(len(self.told.years))]

    @property
    def values(self) -> list[float | None]:
        return [each.value for each in self.points]

    @property
    def statuses(self) -> list[Status]:
        return [each.status for each in self.points]


def series_of_area(
    context: Context, composed: Composed, slugs: Sequence[str], span: Span
) -> list[Line | Problem]:
    """Series within a span of years, in the order of the slugs."""
    span.check()
    return [
        told if isinstance(told, Problem) else Line(told)
        for told in told_each(
            context, composed, slugs, lambda item: _years(context, composed, item, span)
        )
    ]


def _years(context: Context, composed: Composed, indicator: CoreIndicator, span: Span) -> list[int]:
    """All years for which any vintage has figures, of any of the levels of the units."""
    known = {
        year for level in composed.levels for year in context.facts.years(indicator.slug, level)
    }
    return [year for year in sorted(known) if span.holds(year)]


def _switches(context: Context, told: Told) -> tuple[CoreBreak, ...]:
    """Years in which no unit's cell is of a source that any of the year before is of."""
    return switches(context, told.years, [sources_of(context, each) for each in told.loads])


def aggregate_breaks(line: strawberry.Parent[Line], info: Info) -> list[CoreBreak]:
    return within(line.years, [*line.indicator.breaks, *_switches(info.context, line.told)])


def aggregate_trend(line: strawberry.Parent[Line], info: Info) -> Any:
    context, told = info.context, line.told
    table = told.composed.tables[0]
    found = columns(context, table.level, table.vintage, told.indicator, told.years)
    keys = list(dict.fromkeys(each.key for each in found if each.place >= 0))
    blocks = context.blocks(keys)
    of = stretch(
        told.indicator,
        found,
        blocks[0] if blocks else None,
        switches=_switches(context, told),
    )
    years = np.array([each.year for each in of.columns], np.int32)
    at = [told.years.index(year) for year in years.tolist()]
    cells = told.found
    return Fit(fit(of, years, cells.values[None, at], cells.reasons[None, at]), 0)


@strawberry.type(
    description="Values of one indicator for an area made of units, on the boundaries of their "
    "vintage. `years`, `values` and `statuses` are parallel; a year that only other vintages have "
    "is NOT_COMPARABLE and has no value."
)
class AggregateSeries:
    indicator: Indicator = field("What they are values of.")
    vintage: int = field("Year of the boundaries of the units.")
    years: list[int] = field("The years, ascending.")
    values: list[float | None] = field("The values by year; null where absent.")
    statuses: list[Status] = field("The statuses by year.")
    points: list[Aggregate] = field("The same values with all that belongs to each.")
    breaks: list[SeriesBreak] = field(
        "Years between the first and the last from which values are not comparable with those "
        "before: another definition, or another source of all units.",
        aggregate_breaks,
    )
    trend: Trend | None = field(
        "Direction and size of the change since the last break, of the years whose values follow "
        "exactly; estimated ones are left out.",
        aggregate_trend,
    )

    @classmethod
    def is_type_of(cls, value: object, info: Any) -> bool:
        return isinstance(value, Line)


AggregateSeriesResult = Annotated[
    AggregateSeries | IndicatorProblem,
    strawberry.union(
        "AggregateSeriesResult",
        description="A series of an area made of units, or why there is none.",
    ),
]
