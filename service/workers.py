"""Several processes on one address. A foreman, forked before the store is opened, runs them.

So no worker, however late it is forked, inherits a thread, an event loop, a connection or the lock
of the data folder from the process that was started.
"""

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Protocol

import orjson
from starlette.types import ASGIApp

from db.core.errors import LeefbaarheidError
from service import server
from service.foreman import ENDINGS, Foreman, fork, freeze
from service.settings import Settings
from service.shared import folder_of_blocks

MOST = 64


class WorkersUnavailable(LeefbaarheidError):
    """A system that cannot fork."""

    def __init__(self) -> None:
        super().__init__("this system cannot fork processes; leave out --workers")


class WorkersDied(LeefbaarheidError):
    """Workers that do not stay alive, or a foreman that somebody killed."""

    def __init__(self) -> None:
        super().__init__("the workers do not stay alive; what they said last stands above")


class Build(Protocol):
    """Makes the application; `shared` is the folder in which workers share blocks."""

    def prepare(self) -> None:
        """Do beforehand what needs no store, in whichever process and thread will make it."""

    def __call__(self, dsn: str, example: str, *, shared: Path | None = None) -> ASGIApp: ...


@contextmanager
def assembled(settings: Settings, count: int, build: Build) -> Iterator["Alone | Team"]:
    """Whoever will serve, listening already; enter it before anything starts a thread."""
    if count > 1 and not hasattr(os, "fork"):
        raise WorkersUnavailable
    listener = server.listen(settings)
    address = server.address_of(listener)
    if count == 1:
        alone = Alone(address, listener, build)
        try:
            yield alone
        finally:
            # Modules that are imported while Python ends complain of it.
            alone.prepared()
        return
    team = _gathered(address, _listeners(listener, count), build)
    try:
        yield team
    finally:
        team.end()


class Alone:
    """This process itself as the only worker."""

    def __init__(self, address: str, listener: socket.socket, build: Build) -> None:
        self.address = address
        self._listener = listener
        self._build = build
        self._preparing = threading.Thread(target=build.prepare, name="prepare")
        self._preparing.start()

    def prepared(self) -> None:
        """Wait for it: two threads that import the same modules may see half of one."""
        self._preparing.join()

    def serve(self, dsn: str, example: str, on_started: Callable[[], None]) -> None:
        """Serve until SIGINT or SIGTERM."""
        self.prepared()
        server.run(self._build(dsn, example), self._listener, on_started=on_started)


class Team:
    """The foreman and its workers, seen from the process that was started."""

    def __init__(self, address: str, foreman: int, orders: int, news: int) -> None:
        self.address = address
        self._foreman = foreman
        self._orders = orders
        self._news = news
        self._code = 0
        self._ending = False

    def prepared(self) -> None:
        """Nothing to wait for: the foreman prepares for itself."""

    def serve(self, dsn: str, example: str, on_started: Callable[[], None]) -> None:
        """Serve until SIGINT or SIGTERM and the end of every worker, or raise WorkersDied."""
        with self._passing_signals(), folder_of_blocks() as folder:
            # A foreman that is gone already is told by the end of its news.
            with suppress(BrokenPipeError):
                os.write(self._orders, orjson.dumps([dsn, example, str(folder)]) + b"\n")
            if os.read(self._news, 1):
                on_started()
            while os.read(self._news, 1):
                pass
            self.end()
        if self._code != 0 and not self._ending:
            raise WorkersDied

    def end(self) -> None:
        """The end of its orders, also by our own death, ends the foreman and its workers."""
        if self._foreman:
            foreman, self._foreman = self._foreman, 0
            os.close(self._orders)
            os.close(self._news)
            self._code = os.waitstatus_to_exitcode(os.waitpid(foreman, 0)[1])

    @contextmanager
    def _passing_signals(self) -> Iterator[None]:
        def passed(number: int, frame: FrameType | None) -> None:
            self._ending = True
            if self._foreman:
                os.kill(self._foreman, number)

        before = {number: signal.signal(number, passed) for number in ENDINGS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _listeners(first: socket.socket, count: int) -> list[socket.socket]:
    """A socket for each worker, or, where only Linux would divide connections, one for all.

    With one for all, whoever wakes first takes all of a burst: of 32 connections sometimes all 32.
    """
    if sys.platform != "linux":
        return [first] * count
    return [first, *(server.listen_beside(first) for _ in range(count - 1))]


def _gathered(address: str, listeners: list[socket.socket], build: Build) -> Team:
    orders_in, orders_out = os.pipe()
    news_in, news_out = os.pipe()

    def work() -> int:
        os.close(orders_out)
        os.close(news_in)
        # A terminal's Ctrl-C is for the process that was started, which passes it on.
        os.setsid()
        build.prepare()
        order = _read_order(orders_in)
        if not order:
            return 0
        dsn, example, folder = orjson.loads(order)
        app = build(dsn, example, shared=Path(folder))
        return Foreman(listeners, app, orders=orders_in, news=news_out).run()

    freeze()
    team = Team(address, fork(work), orders_out, news_in)
    os.close(orders_in)
    os.close(news_out)
    # Kept open here they would take connections after the workers have closed theirs.
    for listener in listeners:
        listener.close()
    return team


def _read_order(orders: int) -> bytes:
    """One line, or nothing when whoever was started ended before it gave any."""
    order = b""
    while not order.endswith(b"\n"):
        if not (read := os.read(orders, 65536)):
            return b""
        order += read
    return order
