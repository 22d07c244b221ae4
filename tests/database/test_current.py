"""The service swaps to a new publication by itself, and survives the absence of Postgres."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from db.core.errors import UnknownPublication
from db.pool import connect, open_pool
from db.repository.store import PostgresStore
from db.snapshot.current import Current
from db.snapshot.snapshot import Memory
from tests.database.country import dataset, parsed, publish

FIRST = {"population": {"WK900100": 100.0}}
SECOND = {"population": {"WK900100": 200.0}}
# A lost notification would need a poll; a test that waits for one takes longer than this.
_NO_POLL = 3600.0


@asynccontextmanager
async def following(dsn: str, poll_seconds: float) -> AsyncIterator[Current]:
    async with open_pool(dsn) as pool:
        current = Current(PostgresStore(pool), Memory(1_000_000))

        async def listener() -> asyncpg.Connection:
            return await connect(dsn)

        task = asyncio.create_task(current.follow(listener, poll_seconds))
        try:
            yield current
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def until(current: Current, number: int) -> None:
    async with asyncio.timeout(5):
        while not current.ready or current.snapshot.number != number:  # noqa: ASYNC110
            await asyncio.sleep(0.005)


async def test_before_anything_is_published_it_says_what_to_do(database: str) -> None:
    async with following(database, _NO_POLL) as current:
        with pytest.raises(UnknownPublication, match="leefbaarheid demo"):
            _ = current.snapshot


async def test_a_new_publication_is_served_on_its_notification(
    database: str, connection: asyncpg.Connection
) -> None:
    await publish(connection, (dataset(), parsed(FIRST)))
    async with following(database, _NO_POLL) as current:
        await until(current, 1)
        await publish(connection, (dataset(), parsed(SECOND)))
        await until(current, 2)


async def test_a_lost_notification_is_made_up_for_by_a_poll(
    database: str, connection: asyncpg.Connection
) -> None:
    await publish(connection, (dataset(), parsed(FIRST)))
    async with following(database, 0.05) as current:
        await until(current, 1)
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        await publish(connection, (dataset(), parsed(SECOND)))
        await until(current, 2)


async def test_a_snapshot_taken_before_still_answers_from_its_own_publication(
    database: str, connection: asyncpg.Connection
) -> None:
    await publish(connection, (dataset(), parsed(FIRST)))
    async with following(database, _NO_POLL) as current:
        await until(current, 1)
        taken = current.snapshot
        await publish(connection, (dataset(), parsed(SECOND)))
        await until(current, 2)
        key = next(iter(taken.head.series))
        old, new = await taken.block(key), await current.snapshot.block(key)
    assert old is not None
    assert new is not None
    assert (old.values[0, 0], new.values[0, 0]) == (100.0, 200.0)


async def test_a_hundred_requests_that_miss_one_block_cause_one_load(
    database: str, connection: asyncpg.Connection
) -> None:
    await publish(connection, (dataset(), parsed(FIRST)))
    async with following(database, _NO_POLL) as current:
        await until(current, 1)
        key = next(iter(current.snapshot.head.series))
        blocks = await asyncio.gather(*(current.snapshot.block(key) for _ in range(100)))
    assert len({id(block) for block in blocks}) == 1
