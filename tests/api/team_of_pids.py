"""A service of workers without a store, whose answers are the process id of who answers.

Run with the number of workers and the port. `/die` ends a worker, `/slow` does not answer in time.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import typer
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from db.core.errors import LeefbaarheidError
from service.workers import assembled
from tests.api.small import settings


async def _who(_: Request) -> Response:
    return PlainTextResponse(str(os.getpid()))


async def _slow(_: Request) -> Response:
    await asyncio.sleep(60)
    return PlainTextResponse("late")


async def _die(_: Request) -> Response:
    os._exit(7)


class _Build:
    def prepare(self) -> None:
        """Nothing to do beforehand."""

    def __call__(self, dsn: str, example: str, *, shared: Path | None = None) -> ASGIApp:
        @asynccontextmanager
        async def lifespan(_: Starlette) -> AsyncIterator[None]:
            if dsn == "broken":
                os._exit(7)
            # In one piece, because two workers write it at the same time.
            print(f"folder {shared}\n", end="", flush=True)
            yield

        routes = [Route("/", _who), Route("/slow", _slow), Route("/die", _die)]
        return Starlette(routes=routes, lifespan=lifespan)


def main(count: str, port: str, dsn: str = "") -> None:
    try:
        with assembled(settings(LEEFBAARHEID_PORT=port), int(count), _Build()) as team:
            team.serve(dsn, "", lambda: print("serves on", team.address, flush=True))
    except LeefbaarheidError as error:
        typer.echo(f"{error}", err=True)
        raise SystemExit(1) from None
    print("ended in good order", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
