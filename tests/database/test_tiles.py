"""Tiles follow the shapes and names of their publication, and earlier ones stay as they were."""

import random
import subprocess
import sys
import time

import asyncpg
import numpy as np
import pytest
import shapely

from db.core.levels import Level
from db.core.tile_matrix import RD_NEW
from db.ingest import tiles as ingested
from db.repository.differences import difference
from db.repository.publications import newest
from db.repository.tiles import Place, has_map, read_tile
from tests.database.country import dataset, parsed, publish
from tests.database.endless_maps import CODES, publish_map
from tests.unit.vector_tile import Layer, layer_of

HERE = Place(Level.WIJK, 2024, RD_NEW.id, 0, 0, 0)
NAMES = {"WK900100": "Een", "WK900101": "Twee"}


async def layer_at(
    connection: asyncpg.Connection, publication: int, place: Place = HERE
) -> Layer | None:
    found = await read_tile(connection, place, publication)
    return None if found is None else layer_of(found.body)


async def names_at(connection: asyncpg.Connection, publication: int) -> list[str]:
    layer = await layer_at(connection, publication)
    return [] if layer is None else [each.properties["naam"] for each in layer.features]


async def versions(connection: asyncpg.Connection) -> set[tuple[int, int | None]]:
    rows = await connection.fetch("SELECT from_publication, until_publication FROM tile")
    return {tuple(row) for row in rows}


async def test_a_map_is_published_with_its_tiles(connection: asyncpg.Connection) -> None:
    result = await publish(connection, (dataset(), parsed({}, names=NAMES, shapes=True)))
    assert result.counts["tiles_opened"] == await connection.fetchval("SELECT count(*) FROM tile")
    assert await names_at(connection, 1) == ["Een", "Twee"]
    assert await has_map(connection, Level.WIJK, 2024, 1)
    assert not await has_map(connection, Level.WIJK, 2023, 1)


async def test_areas_without_shapes_have_no_tiles(connection: asyncpg.Connection) -> None:
    result = await publish(connection, (dataset(), parsed({}, names=NAMES)))
    assert "tiles_opened" not in result.counts
    assert not await has_map(connection, Level.WIJK, 2024, 1)


async def test_a_map_that_is_the_same_keeps_its_tiles(connection: asyncpg.Connection) -> None:
    await publish(connection, (dataset(), parsed({}, names=NAMES, shapes=True)))
    other = parsed({"population": {"WK900100": 1.0}}, names=NAMES, shapes=True)
    result = await publish(connection, (dataset(), other))
    assert result.publication == 2
    assert await versions(connection) == {(1, None)}


async def test_a_new_name_is_in_the_new_tiles_and_the_old_one_in_the_old(
    connection: asyncpg.Connection,
) -> None:
    await publish(connection, (dataset(), parsed({}, names=NAMES, shapes=True)))
    renamed = parsed({}, names={**NAMES, "WK900101": "Drie"})
    result = await publish(connection, (dataset("names", rank=60), renamed))
    assert result.counts["tiles_opened"] == result.counts["tiles_closed"]
    assert await names_at(connection, 1) == ["Een", "Twee"]
    assert await names_at(connection, 2) == ["Een", "Drie"]


async def test_only_tiles_that_change_are_closed(connection: asyncpg.Connection) -> None:
    first, second = parsed({}, names=NAMES, shapes=True), parsed({}, names=NAMES, shapes=True)
    near, far = shapely.box(105e3, 4e5, 106e3, 401e3), shapely.box(2e5, 5e5, 201e3, 501e3)
    first.areas[0].shapes = np.array([near, far], object)
    second.areas[0].shapes = np.array([near, shapely.box(2e5, 5e5, 202e3, 501e3)], object)
    await publish(connection, (dataset(), first))
    await publish(connection, (dataset(), second))
    assert await versions(connection) == {(1, None), (1, 2), (2, None)}
    tile = "matrix_set = 'NetherlandsRDNewQuad' AND zoom = 6 AND until_publication IS NULL"
    rows = await connection.fetch(f"SELECT x, y, from_publication FROM tile WHERE {tile}")
    assert {tuple(row) for row in rows} == {(28, 36, 1), (35, 29, 2)}


async def test_the_difference_of_two_publications_counts_tiles(
    connection: asyncpg.Connection,
) -> None:
    await publish_map(connection, 0)
    result = await publish_map(connection, 50)
    changes = {change.noun: change for change in (await difference(connection, 1, 2)).changes}
    assert changes["tile"].kind == "wijk"
    assert changes["tile"].opened == result.counts["tiles_opened"]
    assert changes["tile"].closed == result.counts["tiles_closed"]


async def test_the_tiles_of_the_demonstration_leave_with_it(connection: asyncpg.Connection) -> None:
    await publish(
        connection, (dataset("demo"), parsed({}, names=NAMES, shapes=True)), fictional=True
    )
    await publish(connection, (dataset("real", vintage=2023), parsed({}, names=NAMES)))
    assert await names_at(connection, 1) == ["Een", "Twee"]
    assert await names_at(connection, 2) == []
    assert not await has_map(connection, Level.WIJK, 2024, 2)


async def test_a_store_of_the_previous_release_gets_its_tiles_with_the_next_ingest(
    connection: asyncpg.Connection,
) -> None:
    await publish(connection, (dataset(), parsed({}, names=NAMES, shapes=True)))
    await connection.execute("DELETE FROM tile; DELETE FROM tileset")
    result = await publish(connection, (dataset(), parsed({}, names=NAMES, shapes=True)))
    assert (result.publication, result.outcomes[0].outcome) == (2, "unchanged")
    assert await names_at(connection, 2) == ["Een", "Twee"]


async def test_a_map_that_cannot_be_drawn_is_named_and_the_rest_published(
    connection: asyncpg.Connection,
) -> None:
    await publish(connection, (dataset(), parsed({}, names=NAMES, shapes=True)))
    await connection.execute("UPDATE shape SET full_rd = 'no geometry', checksum = 'x'")
    other = parsed({}, names=NAMES, shapes=True)
    result = await publish(connection, (dataset("later", vintage=2023), other))
    assert {o.dataset: o.outcome for o in result.outcomes} == {
        "later": "published", "tiles-wijk-2024": "failed", "links-wijk-2023-2024": "failed"
    }  # fmt: skip
    assert not await has_map(connection, Level.WIJK, 2024, 2)
    assert await has_map(connection, Level.WIJK, 2023, 2)
    assert await names_at(connection, 1) == ["Een", "Twee"]


async def test_a_large_map_drawn_by_children_has_the_same_tiles(
    connection: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = [
        (dataset(f"toy-{year}", vintage=year), parsed({}, names=NAMES, shapes=True))
        for year in (2022, 2023, 2024)
    ]
    await publish(connection, *given)
    drawn_here = await connection.fetch("SELECT * FROM tile ORDER BY 1, 2, 3, 4, 5, 6")
    await connection.execute(
        "TRUNCATE tile, tileset, publication, load, attempt, area, area_version, shape, series,"
        " observation, block, fact, address_count, area_link_pair CASCADE"
    )
    monkeypatch.setattr(ingested, "_SMALL", 0)
    await publish(connection, *given)
    assert await connection.fetch("SELECT * FROM tile ORDER BY 1, 2, 3, 4, 5, 6") == drawn_here


async def test_a_publisher_killed_at_random_leaves_tiles_and_shapes_of_one_publication(
    database: str, connection: asyncpg.Connection
) -> None:
    chance = random.Random(20260103)
    # Longer where the machine is so busy that none was whole before its publisher was killed.
    number = 0
    for latest in (0.5, 0.5, 0.5, 0.5, 2.0, 4.0, 8.0, 16.0):
        if latest > 0.5 and number > 0:
            break
        _publish_and_kill(database, chance.uniform(0, latest))
        number = await newest(connection) or 0
        for table in ("shape", "tile", "tileset"):
            beyond = f"from_publication > {number} OR until_publication > {number}"
            assert await connection.fetchval(f"SELECT count(*) FROM {table} WHERE {beyond}") == 0
    assert number > 0
    for publication in range(1, number + 1):
        assert await _drawn_from(connection, publication) == pytest.approx(
            await _west_of_shapes(connection, publication), abs=220
        )


def _publish_and_kill(dsn: str, seconds: float) -> None:
    command = [sys.executable, "-m", "tests.database.endless_maps", dsn]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "begin\n"
        time.sleep(seconds)
        child.kill()


async def _drawn_from(connection: asyncpg.Connection, publication: int) -> float:
    """The western edge in RD of what the tile of the whole country shows; its units are 215 m."""
    layer = await layer_at(connection, publication)
    assert layer is not None
    assert len(layer.features) == len(CODES)
    west: float = min(each.geometry.bounds[0] for each in layer.features)
    return RD_NEW.left + west * RD_NEW.side / 4096


async def _west_of_shapes(connection: asyncpg.Connection, publication: int) -> float:
    texts = await connection.fetch(
        "SELECT full_rd FROM shape WHERE from_publication <= $1"
        " AND (until_publication IS NULL OR until_publication > $1)",
        publication,
    )
    west: float = min(shapely.from_geojson(row["full_rd"]).bounds[0] for row in texts)
    return west
