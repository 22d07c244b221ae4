"""The nation in a Postgres: published into our own store, and as plain tables for the peers.

The folder can be kept: a later run finds what it needs and starts at once.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import asyncpg

from db.core.catalogue import Catalogue
from db.core.indicator import Indicator
from db.embedded import EmbeddedPostgres, running_dsn
from db.ingest.run import Country, run
from db.ingest.tasks import parsed_task
from db.migrate import migrate
from db.pool import connect
from db.repository.facts import bodies
from tests.load.nation import Nation, Size, build_nation
from tests.quiet import Quiet

_NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
_LAYOUT = "1"
"""Raise when the nation or the peers' tables change: a kept folder is then refused."""


class FolderOutdated(Exception):
    """The kept folder holds another nation than this benchmark makes."""


@contextmanager
def opened(folder: Path) -> Iterator[str]:
    """The address of the folder's server: one that runs already, or one started for the block."""
    shared = running_dsn(folder)
    if shared:
        yield shared
        return
    with EmbeddedPostgres(folder) as dsn:
        yield dsn


def server_pid(folder: Path) -> int:
    """The process whose children are all backends of the folder's server."""
    return int((folder / "postgres" / "postmaster.pid").read_text().split()[0])


async def fill(dsn: str, size: Size) -> None:
    """Publish the nation and copy it for the peers, unless the store has it already."""
    connection = await connect(dsn)
    try:
        standing, wanted = await _mark(connection), _fingerprint(size)
        if standing not in (None, wanted):
            raise FolderOutdated("made by another version or in another size: remove the folder")
        if standing is None:
            await migrate(connection)
            await publish(connection, build_nation(size))
            await connection.execute((files("tests.load") / "peers.sql").read_text("utf-8"))
            await connection.execute(f"COMMENT ON SCHEMA nb IS '{wanted}'")
            await connection.execute("VACUUM (FREEZE, ANALYZE)")
    finally:
        await connection.close()


async def codes(dsn: str) -> dict[str, list[str]]:
    """What is drawn from: every wijk, and every gemeente with 20 to 40 of them."""
    connection = await connect(dsn)
    try:
        wijken = await connection.fetch("SELECT code FROM nb.wijk ORDER BY code")
        gemeenten = await connection.fetch(
            """SELECT g.code FROM nb.gemeente g JOIN nb.wijk w ON w.gemeente_id = g.id
            GROUP BY g.code HAVING count(*) BETWEEN 20 AND 40 ORDER BY g.code"""
        )
    finally:
        await connection.close()
    return {"wijk": [row["code"] for row in wijken], "gemeente": [row["code"] for row in gemeenten]}


async def _mark(connection: asyncpg.Connection) -> str | None:
    mark: str | None = await connection.fetchval(
        "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = 'nb'"
    )
    return mark


def _fingerprint(size: Size) -> str:
    """Also of the migrations: a newer one may store what an older publication lacks."""
    migrations = sorted(
        (file.name, file.read_bytes())
        for file in (files("db") / "migrations").iterdir()
        if file.name.endswith(".sql")
    )
    return hashlib.sha256(repr((_LAYOUT, size, migrations)).encode()).hexdigest()


async def publish(connection: asyncpg.Connection, nation: Nation) -> None:
    """Into a migrated store, as one publication."""
    indicators: tuple[Indicator, ...] = nation.indicators
    tasks = [
        parsed_task(
            dataset, parsed, hashlib.sha256(dataset.id.encode()).hexdigest(), indicators,
            lambda: _NOW,
        )
        for dataset, parsed in nation.loads
    ]  # fmt: skip
    facts = bodies(nation.reference, indicators)
    country = Country(facts, Catalogue(indicators), fictional=True)
    result = await run(connection, tasks, country, clock=lambda: _NOW, reporter=Quiet())
    if result.publication is None:
        raise RuntimeError(f"nothing was published: {result.outcomes}")
