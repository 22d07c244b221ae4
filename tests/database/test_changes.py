"""The change feed: from any snapshot it leads to the table that is there now, whatever happens."""

import random

import asyncpg
import pytest

from db.core.absence import Reason
from db.core.change import (
    AreaChange,
    CellChange,
    Change,
    FactChange,
    Former,
    Place,
    PublicationChange,
    Section,
    Wanted,
    after,
)
from db.core.figures import Parsed
from db.core.levels import Level
from db.pool import connect
from db.sources.dataset import Dataset
from tests.database.country import INDICATORS, Value, dataset, indicator, parsed, publish
from tests.database.replaying import Client, Table, all_told, table_at, told

FIRST = {"population": {"WK900100": 100.0, "WK900101": Reason.DOT}}


def _cells(rng: random.Random) -> dict[str, dict[str, Value]]:
    codes = [f"WK9001{i:02d}" for i in range(rng.randint(1, 12))]
    choices: list[Value] = [1.0, 2.0, Reason.DOT, Reason.CONFIDENTIAL]
    return {
        each.slug: {code: rng.choice(choices) for code in codes if rng.random() < 0.9}
        for each in INDICATORS
        if rng.random() < 0.8
    } or {"population": {codes[0]: 3.0}}


def _given(rng: random.Random) -> list[tuple[Dataset, Parsed]]:
    """One to three datasets that overlap in areas, years and indicators, some with maps."""
    given = []
    for name, rank in rng.sample([("a", 40), ("b", 50), ("c", 60)], rng.randint(1, 3)):
        vintage = rng.choice([2023, 2024])
        cells = _cells(rng)
        names = {"WK900100": rng.choice(["Oud", "Nieuw"])}
        read = parsed(
            cells, year=rng.choice([2022, 2023, 2024]), names=names, shapes=rng.random() < 0.5
        )
        given.append((dataset(f"{name}-{vintage}", vintage=vintage, rank=rank), read))
    return given


async def _history(
    connection: asyncpg.Connection, rng: random.Random, publications: int
) -> list[Table]:
    """The tables of that many publications, from the empty one on."""
    tables: list[Table] = [{}]
    while len(tables) <= publications:
        kinds = [*INDICATORS, indicator("dwellings")][: rng.randint(2, 3)]
        result = await publish(
            connection,
            *_given(rng),
            indicators=kinds,
            fictional=len(tables) < publications // 2,
            accept_loss=True,
        )
        if result.publication is not None:
            tables.append(await table_at(connection, result.publication))
    return tables


@pytest.mark.parametrize("seed", range(4))
async def test_replay_from_any_snapshot_gives_the_table_that_is_there_now(
    connection: asyncpg.Connection, seed: int
) -> None:
    rng = random.Random(seed)
    tables = await _history(connection, rng, 6)
    newest = len(tables) - 1
    whole = Client()
    for change in await all_told(connection, Place(1), newest):
        whole.apply(change)
        if isinstance(change.subject, PublicationChange):
            assert whole.table == tables[change.subject.number]
    assert len(set(whole.applied)) == len(whole.applied)
    assert whole.applied == [
        (*c.place[:2], *c.place.key) for c in await all_told(connection, Place(1), newest)
    ]
    for number in range(1, newest):
        client = Client(dict(tables[number]))
        for change in await all_told(connection, after(number), newest):
            client.apply(change)
        assert client.table == tables[newest]


@pytest.mark.parametrize("seed", range(2))
async def test_dropped_pages_and_publications_meanwhile_lose_nothing_and_repeat_nothing(
    connection: asyncpg.Connection, database: str, seed: int
) -> None:
    rng = random.Random(100 + seed)
    publisher = await connect(database)
    await _history(publisher, rng, 2)
    client, dropped, newest = Client(), 0, 2
    while True:
        page = await told(connection, client.place, newest, rng.randint(1, 9))
        if rng.random() < 0.2:
            dropped += 1  # The answer never arrived: the client asks again from where it was.
            continue
        for change in page.changes:
            client.apply(change)
        client.place = page.place
        if newest < 6 and rng.random() < 0.3:
            newest = (
                await publish(publisher, *_given(rng), accept_loss=True)
            ).publication or newest
        elif page.is_last and newest >= 5:
            break
        elif page.is_last:
            newest = (
                await publish(publisher, *_given(rng), accept_loss=True)
            ).publication or newest
    await publisher.close()
    assert dropped
    assert len(set(client.applied)) == len(client.applied)
    assert client.applied == sorted(client.applied, key=lambda each: each[:2])
    assert client.table == await table_at(connection, newest)


async def test_to_apply_a_page_twice_is_to_apply_it_once(connection: asyncpg.Connection) -> None:
    await publish(connection, (dataset(), parsed(FIRST)))
    first = await told(connection, Place(1), 1, 5)
    again = await told(connection, Place(1), 1, 5)
    assert first == again


async def test_a_publisher_that_is_still_at_work_is_not_told_of(
    connection: asyncpg.Connection, database: str
) -> None:
    await publish(connection, (dataset(), parsed(FIRST)))
    before = await all_told(connection, Place(1), 1)
    other = await connect(database)
    transaction = other.transaction()
    await transaction.start()
    await other.execute("UPDATE fact SET until_publication = 2 WHERE key = 'population'")
    assert await all_told(connection, Place(1), 1) == before
    await transaction.rollback()
    await other.close()


async def test_three_revised_cells_are_three_events_and_a_renamed_area_is_one(
    connection: asyncpg.Connection,
) -> None:
    cells = {"population": {"WK900100": 1.0, "WK900101": 2.0, "WK900102": 3.0, "WK900103": 4.0}}
    await publish(connection, (dataset(), parsed(cells)))
    cells = {"population": {"WK900100": 9.0, "WK900101": 8.0, "WK900102": 7.0, "WK900103": 4.0}}
    await publish(connection, (dataset(), parsed(cells, names={"WK900103": "Anders"})))
    told_of = await all_told(connection, after(1), 2, Wanted(gemeente="GM9001"))
    kinds = [type(change.subject) for change in told_of]
    assert kinds == [AreaChange, CellChange, CellChange, CellChange]


async def test_a_withdrawn_cell_is_told_as_a_row_that_is_gone_from_its_source(
    connection: asyncpg.Connection,
) -> None:
    both = {"population": {"WK900100": 1.0, "WK900101": 2.0}}
    await publish(connection, (dataset(), parsed(both)))
    less = {"population": {"WK900100": 1.0}}
    await publish(connection, (dataset(), parsed(less, names={"WK900101": "x"})), accept_loss=True)
    changes = await all_told(connection, after(1), 2, Wanted(section=Section.OBSERVATIONS))
    (change,) = changes
    assert isinstance(change.subject, CellChange)
    assert change.subject.code == "WK900101"
    assert change.subject.cell is not None
    assert change.subject.cell.value is None


async def test_the_demonstration_leaves_as_things_that_are_gone(
    connection: asyncpg.Connection,
) -> None:
    await publish(connection, (dataset("demo"), parsed(FIRST)), fictional=True)
    await publish(connection, (dataset("real", vintage=2023), parsed(FIRST, year=2023)))
    changes = await all_told(connection, after(1), 2, Wanted(section=Section.OBSERVATIONS))
    gone = [c for c in changes if isinstance(c.subject, CellChange) and c.subject.cell is None]
    assert {c.subject.series.vintage for c in gone if isinstance(c.subject, CellChange)} == {2024}
    assert len(changes) > len(gone) > 0


async def test_a_recoded_area_is_one_event_that_names_what_it_was(
    connection: asyncpg.Connection,
) -> None:
    old, new = {"population": {"WK900100": 1.0}}, {"population": {"WK900155": 1.0}}
    await publish(connection, (dataset("a", vintage=2023), parsed(old, shapes=True)))
    await publish(connection, (dataset("b", vintage=2024), parsed(new, shapes=True)))
    changes = await all_told(connection, after(1), 2, Wanted(section=Section.AREAS))
    (change,) = changes
    assert isinstance(change.subject, AreaChange)
    assert change.subject.state is not None
    assert change.subject.state.recoded_from == Former("WK900100", 2023)


async def test_a_recoding_that_is_found_later_is_told_then(connection: asyncpg.Connection) -> None:
    new = {"population": {"WK900155": 1.0}}
    await publish(connection, (dataset("b", vintage=2024), parsed(new, shapes=True)))
    old = {"population": {"WK900100": 1.0}}
    await publish(connection, (dataset("a", vintage=2023), parsed(old, shapes=True)))
    changes = await all_told(connection, after(1), 2, Wanted(section=Section.AREAS))
    found = {
        (c.subject.vintage, c.place.section) for c in changes if isinstance(c.subject, AreaChange)
    }
    assert found == {(2023, Section.AREAS), (2024, Section.RECODINGS)}


def _is_area(change: Change) -> bool:
    return isinstance(change.subject, AreaChange)


@pytest.mark.parametrize(
    ("wanted", "kept"),
    [
        (Wanted(level=Level.GEMEENTE), lambda s: False),
        (Wanted(indicator="households"), lambda s: "households" in repr(s)),
        (
            Wanted(section=Section.FACTS, kind="source"),
            lambda s: getattr(s, "kind", "") == "source",
        ),
        (Wanted(section=Section.PUBLICATION), lambda s: isinstance(s, PublicationChange)),
        (Wanted(gemeente="GM9002"), lambda s: False),
        (Wanted(level=Level.WIJK), lambda s: isinstance(s, (AreaChange, CellChange))),
    ],
)
async def test_a_filter_tells_what_the_whole_tells_of_it(
    connection: asyncpg.Connection, wanted: Wanted, kept: object
) -> None:
    assert callable(kept)
    rng = random.Random(7)
    await _history(connection, rng, 3)
    everything = await all_told(connection, Place(1), 3)
    assert any(isinstance(change.subject, FactChange) for change in everything)
    expected = [
        change
        for change in everything
        if kept(change.subject) and not (wanted.indicator and _is_area(change))
    ]
    assert await all_told(connection, Place(1), 3, wanted) == expected
