"""What an answer says, whoever gave it: the same names, codes, years, values and shapes."""

import json
from collections.abc import Callable
from typing import Any

from tests.load.documents import LOADERS, OURS, POSTGRAPHILE

Reading = Callable[[Any], object]


def said(question: str, dialect: str, body: bytes) -> object:
    """The content of an answer, to be compared with `==`; ValueError where it is an error."""
    answer = json.loads(body)
    if "errors" in answer:
        raise ValueError(f"{question}: {answer['errors'][0]['message']}")
    reading = _READINGS[question].get(dialect)
    return reading(answer["data"]) if reading else answer["data"]


def _points(nodes: list[Any]) -> list[tuple[int, float | None]]:
    return [(node["year"], node["value"]) for node in nodes]


def _aliased(node: Any, prefix: str) -> list[list[tuple[int, float | None]]]:
    """PostGraphile's aliases l1, l2, ... or s1, s2, ... in order."""
    aliases = sorted(name for name in node if name[0] == prefix and name[1:].isdigit())
    return [_points(node[alias]["nodes"]) for alias in aliases]


def _newest(node: Any) -> list[tuple[int, float | None]]:
    return [points[0] for points in _aliased(node, "l")]


def _shape(geojson: Any) -> Any:
    """PostGraphile writes JSON into a string."""
    return json.loads(geojson) if isinstance(geojson, str) else geojson


def _wijk_ours(data: Any) -> object:
    wijk = data["wijk"]
    values = [observation["value"] for observation in wijk["observations"]]
    return wijk["code"], wijk["name"], values, wijk["gemeente"]


def _wijk_columns(wijk: Any) -> object:
    columns = ("inhabitants", "households", "areaHa", "density", "urbanity")
    return wijk["code"], wijk["name"], [wijk[column] for column in columns], wijk["gemeente"]


def _series(wijk: Any) -> object:
    return wijk["code"], wijk["name"], [_points(one["points"]) for one in wijk["series"]]


def _row(node: Any, values: str) -> object:
    return node["code"], node["name"], _points(node[values])


def _focus_areas(areas: list[Any], unit: str, members: Reading, values: Reading) -> object:
    return [
        (area["slug"], area["name"], sorted(
            (member[unit]["code"], member[unit]["name"], member["share"], values(member[unit]))
            for member in members(area)  # type: ignore[attr-defined]
        ))
        for area in areas
    ]  # fmt: skip


_Q1: dict[str, Reading] = {
    OURS: _wijk_ours,
    POSTGRAPHILE: lambda data: _wijk_columns(data["wijkByCode"]),
    LOADERS: lambda data: _wijk_columns(data["wijk"]),
}
_FLAT: dict[str, Reading] = {
    # Numbers of wijken are in order of their codes.
    POSTGRAPHILE: lambda data: _points(data["observations"]["nodes"]),
    LOADERS: lambda data: _points(data["observations"]),
}
_READINGS: dict[str, dict[str, Reading]] = {
    "Q1": _Q1,
    "Q1inline": _Q1,
    "Q2": {
        OURS: lambda data: _series(data["wijk"]),
        POSTGRAPHILE: lambda data: (
            data["wijkByCode"]["code"],
            data["wijkByCode"]["name"],
            _aliased(data["wijkByCode"], "s"),
        ),
        LOADERS: lambda data: _series(data["wijk"]),
    },
    "Q3": {
        OURS: lambda data: [_row(n, "observations") for n in data["gemeente"]["children"]["nodes"]],
        POSTGRAPHILE: lambda data: [
            (n["code"], n["name"], _newest(n)) for n in data["gemeenteByCode"]["wijks"]["nodes"]
        ],
        LOADERS: lambda data: [_row(n, "latest") for n in data["gemeente"]["wijken"]],
    },
    "Q4": {
        OURS: lambda data: _focus_areas(
            data["focusAreas"], "area", lambda a: a["members"], lambda u: _points(u["observations"])
        ),
        POSTGRAPHILE: lambda data: _focus_areas(
            data["focusAreas"]["nodes"], "wijk", lambda a: a["focusAreaMembers"]["nodes"], _newest
        ),
        LOADERS: lambda data: _focus_areas(
            data["focusAreas"], "wijk", lambda a: a["members"], lambda u: _points(u["latest"])
        ),
    },
    "Q5": {
        OURS: lambda data: [
            (n["code"], n["name"], n["geometry"]["geojson"]) for n in data["wijken"]["nodes"]
        ],
        POSTGRAPHILE: lambda data: [
            (n["code"], n["name"], _shape(n["geojson"])) for n in data["wijks"]["nodes"]
        ],
        LOADERS: lambda data: [(n["code"], n["name"], n["geometry"]) for n in data["wijken"]],
    },
    "Q5b": {
        OURS: lambda data: [
            (n["code"], n["name"], n["geometry"]["geojson"], n["observations"][0]["value"])
            for n in data["wijken"]["nodes"]
        ],
        POSTGRAPHILE: lambda data: [
            (n["code"], n["name"], _shape(n["geojson"]), _newest(n)[0][1])
            for n in data["wijks"]["nodes"]
        ],
        LOADERS: lambda data: [
            (n["code"], n["name"], n["geometry"], n["latest"][0]["value"]) for n in data["wijken"]
        ],
    },
    "Q6": {
        OURS: lambda data: [(n["value"], n["area"]) for n in data["ranking"]["nodes"]],
        POSTGRAPHILE: lambda data: [(n["value"], n["wijk"]) for n in data["observations"]["nodes"]],
        LOADERS: lambda data: [(n["value"], n["wijk"]) for n in data["ranking"]],
    },
    "Q7": {
        OURS: lambda data: [
            point for n in data["wijken"]["nodes"] for point in _points(n["series"][0]["points"])
        ],
        **_FLAT,
    },
    "Q7lists": {
        OURS: lambda data: [
            point
            for n in data["wijken"]["nodes"]
            for point in zip(n["series"][0]["years"], n["series"][0]["values"], strict=True)
        ],
        **_FLAT,
    },
    "Q8": {},
}
