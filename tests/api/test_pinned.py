"""A request that names a publication has the same answer for ever, byte by byte.

Every operation of the contract in every format, and GraphQL, are asked of publication 1 while it is
the newest, after two more were published, and of a service that was started only then.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from db.pool import connect
from service.rest.contract import RESOURCES
from service.rest.door import parameters_of
from service.rest.operation import Operation
from tests.api.demonstration import served
from tests.api.published_thrice import MOST, publish
from tests.databases import copied

_DOCUMENTS = Path(__file__).resolve().parent / "stories"
_GIVEN = {"referentie": "kwakelhaven-havenkant", "indicator": "households", "niveau": "wijk"}
"""What Voorbeeldland has, where the example in the description is of the real country."""
_QUERIES = {
    "names": "{ wijken(first: 50) { totalCount nodes { code name } } programmes { name } }",
    "figures": """{ wijken(first: 50) { nodes { code
        observations(indicators: ["population", "lbm_housing"]) {
          ... on Observation { year value status percentile { value } } } } } }""",
    "publications": "{ publication { number publishedAt } publications { nodes { number } } }",
    "as_bad": (_DOCUMENTS / "as_bad_outside_the_programme.graphql").read_text(encoding="utf-8"),
}
Answers = dict[str, tuple[int, str, bytes]]


@pytest.fixture(scope="module")
async def thrice(
    postgres: str, demonstration: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[Answers, Answers, Answers, Answers]]:
    """What was answered of publication 1: first, later, by a new service; and of the newest."""
    folder = tmp_path_factory.mktemp("thrice")
    async with copied(postgres, "thrice", demonstration) as dsn:
        connection = await connect(dsn)
        async with served(dsn, folder, "{ __typename }") as client:
            first = await _answers(client, 1)
            for number in range(2, MOST + 1):
                await publish(connection, number)
                await _followed(client, number)
            later = await _answers(client, 1)
        await connection.close()
        async with served(dsn, folder, "{ __typename }") as client:
            new = await _answers(client, 1)
            newest = await _answers(client, MOST)
        yield first, later, new, newest


async def _followed(client: httpx.AsyncClient, number: int) -> None:
    """Wait until the service serves a publication."""
    for _ in range(600):
        if (await client.get("/v1/wijken?limit=1")).json()["publicatie"] == number:
            return
        await asyncio.sleep(0.05)
    pytest.fail(f"publication {number} is not served")


async def _answers(client: httpx.AsyncClient, number: int) -> Answers:
    found: Answers = {}
    for operation in RESOURCES:
        address = await _address(client, operation, number)
        for format_ in operation.formats:
            name = f"{operation.id} {format_.name}"
            query = f"{address}{'&' if '?' in address else '?'}f={format_.name}"
            answer = await client.get(query)
            found[name] = (answer.status_code, answer.headers["cache-control"], answer.content)
    for name, query in _QUERIES.items():
        asked = {"query": query, "extensions": {"publication": number}}
        answer = await client.post("/graphql", json=asked)
        found[f"graphql {name}"] = (answer.status_code, "", answer.content)
    return found


async def _address(client: httpx.AsyncClient, operation: Operation, number: int) -> str:
    """An address of an operation that answers, and names the publication."""
    path = f"/v1{operation.path}"
    if operation.pinned_by is not None:
        path = path.replace(f"{{{operation.pinned_by}}}", str(number))
    path = path.replace("{collectionId}", "wijken-2024").replace("{id}", "WK900200")
    if "{" in path:
        collection, _, rest = path.partition("/{")
        page = (await client.get(f"{collection}?publicatie={number}")).json()
        path = f"{collection}/{_key(page)}{rest.partition('}')[2]}"
    query = {
        each.name: _GIVEN.get(each.name) or _example(each.described)
        for each in operation.parameters
        if each.required and each.where == "query"
    }
    if operation.can_be_pinned:
        query["publicatie"] = str(number)
    return str(httpx.URL(path, params=query))


def _key(page: dict[str, Any]) -> str:
    first = page["resultaten"][0]
    return str(first.get("code") or first.get("slug") or first["nummer"])


def _example(described: dict[str, Any]) -> str:
    example = described.get("example") or described["schema"]["enum"][0]
    return ",".join(example) if isinstance(example, list) else str(example)


def test_every_operation_can_be_pinned() -> None:
    for operation in RESOURCES:
        names = {each.name for each in parameters_of(operation)}
        assert "publicatie" in names or operation.pinned_by in names, operation.id


def test_a_pinned_answer_is_the_same_two_publications_later(
    thrice: tuple[Answers, Answers, Answers, Answers],
) -> None:
    first, later, new, _ = thrice
    assert {name for name, (status, *_) in first.items() if status != 200} == set()
    assert [name for name, (*_, body) in first.items() if body.startswith(b'{"errors"')] == []
    assert {name for name in first if later[name] != first[name]} == set()
    assert {name for name in first if new[name] != first[name]} == set()


def test_what_is_pinned_may_be_kept_for_ever(
    thrice: tuple[Answers, Answers, Answers, Answers],
) -> None:
    for name, (_, lifetime, _) in thrice[0].items():
        assert name.startswith("graphql") or lifetime.endswith("immutable"), name


def test_the_later_publications_differ_so_that_a_leak_would_show(
    thrice: tuple[Answers, Answers, Answers, Answers],
) -> None:
    first, *_, newest = thrice
    same = {name for name in first if newest[name] == first[name]}
    assert not {name for name in same if name.startswith("graphql")}
    assert len(same) < len(first) / 4, same
