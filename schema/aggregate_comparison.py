"""The value of an area made of units beside the rest of its gemeente, its gemeente and the country.

All are made of the published values of areas of the level of the units, as benchmarks are, and
like these tell nothing of what a source withholds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import strawberry

from db.core.area import AreaTable
from db.core.benchmarks import Benchmarks, WeighedBy, benchmarks
from db.core.codes import gemeente_code
from schema.benchmark_cells import BenchmarkCells
from schema.benchmark_entry import Entry, gap
from schema.benchmark_groups import Group, compared, guarded
from schema.benchmark_refusals import refusal_words
from schema.comparison_enums import BenchmarkGroup, BenchmarkRefusal
from schema.context import Context, Info
from schema.errors import BadArgument
from schema.fields import argument, field
from schema.figures import Column
from schema.language import LanguageArgument, chosen
from schema.whole_table import column_of, on_land

if TYPE_CHECKING:
    from schema.aggregates import Value

_ALLOWED = (BenchmarkGroup.REST_OF_GEMEENTE, BenchmarkGroup.GEMEENTE, BenchmarkGroup.NATIONAL)
_DEFAULT = [BenchmarkGroup.REST_OF_GEMEENTE, BenchmarkGroup.NATIONAL]
_NOT_DIVIDED = Entry(why=BenchmarkRefusal.NOT_DIVIDED)
_KEPT = "benchmarks of the rest of gemeenten"


@dataclass(frozen=True, slots=True, eq=False)
class Beside:
    """The source of an AggregateComparison: a value and one group."""

    group: BenchmarkGroup
    value: "Value"
    entry: Entry

    @property
    def aggregate(self) -> float | None:
        return self.entry.number("aggregates")

    @property
    def difference(self) -> float | None:
        return self._gap("differences")

    @property
    def ratio(self) -> float | None:
        return self._gap("ratios")

    @property
    def coverage(self) -> float | None:
        return self.entry.number("coverage")

    @property
    def known(self) -> int:
        return self.entry.count("known")

    @property
    def unknown(self) -> int:
        return self.entry.count("unknown")

    @property
    def weighed_by(self) -> WeighedBy | None:
        return self.entry.weighed_by

    @property
    def refusal(self) -> BenchmarkRefusal | None:
        return self.entry.refusal("refusals")

    def _gap(self, name: str) -> float | None:
        return gap(name, self.value.value, self.aggregate, self.value.indicator.kind)


def compared_with(
    source: strawberry.Parent[Any],
    info: Info,
    against: Annotated[
        list[BenchmarkGroup],
        argument(
            "REST_OF_GEMEENTE (without any area that a unit is, or lies in part in), GEMEENTE or "
            "NATIONAL; each has its answer, in the same order."
        ),
    ] = _DEFAULT,
) -> Any:
    unknown = [each.name for each in against if each not in _ALLOWED]
    if unknown or len(against) > len(_ALLOWED):
        allowed = ", ".join(each.name for each in _ALLOWED)
        raise BadArgument(
            f"`against` may have each of {allowed} once",
            f"`against` mag elk van {allowed} eenmaal bevatten",
            argument="against",
        )
    return [_beside(info.context, source, group) for group in against]


def _beside(context: Context, value: "Value", group: BenchmarkGroup) -> Beside:
    tables = value.composed.tables
    if len(tables) != 1:
        return Beside(group, value, _NOT_DIVIDED)
    (table,) = tables
    if group is BenchmarkGroup.REST_OF_GEMEENTE:
        rest = _rest(context, table, value)
        if rest is None:
            return Beside(group, value, _NOT_DIVIDED)
        return Beside(group, value, Entry(_of_rest(context, table, value, rest), 0))
    column = column_of(context, table, value.indicator, value.year)
    found = compared(context, table, column, group, None)
    if isinstance(found, BenchmarkRefusal):
        return Beside(group, value, Entry(why=found))
    entries = {found.group.entries.item(unit.area.ordinal) for unit in value.composed.units}
    if len(entries) != 1 or -1 in entries:
        return Beside(group, value, _NOT_DIVIDED)
    return Beside(group, value, Entry(found.found, entries.pop()))


def _rest(context: Context, table: AreaTable, value: "Value") -> Sequence[int] | None:
    """The other areas on land of the one gemeente that all units lie in; None of several."""
    codes = {gemeente_code(unit.area.code) for unit in value.composed.units}
    if len(codes) != 1:
        return None
    own = {unit.area.ordinal for unit in value.composed.units}
    land = on_land(context, table)
    inside = context.roster(table).by_gemeente.get(codes.pop() or "", np.array([], np.int32))
    return [row for row in inside.tolist() if row not in own and land[row]]


def _of_rest(context: Context, table: AreaTable, value: "Value", rows: Sequence[int]) -> Benchmarks:
    """Worked out once a request: as many as the aggregates that a request may ask for."""
    known: dict[object, Benchmarks] = context.memo.setdefault(_KEPT, {})
    key = (table.level, table.vintage, value.indicator.slug, value.year, *rows)
    if key not in known:
        context.let_others()
        column = column_of(context, table, value.indicator, value.year)
        known[key] = _worked_out(context, table, column, rows)
    return known[key]


def _worked_out(
    context: Context, table: AreaTable, column: Column, rows: Sequence[int]
) -> Benchmarks:
    cells = BenchmarkCells.of(context, table, column)
    labels = np.full(len(table), -1, np.int32)
    labels[list(rows)] = 0
    found = benchmarks(
        cells.values, cells.weights, cells.rule, labels, number=1, numerators=cells.numerators
    )
    group = Group(labels, 1, labels)
    return guarded(found, cells, group, np.zeros(1, np.bool_), apart=False, chosen=True)


def comparison_text(
    source: strawberry.Parent[Beside], info: Info, language: LanguageArgument = None
) -> str | None:
    if source.refusal is None:
        return None
    return refusal_words(source.refusal, chosen(info.context, language))


@strawberry.type(
    description="The value of an area made of units beside a group of areas of their level, "
    "vintage and year. Worked out from the published values of those areas; units of several "
    "levels are compared with nothing, units in several gemeenten not with one."
)
class AggregateComparison:
    group: BenchmarkGroup = field("Which areas.")
    aggregate: float | None = field("The areas of the group as one; null where refused.")
    difference: float | None = field("The value minus the aggregate, in the unit of the indicator.")
    ratio: float | None = field("The value divided by the aggregate; null where not told.")
    known: int = field("Areas that the aggregate is made of.")
    unknown: int = field("Areas that count but lack the value.")
    coverage: float | None = field(
        "Part of the known weight of the group that has a value, 0 to 1. From 0.8 there is a mean; "
        "a sum needs all."
    )
    weighed_by: WeighedBy | None = field("What each area counts for; null without a group.")
    refusal: BenchmarkRefusal | None = field("Why there is no aggregate; null where there is one.")
    refusal_text: str | None = field("The same in a sentence.", comparison_text)
