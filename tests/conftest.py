"""Fixtures for every kind of test: real files, and a real Postgres with a fresh database."""

import asyncio
import gc
import itertools
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import hypothesis
import pytest
from xdist.scheduler import LoadFileScheduling  # type: ignore[import-untyped]

from db.embedded import EmbeddedPostgres
from db.migrate import migrate
from db.pool import connect
from service.loading import load_demonstration
from tests.databases import TEMPLATE, copied, database_of
from tests.quiet import Quiet

_REPOSITORY = Path(__file__).resolve().parent.parent
_MIRROR = "the mirror"
_ON_THE_MIRROR = ("tests/real/test_mirror.py", "tests/real/test_links_real.py")
"""What reads the whole mirror in a database, which takes three minutes to fill."""
_numbers = itertools.count(1)
_MOST_WORKERS = 4
"""Of up to 1 GB each."""


# How long one example takes depends on what else the machine does; that is no fault of ours.
hypothesis.settings.register_profile("without a clock", deadline=None)
hypothesis.settings.load_profile("without a clock")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """A worker for each core where everything runs; none for chosen files, which start sooner."""
    if config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
        return 0
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    workers = min(cores or 1, _MOST_WORKERS)
    return workers if workers > 1 else 0


class _ByFile(LoadFileScheduling):  # type: ignore[misc]
    """A file at a time; files that share what takes minutes to make go to one process."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return _MIRROR if file.endswith(_ON_THE_MIRROR) else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> _ByFile:
    return _ByFile(config, log)


def pytest_collection_finish() -> None:
    """Modules and tests stay to the end: nobody needs to look for rubbish among them again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder with real publisher files; tests that read it skip where it is absent.

    With LEEFBAARHEID_REQUIRE_REAL_DATA set, as .ci/run does, they fail instead.
    """
    named = os.environ.get("LEEFBAARHEID_REAL_DATA")
    folder = Path(named) if named else _REPOSITORY.parent / "shared" / "data"
    if not (folder / "README.md").is_file():
        missing = "no real publisher files: set LEEFBAARHEID_REAL_DATA to their folder"
        if os.environ.get("LEEFBAARHEID_REQUIRE_REAL_DATA"):
            pytest.fail(missing)
        pytest.skip(missing)
    return folder


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of our own for the whole run, with a migrated template database in it."""
    with EmbeddedPostgres(tmp_path_factory.mktemp("postgres")) as dsn:
        asyncio.run(_make_template(dsn))
        yield dsn


async def _make_template(dsn: str) -> None:
    connection = await connect(dsn)
    # Nothing here outlives the machine, and a process that is killed has handed on what it wrote.
    await connection.execute("ALTER SYSTEM SET fsync = off")
    await connection.execute("SELECT pg_reload_conf()")
    await connection.execute(f"CREATE DATABASE {TEMPLATE}")
    await connection.close()
    connection = await connect(database_of(dsn, TEMPLATE))
    await migrate(connection)
    await connection.close()


@pytest.fixture(scope="session")
async def demonstration(postgres: str) -> str:
    """Name of a database that holds Voorbeeldland, to copy: nobody is connected to it."""
    name = "voorbeeldland_template"
    admin = await connect(postgres)
    await admin.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    await admin.close()
    connection = await connect(database_of(postgres, name))
    await load_demonstration(connection, Quiet())
    await connection.close()
    return name


@pytest.fixture
async def database(postgres: str) -> AsyncIterator[str]:
    """The address of a fresh, migrated, empty database."""
    async with copied(postgres, f"test_{next(_numbers)}") as dsn:
        yield dsn


@pytest.fixture
async def connection(database: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection to a fresh database."""
    opened = await connect(database)
    yield opened
    await opened.close()
