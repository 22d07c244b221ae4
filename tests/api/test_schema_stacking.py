"""Stacking: parts that add up, unknown domains, definitions of ours and of callers, refusals."""

from dataclasses import replace
from typing import Any

import pytest

from db.core.indicator import Direction
from db.core.stacking_definition import problems_of
from db.demo.country import build_country
from db.reference.facts import load_reference
from db.reference.indicators import load_indicators
from schema import stacked
from schema.facts import facts_of
from tests.api.asking import ask, data, refusal, shown
from tests.api.lonely import WIJKEN, lonely_store
from tests.api.sample import SampleStore, open_sample

_QUERY = """query ($own: StackingDefinitionInput, $definition: String, $year: Int) {
  wijken(filter: {terrain: null}) { nodes { code stacking(own: $own, definition: $definition,
      year: $year) {
    eligible count countMin countMax judged
    definition { id label slug version name scope threshold minimumShare minimumInhabitants
      weighting domains { slug name indicators weights threshold } }
    parts { domain name threshold score percentile exceeded
      indicators { indicator { slug } weight year percentile } }
    sensitivity { threshold countMin countMax } } } } }"""


def _own(**changed: Any) -> dict[str, Any]:
    return {
        "domains": [{"slug": "alone", "indicators": [{"slug": "lonely"}]}],
        "threshold": 80.0,
        "minimumInhabitants": 1,
        **changed,
    }


async def _found(store: SampleStore | None = None, **given: Any) -> dict[str, Any]:
    nodes = (await data(_QUERY, {"own": _own(), **given}, store=store))["wijken"]["nodes"]
    return {each["code"]: each["stacking"] for each in nodes}


async def test_the_worst_exceeds_the_domain_and_the_parts_add_up_to_the_count() -> None:
    found = await _found(lonely_store([10, 20, 30, 90], [1000, 1000, 1000, 1000]))

    assert [found[code]["count"] for code in WIJKEN] == [0, 0, 0, 1]
    for each in found.values():
        exceeded = [part["exceeded"] for part in each["parts"]]
        assert each["countMin"] == exceeded.count("YES")
        assert each["countMax"] == exceeded.count("YES") + exceeded.count("UNKNOWN")
    assert {each["judged"] for each in found.values()} == {4}


async def test_an_unknown_domain_leaves_the_count_open() -> None:
    found = await _found(lonely_store([10, 20, float("nan"), 90], [1000, 1000, 1000, 1000]))

    unknown = found["WK900103"]
    assert (unknown["count"], unknown["countMin"], unknown["countMax"]) == (None, 0, 1)
    assert unknown["parts"][0]["exceeded"] == "UNKNOWN"


async def test_by_figures_of_a_few_areas_nobody_is_said_to_be_among_the_worst_of_all() -> None:
    nan = float("nan")
    half = await _found(lonely_store([10, nan, nan, 90], [1000, 1000, 1000, 1000]))
    one = await _found(lonely_store([nan, nan, nan, 90], [1000, 1000, 1000, 1000]))
    of_one = await _found(lonely_store([10, 20, 30, 90], [nan, nan, nan, 1000]))

    assert (half["WK9002A1"]["count"], half["WK900102"]["count"]) == (0, None)
    for found in one, of_one:
        known = found["WK9002A1"]
        assert (known["count"], known["countMin"], known["countMax"]) == (None, 0, 1)
        assert known["parts"][0]["indicators"][0]["percentile"] is None


_BEHIND = """query ($own: StackingDefinitionInput, $year: Int) {
  wijk(code: "WK900103", vintage: 2024) { stacking(own: $own, year: $year) { parts { indicators {
    year percentile observation { ... on Observation { value year status reason { code } }
      ... on IndicatorProblem { slug code } } } } } } }"""


async def test_behind_each_percentile_is_its_value_or_why_there_is_none() -> None:
    async def behind(lonely: float, **given: Any) -> list[dict[str, Any]]:
        store = lonely_store([10, 20, lonely, 90], [1000, 1000, 1000, 1000])
        found = await data(_BEHIND, {"own": _own(), **given}, store=store)
        (part,) = found["wijk"]["stacking"]["parts"]
        indicators: list[dict[str, Any]] = part["indicators"]
        return indicators

    (known,) = await behind(30)
    (unknown,) = await behind(float("nan"))
    (unpublished,) = await behind(30, year=1999)

    assert known["observation"]["value"] == 30
    assert known["observation"]["year"] == known["year"]
    assert (unknown["percentile"], unknown["observation"]["value"]) == (None, None)
    assert (unpublished["year"], unpublished["observation"]["status"]) == (None, "NOT_PUBLISHED")


async def test_water_and_small_areas_are_not_judged() -> None:
    found = await _found(
        lonely_store([10, 20, 30, 90], [1000, 1000, 5, 1000]), own=_own(minimumInhabitants=200)
    )

    assert [code for code, each in found.items() if not each["eligible"]] == [
        "WK900103", "WK900199",
    ]  # fmt: skip


async def test_a_lower_threshold_never_lowers_the_count() -> None:
    found = await _found(lonely_store([10, 20, 30, 90], [1000, 1000, 1000, 1000]))

    for each in found.values():
        counts = [one["countMin"] for one in each["sensitivity"]]
        assert [one["threshold"] for one in each["sensitivity"]] == [80.0, 90.0, 95.0]
        assert counts == sorted(counts, reverse=True)


async def test_an_indicator_without_figures_at_a_level_makes_its_domain_unknown_to_all() -> None:
    found = await data(
        "{ gemeenten { nodes { stacking(own: {minimumInhabitants: 1, domains: [{"
        'slug: "a", indicators: [{slug: "lonely"}]}]}) { countMax parts { exceeded'
        " indicators { year percentile } } } } } }"
    )

    stackings = [each["stacking"] for each in found["gemeenten"]["nodes"]]
    assert stackings
    for each in stackings:
        assert each["countMax"] == 1
        assert each["parts"] == [
            {"exceeded": "UNKNOWN", "indicators": [{"year": None, "percentile": None}]}
        ]


async def test_a_year_without_figures_is_unknown_and_not_another_year() -> None:
    found = await _found(year=1999)

    assert {each["countMax"] for each in found.values()} == {1}
    assert {each["parts"][0]["percentile"] for each in found.values()} == {None}


async def test_the_id_stands_for_what_decides_and_for_nothing_else() -> None:
    def id_of(found: dict[str, Any]) -> str:
        (only,) = {each["definition"]["id"] for each in found.values()}
        return str(only)

    first = id_of(await _found())
    heavier = [{"slug": "alone", "indicators": [{"slug": "lonely", "weight": 3.0}]}]

    assert id_of(await _found(own=_own(domains=heavier))) == first
    assert id_of(await _found(own=_own(threshold=85.0))) != first


async def test_the_answer_says_that_it_is_about_areas_and_not_households() -> None:
    found = await _found()

    assert {"households" in each["definition"]["scope"] for each in found.values()} == {False}
    assert all("huishoudens" in each["definition"]["scope"] for each in found.values())


async def test_all_that_is_wrong_with_a_definition_is_told_at_once() -> None:
    told = await refusal(
        '{ wijk(code: "WK900101") { stacking(own: {threshold: 100, domains: ['
        '{slug: "a", indicators: [{slug: "population"}, {slug: "nothing"}]}, '
        '{slug: "a", indicators: []}]}) { count } } }'
    )

    assert told["code"] == "MALFORMED_DEFINITION"
    assert {each["problem"] for each in told["problems"]} == {
        "THRESHOLD", "NOT_ORIENTED", "UNKNOWN_INDICATOR", "DOMAIN_TWICE", "NO_INDICATORS",
    }  # fmt: skip


async def test_an_unknown_definition_is_refused_by_name() -> None:
    told = await refusal('{ wijk(code: "WK900101") { stacking(definition: "nope") { count } } }')

    assert told["code"] == "UNKNOWN_SLUG"


async def test_more_stackings_than_a_request_may_have_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stacked, "_WORKINGS", replace(stacked._WORKINGS, most_asked=1))
    own = 'stacking(own: {threshold: %d, domains: [{slug: "a", indicators: [{slug: "lonely"}]}]})'
    result = await ask(
        f'{{ wijk(code: "WK900101") {{ a: {own % 80} {{ count }} b: {own % 90} {{ count }} }} }}'
    )

    assert result.errors is not None
    assert [shown(each)["code"] for each in result.errors] == ["LIMIT_OUT_OF_RANGE"]


async def test_what_is_kept_has_a_bound_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stacked, "_WORKINGS", replace(stacked._WORKINGS, most_bytes=10_000))
    snapshot = await open_sample()
    for threshold in range(51, 59):
        await data(_QUERY, {"own": _own(threshold=float(threshold))}, snapshot=snapshot)

    kept = stacked._WORKINGS.held(facts_of(snapshot))

    assert 0 < kept.weight <= 10_000


@pytest.mark.parametrize("reference", [load_reference(), build_country().reference])
def test_the_definitions_that_are_shipped_can_be_computed(reference: Any) -> None:
    directions: dict[str, Direction] = {each.slug: each.direction for each in load_indicators()}

    assert reference.stacking
    for definition in reference.stacking:
        assert problems_of(definition, directions) == ()
