"""A store of Postgres that tells what was read from it, and can be slow or broken."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from db.core.area import AreaTable
from db.core.block import Block, SeriesKey
from db.core.levels import Level
from db.pool import Pool, open_pool
from db.repository.head import Head
from db.repository.store import PostgresStore


@dataclass
class Faults:
    """What goes wrong from now on with reading blocks."""

    seconds: float = 0.0
    error: Exception | None = None


class TellingStore(PostgresStore):
    """Reads as ever, and notes each table and block it reads."""

    def __init__(self, pool: Pool) -> None:
        super().__init__(pool)
        self.reads: list[str] = []
        self.faults = Faults()

    async def head(self, number: int | None) -> Head:
        self.reads.append("head")
        return await super().head(number)

    async def areas(self, number: int, level: Level, vintage: int) -> AreaTable:
        self.reads.append(f"{level.value} {vintage}")
        return await super().areas(number, level, vintage)

    async def block(self, number: int, key: SeriesKey) -> Block:
        self.reads.append(key.indicator)
        await asyncio.sleep(self.faults.seconds)
        if self.faults.error is not None:
            raise self.faults.error
        return await super().block(number, key)


@asynccontextmanager
async def telling(dsn: str) -> AsyncIterator[TellingStore]:
    """A telling store on a pool of its own."""
    async with open_pool(dsn) as pool:
        yield TellingStore(pool)
