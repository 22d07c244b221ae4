"""A client that hangs up: what was made for it alone is not made any further, on a real socket."""

import asyncio
import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp

from service.coding import Coding
from service.feeds import sealed
from service.representation import REVALIDATE
from service.rest.files import File
from service.rest.operation import Answer
from service.rest.sending import Body
from tests.api.listening import listening
from tests.api.resting import Held, rest_app
from tests.api.sample import SampleStore, open_sample

_PIECE = bytes(100_000)
_ALL = 5000


class Counted:
    """A file of 500 MB, and how much of it was made."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self) -> Iterator[bytes]:
        for _ in range(_ALL):
            self.made += 1
            # So slow that whoever goes on after its client left is caught at it.
            time.sleep(0.0002)
            yield _PIECE


async def _hang_up(answer: Answer, *fields: str, coding: Coding = Coding.IDENTITY) -> None:
    """Ask, read what comes in a moment at most, and close the connection."""
    body = Body(answer, b"text/csv", coding, b'"tag"', REVALIDATE)
    await _hang_up_on(Starlette(routes=[Route("/", body)]), "/", *fields)


async def _hang_up_on(app: ASGIApp, address: str, *fields: str) -> None:
    async with listening(application=app) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head = "\r\n".join([f"GET {address} HTTP/1.1", "host: localhost", *fields, "", ""])
        writer.write(head.encode())
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(reader.read(10), 0.05)
        writer.transport.abort()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


@pytest.mark.parametrize("heavy", [False, True])
@pytest.mark.parametrize("coding", [Coding.IDENTITY, Coding.GZIP])
async def test_a_file_is_written_no_further_when_its_client_has_left(
    coding: Coding, heavy: bool
) -> None:
    counted = Counted()
    await _hang_up(Answer(counted, heavy=heavy), coding=coding)
    assert 0 < counted.made < _ALL / 4


@pytest.mark.parametrize("field", ["want-repr-digest: sha-256=10", "range: bytes=0-9"])
async def test_a_file_is_measured_no_further_when_its_client_has_left(field: str) -> None:
    counted = Counted()
    await _hang_up(Answer(counted), field)
    assert 0 < counted.made < _ALL / 4


async def test_a_file_that_was_made_is_read_no_further_when_its_client_has_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, counted = tmp_path / "file", Counted()
    path.write_bytes(b"")
    file = File(path)
    file.length = _ALL * len(_PIECE)
    monkeypatch.setattr(File, "pieces", lambda _file, _part: counted())
    await _hang_up(Answer(file))
    assert 0 < counted.made < _ALL / 4


@pytest.mark.parametrize("name", ["csv", "ndjson"])
async def test_the_digest_of_a_file_is_made_no_further_when_its_client_has_left(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted, store = Counted(), SampleStore()
    monkeypatch.setattr(sealed, "lines", lambda *_: counted())
    app = rest_app(Held(store, await open_sample(store)))
    await _hang_up_on(app, f"/v1/waarnemingen?indicator=population&niveau=wijk&f={name}")
    assert 0 < counted.made < _ALL / 4
