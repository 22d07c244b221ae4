"""A process that publishes one revision after another until it is killed: `python -m … DSN`."""

import asyncio
import itertools
import sys

from db.pool import connect
from tests.database.country import dataset, parsed, publish

CODES = [f"WK9{n:03d}0{m}" for n in range(100) for m in range(10)]


async def publish_for_ever(dsn: str) -> None:
    connection = await connect(dsn)
    print("begin", flush=True)
    for turn in itertools.count():
        values = {code: float(turn + place % 7) for place, code in enumerate(CODES)}
        cells = {"population": values, "households": values}
        await publish(connection, (dataset(), parsed(cells, shapes=turn == 0)))


if __name__ == "__main__":
    asyncio.run(publish_for_ever(sys.argv[1]))
