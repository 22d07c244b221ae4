"""The address of observations alone, over any publication that a test holds up."""

import csv
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import cached_property

import httpx
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Send

from db.core.errors import UnknownPublication
from db.core.levels import Level
from db.snapshot.snapshot import Snapshot
from schema.context import Context
from service import problems
from service.headers import CommonHeaders
from service.rest import contract
from service.rest.pins import Pins
from tests.api.sample import SampleStore, open_sample

PATH = "/v1/waarnemingen"
Pair = tuple[httpx.AsyncClient, "Shown"]


@dataclass
class Shown:
    """What is served; a test may set another publication, or none."""

    snapshot: Snapshot | None
    opened: int = 0

    @cached_property
    def pins(self) -> Pins:
        return Pins(self.context, open_sample_of)

    def context(self) -> Context:
        self.opened += 1
        if self.snapshot is None:
            raise UnknownPublication(None)
        return Context(self.snapshot)


async def open_sample_of(number: int) -> Snapshot:
    return await open_sample(None, number)


def app_of(shown: Shown) -> Starlette:
    return Starlette(
        routes=contract.routes(shown.pins.context, "http://service.test"),
        middleware=[Middleware(CommonHeaders, https=False)],
        exception_handlers={HTTPException: problems.on_http_exception},
    )


@asynccontextmanager
async def client_of(snapshot: Snapshot | None) -> AsyncIterator[Pair]:
    shown = Shown(snapshot)
    transport = httpx.ASGITransport(app_of(shown))
    async with httpx.AsyncClient(transport=transport, base_url="http://service.test") as client:
        # Tests say themselves what they accept.
        del client.headers["accept"]
        yield client, shown


@asynccontextmanager
async def sample_client(store: SampleStore | None = None) -> AsyncIterator[Pair]:
    async with client_of(await open_sample(store)) as pair:
        yield pair


NAMES = ('Binnen, buiten & {"rand"}', "twee\r\nregels", "'s-Éénhoorn", "=1+1", "")
"""That programs must read as one cell each, and not as anything but text."""


async def renamed() -> Snapshot:
    """The sample's wijken of 2024 with such names."""
    store = SampleStore()
    table = store.tables[Level.WIJK, 2024]
    store.tables[Level.WIJK, 2024] = replace(table, names=NAMES)
    return await open_sample(store)


async def rows_of(client: httpx.AsyncClient, **parameters: object) -> list[dict[str, str]]:
    """The rows of a file, as Python's own reader reads them."""
    answer = await client.get(PATH, params={k: str(v) for k, v in parameters.items()})
    assert answer.status_code == 200, answer.text
    return parsed(answer.content)


def parsed(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline=""), strict=True))


async def run(app: ASGIApp, query: str, send: Send) -> None:
    """Ask without a client in between, so that a test sees each piece when it is sent."""

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {
        "type": "http", "http_version": "1.1", "method": "GET", "path": PATH, "root_path": "",
        "raw_path": PATH.encode(), "query_string": query.encode(), "scheme": "http",
        "headers": [], "server": ("service.test", 80), "client": ("test", 1), "state": {},
    }  # fmt: skip
    await app(scope, receive, send)
