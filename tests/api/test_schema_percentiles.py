"""Percentiles: who is compared with whom, what is said of who is not, and refusals."""

from dataclasses import replace
from typing import Any

import pytest

from schema import percentiles
from schema.facts import facts_of
from tests.api.asking import ask, data, shown
from tests.api.lonely import WIJKEN, lonely_store
from tests.api.sample import SampleStore, open_sample

QUERY = """query ($slugs: [String!]!, $weighting: Weighting!, $least: Int!, $within: String) {
  wijken(filter: {terrain: null}) { nodes { code observations(indicators: $slugs) {
    ... on Observation { value percentile(weighting: $weighting, minimumInhabitants: $least,
      within: $within) { value rank placement oriented direction ranked unknown leftOut
      weighting minimumInhabitants inhabitantsYear within } } } } } }"""
_GIVEN = {"slugs": ["lonely"], "weighting": "INHABITANTS", "least": 200}


async def _found(store: SampleStore | None = None, **given: Any) -> dict[str, Any]:
    nodes = (await data(QUERY, {**_GIVEN, **given}, store=store))["wijken"]["nodes"]
    return {each["code"]: each["observations"][0]["percentile"] for each in nodes}


async def test_the_worst_has_percentile_near_100_and_rank_1_weighted_by_inhabitants() -> None:
    found = await _found(lonely_store([10, 30, 20, 30], [1000, 2000, 3000, 4000]))

    first, second, third, fourth = [found[code] for code in WIJKEN]
    # Weights 1000, 3000 and (tied) 6000 of 10,000; half of what is equal counts.
    assert [first["value"], third["value"]] == [5.0, 25.0]
    assert second["value"] == fourth["value"] == 70.0
    assert [each["rank"] for each in (first, second, third, fourth)] == [4, 1, 3, 1]
    assert (first["ranked"], first["unknown"], first["oriented"]) == (4, 0, True)


async def test_with_areas_as_weights_each_counts_the_same() -> None:
    found = await _found(
        lonely_store([10, 30, 20, 30], [1000, 2000, 3000, 4000]), weighting="AREAS"
    )

    assert [each["value"] for each in [found[code] for code in WIJKEN]] == [12.5, 75.0, 37.5, 75.0]


async def test_too_few_inhabitants_none_and_no_value_have_no_percentile_and_say_so() -> None:
    found = await _found(lonely_store([10, 30, float("nan"), 40], [1000, 199, 3000, 0]))

    told = [found[code] for code in WIJKEN]
    assert [each["placement"] for each in told] == [
        "RANKED", "TOO_FEW_INHABITANTS", "NO_VALUE", "UNINHABITED",
    ]  # fmt: skip
    assert [each["value"] for each in told] == [50.0, None, None, None]
    assert (told[0]["ranked"], told[0]["unknown"], told[0]["leftOut"]) == (1, 1, 2)


async def test_a_lower_minimum_lets_smaller_areas_take_part() -> None:
    store = lonely_store([10, 30, 20, 40], [1000, 199, 3000, 1])

    found = await _found(store, least=1)

    assert {each["placement"] for each in [found[code] for code in WIJKEN]} == {"RANKED"}


async def test_within_a_gemeente_others_are_outside_the_reference() -> None:
    found = await _found(
        lonely_store([10, 30, 20, 40], [1000, 1000, 1000, 1000]), within="GM9001", least=1
    )

    assert {each["placement"] for code, each in found.items() if code.startswith("WK9002")} == {
        "OUTSIDE_REFERENCE"
    }
    assert {each["within"] for each in found.values()} == {"GM9001"}


async def test_a_neutral_indicator_is_placed_and_not_judged() -> None:
    found = await _found(slugs=["population"])

    assert {each["oriented"] for each in found.values()} == {False}
    assert {each["direction"] for each in found.values()} == {"NEUTRAL"}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"least": 0}, "LIMIT_OUT_OF_RANGE"),
        ({"least": 1_000_001}, "LIMIT_OUT_OF_RANGE"),
        ({"within": "GM9999"}, "UNKNOWN_CODE"),
        ({"within": "WK900101"}, "CODE_OF_ANOTHER_LEVEL"),
    ],
)
async def test_what_cannot_be_compared_is_refused_and_loses_only_the_percentile(
    given: dict[str, Any], code: str
) -> None:
    result = await ask(QUERY, {**_GIVEN, **given})

    assert result.data is not None
    assert result.errors is not None
    assert {shown(each)["code"] for each in result.errors} == {code}
    nodes = result.data["wijken"]["nodes"]
    assert all(each["observations"][0]["percentile"] is None for each in nodes)
    assert any(each["observations"][0]["value"] is not None for each in nodes)


async def test_more_columns_than_a_request_may_have_judged_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(percentiles, "_WORKINGS", replace(percentiles._WORKINGS, most_asked=1))
    result = await ask(
        '{ wijk(code: "WK900101") { observations(indicators: ["population", "lonely"]) {'
        " ... on Observation { percentile { rank } } } } }"
    )

    assert result.errors is not None
    assert [shown(each)["code"] for each in result.errors] == ["LIMIT_OUT_OF_RANGE"]
    assert result.data is not None
    assert result.data["wijk"]["observations"][0]["percentile"] is not None


async def test_what_is_kept_has_a_bound_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(percentiles, "_WORKINGS", replace(percentiles._WORKINGS, most_bytes=3000))
    snapshot = await open_sample()
    for least in range(1, 9):
        await data(QUERY, {**_GIVEN, "least": least}, snapshot=snapshot)

    kept = percentiles._WORKINGS.held(facts_of(snapshot))

    assert 0 < kept.weight <= 3000
