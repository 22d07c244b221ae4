"""Snapshots share what did not change between publications, and never what did."""

import asyncio
import gc
import tracemalloc
from dataclasses import replace

import asyncpg
import pytest

from db.core.absence import Reason
from db.core.area import AreaTable
from db.core.block import Block
from db.core.figures import Parsed
from db.core.levels import Level
from db.core.simplify import Detail
from db.pool import open_pool
from db.repository.store import PostgresStore
from db.snapshot.keys import PACK, Key, SeriesKey, ShapesKey, TableKey
from db.snapshot.snapshot import Memory, ShapePack, Snapshot, open_snapshot
from db.sources.dataset import Dataset
from tests.database.country import INDICATORS, dataset, parsed, publish
from tests.database.reading import telling

WIJKEN = TableKey(Level.WIJK, 2024)
POPULATION = SeriesKey("population", Level.WIJK, 2024)
HOUSEHOLDS = SeriesKey("households", Level.WIJK, 2024)
SHAPES = ShapesKey(Level.WIJK, 2024, Detail.MEDIUM, 4326, 0)
BOTH = {"population": {"WK900100": 100.0}, "households": {"WK900100": 50.0}}
CORRECTED = {"population": {"WK900100": 200.0}, "households": {"WK900100": 50.0}}


async def test_what_is_not_loaded_is_not_at_hand_and_then_it_is(
    database: str, connection: asyncpg.Connection
) -> None:
    await publish(connection, (dataset(), parsed(BOTH, shapes=True)))
    async with open_pool(database) as pool:
        snapshot = await open_snapshot(PostgresStore(pool), Memory(1_000_000))
        keys: tuple[Key, ...] = (WIJKEN, POPULATION, SHAPES)
        assert [snapshot.at_hand(key) for key in keys] == [None, None, None]
        loaded = [await snapshot.load(key) for key in keys]
        assert [type(each) for each in loaded] == [AreaTable, Block, ShapePack]
        assert all(snapshot.at_hand(k) is each for k, each in zip(keys, loaded, strict=True))


@pytest.mark.parametrize(
    "key",
    [
        TableKey(Level.WIJK, 1999),
        SeriesKey("nothing", Level.WIJK, 2024),
        ShapesKey(Level.WIJK, 2024, Detail.FULL, 4326, 1),
    ],
)
async def test_what_a_publication_does_not_have_cannot_be_loaded(
    database: str, connection: asyncpg.Connection, key: Key
) -> None:
    await publish(connection, (dataset(), parsed(BOTH, shapes=True)))
    async with open_pool(database) as pool:
        snapshot = await open_snapshot(PostgresStore(pool), Memory(1_000_000))
        with pytest.raises(KeyError):
            await snapshot.load(key)
        assert snapshot.at_hand(key) is None


async def test_a_pack_has_the_texts_of_its_ordinals_and_none_where_there_is_no_shape(
    database: str, connection: asyncpg.Connection
) -> None:
    codes = {f"WK9{i:05}": float(i) for i in range(PACK + 2)}
    await publish(connection, (dataset(), parsed({"population": codes}, shapes=True)))
    later = dataset("toy-later")
    await publish(connection, (later, parsed({"population": {"WK999999": 1.0}})))
    async with open_pool(database) as pool:
        snapshot = await open_snapshot(PostgresStore(pool), Memory(10_000_000))
        table = await snapshot.areas(Level.WIJK, 2024)
        pack = await snapshot.load(ShapesKey(Level.WIJK, 2024, Detail.FULL, 28992, 1))
        ids = [int(i) for i in table.ids[PACK:]]
        texts = await snapshot.shapes(ids, detail=Detail.FULL, epsg=28992)
    assert isinstance(pack, ShapePack)
    assert pack.texts == (texts[ids[0]].decode(), texts[ids[1]].decode(), None)


async def test_what_did_not_change_is_at_hand_in_the_next_publication(
    database: str, connection: asyncpg.Connection
) -> None:
    await publish(connection, (dataset(), parsed(BOTH, shapes=True)))
    async with open_pool(database) as pool:
        store, memory = PostgresStore(pool), Memory(1_000_000)
        old = await open_snapshot(store, memory)
        shared: tuple[Key, ...] = (WIJKEN, HOUSEHOLDS, SHAPES)
        kept = [await old.load(key) for key in (*shared, POPULATION)]
        await publish(connection, (dataset(), parsed(CORRECTED, shapes=True)))
        new = await open_snapshot(store, memory)
        assert new.number == 2
        assert [new.at_hand(key) for key in shared] == kept[:3]
        assert new.at_hand(POPULATION) is None
        assert old.at_hand(POPULATION) is kept[3]


async def test_a_corrected_name_is_a_new_table_and_the_old_one_stays_as_it_was(
    database: str, connection: asyncpg.Connection
) -> None:
    async with open_pool(database) as pool:
        store, memory, names = PostgresStore(pool), Memory(1_000_000), []
        for name in ("Centrum", "Binnenstad"):
            given = parsed(BOTH, names={"WK900100": name})
            await publish(connection, (dataset(), given))
            snapshot = await open_snapshot(store, memory)
            assert snapshot.at_hand(WIJKEN) is None
            await snapshot.areas(Level.WIJK, 2024)
            names.append(snapshot)
        tables = [await each.areas(Level.WIJK, 2024) for each in names]
    assert [table.names[0] for table in tables] == ["Centrum", "Binnenstad"]


async def test_a_version_is_never_older_than_the_rows_it_stands_for(
    database: str, connection: asyncpg.Connection
) -> None:
    """Over every way in which areas change: opened, renamed, drawn, added to, and all replaced."""
    first, other = dataset("toy-2024"), dataset("toy-2023", vintage=2023)
    steps = [
        ((first, parsed(BOTH)), True),
        ((other, parsed(BOTH, year=2023)), True),
        ((first, parsed(CORRECTED)), True),
        ((first, parsed(CORRECTED, names={"WK900100": "Anders"})), True),
        ((first, parsed(CORRECTED, names={"WK900100": "Anders"}, shapes=True)), True),
        ((dataset("more"), parsed({"population": {"WK900199": Reason.DOT}})), True),
        ((first, parsed(BOTH, shapes=True)), False),
    ]
    async with open_pool(database) as pool:
        store = PostgresStore(pool)
        for number, (given, fictional) in enumerate(steps, start=1):
            await publish(connection, given, fictional=fictional, accept_loss=True)
            head = await store.head(None)
            assert head.publication.number == number
            changed = await _last_change(connection)
            assert set(changed) >= set(head.area_versions)
            for key, version in head.area_versions.items():
                assert changed[key] <= version <= number
            assert head.block_versions == await _block_versions(connection)


async def test_facts_are_read_anew_when_a_publication_changes_them_and_only_then(
    database: str, connection: asyncpg.Connection
) -> None:
    renamed = (replace(INDICATORS[0], name_en="Inhabitants"), *INDICATORS[1:])
    async with open_pool(database) as pool:
        store, heads = PostgresStore(pool), []
        for cells, indicators in ((BOTH, INDICATORS), (CORRECTED, INDICATORS), (BOTH, renamed)):
            await publish(connection, (dataset(), parsed(cells)), indicators=indicators)
            heads.append(await store.head(None))
        again = await store.head(1)
    assert heads[1].indicators is heads[0].indicators
    names = [head.indicators["population"].name_en for head in (*heads, again)]
    assert names == ["population", "population", "Inhabitants", "population"]


async def _last_change(connection: asyncpg.Connection) -> dict[tuple[Level, int], int]:
    rows = await connection.fetch(
        "SELECT a.level, a.vintage, max(greatest(r.from_publication, r.until_publication)) AS last"
        " FROM area AS a JOIN (SELECT area_id, from_publication, until_publication FROM shape"
        " UNION ALL SELECT area_id, from_publication, until_publication FROM area_version) AS r"
        " ON r.area_id = a.id GROUP BY a.level, a.vintage"
    )
    return {(Level(row["level"]), row["vintage"]): row["last"] for row in rows}


async def _block_versions(connection: asyncpg.Connection) -> dict[SeriesKey, int]:
    rows = await connection.fetch(
        "SELECT s.indicator, s.level, s.vintage, b.from_publication FROM series AS s"
        " JOIN block AS b ON b.series_id = s.id AND b.until_publication IS NULL"
    )
    return {
        SeriesKey(row["indicator"], Level(row["level"]), row["vintage"]): row["from_publication"]
        for row in rows
    }


async def test_readers_of_old_snapshots_never_see_a_correction(
    database: str, connection: asyncpg.Connection
) -> None:
    """Names and figures carry the number of their publication; memory is too small for them."""
    async with open_pool(database) as pool:
        store, memory = PostgresStore(pool), Memory(6_000)
        await publish(connection, _marked(1))
        snapshots, stop = [await open_snapshot(store, memory)], asyncio.Event()
        readers = [asyncio.create_task(_read(snapshots, stop, start)) for start in range(4)]
        for number in range(2, 9):
            await publish(connection, _marked(number))
            following = await open_snapshot(store, memory)
            memory.serve(following.view)
            snapshots.append(following)
        stop.set()
        answers = set().union(*await asyncio.gather(*readers))
    assert {number for number, *_ in answers} == set(range(1, 9))
    assert answers == {(n, f"Naam {n}", float(n), 50.0) for n in range(1, 9)}


def _marked(number: int) -> tuple[Dataset, Parsed]:
    cells = {"population": {"WK900100": float(number)}, "households": {"WK900100": 50.0}}
    return dataset(), parsed(cells, names={"WK900100": f"Naam {number}"})


_Answer = tuple[int, str, float, float]


async def _read(snapshots: list[Snapshot], stop: asyncio.Event, start: int) -> set[_Answer]:
    """Read old and new snapshots in turn while there is news, and all of them once more."""
    answers: set[_Answer] = set()
    turn = start
    while not stop.is_set():
        turn += 1
        answers.add(await _answer(snapshots[turn % len(snapshots)]))
    for snapshot in snapshots:
        answers.add(await _answer(snapshot))
    return answers


async def _answer(snapshot: Snapshot) -> _Answer:
    table = await snapshot.areas(Level.WIJK, 2024)
    await asyncio.sleep(0)
    population, households = [await snapshot.block(key) for key in (POPULATION, HOUSEHOLDS)]
    assert population is not None
    assert households is not None
    figures = float(population.values[0, 0]), float(households.values[0, 0])
    return (snapshot.number, table.names[0], *figures)


async def test_a_request_that_touches_more_than_fits_is_answered(
    database: str, connection: asyncpg.Connection
) -> None:
    codes = {f"WK9{i:05}": float(i) for i in range(1_000)}
    await publish(connection, (dataset(), parsed({"population": codes, "households": codes})))
    async with telling(database) as store:
        memory = Memory(60_000)
        snapshot = await open_snapshot(store, memory)
        pinned = [await snapshot.load(key) for key in (WIJKEN, POPULATION, HOUSEHOLDS)]
        assert sum(each.nbytes for each in pinned) > 60_000
        assert memory.nbytes <= 60_000
        block = await snapshot.block(HOUSEHOLDS)
    assert block is not None
    assert block.values[999, 0] == 999.0


@pytest.mark.parametrize(
    "key", [WIJKEN, POPULATION, ShapesKey(Level.WIJK, 2024, Detail.FULL, 4326, 0)], ids=str
)
async def test_what_is_kept_is_as_large_as_it_says(
    database: str, connection: asyncpg.Connection, key: Key
) -> None:
    codes = {f"WK9{i:05}": float(i) for i in range(2_000)}
    await publish(connection, (dataset(), parsed({"population": codes}, shapes=True)))
    async with open_pool(database) as pool:
        snapshot = await open_snapshot(PostgresStore(pool), Memory(1))
        tracemalloc.start()
        try:
            item = [await snapshot.load(key)]
            said = item[0].nbytes
            # The loop holds the future that woke us, and with it the item, until it turns.
            await asyncio.sleep(0)
            with_it = _traced()
            item.clear()
            freed = with_it - _traced()
        finally:
            tracemalloc.stop()
    assert said == pytest.approx(freed, rel=0.3)


def _traced() -> int:
    gc.collect()
    return tracemalloc.get_traced_memory()[0]
