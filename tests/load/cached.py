"""Mode `cached`: the same answer again and again, our cache of whole answers on; and 304.

Beside it the least that uvicorn can do, and nginx, where it is installed, with a file that holds
our own answer. nginx runs with its default settings: one process, no sendfile.
"""

import asyncio
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import quote

from tests.load.bench import Bench, Outcome
from tests.load.client import Answer, ask, get
from tests.load.documents import BARE, CODE, DOCUMENTS, OURS
from tests.load.rounds import Figures, Turn, medians
from tests.load.services import Command, Ground, PeerMissing, Service, running, started
from tests.load.table import at_most, print_figures

_NGINX = "nginx"
_CACHE = {"LEEFBAARHEID_RESPONSE_CACHE_BYTES": str(64 * 1024 * 1024)}
_JSON = [("accept", "application/json")]
_CONFIGURATION = """
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
  access_log off; default_type application/json; keepalive_requests 100000000;
  client_body_temp_path {folder}/t; proxy_temp_path {folder}/t; fastcgi_temp_path {folder}/t;
  uwsgi_temp_path {folder}/t; scgi_temp_path {folder}/t;
  server {{ listen 127.0.0.1:{port}; root {folder}/files; open_file_cache max=100; }}
}}
"""


def run(bench: Bench) -> Outcome:
    code = bench.course.codes["wijk"][0]
    small = _path(DOCUMENTS["Q1inline"][OURS].replace(CODE, code))
    large = _path(DOCUMENTS["Q5b"][OURS])
    with ExitStack() as stack:
        ours = stack.enter_context(started(bench.ground, OURS, variables=_CACHE))
        bare = stack.enter_context(started(bench.ground, BARE))
        first, whole = _asked(ours, small), _asked(ours, large)
        etag = first.headers.get("etag")
        turns = {
            "one wijk": [_turn(ours, small), _turn(bare, small)],
            "all wijken with shapes": [_turn(ours, large, connections=1)],
        }
        if etag:
            turns["304"] = [_turn(ours, small, etag=etag), _turn(bare, small)]
        try:
            nginx = stack.enter_context(_nginx(bench.ground, whole.body))
            turns["all wijken with shapes"].append(_turn(nginx, "/answer", connections=1))
        except PeerMissing as why:
            print(f"without nginx: {why}")
        measured = {}
        verdicts = []
        for name, asked in turns.items():
            measured[name] = bench.course.turns(asked)
            figures = {who: medians(rounds) for who, rounds in measured[name].items()}
            print_figures(f"repeated: {name}", figures)
            verdicts.append(_verdict(name, figures))
            print(f"  {verdicts[-1]}", flush=True)
    return Outcome(measured, verdicts)


def _path(document: str) -> str:
    return f"/graphql?query={quote(document)}"


def _asked(service: Service, path: str) -> Answer:
    return asyncio.run(ask(service.port, get(path, _JSON)))


def _turn(service: Service, path: str, *, etag: str | None = None, connections: int = 32) -> Turn:
    if etag is None:
        return Turn(service.name, service, [get(path, _JSON)], connections)
    request = get(path, [*_JSON, ("if-none-match", etag)])
    return Turn(service.name, service, [request], connections, status=304)


def _verdict(name: str, figures: dict[str, Figures]) -> str:
    for peer, most in ((BARE, 1.3), (_NGINX, 1.2)):
        if peer in figures:
            ratio = figures[OURS].cpu / figures[peer].cpu
            return at_most(f"{name}: CPU against {peer}", ratio, most, "x")
    return f"{name}: nothing to compare with"


@contextmanager
def _nginx(ground: Ground, body: bytes) -> Iterator[Service]:
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        raise PeerMissing("it is not installed (Debian and Ubuntu: apt install nginx-light)")
    folder = (ground.folder / _NGINX).resolve()
    (folder / "files").mkdir(parents=True, exist_ok=True)
    (folder / "files" / "answer").write_bytes(body)

    def made(ground: Ground, port: int) -> Command:
        # As root its worker would become somebody who may not read the folder.
        user = "user root;" if os.geteuid() == 0 else ""
        configuration = folder / "nginx.conf"
        configuration.write_text(user + _CONFIGURATION.format(folder=folder, port=port))
        return Command([program, "-c", str(configuration), "-e", str(folder / "error.log")])

    with running(ground, _NGINX, made, get("/answer")) as service:
        yield service
