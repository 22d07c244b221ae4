"""The example of docs/change_feed.md does what it says."""

import asyncio
import json
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


async def test_the_table_and_what_the_page_says_of_the_rest_are_all_rows_of_the_files(
    database: str,
) -> None:
    connection = await connect(database)
    for vintage in (2023, 2024):
        read = parsed({"population": {"WK900100": 1.0, "WK900101": 2.0}}, year=vintage)
        await publish(connection, (dataset(f"toy-{vintage}", vintage=vintage), read))
    # A map that comes later knows of more areas, one of them water.
    more = parsed({}, names={"WK900102": "Later", "WK900199": "Water"})
    await publish(connection, (dataset("map-2024"), more))
    await connection.close()
    table: dict[tuple[Any, ...], Any] = {}
    async with stored_client(database) as served:
        client = Blocking(served.client, asyncio.get_running_loop())
        await asyncio.to_thread(_example()["follow"], client, table, "0")
        for vintage, areas in ((2023, 2), (2024, 4)):
            query = f"indicator=population&niveau=wijk&indeling={vintage}&f=ndjson"
            answer = await served.client.get(f"/v1/waarnemingen?{query}")
            rows = [json.loads(line) for line in answer.text.splitlines()]
            assert len(rows) == areas * 2
            for row in rows:
                assert (row["waarde"], row["reden"]) == _as_the_page_says(table, row), row


def _as_the_page_says(table: dict[tuple[Any, ...], Any], row: dict[str, Any]) -> tuple[Any, str]:
    of, where = (row["indicator"], row["niveau"], row["indeling"]), (row["code"], row["jaar"])
    told = table.get(("waarneming", *of, *where))
    if told is not None:
        return told["waarde"], told["reden"]
    if not any(key[:4] == ("waarneming", *of) and key[5] == row["jaar"] for key in table):
        return None, "OTHER_BOUNDARIES"
    area = table["gebied", row["niveau"], row["indeling"], row["code"]]
    return None, "NOT_LOADED" if area["terrein"] == "land" else "WATER_OR_ABROAD"


class Blocking:
    """A client as the example has it, which waits."""

    def __init__(self, client: httpx.AsyncClient, loop: asyncio.AbstractEventLoop) -> None:
        self._client = client
        self._loop = loop

    def get(self, address: str, params: dict[str, Any]) -> httpx.Response:
        asked = self._client.get(address, params=params)
        return asyncio.run_coroutine_threadsafe(asked, self._loop).result(30)
