"""What a GraphQL answer says when fields fail or take too long, and to whom it may be shown."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.api.small import Small, cancelled, code

JSON, GRAPHQL = Small.JSON, Small.GRAPHQL
BOTH = pytest.mark.parametrize("accept", [JSON, GRAPHQL])


COST = {"rows": 1, "fields": 2, "mostRows": 3, "mostFields": 4}


@pytest.fixture
async def small() -> AsyncIterator[Small]:
    async with Small.open() as opened:
        yield opened


@BOTH
async def test_a_failed_field_leaves_the_others_and_status_200(small: Small, accept: str) -> None:
    answer = await small.query("{ hello wrongCode }", accept)

    assert answer.status_code == 200
    assert answer.json()["data"] == {"hello": "hello world", "wrongCode": None}
    assert answer.json()["errors"][0]["path"] == ["wrongCode"]
    assert answer.json()["extensions"] == {"publication": 7, "cost": COST}


async def test_an_error_for_callers_is_shown_with_its_code_and_more(small: Small) -> None:
    error = (await small.query("{ wrongCode }")).json()["errors"][0]

    assert error["message"].startswith("'XX12' is no area code")
    assert error["extensions"] == {"code": "MALFORMED_CODE", "nearest": ["WK034403"]}


async def test_a_fault_of_ours_is_masked_and_found_in_the_log_by_its_number(
    small: Small, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await small.query("{ broken }")
    error = answer.json()["errors"][0]

    assert error["message"] == "Internal error"
    assert error["extensions"]["code"] == "INTERNAL"
    assert b"secret" not in answer.content
    assert error["extensions"]["requestId"] in caplog.text
    assert "SELECT secret" in caplog.text


async def test_a_required_field_that_fails_makes_data_null(small: Small) -> None:
    answer = await small.query("{ brokenBeyondRepair }")

    assert (answer.status_code, answer.json()["data"]) == (200, None)
    assert code(answer) == "INTERNAL"


@BOTH
async def test_a_store_that_is_away_is_503_with_a_time_to_ask_again(
    small: Small, accept: str
) -> None:
    answer = await small.query("{ away }", accept)

    assert (answer.status_code, code(answer)) == (503, "UNAVAILABLE")
    assert answer.headers["retry-after"] == "1"


async def test_a_request_that_cannot_even_begin_is_masked() -> None:
    def no_context() -> object:
        raise RuntimeError("secret")

    async with Small.open(context=no_context) as small:
        answer = await small.query("{ hello }")

    assert (answer.status_code, code(answer)) == (500, "INTERNAL")
    assert b"secret" not in answer.content


# Time.


async def test_an_answer_that_takes_too_long_is_503_and_its_work_is_ended() -> None:
    cancelled.clear()
    async with Small.open(deadline_seconds=0.05) as small:
        answer = await small.query("{ slow }")
        await asyncio.sleep(0)

    assert (answer.status_code, code(answer)) == (503, "DEADLINE_EXCEEDED")
    assert answer.headers["retry-after"] == "5"
    assert cancelled == ["slow"]


async def test_the_work_ends_when_nobody_waits_for_it(small: Small) -> None:
    cancelled.clear()
    messages = [
        {"type": "http.request", "body": b'{"query": "{ slow }"}', "more_body": False},
        {"type": "http.disconnect"},
    ]
    sent: list[object] = []

    async def receive() -> Any:
        return messages.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/graphql",
        "query_string": b"",
        "headers": [(b"content-type", b"application/json")],
    }
    transport = small.http._transport
    assert isinstance(transport, httpx.ASGITransport)
    await transport.app(scope, receive, send)
    await asyncio.sleep(0)

    assert (cancelled, sent) == (["slow"], [])


async def test_the_same_question_many_times_at_once_is_answered_each_time(small: Small) -> None:
    answers = await asyncio.gather(*(small.query("{ hello later }") for _ in range(50)))

    assert {answer.text for answer in answers} == {
        '{"data":{"hello":"hello world","later":"done"},'
        '"extensions":{"publication":7,'
        '"cost":{"rows":1,"fields":2,"mostRows":3,"mostFields":4}}}'
    }


# Other sites and safety.


async def test_a_script_of_another_site_may_read_the_answer(small: Small) -> None:
    headers = {"origin": "https://kaart.example", "accept": JSON}
    answer = await small.http.post("/graphql", json={"query": "{ hello }"}, headers=headers)
    preflight = await small.http.options(
        "/graphql",
        headers={
            "origin": "https://kaart.example",
            "access-control-request-method": "POST",
            "access-control-request-headers": "content-type",
        },
    )

    assert answer.headers["access-control-allow-origin"] == "*"
    assert "Retry-After" in answer.headers["access-control-expose-headers"]
    assert preflight.status_code == 204
    assert "POST" in preflight.headers["access-control-allow-methods"]


@BOTH
async def test_every_answer_has_the_safety_headers_and_no_product(
    small: Small, accept: str
) -> None:
    for answer in (await small.query("{ hello }", accept), await small.query("{", accept)):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "server" not in answer.headers
        assert answer.headers["cache-control"] == "no-store"
