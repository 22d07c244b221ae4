"""Harmonised series of Voorbeeldland beside a slow sum of their parts, from the same service.

Nothing of `db.core` is used: only the links between neighbouring vintages and the figures on each
vintage's own boundaries, as anybody can ask them.
"""

from collections import defaultdict
from collections.abc import Iterator
from functools import reduce
from typing import Any

import httpx
import pytest

from tests.api.test_stories import Answer, _ask, client

__all__ = ["client"]

_VINTAGES = range(2020, 2025)
_OVER = {
    "population": None,
    "dwelling_stock": None,
    "net_participation": "population_15_75",
    "corporation_share": "dwelling_stock",
}
"""Counts, and shares with what they are over: no numerator of either is published."""
_SLUGS = [*_OVER, "population_15_75"]
_NOWHERE = {"WATER_OR_ABROAD"}
_UNSTATED = {"NOT_YET_PUBLISHED", "NOT_MEASURED", "NO_ROW", "NOT_LOADED", "OTHER_BOUNDARIES"}

Cell = tuple[float | None, str]
Shares = dict[str, dict[str, float]]
"""By new code, by old code."""


def _document(level: str) -> str:
    return f"""query ($vintage: Int!, $slugs: [String!]!, $carried: [String!]!,
      $after: String) {{ areas: {level}(vintage: $vintage, first: 100, after: $after,
      filter: {{ terrain: null }}) {{ pageInfo {{ hasNextPage endCursor }} nodes {{ code
        predecessors {{ area {{ code vintage }} kind shareOfOld shareOfNew }}
        own: series(indicators: $slugs) {{ ... on Series {{ indicator {{ slug }}
          points {{ year value reason {{ code }} }} }} }}
        carried: series(indicators: $carried, harmonised: true) {{ ... on HarmonisedSeries {{
          indicator {{ slug }} points {{ year value status reason {{ code }} sourceVintage own
            lower upper }} }} }} }} }} }}"""


class _Country:
    """Everything of one level, as it was answered."""

    def __init__(self, answers: dict[int, list[Answer]]) -> None:
        self.answers = answers
        self.cells: dict[tuple[int, str, str, int], Cell] = {}
        self.steps: dict[tuple[int, int], Shares] = {}
        self.unplaced: set[tuple[int, str]] = set()
        for vintage, areas in answers.items():
            forward: Shares = defaultdict(dict)
            back: Shares = defaultdict(dict)
            for area in areas:
                for series in filter(None, area["own"]):
                    for point in series["points"]:
                        key = (vintage, area["code"], series["indicator"]["slug"], point["year"])
                        self.cells[key] = (point["value"], point["reason"]["code"])
                for link in area["predecessors"] or ():
                    if link["kind"] == "UNPLACED":
                        self.unplaced.add((vintage, area["code"]))
                    elif link["area"] is not None:
                        old = link["area"]["code"]
                        forward[area["code"]][old] = link["shareOfOld"]
                        back[old][area["code"]] = link["shareOfNew"]
            self.steps[vintage - 1, vintage] = forward
            self.steps[vintage, vintage - 1] = back

    def shares(self, source: int, target: int) -> Shares:
        """Step by step through every vintage between the two."""
        way = range(source, target, 1 if target > source else -1)
        step = way.step
        return reduce(_after, [self.steps[each, each + step] for each in way])

    def carried(
        self, parts: dict[str, float], vintage: int, slug: str, year: int
    ) -> tuple[float, float, float] | None:
        """The value and its bounds; None where a part lacks."""
        over = _OVER[slug]
        sums = [0.0] * 4
        some = False
        for code, share in parts.items():
            value, why = self.cells.get((vintage, code, slug, year), (None, "NOT_LOADED"))
            weight = 1.0
            if over is not None:
                people, _ = self.cells.get((vintage, code, over, year), (None, "NOT_LOADED"))
                if why not in _NOWHERE and people is None:
                    return None
                weight = people or 0.0
                if weight == 0:
                    value, some = (value or 0.0), True
            if value is None and why in _NOWHERE:
                continue
            if value is None:
                return None
            some = True
            for at, amount in enumerate((value * weight, weight)):
                sums[at] += share * amount
                if share >= 1 - 1e-9:
                    sums[2 + at] += amount
        if not some:
            return None
        if over is None:
            every = [self.cells.get((vintage, code, slug, year), (0, ""))[0] for code in parts]
            return sums[0], sums[2], sum(each or 0 for each in every)
        return (sums[0] / sums[1], -1.0, -1.0) if sums[1] > 0 else None


def _after(first: Shares, then: Shares) -> Shares:
    found: Shares = {}
    for new, parts in then.items():
        found[new] = defaultdict(float)
        for middle, share in parts.items():
            for old, each in first.get(middle, {}).items():
                found[new][old] += share * each
    return found


async def _country(client: httpx.AsyncClient, level: str) -> _Country:
    answers: dict[int, list[Answer]] = {}
    for vintage in _VINTAGES:
        given: dict[str, Any] = {"vintage": vintage, "slugs": _SLUGS, "carried": list(_OVER)}
        answers[vintage] = []
        more: Answer = {"hasNextPage": True, "endCursor": None}
        while more["hasNextPage"]:
            given["after"] = more["endCursor"]
            page = (await _ask(client, _document(level), **given))["areas"]
            answers[vintage] += page["nodes"]
            more = page["pageInfo"]
    return _Country(answers)


def _points(country: _Country) -> Iterator[tuple[int, str, str, Answer]]:
    for vintage, areas in country.answers.items():
        for area in areas:
            for series in area["carried"]:
                for point in series["points"]:
                    yield vintage, area["code"], series["indicator"]["slug"], point


@pytest.mark.parametrize("level", ["gemeenten", "wijken"])
async def test_every_carried_value_is_what_a_slow_sum_of_its_parts_comes_to(
    client: httpx.AsyncClient, level: str
) -> None:
    country = await _country(client, level)
    ways = {(s, t): country.shares(s, t) for s in _VINTAGES for t in _VINTAGES if s != t}
    seen: dict[str, int] = defaultdict(int)

    for vintage, code, slug, point in _points(country):
        where = f"{slug} of {code}@{vintage} in {point['year']}"
        source = point["sourceVintage"]
        if point["own"]:
            own = country.cells[vintage, code, slug, point["year"]]
            assert (point["value"], point["reason"]["code"]) == own, where
            seen["own"] += 1
            continue
        parts = ways[source, vintage].get(code, {})
        expected = country.carried(parts, source, slug, point["year"])
        seen[point["status"]] += 1
        if point["value"] is None:
            if point["reason"]["code"] != "WITHHELD_ELSEWHERE":
                assert expected is None, (where, point, expected)
            continue
        assert expected is not None, (where, point)
        assert point["value"] == pytest.approx(expected[0]), where
        whole = all(share >= 1 - 1e-9 for share in parts.values())
        assert (point["status"] == "ESTIMATED") == (not whole), (where, parts)
        if _OVER[slug] is None:
            assert [point["lower"], point["upper"]] == pytest.approx(expected[1:]), where

    assert min(seen[each] for each in ("own", "RECODED", "ESTIMATED")) > 20, seen
