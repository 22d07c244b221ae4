"""GraphQL answered from a publication that the request names in its extensions."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import strawberry

from db.core.errors import UnknownPublication
from tests.api.small import Small, client, code


@strawberry.type
class Query:
    @strawberry.field
    def number(self, info: strawberry.Info) -> int:
        return int(info.context["publication"])


ASKED = "{ number }"


class Store:
    """Publications 1 to 3; the newest is served."""

    def __init__(self) -> None:
        self.opened: list[int] = []

    def context(self) -> dict[str, int]:
        return {"publication": 3}

    async def publication(self, number: int) -> dict[str, int]:
        self.opened.append(number)
        if number > 3:
            raise UnknownPublication(number)
        return {"publication": number}


@pytest.fixture
async def opened() -> AsyncIterator[tuple[Store, httpx.AsyncClient]]:
    store = Store()
    schema = strawberry.Schema(Query)
    async with client(schema=schema, context=store.context, named=store.publication) as http:
        yield store, http


Opened = tuple[Store, httpx.AsyncClient]


async def _asked(http: httpx.AsyncClient, publication: object, accept: str = Small.GRAPHQL) -> Any:
    body = {"query": ASKED, "extensions": {"publication": publication}}
    return await http.post("/graphql", json=body, headers={"accept": accept})


async def test_the_publication_that_is_named_answers_and_says_so(opened: Opened) -> None:
    _, http = opened
    for number in (1, 3, 2, 1):
        answer = (await _asked(http, number)).json()
        assert answer["data"] == {"number": number}
        assert answer["extensions"]["publication"] == number


async def test_a_get_names_it_too_and_has_a_tag_of_its_own(opened: Opened) -> None:
    _, http = opened
    tags = {}
    for number in (1, 2):
        query = {"query": ASKED, "extensions": json.dumps({"publication": number})}
        answer = await http.get("/graphql", params=query)
        tags[number] = answer.headers["etag"]
        again = await http.get(
            "/graphql", params=query, headers={"if-none-match": answer.headers["etag"]}
        )
        assert answer.json()["data"] == {"number": number}
        assert again.status_code == 304
    assert tags[1] != tags[2]


async def test_who_names_none_keeps_the_newest_whatever_others_name(opened: Opened) -> None:
    _, http = opened
    for extensions in ({}, {"publication": None}, {"other": 1}):
        for _ in range(3):
            body = {"query": ASKED, "extensions": extensions}
            assert (await http.post("/graphql", json=body)).json()["data"] == {"number": 3}
            assert (await _asked(http, 1)).json()["data"] == {"number": 1}


async def test_a_publication_that_is_not_there_is_refused_and_named(opened: Opened) -> None:
    _, http = opened
    answer = await _asked(http, 9)
    plain = await _asked(http, 9, Small.JSON)
    assert (answer.status_code, plain.status_code) == (400, 200)
    assert code(answer) == code(plain) == "UNKNOWN_PUBLICATION"
    assert "publicatie 9" in answer.json()["errors"][0]["extensions"]["messageNl"]


@pytest.mark.parametrize("wrong", ["1", 1.0, True, 0, -1, [1], {"number": 1}, 2_000_000_001])
async def test_what_is_no_number_of_a_publication_is_refused(opened: Opened, wrong: object) -> None:
    store, http = opened
    answer = await _asked(http, wrong)
    assert (answer.status_code, code(answer)) == (400, "BAD_USER_INPUT")
    assert store.opened == []


async def test_a_name_written_with_escapes_is_refused_rather_than_overlooked(
    opened: Opened,
) -> None:
    _, http = opened
    for body in (
        rb'{"query": "{ number }", "extensions": {"publ\u0069cation": 1}}',
        rb'{"query": "{ number }", "ext\u0065nsions": {"publication": 1}}',
    ):
        answer = await http.post(
            "/graphql", content=body, headers={"content-type": "application/json"}
        )
        assert answer.status_code == 400, answer.text


async def test_a_document_with_those_words_in_it_names_nothing(opened: Opened) -> None:
    store, http = opened
    query = "# extensions publication\n{ number }"
    assert (await http.post("/graphql", json={"query": query})).json()["data"] == {"number": 3}
    assert store.opened == []
