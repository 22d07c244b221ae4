"""The real server on a real socket: bounds uvicorn lacks, and an end that leaves nothing."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from db.core.errors import AddressTaken
from service.server import BoundedHttp, address_of, listen
from tests.api.listening import listening
from tests.api.small import settings


class _Impatient(BoundedHttp):
    head_seconds = 0.3


@pytest.fixture(scope="module")
async def port() -> AsyncIterator[int]:
    """A server in this process that waits 0.3 seconds for the head of a request."""
    async with listening(_Impatient) as found:
        yield found


async def _talk(port: int, *parts: bytes, pause: float = 0.0) -> bytes:
    """Everything that comes back for these bytes until the server closes, or two seconds."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause)
        return await asyncio.wait_for(reader.read(), 2)
    except ConnectionError:
        return b""
    finally:
        writer.close()


_HEAD = b"GET /health/live HTTP/1.1\r\nhost: a\r\nconnection: close\r\n"


async def test_an_ordinary_request_is_answered_without_naming_the_product(port: int) -> None:
    answer = await _talk(port, _HEAD + b"\r\n")

    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert b"server:" not in answer.lower()
    assert b"uvicorn" not in answer.lower()


@pytest.mark.parametrize(
    "fields",
    [
        b"x: " + b"a" * 40_000 + b"\r\n",
        b"".join(b"x%d: a\r\n" % n for n in range(101)),
        b"x: " + b"a" * 8_000_000 + b"\r\n",
    ],
    ids=["one large", "many", "8 MB"],
)
async def test_a_head_over_its_bounds_is_431_and_the_connection_closed(
    port: int, fields: bytes
) -> None:
    answer = await _talk(port, _HEAD + fields + b"\r\n")

    # Of 8 MB much is still on its way when we close, which may cost the client our last words.
    assert answer.startswith(b"HTTP/1.1 431 ") or (answer == b"" and len(fields) > 10**6)


def _problem(answer: bytes) -> dict[str, object]:
    """The problem in an answer that no application gave."""
    head, _, body = answer.partition(b"\r\n\r\n")
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    assert fields[b"content-type"] == b"application/problem+json"
    assert int(fields[b"content-length"]) == len(body)
    assert fields[b"x-content-type-options"] == b"nosniff"
    assert fields[b"access-control-allow-origin"] == b"*"
    assert fields[b"cache-control"] == b"no-store"
    found: dict[str, object] = orjson.loads(body)
    return found


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"FOO /v1/wijken HTTP/1.1\r\nhost: a\r\n\r\n", 400),
        (b"GET /v1/wij ken HTTP/1.1\r\nhost: a\r\n\r\n", 400),
        (b"\x16\x03\x01 no http at all\r\n\r\n", 400),
        (_HEAD + b"x: " + b"a" * 40_000 + b"\r\n\r\n", 431),
    ],
)
async def test_what_no_application_can_be_asked_is_refused_as_a_problem_too(
    port: int, sent: bytes, status: int
) -> None:
    found = _problem(await _talk(port, sent))
    assert found["status"] == status
    assert found["detail"] != found["detailNl"]


class _Crowded(BoundedHttp):
    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.limit_concurrency = 1


async def test_one_client_too_many_is_told_to_try_again() -> None:
    async with listening(_Crowded) as port:
        answer = await _talk(port, _HEAD + b"\r\n")
    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b"\r\nretry-after: 1\r\n" in answer.lower()
    assert _problem(answer)["status"] == 503


async def test_a_url_over_the_bound_is_431(port: int) -> None:
    answer = await _talk(port, b"GET /?" + b"a" * 40_000 + b" HTTP/1.1\r\nhost: a\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 431 ")


async def test_a_large_body_does_not_count_as_head(port: int) -> None:
    body = b'{"query": "{ hello }"%s}' % (b" " * 200_000)
    head = (
        b"POST /graphql HTTP/1.1\r\nhost: a\r\nconnection: close\r\n"
        b"content-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body)
    )

    assert b'"hello world"' in await _talk(port, head + body)


@pytest.mark.parametrize(
    "parts",
    [(), (b"GET / HT",), (_HEAD, b"a: b\r\n", b"c: d\r\n", b"e: f\r\n", b"g: h\r\n")],
    ids=["silent", "half a line", "one field at a time"],
)
async def test_a_head_that_does_not_come_closes_the_connection(
    port: int, parts: tuple[bytes, ...]
) -> None:
    began = time.monotonic()
    answer = await _talk(port, *parts, pause=0.12)

    assert b"200" not in answer
    assert time.monotonic() - began < 1.5


async def test_slow_connections_do_not_hold_up_others(port: int) -> None:
    slow = [asyncio.create_task(_talk(port, b"GET / HT")) for _ in range(100)]
    began = time.monotonic()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        answer = await http.get("/health/live")

    assert answer.status_code == 200
    assert time.monotonic() - began < 1
    await asyncio.gather(*slow)


async def test_a_connection_serves_one_request_after_another(port: int) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        answers = []
        for _ in range(3):
            answers.append(await http.post("/graphql", json={"query": "{ hello }"}))
            await asyncio.sleep(0.4)

    assert [answer.status_code for answer in answers] == [200, 200, 200]


@pytest.mark.parametrize(
    "fields",
    [
        b"content-length: 5\r\ntransfer-encoding: chunked\r\n",
        b"content-length: 5\r\ncontent-length: 6\r\n",
        b"content-length: -1\r\n",
    ],
)
async def test_a_body_with_two_lengths_is_refused(port: int, fields: bytes) -> None:
    head = b"POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n"
    answer = await _talk(port, head + fields + b"\r\n0\r\n\r\nGET /health/live HTTP/1.1\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 400")
    assert answer.count(b"HTTP/1.1 ") == 1


def test_an_address_in_use_is_named(port: int) -> None:
    with pytest.raises(AddressTaken, match=rf"^cannot listen on 127\.0\.0\.1:{port}: "):
        listen(settings(LEEFBAARHEID_PORT=str(port)))


_SERVICE = """
import sys
from pathlib import Path
from db.embedded import EmbeddedPostgres
from service.server import address_of, listen, run
from tests.api.small import app, settings

listener = listen(settings(LEEFBAARHEID_PORT="0"))
server = EmbeddedPostgres(Path(sys.argv[1]))
with server:
    started = lambda: print(server.pid, address_of(listener), flush=True)
    run(app(), listener, on_started=started)
print("ended in good order", flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_service_and_everything_it_started(
    tmp_path: Path, number: signal.Signals
) -> None:
    command = [sys.executable, "-c", _SERVICE, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as service:
        assert service.stdout is not None
        postgres, address = service.stdout.readline().split()
        assert httpx.get(f"{address}/health/live").status_code == 200
        service.send_signal(number)
        said, _ = service.communicate(timeout=15)

    assert (service.returncode, said) == (0, "ended in good order\n")
    with pytest.raises(ProcessLookupError):
        os.kill(int(postgres), 0)


def test_an_address_is_one_a_browser_can_open() -> None:
    listener = listen(settings(LEEFBAARHEID_HOST="0.0.0.0", LEEFBAARHEID_PORT="0"))
    port = listener.getsockname()[1]
    found = address_of(listener)
    listener.close()

    assert found == f"http://127.0.0.1:{port}"


_KEPT = b"GET /health/live HTTP/1.1\r\nhost: a\r\n\r\n"


@pytest.mark.parametrize("rest", [b"\r\n", b"GET / HT"], ids=["an empty line", "half a line"])
async def test_a_kept_connection_on_which_no_next_head_comes_is_closed(
    port: int, rest: bytes
) -> None:
    began = time.monotonic()
    answer = await _talk(port, _KEPT, rest, pause=0.1)

    assert answer.count(b"HTTP/1.1 200 OK") == 1
    assert time.monotonic() - began < 1.5


async def test_a_head_in_two_pieces_is_bounded_as_one(port: int) -> None:
    large = b"x: " + b"a" * 20_000 + b"\r\n"
    answer = await _talk(port, _HEAD + large, b"y" + large + b"\r\n", pause=0.1)

    assert answer.startswith(b"HTTP/1.1 431 ")


async def test_a_large_body_before_it_does_not_count_for_the_next_head(port: int) -> None:
    body = b'{"query": "{ hello }"%s}' % (b" " * 100_000)
    post = (
        b"POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n"
        b"content-length: %d\r\n\r\n" % len(body)
    )
    answer = await _talk(port, post + body, _HEAD + b"\r\n", pause=0.1)

    assert answer.count(b"HTTP/1.1 200 OK") == 2


async def test_an_address_that_is_none_is_400_and_the_connection_closed(port: int) -> None:
    answer = await _talk(port, b"GET http:///\xff HTTP/1.1\r\nhost: a\r\n\r\n", _KEPT, pause=0.1)

    assert answer.count(b"HTTP/1.1 ") == 1
    assert answer.startswith(b"HTTP/1.1 4")
