"""Which areas are most like one: all areas of its level and vintage, on the indicators asked for.

What does not depend on the area is worked out once a publication for a set of indicators and kept.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

import numpy as np

from db.core.area import AreaTable
from db.core.bounded import Bounded
from db.core.codes import gemeente_code
from db.core.figures import Floats
from db.core.indicator import Domain, Indicator, Kind
from db.core.levels import Level
from db.core.likeness import LeftOut, Likeness, Measure, nearest
from db.core.percentiles import MINIMUM_INHABITANTS
from db.core.standard import Mask, Standard, standardise
from schema.asked import asked_of
from schema.context import Context
from schema.errors import LimitOutOfRange
from schema.figures import Column, Problem
from schema.place import Place
from schema.roster import Ordinals
from schema.whole_table import inhabitants_column, on_land, values_of

_KEPT = "standards"
_KEPT_BYTES = 8 * 1024 * 1024
"""Of one publication: some seventy sets of indicators on all buurten."""
_ENTRY_BYTES = 8000
FEWEST_INDICATORS, MOST_INDICATORS = 2, 40
MOST_NEAREST = 100
MOST_SETS = 4
"""Sets of indicators, levels, vintages and years that one request may compare on."""
MOST_AREAS = 20
"""Areas that one request may compare with all others: each takes up to 20 ms on all buurten."""
_SETS = "sets of indicators to compare on", "stellen indicatoren om op te vergelijken"
_AREAS = "areas to compare with all others", "gebieden om met alle andere te vergelijken"


class NotCompared(Enum):
    """Why an indicator that there is takes no part."""

    CLASS = "class"
    NOT_ON_THESE_BOUNDARIES = "boundaries"
    UNKNOWN_FOR_AREA = LeftOut.UNKNOWN_FOR_REFERENCE.value
    NO_VALUES = LeftOut.NO_VALUES.value
    NO_SPREAD = LeftOut.NO_SPREAD.value
    NO_SPREAD_AMONG_COMPLETE = LeftOut.NO_SPREAD_AMONG_COMPLETE.value
    STUDIED = LeftOut.NO_WEIGHT.value


class Asked(NamedTuple):
    """What a standard is made of; equal for equal questions, in whatever order they were put."""

    level: Level
    vintage: int
    columns: tuple[tuple[str, int], ...]
    """Indicator and year, by slug."""


@dataclass(frozen=True, slots=True, eq=False)
class Set:
    """The areas that are compared, in order of code, the same for all requests."""

    rows: Ordinals
    """The ordinal of each area."""
    standard: Standard
    """Its indicators are in the order of `Asked`."""
    inhabitants_year: int | None
    left_out: int
    """Areas on land with too few inhabitants, none, or an unknown number."""


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The source of a Comparable: what is most like one area."""

    place: Place
    measure: Measure
    of: Set
    columns: tuple[Column, ...]
    """The columns of the likeness."""
    refused: tuple[tuple[Column, NotCompared], ...]
    """Indicators that were left out before anything was compared."""
    problems: tuple[Problem, ...]
    likeness: Likeness
    parts: dict[Domain, Floats]
    """Squared distance by domain, one an area."""
    within: str | None
    """Code of the gemeente whose areas are no candidates."""

    def area(self, row: int) -> Place:
        return Place(self.place.table, self.of.rows.item(row))


def likeness(
    context: Context,
    place: Place,
    slugs: Sequence[str],
    *,
    first: int,
    measure: Measure,
    exclude_own_gemeente: bool,
    year: int | None,
    studied: Collection[str] = (),
    argument: str = "indicators",
) -> Found:
    """The areas most like one, and all that was left out; `argument` has the slugs.

    What is `studied` is no context: those slugs weigh nothing, and that is said.
    """
    if not 1 <= first <= MOST_NEAREST:
        raise LimitOutOfRange("first", first, 1, MOST_NEAREST)
    table = place.table
    items = asked_of(context, table, _different(slugs, argument), year).items
    columns = [each for each in items if isinstance(each, Column)]
    why = [(each, _refused(each)) for each in columns]
    compared = tuple(sorted((c for c, no in why if no is None), key=lambda c: c.indicator.slug))
    asked = Asked(
        table.level, table.vintage, tuple((each.indicator.slug, each.year) for each in compared)
    )
    within = gemeente_code(place.code) if exclude_own_gemeente else None
    apart = tuple(slug for slug, _ in asked.columns if slug in studied)
    question = (asked, place.ordinal, measure, within, first, apart)
    _count(context, asked, question, argument)
    values, found = _values_and_set(context, table, asked, compared)
    nearby = nearest(
        values,
        int(context.roster(table).by_code.rank[place.ordinal]),
        found.standard,
        count=first,
        measure=measure,
        weights=np.array([slug not in apart for slug, _ in asked.columns], np.float64),
        excluded=_inside(context, table, found.rows, within),
    )
    return Found(
        place=place,
        measure=measure,
        of=found,
        columns=compared,
        refused=tuple((each, no) for each, no in why if no is not None),
        problems=tuple(each for each in items if isinstance(each, Problem)),
        likeness=nearby,
        parts=_parts(nearby, compared),
        within=within,
    )


def _different(slugs: Sequence[str], argument: str) -> list[str]:
    """Each slug once; refused where they are too few or too many."""
    different = list(dict.fromkeys(slugs))
    if not FEWEST_INDICATORS <= len(different) <= MOST_INDICATORS:
        given, what = len(different), ("different ones", "verschillende")
        raise LimitOutOfRange(argument, given, FEWEST_INDICATORS, MOST_INDICATORS, what=what)
    return different


def _parts(nearby: Likeness, columns: Sequence[Column]) -> dict[Domain, Floats]:
    """By domain, of those that have an indicator that is used."""
    domains = [each.indicator.domain for each in columns]
    there = {domains[at] for at in nearby.used}
    return {each: parts for each, parts in nearby.by_domain(domains).items() if each in there}


def _refused(column: Column) -> NotCompared | None:
    if column.indicator.kind is Kind.CLASS:
        return NotCompared.CLASS
    return NotCompared.NOT_ON_THESE_BOUNDARIES if column.place < 0 else None


def _count(context: Context, asked: Asked, question: tuple[object, ...], argument: str) -> None:
    """Bounds what one request may ask, whether it was worked out before or not."""
    for what, one, most in (
        (_SETS, asked, MOST_SETS),
        (_AREAS, question, MOST_AREAS),
    ):
        counted: set[object] = context.memo.setdefault((_KEPT, what), set())
        if one not in counted and len(counted) >= most:
            raise LimitOutOfRange(argument, len(counted) + 1, 0, most, what=what)
        # What was refused is not counted, so that what came before it is answered when asked again.
        counted.add(one)


def _values_and_set(
    context: Context, table: AreaTable, asked: Asked, columns: Sequence[Column]
) -> tuple[Floats, Set]:
    """The values of all areas for this request, and what is kept of them for all."""
    key = (_KEPT, asked)
    known: tuple[Floats, Set] | None = context.memo.get(key)
    if known is None:
        known = context.memo[key] = _read(context, table, asked, columns)
    return known


def _read(
    context: Context, table: AreaTable, asked: Asked, columns: Sequence[Column]
) -> tuple[Floats, Set]:
    inhabitants = inhabitants_column(context, table)
    # Both are asked for at once where neither is at hand.
    found = values_of(context, table, [*columns, *([inhabitants] if inhabitants else [])])
    people = found[len(columns)] if inhabitants else np.full(len(table), np.nan)
    rows = context.roster(table).by_code.ordinals
    values = np.array([each[rows] for each in found[: len(columns)]]).reshape(-1, len(rows)).T
    kept: Bounded[Asked, Set] = context.facts.remember(_KEPT, lambda: Bounded(_KEPT_BYTES))
    known = kept.get(asked)
    if known is None:
        context.let_others()
        land = on_land(context, table)[rows]
        # Comparisons with NaN are false: an unknown number of inhabitants is not enough.
        eligible: Mask = land & (people[rows] >= MINIMUM_INHABITANTS)
        known = Set(
            rows=rows,
            standard=standardise(values, people[rows], eligible=eligible),
            inhabitants_year=inhabitants.year if inhabitants else None,
            left_out=int((land & ~eligible).sum()),
        )
        kept.keep(asked, known, known.standard.weights.nbytes + _ENTRY_BYTES)
    return values, known


def _inside(
    context: Context, table: AreaTable, rows: Ordinals, gemeente: str | None
) -> Mask | None:
    """Which of the rows lie in a gemeente; None where none is meant."""
    if gemeente is None:
        return None
    own = context.roster(table).by_gemeente.get(gemeente, np.array([], np.int32))
    return np.isin(rows, own)


def left_out(found: Found) -> list[tuple[Indicator, int, NotCompared]]:
    """Indicators that take no part, with their year and why."""
    before = [(each.indicator, each.year, why) for each, why in found.refused]
    reasons = zip(found.columns, found.likeness.left_out, strict=True)
    return before + [
        (each.indicator, each.year, NotCompared(why.value))
        for each, why in reasons
        if why is not None
    ]
