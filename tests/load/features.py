"""Mode `items`: OGC API Features, a hundred wijken and all of them, beside tipg and pygeoapi.

All answer with the same wijken and the same coarse shapes as GeoJSON, uncompressed.
"""

import asyncio
import json
import subprocess
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from urllib.parse import urlsplit

from tests.load.bench import Bench, Outcome
from tests.load.client import ask, get
from tests.load.documents import OURS
from tests.load.nation import VINTAGE
from tests.load.postgis import PostGis, postgis
from tests.load.rounds import Figures, Turn, medians
from tests.load.services import Command, Ground, PeerMissing, Service, running, started
from tests.load.table import cheaper, print_figures
from tests.load.tiles import installed, running_tipg

_PYGEOAPI = "pygeoapi"
_PACKAGES = (
    "pygeoapi==0.24.0", "psycopg2-binary", "geoalchemy2", "SQLAlchemy", "uvicorn==0.54.*",
    "starlette", "uvloop", "httptools",
)  # fmt: skip
_TIMES = 20.0
_LIMITS = {"items of 100 wijken": 100, "items of all wijken": 5000}


def run(bench: Bench) -> Outcome:
    with ExitStack() as stack:
        ours = stack.enter_context(started(bench.ground, OURS))
        path = f"/v1/collections/wijken-{VINTAGE}/items?geometrie=overzicht"
        measured = {name: {OURS: _measured(bench, ours, path, n)} for name, n in _LIMITS.items()}
        said = []
        try:
            found = stack.enter_context(postgis(bench.ground.folder, bench.ground.dsn))
        except (PeerMissing, subprocess.CalledProcessError) as why:
            said.append(f"items are not compared: {why}")
        else:
            beside = replace(bench, course=replace(bench.course, postgres=found.pid))
            for peer in (running_tipg, _pygeoapi):
                said += _beside(beside, peer(bench.ground, found), measured)
    for name, rounds in measured.items():
        figures = {service: medians(each) for service, each in rounds.items()}
        print_figures(name, figures)
        said += _verdict(name, figures)
    return Outcome(measured, said)


def _verdict(name: str, figures: dict[str, Figures]) -> list[str]:
    """Ours beside the better of the others."""
    peers = {each: one for each, one in figures.items() if each != OURS}
    if not peers:
        return []
    best = min(peers, key=lambda each: peers[each].cpu)
    return [f"{name}: {cheaper(figures[OURS], peers[best], _TIMES, best)}"]


def _beside(
    bench: Bench,
    peer: AbstractContextManager[Service],
    measured: dict[str, dict[str, list[Figures]]],
) -> list[str]:
    try:
        with peer as service:
            collection = "wijk" if service.name == _PYGEOAPI else "nb.wijk"
            path = f"/collections/{collection}/items?f=json"
            for name, limit in _LIMITS.items():
                measured[name][service.name] = _measured(bench, service, path, limit)
    except (PeerMissing, subprocess.CalledProcessError) as why:
        return [f"items are not compared with a peer: {why}"]
    return []


def _measured(bench: Bench, service: Service, path: str, limit: int) -> list[Figures]:
    request = get(f"{path}&limit={limit}", [("accept", "application/geo+json, application/json")])
    answer = asyncio.run(ask(service.port, request))
    if answer.status != 200:
        raise PeerMissing(f"{service.name} answers {answer.status} to {path}")
    features = json.loads(answer.body)["features"]
    if len(features) < min(limit, 200) or features[0]["geometry"] is None:
        raise PeerMissing(f"{service.name} answers with {len(features)} features")
    turn = Turn(service.name, service, [request], connections=1 if limit > 100 else 8)
    return bench.course.turns([turn])[service.name]


def _pygeoapi(ground: Ground, found: PostGis) -> AbstractContextManager[Service]:
    program = installed(ground.folder / _PYGEOAPI, _PACKAGES)

    def made(ground: Ground, port: int) -> Command:
        config = ground.folder / "pygeoapi.json"
        described = ground.folder / "pygeoapi-openapi.json"
        config.write_text(json.dumps(_configuration(found, port)))
        variables = {"PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(described)}
        words = ["openapi", "generate", str(config), "--output-file", str(described)]
        subprocess.run(
            [str(program.with_name("pygeoapi")), *words], check=True, capture_output=True
        )
        serve = [
            str(program), "-m", "uvicorn", "pygeoapi.starlette_app:APP", "--port", str(port),
            "--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning",
        ]  # fmt: skip
        return Command(serve, variables)

    return running(ground, _PYGEOAPI, made, get("/conformance?f=json"))


def _configuration(found: PostGis, port: int) -> dict[str, object]:
    """YAML reads JSON."""
    address = urlsplit(found.dsn)
    here = f"http://127.0.0.1:{port}"
    link = {"type": "text/html", "rel": "canonical", "title": "t", "href": here, "hreflang": "en"}
    contact = ("name", "position", "address", "city", "stateorprovince", "postalcode", "country",
               "phone", "fax", "email", "hours", "instructions")  # fmt: skip
    data = {
        "host": address.hostname, "port": address.port, "dbname": "postgres", "user": "tipg",
        "password": "-", "search_path": ["nb", "public"],
    }  # fmt: skip
    provider = {
        "type": "feature", "name": "PostgreSQL", "data": data, "id_field": "id", "table": "wijk",
        "geom_field": "geom",
    }  # fmt: skip
    world = {"bbox": [3, 50, 8, 54], "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": port}, "url": here, "encoding": "utf-8",
            "mimetype": "application/json; charset=UTF-8", "gzip": False, "languages": ["en-US"],
            "pretty_print": False,
            "limits": {"default_items": 100, "max_items": 100_000, "on_exceed": "throttle"},
            "map": {"url": f"{here}/{{z}}/{{x}}/{{y}}.png", "attribution": "-"},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {
                "title": "t", "description": "d", "keywords": ["k"], "keywords_type": "theme",
                "terms_of_service": "-", "url": here,
            },
            "license": {"name": "-", "url": here},
            "provider": {"name": "-", "url": here},
            "contact": {**dict.fromkeys(contact, "-"), "url": here, "role": "pointOfContact"},
        },
        "resources": {
            "wijk": {
                "type": "collection", "title": "wijk", "description": "wijk", "keywords": ["k"],
                "links": [link], "extents": {"spatial": world}, "providers": [provider],
            }
        },
    }  # fmt: skip
