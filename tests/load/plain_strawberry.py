"""The same questions as one writes such a service first: Strawberry, asyncpg and DataLoaders.

Nothing of ours is in it. `DATABASE_URL` says where the plain tables are.
"""

import contextlib
import json
import os
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Hashable, Sequence
from typing import Any, TypeVar

import asyncpg
import strawberry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.dataloader import DataLoader
from strawberry.scalars import JSON

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
Key = tuple[int, int]
_WIJK = """SELECT id, code, name, gemeente_id, inhabitants, households, area_ha, density, urbanity
    FROM nb.wijk"""
_GEMEENTE = "SELECT id, code, name FROM nb.gemeente"


@strawberry.type
class Observation:
    indicator_id: int
    year: int
    value: float | None


@strawberry.type
class Series:
    indicator_id: int
    points: list[Observation]


@strawberry.type
class Gemeente:
    id: strawberry.Private[int]
    code: str
    name: str

    @strawberry.field
    async def wijken(self, info: strawberry.Info) -> list["Wijk"]:
        return await _loaders(info).wijken.load(self.id)


@strawberry.type
class Wijk:
    id: strawberry.Private[int]
    gemeente_id: strawberry.Private[int]
    code: str
    name: str
    inhabitants: float | None
    households: float | None
    area_ha: float | None
    density: float | None
    urbanity: float | None

    @strawberry.field
    async def gemeente(self, info: strawberry.Info) -> Gemeente:
        return await _loaders(info).gemeente.load(self.gemeente_id)

    @strawberry.field
    async def geometry(self, info: strawberry.Info) -> JSON:
        found: JSON = await _loaders(info).geometry.load(self.id)
        return found

    @strawberry.field
    async def latest(self, info: strawberry.Info, indicators: list[int]) -> list[Observation]:
        found = await _loaders(info).latest.load_many([(self.id, i) for i in indicators])
        return [observation for observation in found if observation is not None]

    @strawberry.field
    async def series(self, info: strawberry.Info, indicators: list[int]) -> list[Series]:
        found = await _loaders(info).series.load_many([(self.id, i) for i in indicators])
        return [
            Series(indicator_id=i, points=points)
            for i, points in zip(indicators, found, strict=True)
        ]


@strawberry.type
class Member:
    wijk_id: strawberry.Private[int]
    share: float

    @strawberry.field
    async def wijk(self, info: strawberry.Info) -> Wijk:
        return await _loaders(info).wijk.load(self.wijk_id)


@strawberry.type
class FocusArea:
    id: strawberry.Private[int]
    slug: str
    name: str

    @strawberry.field
    async def members(self, info: strawberry.Info) -> list[Member]:
        return await _loaders(info).members.load(self.id)


@strawberry.type
class Ranked:
    wijk_id: strawberry.Private[int]
    rank: int
    value: float | None

    @strawberry.field
    async def wijk(self, info: strawberry.Info) -> Wijk:
        return await _loaders(info).wijk.load(self.wijk_id)


@strawberry.type
class Row:
    wijk_id: int
    year: int
    value: float | None


@strawberry.type
class Query:
    @strawberry.field
    async def wijk(self, info: strawberry.Info, code: str) -> Wijk | None:
        found = await _loaders(info).rows(f"{_WIJK} WHERE code = $1", code)
        return Wijk(**found[0]) if found else None

    @strawberry.field
    async def gemeente(self, info: strawberry.Info, code: str) -> Gemeente | None:
        found = await _loaders(info).rows(f"{_GEMEENTE} WHERE code = $1", code)
        return Gemeente(**found[0]) if found else None

    @strawberry.field
    async def wijken(self, info: strawberry.Info, first: int = 5000) -> list[Wijk]:
        return [
            Wijk(**row) for row in await _loaders(info).rows(f"{_WIJK} ORDER BY id LIMIT $1", first)
        ]

    @strawberry.field
    async def focus_areas(self, info: strawberry.Info) -> list[FocusArea]:
        sql = "SELECT id, slug, name FROM nb.focus_area ORDER BY id"
        return [FocusArea(**row) for row in await _loaders(info).rows(sql)]

    @strawberry.field
    async def ranking(
        self, info: strawberry.Info, indicator: int, year: int, first: int = 100
    ) -> list[Ranked]:
        sql = """SELECT wijk_id, value FROM nb.observation WHERE indicator_id = $1 AND year = $2
            ORDER BY value DESC NULLS LAST, wijk_id LIMIT $3"""
        found = await _loaders(info).rows(sql, indicator, year, first)
        return [Ranked(rank=place, **row) for place, row in enumerate(found, start=1)]

    @strawberry.field
    async def observations(self, info: strawberry.Info, indicator: int) -> list[Row]:
        sql = """SELECT wijk_id, year, value FROM nb.observation WHERE indicator_id = $1
            ORDER BY wijk_id, year"""
        return [Row(**row) for row in await _loaders(info).rows(sql, indicator)]


class Loaders:
    """The DataLoaders of one request."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self.wijk: DataLoader[int, Wijk] = DataLoader(self._wijk)
        self.wijken: DataLoader[int, list[Wijk]] = DataLoader(self._wijken)
        self.gemeente: DataLoader[int, Gemeente] = DataLoader(self._gemeente)
        self.geometry: DataLoader[int, Any] = DataLoader(self._geometry)
        self.latest: DataLoader[Key, Observation | None] = DataLoader(self._latest)
        self.series: DataLoader[Key, list[Observation]] = DataLoader(self._series)
        self.members: DataLoader[int, list[Member]] = DataLoader(self._members)

    async def rows(self, sql: str, *arguments: object) -> list[Any]:
        async with self._pool.acquire() as connection:
            found: list[Any] = await connection.fetch(sql, *arguments)
            return found

    async def _wijk(self, ids: list[int]) -> list[Wijk]:
        rows = await self.rows(f"{_WIJK} WHERE id = ANY($1)", ids)
        found = {row["id"]: Wijk(**row) for row in rows}
        return [found[id_] for id_ in ids]

    async def _wijken(self, ids: list[int]) -> list[list[Wijk]]:
        rows = await self.rows(f"{_WIJK} WHERE gemeente_id = ANY($1) ORDER BY code", ids)
        return _grouped(ids, rows, lambda row: row["gemeente_id"], lambda row: Wijk(**row))

    async def _gemeente(self, ids: list[int]) -> list[Gemeente]:
        rows = await self.rows(f"{_GEMEENTE} WHERE id = ANY($1)", ids)
        found = {row["id"]: Gemeente(**row) for row in rows}
        return [found[id_] for id_ in ids]

    async def _geometry(self, ids: list[int]) -> list[Any]:
        rows = await self.rows("SELECT id, geojson FROM nb.wijk WHERE id = ANY($1)", ids)
        found = {row["id"]: row["geojson"] for row in rows}
        return [found[id_] for id_ in ids]

    async def _latest(self, keys: list[Key]) -> list[Observation | None]:
        sql = """SELECT wijk_id, indicator_id, year, value FROM nb.latest_observation
            WHERE wijk_id = ANY($1) AND indicator_id = ANY($2)"""
        rows = await self.rows(sql, *_columns(keys))
        found = {_key(row): _observation(row) for row in rows}
        return [found.get(key) for key in keys]

    async def _series(self, keys: list[Key]) -> list[list[Observation]]:
        sql = """SELECT wijk_id, indicator_id, year, value FROM nb.observation
            WHERE wijk_id = ANY($1) AND indicator_id = ANY($2) ORDER BY year"""
        return _grouped(keys, await self.rows(sql, *_columns(keys)), _key, _observation)

    async def _members(self, ids: list[int]) -> list[list[Member]]:
        sql = """SELECT focus_area_id, wijk_id, share FROM nb.focus_area_member
            WHERE focus_area_id = ANY($1) ORDER BY wijk_id"""
        return _grouped(
            ids,
            await self.rows(sql, ids),
            lambda row: row["focus_area_id"],
            lambda row: Member(wijk_id=row["wijk_id"], share=row["share"]),
        )


def _key(row: Any) -> Key:
    return row["wijk_id"], row["indicator_id"]


def _columns(keys: Sequence[Key]) -> tuple[list[int], list[int]]:
    return list({wijk for wijk, _ in keys}), list({indicator for _, indicator in keys})


def _observation(row: Any) -> Observation:
    return Observation(indicator_id=row["indicator_id"], year=row["year"], value=row["value"])


def _grouped(
    keys: Sequence[K], rows: list[Any], key: Callable[[Any], K], made: Callable[[Any], V]
) -> list[list[V]]:
    groups: defaultdict[K, list[V]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(made(row))
    return [groups[one] for one in keys]


def _loaders(info: strawberry.Info) -> Loaders:
    loaders: Loaders = info.context["loaders"]
    return loaders


class _Endpoint(GraphQL[dict[str, Loaders], None]):
    async def get_context(
        self, request: Request | WebSocket, response: Response | WebSocket
    ) -> dict[str, Loaders]:
        return {"loaders": Loaders(request.app.state.pool)}


async def _speak_json(connection: asyncpg.Connection) -> None:
    await connection.set_type_codec(
        "jsonb", schema="pg_catalog", encoder=json.dumps, decoder=json.loads
    )


@contextlib.asynccontextmanager
async def _lifespan(starlette: Starlette) -> AsyncIterator[None]:
    starlette.state.pool = await asyncpg.create_pool(
        os.environ["DATABASE_URL"],
        min_size=10,
        max_size=10,
        max_inactive_connection_lifetime=0,
        init=_speak_json,
    )
    yield
    await starlette.state.pool.close()


app = Starlette(
    routes=[Route("/graphql", _Endpoint(strawberry.Schema(Query), graphql_ide=None))],
    lifespan=_lifespan,
)
