"""Several processes on one address: all answer, the dead are replaced, none is left behind."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from db.embedded import running_dsn
from db.pool import connect
from service.cli import app
from tests.api.service_process import ServiceProcess, leefbaarheid

_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="reads the processes from /proc")
_ENDED = "ended in good order"


class _Team:
    """`team_of_pids` in a process group of its own, with `place` for temporary files."""

    def __init__(self, place: Path, port: int = 0, *more: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.api.team_of_pids", "2", str(port), *more],
            env=os.environ | {"TMPDIR": str(place)},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        self.folders: set[Path] = set()
        self.address = ""

    def started(self) -> "_Team":
        assert self.process.stdout is not None
        for line in self.process.stdout:
            word, *others = line.split()
            if word == "folder":
                self.folders.add(Path(others[0]))
            elif word == "serves":
                self.address = others[-1]
                return self
        raise AssertionError(self.rest())

    def who(self) -> int:
        """Who answers a new connection."""
        return int(httpx.get(self.address, timeout=10).text)

    def all(self) -> set[int]:
        """Both workers, seen from outside."""
        found: set[int] = set()

        def complete() -> bool:
            found.add(self.who())
            return len(found) == 2

        _await(complete)
        return found

    def rest(self) -> tuple[str, str]:
        return self.process.communicate(timeout=20)


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Team]:
    """For tests after which it still serves."""
    with _ended(_Team(tmp_path_factory.mktemp("lasting")).started()) as started:
        yield started


@pytest.fixture
def team(tmp_path: Path) -> Iterator[_Team]:
    """For tests that end it."""
    with _ended(_Team(tmp_path).started()) as started:
        yield started


@contextlib.contextmanager
def _ended(team: _Team) -> Iterator[_Team]:
    try:
        yield team
    finally:
        team.process.kill()
        team.process.communicate()


def _await(true: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _alive(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    # A process that ended stays listed until whoever inherited it has looked.
    return status.rpartition(")")[2].split()[0] != "Z"


def _below(pid: int) -> set[int]:
    """The processes that this one started, and those that they did."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents[int(entry.parent.name)] = int(entry.read_text().rpartition(")")[2].split()[1])
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


def test_every_worker_answers_on_the_one_address(lasting: _Team) -> None:
    assert len(lasting.all()) == 2


def test_the_workers_are_given_one_folder_that_only_we_may_enter(lasting: _Team) -> None:
    (folder,) = lasting.folders
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_killed_worker_is_replaced_and_every_new_connection_answered(lasting: _Team) -> None:
    before = lasting.all()
    killed = min(before)
    os.kill(killed, signal.SIGKILL)

    answering = {lasting.who() for _ in range(50)}
    after = lasting.all()

    assert killed not in answering
    assert len(after - before) == 1


def test_a_worker_that_ends_in_a_request_is_replaced(lasting: _Team) -> None:
    before = lasting.all()
    with pytest.raises(httpx.TransportError):
        httpx.get(f"{lasting.address}/die")

    assert len(lasting.all() & before) == 1


def test_workers_that_do_not_stay_alive_end_the_service_with_exit_code_1(
    tmp_path: Path,
) -> None:
    with _ended(_Team(tmp_path, 0, "broken")) as team:
        said, complained = team.rest()

    assert (team.process.returncode, said) == (1, "")
    assert "a worker ended 5 times in 10 s" in complained
    assert complained.splitlines()[-1].startswith("the workers do not stay alive")


@_LINUX
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_all_processes_in_good_order(team: _Team, number: signal.Signals) -> None:
    started = _below(team.process.pid)
    team.process.send_signal(number)
    said, complained = team.rest()

    assert (team.process.returncode, said, complained) == (0, f"{_ENDED}\n", "")
    assert len(started) == 3
    assert not any(_alive(pid) for pid in started)
    assert not any(folder.exists() for folder in team.folders)


def test_a_first_interrupt_waits_for_what_runs_and_a_second_does_not(team: _Team) -> None:
    asking = threading.Thread(target=_ask_in_vain, args=(f"{team.address}/slow",))
    asking.start()
    time.sleep(0.3)
    os.killpg(team.process.pid, signal.SIGINT)
    with pytest.raises(subprocess.TimeoutExpired):
        team.process.wait(1)
    began = time.monotonic()
    os.killpg(team.process.pid, signal.SIGINT)
    said, _ = team.rest()
    asking.join()

    assert (team.process.returncode, said) == (0, f"{_ENDED}\n")
    assert time.monotonic() - began < 5


def _ask_in_vain(address: str) -> None:
    with contextlib.suppress(httpx.TransportError):
        assert httpx.get(address, timeout=30).status_code == 500


@_LINUX
@pytest.mark.parametrize("also_foreman", [False, True])
def test_a_killed_service_leaves_no_workers_and_the_next_start_removes_its_folder(
    team: _Team, tmp_path: Path, also_foreman: bool
) -> None:
    started = _below(team.process.pid)
    (foreman,) = started - team.all()
    if also_foreman:
        os.kill(foreman, signal.SIGSTOP)
    team.process.kill()
    if also_foreman:
        os.kill(foreman, signal.SIGKILL)
    _await(lambda: not any(_alive(pid) for pid in started), 3)

    assert all(folder.exists() for folder in team.folders)
    with (
        _ended(_Team(tmp_path).started()) as second,
        _ended(_Team(tmp_path).started()) as third,
    ):
        assert set(tmp_path.iterdir()) == second.folders | third.folders


@_LINUX
def test_a_killed_foreman_ends_the_service_with_exit_code_1(team: _Team) -> None:
    started = _below(team.process.pid)
    (foreman,) = started - team.all()
    os.kill(foreman, signal.SIGKILL)
    _, complained = team.rest()

    assert team.process.returncode == 1
    assert complained.startswith("the workers do not stay alive")
    _await(lambda: not any(_alive(pid) for pid in started), 3)


def test_a_port_in_use_is_named_also_to_a_service_with_workers(
    lasting: _Team, tmp_path: Path
) -> None:
    port = int(lasting.address.rpartition(":")[2])
    with _ended(_Team(tmp_path, port)) as second:
        said, complained = second.rest()

    assert (second.process.returncode, said) == (1, "")
    assert complained.startswith(f"cannot listen on 127.0.0.1:{port}: ")


@pytest.mark.parametrize("count", ["0", "65", "two"])
@pytest.mark.parametrize("command", ["up", "serve"])
def test_a_number_of_workers_that_cannot_be_is_wrong_usage(command: str, count: str) -> None:
    refused = CliRunner().invoke(app, [command, "--workers", count])

    assert refused.exit_code == 2
    assert "--workers" in refused.stderr


@_LINUX
def test_workers_share_one_postgres_that_ends_with_them_and_all_see_a_publication(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "data"
    with ServiceProcess(folder, "serve", "--workers", "2") as service:
        started = _below(service.process.pid)
        _await(lambda: asyncio.run(_listeners(folder)) == 2)
        assert _publications(service) == {None}
        assert leefbaarheid(folder, "ingest", "--from", str(_mirror(tmp_path))).returncode == 0
        _await(lambda: _publications(service) == {1})

        assert service.interrupt() == 0
        assert running_dsn(folder) is None
        assert not any(_alive(pid) for pid in started)
        assert sum("serves on" in line for line in service.printed) == 1


async def _listeners(folder: Path) -> int:
    dsn = running_dsn(folder)
    assert dsn is not None
    connection = await connect(dsn)
    found: int = await connection.fetchval(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'leefbaarheid-listen'"
    )
    await connection.close()
    return found


def _publications(service: ServiceProcess) -> set[int | None]:
    """The publications that twenty new connections are answered from."""
    answers = [service.ask("{ __typename }") for _ in range(20)]
    return {answer.get("extensions", {}).get("publication") for answer in answers}


def _mirror(place: Path) -> Path:
    mirror = place / "mirror"
    (mirror / "codes").mkdir(parents=True)
    (mirror / "codes" / "gemeente_2025.csv").write_text(
        "\ufeffGemeente2025;Gemeentenaam2025\n0014;Groningen\n", encoding="utf-8"
    )
    return mirror
