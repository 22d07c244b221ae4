"""Voorbeeldland served once for all stories, which only read it."""

from collections.abc import AsyncIterator

import httpx
import pytest

from db.pool import connect
from service.loading import load_demonstration
from tests.api.demonstration import served
from tests.conftest import database_of
from tests.quiet import Quiet


@pytest.fixture(scope="session")
async def voorbeeldland(postgres: str) -> str:
    """Name of a database that holds Voorbeeldland, to copy: nobody is connected to it."""
    name = "voorbeeldland_template"
    admin = await connect(postgres)
    await admin.execute(f"CREATE DATABASE {name} TEMPLATE leefbaarheid_template")
    await admin.close()
    connection = await connect(database_of(postgres, name))
    await load_demonstration(connection, Quiet())
    await connection.close()
    return name


@pytest.fixture(scope="session")
async def stories(
    postgres: str, voorbeeldland: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the service over Voorbeeldland."""
    admin = await connect(postgres)
    await admin.execute(f"CREATE DATABASE stories TEMPLATE {voorbeeldland}")
    dsn = database_of(postgres, "stories")
    async with served(dsn, tmp_path_factory.mktemp("stories"), "{ __typename }") as opened:
        yield opened
    await admin.execute("DROP DATABASE stories WITH (FORCE)")
    await admin.close()
