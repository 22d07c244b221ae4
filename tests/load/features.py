"""Mode `items`: OGC API Features, a hundred wijken and all of them, beside tipg and pygeoapi.

All give the same wijken with the same coarse shapes and the same five figures, as GeoJSON and
uncompressed, in turns. A hundred are the first of the list, and once more any page, drawn at
random: ours by the cursors that a walk along `next` finds, theirs by an offset. A box is what
programs with a map ask for.
"""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import shapely
from shapely.geometry import shape

from tests.load.agreement import Disagreement
from tests.load.bench import Bench, Outcome, Rounds
from tests.load.client import ask, get
from tests.load.documents import OURS
from tests.load.nation import FIRST, VINTAGE
from tests.load.postgis import COLUMNS, PostGis, postgis
from tests.load.pygeoapi import running_pygeoapi
from tests.load.rounds import Turn, medians
from tests.load.services import Ground, PeerMissing, Service, started
from tests.load.table import MISSED, cheaper, print_figures
from tests.load.tipg import TIPG, running_tipg

_OURS = f"/v1/collections/wijken-{VINTAGE}/items?geometrie=overzicht&limit=%d"
_CHOSEN = f"&indicatoren={','.join(FIRST[: len(COLUMNS)])}"
_ACCEPT = [("accept", "application/geo+json, application/json")]
_PAGE, _ALL, _BOXES = 100, 5000, 50
_TIMES = 20.0
_BOX = "items in a box"
_DIFFERENT = 0.1
_PEERS: Sequence[Callable[[Ground, PostGis], AbstractContextManager[Service]]] = (
    running_tipg,
    running_pygeoapi,
)


@dataclass(frozen=True, slots=True)
class _Asking:
    """A service, what it is asked, and the server that it reads from."""

    service: Service
    pages: list[str]
    every: str
    boxes: list[str]
    names: Mapping[str, str]
    """Its name of each property that is compared, by ours."""
    postgres: int | None = None

    def turn(self, paths: Sequence[str], connections: int) -> Turn:
        requests = [get(path, _ACCEPT) for path in paths]
        return Turn(self.service.name, self.service, requests, connections, postgres=self.postgres)


def run(bench: Bench) -> Outcome:
    measured: Rounds = {}
    with ExitStack() as stack:
        ours = _ours(stack.enter_context(started(bench.ground, OURS)))
        askings, said = [ours], []
        try:
            found = stack.enter_context(postgis(bench.ground.folder, bench.ground.dsn))
        except PeerMissing as why:
            said.append(f"items are not compared: {why}")
        else:
            for running in _PEERS:
                try:
                    service = stack.enter_context(running(bench.ground, found))
                    askings.append(_agreeing(ours, _theirs(service, found, ours)))
                except PeerMissing as why:
                    said.append(f"items are not compared with a peer: {why}")
                except Disagreement as why:
                    said.append(f"items are not compared with a peer: {MISSED}, {why}")
        for name, turns in (
            ("items of 100 wijken", [each.turn(each.pages[:1], 8) for each in askings]),
            ("items of any 100 wijken", [each.turn(each.pages, 8) for each in askings]),
            (_BOX, [each.turn(each.boxes, 8) for each in askings]),
            ("items of all wijken", [each.turn([each.every], 1) for each in askings]),
            ("items of 100 wijken, without figures", [ours.turn([_OURS % _PAGE], 8)]),
        ):
            measured[name] = bench.course.turns(turns)
            said += _verdict(name, measured)
    return Outcome(measured, said)


def _verdict(name: str, measured: Rounds) -> list[str]:
    """Ours beside the better of the others."""
    figures = {service: medians(rounds) for service, rounds in measured[name].items()}
    print_figures(name, figures)
    peers = {each: one for each, one in figures.items() if each != OURS}
    if not peers:
        return []
    best = min(peers, key=lambda each: peers[each].cpu)
    if name == _BOX:
        reached = peers[best].cpu / figures[OURS].cpu
        said = f"{name}: {reached:.1f} x cheaper than {best}, for which there is no bar"
    else:
        said = f"{name}: {cheaper(figures[OURS], peers[best], _TIMES, best)}"
    print(f"  {said}", flush=True)
    return [said]


def _ours(service: Service) -> _Asking:
    """Every page by its address, as a walk along `next` finds them."""
    path: str | None = _OURS % _PAGE + _CHOSEN
    pages = []
    while path is not None:
        pages.append(path)
        links = _answer(service, path)["links"]
        following = [urlsplit(each["href"]) for each in links if each["rel"] == "next"]
        path = f"{following[0].path}?{following[0].query}" if following else None
    every = _OURS % _ALL + _CHOSEN
    boxes = [_OURS % _PAGE + _CHOSEN + box for box in _boxes(_answer(service, every))]
    names = {"name": "naam", **dict(zip(COLUMNS, FIRST, strict=False))}
    return _Asking(service, pages, every, boxes, names)


def _boxes(everything: Any) -> list[str]:
    """Boxes of some thirty kilometres, each around a corner of another wijk."""
    features = everything["features"]
    found = []
    for feature in features[:: len(features) // _BOXES]:
        (x, y), *_ = shapely.get_coordinates(shape(feature["geometry"])).tolist()
        found.append(f"&bbox={x - 0.2:.4f},{y - 0.15:.4f},{x + 0.2:.4f},{y + 0.15:.4f}")
    return found


def _theirs(service: Service, found: PostGis, ours: _Asking) -> _Asking:
    collection = "nb.wijk" if service.name == TIPG else "wijk"
    path = f"/collections/{collection}/items?f={'geojson' if service.name == TIPG else 'json'}"
    return _Asking(
        service,
        [f"{path}&limit={_PAGE}&offset={_PAGE * page}" for page in range(len(ours.pages))],
        f"{path}&limit={_ALL}",
        [f"{path}&limit={_PAGE}{box[box.index('&bbox') :]}" for box in ours.boxes],
        {each: each for each in ("name", *COLUMNS)},
        found.pid,
    )


def _agreeing(ours: _Asking, theirs: _Asking) -> _Asking:
    """The peer, once it has said the same as we do of a page and of all."""
    middle = len(ours.pages) // 2
    for our_path, their_path in (
        (ours.pages[middle], theirs.pages[middle]),
        (ours.every, theirs.every),
    ):
        one, other = _said(ours, our_path), _said(theirs, their_path)
        if len(one) < _PAGE or one != other:
            wrong = next((code for code in one if one[code] != other.get(code)), "how many")
            raise Disagreement(f"{theirs.service.name} answers otherwise: {wrong}")
    # They look at the coarse shapes, we at the fine ones: a few at the edge may differ.
    one, other = _said(ours, ours.boxes[0]), _said(theirs, theirs.boxes[0])
    if len(one.keys() ^ other.keys()) > _DIFFERENT * len(one):
        raise Disagreement(f"{theirs.service.name} finds other wijken in a box")
    return theirs


def _said(asking: _Asking, path: str) -> dict[str, object]:
    """Of every feature its shape and its properties, by its code."""
    found: dict[str, object] = {}
    for feature in _answer(asking.service, path)["features"]:
        shown = feature["properties"]
        values = [shown[asking.names[each]] for each in ("name", *COLUMNS)]
        found[shown["code"]] = (values, feature["geometry"])
    return found


def _answer(service: Service, path: str) -> Any:
    answer = asyncio.run(ask(service.port, get(path, _ACCEPT)))
    if answer.status != 200:
        raise PeerMissing(f"{service.name} answers {answer.status} to {path}")
    return json.loads(answer.body)
