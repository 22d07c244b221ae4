"""A publisher killed at any moment leaves the last whole publication and nothing half-written."""

import random
import subprocess
import sys
import time

import asyncpg
import numpy as np

from db.core.block import NO_LOAD, SeriesKey
from db.core.levels import Level
from db.repository.blocks import read_block
from db.repository.publications import newest

_KILLS = 6
_SECONDS = 0.6
_PATIENCE = [2.0, 4.0, 8.0, 16.0]
"""Where the machine is so busy that no publication was whole before its publisher was killed."""


async def test_a_publisher_killed_at_random_leaves_only_whole_publications(
    database: str, connection: asyncpg.Connection
) -> None:
    chance = random.Random(20260102)
    number = None
    for latest in [_SECONDS] * _KILLS + _PATIENCE:
        if latest > _SECONDS and number is not None:
            break
        _publish_and_kill(database, chance.uniform(0, latest))
        await _nothing_is_half_written(connection)
        number = await newest(connection)
    assert number is not None
    for publication in range(1, number + 1):
        await _block_equals_rows(connection, publication)


def _publish_and_kill(dsn: str, seconds: float) -> None:
    command = [sys.executable, "-m", "tests.database.endless", dsn]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "begin\n"
        time.sleep(seconds)
        child.kill()


async def _nothing_is_half_written(connection: asyncpg.Connection) -> None:
    number = await newest(connection) or 0
    for table in ("area_version", "shape", "observation", "block", "fact"):
        beyond = await connection.fetchval(
            f"SELECT count(*) FROM {table}"
            f" WHERE from_publication > {number} OR until_publication > {number}"
        )
        assert (table, beyond) == (table, 0)


async def _block_equals_rows(connection: asyncpg.Connection, publication: int) -> None:
    block = await read_block(connection, SeriesKey("population", Level.WIJK, 2024), publication)
    assert block is not None
    rows = await connection.fetch(
        "SELECT a.ordinal, o.value FROM observation AS o"
        " JOIN series AS s ON s.id = o.series_id JOIN area AS a ON a.id = o.area_id"
        " WHERE s.indicator = 'population' AND o.from_publication <= $1"
        " AND (o.until_publication IS NULL OR o.until_publication > $1) ORDER BY 1",
        publication,
    )
    known = np.flatnonzero(block.loads[:, 0] != NO_LOAD)
    assert [row["ordinal"] for row in rows] == known.tolist()
    assert [row["value"] for row in rows] == block.values[known, 0].tolist()
