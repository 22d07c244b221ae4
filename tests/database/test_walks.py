"""Every list walked along its links while publications come one after another, on a real store."""

import asyncio
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from service.rest.common import CURSOR
from service.rest.contract import RESOURCES
from service.rest.operation import Operation
from tests.api.demonstration import served
from tests.database.growing import publish_turn

_ROUNDS = 8
_CONNECTIONS = {
    "wijken": "code",
    "gemeenten": "code",
    "buurten": "code",
    "publications": "number",
}
"""Of GraphQL, with what tells their nodes apart."""


@dataclass(frozen=True)
class Walked:
    """All pages of one walk."""

    publications: set[int]
    found: list[Any]


def _path(operation: Operation) -> str:
    return f"/v1{operation.path}".replace("{collectionId}", "wijken-2024")


PAGED = [
    _path(each) for each in RESOURCES if CURSOR in each.parameters and "{nummer}" not in each.path
]
"""But for what is of one publication by its very address (tests/api/test_checksums.py)."""


def _items(page: dict[str, Any]) -> list[Any]:
    found: list[Any] = page["features"] if "features" in page else page["resultaten"]
    return found


async def _get(client: httpx.AsyncClient, address: str) -> dict[str, Any]:
    answer = await client.get(address)
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page


def _next(page: dict[str, Any]) -> str | None:
    links = {each["rel"]: each["href"] for each in page["links"]}
    return re.sub("^https?://[^/]+", "", links["next"]) if "next" in links else None


async def _by_links(client: httpx.AsyncClient, path: str) -> Walked:
    publications, found = set(), []
    following: str | None = f"{path}?limit=3"
    while following is not None:
        page = await _get(client, following)
        publications.add(page["publicatie"])
        found += _items(page)
        following = _next(page)
        await asyncio.sleep(0)
    return Walked(publications, found)


async def _asked(client: httpx.AsyncClient, field: str, first: int, **more: Any) -> Any:
    after = more.get("after")
    arguments = f"first: {first}" + (f", after: {json.dumps(after)}" if after else "")
    query = (
        f"{{ list: {field}({arguments}) {{ totalCount nodes {{ {_CONNECTIONS[field]} }} "
        "pageInfo { hasNextPage endCursor } } }"
    )
    pinned = {"publication": more["publication"]} if more.get("publication") else {}
    answer = await client.post("/graphql", json={"query": query, "extensions": pinned})
    body = answer.json()
    assert "errors" not in body, body
    return body


async def _by_cursors(client: httpx.AsyncClient, field: str) -> Walked:
    publications, found = set(), []
    after, number, more = None, None, True
    while more:
        body = await _asked(client, field, 3, after=after, publication=number)
        page = body["data"]["list"]
        number = body["extensions"]["publication"]
        publications.add(number)
        found += page["nodes"]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
        await asyncio.sleep(0)
    return Walked(publications, found)


async def _whole(client: httpx.AsyncClient, name: str, number: int) -> tuple[int, list[Any]]:
    """How many there are by its own account, and all of a list in one page."""
    if name in _CONNECTIONS:
        page = (await _asked(client, name, 5000, publication=number))["data"]["list"]
        return page["totalCount"], page["nodes"]
    page = await _get(client, f"{name}?limit=5000&publicatie={number}")
    return page["aantal"] if "aantal" in page else page["numberMatched"], _items(page)


async def _changes(client: httpx.AsyncClient, until: int) -> list[Any]:
    """The change feed from its begin, by its links, until a publication has been told whole."""
    found: list[Any] = []
    following, told = "/v1/wijzigingen?sinds=0&limit=7", 0
    while told < until:
        page = await _get(client, following)
        found += page["resultaten"]
        told = told if page["meer"] else page["publicatie"]
        following = _next(page) or ""
        await asyncio.sleep(0)
    return found


async def test_every_walk_is_of_one_publication_and_neither_loses_nor_repeats_anything(
    database: str, connection: asyncpg.Connection, tmp_path: Path
) -> None:
    assert len(PAGED) >= 10
    await publish_turn(connection, 0)
    async with served(database, tmp_path, "{ __typename }") as client:

        async def publishing() -> None:
            for turn in range(1, _ROUNDS):
                await publish_turn(connection, turn)

        task = asyncio.create_task(publishing())
        feed = asyncio.create_task(_changes(client, _ROUNDS))
        walks: list[tuple[str, Walked]] = []
        while not task.done():
            walks += [(path, await _by_links(client, path)) for path in PAGED]
            walks += [(field, await _by_cursors(client, field)) for field in _CONNECTIONS]
        await task
        for name, walked in walks:
            (number,) = walked.publications
            count, whole = await _whole(client, name, number)
            assert walked.found == whole, name
            texts = [json.dumps(each) for each in whole]
            assert len(set(texts)) == len(texts) == count, name
        longest = {name: len(walked.found) for name, walked in walks}
        assert min(longest.values()) > 3, longest
        assert len({number for _, walked in walks for number in walked.publications}) > 2
        told = (await _get(client, "/v1/wijzigingen?sinds=0&limit=5000"))["resultaten"]
        assert await feed == told
        assert {each["publicatie"] for each in told} == set(range(1, _ROUNDS + 1))
