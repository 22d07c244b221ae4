"""Starts, watches and stops the embedded PostgreSQL: a unix socket only, never TCP.

Nothing it started outlives this process by more than the time of a shutdown, however it ends.
"""

import logging
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from db.core.errors import DataFolderUnusable, PostgresDidNotStart
from db.embedded.account import Account, account_for, binaries, run_as
from db.embedded.folder import DataFolder, dsn_of
from db.embedded.process import ServerProcess

_logger = logging.getLogger("leefbaarheid.postgres")

# Passed at every start, so that a release changes them without touching a folder made earlier.
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "wal_compression": "on",
    # No replica reads this server, so filling a table made in the same transaction skips the log.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "jit": "off",
    # Parallel hash joins need more shared memory than a container's default of 64 MB.
    "max_parallel_workers_per_gather": "0",
    "huge_pages": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_statement": "none",
    # A failed statement's text may hold what somebody asked for.
    "log_min_error_statement": "panic",
}
_INITDB = (
    "--username=leefbaarheid",
    "--auth=trust",
    "--encoding=UTF8",
    # PostgreSQL's own collation: the same order on every machine, whatever its libraries.
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    "--no-instructions",
)
# After a crash the log is replayed first: at most max_wal_size, some seconds per gigabyte.
_START_SECONDS = 300.0
_LARGEST_LOG = 4 * 1024 * 1024
_LONGEST_PAUSE = 5.0


class EmbeddedPostgres:
    """A server of our own; `with EmbeddedPostgres(folder) as dsn:` starts and stops it."""

    def __init__(self, folder: Path) -> None:
        self._given = folder
        self._stopping = threading.Event()
        self._guard = threading.Lock()
        self._folder: DataFolder | None = None
        self._process: ServerProcess | None = None
        self._watcher: threading.Thread | None = None

    def __enter__(self) -> str:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> str:
        """The address to connect to, once the server takes connections."""
        self._folder = folder = DataFolder(self._given)
        self._stopping.clear()
        try:
            launch = _Launch.prepare(folder)
            self._spawn(launch)
            self._await_ready(folder)
        except BaseException as error:
            self.stop()
            if isinstance(error, OSError):
                raise DataFolderUnusable(self._given, f"{error.strerror}") from error
            raise
        self._watcher = threading.Thread(
            target=self._watch, args=(launch,), name="embedded-postgres", daemon=True
        )
        self._watcher.start()
        return dsn_of(folder.sockets)

    def stop(self) -> None:
        """Ends the server and frees the folder; harmless when nothing runs."""
        with self._guard:
            self._stopping.set()
            process, self._process = self._process, None
        if process is not None:
            process.end()
        if self._watcher is not None:
            self._watcher.join()
            self._watcher = None
        folder, self._folder = self._folder, None
        if folder is not None:
            folder.clear_socket_folder()
            folder.close()

    @property
    def pid(self) -> int | None:
        """The server's process id while it runs."""
        process = self._process
        return None if process is None else process.pid

    def _spawn(self, launch: "_Launch") -> None:
        with self._guard:
            if not self._stopping.is_set():
                self._process = launch.spawn()

    def _await_ready(self, folder: DataFolder) -> None:
        end = time.monotonic() + _START_SECONDS
        while (process := self._process) is not None and not folder.is_ready(process.pid):
            if process.poll() is not None or time.monotonic() > end:
                raise PostgresDidNotStart(f"its last words: {_last_line(folder.log)}")
            time.sleep(0.01)

    def _watch(self, launch: "_Launch") -> None:
        """Starts the server again when it ends though nobody stopped it."""
        pause = 0.1
        while (process := self._process) is not None:
            began = time.monotonic()
            code = process.wait()
            process.release()
            if self._stopping.is_set():
                return
            _logger.error("embedded PostgreSQL ended by itself (%s) and is started again", code)
            pause = 0.1 if time.monotonic() - began > 30 else min(2 * pause, _LONGEST_PAUSE)
            self._stopping.wait(pause)
            try:
                launch.folder.stop_orphans()
                self._spawn(launch)
            except OSError as error:
                _logger.error("embedded PostgreSQL cannot be started: %s", error.strerror)


class _Launch:
    """What every start of one server needs: binaries, account, folder."""

    def __init__(self, folder: DataFolder, account: Account | None) -> None:
        self.folder = folder
        self._account = account
        self._binaries = binaries(account)

    @classmethod
    def prepare(cls, folder: DataFolder) -> Self:
        launch = cls(folder, account_for(folder.cluster, folder.given))
        if folder.cluster.exists():
            folder.stop_orphans()
        else:
            launch._initialise()
        folder.make_socket_folder(launch._account)
        return launch

    def _initialise(self) -> None:
        """A new cluster, made beside its place and moved there when whole."""
        new = self.folder.unfinished
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        if self._account is not None:
            self._account.own(new)
        with self._reachable(new) as (paths, descriptors):
            done = subprocess.run(
                [str(self._binaries / "initdb"), f"--pgdata={paths[0]}", *_INITDB],
                check=False,
                capture_output=True,
                pass_fds=descriptors,
                **run_as(self._account),
            )
        if done.returncode != 0:
            words = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise PostgresDidNotStart(f"initdb said: {words[-1] if words else done.returncode}")
        new.rename(self.folder.cluster)

    def spawn(self) -> ServerProcess:
        with (
            self._reachable(self.folder.cluster, self.folder.sockets) as (paths, descriptors),
            _opened_log(self.folder.log) as log,
        ):
            settings = _SETTINGS | {"unix_socket_directories": paths[1]}
            command = [
                str(self._binaries / "postgres"),
                *("-D", paths[0]),
                *(part for item in settings.items() for part in ("-c", "=".join(item))),
            ]
            return ServerProcess(command, log=log, descriptors=descriptors, account=self._account)

    @contextmanager
    def _reachable(self, *folders: Path) -> Iterator[tuple[list[str], tuple[int, ...]]]:
        """Paths the account can use, though the folders above may be closed to it.

        As root the data folder often lies where only root may go. Instead of opening the folders
        above it, the server is handed the folders themselves, as open descriptors.
        """
        if self._account is None or not Path("/proc/self/fd").is_dir():
            yield [str(folder) for folder in folders], ()
            return
        descriptors = tuple(os.open(folder, os.O_RDONLY | os.O_DIRECTORY) for folder in folders)
        try:
            yield [f"/proc/self/fd/{descriptor}" for descriptor in descriptors], descriptors
        finally:
            for descriptor in descriptors:
                os.close(descriptor)


def _opened_log(path: Path) -> BinaryIO:
    if path.exists() and path.stat().st_size > _LARGEST_LOG:
        path.replace(path.with_suffix(".log.old"))
    return path.open("ab")


def _last_line(log: Path) -> str:
    text = log.read_bytes() if log.exists() else b""
    lines = text[-4096:].decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else "none"
