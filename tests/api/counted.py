"""A schema that counts how often it is run, and a publication that can be swapped under it."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Self

import httpx
import strawberry

from service.app import Application, Spot
from tests.api.small import app, client, settings

QUERY = "{ text(length: 20) }"
LARGE = "{ text(length: 100000) }"


class Counted:
    """What was run, and the gate at which `later` waits."""

    def __init__(self) -> None:
        self.publication = 7
        self.run: list[str] = []
        self.gate = asyncio.Event()

    @classmethod
    @asynccontextmanager
    async def open(cls, **variables: str) -> AsyncIterator[tuple[Self, httpx.AsyncClient]]:
        counted = cls()
        async with client(**counted._changes(**variables)) as http:
            # Tests say themselves what they take.
            del http.headers["accept-encoding"]
            yield counted, http

    @classmethod
    def on_the_spot(cls, **variables: str) -> tuple[Self, Spot]:
        """The same as the server asks it before it makes an ordinary request of one."""
        counted = cls()
        return counted, counted._made(**variables).on_the_spot

    @classmethod
    def application(cls, **variables: str) -> Application:
        """The same to listen with."""
        return cls()._made(**variables)

    def _made(self, **variables: str) -> Application:
        application = app(**self._changes(**variables))
        assert isinstance(application, Application)
        return application

    def _changes(self, **variables: str) -> dict[str, Any]:
        return {
            "schema": strawberry.Schema(Query, Mutation),
            "settings": settings(**variables),
            "context": lambda: {"publication": self.publication, "counted": self},
            "extensions": lambda context: {"publication": context["publication"]},
        }


def _counted(info: strawberry.Info, name: str) -> Counted:
    context: Mapping[str, Any] = info.context
    counted: Counted = context["counted"]
    counted.run.append(name)
    return counted


@strawberry.type
class Query:
    @strawberry.field
    def text(self, info: strawberry.Info, length: int) -> str:
        number = _counted(info, "text").publication
        words = "".join(f"{number} wijk {n % 997} " for n in range(length // 8 + 1))
        return words[:length]

    @strawberry.field
    async def later(self, info: strawberry.Info, length: int = 20) -> str:
        counted = _counted(info, "later")
        number = info.context["publication"]
        try:
            await counted.gate.wait()
        except asyncio.CancelledError:
            counted.run.append("cancelled")
            raise
        return f"{number} " * length

    @strawberry.field
    def broken(self, info: strawberry.Info) -> str | None:
        _counted(info, "broken")
        raise RuntimeError("broken")


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def change(self, info: strawberry.Info) -> str:
        _counted(info, "change")
        await asyncio.sleep(0)
        return "changed"
