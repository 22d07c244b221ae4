"""The small application on a real socket in this process, under one class of protocol."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import ASGIApp

from service.server import BoundedHttp, config, listen
from tests.api.small import app, settings


@asynccontextmanager
async def listening(
    http: type[BoundedHttp] = BoundedHttp, application: ASGIApp | None = None
) -> AsyncIterator[int]:
    """The port it listens on, until the block ends."""
    listener = listen(settings(LEEFBAARHEID_PORT="0"))
    server = uvicorn.Server(config(application or app(), http))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    try:
        yield int(listener.getsockname()[1])
    finally:
        server.should_exit = True
        await serving
        listener.close()
