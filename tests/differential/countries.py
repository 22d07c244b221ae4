"""What is worth asking of a country: its codes, slugs, ids and cursors, and wrong ones of each."""

from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from graphql import ExecutionResult, execute, parse

from db.snapshot.snapshot import Snapshot
from schema.context import Context
from schema.cost import MOST_FIELDS, MOST_ROWS, price
from schema.errors import code_of
from service.engine import Cost
from tests.api.asking import graphql_schema
from tests.differential.executors import Subject
from tests.differential.selections import Budget
from tests.differential.values import Pools

BUDGET = Budget(
    fields=45,
    answers=60_000,
    page=100,
    length=20,
    favoured=frozenset({"observations", "series", "points", "members", "ranking"}),
)
_AREAS = "(first: 12, filter: {terrain: null}%s) { edges { cursor node { id code } } }"
_QUERY = f"""{{
  gemeenten{_AREAS % ""} wijken{_AREAS % ""} buurten{_AREAS % ""}
  older: wijken{_AREAS % ", vintage: VINTAGE"}
  plain: wijken(first: 5) {{ edges {{ cursor }} }}
  indicators {{ id slug availability {{ vintage years }} }}
  programmes {{ id slug }} focusAreas {{ id slug }} sources {{ id slug }}
  municipalityGroups {{ id slug }} publications {{ edges {{ cursor node {{ id }} }} }}
}}"""


def subject() -> Subject:
    """The service's own schema, prices and codes."""
    return Subject(graphql_schema(), Cost(price, MOST_ROWS, MOST_FIELDS), code_of)


async def pools_of(snapshot: Snapshot) -> Pools:
    """What to ask of a publication, found by asking it."""
    vintages = sorted({key.vintage for key in snapshot.head.series})
    found = await _asked(snapshot, _QUERY.replace("VINTAGE", str(vintages[0])))
    codes = {name: _of(found[name], "code") for name in ("gemeenten", "wijken", "buurten", "older")}
    slugs = {
        name: [each["slug"] for each in found[name]]
        for name in ("indicators", "programmes", "focusAreas", "municipalityGroups")
    }
    stated = snapshot.head.reference
    streams = [*(each.slug for each in stated.funding), "none"]
    ids = [*_ids(found), "", "V2lqazo", "bm90IGFuIGlk"]
    cursors = [*_cursors(found), "AAAA", "", "no cursor"]
    every_code = [code for each in codes.values() for code in each]
    parents = [*codes["gemeenten"], *codes["wijken"], "NL00", "GM0000", "nowhere"]
    years = sorted({y for i in found["indicators"] for a in i["availability"] for y in a["years"]})
    indicators = [*slugs["indicators"] * 3, "populaton", ""]
    return Pools(
        {
            "gemeente.code": [*codes["gemeenten"] * 3, "GM0000", codes["wijken"][0], "gm1"],
            "wijk.code": [*codes["wijken"] * 2, *codes["older"], "WK000000", codes["buurten"][0]],
            "buurt.code": [*codes["buurten"] * 3, "BU00000000", ""],
            "area.code": [*every_code, "NL00", "XX1"],
            "codes": [*codes["wijken"], *codes["gemeenten"][:2], "WK000000", "nothing"],
            "AreaFilter.gemeente": [*codes["gemeenten"], "GM0000", "WK000000"],
            "AreaFilter.parent": parents,
            "ranking.within": [*codes["gemeenten"] * 3, *parents],
            "ranking.indicator": indicators,
            "programme": [*slugs["programmes"] * 4, "none"],
            "programme.slug": [*slugs["programmes"] * 4, "none"],
            "AreaFilter.focusArea": [*slugs["focusAreas"] * 4, "none"],
            "focusArea.slug": [*slugs["focusAreas"] * 4, "none"],
            "municipalityGroup": [*slugs["municipalityGroups"] * 4, "none"],
            "municipalityGroup.slug": [*slugs["municipalityGroups"] * 4, "none"],
            "fundingStream.slug": streams,
            "streams": streams,
            "statement.slug": [*(each.slug for each in stated.statements), "none"],
            "intervention.slug": [*(each.slug for each in stated.interventions), "none"],
            "indicator.slug": indicators,
            "indicators.indicators": indicators,
            "indicators": indicators,
            "vintage": [vintages[-1]] * 4 + [*vintages, 1900],
            "year": [*years, 1900],
            "from": [*years[-3:], *years[:3], 1900],
            "to": [*years[-3:], *years[:3], 2100],
            "number": [1, 1, 1, 2, 3, 99, 0, -1],
            "first": [1, 2, 3, 5] * 8 + [0, -1, 100, 5000, 5001],
            "last": [1, 2, 3] * 3 + [0, -1, 5001],
            "after": cursors,
            "before": cursors,
            "node.id": ids,
            "nodes.ids": ids,
            "AreaFilter.name": ["e", "centrum", "", "É", "x" * 101],
            "search": ["e", "population", "aantal personen", "", "x" * 101],
            "west": [4.9, 5.0, 5.015, -180], "east": [5.1, 6, 5.0, 181],
            "south": [51.9, 52, -90.0], "north": [52.2, 53, 52, 91],
            "search.text": ["e", "centrum", "noord aadorp", "centurm", "WK900101", "", "x" * 101],
            "search.limit": [1, 2, 20, 0, 101],
            "PointInput": [{"x": 5.005, "y": 52.005}, {"x": 155001, "y": 463001.5}, {"x": 1}, 7],
            "Date": _days(vintages),
        },
        {"Date": ("2024-02-30", "yesterday", "", 2024), "DateTime": ("now",)},
        frozenset({"after", "before", "last", "vintage"}),
    )  # fmt: skip


async def _asked(snapshot: Snapshot, query: str) -> Any:
    result = execute(graphql_schema(), parse(query), context_value=Context(snapshot))
    result = result if isinstance(result, ExecutionResult) else await result
    assert result.errors is None, result.errors
    return orjson.loads(orjson.dumps(result.data))


def _of(connection: Any, name: str) -> list[str]:
    return [edge["node"][name] for edge in connection["edges"]]


def _ids(found: Any) -> Iterable[str]:
    for each in found.values():
        items = each if isinstance(each, list) else [edge.get("node") for edge in each["edges"]]
        yield from [item["id"] for item in items if item][:6]


def _cursors(found: Any) -> Iterable[str]:
    for each in found.values():
        if isinstance(each, dict):
            yield from [edge["cursor"] for edge in each["edges"]][:4]


def _days(vintages: Sequence[int]) -> list[str]:
    return [f"{year}-{day}" for year in vintages for day in ("01-01", "12-31")] + ["1900-01-01"]
