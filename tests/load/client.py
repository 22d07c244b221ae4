"""Asks one server the same kind of thing over and over, over connections that stay open.

The requests are ready bytes; a connection sends its next one when its answer is whole. How busy
this client is does not count: what is measured is the servers' own CPU time.
"""

import asyncio
import json
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import httptools

_LONGEST = 60.0
"""Seconds without any answer after which a server counts as stuck."""


class ServerStuck(Exception):
    """A server gave no answer at all, or closed its connections."""


@dataclass(slots=True)
class Tally:
    """What came back: one latency for each answer, in milliseconds."""

    latencies: list[float] = field(default_factory=list)
    seconds: float = 0.0
    size: int = 0
    bad: int = 0
    """Answers with another status than the one expected, or with GraphQL errors."""


def get(path: str, headers: Sequence[tuple[str, str]] = ()) -> bytes:
    lines = [f"GET {path} HTTP/1.1", "host: localhost", *(f"{k}: {v}" for k, v in headers)]
    return "\r\n".join([*lines, "", ""]).encode()


def post(document: str, variables: Mapping[str, object] | None = None) -> bytes:
    """A GraphQL request as every client sends it."""
    asked: dict[str, object] = {"query": document}
    if variables:
        asked["variables"] = variables
    body = json.dumps(asked).encode()
    head = (
        "POST /graphql HTTP/1.1\r\nhost: localhost\r\naccept: application/json\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def load(
    port: int, requests: Sequence[bytes], *, connections: int, seconds: float, status: int = 200
) -> Tally:
    """Ask for `seconds`, at least three times; every request is drawn anew from `requests`."""
    tally = Tally()
    run = _Run(requests, tally, time.perf_counter() + seconds, status)
    loop = asyncio.get_running_loop()
    opened = [
        (await loop.create_connection(lambda: _Connection(run), "127.0.0.1", port))[1]
        for _ in range(connections)
    ]
    start = time.perf_counter()
    for connection in opened:
        connection.ask()
    await asyncio.gather(*(connection.over for connection in opened))
    tally.seconds = time.perf_counter() - start
    return tally


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    """Names in small letters."""
    body: bytes


async def ask(port: int, request: bytes) -> Answer:
    """One request and its whole answer."""
    run = _Run([request], Tally(), 0.0, 200, least=1, keeps_headers=True)
    loop = asyncio.get_running_loop()
    _, connection = await loop.create_connection(lambda: _Connection(run), "127.0.0.1", port)
    connection.ask()
    await connection.over
    return Answer(connection.status, connection.headers, connection.body)


@dataclass(slots=True)
class _Run:
    """What all connections of one load share."""

    requests: Sequence[bytes]
    tally: Tally
    end: float
    status: int
    least: int = 3
    keeps_headers: bool = False

    def goes_on(self) -> bool:
        return time.perf_counter() < self.end or len(self.tally.latencies) < self.least


class _Connection(asyncio.Protocol):
    def __init__(self, run: _Run) -> None:
        self._run = run
        self._loop = asyncio.get_running_loop()
        self.over: asyncio.Future[None] = self._loop.create_future()
        self.status, self.body = 0, b""
        self.headers: dict[str, str] = {}
        self._parts: list[bytes] = []
        self._sent = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._transport = transport
        self._watch = self._loop.call_later(_LONGEST, self._give_up)

    def ask(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._parts.clear()
        self._sent = time.perf_counter()
        self._transport.write(random.choice(self._run.requests))

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._run.keeps_headers:
            self.headers[name.decode().lower()] = value.decode()

    def on_body(self, body: bytes) -> None:
        self._parts.append(body)

    def on_message_complete(self) -> None:
        tally, run = self._run.tally, self._run
        tally.latencies.append((time.perf_counter() - self._sent) * 1000)
        self.status, self.body = self._parser.get_status_code(), b"".join(self._parts)
        tally.size += len(self.body)
        tally.bad += self.status != run.status or b'"errors":' in self.body
        if run.goes_on():
            # Not here: the parser is still at work on this answer.
            self._loop.call_soon(self.ask)
        else:
            self._watch.cancel()
            self._transport.close()
            self.over.set_result(None)

    def connection_lost(self, error: Exception | None) -> None:
        self._watch.cancel()
        if not self.over.done():
            self.over.set_exception(ServerStuck("a connection was closed before its answer"))

    def _give_up(self) -> None:
        if time.perf_counter() - self._sent < _LONGEST:
            self._watch = self._loop.call_later(_LONGEST, self._give_up)
        elif not self.over.done():
            self.over.set_exception(ServerStuck(f"no answer in {_LONGEST:.0f} seconds"))
            self._transport.close()
