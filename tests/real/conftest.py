"""The mirror folder in a database, ingested once for all tests that read it."""

import asyncio
from pathlib import Path

import pytest

from db.ingest.run import Result
from db.migrate import migrate
from db.pool import connect
from db.sources.policy import FetchPolicy
from service.loading import load_netherlands
from tests.databases import database_of
from tests.quiet import Quiet


@pytest.fixture(scope="session")
def netherlands(
    postgres: str, real_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Result]:
    """The address of a database that holds the whole mirror, and how its ingest ended."""
    dsn = database_of(postgres, "netherlands")
    return dsn, asyncio.run(_ingest(postgres, dsn, real_data, tmp_path_factory.mktemp("cache")))


async def _ingest(admin_dsn: str, dsn: str, folder: Path, cache: Path) -> Result:
    admin = await connect(admin_dsn)
    await admin.execute("CREATE DATABASE netherlands")
    await admin.close()
    connection = await connect(dsn)
    await migrate(connection)
    result = await load_netherlands(
        connection, Quiet(), sources=[], folder=folder, cache=cache, policy=FetchPolicy()
    )
    await connection.close()
    return result
