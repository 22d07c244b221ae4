"""Mode `tile`: a stored vector tile of wijken, beside tipg, which makes it when it is asked for."""

import asyncio
import subprocess
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from pathlib import Path

from tests.load.bench import Bench, Outcome
from tests.load.client import ask, get
from tests.load.documents import OURS
from tests.load.nation import VINTAGE
from tests.load.postgis import PostGis, postgis
from tests.load.rounds import Turn, medians
from tests.load.services import Command, Ground, PeerMissing, Service, running, started
from tests.load.table import cheaper, print_figures

_TIPG = "tipg"
_PACKAGES = ("tipg==1.6.1", "uvicorn==0.54.*", "uvloop", "httptools")
_ZOOM, _ROWS, _COLUMNS = 7, (41, 42), (65, 66)
"""These four tiles show the whole country."""
_TIMES = 40.0


def run(bench: Bench) -> Outcome:
    with ExitStack() as stack:
        ours = stack.enter_context(started(bench.ground, OURS))
        path = f"/v1/collections/wijken-{VINTAGE}/tiles/WebMercatorQuad/{_ZOOM}"
        paths = [f"{path}/{row}/{column}" for row in _ROWS for column in _COLUMNS]
        missing = _missing(ours, paths)
        if missing:
            return Outcome({}, [f"tiles are skipped: {missing}"])
        try:
            found = stack.enter_context(postgis(bench.ground.folder, bench.ground.dsn))
            tipg = stack.enter_context(running_tipg(bench.ground, found))
        except (PeerMissing, subprocess.CalledProcessError) as why:
            return Outcome({}, [f"tiles are not compared, without tipg: {why}"])
        path = f"/collections/nb.wijk/tiles/WebMercatorQuad/{_ZOOM}"
        theirs = [f"{path}/{column}/{row}" for row in _ROWS for column in _COLUMNS]
        if missing := _missing(tipg, theirs):
            return Outcome({}, [f"tiles are not compared: {missing}"])
        measured = {OURS: bench.course.turns([_turn(ours, paths)])[OURS]}
        course = replace(bench.course, postgres=found.pid)
        measured[_TIPG] = course.turns([_turn(tipg, theirs)])[_TIPG]
    figures = {name: medians(rounds) for name, rounds in measured.items()}
    print_figures("a vector tile", figures)
    return Outcome({"tile": measured}, [cheaper(figures[OURS], figures[_TIPG], _TIMES, _TIPG)])


def _turn(service: Service, paths: list[str]) -> Turn:
    requests = [get(path, [("accept-encoding", "gzip")]) for path in paths]
    return Turn(service.name, service, requests, connections=8)


def _missing(service: Service, paths: list[str]) -> str | None:
    for path in paths:
        answer = asyncio.run(ask(service.port, get(path)))
        if answer.status != 200 or not answer.body:
            return f"{service.name} answers {answer.status} to {path}"
    return None


def running_tipg(ground: Ground, found: PostGis) -> AbstractContextManager[Service]:
    """tipg over the wijken, ready to answer."""
    program = installed(ground.folder / _TIPG, _PACKAGES)

    def made(ground: Ground, port: int) -> Command:
        words = [
            str(program), "-m", "uvicorn", "tipg.main:app", "--port", str(port), "--loop", "uvloop",
            "--http", "httptools", "--no-access-log", "--log-level", "warning",
        ]  # fmt: skip
        variables = {
            "DATABASE_URL": found.dsn,
            "TIPG_DB_SCHEMAS": '["nb"]',
            "TIPG_MAX_FEATURES_PER_QUERY": "100000",
        }
        return Command(words, variables)

    return running(ground, _TIPG, made, get("/healthz"))


def installed(home: Path, packages: Sequence[str]) -> Path:
    """Python with some packages in an environment of its own."""
    program = home / "bin" / "python"
    if not (home / "installed").exists():
        words = [str(program), "-m", "pip", "install", "--quiet", *packages]
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True, capture_output=True)
        subprocess.run(words, check=True, capture_output=True)
        (home / "installed").touch()
    return program
