"""What a group of areas says of one indicator in one year, worked out once for a whole table.

Made of published cells only. A cell that the source withholds, or may have withheld, goes into
nothing, and no figure is told of which the difference with others here is that cell: not a sum
around it, and not the published whole. Whoever asks for the whole and all parts as observations
can still subtract: the source publishes those itself.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from db.core.area import AreaTable
from db.core.benchmark_rows import Mask
from db.core.benchmarks import (
    Benchmarks,
    Refusal,
    benchmarks,
    benchmarks_of_others,
)
from db.core.figures import Floats
from db.core.indicator import Aggregation, Kind
from db.core.levels import Level
from schema.belonging import Belonging, Members, members_of
from schema.benchmark_cells import BenchmarkCells
from schema.comparison_enums import BenchmarkGroup, BenchmarkRefusal
from schema.context import Context
from schema.figures import Column
from schema.whole_table import on_land
from schema.workings import Workings

_ENTRY_BYTES = 2000
_OWN = "benchmarks of this request"
MOST_COLUMNS = 60
"""Columns, each with a group, that one request may have worked out: each is a country to be
sorted, at most some ten milliseconds."""
FEWEST = 3
"""Areas with a value that must remain where a gemeente is counted without one area."""
IN_GEMEENTE = frozenset({BenchmarkGroup.GEMEENTE, BenchmarkGroup.REST_OF_GEMEENTE})
IN_PROGRAMME = frozenset({BenchmarkGroup.FOCUS_AREAS, BenchmarkGroup.OUTSIDE_FOCUS_AREAS})


class Asked(NamedTuple):
    """What a value is compared with; equal for equal questions."""

    level: Level
    vintage: int
    indicator: str
    year: int
    group: BenchmarkGroup
    programme: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Who is in which group, for all areas of a table."""

    labels: NDArray[np.int32]
    """By area the number of its group, -1 for none."""
    number: int
    entries: NDArray[np.int32]
    """By area its place in what is found, -1 for what is compared with nothing."""
    partial: tuple[str, ...] = ()
    """Codes of the areas that belong to the programme in part: they are in neither group."""


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """The benchmarks of all areas of a table, the same for all requests of a publication."""

    asked: Asked
    group: Group
    found: Benchmarks
    """Its refusals are of BenchmarkRefusal: those of the core and those decided here."""
    revealing: Mask
    """By place in what is found: whether the published whole would tell one withheld value."""
    weights: Column | None
    """None where neither denominator nor inhabitants are loaded."""
    complete: bool


_WORKINGS: Workings[Asked, Compared] = Workings(
    "benchmarks",
    (
        "different indicators and years put beside others in one request",
        "verschillende indicatoren en jaren naast andere in een verzoek",
    ),
    "indicators",
    most_asked=MOST_COLUMNS,
    # Hundreds of columns by gemeente; of the rest of each gemeente forty of wijken, ten of buurten.
    most_bytes=16 * 1024 * 1024,
)


def programme_of(context: Context, table: AreaTable, slug: str | None) -> str | None:
    """The programme asked for; without one the first by slug that states members of the table."""
    programmes = context.facts.programmes
    if slug is not None:
        return slug
    stated = (each for each in sorted(programmes) if _members(context, table, each))
    return next(stated, min(programmes, default=None))


def compared(
    context: Context, table: AreaTable, column: Column, group: BenchmarkGroup, programme: str | None
) -> Compared | BenchmarkRefusal:
    """What all areas of a table are compared with, kept or worked out now; or why with nothing."""
    if table.level is Level.LAND or (group in IN_GEMEENTE and table.level is Level.GEMEENTE):
        return BenchmarkRefusal.NOT_DIVIDED
    if group in IN_PROGRAMME and _members(context, table, programme) is None:
        return BenchmarkRefusal.NOT_STATED
    slug = programme if group in IN_PROGRAMME else None
    asked = Asked(table.level, table.vintage, column.indicator.slug, column.year, group, slug)
    # A long list comes back to each of its columns, more than may be kept for all requests.
    own: dict[Asked, Compared] = context.memo.setdefault(_OWN, {})
    if asked not in own:
        own[asked] = _WORKINGS.take(
            context,
            asked,
            lambda: _worked_out(context, table, column, asked),
            lambda made: made.found.nbytes + made.revealing.nbytes + _ENTRY_BYTES,
        )
    return own[asked]


def _worked_out(context: Context, table: AreaTable, column: Column, asked: Asked) -> Compared:
    cells = BenchmarkCells.of(context, table, column)
    group = _group(context, table, asked)
    apart = asked.group is BenchmarkGroup.REST_OF_GEMEENTE
    how = (cells.values, cells.weights, cells.rule, group.labels)
    found = (
        benchmarks_of_others(*how, numerators=cells.numerators)
        if apart
        else benchmarks(*how, number=group.number, numerators=cells.numerators)
    )
    revealing = _revealing(context, table, cells, asked.group)
    return Compared(
        asked,
        group,
        guarded(found, cells, group, revealing, apart=apart),
        revealing,
        cells.weighing,
        context.facts.is_complete(table.level, table.vintage),
    )


def _revealing(
    context: Context, table: AreaTable, cells: BenchmarkCells, kind: BenchmarkGroup
) -> Mask:
    """Whether a published whole, less all published parts, is one withheld value.

    Of a gemeente where exactly one is withheld. Of the country where that holds for exactly one
    gemeente: what is withheld in the others, their own wholes tell together.
    """
    labels, number = _gemeenten(context, table)
    withheld = np.bincount(labels[cells.secret], minlength=number)
    alone: Mask = (withheld == 1) & cells.additive
    if kind is BenchmarkGroup.GEMEENTE:
        return alone
    if kind is BenchmarkGroup.REST_OF_GEMEENTE:
        return np.asarray(np.append(alone, False)[labels])
    return np.array([alone.sum() == 1])


def guarded(
    found: Benchmarks,
    cells: BenchmarkCells,
    group: Group,
    revealing: Mask,
    *,
    apart: bool,
    chosen: bool = False,
) -> Benchmarks:
    """The same without what must not be told.

    `apart` where an area is compared with others and not with itself, one entry an area; `chosen`
    where the caller has a say in who they are. A sum of either needs some areas.
    """
    refusals, quartile_refusals = found.refusals.copy(), found.quartile_refusals.copy()
    if cells.weighing is None and not np.isnan(cells.values).all():
        for each in (refusals, quartile_refusals):
            each[each == Refusal.NO_VALUE] = Refusal.WEIGHTS_UNKNOWN
    if not cells.recomputable:
        refusals[:] = BenchmarkRefusal.PARTS_NOT_LOADED.value
    if cells.rule.aggregates_by(Aggregation.SUM):
        # The core does not wait for an area where nobody lives; for a withheld one all wait.
        within = group.labels[cells.secret]
        held = np.bincount(within[within >= 0], minlength=group.number)
        told = np.append(held, 0)[group.labels] - cells.secret if apart else held
        hidden = (refusals == Refusal.NONE) & ((told > 0) | revealing)
        refusals[hidden] = BenchmarkRefusal.WOULD_REVEAL.value
    few = np.zeros(len(found), np.bool_)
    counted = cells.rule.kind is Kind.COUNT or cells.rule.aggregates_by(Aggregation.SUM)
    if (apart or chosen) and counted:
        few = found.known < FEWEST
        refusals[few] = quartile_refusals[few] = BenchmarkRefusal.TOO_FEW_AREAS.value

    def unless(hide: Mask, values: Floats) -> Floats:
        return np.where(hide, np.nan, values)

    return replace(
        found,
        aggregates=unless(refusals != Refusal.NONE, found.aggregates),
        refusals=refusals,
        quartile_refusals=quartile_refusals,
        lower_quartiles=unless(few, found.lower_quartiles),
        medians=unless(few, found.medians),
        upper_quartiles=unless(few, found.upper_quartiles),
        lowest=unless(few, found.lowest),
        highest=unless(few, found.highest),
    )


def _group(context: Context, table: AreaTable, asked: Asked) -> Group:
    key = ("benchmark group", table.level, table.vintage, asked.group, asked.programme)
    return context.facts.remember(key, lambda: _read_group(context, table, asked))


def _read_group(context: Context, table: AreaTable, asked: Asked) -> Group:
    land = on_land(context, table)
    if asked.group in IN_GEMEENTE:
        labels, number = _gemeenten(context, table)
        if asked.group is BenchmarkGroup.GEMEENTE:
            return Group(labels, number, labels)
        rows = np.arange(len(table), dtype=np.int32)
        return Group(labels, number, np.where(land, rows, np.int32(-1)))
    country = np.where(land, 0, -1).astype(np.int32)
    if asked.group is BenchmarkGroup.NATIONAL:
        return Group(country, 1, country)
    members = _members(context, table, asked.programme)
    codes = np.zeros(len(table), np.int8) if members is None else members.codes
    inside = codes == Belonging.MEMBER.value
    beside = codes == Belonging.MEMBER_IN_PART.value
    chosen = inside if asked.group is BenchmarkGroup.FOCUS_AREAS else ~(inside | beside)
    labels = np.where(chosen, country, np.int32(-1))
    partial = tuple(table.codes[row] for row in np.flatnonzero(beside & land))
    return Group(labels, 1, country, partial)


def _gemeenten(context: Context, table: AreaTable) -> tuple[NDArray[np.int32], int]:
    """The gemeente of each area on land, numbered, and how many there are."""
    by_gemeente = context.roster(table).by_gemeente
    labels = np.full(len(table), -1, np.int32)
    for number, rows in enumerate(by_gemeente.values()):
        labels[rows] = number
    return np.where(on_land(context, table), labels, np.int32(-1)), len(by_gemeente)


def _members(context: Context, table: AreaTable, programme: str | None) -> Members | None:
    """Who belongs to a programme; None where no counted member is stated for these areas."""
    if programme not in context.facts.programmes:
        return None
    found = members_of(context, table, programme, required=False)
    return found if found is not None and found.anybody else None
