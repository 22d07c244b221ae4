"""The cells of the units of an area, and what they come to as one: worked out once and kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from db.core.absence import Reason
from db.core.aggregate import Aggregated, Cells, Parts, aggregate
from db.core.area import AreaTable
from db.core.block import NO_LOAD, Block
from db.core.bounded import Bounded
from db.core.figures import Bytes, Floats
from db.core.harmonise import Published
from db.core.indicator import Indicator
from db.core.ranking import Rows
from schema.composed import Composed
from schema.context import Context
from schema.errors import LimitOutOfRange
from schema.figures import Column, columns
from schema.whole_table import column_of, inhabitants_column

Mask = NDArray[np.bool_]
_KEPT = "aggregates"
_KEPT_BYTES = 4 * 1024 * 1024
"""Of one publication: some thousand series of twenty years."""
_ENTRY_BYTES = 2000
_CELL_BYTES = 100
MOST_AGGREGATES = 400
"""Indicators of areas made of units that one request may have worked out, with all their years:
each is at most a millisecond."""


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """One indicator of an area made of units, in some years."""

    composed: Composed
    indicator: Indicator
    years: tuple[int, ...]
    found: Aggregated
    provisional: tuple[bool, ...]
    loads: tuple[tuple[int, ...], ...]
    """Of each year the loads that its cells came in with."""
    reasons: Bytes
    """Why each unit has its cell or none: (units, years)."""
    stand_in: tuple[str, int] | None
    """Slug and year of the weight that stands in for a denominator."""
    by_inhabitants: bool
    """Whether coverage is of inhabitants; else it is of units."""


def told_of(
    context: Context, composed: Composed, indicator: Indicator, years: Sequence[int]
) -> Told:
    """An indicator of an area in some years, kept or worked out now."""
    key = (composed.key, indicator.slug, *years)
    own = _counted(context, key)
    found = own[key]
    if found is None:
        kept: Bounded[object, Told] = context.facts.remember(_KEPT, lambda: Bounded(_KEPT_BYTES))
        found = own[key] = kept.get(key)
    if found is None:
        context.let_others()
        found = own[key] = _worked_out(context, composed, indicator, tuple(years))
        size = len(composed.units) * len(years) * 8 + len(years) * _CELL_BYTES
        kept.keep(key, found, size + _ENTRY_BYTES)
    return found


def _counted(context: Context, key: object) -> dict[object, Told | None]:
    """What this request asked and has, with the key; refused where there are too many.

    What others asked before makes no difference to that.
    """
    own: dict[object, Told | None] = context.memo.setdefault(_KEPT, {})
    given = len(own) + 1
    if key not in own and given > MOST_AGGREGATES:
        what = "different values of composed areas", "verschillende waarden van gebieden"
        raise LimitOutOfRange("indicators", given, 0, MOST_AGGREGATES, what=what)
    own.setdefault(key, None)
    return own


def _worked_out(
    context: Context, composed: Composed, indicator: Indicator, years: tuple[int, ...]
) -> Told:
    grid = _Grid(len(composed.units), len(years))
    for table, rows, ordinals in _by_table(composed):
        _fill(context, table, indicator, years, grid, rows, ordinals)
    shares = np.array([each.known_share for each in composed.units], np.float64)
    parts = Parts(shares, grid.inhabitants)
    return Told(
        composed,
        indicator,
        years,
        aggregate(indicator, parts, grid.cells()),
        tuple(bool(column.any()) for column in grid.provisional.T),
        tuple(tuple(sorted(each)) for each in grid.loads),
        grid.values.reasons,
        grid.stand_in_of,
        parts.by_inhabitants,
    )


def _by_table(composed: Composed) -> list[tuple[AreaTable, Rows, Rows]]:
    """By table: which units are rows of it, and which rows they are."""
    found = []
    for table in composed.tables:
        rows = [i for i, each in enumerate(composed.units) if each.area.table is table]
        ordinals = [composed.units[i].area.ordinal for i in rows]
        found.append((table, np.array(rows, np.int32), np.array(ordinals, np.int32)))
    return found


class _Sheet:
    """Cells of units by years; absent and not loaded until they are filled in."""

    def __init__(self, units: int, years: int) -> None:
        self.values = np.full((units, years), np.nan)
        self.reasons = np.full((units, years), Reason.NOT_LOADED, np.uint8)
        self.filled = False

    @property
    def published(self) -> Published:
        return Published(self.values, self.reasons)

    @property
    def if_filled(self) -> Published | None:
        return self.published if self.filled else None


class _Grid:
    """All cells that an indicator of an area is made of."""

    def __init__(self, units: int, years: int) -> None:
        self.values = _Sheet(units, years)
        self.numerators = _Sheet(units, years)
        self.denominators = _Sheet(units, years)
        self.stand_in = _Sheet(units, years)
        self.stand_in_of: tuple[str, int] | None = None
        self.inhabitants: Floats = np.full(units, np.nan)
        self.provisional: Mask = np.zeros((units, years), np.bool_)
        self.loads: list[set[int]] = [set() for _ in range(years)]

    def cells(self) -> Cells:
        return Cells(
            self.values.published,
            self.numerators.if_filled,
            self.denominators.if_filled,
            self.stand_in.if_filled,
        )


@dataclass(slots=True)
class _Wanted:
    """The columns of a table that a grid is filled from."""

    values: tuple[Column, ...]
    numerators: tuple[Column, ...]
    denominators: tuple[Column, ...]
    stand_in: Column | None
    inhabitants: Column | None
    blocks: dict[object, Block] = field(default_factory=dict)

    def load(self, context: Context) -> None:
        """All blocks that are needed are asked for at once."""
        single = [each for each in (self.stand_in, self.inhabitants) if each is not None]
        listed = [*self.values, *self.numerators, *self.denominators, *single]
        keys = list(dict.fromkeys(each.key for each in listed if each.place >= 0))
        self.blocks = dict(zip(keys, context.blocks(keys), strict=True))


def _wanted(
    context: Context, table: AreaTable, indicator: Indicator, years: Sequence[int]
) -> _Wanted:
    def of(slug: str | None) -> tuple[Column, ...]:
        known = context.facts.head.indicators.get(slug or "")
        return columns(context, table.level, table.vintage, known, years) if known else ()

    people = inhabitants_column(context, table)
    found = _Wanted(
        columns(context, table.level, table.vintage, indicator, years),
        of(indicator.numerator),
        of(indicator.denominator),
        _stand_in(context, table, indicator) or people,
        people,
    )
    found.load(context)
    return found


def _stand_in(context: Context, table: AreaTable, indicator: Indicator) -> Column | None:
    """The denominator in the year of the boundaries, or else the newest that they have."""
    known = context.facts.head.indicators.get(indicator.denominator or "")
    if known is None:
        return None
    years = context.facts.own_years(known.slug, table.level, table.vintage)
    if not years:
        return None
    year = table.vintage if table.vintage in years else years[-1]
    return column_of(context, table, known, year)


def _fill(
    context: Context,
    table: AreaTable,
    indicator: Indicator,
    years: Sequence[int],
    grid: _Grid,
    rows: Rows,
    ordinals: Rows,
) -> None:
    wanted = _wanted(context, table, indicator, years)
    sheets = (
        (grid.values, wanted.values),
        (grid.numerators, wanted.numerators),
        (grid.denominators, wanted.denominators),
        (grid.stand_in, (wanted.stand_in,) * len(years) if wanted.stand_in else ()),
    )
    for sheet, listed in sheets:
        for year, column in enumerate(listed):
            _read(sheet, year, column, wanted.blocks, rows, ordinals)
    if wanted.stand_in is not None:
        grid.stand_in_of = (wanted.stand_in.indicator.slug, wanted.stand_in.year)
    if wanted.inhabitants is not None:
        people = _Sheet(len(grid.inhabitants), 1)
        _read(people, 0, wanted.inhabitants, wanted.blocks, rows, ordinals)
        grid.inhabitants[rows] = people.values[rows, 0]
    _note_origin(grid, wanted, rows, ordinals)


def _read(
    sheet: _Sheet,
    year: int,
    column: Column,
    blocks: dict[object, Block],
    rows: Rows,
    ordinals: Rows,
) -> None:
    """One year of one indicator of the units of one table."""
    if column.place < 0:
        sheet.reasons[rows, year] = column.absent
        return
    block = blocks[column.key]
    inside = _inside(block, ordinals)
    to, at = rows[inside], ordinals[inside]
    sheet.values[to, year] = block.values[at, column.place]
    sheet.reasons[to, year] = block.reasons[at, column.place]
    sheet.filled = True


def _inside(block: Block, ordinals: Rows) -> Mask:
    """Areas that joined after the block was made lie past its end."""
    inside: Mask = ordinals < len(block.values)
    return inside


def _note_origin(grid: _Grid, wanted: _Wanted, rows: Rows, ordinals: Rows) -> None:
    """Which cells are provisional, and which loads they came in with."""
    for year, column in enumerate(wanted.values):
        block = wanted.blocks.get(column.key)
        if column.place < 0 or block is None:
            continue
        inside = _inside(block, ordinals)
        at = ordinals[inside]
        grid.provisional[rows[inside], year] = block.provisional[at, column.place]
        numbers = np.flatnonzero(np.bincount(block.loads[at, column.place], minlength=1)).tolist()
        grid.loads[year].update(
            block.load_ids[each]
            for each in numbers
            if each != NO_LOAD and each < len(block.load_ids)
        )
