"""Trusted documents: asked for by id, checked at the start, added by nobody else."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from db.core.errors import SettingsWrong
from service.settings import Settings
from service.trusted import id_of
from tests.api.small import EXAMPLE, Small, app, code, settings

HELLO = "query ($name: String!) { hello(name: $name) }"
MUTATION = "mutation { change }"


def _manifest(folder: Path, content: object) -> Settings:
    file = folder / "documents.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    return settings(LEEFBAARHEID_DOCUMENTS=str(file))


def test_an_id_is_the_one_of_the_draft() -> None:
    text = "query($id:ID!){user(id:$id){name}}"

    assert id_of(text) == "sha256:71f7dc5758652baac68e4a10c50be732b741c892ade2883a99358f52b555286b"


async def test_a_document_is_asked_for_by_its_id_in_both_ways(tmp_path: Path) -> None:
    given = _manifest(tmp_path, {id_of(HELLO): HELLO})
    async with Small.open(settings=given) as small:
        variables = {"name": "Súdwest-Fryslân"}
        post = await small.post({"documentId": id_of(HELLO), "variables": variables})
        parameters = {"documentId": id_of(HELLO), "variables": json.dumps(variables)}
        get = await small.http.get("/graphql", params=parameters)
        tag = {"if-none-match": get.headers["etag"]}
        again = await small.http.get("/graphql", params=parameters, headers=tag)

    assert post.json()["data"] == get.json()["data"] == {"hello": "hello Súdwest-Fryslân"}
    assert again.status_code == 304


async def test_our_own_example_is_trusted() -> None:
    async with Small.open() as small:
        answer = await small.http.get("/graphql", params={"documentId": id_of(EXAMPLE)})

    assert answer.json()["data"] == {"hello": "hello <Utrecht> & omstreken"}


@pytest.mark.parametrize("accept", [Small.JSON, Small.GRAPHQL])
@pytest.mark.parametrize("name", [id_of("{ hello }"), "sha256:", "x", "sha256:" + "A" * 5000])
async def test_an_unknown_document_is_404_with_one_error(accept: str, name: str) -> None:
    async with Small.open() as small:
        post = await small.post({"documentId": name}, accept)
        get = await small.http.get(
            "/graphql", params={"documentId": name}, headers={"accept": accept}
        )

    for answer in (post, get):
        assert (answer.status_code, code(answer)) == (404, "DOCUMENT_NOT_FOUND")
        assert len(answer.json()["errors"]) == 1
        assert "data" not in answer.json()
        assert answer.headers["content-type"] == f"{accept}; charset=utf-8"
        assert answer.headers["cache-control"] == "no-store"
        assert len(answer.content) < 300


async def test_asking_with_its_text_trusts_no_document() -> None:
    async with Small.open() as small:
        await small.query(HELLO, variables={"name": "x"})
        answer = await small.post({"documentId": id_of(HELLO), "variables": {"name": "x"}})

    assert answer.status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"documentId": 5},
        {"documentId": {}},
        {"documentId": id_of(EXAMPLE), "query": EXAMPLE},
        {"documentId": None},
        {"documentId": None, "query": None},
    ],
)
async def test_a_body_that_names_no_one_document_is_400(body: Mapping[str, Any]) -> None:
    async with Small.open() as small:
        answer = await small.post(body)

    assert (answer.status_code, code(answer)) == (400, "BAD_REQUEST")


async def test_a_document_id_of_null_is_as_if_left_out() -> None:
    async with Small.open() as small:
        answer = await small.post({"documentId": None, "query": "{ hello }"})

    assert answer.status_code == 200


async def test_errors_in_variables_are_told_as_for_any_document(tmp_path: Path) -> None:
    async with Small.open(settings=_manifest(tmp_path, {id_of(HELLO): HELLO})) as small:
        answer = await small.post({"documentId": id_of(HELLO)})

    assert (answer.status_code, code(answer)) == (400, "BAD_USER_INPUT")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"sha256:0": "{ hello }"}, "the id 'sha256:0' is not that of its text"),
        ({id_of("{ no }"): "{ no }"}, f"{id_of('{ no }')}: Cannot query field 'no'"),
        ({id_of("{"): "{"}, f"{id_of('{')}: Syntax Error"),
        ({id_of(MUTATION): MUTATION}, f"{id_of(MUTATION)}: "),
        ("nonsense", "not valid JSON"),
        (["{ hello }"], "one JSON object"),
        ({"a": 5}, "one JSON object"),
    ],
)
def test_a_wrong_manifest_refuses_to_start_and_names_the_entry(
    tmp_path: Path, content: object, said: str
) -> None:
    with pytest.raises(SettingsWrong) as raised:
        app(settings=_manifest(tmp_path, content))

    assert "LEEFBAARHEID_DOCUMENTS" in str(raised.value)
    assert said in str(raised.value)


def test_all_wrong_entries_are_told_at_once(tmp_path: Path) -> None:
    given = _manifest(tmp_path, {"a": "{ hello }", "b": "{ hello }", id_of("{ no }"): "{ no }"})
    with pytest.raises(SettingsWrong) as raised:
        app(settings=given)

    assert len(raised.value.problems) == 3


def test_a_manifest_that_is_not_there_refuses_to_start() -> None:
    with pytest.raises(SettingsWrong, match="cannot be read: No such file"):
        app(settings=settings(LEEFBAARHEID_DOCUMENTS="/nowhere/documents.json"))
