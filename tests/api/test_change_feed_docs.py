"""The example of docs/change_feed.md does what it says."""

import asyncio
import re
from pathlib import Path
from typing import Any

import httpx

from db.pool import connect
from tests.api.storing import stored_client
from tests.database.country import dataset, parsed, publish

_PAGE = Path(__file__).parents[2] / "docs" / "change_feed.md"
_KEY = ("waarneming", "population", "wijk", 2024, "WK900100", 2024)


def _example() -> dict[str, Any]:
    (code,) = re.findall(r"```python\n(.*?)```", _PAGE.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)
    return names


async def _publish(database: str, value: float) -> None:
    connection = await connect(database)
    await publish(connection, (dataset(), parsed({"population": {"WK900100": value}})))
    await connection.close()


async def test_the_example_keeps_a_table_up_to_date(database: str) -> None:
    follow = _example()["follow"]
    await _publish(database, 1.0)
    table: dict[object, Any] = {}
    anew: dict[object, Any] = {}
    async with stored_client(database) as served:
        client = Blocking(served.client, asyncio.get_running_loop())
        since = await asyncio.to_thread(follow, client, table, "0")
        assert table[_KEY]["waarde"] == 1.0
        await _publish(database, 2.0)
        await served.refresh()
        await asyncio.to_thread(follow, client, table, since)
        await asyncio.to_thread(follow, client, anew, "0")
    assert table == anew
    assert table[_KEY]["waarde"] == 2.0


class Blocking:
    """A client as the example has it, which waits."""

    def __init__(self, client: httpx.AsyncClient, loop: asyncio.AbstractEventLoop) -> None:
        self._client = client
        self._loop = loop

    def get(self, address: str, params: dict[str, Any]) -> httpx.Response:
        asked = self._client.get(address, params=params)
        return asyncio.run_coroutine_threadsafe(asked, self._loop).result(30)
