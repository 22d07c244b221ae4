"""Countries to ask: the sample in memory, and Voorbeeldland published once in a real store."""

import gc
from collections.abc import AsyncIterator, Iterator

import pytest
from graphql import GraphQLSchema

from db.pool import open_pool
from db.repository.store import PostgresStore
from db.snapshot.snapshot import Memory, Snapshot, open_snapshot
from schema.root import build
from tests.databases import copied
from tests.differential import comparison


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
async def voorbeeldland(postgres: str, demonstration: str) -> AsyncIterator[Snapshot]:
    """A snapshot of Voorbeeldland in a database of its own."""
    async with (
        copied(postgres, "differential", demonstration) as dsn,
        open_pool(dsn) as pool,
    ):
        yield await open_snapshot(PostgresStore(pool), Memory(100_000_000))
