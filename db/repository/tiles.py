"""Ready vector tiles out of Postgres: bytes that are sent on, never looked into."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import asyncpg

from db.core.levels import Level
from db.pool import Pool
from db.sql import queries

_TILES = queries("tiles")


class Place(NamedTuple):
    """Which tile: rows count from the top, columns from the left."""

    level: Level
    vintage: int
    matrix_set: str
    zoom: int
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class StoredTile:
    """A tile as it is kept: gzipped, and named by its content."""

    checksum: bytes
    """SHA-256 of the body."""
    body: bytes
    drawn_at: datetime | None = None
    """Moment of the publication that drew it."""


class Limit(NamedTuple):
    """Between which rows and columns the tiles of one zoom lie."""

    zoom: int
    first_row: int
    last_row: int
    first_column: int
    last_column: int


class TileStore:
    """Tiles of one publication or another, on a pool of connections; nothing is kept here."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def tile(self, publication: int, place: Place) -> StoredTile | None:
        """A tile; None where no area lies in it, or where there is no such map."""
        return await self._pool.read(lambda c: read_tile(c, place, publication))

    async def has_map(self, publication: int, level: Level, vintage: int) -> bool:
        """Whether there are tiles of a level and vintage."""
        return await self._pool.read(lambda c: has_map(c, level, vintage, publication))

    async def limits(
        self, publication: int, level: Level, vintage: int, matrix_set: str
    ) -> list[Limit]:
        """Where the tiles of a map lie, for each zoom that has any; none without such a map."""
        values = (level.value, vintage, matrix_set, publication)
        rows = await self._pool.read(lambda c: c.fetch(_TILES["limits"], *values))
        return [Limit(*row) for row in rows]


async def read_tile(
    connection: asyncpg.Connection, place: Place, publication: int
) -> StoredTile | None:
    level, *rest = place
    row = await connection.fetchrow(_TILES["at"], level.value, *rest, publication)
    return None if row is None else StoredTile(row["checksum"], row["body"], row["published_at"])


async def has_map(
    connection: asyncpg.Connection, level: Level, vintage: int, publication: int
) -> bool:
    return bool(await connection.fetchval(_TILES["has_set"], level.value, vintage, publication))
