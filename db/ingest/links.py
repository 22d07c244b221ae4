"""Links between the areas of two vintages, made last of all from what then stands.

Last, because several datasets may each have given a part: areas, shapes, statements, addresses. A
pair of which all of that is as it was keeps its links.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import partial

import asyncpg
import numpy as np
import shapely

from db.core.bounded import Bounded
from db.core.errors import BrokenLoad
from db.core.figures import Floats
from db.core.levels import Level
from db.core.overlay import Overlay, Sheet, lay, lay_over
from db.core.ranking import Rows
from db.ingest.link_plan import Addresses, Grounds, Planned, Populations, Stock, planned
from db.ingest.link_side import Side, side
from db.ingest.link_weights import (
    Counts,
    Finer,
    Mask,
    by_addresses,
    by_population,
    divided_by_surface,
)
from db.ingest.linking import Made, by_surface, from_maps, overlaid, unmapped
from db.ingest.parsing import Worker
from db.ingest.publishing import Publishing
from db.ingest.sharing import share_out
from db.repository.blocks import read_open_blocks
from db.sql import queries

_LINKS = queries("links")
_SMALL = 1_000_000
"""Bytes of shapes of a pair that is laid over in this very process: Voorbeeldland, and tests."""
_LARGE = 20_000_000
"""Bytes of shapes after which a child is replaced, so that its memory does not stay."""
_DIGITS = {Level.GEMEENTE: 4, Level.WIJK: 6, Level.BUURT: 8}
_logger = logging.getLogger("leefbaarheid.ingest")

Told = Callable[[Planned], None]
_POPULATION = "population"


async def put_links(publishing: Publishing, begun: Told) -> list[Planned]:
    """Link the pairs of which anything changed, and close those that are no pair any more.

    Returns the pairs that could not be linked: they have no links, and are tried again next time.
    """
    connection = publishing.connection
    pairs = planned(
        await _stocks(connection), await _addresses(connection), await _populations(connection)
    )
    rows = await connection.fetch(_LINKS["open"])
    standing = {
        (Level(row["level"]), row["old_vintage"], row["new_vintage"]): row["inputs"] for row in rows
    }
    changed = [each for each in pairs if standing.get(each.key) != each.digest]
    kept = {each.key for each in pairs} - {each.key for each in changed}
    for key in standing.keys() - kept:
        await _close(publishing, *key)
    if any(each.counted is not None for each in changed):
        await connection.execute(_LINKS["look_at_addresses"])
    small = sorted((each for each in changed if each.nbytes <= _SMALL), key=_in_order)
    work = _Work(publishing, begun, small)
    await share_out(work, [each for each in changed if each.nbytes > _SMALL])
    return work.failed


def _in_order(pair: Planned) -> tuple[str, bool, int]:
    """Pairs that have a map in common come one after the other."""
    return pair.level.value, pair.grounds is not Grounds.MAPS, pair.old


@dataclass(slots=True)
class _Work:
    """Pairs to be linked, by however many workers take the next one."""

    publishing: Publishing
    begun: Told
    waiting: list[Planned]
    failed: list[Planned] = field(default_factory=list)
    connection: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while rows are read or written: there is one connection."""
    sheets: Bounded[tuple[Level, int], Sheet] = field(default_factory=lambda: Bounded(2))

    async def go_on(self, worker: Worker | None) -> None:
        """Link one pair after the other until none waits."""
        while self.waiting:
            pair = self.waiting.pop(0)
            self.begun(pair)
            try:
                made = await self._made(pair, worker)
            except (BrokenLoad, shapely.GEOSException) as why:
                _logger.error("%s could not be made", pair, exc_info=why)
                self.failed.append(pair)
                continue
            async with self.connection:
                await _put(self.publishing, pair, made)

    async def _made(self, pair: Planned, worker: Worker | None) -> Made:
        mapped = pair.grounds is Grounds.MAPS
        async with self.connection:
            old, new = [
                await _side(self.publishing.connection, pair.level, year, shapes=mapped)
                for year in (pair.old, pair.new)
            ]
            counts = await _counts(self.publishing.connection, pair)
        if not mapped:
            return unmapped(old, new, pair.grounds)
        done = await self._overlaid(pair, old, new, worker)
        links = by_addresses(old, new, by_surface(old, new, done), counts)
        divided = divided_by_surface(links)
        if pair.peopled is not None and divided[0].any():
            finer = await self._finer(pair, (old, new), divided, done.tolerance, worker)
            links = by_population(links, finer)
        return from_maps(old, new, done, links)

    async def _finer(
        self,
        pair: Planned,
        sides: tuple[Side, Side],
        divided: tuple[Mask, Mask],
        tolerance: float,
        worker: Worker | None,
    ) -> Finer:
        """Smaller areas with their inhabitants, laid over the side that they do not lie in.

        Only those that lie in what was divided, over what was.
        """
        assert pair.peopled is not None
        level, year = pair.peopled
        async with self.connection:
            small = await _side(self.publishing.connection, level, year, shapes=True)
            people = await _people(self.publishing.connection, level, small)
        inner = int(year == pair.new)
        nest = _nest(small, sides[inner], pair.level)
        small = small.only(np.append(divided[inner], False)[nest])
        other = sides[1 - inner].only(divided[1 - inner])
        work = partial(overlaid, small, other, tolerance)
        done = work() if worker is None else await worker.run(work, str(pair))
        return Finer(done.overlap, nest, people, bool(inner))

    async def _overlaid(
        self, pair: Planned, old: Side, new: Side, worker: Worker | None
    ) -> Overlay:
        if worker is None:
            return lay_over(self._sheet(pair.level, old), self._sheet(pair.level, new))
        done = await worker.run(partial(overlaid, old, new), str(pair))
        if pair.nbytes > _LARGE:
            worker.replace()
        return done

    def _sheet(self, level: Level, one: Side) -> Sheet:
        """A small map ready to be laid over others: it is the older one first, then the newer."""
        key = (level, one.vintage.year)
        found = self.sheets.get(key)
        if found is None:
            found = lay(one.shapes())
            self.sheets.keep(key, found)
        return found


async def _stocks(connection: asyncpg.Connection) -> list[Stock]:
    return [
        Stock(
            level=Level(row["level"]),
            vintage=row["vintage"],
            land=row["land"],
            land_shapes=row["land_shapes"],
            shapes=row["shapes"],
            statements=row["statements"],
            is_whole=row["is_whole"],
            nbytes=row["bytes"],
            digest=row["digest"],
        )
        for row in await connection.fetch(_LINKS["vintages"])
    ]


async def _addresses(connection: asyncpg.Connection) -> Addresses:
    return {
        (row["vintage"], row["prefix"]): f"{row['rows']} {row['opened']} {row['closed']}"
        for row in await connection.fetch(_LINKS["address_tables"])
    }


async def _populations(connection: asyncpg.Connection) -> Populations:
    rows = await connection.fetch(_LINKS["populations"])
    return {(Level(row["level"]), row["vintage"]): str(row["from_publication"]) for row in rows}


async def _side(connection: asyncpg.Connection, level: Level, year: int, *, shapes: bool) -> Side:
    query = _LINKS["areas"] if shapes else _LINKS["areas_without_shapes"]
    rows = await connection.fetch(query, level.value, year)
    return side(year, rows, shapes=shapes)


async def _people(connection: asyncpg.Connection, level: Level, one: Side) -> Floats:
    """Inhabitants of areas in their own year; NaN where not known, none on water and abroad."""
    year = one.vintage.year
    series = await read_open_blocks(connection, level, year, [_POPULATION])
    block = series[_POPULATION][1]
    assert block is not None
    values = block.values[:, block.periods.index(year)]
    known = one.ordinals < len(values)
    people = np.full(len(one.ordinals), np.nan)
    people[known] = values[one.ordinals[known]]
    return np.where(one.is_land, people, np.nan_to_num(people))


def _nest(small: Side, around: Side, level: Level) -> Rows:
    """Row of the area that each smaller one lies in by its code; -1 where there is none."""
    rows = {code: row for row, code in enumerate(around.vintage.codes)}
    end = 2 + _DIGITS[level]
    codes = (level.prefix + code[2:end] for code in small.vintage.codes)
    return np.array([rows.get(code, -1) for code in codes], np.int32)


async def _counts(connection: asyncpg.Connection, pair: Planned) -> Counts:
    """Addresses by the code they had and the code they have; none where they are not counted."""
    if pair.counted is None:
        return []
    rows = await connection.fetch(
        _LINKS["addresses"],
        pair.old, pair.new, pair.counted.prefix, pair.level.prefix, _DIGITS[pair.level],
    )  # fmt: skip
    return [(row["old_code"], row["new_code"], row["addresses"]) for row in rows]


async def _put(publishing: Publishing, pair: Planned, made: Made) -> None:
    links = made.links
    await publishing.connection.execute(
        _LINKS["insert"],
        pair.level.value, pair.old, pair.new, publishing.number, pair.digest,
        pair.grounds is not Grounds.MAPS, made.tolerance, made.slivers, made.sliver_metres,
        *made.repaired, *made.without_shape, made.compared,
        len(made.disagreements), len(links.kinds),
        [asdict(each) for each in made.disagreements], links.olds, links.news,
        links.old.tolist(), links.new.tolist(), links.of_old.tolist(), links.of_new.tolist(),
        links.kinds.tolist(), links.methods.tolist(), links.new_methods.tolist(),
        links.reused.tolist(),
    )  # fmt: skip
    publishing.opened("links", len(links.kinds))


async def _close(publishing: Publishing, level: Level, old: int, new: int) -> None:
    closed = await publishing.connection.fetchval(
        _LINKS["close"], level.value, old, new, publishing.number
    )
    publishing.counts["links_closed"] += closed
