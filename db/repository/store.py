"""The store behind a snapshot: Postgres, one connection a read, nothing kept but facts.

Reads are done once more when their connection turns out to be lost: they change nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import asyncpg

from db.core.area import AreaTable
from db.core.block import Block, SeriesKey
from db.core.change import Place, Told, Wanted
from db.core.errors import UnknownPublication
from db.core.indicator import Indicator
from db.core.levels import Level
from db.core.linked import Linked
from db.core.programme import Reference
from db.core.publication import Attempt, Publication, WithdrawnPublication
from db.core.simplify import Detail
from db.pool import Pool
from db.repository import areas, blocks, facts, links, publications, shapes
from db.repository.changes import read_changes
from db.repository.head import Head
from db.repository.versions import area_versions, last_facts
from db.sql import queries

_HEALTH = queries("health")


class PostgresStore:
    """Implements db.snapshot.store.Store on a pool of connections."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._facts: _Facts | None = None

    async def ping(self) -> None:
        """Return once Postgres has answered."""
        await self._pool.read(lambda connection: connection.execute(_HEALTH["ping"]))

    async def newest(self) -> int | None:
        return await self._pool.read(publications.newest)

    async def withdrawn(self) -> Mapping[int, WithdrawnPublication]:
        return await self._pool.read(publications.read_withdrawn)

    async def attempts(self) -> list[Attempt]:
        """How the newest try to load each dataset ended; of no publication."""
        return await self._pool.read(publications.read_attempts)

    async def head(self, number: int | None) -> Head:
        return await self._pool.read(lambda connection: self._head(connection, number))

    async def areas(self, number: int, level: Level, vintage: int) -> AreaTable:
        return await self._pool.read(lambda c: areas.read_areas(c, level, vintage, number))

    async def block(self, number: int, key: SeriesKey) -> Block:
        block = await self._pool.read(lambda c: blocks.read_block(c, key, number))
        if block is None:
            raise KeyError(key)
        return block

    async def shapes(
        self, number: int, ids: Sequence[int], *, detail: Detail, epsg: int
    ) -> Mapping[int, bytes]:
        return await self._pool.read(
            lambda c: shapes.read_shapes(c, ids, detail=detail, epsg=epsg, publication=number)
        )

    async def links(self, number: int, level: Level, old: int, new: int) -> Linked:
        found = await self._pool.read(lambda c: links.read_links(c, level, old, new, number))
        if found is None:
            raise KeyError((level, old, new))
        return found

    async def changes(self, start: Place, upto: int, wanted: Wanted, limit: int) -> Told:
        """At most `limit` changes after a place, from one state of the database."""

        async def read(connection: asyncpg.Connection) -> Told:
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                return await read_changes(connection, start, upto, wanted, limit)

        return await self._pool.read(read)

    async def _head(self, connection: asyncpg.Connection, number: int | None) -> Head:
        """All of it from one state of the database."""
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            chosen = await publications.newest(connection) if number is None else number
            listed = await publications.read_publications(connection, chosen or 0)
            if chosen is None or not listed or listed[0].number != chosen:
                raise UnknownPublication(number)
            stated = await self._stated(connection, chosen, listed)
            loads = await publications.read_loads(connection, chosen)
            known = await areas.read_known(connection, chosen)
            index = await blocks.read_index(connection, chosen)
            return Head(
                publication=listed[0],
                publications=listed,
                loads=loads,
                indicators=stated.indicators,
                reference=stated.reference,
                vintages=known.vintages,
                series=index.years,
                partial=known.partial,
                block_versions=index.versions,
                counted=index.counted,
                area_versions=area_versions(listed, loads.values(), known.vintages),
                linked=await links.read_pairs(connection, chosen),
            )

    async def _stated(
        self, connection: asyncpg.Connection, chosen: int, listed: tuple[Publication, ...]
    ) -> "_Facts":
        """The facts of a publication: those last read where no publication changed any since.

        Nine hundred facts take 30 ms to make out of their JSON, and change some times a year.
        """
        since = last_facts(listed)
        if self._facts is None or self._facts.since != since:
            self._facts = _Facts(since, *await facts.read_facts(connection, chosen))
        return self._facts


@dataclass(frozen=True, slots=True)
class _Facts:
    """Reference facts and indicators, with the publication that last changed any."""

    since: Publication
    reference: Reference
    indicators: Mapping[str, Indicator]
