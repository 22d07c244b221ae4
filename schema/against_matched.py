"""What changed where something was done, beside areas alike: never a bare before and after.

Areas are matched on context of before it began, not on what is studied, and outside the gemeente.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass

import numpy as np

from db.core import intervention as core
from db.core.absence import Reason, Status
from db.core.figures import Floats
from db.core.indicator import Indicator, Kind, SeriesBreak
from db.core.likeness import Measure
from schema.context import Context
from schema.errors import LimitOutOfRange
from schema.fact_enums import CannotBeSaid
from schema.figures import Problem
from schema.harmonised import beyond
from schema.harmonised_series import HarmonisedLine, breaks_of, harmonised_lines
from schema.likeness import Found, likeness
from schema.place import Place, Places, find_if_loaded
from schema.series import Asked, Line, Outline, asked_of
from schema.source_breaks import source_breaks
from schema.span import Span

Texts = tuple[str, str]
Told = Line | HarmonisedLine
"""What is compared: values of the area's own boundaries, or those carried to them too."""


@dataclass(frozen=True, slots=True)
class NotSaid:
    """The source of an InterventionNotCompared."""

    slug: str
    reason: CannotBeSaid
    text: Texts | None = None


@dataclass(frozen=True, slots=True)
class Lacking:
    """The source of a LackingYear: a year that was compared and has no value here."""

    year: int
    reason: Reason

    @property
    def status(self) -> Status:
        return self.reason.status


@dataclass(frozen=True, slots=True, eq=False)
class Matched:
    """The source of a MatchedArea."""

    area: Place
    distance: float
    series: Line
    harmonised_series: HarmonisedLine | None
    years: tuple[int, ...]
    """Those that are compared."""
    used: bool
    """Whether it has a change: no year lacks, and where that is relative something stood before."""

    @property
    def told(self) -> Told:
        return self.harmonised_series or self.series

    @property
    def lacking(self) -> list[Lacking]:
        return [
            Lacking(each.year, each.reason)
            for each in self.told.points
            if each.year in self.years and each.value is None
        ]

    @property
    def years_estimated(self) -> list[int]:
        return estimated(self.told, self.years)


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """The source of an InterventionComparison."""

    indicator: Indicator
    area: Place
    series: Line
    harmonised_series: HarmonisedLine | None
    matched: list[Matched]
    found: Found
    years_before: list[int]
    years_after: list[int]
    year_left_out: int
    relative: bool
    result: core.Difference

    @property
    def years_estimated(self) -> list[int]:
        told = self.harmonised_series or self.series
        return estimated(told, (*self.years_before, *self.years_after))

    @property
    def matched_estimated(self) -> int:
        return sum(each.used and bool(each.years_estimated) for each in self.matched)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of an intervention."""

    indicators: tuple[str, ...]
    matched_on: tuple[str, ...]
    matches: int
    span: Span
    vintage: int | None
    harmonised: bool = False


Result = Compared | NotSaid


def unit_of(context: Context, done: core.Intervention, vintage: int | None = None) -> Place | None:
    """The place as an area: on the boundaries asked for, or those that are meant of its own."""
    units = [unit for unit in done.units if vintage in (None, unit.vintage)]
    places = [find_if_loaded(context, each.level, each.code, each.vintage) for each in units]
    there = [each for each in places if each is not None]
    meant = context.facts.default_vintage.among((each.level, each.vintage) for each in there)
    return next((each for each in reversed(there) if each.vintage == meant), None)


def against_matched(context: Context, done: core.Intervention, wanted: Wanted) -> list[Result]:
    """A result for each indicator, in their order."""
    begins = done.period.begins
    place = unit_of(context, done, wanted.vintage)
    if not done.units:
        why: CannotBeSaid | None = CannotBeSaid.NO_UNIT
    elif begins is None:
        why = CannotBeSaid.NO_START
    else:
        why = None if place is not None else CannotBeSaid.UNIT_NOT_LOADED
    if place is None or begins is None or why is not None:
        reason = why or CannotBeSaid.NO_START
        return [NotSaid(slug, reason) for slug in wanted.indicators]
    year = _context_year(context, place, wanted.matched_on, begins.year)
    if year is None:
        return [NotSaid(slug, CannotBeSaid.NO_CONTEXT_BEFORE) for slug in wanted.indicators]
    return _compared(context, place, wanted, begins.year, year)


def _context_year(context: Context, place: Place, slugs: Sequence[str], before: int) -> int | None:
    """The year before it began in which most of the context has figures; the newest of those."""
    known: dict[int, int] = {}
    for slug in dict.fromkeys(slugs):
        for year in context.facts.own_years(slug, place.level, place.vintage):
            if year < before:
                known[year] = known.get(year, 0) + 1
    return max(known, key=lambda year: (known[year], year)) if known else None


def _compared(
    context: Context, place: Place, wanted: Wanted, begins: int, year: int
) -> list[Result]:
    asked = asked_of(context, place.table, wanted.indicators, wanted.span)
    done = _done_elsewhere(context, place)
    found = likeness(
        context, place, wanted.matched_on,
        first=wanted.matches + len(done), measure=Measure.EUCLIDEAN, exclude_own_gemeente=True,
        year=year, studied=wanted.indicators, argument="matchedOn",
    )  # fmt: skip
    near = [
        (int(found.area(row).ordinal), distance)
        for row, distance in zip(
            found.likeness.rows.tolist(), found.likeness.distances.tolist(), strict=True
        )
        if found.area(row).code not in done
    ][: wanted.matches]
    places = Places(place.table, [place.ordinal, *(at for at, _ in near)])
    refused = _beyond(context, place, asked, wanted)
    own, carried = _lines(context, asked, places, wanted, refused)
    distances = [each for _, each in near]
    results: list[Result] = []
    position = 0
    for slug, item in zip(wanted.indicators, asked.items, strict=True):
        if not isinstance(item, Outline):
            results.append(_problem(slug, item))
            continue
        if position in refused:
            results.append(_too_many(slug, refused[position]))
        else:
            of = carried.get(position)
            results.append(_of(context, slug, own[position], of, found, distances, begins))
        position += 1
    return results


def _beyond(
    context: Context, place: Place, asked: Asked, wanted: Wanted
) -> dict[int, LimitOutOfRange]:
    """Which of the indicators are more harmonised ones than a request may ask for."""
    if not wanted.harmonised:
        return {}
    return beyond(context, place.table, [each.indicator for each in asked.outlines])


def _lines(
    context: Context, asked: Asked, places: Places, wanted: Wanted, refused: Container[int]
) -> tuple[list[list[Line]], dict[int, list[HarmonisedLine]]]:
    """By indicator the series of the place and of the areas alike; and those carried, if asked."""
    width = len(asked.outlines)
    lines = asked.lines(context, places)
    own = [[lines[at * width + of] for at in range(len(places))] for of in range(width)]
    if not wanted.harmonised:
        return own, {}
    taken = [of for of in range(width) if of not in refused]
    meant = [(asked.outlines[of].indicator, asked.outlines[of].years) for of in taken]
    found = harmonised_lines(context, places, meant)
    return own, {
        of: [found[at * len(taken) + i] for at in range(len(places))] for i, of in enumerate(taken)
    }


def _done_elsewhere(context: Context, place: Place) -> set[str]:
    """Codes where something was done as well: they are no areas without it."""
    return {
        unit.code
        for each in context.facts.interventions.values()
        for unit in each.units
        if (unit.level, unit.vintage) == (place.level, place.vintage)
    }


def _problem(slug: str, problem: Problem) -> NotSaid:
    return NotSaid(slug, CannotBeSaid.INDICATOR, (problem.message_nl, problem.message))


def _too_many(slug: str, refusal: LimitOutOfRange) -> NotSaid:
    return NotSaid(slug, CannotBeSaid.LIMIT, (refusal.nl, refusal.en))


def _breaks(context: Context, line: Told) -> list[SeriesBreak]:
    if isinstance(line, HarmonisedLine):
        return breaks_of(context, line)
    return [*line.indicator.breaks, *source_breaks(context, line.block)]


def _of(
    context: Context,
    slug: str,
    lines: Sequence[Line],
    carried: Sequence[HarmonisedLine] | None,
    found: Found,
    distances: Sequence[float],
    start: int,
) -> Result:
    told: Sequence[Told] = lines if carried is None else carried
    own = told[0]
    if own.indicator.kind is Kind.CLASS:
        return NotSaid(slug, CannotBeSaid.CLASS)
    values = _values(told)
    known = [at for at, value in enumerate(values[0].tolist()) if value == value]
    before = [at for at in known if own.years[at] < start]
    after = [at for at in known if own.years[at] > start]
    if min(len(before), len(after)) < core.FEWEST_YEARS:
        return NotSaid(slug, CannotBeSaid.TOO_FEW_YEARS)
    first, last = own.years[before[0]], own.years[after[-1]]
    if any(first < each.year <= last for each in _breaks(context, own)):
        return NotSaid(slug, CannotBeSaid.BREAK)
    relative = own.indicator.kind is Kind.COUNT
    result = core.difference(values[0], values[1:], before, after, relative=relative)
    if result is None:
        return NotSaid(slug, CannotBeSaid.NO_MATCHES)
    years = [own.years[at] for at in (*before, *after)]
    used = core.with_change(values[1:], before, after, relative=relative).tolist()
    return Compared(
        indicator=own.indicator,
        area=own.area,
        series=lines[0],
        harmonised_series=None if carried is None else carried[0],
        matched=[
            Matched(
                area=each.area,
                distance=distances[at],
                series=each,
                harmonised_series=None if carried is None else carried[at + 1],
                years=tuple(years),
                used=used[at],
            )
            for at, each in enumerate(lines[1:])
        ],
        found=found,
        years_before=years[: len(before)],
        years_after=years[len(before) :],
        year_left_out=start,
        relative=relative,
        result=result,
    )


def estimated(line: Told, years: Sequence[int]) -> list[int]:
    """The years of those in which a value is an estimate."""
    return [
        year
        for year, status in zip(line.years, line.statuses, strict=True)
        if year in years and status is Status.ESTIMATED
    ]


def _values(lines: Sequence[Told]) -> Floats:
    """A row an area, a column a year; NaN where there is no value."""
    return np.array(
        [[np.nan if each is None else each for each in line.values] for line in lines], np.float64
    )
