"""Connections: every wait ends, and a lost one is replaced without the caller noticing."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator

import asyncpg
import pytest

from db.embedded import EmbeddedPostgres
from db.pool import READERS, connect, open_pool


@pytest.fixture(scope="module")
def dsn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with EmbeddedPostgres(tmp_path_factory.mktemp("pool")) as found:
        yield found


def _asking(query: str, *arguments: object) -> Callable[[asyncpg.Connection], Awaitable[object]]:
    async def ask(connection: asyncpg.Connection) -> object:
        return await connection.fetchval(query, *arguments)

    return ask


async def _end_all_others(dsn: str) -> None:
    admin = await connect(dsn)
    await admin.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    await admin.close()


async def test_a_read_survives_the_end_of_every_connection(dsn: str) -> None:
    async with open_pool(dsn) as pool:
        busy = (pool.read(_asking("SELECT pg_sleep(0.05)")) for _ in range(READERS.size))
        await asyncio.gather(*busy)
        await _end_all_others(dsn)

        asked = (pool.read(_asking("SELECT $1::int", n)) for n in range(20))
        answers = await asyncio.gather(*asked)

    assert answers == list(range(20))


async def test_a_mistake_in_a_query_is_not_tried_twice(dsn: str) -> None:
    async with open_pool(dsn) as pool:
        with pytest.raises(asyncpg.UndefinedTableError):
            await pool.read(_asking("SELECT * FROM nowhere"))


async def test_a_statement_that_takes_too_long_is_ended_by_the_server(dsn: str) -> None:
    async with open_pool(dsn) as pool:
        with pytest.raises(asyncpg.QueryCanceledError):
            await pool.read(_asking("SELECT pg_sleep(30)"))


async def test_a_pool_opens_while_the_server_is_away() -> None:
    async with open_pool("postgresql://nobody@/nothing?host=/nowhere") as pool:
        with pytest.raises(OSError, match=r"."):
            await pool.read(_asking("SELECT 1"))


async def test_a_password_is_in_no_log_line(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(OSError, match=r".") as raised:
        await connect("postgresql://reader:geheim@127.0.0.1:1/nothing")

    assert "geheim" not in caplog.text + str(raised.value)


async def test_a_pool_has_a_bound_on_every_wait(dsn: str) -> None:
    async with open_pool(dsn, name="bounded") as pool, pool.connection() as connection:
        bounds = {
            name: await connection.fetchval("SELECT current_setting($1)", name)
            for name in ("statement_timeout", "lock_timeout", "application_name", "jit")
        }

    assert bounds == {
        "statement_timeout": f"{READERS.statement:.0f}s",
        "lock_timeout": "500ms",
        "application_name": "bounded",
        "jit": "off",
    }


async def test_a_pool_that_is_used_up_says_so_within_its_bound(dsn: str) -> None:
    async with open_pool(dsn) as pool:
        held = [pool.connection() for _ in range(READERS.size)]
        for each in held:
            await each.__aenter__()
        began = asyncio.get_running_loop().time()

        with pytest.raises(TimeoutError):
            async with pool.connection():
                pass

        assert asyncio.get_running_loop().time() - began < READERS.acquire + 1
        for each in held:
            await each.__aexit__(None, None, None)
