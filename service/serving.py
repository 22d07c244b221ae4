"""Serving from a store: pool, snapshot and schema wired into the application."""

import asyncio
from collections.abc import AsyncIterator, Hashable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg
from starlette.applications import Starlette

from db.core.errors import UnknownPublication
from db.core.publication import WithdrawnPublication
from db.pool import connect, open_pool
from db.repository.store import PostgresStore
from db.repository.tiles import TileStore
from db.snapshot.current import Current
from db.snapshot.sharing import Sharing
from db.snapshot.snapshot import Memory, open_snapshot
from schema import cost
from schema.context import Context
from schema.deliveries import FLEETING_FIELDS
from schema.errors import code_of
from schema.facts import facts_of
from schema.locate import PRIVATE_FIELDS
from schema.root import build
from service import well_known
from service.app import Publications, Questions, create_app
from service.graphql import Cost
from service.health import Readiness
from service.rest import contract
from service.rest.operator import Operator
from service.rest.pins import Pins
from service.rest.resources import deliveries
from service.rest.tiles import operations as tiles
from service.rest.tiles.endpoint import Opened
from service.settings import Settings
from service.web import api
from service.web import map as map_page
from service.web.landing import Served
from service.webhooks.delivering import Delivering, deliver_forever

_POLL_SECONDS = 5.0
_START_SECONDS = 5.0


def application(
    settings: Settings, dsn: str, example: str, *, shared: Path | None = None
) -> Starlette:
    """The application over the store at `dsn`. It starts also while the store is away.

    `shared` is the folder in which the processes of one service share blocks.
    """
    serving = _Serving(settings, dsn, shared)
    questions = Questions(
        build(),
        Cost(cost.price, cost.MOST_ROWS, cost.MOST_FIELDS, cost.formula),
        code_of,
        private=PRIVATE_FIELDS,
        fleeting=FLEETING_FIELDS,
    )
    publications = Publications(
        serving.context,
        _extensions,
        serving.ready,
        serving.served,
        edition=_edition,
        named=serving.publication,
        lifespan=serving.lifespan,
    )
    further = [
        *contract.routes(
            serving.publication,
            settings.public_url,
            [
                *tiles.operations(serving.tiles),
                deliveries.operation(serving.publication),
                api.operation(serving.served),
                map_page.operation(serving.served),
            ],
            operator=Operator(settings.operator, settings.operator_id, settings.contact),
        ),
        *well_known.routes(settings.public_url, settings.contact),
    ]
    return create_app(settings, questions, publications, example=example, further=further)


class _Serving:
    """What exists while the application runs, and what its parts ask of it."""

    def __init__(self, settings: Settings, dsn: str, shared: Path | None) -> None:
        self._settings = settings
        self._dsn = dsn
        self._shared = shared
        self._store: PostgresStore | None = None
        self._tiles: TileStore | None = None
        self._current: Current | None = None
        self._pins: Pins | None = None

    @asynccontextmanager
    async def lifespan(self, _: Starlette) -> AsyncIterator[None]:
        async with open_pool(self._dsn) as pool:
            self._store = PostgresStore(pool)
            self._tiles = TileStore(pool)
            most = self._settings.snapshot_bytes
            sharing = Sharing(self._shared, most) if self._shared else None
            memory = Memory(most, sharing)
            self._current = Current(self._store, memory, prepare=facts_of)
            self._pins = Pins(
                self.context, partial(open_snapshot, self._store, memory), self._withdrawn
            )
            await self._current.start(_START_SECONDS)
            following = asyncio.create_task(self._current.follow(self._listener, _POLL_SECONDS))
            telling = asyncio.create_task(
                deliver_forever(
                    self._messenger,
                    Delivering(self._settings.public_url, inside=self._settings.webhook_inside),
                )
            )
            try:
                yield
            finally:
                following.cancel()
                telling.cancel()
                await asyncio.gather(following, telling, return_exceptions=True)

    async def _listener(self) -> asyncpg.Connection:
        return await connect(self._dsn, name="leefbaarheid-listen")

    async def _messenger(self) -> asyncpg.Connection:
        return await connect(self._dsn, name="leefbaarheid-webhooks")

    def context(self) -> Context:
        if self._current is None:
            raise UnknownPublication(None)
        return Context(self._current.snapshot, public_url=self._settings.public_url)

    def _withdrawn(self) -> Mapping[int, WithdrawnPublication]:
        return self._current.withdrawn if self._current else {}

    async def publication(self, number: int | None) -> Context:
        """What a request is answered from that names a publication, or none."""
        if self._pins is None:
            raise UnknownPublication(None)
        return await self._pins.context(number)

    def tiles(self) -> Opened | None:
        if self._tiles is None or self._current is None or not self._current.ready:
            return None
        snapshot = self._current.snapshot
        facts = facts_of(snapshot)
        return Opened(
            snapshot.number, facts.edition, self._tiles, facts.publications, self._withdrawn()
        )

    async def ready(self) -> Readiness:
        number = self._current.snapshot.number if self._current and self._current.ready else None
        if self._store is None:
            return Readiness(False, number)
        await self._store.ping()
        return Readiness(True, number)

    def served(self) -> Served | None:
        if self._current is None or not self._current.ready:
            return None
        publication = self._current.snapshot.head.publication
        moment = publication.published_at
        return Served(publication.number, moment.date(), publication.fictional, moment)


def _edition(context: object) -> Hashable:
    assert isinstance(context, Context)
    return context.facts.edition


def _extensions(context: object) -> Mapping[str, Any]:
    """What every answer says of the publication it was read from."""
    assert isinstance(context, Context)
    publication = context.snapshot.head.publication
    return {"publication": publication.number, "fictional": publication.fictional}
