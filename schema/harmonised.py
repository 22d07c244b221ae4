"""All years of an indicator on the areas of one vintage, worked out once a publication and kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from db.core.absence import Reason
from db.core.area import AreaTable
from db.core.block import Block, SeriesKey
from db.core.bounded import Bounded
from db.core.carrying import Beside, Carrying, carry, withheld
from db.core.figures import Bytes, Floats
from db.core.harmonise import Published, Weights
from db.core.harmonised import (
    MIXED,
    NO_SOURCE,
    Harmonised,
    Source,
    carried_source,
    harmonised,
    own_source,
)
from db.core.indicator import Indicator
from db.core.levels import Level, Terrain
from schema.context import Context
from schema.errors import LimitOutOfRange
from schema.passages import weigh

_KEPT = "harmonised tables"
_KEPT_BYTES = 48 * 1024 * 1024
"""Of one publication: some ten indicators of ten years on all buurten, or fifty on all wijken."""
_ENTRY_BYTES = 3000
MOST_TABLES = 12
"""Indicators on the areas of a level and vintage that one request may ask for: each is read from
every vintage that has it, some 2 ms of each for wijken and 8 ms for buurten."""


class Asked(NamedTuple):
    """What is harmonised; equal for equal questions."""

    indicator: str
    level: Level
    vintage: int


@dataclass(frozen=True, slots=True, eq=False)
class HarmonisedTable:
    """The years of one indicator on the areas of one table, the same for all requests."""

    indicator: Indicator
    table: AreaTable
    found: Harmonised
    methods: tuple[Bytes | None, ...]
    """By source: of each area a bit for every method its weights rest on; None for its own."""
    origins: tuple[str, ...]
    """Slugs of the sources that are numbered in `found.origins`."""

    @property
    def carrying(self) -> Carrying:
        return Carrying.of(self.indicator)

    @property
    def nbytes(self) -> int:
        methods = sum(0 if each is None else each.nbytes for each in self.methods)
        return self.found.nbytes + methods + _ENTRY_BYTES

    def vintage_of(self, row: int, column: int) -> int | None:
        """The source vintage of a year of an area."""
        source = self.found.sources.item(row, column)
        return None if source == NO_SOURCE else self.found.vintages[source]

    def methods_of(self, row: int, column: int) -> int:
        """Bits of the methods that the weights of a year rest on; 0 where nothing is carried."""
        source = self.found.sources.item(row, column)
        methods = None if source == NO_SOURCE else self.methods[source]
        return 0 if methods is None else methods.item(row)


def harmonised_table(context: Context, table: AreaTable, indicator: Indicator) -> HarmonisedTable:
    """The years of an indicator on the areas of a table, kept or worked out now."""
    asked = Asked(indicator.slug, table.level, table.vintage)
    _count(context, asked)
    kept: Bounded[Asked, HarmonisedTable] = context.facts.remember(
        _KEPT, lambda: Bounded(_KEPT_BYTES)
    )
    known = kept.get(asked)
    if known is None:
        known = _worked_out(context, table, indicator)
        kept.keep(asked, known, known.nbytes)
    return known


def _count(context: Context, asked: Asked) -> None:
    """Bounds what one request may ask, whether it was worked out before or not."""
    counted: set[Asked] = context.memo.setdefault(_KEPT, set())
    if len(counted | {asked}) > MOST_TABLES:
        what = "harmonised series of different indicators, levels and vintages"
        raise LimitOutOfRange(what, len(counted) + 1, 0, MOST_TABLES)
    counted.add(asked)


def _worked_out(context: Context, table: AreaTable, indicator: Indicator) -> HarmonisedTable:
    level, target = table.level, table.vintage
    years = context.facts.years(indicator.slug, level)
    vintages = sorted({each for found in years.values() for each in found})
    slugs = [indicator.slug, *_beside(indicator)]
    keys = [SeriesKey(slug, level, each) for each in vintages for slug in slugs]
    keys = [key for key in keys if key in context.facts.head.series]
    blocks = dict(zip(keys, context.blocks(keys), strict=True))
    editions = _Editions(context, indicator, blocks)
    own, others = None, []
    methods: list[Bytes | None] = []
    for vintage in vintages:
        if vintage == target:
            own = editions.own(table)
            continue
        passage = weigh(context, level, vintage, target)
        if passage is not None:
            others.append(editions.carried(context.table(level, vintage), passage.weights))
            methods.append(_methods(passage.weights))
    found = harmonised(target, tuple(years), len(table), own, others)
    given = (None, *methods) if own else tuple(methods)
    return HarmonisedTable(indicator, table, found, given, tuple(editions.origins))


def _beside(indicator: Indicator) -> list[str]:
    if Carrying.of(indicator) in (Carrying.COUNT, Carrying.UNCHANGED):
        return []
    return [each for each in (indicator.numerator, indicator.denominator) if each]


def _methods(by: Weights) -> Bytes:
    found = np.zeros(by.news, np.uint8)
    np.bitwise_or.at(found, by.new, by.methods)
    return found


class _Editions:
    """What every vintage publishes of an indicator, as the core takes it."""

    def __init__(
        self, context: Context, indicator: Indicator, blocks: dict[SeriesKey, Block]
    ) -> None:
        self._loads = context.facts.head.loads
        self._indicator = indicator
        self._blocks = blocks
        self.origins: dict[str, int] = {}

    def own(self, table: AreaTable) -> Source:
        block = self._block(self._indicator.slug, table)
        assert block is not None
        given = published(table, block, block.periods)
        return own_source(table.vintage, block.periods, given, self._origins(table, block))

    def carried(self, table: AreaTable, by: Weights) -> Source:
        block = self._block(self._indicator.slug, table)
        assert block is not None
        years = block.periods
        given = published(table, block, years)
        beside = Beside(
            numerator=self._other(table, self._indicator.numerator, years),
            denominator=self._other(table, self._indicator.denominator, years),
        )
        cells = carry(self._indicator, given, beside, by)
        lacking = np.equal(cells.reasons, Reason.NOT_LOADED)
        if beside.denominator is not None and lacking.any():
            # What it is over has no such year on these boundaries, or what is divided has not.
            assert given.reasons is not None
            told = (given.reasons != Reason.NOT_LOADED).any(axis=0)
            why = np.where(lacking & told, np.uint8(Reason.NO_DENOMINATOR), cells.reasons)
            cells = replace(cells, reasons=why)
        hidden = withheld(given, beside)
        return carried_source(table.vintage, years, cells, by, hidden, self._origins(table, block))

    def _other(self, table: AreaTable, slug: str | None, years: Sequence[int]) -> Published | None:
        block = None if slug is None else self._block(slug, table)
        if block is None or not set(years) & set(block.periods):
            return None
        return published(table, block, years)

    def _block(self, slug: str, table: AreaTable) -> Block | None:
        return self._blocks.get(SeriesKey(slug, table.level, table.vintage))

    def _origins(self, table: AreaTable, block: Block) -> Bytes:
        """The source of the load of each cell, by its number; MIXED where no load gave it."""
        numbers = np.full(256, MIXED, np.uint8)
        for i, load in enumerate(block.load_ids):
            known = self._loads.get(load)
            if known is not None:
                numbers[i] = self.origins.setdefault(known.source, len(self.origins))
        found = np.full((len(table), len(block.periods)), MIXED, np.uint8)
        cells = numbers[block.loads[: len(table)]]
        found[: len(cells)] = cells
        return found


def published(table: AreaTable, block: Block, years: Sequence[int]) -> Published:
    """The cells of some years, one row an area; NOT_LOADED where the block has no such."""
    shape = (len(table), len(years))
    values: Floats = np.full(shape, np.nan)
    reasons = np.full(shape, Reason.NOT_LOADED, np.uint8)
    own = [(i, block.periods.index(year)) for i, year in enumerate(years) if year in block.periods]
    into, places = [each[0] for each in own], [each[1] for each in own]
    rows = min(len(table), len(block.values))
    values[:rows, into] = block.values[:rows, places]
    reasons[:rows, into] = block.reasons[:rows, places]
    lacking = np.equal(reasons, Reason.NOT_LOADED)
    for row in np.flatnonzero(lacking.any(axis=1)).tolist():
        # Water that joined after the block was made has no cell that says so: its terrain does.
        if table.terrains[row] is not Terrain.LAND:
            reasons[row, lacking[row]] = Reason.WATER_OR_ABROAD
    return Published(values, reasons)
