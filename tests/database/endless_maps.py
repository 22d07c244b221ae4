"""A process that publishes one map after another until it is killed: `python -m … DSN`."""

import asyncio
import itertools
import sys

import asyncpg
import numpy as np
import shapely

from db.core.figures import Parsed
from db.ingest.run import Result
from db.pool import connect
from tests.database.country import dataset, parsed, publish

CODES = ("WK900100", "WK900101", "WK900199")


def moved(turn: int) -> Parsed:
    """Three wijken of a kilometre, `turn` times 100 m further east."""
    made = parsed({}, names=dict.fromkeys(CODES, "Wijk"), shapes=True)
    shapes = made.areas[0].shapes
    assert shapes is not None
    made.areas[0].shapes = shapely.transform(shapes, lambda xy: xy + np.array([100.0 * turn, 0]))
    return made


async def publish_map(connection: asyncpg.Connection, turn: int) -> Result:
    return await publish(connection, (dataset(), moved(turn)))


async def publish_for_ever(dsn: str) -> None:
    connection = await connect(dsn)
    print("begin", flush=True)
    for turn in itertools.count():
        await publish_map(connection, turn)


if __name__ == "__main__":
    asyncio.run(publish_for_ever(sys.argv[1]))
