"""The response cache seen from outside: the same bytes, fewer runs, never another publication's."""

import asyncio
from typing import Any
from urllib.parse import quote

import httpx
import orjson
import pytest

from service.app import Spot
from service.representation import Sent
from tests.api.counted import LARGE, QUERY, Counted
from tests.api.small import Small

BOTH = pytest.mark.parametrize("method", ["GET", "POST"])


async def _ask(
    http: httpx.AsyncClient, query: str, method: str = "POST", **headers: str
) -> httpx.Response:
    if method == "GET":
        return await http.get("/graphql", params={"query": query}, headers=headers)
    return await http.post("/graphql", json={"query": query}, headers=headers)


ASKED: list[dict[str, Any]] = [
    {"query": QUERY},
    {"query": LARGE},
    {"query": "{ a: text(length: 3) b: text(length: 2000) __typename }"},
    {"query": "query ($n: Int!) { text(length: $n) }", "variables": {"n": 1500}},
    {"query": "{ broken text(length: 5) }"},
    {"query": "{ no }"},
    {"query": "{ __schema { queryType { name } } }"},
    {"query": "mutation { change }"},
]


@BOTH
@pytest.mark.parametrize("accept", [Small.JSON, Small.GRAPHQL])
@pytest.mark.parametrize("encoding", ["identity", "gzip", "br", "zstd"])
async def test_the_same_requests_give_the_same_bytes_with_and_without_it(
    method: str, accept: str, encoding: str
) -> None:
    headers = {"accept": accept, "accept-encoding": encoding}
    seen: list[list[tuple[int, bytes, httpx.Headers]]] = []
    for size in ("0", "67108864"):
        async with Counted.open(LEEFBAARHEID_RESPONSE_CACHE_BYTES=size) as (_, http):
            answers = []
            for asked in ASKED * 4:
                more: dict[str, Any] = {"json": asked}
                if method == "GET":
                    variables = str(asked.get("variables", {})).replace("'", '"')
                    more = {"params": {"query": asked["query"], "variables": variables}}
                answer = await http.request(method, "/graphql", headers=headers, **more)
                body = answer.content if b"requestId" not in answer.content else b""
                answers.append((answer.status_code, body, answer.headers))
            seen.append(answers)

    assert seen[0] == seen[1]


MEDIUM = "{ text(length: 3000) }"


def _spot(spot: Spot, query: str, method: bytes, encoding: bytes) -> Sent:
    fields = [(b"content-type", b"application/json"), (b"accept-encoding", encoding)]
    body = b"" if method == b"GET" else orjson.dumps({"query": query})
    url = b"/graphql?query=" + quote(query).encode() if method == b"GET" else b"/graphql"
    sent = spot(method, url, fields, body)
    assert sent is not None
    return sent


@pytest.mark.parametrize("method", [b"GET", b"POST"])
@pytest.mark.parametrize("encoding", [b"identity", b"gzip", b"br", b"zstd"])
async def test_on_the_spot_the_same_requests_give_the_same_bytes_with_and_without_it(
    method: bytes, encoding: bytes
) -> None:
    seen = []
    for size in ("0", "67108864"):
        _, spot = Counted.on_the_spot(LEEFBAARHEID_RESPONSE_CACHE_BYTES=size)
        answers = [_spot(spot, query, method, encoding) for query in (QUERY, MEDIUM) * 4]
        seen.append([(sorted(each.head.split(b"\r\n")), each.body) for each in answers])

    assert seen[0] == seen[1]


@pytest.mark.parametrize("method", [b"GET", b"POST"])
@pytest.mark.parametrize("encoding", [b"identity", b"zstd"])
async def test_on_the_spot_a_request_has_to_be_seen_twice_to_be_kept(
    method: bytes, encoding: bytes
) -> None:
    counted, spot = Counted.on_the_spot()
    for _ in range(5):
        _spot(spot, MEDIUM, method, encoding)

    assert counted.run == ["text"] * 2


@BOTH
async def test_what_is_asked_again_and_again_is_run_twice(method: str) -> None:
    async with Counted.open() as (counted, http):
        answers = [await _ask(http, QUERY, method) for _ in range(5)]

    assert counted.run == ["text"] * 2
    assert len({(answer.content, tuple(answer.headers.items())) for answer in answers}) == 1


async def test_turned_off_everything_is_run() -> None:
    async with Counted.open(LEEFBAARHEID_RESPONSE_CACHE_BYTES="0") as (counted, http):
        for _ in range(5):
            await _ask(http, QUERY)

    assert counted.run == ["text"] * 5


@pytest.mark.parametrize("query", ["{ broken }", "{ broken text(length: 5) }"])
async def test_what_failed_is_tried_again_each_time(query: str) -> None:
    async with Counted.open() as (counted, http):
        for _ in range(4):
            await _ask(http, query)

    assert counted.run.count("broken") == 4


async def test_a_mutation_is_run_each_time_for_each_caller() -> None:
    async with Counted.open() as (counted, http):
        for _ in range(3):
            await asyncio.gather(*(_ask(http, "mutation { change }") for _ in range(3)))

    assert counted.run == ["change"] * 9


@BOTH
async def test_a_new_publication_is_answered_from_at_once(method: str) -> None:
    async with Counted.open() as (counted, http):
        for _ in range(3):
            await _ask(http, QUERY, method)
        counted.publication = 8
        newer = [await _ask(http, QUERY, method) for _ in range(3)]

    assert {answer.json()["extensions"]["publication"] for answer in newer} == {8}
    assert {answer.json()["data"]["text"][:2] for answer in newer} == {"8 "}
    assert counted.run == ["text"] * 3


async def test_an_answer_begun_before_the_swap_is_not_given_after_it() -> None:
    async with Counted.open() as (counted, http):
        counted.gate.set()
        await _ask(http, "{ later }")
        counted.gate.clear()
        older = asyncio.create_task(_ask(http, "{ later }"))
        await asyncio.sleep(0.01)
        counted.publication = 8
        newer = asyncio.create_task(_ask(http, "{ later }"))
        await asyncio.sleep(0.01)
        counted.gate.set()
        begun, after = await older, await newer
        last = await _ask(http, "{ later }")

    for answer, number in ((begun, 7), (after, 8), (last, 8)):
        assert answer.json()["extensions"]["publication"] == number
        assert answer.json()["data"]["later"].startswith(f"{number} ")


async def test_strangers_cannot_fill_it_beyond_its_bound() -> None:
    async with Counted.open(LEEFBAARHEID_RESPONSE_CACHE_BYTES="200000") as (_, http):
        transport = http._transport
        assert isinstance(transport, httpx.ASGITransport)
        cache = transport.app.graphql._answering._cache  # type: ignore[attr-defined]
        for n in range(300):
            for _ in range(3):
                await _ask(http, f"{{ text(length: {n * 37}) }}", accept_encoding="gzip")
            assert cache.bytes <= 200_000

    assert len(cache) > 5


# Waiting together.


async def test_the_same_question_at_once_is_run_once() -> None:
    async with Counted.open(LEEFBAARHEID_RESPONSE_CACHE_BYTES="0") as (counted, http):
        asked = [asyncio.create_task(_ask(http, "{ later }")) for _ in range(20)]
        other = asyncio.create_task(_ask(http, "{ later(length: 3) }"))
        await asyncio.sleep(0.01)
        counted.gate.set()
        answers = await asyncio.gather(*asked)
        await other

    assert counted.run == ["later", "later"]
    assert len({answer.content for answer in answers}) == 1


class _Caller:
    """One request over ASGI itself, so that its client can leave."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        transport = http._transport
        assert isinstance(transport, httpx.ASGITransport)
        self.left = asyncio.Event()
        self.sent: list[Any] = []
        self._arrived = False
        headers = [(b"content-type", b"application/json")]
        scope = {"type": "http", "method": "POST", "path": "/graphql", "headers": headers}
        application: Any = transport.app
        call = application({**scope, "query_string": b""}, self._receive, self._send)
        self.task = asyncio.ensure_future(call)

    async def _receive(self) -> Any:
        if self._arrived:
            await self.left.wait()
            return {"type": "http.disconnect"}
        self._arrived = True
        return {"type": "http.request", "body": b'{"query": "{ later }"}', "more_body": False}

    async def _send(self, message: Any) -> None:
        self.sent.append(message)


async def test_a_caller_that_leaves_takes_nothing_from_the_others() -> None:
    async with Counted.open() as (counted, http):
        callers = [_Caller(http) for _ in range(3)]
        await asyncio.sleep(0.01)
        callers[0].left.set()
        await callers[0].task
        counted.gate.set()
        await asyncio.gather(*(caller.task for caller in callers))

    assert [len(caller.sent) for caller in callers] == [0, 2, 2]
    assert counted.run == ["later"]


async def test_when_all_have_left_the_work_ends_and_the_next_begins_anew() -> None:
    async with Counted.open() as (counted, http):
        callers = [_Caller(http) for _ in range(3)]
        await asyncio.sleep(0.01)
        for caller in callers:
            caller.left.set()
        await asyncio.gather(*(caller.task for caller in callers))
        later = asyncio.create_task(_ask(http, "{ later }"))
        await asyncio.sleep(0.01)
        counted.gate.set()
        answer = await later

    assert answer.status_code == 200
    assert counted.run == ["later", "cancelled", "later"]
