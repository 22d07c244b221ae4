"""All years of an indicator on the areas of one vintage, worked out once a publication and kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
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
from db.core.passage import Passage
from db.core.publication import Load
from schema.context import Context
from schema.errors import LimitOutOfRange
from schema.passages import weigh_all
from schema.workshop import Work

_KEPT = "harmonised tables"
_KEPT_BYTES = 48 * 1024 * 1024
"""Of one publication: some ten indicators of ten years on all buurten, or fifty on all wijken."""
_ENTRY_BYTES = 3000
MOST_TABLES = 12
"""Indicators on the areas of a level and vintage that one request may ask for: each is read from
every vintage that has it, some 2 ms of each for wijken and 8 ms for buurten."""


_COUNTED = (
    "harmonised series of different indicators, levels and vintages in one request",
    "geharmoniseerde reeksen van verschillende indicatoren, niveaus en indelingen in een verzoek",
)


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


def harmonised_tables(
    context: Context, table: AreaTable, indicators: Sequence[Indicator]
) -> list[HarmonisedTable]:
    """The years of each indicator on the areas of a table: all that lack are made at once.

    `beyond` says first which of them a request may ask for.
    """
    asked = [Asked(each.slug, table.level, table.vintage) for each in indicators]
    kept: Bounded[Asked, HarmonisedTable] = context.facts.remember(
        _KEPT, lambda: Bounded(_KEPT_BYTES)
    )
    found = {each: made for each in asked if (made := kept.get(each)) is not None}
    lacking = {each: of for each, of in zip(asked, indicators, strict=True) if each not in found}
    if lacking:
        materials = _materials(context, table, list(lacking.values()))
        works = [
            Work((_KEPT, each), partial(_worked_out, material), partial(_keep, kept, each))
            for each, material in zip(lacking, materials, strict=True)
        ]
        found |= dict(zip(lacking, context.made_all(works), strict=True))
    return [found[each] for each in asked]


def _keep(kept: Bounded[Asked, HarmonisedTable], asked: Asked, made: HarmonisedTable) -> None:
    kept.keep(asked, made, made.nbytes)


def beyond(
    context: Context, table: AreaTable, indicators: Sequence[Indicator]
) -> dict[int, LimitOutOfRange]:
    """Which of the indicators are more than a request may ask for, by their place in the list.

    The first are taken, whether they were worked out before or not.
    """
    counted: set[Asked] = context.memo.setdefault(_KEPT, set())
    refused = {}
    for place, each in enumerate(indicators):
        asked = Asked(each.slug, table.level, table.vintage)
        if len(counted | {asked}) > MOST_TABLES:
            given = len(counted) + 1
            refused[place] = LimitOutOfRange("indicators", given, 0, MOST_TABLES, what=_COUNTED)
        else:
            counted.add(asked)
    return refused


@dataclass(frozen=True, slots=True)
class _Material:
    """All that the years of an indicator are worked out from, so that a thread can do it."""

    indicator: Indicator
    table: AreaTable
    years: tuple[int, ...]
    blocks: Mapping[SeriesKey, Block]
    passages: Sequence[tuple[AreaTable, Passage]]
    """The vintages that are carried, with the way to those of the table."""
    loads: Mapping[int, Load]
    own: bool
    """Whether the vintage of the table publishes the indicator itself."""


def _materials(
    context: Context, table: AreaTable, indicators: Sequence[Indicator]
) -> list[_Material]:
    """Of each indicator what it is worked out from; whatever lacks is asked for at once."""
    level, series = table.level, context.facts.head.series
    years = [context.facts.years(each.slug, level) for each in indicators]
    vintages = [sorted({each for found in by.values() for each in found}) for by in years]
    keys = [
        [
            key
            for vintage in listed
            for slug in (each.slug, *_beside(each))
            if (key := SeriesKey(slug, level, vintage)) in series
        ]
        for each, listed in zip(indicators, vintages, strict=True)
    ]
    every = list(dict.fromkeys(key for found in keys for key in found))
    blocks = dict(zip(every, context.blocks(every), strict=True))
    sources = sorted({each for listed in vintages for each in listed} - {table.vintage})
    by_vintage = dict(zip(sources, weigh_all(context, level, sources, table.vintage), strict=True))
    ways = {each: found for each, found in by_vintage.items() if found is not None}
    tables = {each: context.table(level, each) for each in ways}
    return [
        _Material(
            of,
            table,
            tuple(by),
            {key: blocks[key] for key in mine},
            [(tables[each], ways[each]) for each in listed if each in ways],
            context.facts.head.loads,
            table.vintage in listed,
        )
        for of, by, mine, listed in zip(indicators, years, keys, vintages, strict=True)
    ]


def _worked_out(given: _Material) -> HarmonisedTable:
    """Called in a thread."""
    editions = _Editions(given.loads, given.indicator, given.blocks)
    own = editions.own(given.table) if given.own else None
    others = [editions.carried(table, by.weights) for table, by in given.passages]
    found = harmonised(given.table.vintage, given.years, len(given.table), own, others)
    methods = [_methods(by.weights) for _, by in given.passages]
    return HarmonisedTable(
        given.indicator,
        given.table,
        found,
        (None, *methods) if own else tuple(methods),
        tuple(editions.origins),
    )


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
        self,
        loads: Mapping[int, Load],
        indicator: Indicator,
        blocks: Mapping[SeriesKey, Block],
    ) -> None:
        self._loads = loads
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
