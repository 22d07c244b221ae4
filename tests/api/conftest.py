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
async def stories(
    postgres: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the service over Voorbeeldland."""
    admin = await connect(postgres)
    await admin.execute("CREATE DATABASE stories TEMPLATE leefbaarheid_template")
    dsn = database_of(postgres, "stories")
    connection = await connect(dsn)
    await load_demonstration(connection, Quiet())
    await connection.close()
    async with served(dsn, tmp_path_factory.mktemp("stories"), "{ __typename }") as opened:
        yield opened
    await admin.execute("DROP DATABASE stories WITH (FORCE)")
    await admin.close()
