"""The REST contract over a real store, with a publisher beside it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from db.pool import open_pool
from db.repository.store import PostgresStore
from db.snapshot.snapshot import Memory, Snapshot, open_snapshot
from schema.context import Context
from service import problems
from service.headers import CommonHeaders
from service.rest import contract
from service.rest.pins import Pins
from tests.api.resting import PUBLIC_URL


@dataclass
class Served:
    """A client of what is served; what is published is served after `refresh`."""

    client: httpx.AsyncClient
    store: PostgresStore
    memory: Memory
    snapshot: Snapshot

    async def refresh(self) -> None:
        self.snapshot = await open_snapshot(self.store, self.memory)


@asynccontextmanager
async def stored_client(database: str) -> AsyncIterator[Served]:
    """A client of the newest publication of a store."""
    async with open_pool(database) as pool, httpx.AsyncClient(base_url=PUBLIC_URL) as outside:
        store, memory = PostgresStore(pool), Memory(10_000_000)
        served = Served(outside, store, memory, await open_snapshot(store, memory))
        pins = Pins(
            lambda: Context(served.snapshot, public_url=PUBLIC_URL),
            lambda number: open_snapshot(store, memory, number),
        )
        app = Starlette(
            routes=contract.routes(pins.context, PUBLIC_URL),
            middleware=[Middleware(CommonHeaders, https=True)],
            exception_handlers={HTTPException: problems.on_http_exception},
        )
        app.router.redirect_slashes = False
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL) as client:
            served.client = client
            yield served
