"""The whole service over Voorbeeldland in a real database, without a socket."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from service.serving import application
from service.settings import Settings


@asynccontextmanager
async def served(dsn: str, folder: Path, query: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application over the store at `dsn`, once a publication is loaded."""
    settings = Settings.from_environ({"LEEFBAARHEID_DATA_DIR": str(folder)})
    app = application(settings, dsn, query)
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://leefbaarheid.test") as client,
    ):
        yield client


async def ask(client: httpx.AsyncClient, query: str) -> Any:
    return (await client.post("/graphql", json={"query": query})).json()
