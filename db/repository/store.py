"""The store behind a snapshot: Postgres, one connection a read, nothing kept here.

Reads are done once more when their connection turns out to be lost: they change nothing.
"""

from collections.abc import Mapping, Sequence

import asyncpg

from db.core.area import AreaTable
from db.core.block import Block, SeriesKey
from db.core.errors import UnknownPublication
from db.core.levels import Level
from db.core.simplify import Detail
from db.pool import Pool
from db.repository import areas, blocks, facts, publications, shapes
from db.repository.head import Head
from db.sql import queries

_HEALTH = queries("health")


class PostgresStore:
    """Implements db.snapshot.store.Store on a pool of connections."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def ping(self) -> None:
        """Return once Postgres has answered."""
        await self._pool.read(lambda connection: connection.execute(_HEALTH["ping"]))

    async def newest(self) -> int | None:
        return await self._pool.read(publications.newest)

    async def head(self, number: int | None) -> Head:
        return await self._pool.read(lambda connection: _head(connection, number))

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


async def _head(connection: asyncpg.Connection, number: int | None) -> Head:
    """All of it from one state of the database."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        chosen = await publications.newest(connection) if number is None else number
        listed = await publications.read_publications(connection, chosen or 0)
        if chosen is None or not listed or listed[0].number != chosen:
            raise UnknownPublication(number)
        reference, indicators = await facts.read_facts(connection, chosen)
        return Head(
            publication=listed[0],
            publications=listed,
            loads=await publications.read_loads(connection, chosen),
            indicators=indicators,
            reference=reference,
            vintages=await areas.read_vintages(connection, chosen),
            series=await blocks.read_index(connection, chosen),
            partial=await areas.read_partial(connection, chosen),
        )
