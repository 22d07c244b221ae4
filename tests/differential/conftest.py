"""Countries to ask: the sample in memory, and Voorbeeldland published once in a real store."""

import gc
from collections.abc import AsyncIterator, Iterator

import pytest
from graphql import GraphQLSchema

from db.pool import connect, open_pool
from db.repository.store import PostgresStore
from db.snapshot.snapshot import Memory, Snapshot, open_snapshot
from schema.root import build
from service.loading import load_demonstration
from tests.conftest import database_of
from tests.differential import comparison
from tests.quiet import Quiet

_DATABASE = "differential"


@pytest.fixture(scope="module", autouse=True)
def collected() -> Iterator[None]:
    """What a module leaves behind is collected while its own filters of warnings hold."""
    yield
    gc.collect()


@pytest.fixture(scope="session")
def relaxed() -> GraphQLSchema:
    """The service's schema with every position nullable."""
    return comparison.relaxed(lambda: build()._schema)


@pytest.fixture(scope="session")
async def voorbeeldland(postgres: str) -> AsyncIterator[Snapshot]:
    """A snapshot of Voorbeeldland in a database of its own."""
    admin = await connect(postgres)
    await admin.execute(f"CREATE DATABASE {_DATABASE} TEMPLATE leefbaarheid_template")
    dsn = database_of(postgres, _DATABASE)
    connection = await connect(dsn)
    await load_demonstration(connection, Quiet())
    await connection.close()
    async with open_pool(dsn) as pool:
        yield await open_snapshot(PostgresStore(pool), Memory(100_000_000))
    await admin.execute(f"DROP DATABASE {_DATABASE} WITH (FORCE)")
    await admin.close()
