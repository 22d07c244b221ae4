"""The REST contract over any publication that a test holds up, without a socket."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from db.core.errors import UnknownPublication
from db.snapshot.snapshot import Snapshot
from schema.context import Context
from service import problems
from service.headers import CommonHeaders
from service.rest import contract
from service.rest.pins import Pins
from tests.api.sample import SampleStore, open_sample

PUBLIC_URL = "https://data.example.nl"


class Held:
    """What is served; a test may set another publication, or none."""

    def __init__(self, store: SampleStore, snapshot: Snapshot | None) -> None:
        self.store = store
        self.snapshot = snapshot
        self.pins = Pins(self.context, lambda number: open_sample(store, number))

    def context(self) -> Context:
        if self.snapshot is None:
            raise UnknownPublication(None)
        return Context(self.snapshot, public_url=PUBLIC_URL)


def rest_app(held: Held) -> Starlette:
    app = Starlette(
        routes=contract.routes(held.pins.context, PUBLIC_URL),
        middleware=[Middleware(CommonHeaders, https=True)],
        exception_handlers={HTTPException: problems.on_http_exception},
    )
    app.router.redirect_slashes = False
    return app


@asynccontextmanager
async def rest_client(
    store: SampleStore | None = None, *, empty: bool = False
) -> AsyncIterator[tuple[httpx.AsyncClient, Held]]:
    """A client, and what it is served."""
    store = store or SampleStore()
    held = Held(store, None if empty else await open_sample(store))
    transport = httpx.ASGITransport(rest_app(held))
    async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL) as client:
        yield client, held
