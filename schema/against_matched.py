"""What changed where something was done, beside areas alike: never a bare before and after.

Areas are matched on context of before it began, not on what is studied, and outside the gemeente.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from db.core import intervention as core
from db.core.figures import Floats
from db.core.indicator import Indicator, Kind, SeriesBreak
from db.core.likeness import Measure
from schema.context import Context
from schema.fact_enums import CannotBeSaid
from schema.figures import Problem
from schema.likeness import Found, likeness
from schema.place import Place, Places, find_if_loaded
from schema.series import Line, Outline, asked_of
from schema.source_breaks import source_breaks

Texts = tuple[str, str]


@dataclass(frozen=True, slots=True)
class NotSaid:
    """The source of an InterventionNotCompared."""

    slug: str
    reason: CannotBeSaid
    text: Texts | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Matched:
    """The source of a MatchedArea."""

    area: Place
    distance: float
    series: Line


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """The source of an InterventionComparison."""

    indicator: Indicator
    area: Place
    series: Line
    matched: list[Matched]
    found: Found
    years_before: list[int]
    years_after: list[int]
    year_left_out: int
    relative: bool
    result: core.Difference


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of an intervention."""

    indicators: tuple[str, ...]
    matched_on: tuple[str, ...]
    matches: int
    span: tuple[int | None, int | None]
    vintage: int | None


Result = Compared | NotSaid


def unit_of(context: Context, done: core.Intervention, vintage: int | None = None) -> Place | None:
    """The place as an area: on the boundaries asked for, or the newest that are loaded."""
    for unit in reversed(done.units):
        if vintage in (None, unit.vintage):
            place = find_if_loaded(context, unit.level, unit.code, unit.vintage)
            if place is not None:
                return place
    return None


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
    context: Context, place: Place, wanted: Wanted, start: int, year: int
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
    lines = asked.lines(context, Places(place.table, [place.ordinal, *(at for at, _ in near)]))
    results: list[Result] = []
    position = 0
    for slug, item in zip(wanted.indicators, asked.items, strict=True):
        if isinstance(item, Outline):
            own = [lines[at * len(asked.outlines) + position] for at in range(len(near) + 1)]
            breaks = [*own[0].indicator.breaks, *source_breaks(context, own[0].block)]
            distances = [each for _, each in near]
            results.append(_of(slug, own, found, distances, start, breaks))
            position += 1
        else:
            results.append(_problem(slug, item))
    return results


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


def _of(
    slug: str,
    lines: Sequence[Line],
    found: Found,
    distances: Sequence[float],
    start: int,
    breaks: Sequence[SeriesBreak],
) -> Result:
    own, *others = lines
    if own.indicator.kind is Kind.CLASS:
        return NotSaid(slug, CannotBeSaid.CLASS)
    values = _values(lines)
    known = [at for at, value in enumerate(values[0].tolist()) if value == value]
    before = [at for at in known if own.years[at] < start]
    after = [at for at in known if own.years[at] > start]
    if min(len(before), len(after)) < core.FEWEST_YEARS:
        return NotSaid(slug, CannotBeSaid.TOO_FEW_YEARS)
    first, last = own.years[before[0]], own.years[after[-1]]
    if any(first < each.year <= last for each in breaks):
        return NotSaid(slug, CannotBeSaid.BREAK)
    relative = own.indicator.kind is Kind.COUNT
    result = core.difference(values[0], values[1:], before, after, relative=relative)
    if result is None:
        return NotSaid(slug, CannotBeSaid.NO_MATCHES)
    return Compared(
        indicator=own.indicator,
        area=own.area,
        series=own,
        matched=[
            Matched(each.area, far, each) for each, far in zip(others, distances, strict=True)
        ],
        found=found,
        years_before=[own.years[at] for at in before],
        years_after=[own.years[at] for at in after],
        year_left_out=start,
        relative=relative,
        result=result,
    )


def _values(lines: Sequence[Line]) -> Floats:
    """A row an area, a column a year; NaN where there is no value."""
    return np.array(
        [[np.nan if each is None else each for each in line.values] for line in lines], np.float64
    )
