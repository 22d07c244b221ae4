"""The REST contract over any publication that a test holds up, without a socket."""

import gzip
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from db.core.errors import UnknownPublication
from db.core.levels import Level
from db.core.tile_matrix import SETS, zooms
from db.repository.tiles import Limit, Place, StoredTile
from db.snapshot.snapshot import Snapshot
from schema.context import Context
from service import problems
from service.headers import CommonHeaders
from service.rest import contract
from service.rest.openapi import document
from service.rest.operation import Operation
from service.rest.pins import Pins
from service.rest.resources import deliveries
from service.rest.tiles import operations as tiles
from service.rest.tiles.endpoint import Opened
from tests.api.sample import SampleStore, open_sample

PUBLIC_URL = "https://data.example.nl"
_DRAWN = datetime(2026, 11, 1, tzinfo=UTC)


class SomeTiles:
    """Of every level of 2024 one tile a zoom, at the place that the description has for example."""

    async def tile(self, publication: int, place: Place) -> StoredTile | None:
        here = place.vintage == 2024 and (place.row, place.column) == (41, 65)
        body = gzip.compress(b"\x1a\x02\x0a\x00", mtime=0)
        return StoredTile(bytes(32), body, _DRAWN) if here else None

    async def has_map(self, publication: int, level: Level, vintage: int) -> bool:
        return vintage == 2024

    async def limits(
        self, publication: int, level: Level, vintage: int, matrix_set: str
    ) -> list[Limit]:
        zoom = min(7, zooms(SETS[matrix_set], level)[-1])
        row, column = 41 % (1 << zoom), 65 % (1 << zoom)
        return [Limit(zoom, row, row, column, column)] if vintage == 2024 else []


class Held:
    """What is served; a test may set another publication, or none."""

    def __init__(self, store: SampleStore, snapshot: Snapshot | None) -> None:
        self.store = store
        self.snapshot = snapshot
        self.pins = Pins(
            self.context, lambda number: open_sample(store, number), lambda: store.gone
        )

    def context(self) -> Context:
        if self.snapshot is None:
            raise UnknownPublication(None)
        return Context(self.snapshot, public_url=PUBLIC_URL)

    def tiles(self) -> Opened | None:
        if self.snapshot is None:
            return None
        context = self.context()
        facts = context.facts
        return Opened(
            context.number, facts.edition, SomeTiles(), facts.publications, self.store.gone
        )

    @property
    def further(self) -> Sequence[Operation]:
        """The operations that need more than a snapshot."""
        return [
            *tiles.operations(self.tiles),
            deliveries.operation(self.pins.context),
        ]


DESCRIBED = contract.described_operations(Held(SampleStore(), None).further)
"""Every operation of the contract."""


def described() -> dict[str, Any]:
    """The description with every parameter written out where it is taken."""
    found = document(DESCRIBED, PUBLIC_URL)
    for path in found["paths"].values():
        path["get"]["parameters"] = [
            found["components"]["parameters"][each["$ref"].rpartition("/")[2]]
            if "$ref" in each
            else each
            for each in path["get"]["parameters"]
        ]
    return found


def rest_app(held: Held, public_url: str = PUBLIC_URL) -> Starlette:
    app = Starlette(
        routes=contract.routes(held.pins.context, public_url, held.further),
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
