"""One running server, and the guard that ends it when our own process dies in any way."""

import os
import signal
import subprocess
from collections.abc import Sequence
from typing import BinaryIO

from db.embedded.account import Account, run_as

# The read ends when nobody holds the pipe open any more, which kill -9 cannot prevent.
_GUARD = 'read -r _; kill -INT "$1"'


class ServerProcess:
    """A server with its guard: a shell that waits on a pipe only we hold open."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        log: BinaryIO,
        descriptors: tuple[int, ...],
        account: Account | None,
    ) -> None:
        self._server = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=descriptors,
            **run_as(account),
        )
        reader, writer = os.pipe()
        self._pipe = os.fdopen(writer, "wb")
        self._guard = subprocess.Popen(
            ["/bin/sh", "-c", _GUARD, "sh", str(self._server.pid)],
            stdin=reader,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **run_as(account),
        )
        os.close(reader)

    @property
    def pid(self) -> int:
        return self._server.pid

    def poll(self) -> int | None:
        return self._server.poll()

    def wait(self) -> int:
        """The exit code, once the server has ended for whatever reason."""
        return self._server.wait()

    def end(self) -> None:
        """Fast, then immediate, then by force: a client cannot hold up our exit."""
        for number, seconds in ((signal.SIGINT, 10), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
            self._server.send_signal(number)
            try:
                self._server.wait(seconds)
            except subprocess.TimeoutExpired:
                continue
            break
        self.release()

    def release(self) -> None:
        """Ends the guard of a server that has ended."""
        self._guard.kill()
        self._guard.wait()
        self._pipe.close()
