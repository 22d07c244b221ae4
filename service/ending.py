"""SIGTERM while a command works: it ends as by an exception, so that all that it started ends too.

The first process of a container ignores a signal that nobody handles; any other would die of it and
leave the embedded PostgreSQL to its guard. While requests are answered the server has its own way.
"""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

TERMINATED = 128 + signal.SIGTERM
"""What a shell reports of a command that SIGTERM ended."""


@contextmanager
def ended_by_sigterm() -> Iterator[None]:
    """SIGTERM raises SystemExit inside; only the main thread can be told."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    ours = os.getpid()

    def end(number: int, frame: FrameType | None) -> None:
        if os.getpid() != ours:
            # A fork that has not said what it does at the end: what we started is not its own.
            os._exit(TERMINATED)
        raise SystemExit(TERMINATED)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
