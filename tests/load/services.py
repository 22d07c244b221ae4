"""Starts the services to be compared, each a process of its own on a free port of this machine."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.load.client import ServerStuck, ask, post
from tests.load.documents import BARE, OURS, POSTGRAPHILE
from tests.load.questions import MERCURIUS, STRAWBERRY

_HERE = Path(__file__).parent
_START_SECONDS = 60.0
_PATIENCE = 0.05


class PeerMissing(Exception):
    """A peer cannot be installed or started here; says why."""


@dataclass(frozen=True, slots=True)
class Service:
    name: str
    pid: int
    port: int
    seconds: float
    """From its start to its first answer."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Where services are started: the store's address, and a folder for programs and logs."""

    dsn: str
    folder: Path


@dataclass(frozen=True, slots=True)
class Command:
    """How a service is started."""

    words: Sequence[str]
    variables: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None


Made = Callable[[Ground, int], Command]
"""A command for the port that was found free."""


@contextmanager
def started(
    ground: Ground, name: str, words: Sequence[str] = (), variables: Mapping[str, str] | None = None
) -> Iterator[Service]:
    """The service by that name, ready to answer; PeerMissing where it cannot be had here."""

    def made(ground: Ground, port: int) -> Command:
        given = _COMMANDS[name](ground, port)
        return replace(
            given, words=[*given.words, *words], variables={**given.variables, **(variables or {})}
        )

    with running(ground, name, made) as service:
        yield service


@contextmanager
def running(ground: Ground, name: str, made: Made, first: bytes | None = None) -> Iterator[Service]:
    """A process for as long as the block runs, once it has answered `first` with status 200."""
    port = free_port()
    command = made(ground, port)
    ground.folder.mkdir(parents=True, exist_ok=True)
    start = time.monotonic()
    with (ground.folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            command.words,
            env={**_environment(), "DATABASE_URL": ground.dsn, **command.variables},
            cwd=command.folder,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        asyncio.run(_await_ready(process, name, port, first or post("{ __typename }")))
        yield Service(name, process.pid, port, time.monotonic() - start)
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _ours(ground: Ground, port: int) -> Command:
    """As `leefbaarheid serve` starts it, without the cache of whole answers."""
    return Command(
        [sys.executable, "-m", "service", "serve"],
        {"LEEFBAARHEID_PORT": str(port), "LEEFBAARHEID_RESPONSE_CACHE_BYTES": "0"},
    )


def _uvicorn(module: str) -> Made:
    words = [
        sys.executable, "-m", "uvicorn", f"tests.load.{module}:app", "--loop", "uvloop",
        "--http", "httptools", "--no-access-log", "--log-level", "warning", "--port",
    ]  # fmt: skip
    return lambda ground, port: Command([*words, str(port)])


def _node(script: str) -> Made:
    def command(ground: Ground, port: int) -> Command:
        home = _installed(ground.folder / "node")
        own = home / "node_modules" / "node" / "bin" / "node"
        program = str(own) if own.exists() else "node"
        variables = {
            "NODE_ENV": "production",
            "GRAPHILE_ENV": "production",
            "PORT": str(port),
        }
        return Command([program, script], variables, home)

    return command


_COMMANDS: dict[str, Made] = {
    OURS: _ours,
    POSTGRAPHILE: _node("postgraphile.mjs"),
    MERCURIUS: _node("mercurius.mjs"),
    STRAWBERRY: _uvicorn("plain_strawberry"),
    BARE: _uvicorn("bare"),
}


def _installed(home: Path) -> Path:
    """The node peers, installed once by npm in the exact versions of their package.json."""
    source = _HERE / "node"
    home.mkdir(parents=True, exist_ok=True)
    wanted = (source / "package.json").read_bytes()
    mark = home / "installed.json"
    for file in source.iterdir():
        shutil.copy(file, home)
    if mark.exists() and mark.read_bytes() == wanted:
        return home
    if not shutil.which("npm"):
        raise PeerMissing("npm is not installed (Debian and Ubuntu: apt install npm)")
    words = ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(words, cwd=home, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PeerMissing(f"npm could not install it: {done.stderr.strip()[-200:]}")
    mark.write_bytes(wanted)
    return home


def _environment() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if not key.startswith("LEEFBAARHEID")}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def _await_ready(
    process: subprocess.Popen[bytes], name: str, port: int, request: bytes
) -> None:
    for _ in range(round(_START_SECONDS / _PATIENCE)):
        if process.poll() is not None:
            raise PeerMissing(f"{name} ended at once; see {name}.log")
        try:
            status = (await ask(port, request)).status
        except (OSError, ServerStuck):
            status = 0
        if status == 200:
            return
        await asyncio.sleep(_PATIENCE)
    raise PeerMissing(f"{name} did not answer within {_START_SECONDS:.0f} seconds")
