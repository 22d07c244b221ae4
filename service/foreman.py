"""The process that forks the workers, replaces the dead and ends them all in good order.

It has no thread and no event loop, and nothing of the store, so that it may fork at any time.
"""

import asyncio
import gc
import logging
import os
import select
import signal
import socket
import sys
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType

from starlette.types import ASGIApp

from service import server

ENDINGS = (signal.SIGINT, signal.SIGTERM)
_logger = logging.getLogger("leefbaarheid.workers")
_DEATHS = 5
_WITHIN_SECONDS = 10.0
_FIRST_PAUSE = 0.05
# Above what the server gives running requests, and the pool its connections.
_DRAIN_SECONDS = 15.0
_LOOK_SECONDS = 1.0


@dataclass(slots=True)
class _Place:
    """One worker after another; `pipe` is open on the other side for as long as it lives."""

    listener: socket.socket
    pid: int = 0
    pipe: int = -1
    ready: bool = False
    due: float = 0.0
    deaths: deque[float] = field(default_factory=lambda: deque(maxlen=_DEATHS))

    def signal(self, number: int) -> None:
        if self.pid:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def mourn(self, now: float) -> bool:
        """Note a death and when to start again; False when there were too many of late."""
        self.deaths.append(now)
        recent = sum(now - death < _WITHIN_SECONDS for death in self.deaths)
        self.due = now + (0.0 if recent == 1 else _FIRST_PAUSE * 2**recent)
        return recent < _DEATHS


class Foreman:
    """Runs a worker on each listener. `news` hears once that all have started.

    `orders` says nothing more; its end means that whoever was started is gone.
    """

    def __init__(
        self, listeners: list[socket.socket], app: ASGIApp, *, orders: int, news: int
    ) -> None:
        self._app = app
        self._orders = orders
        self._news = news
        self._places = [_Place(listener) for listener in listeners]
        self._told = False
        self._ending: float | None = None
        self._code = 0

    def run(self) -> int:
        """Until SIGINT or SIGTERM and the end of every worker; the exit code."""
        freeze()
        for number in ENDINGS:
            signal.signal(number, self._on_signal)
        while self._ending is None or any(place.pid for place in self._places):
            self._start_due()
            self._look()
        return self._code

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if self._ending is None:
            self._end(0)
        elif number == signal.SIGINT:
            self._signal_all(signal.SIGINT)

    def _end(self, code: int) -> None:
        """Let every worker finish what it has begun; nobody takes new connections."""
        self._code = code
        self._ending = time.monotonic()
        for place in self._places:
            place.listener.close()
        self._signal_all(signal.SIGTERM)

    def _signal_all(self, number: int) -> None:
        for place in self._places:
            place.signal(number)

    def _start_due(self) -> None:
        for place in self._places:
            if self._ending is None and not place.pid and place.due <= time.monotonic():
                self._start(place)

    def _start(self, place: _Place) -> None:
        # A signal between the fork and its note would miss the new worker, or act in it.
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)
        try:
            if self._ending is None:
                place.pipe, life = os.pipe()
                place.pid = fork(lambda: self._work(place.listener, life))
                os.close(life)
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDINGS)

    def _work(self, listener: socket.socket, life: int) -> int:
        for number in ENDINGS:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDINGS)
        os.close(self._news)
        for place in self._places:
            if place.listener is not listener:
                place.listener.close()

        def started() -> None:
            # The foreman sees this end too and ends us, unless it was killed as well.
            asyncio.get_running_loop().add_reader(self._orders, os._exit, 1)
            os.write(life, b"+")

        server.run(self._app, listener, on_started=started)
        return 0

    def _look(self) -> None:
        """Wait for news of a worker, the end of our orders or the next start.

        A signal does not end the wait, hence its bound.
        """
        now = time.monotonic()
        pipes = {place.pipe: place for place in self._places if place.pid}
        due = [max(place.due - now, 0.0) for place in self._places if not place.pid]
        wait = min([_LOOK_SECONDS, *due])
        readable, _, _ = select.select([self._orders, *pipes], [], [], wait)
        if self._orders in readable:
            self._signal_all(signal.SIGKILL)
            raise SystemExit(1)
        for pipe in readable:
            if os.read(pipe, 1):
                self._on_ready(pipes[pipe])
            else:
                self._on_death(pipes[pipe])
        if self._ending is not None and now - self._ending > _DRAIN_SECONDS:
            self._signal_all(signal.SIGKILL)

    def _on_ready(self, place: _Place) -> None:
        place.ready = True
        if not self._told and all(place.ready for place in self._places):
            self._told = True
            os.write(self._news, b"+")

    def _on_death(self, place: _Place) -> None:
        os.close(place.pipe)
        pid, place.pid = place.pid, 0
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        if self._ending is not None:
            return
        if place.mourn(time.monotonic()):
            _logger.error("worker %d ended by itself (%d) and is replaced", pid, code)
        else:
            _logger.error("a worker ended %d times in %g s", _DEATHS, _WITHIN_SECONDS)
            self._end(1)


def freeze() -> None:
    """Take what is in memory out of the collector's hands, which would copy shared pages."""
    gc.collect()
    gc.freeze()


def fork(work: Callable[[], int]) -> int:
    """The new process's id. The process itself does its work and ends here, with that exit code."""
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        code = work()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except Exception:
        _logger.exception("process %d ended by a fault", os.getpid())
    finally:
        os._exit(code)
