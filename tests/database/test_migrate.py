"""Migrations: in order, once, whole, and by one runner at a time."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from db.core.errors import MigrationChanged
from db.embedded import EmbeddedPostgres
from db.migrate import migrate, migrations, pending
from db.pool import connect


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with EmbeddedPostgres(tmp_path_factory.mktemp("migrate")) as dsn:
        yield dsn


@pytest.fixture
async def dsn(server: str) -> AsyncIterator[str]:
    """An empty database."""
    admin = await connect(server)
    await admin.execute("CREATE DATABASE empty")
    yield server.replace("/postgres?", "/empty?")
    await admin.execute("DROP DATABASE empty WITH (FORCE)")
    await admin.close()


@pytest.fixture
async def connection(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    opened = await connect(dsn)
    yield opened
    await opened.close()


def _folder(root: Path, **texts: str) -> Path:
    root.mkdir(exist_ok=True)
    for name, text in texts.items():
        (root / f"{name.lstrip('_')}.sql").write_text(text)
    return root


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return _folder(
        tmp_path / "migrations",
        _0001_create_area="CREATE TABLE area (code text); CREATE INDEX ON area (code);",
        _0002_add_name="ALTER TABLE area ADD name text;",
    )


async def test_an_empty_database_gets_every_step_in_order(
    connection: asyncpg.Connection, folder: Path
) -> None:
    applied = await migrate(connection, migrations(folder))

    assert applied == ["0001_create_area.sql", "0002_add_name.sql"]
    assert await connection.fetchval("SELECT count(name) FROM area") == 0


async def test_a_database_up_to_date_is_left_alone(
    connection: asyncpg.Connection, folder: Path
) -> None:
    await migrate(connection, migrations(folder))

    assert await migrate(connection, migrations(folder)) == []


async def test_what_is_pending_is_told_without_changing_anything(
    connection: asyncpg.Connection, folder: Path
) -> None:
    steps = migrations(folder)

    assert await pending(connection, steps) == ["0001_create_area.sql", "0002_add_name.sql"]
    await migrate(connection, steps[:1])
    assert await pending(connection, steps) == ["0002_add_name.sql"]


async def test_a_step_that_fails_leaves_nothing_of_itself(
    connection: asyncpg.Connection, folder: Path
) -> None:
    _folder(folder, _0003_break="CREATE TABLE half (a int); SELECT nothing;")

    with pytest.raises(asyncpg.UndefinedColumnError):
        await migrate(connection, migrations(folder))

    assert await connection.fetchval("SELECT to_regclass('half')") is None
    assert await pending(connection, migrations(folder)) == ["0003_break.sql"]


async def test_after_a_failure_the_next_runner_is_not_locked_out(dsn: str, folder: Path) -> None:
    _folder(folder, _0003_break="SELECT nothing;")
    failing, other = await connect(dsn), await connect(dsn)
    with pytest.raises(asyncpg.UndefinedColumnError):
        await migrate(failing, migrations(folder))

    (folder / "0003_break.sql").write_text("SELECT 1;")
    assert await asyncio.wait_for(migrate(other, migrations(folder)), 5) == ["0003_break.sql"]

    await failing.close()
    await other.close()


async def test_a_changed_file_is_named(connection: asyncpg.Connection, folder: Path) -> None:
    await migrate(connection, migrations(folder))
    _folder(folder, _0001_create_area="CREATE TABLE area (code text, extra int);")

    with pytest.raises(MigrationChanged, match=r"0001_create_area\.sql differs"):
        await migrate(connection, migrations(folder))


async def test_other_line_ends_are_no_change(connection: asyncpg.Connection, folder: Path) -> None:
    file = _folder(folder, _0002_add_name="ALTER TABLE area\nADD name text;") / "0002_add_name.sql"
    await migrate(connection, migrations(folder))
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))

    assert await migrate(connection, migrations(folder)) == []


async def test_a_database_of_a_newer_release_is_refused(
    connection: asyncpg.Connection, folder: Path
) -> None:
    await migrate(connection, migrations(folder))

    with pytest.raises(MigrationChanged, match=r"0002_add_name\.sql .* not in this release"):
        await migrate(connection, migrations(folder)[:1])


async def test_runners_at_the_same_time_apply_each_step_once(dsn: str, folder: Path) -> None:
    _folder(folder, _0003_wait="SELECT pg_sleep(0.3);")
    runners = [await connect(dsn) for _ in range(4)]

    applied = await asyncio.gather(*(migrate(each, migrations(folder)) for each in runners))

    assert sorted(len(files) for files in applied) == [0, 0, 0, 3]
    for each in runners:
        await each.close()


@pytest.mark.parametrize(
    ("names", "complaint"),
    [
        (["_0001_a", "_0003_c"], "0003_c.sql: expected a migration numbered 0002"),
        (["_0001_a", "_0001_b"], "expected a migration numbered 0002"),
        (["_1_a"], "called NNNN_verb_noun.sql"),
    ],
)
def test_gaps_and_wrong_names_are_refused(tmp_path: Path, names: list[str], complaint: str) -> None:
    folder = _folder(tmp_path / "wrong", **dict.fromkeys(names, "SELECT 1"))

    with pytest.raises(ValueError, match=complaint):
        migrations(folder)
