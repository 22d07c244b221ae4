"""Values of areas through the years, on the area's own vintage.

Years published on other boundaries are named and have no value, unless they are asked to be carried
(`schema.harmonised_series`); nothing is joined on a code.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any

import orjson
import strawberry
from graphql import GraphQLResolveInfo

from db.core.absence import Status
from db.core.area import AreaTable
from db.core.block import Block, SeriesKey
from db.core.indicator import Indicator as CoreIndicator
from db.core.indicator import SeriesBreak as CoreBreak
from schema.batch import Batch, Cycle, Lasting, Linked, Lists, Same, Slots, Texts, together
from schema.context import Context, Info
from schema.fields import argument, field
from schema.figures import Answers, Column, Figure, Problem, Question, columns, worked_out
from schema.harmonised import beyond
from schema.harmonised_series import HarmonisedSeries, harmonised_lines
from schema.indicators import Indicator, SeriesBreak
from schema.observations import IndicatorProblem, IndicatorsArgument, Observation
from schema.place import Place, Places
from schema.references import AreaItem
from schema.source_breaks import source_breaks, within
from schema.span import FromArgument, FromInSeriesArgument, Span, ToArgument, ToInSeriesArgument
from schema.spread import Figures, Spread, status_texts
from schema.trends import Fit, Trend, fitted, stretch


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """The series of one indicator for every area of a table: its years and their columns."""

    indicator: CoreIndicator
    columns: tuple[Column, ...]
    years: list[int]
    key: SeriesKey | None
    """The block that has any of the years; None where none has."""


class Asked(Answers[Outline]):
    """What is asked of every area of a table: series and problems in the order of the slugs."""

    @property
    def outlines(self) -> list[Outline]:
        return self.given

    @cached_property
    def widths(self) -> list[int]:
        return [len(each.years) for each in self.outlines]

    @cached_property
    def spread(self) -> Spread:
        """The columns of all series, one after another."""
        return Spread(tuple(column for each in self.outlines for column in each.columns))

    @cached_property
    def indicators(self) -> Linked:
        return Linked(Lasting(each.indicator for each in self.outlines), cycle=True, lasting=True)

    @cached_property
    def years(self) -> Cycle:
        return Cycle([orjson.dumps(each.years).decode() for each in self.outlines])

    def lines(self, context: Context, places: Places) -> "Lines":
        return Lines(self, context.blocks(self.spread.keys), places)


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """The source of a Series: one row of a block, read only as far as asked."""

    outline: Outline
    block: Block | None
    area: Place

    @property
    def indicator(self) -> CoreIndicator:
        return self.outline.indicator

    @property
    def vintage(self) -> int:
        return self.area.vintage

    @property
    def years(self) -> list[int]:
        return self.outline.years

    @property
    def points(self) -> list[Figure]:
        return [
            Figure(each, None if each.place < 0 else self.block, self.area)
            for each in self.outline.columns
        ]

    @property
    def values(self) -> list[float | None]:
        return [each.value for each in self.points]

    @property
    def statuses(self) -> list[Status]:
        return [each.status for each in self.points]


def trend(
    line: strawberry.Parent[Line],
    info: Info,
    from_: FromInSeriesArgument = None,
    to: ToInSeriesArgument = None,
) -> Any:
    (found,) = _fits(info.context, line.outline, line.block, [line.area.ordinal], Span(from_, to))
    return found


def breaks(line: strawberry.Parent[Line], info: Info) -> list[CoreBreak]:
    switches = source_breaks(info.context, line.block)
    return within(line.years, [*line.indicator.breaks, *switches])


def _fits(
    context: Context, outline: Outline, block: Block | None, rows: Sequence[int], span: Span
) -> Sequence[Fit]:
    """The trends of some areas within a span of the years of a series."""
    switches = source_breaks(context, block)
    of = stretch(outline.indicator, outline.columns, block, span, switches)
    found = fitted(of, block, rows)
    return [Fit(found, at) for at in range(len(rows))]


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
        "before: another definition or classification, or none but other sources.",
        breaks,
    )
    trend: Trend | None = field(
        "Direction and size of the change on these boundaries, since the last break, and whether "
        "it is more than chance: at 95 per cent.",
        trend,
    )

    @classmethod
    def is_type_of(cls, value: object, info: "GraphQLResolveInfo[Any]") -> bool:
        return isinstance(value, Line)


SeriesResult = Annotated[
    Series | HarmonisedSeries | IndicatorProblem,
    strawberry.union(
        "SeriesResult",
        description="A series, a harmonised one where that is asked for, or why there is none.",
    ),
]


def series(
    place: strawberry.Parent[Place],
    info: Info,
    indicators: IndicatorsArgument,
    from_: FromArgument = None,
    to: ToArgument = None,
    harmonised: Annotated[
        bool,
        argument(
            "Carry years published on other boundaries to these, exactly or between bounds, as a "
            "HarmonisedSeries says. False: such years have no value. At most 12 different "
            "indicators, levels and vintages of one request: the first are answered, each further "
            "one is an IndicatorProblem."
        ),
    ] = False,
) -> Any:
    places = Places(place.table, [place.ordinal])
    asked, found = _answered(
        info.context, places, indicators, Span(from_, to), harmonised=harmonised
    )
    lines: Iterator[Any] = iter(found)
    return [next(lines) if isinstance(item, Outline) else item for item in asked.items]


def _answered(
    context: Context, places: Places, slugs: Sequence[str], span: Span, *, harmonised: bool
) -> tuple[Asked, Sequence[Any]]:
    """What is asked, and a series for each outline of it."""
    asked = asked_of(context, places.table, slugs, span)
    if not harmonised:
        return asked, asked.lines(context, places) if asked.places else ()
    asked = _as_far_as_allowed(context, places.table, asked)
    lines = [(each.indicator, each.years) for each in asked.outlines]
    return asked, harmonised_lines(context, places, lines) if lines else ()


def _as_far_as_allowed(context: Context, table: AreaTable, asked: Asked) -> Asked:
    """The same, with a problem where a series is more than one request may have harmonised."""
    refused = beyond(context, table, [each.indicator for each in asked.outlines])
    if not refused:
        return asked
    items = list(asked.items)
    for i, refusal in refused.items():
        slug = asked.outlines[i].indicator.slug
        items[asked.places[i]] = Problem.one_too_many(slug, refusal)
    return Asked(tuple(items))


def asked_of(context: Context, table: AreaTable, indicators: Sequence[str], span: Span) -> Asked:
    """What is asked of every area of a table within a span of years."""
    span.check()

    def drawn(asked: Question) -> Asked:
        return Asked(
            tuple(
                each if isinstance(each, Problem) else _outline(context, asked, each, span)
                for each in asked.items
            )
        )

    return worked_out(context, table, indicators, ("series", span), drawn)


def _outline(context: Context, asked: Question, indicator: CoreIndicator, span: Span) -> Outline:
    years = [year for year in context.facts.years(indicator.slug, asked.level) if span.holds(year)]
    found = columns(context, asked.level, asked.vintage, indicator, years)
    key = next((each.key for each in found if each.place >= 0), None)
    return Outline(indicator, found, years, key)


class Lines(Batch):
    """A series for every area and outline: area after area, for each the outlines in order."""

    __slots__ = ("asked", "blocks", "places")
    type_name = "Series"

    def __init__(self, asked: Asked, blocks: Sequence[Block], places: Places) -> None:
        self.asked = asked
        self.blocks = blocks
        self.places = places

    @property
    def pattern(self) -> Asked:  # type: ignore[override]
        return self.asked

    def __len__(self) -> int:
        return len(self.places) * len(self.asked.outlines)

    def __getitem__(self, row: Any) -> Any:
        if isinstance(row, slice):
            return [self[i] for i in range(*row.indices(len(self)))]
        area, i = divmod(row, len(self.asked.outlines))
        outline = self.asked.outlines[i]
        return Line(outline, self.block_of(outline), self.places[area])

    def block_of(self, outline: Outline) -> Block | None:
        """The block that has any of its years."""
        at = self.asked.spread.keys.index(outline.key) if outline.key else -1
        return None if at < 0 else self.blocks[at]

    @property
    def figures(self) -> Figures:
        """All points of all series."""
        return Figures(self.asked.spread, self.blocks, self.places)


@together(Places, "series")
def _series(
    places: Places,
    context: Context,
    indicators: Sequence[str],
    from_: int | None = None,
    to: int | None = None,
    harmonised: bool = False,
) -> Slots:
    asked, lines = _answered(context, places, indicators, Span(from_, to), harmonised=harmonised)
    if not asked.places:
        return Slots(len(asked.items), asked.problems)
    return Slots(len(asked.items), [(asked.places, lines), *asked.problems])


@together(Lines, "trend")
def _trends(
    lines: Lines, context: Context, from_: int | None = None, to: int | None = None
) -> Linked:
    outlines, ordinals = lines.asked.outlines, lines.places.ordinals
    blocks = [lines.block_of(each) for each in outlines]
    fits = [
        _fits(context, each, block, ordinals, Span(from_, to))
        for each, block in zip(outlines, blocks, strict=True)
    ]
    return Linked([fit for area in zip(*fits, strict=True) for fit in area])


@together(Lines, "area")
def _areas(lines: Lines, _: Context) -> Linked:
    width = len(lines.asked.outlines)
    return Linked(lines.places, [row // width for row in range(len(lines))])


@together(Lines, "indicator")
def _indicators(lines: Lines, _: Context) -> Linked:
    return lines.asked.indicators


@together(Lines, "vintage")
def _vintage(lines: Lines, _: Context) -> Texts:
    return Same(str(lines.places.table.vintage))


@together(Lines, "years")
def _years(lines: Lines, _: Context) -> Texts:
    return lines.asked.years


@together(Lines, "values")
def _values(lines: Lines, _: Context) -> Texts:
    return _listed(lines, lines.figures.texts(lambda block: block.values))


@together(Lines, "statuses")
def _statuses(lines: Lines, _: Context) -> Texts:
    return _listed(lines, status_texts(lines.figures))


def _listed(lines: Lines, texts: list[str]) -> list[str]:
    """One list a series, out of the texts of all its points."""
    made, start = [], 0
    for width in lines.asked.widths * len(lines.places):
        made.append(f"[{','.join(texts[start : start + width])}]")
        start += width
    return made


@together(Lines, "points")
def _points(lines: Lines, _: Context) -> Slots | Lists:
    widths = lines.asked.widths
    if len(set(widths)) == 1:
        return Slots(widths[0], [(range(widths[0]), lines.figures)])
    return Lists(lines.figures, widths * len(lines.places))
