"""Harmonised series: years published on other boundaries, carried to those of the area asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import strawberry
from graphql import GraphQLResolveInfo

from db.core.absence import Reason, Status
from db.core.carrying import Carrying
from db.core.harmonised import MIXED
from db.core.indicator import Indicator as CoreIndicator
from db.core.indicator import SeriesBreak as CoreBreak
from db.core.trend import unbroken
from schema.batch import Batch, Lists, Same, Slots, Texts, together
from schema.context import Context, Info
from schema.fields import field
from schema.harmonised import harmonised_tables
from schema.harmonised_figures import HarmonisedFigure
from schema.harmonised_points import HarmonisedPoint
from schema.harmonised_spread import HarmonisedPoints, Years, status_texts, value_texts
from schema.indicators import Indicator, SeriesBreak
from schema.language import LanguageArgument, said
from schema.place import Place, Places
from schema.references import AreaItem
from schema.source_breaks import switch, within
from schema.span import FromInSeriesArgument, Span, ToInSeriesArgument
from schema.trends import Fit, Stretch, Trend, fit

RULES = {
    Carrying.COUNT: (
        "Aantallen van de delen zijn opgeteld, elk naar het aandeel van het oude gebied dat hier "
        "ligt.",
        "Counts of the parts are added up, each by the share of the old area that lies here.",
    ),
    Carrying.RATIO: (
        "Teller en noemer zijn elk als aantal omgerekend en daarna gedeeld.",
        "Numerator and denominator are each carried as counts and then divided.",
    ),
    Carrying.MEAN: (
        "Gewogen met de noemer, die als aantal is omgerekend; een teller is niet gepubliceerd.",
        "Weighted by the denominator, carried as a count; a numerator is not published.",
    ),
    Carrying.UNCHANGED: (
        "Alleen overgenomen waar de grens niet is veranderd: dit soort cijfer is niet om te "
        "rekenen.",
        "Taken over only where the border did not change: a figure of this sort cannot be "
        "converted.",
    ),
}
"""Dutch and English."""


@dataclass(frozen=True, slots=True, eq=False)
class HarmonisedLine:
    """The source of a HarmonisedSeries, read only as far as asked."""

    of: Years
    area: Place

    @property
    def indicator(self) -> CoreIndicator:
        return self.of.of.indicator

    @property
    def vintage(self) -> int:
        return self.area.vintage

    @property
    def rule(self) -> Carrying:
        return self.of.of.carrying

    @property
    def years(self) -> list[int]:
        return list(self.of.of.found.years[self.of.start : self.of.stop])

    @property
    def points(self) -> list[HarmonisedFigure]:
        return [
            HarmonisedFigure(self.of.of, self.area, column)
            for column in range(self.of.start, self.of.stop)
        ]

    @property
    def values(self) -> list[float | None]:
        return [each.value for each in self.points]

    @property
    def statuses(self) -> list[Status]:
        return [each.status for each in self.points]


def breaks_of(context: Context, line: HarmonisedLine) -> list[CoreBreak]:
    """Breaks within the years of a line: of the indicator, and where the source changes."""
    return within(line.years, [*line.indicator.breaks, *_switches(context, line)])


def _switches(context: Context, line: HarmonisedLine) -> list[CoreBreak]:
    """Where a value is of another source than the value before it."""
    found, row = line.of.of.found, line.area.ordinal
    columns = slice(line.of.start, line.of.stop)
    values, origins = found.values[row, columns], found.origins[row, columns].tolist()
    there = np.flatnonzero(~np.isnan(values)).tolist()
    slugs = [*line.of.of.origins]
    named = [frozenset[str]() if each == MIXED else frozenset([slugs[each]]) for each in origins]
    return [
        switch(context, line.years[now], named[before], named[now])
        for before, now in pairwise(there)
        if named[before] != named[now]
    ]


def breaks(line: strawberry.Parent[HarmonisedLine], info: Info) -> Any:
    return breaks_of(info.context, line)


def trend(
    line: strawberry.Parent[HarmonisedLine],
    info: Info,
    from_: FromInSeriesArgument = None,
    to: ToInSeriesArgument = None,
) -> Fit:
    span = Span(from_, to)
    span.check()
    found, row = line.of.of.found, line.area.ordinal
    columns = [
        column for column in range(line.of.start, line.of.stop) if span.holds(found.years[column])
    ]
    values, reasons = found.values[row, columns], found.reasons[row, columns]
    usable = np.flatnonzero(~np.isnan(values) & (reasons != Reason.ESTIMATED))
    years = np.array([found.years[each] for each in columns], np.int32)
    start, end = (int(years[usable[0]]), int(years[usable[-1]])) if len(usable) else (0, 0)
    applied = [b for b in breaks_of(info.context, line) if start < b.year <= end]
    kept = unbroken(years, [each.year for each in applied])
    of = Stretch(line.indicator, (), tuple(applied))
    return Fit(fit(of, years[kept], values[None, kept], reasons[None, kept]), 0)


def rule_text(
    line: strawberry.Parent[HarmonisedLine], info: Info, language: LanguageArgument = None
) -> str:
    return said(RULES[line.rule], info.context, language)


@strawberry.type(
    description="Values of one indicator for one area on the boundaries of its own vintage, with "
    "years published on other boundaries carried to these. Of each year one source vintage is "
    "taken: the area's own where that states anything, a value or why there is none; else one "
    "that gives it exactly, else one that gives it between bounds; of several the nearest, and of "
    "two equally near the later. Nothing is put together from several vintages."
)
class HarmonisedSeries:
    area: AreaItem = field("The area, with its vintage.")
    indicator: Indicator = field("What they are values of.")
    vintage: int = field("Year of the boundaries of all values.")
    rule: Carrying = field("How values of other boundaries are carried.")
    rule_text: str = field("How values of other boundaries are carried, in a sentence.", rule_text)
    years: list[int] = field("The years, ascending: all that any vintage of this level has.")
    values: list[float | None] = field("The values by year; null where absent.")
    statuses: list[Status] = field("The statuses by year.")
    points: list[HarmonisedPoint] = field("The same values with all that belongs to each.")
    breaks: list[SeriesBreak] = field(
        "Years from which values are not comparable with those before: another definition or "
        "classification of the indicator, or another source than of the value before.",
        breaks,
    )
    trend: Trend | None = field(
        "Direction and size of the change since the last break, of values on these boundaries and "
        "of those carried exactly; estimated ones are left out and counted.",
        trend,
    )

    @classmethod
    def is_type_of(cls, value: object, info: "GraphQLResolveInfo[Any]") -> bool:
        return isinstance(value, HarmonisedLine)


class HarmonisedLines(Batch):
    """A series for every area and indicator: area after area, the indicators in their order."""

    __slots__ = ("places", "series")
    type_name = "HarmonisedSeries"

    def __init__(self, series: Sequence[Years], places: Places) -> None:
        self.series = series
        self.places = places

    def __len__(self) -> int:
        return len(self.places) * len(self.series)

    def __getitem__(self, row: Any) -> Any:
        if isinstance(row, slice):
            return [self[i] for i in range(*row.indices(len(self)))]
        area, i = divmod(row, len(self.series))
        return HarmonisedLine(self.series[i], self.places[area])

    @property
    def points(self) -> HarmonisedPoints:
        return HarmonisedPoints(self.series, self.places)

    @property
    def widths(self) -> list[int]:
        return [each.stop - each.start for each in self.series]


def harmonised_lines(
    context: Context, places: Places, asked: Sequence[tuple[CoreIndicator, Sequence[int]]]
) -> HarmonisedLines:
    """Series of indicators in years that follow each other among those of the level.

    `schema.harmonised.beyond` says first which of them a request may ask for.
    """
    made = []
    tables = harmonised_tables(context, places.table, [each for each, _ in asked])
    for of, (_, years) in zip(tables, asked, strict=True):
        start = of.found.years.index(years[0]) if years else 0
        made.append(Years(of, start, start + len(years)))
    return HarmonisedLines(made, places)


@together(HarmonisedLines, "points")
def _points(lines: HarmonisedLines, _: Context) -> Slots | Lists:
    widths = lines.widths
    if len(set(widths)) == 1:
        return Slots(widths[0], [(range(widths[0]), lines.points)])
    return Lists(lines.points, widths * len(lines.places))


@together(HarmonisedLines, "vintage")
def _vintage(lines: HarmonisedLines, _: Context) -> Texts:
    return Same(str(lines.places.table.vintage))


@together(HarmonisedLines, "values")
def _values(lines: HarmonisedLines, _: Context) -> Texts:
    return _listed(lines, value_texts(lines.points))


@together(HarmonisedLines, "statuses")
def _statuses(lines: HarmonisedLines, _: Context) -> Texts:
    return _listed(lines, status_texts(lines.points))


def _listed(lines: HarmonisedLines, texts: list[str]) -> list[str]:
    made, start = [], 0
    for width in lines.widths * len(lines.places):
        made.append(f"[{','.join(texts[start : start + width])}]")
        start += width
    return made
