"""Areas made of units as the contract shows them: what they are made of, values, shape.

`composedArea` makes one of a caller's codes; a focus area is one by its members.
"""

from datetime import date
from typing import Annotated, Any

import strawberry

from db.core import programme
from db.core.levels import Level
from db.core.simplify import Detail
from schema.aggregate_enums import NotCounted
from schema.aggregate_series import AggregateSeriesResult, series_of_area
from schema.aggregates import AggregateResult, values_of_area
from schema.composed import (
    MOST_UNITS,
    Composed,
    composed_of_codes,
    composed_of_focus_area,
)
from schema.composed_geometry import (
    ComposedGeometry,
    CrsArgument,
    DetailArgument,
    drawn,
)
from schema.composed_stacking import ComposedStacking, stacked_as_one
from schema.connections import CodeProblem
from schema.context import Context, Info
from schema.default_vintage import RULE
from schema.enums import Crs
from schema.fields import AtArgument, argument, field
from schema.observations import IndicatorsArgument
from schema.references import AreaItem
from schema.span import FromArgument, Span, ToArgument
from schema.stacking import DefinitionArgument, OwnArgument, asked_definition
from schema.stacking import YearArgument as StackingYearArgument

YearArgument = Annotated[
    int | None,
    argument(
        "Year of the values. Null: for each indicator the newest with figures for this vintage."
    ),
]
UnitsVintageArgument = Annotated[
    int | None,
    argument(
        f"Year of the boundaries of the units. Null: {RULE}, of those for which units are stated."
    ),
]


def shape(
    source: strawberry.Parent[Composed],
    info: Info,
    detail: DetailArgument = Detail.OVERVIEW,
    crs: CrsArgument = Crs.CRS84,
) -> Any:
    return drawn(info.context, source, detail, crs)


def values(
    source: strawberry.Parent[Composed],
    info: Info,
    indicators: IndicatorsArgument,
    year: YearArgument = None,
) -> Any:
    return values_of_area(info.context, source, indicators, year)


def lines(
    source: strawberry.Parent[Composed],
    info: Info,
    indicators: IndicatorsArgument,
    from_: FromArgument = None,
    to: ToArgument = None,
) -> Any:
    return series_of_area(info.context, source, indicators, Span(from_, to))


def stacking(
    source: strawberry.Parent[Composed],
    info: Info,
    definition: DefinitionArgument = None,
    own: OwnArgument = None,
    year: StackingYearArgument = None,
) -> Any:
    meant = asked_definition(info.context, definition, own)
    return stacked_as_one(info.context, source, meant, year)


@strawberry.type(description="A wijk or buurt that an area is made of.")
class ComposedUnit:
    area: AreaItem = field("The unit.")
    extent: programme.Extent = field("Whether the whole of it belongs to the area.")
    share: float | None = field("Share of its inhabitants inside, 0 to 1; null: not known.")
    certainty: programme.Certainty | None = field(
        "How sure it is that it belongs; null for an area that the caller has put together."
    )


@strawberry.type(description="What was named for an area and is no unit of it.")
class OmittedUnit:
    reason: NotCounted = field("Why it does not count.")
    level: Level = field("Its level.")
    code: str | None = field("Its code; null where it is not known which one it is.")
    name: str | None = field("Its name, as its membership or the map has it.")
    vintage: int | None = field("Year of the boundaries that the code is of.")


@strawberry.type(
    description="An area made of wijken and buurten of one vintage. Nobody is counted twice: a "
    "buurt in a wijk that is a unit itself is `omitted`."
)
class ComposedArea:
    vintage: int = field("Year of the boundaries of all units.")
    units: list[ComposedUnit] = field("What it is made of, wijken first, then by code.")
    omitted: list[OmittedUnit] = field("What was named and does not count, and why.")
    missing: list[CodeProblem] = field(
        "Codes that are no wijk or buurt of this vintage; they do not lose the others.",
        name="missingCodes",
    )
    complete: bool = field(
        "Whether it is all that was named: every unit whole and loaded, no candidate, nothing "
        "unidentified, stated for another vintage or missing."
    )
    certainty: programme.Certainty | None = field(
        "That of its least sure unit; null for an area that the caller has put together."
    )
    geometry: ComposedGeometry | None = field(
        "Its shape: the union of its whole units, and which units are not in it.", shape
    )
    observations: list[AggregateResult] | None = field(
        "Values in one year, in the order of the slugs, out of those of the units: counts added "
        "up, rates and means made again from numerator and denominator. A slug that cannot be "
        "answered gives an IndicatorProblem in its place.",
        values,
    )
    series: list[AggregateSeriesResult] | None = field(
        "Values through the years on the boundaries of the units, in the order of the slugs.", lines
    )
    stacking: ComposedStacking | None = field(
        "In how many domains it is among the worst, as one area by a definition.", stacking
    )


def composed_area(
    info: Info,
    codes: Annotated[
        list[str],
        argument(f"Codes of wijken and buurten, 1 to {MOST_UNITS}; twice the same is once."),
    ],
    vintage: Annotated[
        int | None,
        argument(
            f"Year of the boundaries of all codes. Null: {RULE}, of those that every level that is "
            "named has."
        ),
    ] = None,
) -> Composed:
    return composed_of_codes(info.context, codes, vintage)


def _of(
    context: Context, area: programme.FocusArea, vintage: int | None, at: date | None
) -> Composed:
    """What a focus area is made of; many fields of one request ask for the same."""
    known: dict[Any, Composed] = context.memo.setdefault("composed focus areas", {})
    key = (area.slug, vintage, at)
    if key not in known:
        known[key] = composed_of_focus_area(context, area, vintage, at)
    return known[key]


def focus_area_composed(
    source: strawberry.Parent[programme.FocusArea],
    info: Info,
    vintage: UnitsVintageArgument = None,
    at: AtArgument = None,
) -> Any:
    return _of(info.context, source, vintage, at)


def focus_area_shape(
    source: strawberry.Parent[programme.FocusArea],
    info: Info,
    detail: DetailArgument = Detail.OVERVIEW,
    crs: CrsArgument = Crs.CRS84,
    vintage: UnitsVintageArgument = None,
    at: AtArgument = None,
) -> Any:
    return drawn(info.context, _of(info.context, source, vintage, at), detail, crs)


def focus_area_values(
    source: strawberry.Parent[programme.FocusArea],
    info: Info,
    indicators: IndicatorsArgument,
    year: YearArgument = None,
    vintage: UnitsVintageArgument = None,
    at: AtArgument = None,
) -> Any:
    return values_of_area(info.context, _of(info.context, source, vintage, at), indicators, year)


def focus_area_lines(
    source: strawberry.Parent[programme.FocusArea],
    info: Info,
    indicators: IndicatorsArgument,
    from_: FromArgument = None,
    to: ToArgument = None,
    vintage: UnitsVintageArgument = None,
    at: AtArgument = None,
) -> Any:
    composed = _of(info.context, source, vintage, at)
    return series_of_area(info.context, composed, indicators, Span(from_, to))


def focus_area_stacking(
    source: strawberry.Parent[programme.FocusArea],
    info: Info,
    definition: DefinitionArgument = None,
    own: OwnArgument = None,
    year: StackingYearArgument = None,
    vintage: UnitsVintageArgument = None,
    at: AtArgument = None,
) -> Any:
    meant = asked_definition(info.context, definition, own)
    composed = _of(info.context, source, vintage, at)
    return stacked_as_one(info.context, composed, meant, year)
