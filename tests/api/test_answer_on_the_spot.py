"""Answers on the spot: byte for byte what the ordinary way sends."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from service.server import BoundedHttp
from tests.api.listening import listening


class _Ordinary(BoundedHttp):
    """Every request a task and two messages, as uvicorn has it."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._answer = None


@pytest.fixture(scope="module")
async def spot() -> AsyncIterator[int]:
    async with listening(BoundedHttp) as port:
        yield port


@pytest.fixture(scope="module")
async def ordinary() -> AsyncIterator[int]:
    async with listening(_Ordinary) as port:
        yield port


async def _talk(port: int, sent: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**24)
    try:
        writer.write(sent)
        await writer.drain()
        return await asyncio.wait_for(reader.read(), 5)
    finally:
        writer.close()


def _get(query: str, *fields: str, method: str = "GET") -> bytes:
    lines = [f"{method} /graphql?query={query} HTTP/1.1", "host: a", *fields, "", ""]
    return "\r\n".join(lines).encode()


def _post(body: bytes, *fields: bytes) -> bytes:
    lines = [b"POST /graphql HTTP/1.1", b"host: a", b"content-type: application/json", *fields]
    return b"\r\n".join([*lines, b"content-length: %d" % len(body), b"", body])


CLOSE = "connection: close"
LONG = "{hello(name:%22" + "x" * 20_000 + "%22)}"
TALKS = {
    "get": _get("{hello}", CLOSE),
    "head": _get("{hello}", CLOSE, method="HEAD"),
    "star": _get("{hello}", CLOSE, "if-none-match: *"),
    "page": _get("{hello}", CLOSE, "accept: text/html"),
    "large": _get(LONG, CLOSE),
    "large and coded": _get(LONG, CLOSE, "accept-encoding: br"),
    "post": _post(b'{"query":"{hello later}"}', CLOSE.encode()),
    "refused": _post(b'{"query":"{"}', CLOSE.encode()),
    "failed field": _post(b'{"query":"{hello wrongCode}"}', CLOSE.encode()),
    "no media type": _get("{hello}", CLOSE, "accept: image/png"),
    "too large": _post(b"x", b"content-length: 900000"),
    "one after another": _get("{hello}") + _post(b'{"query":"{later}"}') + _get("{later}", CLOSE),
    "asked to go on": _post(b'{"query":"{later}"}', b"expect: 100-continue", CLOSE.encode()),
    "old": b"GET /graphql?query={hello} HTTP/1.0\r\n\r\n",
}


@pytest.mark.parametrize("talk", TALKS)
async def test_both_ways_send_the_same_bytes(spot: int, ordinary: int, talk: str) -> None:
    one, other = [
        re.sub(rb"\r\ndate: [^\r]+", b"\r\ndate", await _talk(port, TALKS[talk]))
        for port in (spot, ordinary)
    ]

    assert one.startswith(b"HTTP/1.1 ")
    assert sorted(one.split(b"\r\n")) == sorted(other.split(b"\r\n"))


async def test_a_slow_reader_gets_all_of_a_large_answer(spot: int) -> None:
    fields = " ".join(f"a{n}: hello(name: $n)" for n in range(99))
    query = {"query": f"query ($n: String!) {{ {fields} }}", "variables": {"n": "x" * 2000}}
    reader, writer = await asyncio.open_connection("127.0.0.1", spot)
    writer.write(_post(json.dumps(query).encode()) * 40 + _get("{hello}", CLOSE))
    received = bytearray()
    while part := await reader.read(4096):
        received += part
    writer.close()

    assert received.count(b"HTTP/1.1 200 OK\r\n") == 41
    assert received.endswith(b"}}}")
