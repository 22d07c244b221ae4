"""A publication is warm when it is served, soon, and whatever happens while it is warmed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter

import asyncpg
import pytest

from db.core.levels import Level
from db.pool import connect
from db.snapshot import current as current_module
from db.snapshot.current import Current
from db.snapshot.keys import SeriesKey, TableKey
from db.snapshot.sharing import Sharing
from db.snapshot.snapshot import Memory, Snapshot
from tests.database.country import dataset, indicator, parsed, publish
from tests.database.reading import TellingStore, telling

WIJKEN = TableKey(Level.WIJK, 2024)
POPULATION = SeriesKey("population", Level.WIJK, 2024)
HOUSEHOLDS = SeriesKey("households", Level.WIJK, 2024)
FIRST = {"population": {"WK900100": 100.0}, "households": {"WK900100": 50.0}}
SECOND = {"population": {"WK900100": 200.0}, "households": {"WK900100": 50.0}}


@asynccontextmanager
async def touched(dsn: str, connection: asyncpg.Connection) -> AsyncIterator[TellingStore]:
    """A store with a publication, and a second one that corrects the population."""
    await publish(connection, (dataset(), parsed(FIRST)))
    async with telling(dsn) as store:
        yield store


async def serving(store: TellingStore, memory: Memory) -> Current:
    """Serves publication 1 with everything at hand."""
    current = Current(store, memory)
    await current.refresh()
    for key in (WIJKEN, POPULATION, HOUSEHOLDS):
        await current.snapshot.load(key)
    store.reads.clear()
    return current


async def test_only_what_changed_is_read_and_it_is_at_hand_before_anyone_asks(
    database: str, connection: asyncpg.Connection
) -> None:
    async with touched(database, connection) as store:
        current = await serving(store, Memory(1_000_000))
        await publish(connection, (dataset(), parsed(SECOND)))
        await current.refresh()
        assert store.reads == ["head", "population"]
        keys = (WIJKEN, POPULATION, HOUSEHOLDS)
        assert all(current.snapshot.at_hand(key) is not None for key in keys)
        assert current.snapshot.number == 2


async def test_what_nobody_asked_for_is_not_warmed(
    database: str, connection: asyncpg.Connection
) -> None:
    async with touched(database, connection) as store:
        current = Current(store, Memory(1_000_000))
        await current.refresh()
        await publish(connection, (dataset(), parsed(SECOND)))
        await current.refresh()
        assert store.reads == ["head", "head"]


async def test_a_failure_of_warming_does_not_stop_the_swap(
    database: str, connection: asyncpg.Connection
) -> None:
    async with touched(database, connection) as store:
        current = await serving(store, Memory(1_000_000))
        await publish(connection, (dataset(), parsed(SECOND)))
        store.faults.error = ValueError("broken")
        await current.refresh()
        store.faults.error = None
        block = await current.snapshot.block(POPULATION)
    assert block is not None
    assert (current.snapshot.number, block.values[0, 0]) == (2, 200.0)


async def test_slow_warming_goes_on_behind_the_swap(
    database: str, connection: asyncpg.Connection
) -> None:
    async with touched(database, connection) as store:
        current = await serving(store, Memory(1_000_000))
        await publish(connection, (dataset(), parsed(SECOND)))
        store.faults.seconds = 0.5
        began = perf_counter()
        await current.refresh()
        assert perf_counter() - began < 0.4
        assert current.snapshot.number == 2
        assert current.snapshot.at_hand(POPULATION) is None
        await asyncio.sleep(0.6)
        assert current.snapshot.at_hand(POPULATION) is not None
        assert store.reads.count("population") == 1


async def test_warming_pushes_nothing_out_of_what_is_served_and_goes_on_after_it(
    database: str, connection: asyncpg.Connection
) -> None:
    async with touched(database, connection) as store:
        memory = Memory(1_000_000)
        current = await serving(store, memory)
        await publish(connection, (dataset(), parsed(SECOND)))
        # As if everything at hand had just filled it.
        memory._max_bytes = memory.nbytes
        served = current.snapshot
        kept = dict(served.view.kept)
        seen: list[bool] = []
        current._prepare = lambda _: seen.append(served.view.kept == kept)
        await current.refresh()
        assert seen == [True]
        async with asyncio.timeout(20):
            while current.snapshot.at_hand(POPULATION) is None:  # noqa: ASYNC110
                await asyncio.sleep(0.005)
        assert memory.nbytes <= memory._max_bytes


async def test_what_is_prepared_is_ready_before_the_swap(
    database: str, connection: asyncpg.Connection
) -> None:
    async with touched(database, connection) as store:
        seen: list[tuple[int, int | None, bool]] = []

        def prepare(snapshot: Snapshot) -> None:
            served = current.snapshot.number if current.ready else None
            seen.append((snapshot.number, served, snapshot.at_hand(POPULATION) is not None))

        current = Current(store, Memory(1_000_000), prepare=prepare)
        await current.refresh()
        await current.snapshot.load(POPULATION)
        await publish(connection, (dataset(), parsed(SECOND)))
        await current.refresh()
    assert seen == [(1, None, False), (2, 1, True)]


async def test_a_failure_to_prepare_does_not_stop_the_swap(
    database: str, connection: asyncpg.Connection
) -> None:
    def prepare(_: Snapshot) -> None:
        raise RuntimeError

    async with touched(database, connection) as store:
        current = Current(store, Memory(1_000_000), prepare=prepare)
        assert await current.refresh()
        assert current.snapshot.number == 1


async def test_two_workers_read_a_block_once_between_them(
    database: str, connection: asyncpg.Connection, tmp_path: Path
) -> None:
    codes = {f"WK9{i:05}": float(i) for i in range(4_000)}
    await publish(connection, (dataset(), parsed({"population": codes})))
    folder = tmp_path
    folder.chmod(0o700)
    async with telling(database) as one, telling(database) as two:
        blocks = []
        for store in (one, two):
            current = Current(store, Memory(1_000_000, Sharing(folder, 10_000_000)))
            await current.refresh()
            blocks.append(await current.snapshot.block(POPULATION))
    assert (one.reads, two.reads) == (["head", "population"], ["head"])
    assert all(block is not None and block.values[3_999, 0] == 3_999.0 for block in blocks)


async def test_files_of_what_is_no_longer_served_are_removed(
    database: str,
    connection: asyncpg.Connection,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(current_module, "_GRACE_SECONDS", 0.01)
    codes = [{f"WK9{i:05}": float(i + n) for i in range(4_000)} for n in range(2)]
    await publish(connection, (dataset(), parsed({"population": codes[0]})))
    folder = tmp_path
    folder.chmod(0o700)
    async with telling(database) as store:
        current = Current(store, Memory(1_000_000, Sharing(folder, 10_000_000)))
        await current.refresh()
        old = await current.snapshot.block(POPULATION)
        first = _names(folder)
        await publish(connection, (dataset(), parsed({"population": codes[1]})))
        await current.refresh()
        async with asyncio.timeout(20):
            while set(_names(folder)) & set(first):  # noqa: ASYNC110
                await asyncio.sleep(0.005)
        assert len(_names(folder)) == 1
    assert old is not None
    assert old.values[1, 0] == 1.0


def _names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def test_a_publication_is_served_soon_after_its_commit(
    database: str, connection: asyncpg.Connection
) -> None:
    """At hand: blocks of 3,400 wijken. Measured 8 to 17 ms; the bound is for busy machines."""
    indicators = tuple(indicator(f"indicator-{i}") for i in range(20))
    codes = {f"WK9{i:05}": float(i) for i in range(3_400)}
    cells = {each.slug: codes for each in indicators}
    await publish(connection, (dataset(), parsed(cells)), indicators=indicators)
    committed: list[float] = []
    hearing = await connect(database)
    await hearing.add_listener("publication", lambda *_: committed.append(perf_counter()))
    async with telling(database) as store:
        current = Current(store, Memory(100_000_000))
        await current.start(5)
        for key in current.snapshot.head.series:
            await current.snapshot.load(key)
        following = asyncio.create_task(current.follow(lambda: connect(database), 3600))
        cells["indicator-0"] = {code: value + 1 for code, value in codes.items()}
        served = asyncio.create_task(_served(current, 2))
        await publish(connection, (dataset(), parsed(cells)), indicators=indicators)
        waited = await served - committed[0]
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
    await hearing.close()
    assert waited < 2.0


async def _served(current: Current, number: int) -> float:
    async with asyncio.timeout(20):
        while current.snapshot.number != number:  # noqa: ASYNC110
            await asyncio.sleep(0.001)
    return perf_counter()
