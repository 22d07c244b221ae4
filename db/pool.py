"""Connections with a bound on everything: waiting for one, a statement, a lock, a lifetime.

The address may hold a password: it is not kept, logged or put in a message here.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

import asyncpg
import orjson

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long anything may take, in seconds, and how many connections there are."""

    size: int = 8
    acquire: float = 1.0
    connect: float = 3.0
    # The client's own limit lies above the server's, which ends the work and not just the wait.
    command: float = 4.0
    statement: float = 3.0
    lock: float = 0.5
    idle_in_transaction: float = 5.0
    # A connection's memory in the server grows with what it has prepared.
    queries: int = 20_000
    idle: float = 120.0


_CLOSE_SECONDS = 2.0
# asyncpg reports a connection that ended under it in all of these ways (0.32).
_LOST = (
    ConnectionError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
)
READERS = Bounds()
# Loading a country copies for minutes, and reads files in between.
WRITERS = Bounds(size=4, command=3600.0, statement=3600.0, lock=60.0, idle_in_transaction=600.0)


class Pool:
    """An asyncpg pool whose every wait ends."""

    def __init__(self, pool: asyncpg.Pool, bounds: Bounds) -> None:
        self._pool = pool
        self._bounds = bounds

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection, or TimeoutError when none comes free in time.

        The pool's own limit is used: cutting off its acquire from outside leaks connections.
        """
        async with self._pool.acquire(timeout=self._bounds.acquire) as connection:
            yield connection

    async def read(self, work: Callable[[asyncpg.Connection], Awaitable[T]]) -> T:
        """What `work` reads; done once more, from the start, when its connection was lost.

        After a restart of the server every connection in the pool is dead, and looks alive. Only
        for work that changes nothing.
        """
        try:
            async with self.connection() as connection:
                return await work(connection)
        except _LOST:
            await self.expire()
        async with self.connection() as connection:
            return await work(connection)

    async def expire(self) -> None:
        """Replace every connection at its next use, after one was found dead."""
        await self._pool.expire_connections()

    async def close(self) -> None:
        """Close in good order, or at once when the server does not answer."""
        try:
            await asyncio.wait_for(self._pool.close(), _CLOSE_SECONDS)
        except (TimeoutError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            self._pool.terminate()


@asynccontextmanager
async def open_pool(
    dsn: str, *, name: str = "leefbaarheid", bounds: Bounds = READERS
) -> AsyncIterator[Pool]:
    """A pool for as long as the block runs; opens its first connection when first asked."""
    pool = asyncpg.create_pool(
        dsn,
        min_size=0,
        max_size=bounds.size,
        max_queries=bounds.queries,
        max_inactive_connection_lifetime=bounds.idle,
        timeout=bounds.connect,
        command_timeout=bounds.command,
        init=_speak_json,
        server_settings=server_settings(name, bounds),
    )
    await pool
    opened = Pool(pool, bounds)
    try:
        yield opened
    finally:
        await opened.close()


async def connect(
    dsn: str, *, name: str = "leefbaarheid", bounds: Bounds = WRITERS
) -> asyncpg.Connection:
    """One connection outside any pool, for a job such as migrating or loading."""
    connection = await asyncpg.connect(
        dsn,
        timeout=bounds.connect,
        command_timeout=bounds.command,
        server_settings=server_settings(name, bounds),
    )
    await _speak_json(connection)
    return connection


async def _speak_json(connection: asyncpg.Connection) -> None:
    """Let jsonb columns be Python values on both sides."""
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        encoder=lambda value: orjson.dumps(value).decode(),
        decoder=orjson.loads,
    )


def server_settings(name: str, bounds: Bounds) -> dict[str, str]:
    """What the server enforces even when this process hangs."""
    return {
        "application_name": name,
        "statement_timeout": _milliseconds(bounds.statement),
        "lock_timeout": _milliseconds(bounds.lock),
        "idle_in_transaction_session_timeout": _milliseconds(bounds.idle_in_transaction),
        "jit": "off",
        "timezone": "UTC",
    }


def _milliseconds(seconds: float) -> str:
    return str(round(seconds * 1000))
