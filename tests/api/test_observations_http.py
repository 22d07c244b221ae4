"""The address of observations over HTTP: what is refused and how, tags, codings, and ends."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from urllib.parse import quote

import brotli
import httpx
import pytest
import uvicorn
import zstandard
from starlette.types import Message

from db.core.block import Block, SeriesKey
from db.core.levels import Level
from service.feeds.formats import FORMATS
from service.server import config, listen
from tests.api.opened import PATH, Shown, app_of, client_of, parsed, run, sample_client
from tests.api.sample import SampleStore, open_sample
from tests.api.small import settings

WIJKEN = {"indicator": "population", "niveau": "wijk"}
_WIJKEN = "indicator=population&niveau=wijk"


def _plain(coding: str, body: bytes) -> bytes:
    if coding == "gzip":
        return gzip.decompress(body)
    if coding == "zstd":
        return zstandard.ZstdDecompressor().decompressobj().decompress(body)
    if coding == "br":
        decoded: bytes = brotli.decompress(body)
        return decoded
    return body


async def _raw(client: httpx.AsyncClient, coding: str) -> tuple[httpx.Response, bytes]:
    """The answer in a coding, and its body as it came."""
    headers = {"accept-encoding": coding}
    async with client.stream("GET", PATH, params=WIJKEN, headers=headers) as answer:
        return answer, b"".join([part async for part in answer.aiter_raw()])


async def test_an_answer_says_what_it_is_whose_and_under_which_terms() -> None:
    async with sample_client() as (client, _):
        answer = await client.get(PATH, params=WIJKEN)
    shown = answer.headers
    assert shown["content-type"] == "text/csv; charset=utf-8; header=present"
    assert shown["content-disposition"] == (
        'attachment; filename="population-wijk-2024-publicatie-3.csv"'
    )
    assert shown["cache-control"] == "public, no-cache"
    assert shown["vary"] == "Accept, Accept-Encoding"
    assert shown["api-version"] == "1.0.0"
    assert shown["access-control-allow-origin"] == "*"
    assert "API-Version" in shown["access-control-expose-headers"]
    assert shown["link"] == (
        "<http://service.test/v1/waarnemingen/beschrijving?indicator=population&niveau=wijk>; "
        'rel="describedby"; type="application/csvm+json", '
        '<https://example.org/kerncijfers>; rel="via"; '
        "title*=UTF-8'nl'Bron%3A%20Bureau%20voor%20Voorbeelden"
    )


async def test_a_vintage_that_is_loaded_in_part_says_so_in_the_name_of_the_file() -> None:
    store = SampleStore()
    store.partial = frozenset({(Level.WIJK, 2023)})
    async with sample_client(store) as (client, _):
        answer = await client.get(PATH, params={**WIJKEN, "indeling": "2023"})
    assert "population-wijk-2023-deels-publicatie-3.csv" in answer.headers["content-disposition"]


async def test_head_says_what_get_says_and_sends_nothing() -> None:
    async with sample_client() as (client, _):
        get = await client.get(PATH, params=WIJKEN)
        head = await client.head(PATH, params=WIJKEN)
    assert head.status_code == 200
    assert head.headers == get.headers
    assert head.content == b""


@pytest.mark.parametrize("coding", ["gzip", "zstd", "br", "identity"])
async def test_every_coding_holds_the_same_file_under_a_tag_of_its_own(coding: str) -> None:
    async with sample_client() as (client, _):
        _, plain = await _raw(client, "identity")
        answer, body = await _raw(client, coding)
        _, again = await _raw(client, coding)
    assert answer.headers.get("content-encoding", "identity") == coding
    assert answer.headers["etag"].endswith(f'.{coding}"')
    assert _plain(coding, body) == plain
    assert again == body


@pytest.mark.parametrize("coding", ["gzip", "identity"])
async def test_a_tag_that_is_current_is_answered_without_the_file(coding: str) -> None:
    store = SampleStore()
    async with sample_client(store) as (client, _):
        answer, _ = await _raw(client, coding)
        tag = answer.headers["etag"]
        store.reads.clear()
        held = {"accept-encoding": coding, "if-none-match": f'W/"a", {tag}'}
        unchanged = await client.get(PATH, params=WIJKEN, headers=held)
        spelt = dict(reversed(WIJKEN.items()))
        also = await client.get(PATH, params=spelt, headers=held)
    assert (unchanged.status_code, also.status_code) == (304, 304)
    assert unchanged.content == b""
    assert unchanged.headers["etag"] == tag
    assert unchanged.headers["cache-control"] == "public, no-cache"
    assert unchanged.headers["vary"] == "Accept, Accept-Encoding"
    assert unchanged.headers["api-version"] == "1.0.0"
    assert store.reads == []


async def test_who_wants_only_what_is_new_to_everybody_gets_nothing() -> None:
    async with sample_client() as (client, _):
        answer = await client.get(PATH, params=WIJKEN, headers={"if-none-match": "*"})
        wrong = await client.get(PATH, params={"x": "1"}, headers={"if-none-match": "*"})
    assert (answer.status_code, wrong.status_code) == (304, 400)


async def test_a_tag_holds_for_one_publication_and_one_question_only() -> None:
    questions = [
        WIJKEN,
        {**WIJKEN, "indeling": "2023"},
        {**WIJKEN, "niveau": "gemeente"},
        {**WIJKEN, "indicator": "lonely"},
    ]
    tags = []
    async with sample_client() as (client, shown):
        tags += [(await client.get(PATH, params=each)).headers["etag"] for each in questions]
        shown.snapshot = await open_sample(number=2)
        held = {"if-none-match": tags[0]}
        answer = await client.get(PATH, params=WIJKEN, headers=held)
    assert answer.status_code == 200
    assert len({*tags, answer.headers["etag"]}) == 5


@pytest.mark.parametrize(
    "accept", ["text/csv", "text/*", "*/*", "text/html;q=0.9, text/csv;q=0.1", "", None]
)
async def test_csv_is_given_to_who_accepts_it(accept: str | None) -> None:
    headers = {} if accept is None else {"accept": accept}
    async with sample_client() as (client, _):
        answer = await client.get(PATH, params=WIJKEN, headers=headers)
    assert answer.status_code == 200


@pytest.mark.parametrize("accept", ["application/json", "image/png"])
async def test_who_accepts_nothing_that_we_have_is_told_what_we_have(accept: str) -> None:
    async with sample_client() as (client, _):
        refused = await client.get(PATH, params=WIJKEN, headers={"accept": accept})
        named = {**WIJKEN, "f": "csv"}
        answer = await client.get(PATH, params=named, headers={"accept": accept})
    assert refused.status_code == 406
    assert "text/csv" in refused.json()["errors"][0]["allowed"]
    # What the address itself names is what was meant, whatever a browser accepts by habit.
    assert answer.status_code == 200


def _faults(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code in (400, 404)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["api-version"] == "1.0.0"
    body = answer.json()
    assert body["status"] == answer.status_code
    assert all(each["detail"] in body["detail"] for each in body["errors"])
    assert all(each["detailNl"] for each in body["errors"])
    return {each["name"]: each["code"] for each in body["errors"]}


async def test_everything_that_is_wrong_is_said_at_once() -> None:
    wrong = {
        "indicator": "populaton",
        "niveau": "wijk",
        "indeling": "1999",
        "f": "xlsx",
        "limit": "0",
    }
    async with sample_client() as (client, _):
        answer = await client.get(PATH, params=wrong)
    assert _faults(answer) == {
        "indicator": "UNKNOWN_INDICATOR",
        "indeling": "VINTAGE_NOT_LOADED",
        "f": "NOT_ONE_OF",
        "limit": "UNKNOWN_PARAMETER",
    }
    said = {each["name"]: each for each in answer.json()["errors"]}
    assert said["indicator"]["suggestions"] == ["population"]
    assert said["indeling"]["allowed"] == [2023, 2024]
    assert said["f"]["allowed"] == [each.name for each in FORMATS]
    assert said["limit"]["allowed"] == [
        "indicator", "niveau", "indeling", "gemeenteCode", "jaar", "publicatie", "f",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"indicator": "MISSING_PARAMETER", "niveau": "MISSING_PARAMETER"}),
        ("indicator=&niveau=wijk", {"indicator": "MISSING_PARAMETER"}),
        (f"{_WIJKEN}&niveau=buurt", {"niveau": "REPEATED_PARAMETER"}),
        (f"{_WIJKEN}&indeling=24", {"indeling": "OUT_OF_RANGE"}),
        (f"{_WIJKEN}&indeling=", {"indeling": "OUT_OF_RANGE"}),
        (f"{_WIJKEN}&indeling={quote('٢٠٢٤')}", {"indeling": "OUT_OF_RANGE"}),
        (f"{_WIJKEN}&" + "a=1&" * 60, {"": "TOO_MANY_PARAMETERS"}),
        ("indicator=population&niveau=buurt", {"indicator": "NOT_AVAILABLE_AT_LEVEL"}),
        ("indicator=school_advice&niveau=wijk", {"indicator": "NO_OPEN_SOURCE"}),
        ("indicator=%FF%00&niveau=wijk", {"indicator": "MALFORMED"}),
        (
            "indicator=populaton&niveau=dorp",
            {"niveau": "NOT_ONE_OF", "indicator": "UNKNOWN_INDICATOR"},
        ),
        (
            "indicator=births&niveau=wijk&indeling=1999",
            {"indicator": "NOT_LOADED", "indeling": "VINTAGE_NOT_LOADED"},
        ),
        (
            "Indicator=population&niveau=wijk",
            {"Indicator": "UNKNOWN_PARAMETER", "indicator": "MISSING_PARAMETER"},
        ),
    ],
)
async def test_a_parameter_that_is_wrong_is_named(query: str, expected: dict[str, str]) -> None:
    async with sample_client() as (client, _):
        answer = await client.get(f"{PATH}?{query}")
    assert _faults(answer) == expected


async def test_an_indicator_of_another_level_comes_with_the_levels_it_has() -> None:
    async with sample_client() as (client, _):
        answer = await client.get(PATH, params={"indicator": "thefts", "niveau": "wijk"})
    assert answer.json()["errors"][0]["allowed"] == ["gemeente"]


async def test_what_is_wrong_is_shown_short_however_long_it_was() -> None:
    async with sample_client() as (client, _):
        answer = await client.get(PATH, params={"indicator": "a" * 9000, "b" * 9000: ""})
    assert len(answer.content) < 3000


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
async def test_other_methods_are_refused_with_those_that_are_taken(method: str) -> None:
    async with sample_client() as (client, _):
        answer = await client.request(method, PATH, params=WIJKEN)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"
    assert answer.headers["content-type"] == "application/problem+json"


class _Away(SampleStore):
    """A store that stopped answering after the service had begun."""

    async def block(self, number: int, key: SeriesKey) -> Block:
        raise ConnectionError("SELECT secret")


@pytest.mark.parametrize("away", [True, False])
async def test_without_data_the_client_is_asked_to_come_back(away: bool) -> None:
    async with client_of(await open_sample(_Away()) if away else None) as (client, _):
        answer = await client.get(PATH, params=WIJKEN)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"] == "application/problem+json"
    assert "secret" not in answer.text


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """The address on a real socket."""
    listener = listen(settings(LEEFBAARHEID_PORT="0"))
    shown = Shown(await open_sample())
    server = uvicorn.Server(_without_lifespan(config(app_of(shown))))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    yield int(listener.getsockname()[1])
    server.should_exit = True
    await serving
    listener.close()


def _without_lifespan(given: uvicorn.Config) -> uvicorn.Config:
    given.lifespan = "off"
    return given


async def _talk(port: int, version: str) -> tuple[bytes, bytes]:
    """Head and body as they come over the line, until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    asked = f"GET {PATH}?indicator=population&niveau=wijk HTTP/{version}\r\n"
    writer.write(f"{asked}host: a\r\nconnection: close\r\n\r\n".encode())
    got = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    head, _, body = got.partition(b"\r\n\r\n")
    return head.lower(), body


async def test_the_end_of_a_file_is_marked_so_that_a_cut_one_is_not_taken_for_whole(
    port: int,
) -> None:
    head, body = await _talk(port, "1.1")
    assert b"transfer-encoding: chunked" in head
    assert b"content-length" not in head
    assert body.endswith(b"\r\n0\r\n\r\n")


async def test_an_old_client_that_knows_no_chunks_is_told_the_length(port: int) -> None:
    head, body = await _talk(port, "1.0")
    assert b"transfer-encoding" not in head
    assert b"content-length: %d" % len(body) in head
    assert len(parsed(body)) == 15


@pytest.mark.parametrize("fault", [RuntimeError, ConnectionError, TimeoutError])
async def test_a_fault_on_the_way_breaks_the_answer_off(fault: type[Exception]) -> None:
    """What was sent of it has no end, so the server closes the connection without one."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)
        if len(sent) > 2:
            raise fault("while the rows are written")

    with pytest.raises(fault):
        await run(app_of(Shown(await open_sample())), _WIJKEN, send)
    assert sent[0]["status"] == 200
    assert [message["more_body"] for message in sent[1:]] == [True, True]


async def test_a_publication_that_comes_on_the_way_is_for_the_next_who_asks() -> None:
    shown, body = Shown(await open_sample(number=2)), bytearray()
    newer = await open_sample(number=3)

    async def send(message: Message) -> None:
        shown.snapshot = newer
        body.extend(message.get("body", b""))

    await run(app_of(shown), _WIJKEN, send)
    assert {row["publicatie"] for row in parsed(bytes(body))} == {"2"}
    assert shown.opened == 1
