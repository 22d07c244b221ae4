"""GraphQL over HTTP: every combination of method, media type and kind of fault."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import strawberry

from tests.api.small import Mutation, Query, Small, client, code

JSON, GRAPHQL = Small.JSON, Small.GRAPHQL
BOTH = pytest.mark.parametrize("accept", [JSON, GRAPHQL])


@pytest.fixture
async def small() -> AsyncIterator[Small]:
    async with Small.open() as opened:
        yield opened


# What is accepted, and as what it is answered.


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (f"{JSON}; charset=utf-8", JSON),
        (GRAPHQL, GRAPHQL),
        (f"{GRAPHQL}, {JSON};q=0.9", GRAPHQL),
        (f"{GRAPHQL}; charset=utf-8, {JSON}; charset=utf-8", GRAPHQL),
        (f"{GRAPHQL};q=0.5, {JSON}", JSON),
        (f"{JSON}, multipart/mixed", JSON),
        ("text/html, */*;q=0.1", JSON),
    ],
)
async def test_the_answer_has_the_best_type_accepted(
    small: Small, accept: str | None, content_type: str
) -> None:
    headers = {} if accept is None else {"accept": accept}
    answer = await small.http.post("/graphql", json={"query": "{ hello }"}, headers=headers)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == f"{content_type}; charset=utf-8"
    assert answer.headers["vary"] == "Accept"
    assert answer.json()["data"] == {"hello": "hello world"}
    assert answer.json()["extensions"]["publication"] == 7


@pytest.mark.parametrize(
    "accept",
    ["text/html", "image/png", f"{JSON};q=0, {GRAPHQL};q=0", f"{JSON}; charset=latin1", "text/*"],
)
async def test_a_client_that_accepts_nothing_we_have_gets_406(small: Small, accept: str) -> None:
    answer = await small.query("{ hello }", accept)

    assert (answer.status_code, code(answer)) == (406, "NOT_ACCEPTABLE")


@pytest.mark.parametrize(
    "content_type", [JSON, f"{JSON}; charset=utf-8", f'{JSON};charset="UTF-8"', "APPLICATION/JSON"]
)
async def test_json_in_utf_8_is_taken(small: Small, content_type: str) -> None:
    answer = await small.http.post(
        "/graphql",
        content='{"query": "{ hello(name: \\"Súdwest-Fryslân\\") }"}'.encode(),
        headers={"content-type": content_type},
    )

    assert answer.json()["data"] == {"hello": "hello Súdwest-Fryslân"}


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        "application/json; charset=latin1",
        "application/json-patch+json",
    ],
)
async def test_a_type_that_another_site_could_send_is_refused(
    small: Small, content_type: str | None
) -> None:
    headers = {} if content_type is None else {"content-type": content_type}
    answer = await small.http.post("/graphql", content=b'{"query":"{hello}"}', headers=headers)

    assert (answer.status_code, code(answer)) == (415, "UNSUPPORTED_MEDIA_TYPE")
    assert "data" not in answer.json()


async def test_a_compressed_body_is_refused(small: Small) -> None:
    headers = {"content-type": JSON, "content-encoding": "gzip"}
    answer = await small.http.post("/graphql", content=b"\x1f\x8b", headers=headers)

    assert answer.status_code == 415


# Methods.


async def test_a_query_can_be_asked_by_get(small: Small) -> None:
    parameters = {
        "query": "query A($n: String!) { hello(name: $n) } query B { later }",
        "operationName": "A",
        "variables": '{"n": "Zwolle"}',
        "extensions": '{"trace": true}',
    }
    answer = await small.http.get("/graphql", params=parameters, headers={"accept": GRAPHQL})

    assert (answer.status_code, answer.json()["data"]) == (200, {"hello": "hello Zwolle"})


async def test_head_is_answered_like_get_without_a_page(small: Small) -> None:
    answer = await small.http.head("/graphql", params={"query": "{ hello }"})

    assert answer.status_code == 200


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
async def test_other_methods_are_told_which_are_allowed(small: Small, method: str) -> None:
    answer = await small.http.request(method, "/graphql", json={"query": "{ hello }"})

    assert (answer.status_code, code(answer)) == (405, "METHOD_NOT_ALLOWED")
    assert answer.headers["allow"] == "GET, HEAD, POST, OPTIONS"


async def test_options_names_the_methods(small: Small) -> None:
    answer = await small.http.options("/graphql")

    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["allow"] == "GET, HEAD, POST, OPTIONS"


@BOTH
async def test_a_mutation_by_get_is_405(accept: str) -> None:
    async with client(schema=strawberry.Schema(Query, Mutation)) as http:
        parameters = {"query": "mutation { change }"}
        answer = await http.get("/graphql", params=parameters, headers={"accept": accept})

    assert (answer.status_code, code(answer)) == (405, "METHOD_NOT_ALLOWED")
    assert answer.headers["allow"] == "POST, OPTIONS"


async def test_an_address_with_a_slash_is_no_address_and_no_redirect(small: Small) -> None:
    answer = await small.http.post("/graphql/", json={"query": "{ hello }"})

    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


@pytest.mark.parametrize(
    "query_string",
    [
        "",
        "variables={}",
        "query=%7Bhello%7D&query=%7Blater%7D",
        "query=%FF%FE",
        "query=%7Bhello%7D&variables=nonsense",
        "query=%7Bhello%7D&variables=[1]",
        "query=%7Bhello%7D&variables=%22text%22",
        "query=%7Bhello%7D&extensions=7",
        "query=%7Bhello%7D&" + "&".join(f"a{n}=1" for n in range(40)),
    ],
)
async def test_a_get_that_is_no_request_is_400(small: Small, query_string: str) -> None:
    answer = await small.http.get(f"/graphql?{query_string}", headers={"accept": JSON})

    assert (answer.status_code, code(answer)) == (400, "BAD_REQUEST")


async def test_empty_parameters_of_a_get_are_as_if_left_out(small: Small) -> None:
    answer = await small.http.get("/graphql?query={hello}&operationName=&variables=&extensions=")

    assert answer.json()["data"] == {"hello": "hello world"}


async def test_a_query_string_that_is_too_long_is_414(small: Small) -> None:
    answer = await small.http.get("/graphql?query=" + "a" * 40_000)

    assert answer.status_code == 414


# Bodies that are no request: 400 whatever is accepted.

NO_REQUESTS = [
    b"",
    b"nonsense",
    b"{",
    b"5",
    b'"{ hello }"',
    b"null",
    b"[]",
    b'[{"query": "{ hello }"}]',
    b"{}",
    b'{"query": null}',
    b'{"query": 5}',
    b'{"query": {}}',
    b'{"query": ["{ hello }"]}',
    b'{"query": "{ hello }", "operationName": 5}',
    b'{"query": "{ hello }", "operationName": {}}',
    b'{"query": "{ hello }", "variables": "{}"}',
    b'{"query": "{ hello }", "variables": []}',
    b'{"query": "{ hello }", "variables": 0}',
    b'{"query": "{ hello }", "extensions": "x"}',
    b'{"query": "{ hello }", "variables": {"a": NaN}}',
    b'{"query": "{ hello }", "variables": {"a": Infinity}}',
    b'{"query": "{ hello }", "variables": {"a": 1e999}}',
    b'{"query": "{ hello }", "variables": {"a": ' + b"9" * 5000 + b"}}",
    b'{"query": "{ hello }", "variables": {"a": "\\u0000"}}',
    b'{"query": "{ hello }", "variables": {"a\\u0000": 1}}',
    b'{"query": "{ hello }", "variables": {"a": "\\ud800"}}',
    b'{"query": "\xff\xfe{ hello }"}',
    b'\xef\xbb\xbf{"query": "{ hello }"}',
    b'{"query": "{ hello }", "variables": {"a": ' + b"[" * 200 + b"]" * 200 + b"}}",
    b'{"query": "{ hello }", "variables": {"a": ' + b"[" * 90_000 + b"]" * 90_000 + b"}}",
    b'{"query": "{ hello }", "variables": {"a": ' + b'{"a":' * 100 + b"1" + b"}" * 100 + b"}}",
]


@BOTH
@pytest.mark.parametrize("body", NO_REQUESTS, ids=range(len(NO_REQUESTS)))
async def test_a_body_that_is_no_request_is_400(small: Small, body: bytes, accept: str) -> None:
    headers = {"content-type": JSON, "accept": accept}
    answer = await small.http.post("/graphql", content=body, headers=headers)

    assert (answer.status_code, code(answer)) == (400, "BAD_REQUEST")
    assert answer.headers["content-type"] == f"{accept}; charset=utf-8"
    assert "data" not in answer.json()


@BOTH
@pytest.mark.parametrize(
    "extra",
    [
        {},
        {"variables": None, "operationName": None, "extensions": None},
        {"variables": {}, "extensions": {"a": {"b": 1}}},
        {"somethingElse": 5},
    ],
)
async def test_members_that_are_null_or_unknown_do_no_harm(
    small: Small, extra: dict[str, Any], accept: str
) -> None:
    answer = await small.post({"query": "{ hello }", **extra}, accept)

    assert (answer.status_code, answer.json()["data"]) == (200, {"hello": "hello world"})


async def test_a_body_over_640_kb_is_413_before_it_is_read(small: Small) -> None:
    headers = {"content-type": JSON, "content-length": str(10**9)}
    answer = await small.http.post("/graphql", content=b"{}", headers=headers)

    assert (answer.status_code, code(answer)) == (413, "PAYLOAD_TOO_LARGE")


async def test_a_body_that_grows_over_640_kb_is_413_while_it_is_read(small: Small) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(1000):
            sent += 64 * 1024
            yield b" " * 64 * 1024

    answer = await small.http.post("/graphql", content=endless(), headers={"content-type": JSON})

    assert (answer.status_code, code(answer)) == (413, "PAYLOAD_TOO_LARGE")
    assert sent <= 768 * 1024


# Requests that are refused for what they ask: 400, or 200 under the older type. Never data.

REFUSED = [
    ({"query": "{"}, "GRAPHQL_PARSE_FAILED"),
    ({"query": ""}, "GRAPHQL_PARSE_FAILED"),
    ({"query": "{ hello(name: \x00) }"}, "GRAPHQL_PARSE_FAILED"),
    ({"query": '{ hello(name: "\\uD800") }'}, "GRAPHQL_PARSE_FAILED"),
    ({"query": "{ nothing }"}, "GRAPHQL_VALIDATION_FAILED"),
    ({"query": "{ hello(name: 5) }"}, "GRAPHQL_VALIDATION_FAILED"),
    ({"query": "{ count(value: 3000000000) }"}, "GRAPHQL_VALIDATION_FAILED"),
    ({"query": "mutation { change }"}, "GRAPHQL_VALIDATION_FAILED"),
    ({"query": "subscription { change }"}, "BAD_USER_INPUT"),
    ({"query": "fragment F on Query { hello }"}, "BAD_USER_INPUT"),
    ({"query": "query A { hello } query B { later }"}, "BAD_USER_INPUT"),
    ({"query": "query A { hello }", "operationName": "B"}, "BAD_USER_INPUT"),
    ({"query": "{ hello }", "operationName": "A"}, "BAD_USER_INPUT"),
    ({"query": "query ($n: String!) { hello(name: $n) }"}, "BAD_USER_INPUT"),
    (
        {"query": "query ($n: String!) { hello(name: $n) }", "variables": {"n": 5}},
        "BAD_USER_INPUT",
    ),
    (
        {"query": "query ($n: Int!) { count(value: $n) }", "variables": {"n": 10**30}},
        "BAD_USER_INPUT",
    ),
    ({"query": "{ double(value: 1e999) }"}, "BAD_USER_INPUT"),
    ({"query": "{ double(value: -1e999) }"}, "BAD_USER_INPUT"),
    ({"query": '{ hello(name: "a\\u0000b") }'}, "BAD_USER_INPUT"),
    ({"query": "{ count(value: %s) }" % ("9" * 5000)}, "BAD_USER_INPUT"),
]


@pytest.mark.parametrize(("request_body", "expected"), REFUSED, ids=range(len(REFUSED)))
async def test_a_refused_request_has_errors_and_no_data(
    small: Small, request_body: dict[str, Any], expected: str
) -> None:
    newer, older = [await small.post(request_body, accept) for accept in (GRAPHQL, JSON)]

    assert newer.status_code == 400
    assert older.status_code == (400 if request_body["query"].startswith("subs") else 200)
    for answer in (newer, older):
        assert set(answer.json()) == {"errors"}
        assert code(answer) == expected


async def test_several_operations_are_run_by_name(small: Small) -> None:
    document = "query A { hello } query B { later }"
    answer = await small.query(document, operationName="B")

    assert answer.json()["data"] == {"later": "done"}


async def test_a_parse_error_says_where(small: Small) -> None:
    answer = await small.query("{\n  hello(")

    assert answer.json()["errors"][0]["locations"] == [{"line": 2, "column": 9}]
