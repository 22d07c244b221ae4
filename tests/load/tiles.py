"""Mode `tile`: a stored vector tile of wijken, beside tipg, which makes it when it is asked for."""

import asyncio
from contextlib import ExitStack
from dataclasses import replace

from tests.load.bench import Bench, Outcome
from tests.load.client import ask, get
from tests.load.documents import OURS
from tests.load.nation import VINTAGE
from tests.load.postgis import postgis
from tests.load.rounds import Turn, medians
from tests.load.services import PeerMissing, Service, started
from tests.load.table import cheaper, print_figures
from tests.load.tipg import TIPG, running_tipg

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
        except PeerMissing as why:
            return Outcome({}, [f"tiles are not compared, without tipg: {why}"])
        path = f"/collections/nb.wijk/tiles/WebMercatorQuad/{_ZOOM}"
        theirs = [f"{path}/{column}/{row}" for row in _ROWS for column in _COLUMNS]
        if missing := _missing(tipg, theirs):
            return Outcome({}, [f"tiles are not compared: {missing}"])
        turns = [_turn(ours, paths), replace(_turn(tipg, theirs), postgres=found.pid)]
        measured = bench.course.turns(turns)
    figures = {name: medians(rounds) for name, rounds in measured.items()}
    print_figures("a vector tile", figures)
    return Outcome({"tile": measured}, [cheaper(figures[OURS], figures[TIPG], _TIMES, TIPG)])


def _turn(service: Service, paths: list[str]) -> Turn:
    requests = [get(path, [("accept-encoding", "gzip")]) for path in paths]
    return Turn(service.name, service, requests, connections=8)


def _missing(service: Service, paths: list[str]) -> str | None:
    for path in paths:
        answer = asyncio.run(ask(service.port, get(path)))
        if answer.status != 200 or not answer.body:
            return f"{service.name} answers {answer.status} to {path}"
    return None
