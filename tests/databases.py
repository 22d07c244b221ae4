"""Databases on a server of the tests: copying one is sooner than filling another."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from db.pool import connect

TEMPLATE = "leefbaarheid_template"
"""Migrated and empty."""


def database_of(dsn: str, name: str) -> str:
    """The address of another database on the same server."""
    base, _, options = dsn.partition("?")
    return f"{base.rsplit('/', 1)[0]}/{name}?{options}"


@asynccontextmanager
async def copied(postgres: str, name: str, of: str = TEMPLATE) -> AsyncIterator[str]:
    """The address of a copy of a database that nobody is connected to; the copy goes afterwards."""
    admin = await connect(postgres)
    # Files are copied in half the time that pages take through the log.
    await admin.execute(f"CREATE DATABASE {name} TEMPLATE {of} STRATEGY file_copy")
    yield database_of(postgres, name)
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()
