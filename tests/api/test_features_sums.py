"""Sums in the filters of OGC API Features (CQL2, class arithmetic)."""

import json
from typing import Any

import pytest

from tests.api.mapped import MappedStore
from tests.api.resting import rest_client
from tests.api.test_features import WIJKEN


async def _found(text: str) -> list[str]:
    async with rest_client(MappedStore()) as (client, _):
        answer = await client.get(WIJKEN, params={"filter": text})
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["features"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("population + 1 > 1010", ["WK900101"]),
        ("2 * population - population = population", ["WK900101", "WK900102", "WK9002A1"]),
        ("1 + 2 * 3 = 7 AND code = 'WK900199'", ["WK900199"]),
        ("population div 100 = 10 OR population % 100 = 10", ["WK900101"]),
        ("-7 % 3 = -1 AND -7 div 2 = -3 AND 2 ^ 3 = 8 AND code = 'WK900199'", ["WK900199"]),
        # Neither what is absent nor what is divided by nought is a number.
        ("(population + 1) IS NULL", ["WK900103", "WK900199"]),
        ("population / 0 > 1 OR population / 0 <= 1", []),
        ("(population / (population - population)) IS NULL",
         ["WK900101", "WK900102", "WK900103", "WK900199", "WK9002A1"]),
        ("population + 1 BETWEEN 906 AND 1011 AND population * 1 IN (1010)", ["WK900101"]),
    ],
)  # fmt: skip
async def test_a_filter_can_have_sums(text: str, expected: list[str]) -> None:
    assert await _found(text) == expected


@pytest.mark.parametrize("filter_", [
    "naam + 1 > 2",
    "population + 'a' > 2",
    "CASEI(population + 1) = 'a'",
    " + ".join(["1"] * 250) + " = 250",
    "+".join(["1"] * 7000) + " = 2",
])  # fmt: skip
async def test_a_sum_of_what_is_no_number_or_of_very_much_is_refused(filter_: str) -> None:
    async with rest_client(MappedStore()) as (client, _):
        answer = await client.get(WIJKEN, params={"filter": filter_})
    assert answer.status_code == 400
    assert [each["name"] for each in answer.json()["errors"]] == ["filter"]


async def test_a_sum_that_nests_in_json_without_end_is_refused() -> None:
    deep: Any = 1
    for _ in range(300):
        deep = {"op": "+", "args": [deep, 1]}
    async with rest_client(MappedStore()) as (client, _):
        asked = {"filter": json.dumps({"op": ">", "args": [deep, 1]}), "filter-lang": "cql2-json"}
        answer = await client.get(WIJKEN, params=asked)
    assert answer.status_code == 400
    assert "deep" in answer.json()["detail"]
