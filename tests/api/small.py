"""A small schema and the real application around it, for tests of GraphQL over HTTP itself."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import fields
from datetime import date
from typing import Any, Self

import httpx
import strawberry
from starlette.applications import Starlette

from db.core.errors import LeefbaarheidError, MalformedCode
from schema.cost import Price
from service.app import Publications, Questions, create_app
from service.graphql import Cost
from service.health import Readiness
from service.settings import Settings
from service.web.landing import Served

EXAMPLE = 'query Example { hello(name: "<Utrecht> & omstreken") }'
cancelled: list[str] = []


class StoreAway(LeefbaarheidError):
    """What a repository raises when Postgres does not answer."""


@strawberry.type
class Tree:
    name: str

    @strawberry.field
    def child(self) -> "Tree":
        return Tree(name=self.name)


@strawberry.type
class Query:
    @strawberry.field
    def hello(self, name: str = "world") -> str:
        return f"hello {name}"

    @strawberry.field
    def double(self, value: float) -> float:
        return 2 * value

    @strawberry.field
    def count(self, value: int) -> int:
        return value

    @strawberry.field
    def tree(self) -> Tree:
        return Tree(name="root")

    @strawberry.field
    def broken(self) -> str | None:
        raise RuntimeError("SELECT secret FROM /var/lib/store")

    @strawberry.field
    def broken_beyond_repair(self) -> str:
        raise RuntimeError("SELECT secret FROM /var/lib/store")

    @strawberry.field
    def wrong_code(self) -> str | None:
        raise MalformedCode("XX12")

    @strawberry.field
    def away(self) -> str | None:
        raise StoreAway("the store is away")

    @strawberry.field
    async def slow(self) -> str:
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            cancelled.append("slow")
            raise
        return "late"

    @strawberry.field
    async def later(self) -> str:
        await asyncio.sleep(0)
        return "done"


@strawberry.type
class Mutation:
    @strawberry.mutation
    def change(self) -> str:
        return "changed"


def code_of(error: BaseException) -> tuple[str, Mapping[str, Any]] | None:
    if isinstance(error, MalformedCode):
        return "MALFORMED_CODE", {"nearest": ["WK034403"]}
    if isinstance(error, StoreAway):
        return "UNAVAILABLE", {}
    return None


async def _ready() -> Readiness:
    return Readiness(database=True, publication=7)


def _serving() -> Served:
    return Served(publication=7, published=date(2026, 11, 1), fictional=True)


def settings(**variables: str) -> Settings:
    return Settings.from_environ({"LEEFBAARHEID_DATA_DIR": "/nowhere", "HOME": "/", **variables})


def app(**changes: Any) -> Starlette:
    """The application, with anything that it is made of in the place of what is usual here."""
    given: dict[str, Any] = {
        "schema": strawberry.Schema(Query),
        "cost": Cost(lambda *_: Price(1, 2), 3, 4),
        "code_of": code_of,
        "context": lambda: {"publication": 7},
        "extensions": lambda context: {"publication": context["publication"]},
        "ready": _ready,
        "serving": _serving,
        "settings": settings(),
        "example": EXAMPLE,
        **changes,
    }
    questions = Questions(**_parts(Questions, given))
    publications = Publications(**_parts(Publications, given))
    return create_app(given.pop("settings"), questions, publications, **given)


def _parts(of: type[Questions | Publications], given: dict[str, Any]) -> dict[str, Any]:
    """What is given for one of them, taken out of the rest."""
    return {each.name: given.pop(each.name) for each in fields(of) if each.name in given}


@asynccontextmanager
async def client(**changes: Any) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app(**changes), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as opened:
        # Tests say themselves what they accept.
        del opened.headers["accept"]
        yield opened


class Small:
    """What most tests do: ask in one of the two ways and look at status, type and body."""

    JSON = "application/json"
    GRAPHQL = "application/graphql-response+json"

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    @classmethod
    @asynccontextmanager
    async def open(cls, **changes: Any) -> AsyncIterator[Self]:
        async with client(**changes) as http:
            yield cls(http)

    async def post(self, body: object, accept: str = GRAPHQL) -> httpx.Response:
        return await self.http.post("/graphql", json=body, headers={"accept": accept})

    async def query(self, query: str, accept: str = GRAPHQL, **more: object) -> httpx.Response:
        return await self.post({"query": query, **more}, accept)


def code(response: httpx.Response) -> str:
    """The code of the first error."""
    found: str = response.json()["errors"][0]["extensions"]["code"]
    return found
