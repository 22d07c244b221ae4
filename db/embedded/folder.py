"""The data folder: one owner at a time, what lies in it, and what a crash left behind there."""

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from db.core.errors import DataFolderInUse, DataFolderUnusable
from db.embedded.account import MAJOR, Account

_PORT = 5432
_SOCKET = f".s.PGSQL.{_PORT}"
# The kernel's limit on a socket's path is 107 bytes on Linux and 103 on macOS.
_LONGEST_SOCKET = 103
_TEMPORARY = "leefbaarheid-"
_PROC = Path("/proc")


class DataFolder:
    """A folder held by a lock for as long as this object is open."""

    def __init__(self, given: Path) -> None:
        self.given = given
        try:
            if not given.exists():
                given.mkdir(parents=True, mode=0o700)
            self.path = given.resolve(strict=True)
            self._lock = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise DataFolderUnusable(given, f"{error.strerror}") from error
        try:
            self._hold()
            self._check_version()
        except BaseException:
            self.close()
            raise

    @property
    def cluster(self) -> Path:
        return self.path / "postgres"

    @property
    def unfinished(self) -> Path:
        return self.path / "postgres.new"

    @property
    def log(self) -> Path:
        return self.path / "postgres.log"

    @property
    def sockets(self) -> Path:
        return (self.path / "run").resolve()

    def close(self) -> None:
        os.close(self._lock)

    def _hold(self) -> None:
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(self._lock, 20, 0).decode("ascii", "replace").strip()
            raise DataFolderInUse(self.given, holder or "unknown") from None
        os.ftruncate(self._lock, 0)
        os.pwrite(self._lock, f"{os.getpid()}\n".encode(), 0)

    def _check_version(self) -> None:
        try:
            major = (self.cluster / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            return
        except PermissionError as error:
            raise DataFolderUnusable(self.given, "it belongs to another user") from error
        if major != str(MAJOR):
            raise DataFolderUnusable(
                self.given,
                f"it was made by PostgreSQL {major} and this release brings {MAJOR}; "
                "name a new folder and ingest again, or set DATABASE_URL",
            )

    def make_socket_folder(self, account: Account | None) -> None:
        """`run` in the folder; where its path is too long, a short one that `run` points to."""
        run = self.path / "run"
        self.clear_socket_folder()
        if len(os.fsencode(run / _SOCKET)) <= _LONGEST_SOCKET:
            run.mkdir(mode=0o700)
        else:
            run.symlink_to(tempfile.mkdtemp(prefix=_TEMPORARY))
        if account is not None:
            account.own(run)

    def clear_socket_folder(self) -> None:
        run = self.path / "run"
        if run.is_symlink():
            target = run.resolve()
            if target.name.startswith(_TEMPORARY):
                shutil.rmtree(target, ignore_errors=True)
            run.unlink()
        elif run.exists():
            shutil.rmtree(run)

    def is_ready(self, pid: int) -> bool:
        """Whether the server with this process id says that it takes connections."""
        lines = self._pid_file()
        return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"

    def _pid_file(self) -> list[str]:
        try:
            return (self.cluster / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def stop_orphans(self) -> None:
        """End servers that outlived a killed owner; then a pid file can only be stale.

        PostgreSQL itself refuses to start when the number in that file belongs to any living
        process, which after a restart of a container is often our own.
        """
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            left = list(_processes(self.cluster))
            for pid in self._addressees(left, number):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)
            _wait_until_gone(self.cluster, seconds=10)
        if _PROC.is_dir() and self._pid_file():
            (self.cluster / "postmaster.pid").unlink(missing_ok=True)

    def _addressees(self, left: list[int], number: signal.Signals) -> list[int]:
        """The first process passes a shutdown on in good order; its workers take only an end."""
        first = [pid for pid in left if self._pid_file()[:1] == [str(pid)]]
        if number is signal.SIGKILL:
            return left
        return first or (left if number is signal.SIGQUIT else [])


def _wait_until_gone(cluster: Path, seconds: float) -> None:
    end = time.monotonic() + seconds
    while any(_processes(cluster)) and time.monotonic() < end:
        time.sleep(0.02)


def _processes(cluster: Path) -> Iterator[int]:
    """Servers working in this cluster: both program and working folder must agree."""
    if not _PROC.is_dir():
        return
    for entry in _PROC.iterdir():
        if not entry.name.isdigit():
            continue
        with contextlib.suppress(OSError):
            program = os.readlink(entry / "exe")
            at = os.readlink(entry / "cwd")
            if Path(program).name.startswith("postgres") and at == str(cluster):
                yield int(entry.name)


def dsn_of(sockets: Path) -> str:
    return f"postgresql://leefbaarheid@/postgres?host={quote(str(sockets))}&port={_PORT}"


def running_dsn(folder: Path) -> str | None:
    """Where the server that another process holds in this folder listens, if one does."""
    sockets = (folder / "run").resolve()
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(sockets / _SOCKET))
        except OSError:
            return None
    return dsn_of(sockets)
