"""Lists walked along their links while publications come one after another, on a real store."""

import asyncio
import re
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from tests.api.demonstration import served
from tests.database.country import dataset, parsed, publish

_ROUNDS = 12


async def _publish(connection: asyncpg.Connection, turn: int) -> None:
    """A country whose wijken change with every publication: some come, some go by another name."""
    codes = [f"WK9001{n:02d}" for n in range(30 + 3 * turn)]
    cells = {"population": {code: float(100 + turn) for code in codes}}
    names = {code: f"Wijk {code} in {turn}" for code in codes}
    await publish(connection, (dataset(), parsed(cells, names=names)))


async def _walk(client: httpx.AsyncClient, address: str) -> tuple[set[int], list[Any]]:
    """The publications that the pages of a walk are of, and all that stands on them."""
    publications, found = set(), []
    following: str | None = address
    while following is not None:
        answer = await client.get(following)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        publications.add(page["publicatie"])
        found += page["resultaten"]
        links = {each["rel"]: each["href"] for each in page["links"]}
        following = links.get("next")
        following = following and re.sub("^https?://[^/]+", "", following)
        await asyncio.sleep(0.003)
    return publications, found


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("/v1/wijken?limit=4", "code"),
        ("/v1/indicatoren?limit=1", "slug"),
        ("/v1/bronnen?limit=1", "slug"),
        ("/v1/publicaties?limit=1", "nummer"),
    ],
)
async def test_a_walk_is_of_one_publication_and_neither_loses_nor_repeats_anything(
    database: str, connection: asyncpg.Connection, tmp_path: Path, address: str, key: str
) -> None:
    await _publish(connection, 0)
    async with served(database, tmp_path, "{ __typename }") as client:

        async def publishing() -> None:
            for turn in range(1, _ROUNDS):
                await _publish(connection, turn)

        task = asyncio.create_task(publishing())
        walks = []
        while not task.done():
            walks.append(await _walk(client, address))
        await task
        plain = address.partition("?")[0]
        for publications, found in walks:
            (number,) = publications
            whole = (await client.get(f"{plain}?limit=5000&publicatie={number}")).json()
            assert found == whole["resultaten"]
            assert len({each[key] for each in found}) == len(found) == whole["aantal"]
    assert len({number for numbers, _ in walks for number in numbers}) > 1
