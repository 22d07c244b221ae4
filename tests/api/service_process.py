"""The service as a newcomer starts it: a process of its own, on a free port, in its own folder."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

_ADDRESS = re.compile(r"serves on (http://\S+)")


def environment(folder: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LEEFBAARHEID", "DATABASE"))}
    return kept | {
        "LEEFBAARHEID_DATA_DIR": str(folder),
        "LEEFBAARHEID_PORT": "0",
        "PYTHONUNBUFFERED": "1",
    }


def leefbaarheid(
    folder: Path, *words: str, into: int = subprocess.PIPE, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run one command to its end; `into` is where its standard output goes."""
    return subprocess.run(
        [sys.executable, "-m", "service", *words],
        env=environment(folder) | variables, stdout=into, stderr=subprocess.PIPE, text=True,
        timeout=120, check=False,
    )  # fmt: skip


class ServiceProcess:
    """`leefbaarheid up`, or the words given, from start to Ctrl-C.

    `seconds` is how long the first answer took.
    """

    def __init__(self, folder: Path, *words: str, **variables: str) -> None:
        self._folder = folder
        self._variables = variables
        self._words = words or ("up",)
        self.printed: list[str] = []

    def __enter__(self) -> Self:
        start = time.monotonic()
        # A process group of its own, so that an interrupt reaches all of it, as at a terminal.
        self.process = subprocess.Popen(
            [sys.executable, "-m", "service", *self._words],
            env=environment(self._folder) | self._variables,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, start_new_session=True,
        )  # fmt: skip
        self.address = self._await_address()
        self.ask("{ publications { number } }")
        self.seconds = time.monotonic() - start
        return self

    def _await_address(self) -> str:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.printed.append(line)
            found = _ADDRESS.search(line)
            if found:
                return found[1]
        raise AssertionError("the service ended: " + "".join(self.printed))

    def ask(self, query: str) -> dict[str, Any]:
        answer = httpx.post(f"{self.address}/graphql", json={"query": query}, timeout=10)
        body: dict[str, Any] = answer.json()
        return body

    def interrupt(self) -> int:
        """Ctrl-C, and the exit code."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(timeout=15)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(timeout=15)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.interrupt()
        assert self.process.stdout is not None
        self.process.stdout.close()
