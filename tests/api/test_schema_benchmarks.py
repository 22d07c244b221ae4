"""Benchmarks: each group worked out by hand, what is refused, and what is kept."""

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest

from db.core.absence import Reason
from db.core.benchmarks import Rule, WeighedBy, Weights, benchmarks
from db.core.block import Block, SeriesKey
from db.core.indicator import Aggregation, Kind
from db.core.levels import Level
from db.core.programme import Certainty
from schema import benchmark_groups
from schema.benchmark_refusals import refusal_words
from schema.comparison_enums import BenchmarkRefusal
from schema.facts import facts_of
from tests.api.asking import ask, data, refusal, shown
from tests.api.benchmarked import (
    ALL,
    CODES,
    DOT,
    JOBS,
    ONE,
    PEOPLE,
    POOR,
    QUERY,
    TWO,
    WATER,
    cells_of,
    country,
    focus,
    found_for,
)
from tests.api.sample import _block, _member, open_sample


async def test_a_share_is_averaged_by_its_denominator_of_the_same_year() -> None:
    households = cells_of(100, 100, 200, 100, 0, 50, 50, 50, 50)
    store = country({"poor": POOR, "households": households, "population": PEOPLE})

    found = (await found_for(store, "poor", "GEMEENTE"))["WK900101"]["GEMEENTE"]
    # 10, 20 and 40 per cent of 100 and 30 per cent of 200 are 130 of 500.
    assert (found["aggregate"], found["difference"], found["ratio"]) == (26.0, -16.0, 10 / 26)
    assert (found["known"], found["unknown"], found["leftOut"]) == (4, 0, 1)
    assert (found["comparedWith"], found["refusal"]) == ("AGGREGATE", None)
    told = found["weighedBy"], found["weightsIndicator"], found["weightsYear"]
    assert told == ("DENOMINATOR", "households", 2024)
    # By 500 households: 125 are reached in the second, 250 and 375 in the third.
    quartiles = found["lowerQuartile"], found["median"], found["upperQuartile"]
    assert quartiles == (20.0, 30.0, 30.0)
    assert (found["lowest"], found["highest"], found["coverage"]) == (10.0, 40.0, 1.0)


async def test_without_that_denominator_it_is_weighed_by_inhabitants_and_says_so() -> None:
    store = country(
        {"poor": POOR, "households": POOR, "population": PEOPLE}, years={"households": 2022}
    )

    found = (await found_for(store, "poor", "NATIONAL"))["WK900101"]["NATIONAL"]
    people = [PEOPLE[code] for code in (*ONE, *TWO)]
    values = [float(POOR[code]) for code in (*ONE, *TWO)]
    mean = sum(v * p for v, p in zip(values, people, strict=True)) / sum(people)
    assert found["aggregate"] == pytest.approx(mean)
    told = found["weighedBy"], found["weightsIndicator"], found["weightsYear"]
    assert told == ("INHABITANTS", "population", 2024)


async def test_without_any_weights_nothing_is_averaged() -> None:
    found = (await found_for(country({"poor": POOR}), "poor", "GEMEENTE"))["WK900101"]["GEMEENTE"]

    assert (found["aggregate"], found["refusal"]) == (None, "WEIGHTS_UNKNOWN")
    assert (found["median"], found["quartileRefusal"]) == (None, "WEIGHTS_UNKNOWN")
    assert (found["comparedWith"], found["difference"], found["ratio"]) == (None, None, None)
    assert (found["weightsIndicator"], found["weightsYear"]) == (None, None)


async def test_counts_are_summed_in_a_gemeente_its_rest_and_the_country() -> None:
    store = country({"jobs": JOBS, "population": PEOPLE})

    found = await found_for(store, "jobs", *ALL[:3])
    sums = {code: [found[code][group]["aggregate"] for group in ALL[:3]] for code in ONE[:2]}
    assert sums == {"WK900101": [150, 140, 160], "WK900102": [150, 130, 160]}
    rest = found["WK900102"]["REST_OF_GEMEENTE"]
    assert (rest["known"], rest["lowest"], rest["highest"]) == (4, 10, 50)
    assert found["WK900204"]["REST_OF_GEMEENTE"]["aggregate"] == 6


async def test_the_rest_of_a_gemeente_is_what_the_core_says_of_the_others() -> None:
    store = country({"poor": POOR, "population": PEOPLE})

    found = await found_for(store, "poor", "REST_OF_GEMEENTE")
    for code in ONE:
        others = [each for each in ONE if each != code]
        expected = benchmarks(
            np.array([float(POOR[each]) for each in others]),
            Weights(WeighedBy.INHABITANTS, np.array([float(PEOPLE[each]) for each in others])),
            Rule(Kind.SHARE, Aggregation.WEIGHTED_MEAN),
            np.ones(len(others), np.bool_),
        )
        told = found[code]["REST_OF_GEMEENTE"]
        names = {"aggregate": "aggregates", "median": "medians", "lowest": "lowest"}
        for name, array in names.items():
            assert told[name] == pytest.approx(getattr(expected, array)[0])


async def test_a_density_is_recomputed_from_its_numerator_and_denominator() -> None:
    store = country(
        {
            "density": cells_of(1000, 500, 100, 100, 100, 1, 1, 1, 1),
            "people": cells_of(1000, 500, 100, 100, 300, 1, 1, 1, 1),
            "hectares": cells_of(100, 100, 100, 100, 300, 100, 100, 100, 100),
        }
    )

    found = (await found_for(store, "density", "GEMEENTE"))["WK900101"]["GEMEENTE"]
    # 2,000 people on 700 hectares.
    assert found["aggregate"] == pytest.approx(2000 / 7)
    assert (found["weighedBy"], found["weightsIndicator"]) == ("DENOMINATOR", "hectares")


async def test_what_cannot_be_recomputed_says_that_its_parts_are_not_loaded() -> None:
    store = country({"density": JOBS, "people": JOBS, "population": PEOPLE})

    found = (await found_for(store, "density", "GEMEENTE"))["WK900101"]["GEMEENTE"]
    assert (found["aggregate"], found["refusal"]) == (None, "PARTS_NOT_LOADED")
    assert (found["comparedWith"], found["median"] is None) == ("MEDIAN", False)


@pytest.mark.parametrize(
    ("slug", "difference", "ratio"),
    [("income", -20.0, 1 / 3), ("score", -20.0, None), ("class", None, None)],
)
async def test_medians_indices_and_classes_are_compared_with_the_median_of_the_areas(
    slug: str, difference: float | None, ratio: float | None
) -> None:
    store = country({slug: POOR, "population": PEOPLE})

    found = (await found_for(store, slug, "GEMEENTE"))["WK900101"]["GEMEENTE"]
    # Of 10,500 inhabitants 6,000 live in the first three wijken.
    assert (found["aggregate"], found["refusal"], found["median"]) == (None, "NO_RULE", 30.0)
    assert found["comparedWith"] == "MEDIAN"
    assert (found["difference"], found["ratio"]) == (difference, ratio)


async def test_focus_areas_are_whole_counted_members_of_exactly_this_vintage() -> None:
    store = country({"jobs": JOBS, "population": PEOPLE}, members=focus())

    found = (await found_for(store, "jobs", *ALL[3:]))["WK900105"]
    inside, outside = (found[group] for group in ALL[3:])
    assert (inside["programme"], outside["programme"]) == ("kans", "kans")
    assert (inside["aggregate"], inside["known"]) == (10 + 1, 2)
    # The candidate is outside; the one that belongs to it in part is in neither.
    assert (outside["aggregate"], outside["known"]) == (20 + 30 + 40 + 50 + 3 + 4, 6)
    assert inside["partialMembers"] == outside["partialMembers"] == ["WK900202"]


async def test_a_wijk_of_which_only_buurten_are_members_is_in_neither_group() -> None:
    buurt = _member("elstad", "BU90010201", Certainty.OFFICIAL, level=Level.BUURT)
    store = country({"jobs": JOBS, "population": PEOPLE}, members=(*focus(), buurt))

    found = (await found_for(store, "jobs", *ALL[3:]))["WK900105"]
    inside, outside = (found[group] for group in ALL[3:])
    assert sorted(inside["partialMembers"]) == ["WK900102", "WK900202"]
    assert inside["partialMembers"] == outside["partialMembers"]
    assert inside["known"] + outside["known"] == 2 + 6 - 1


@pytest.mark.parametrize(
    ("programme", "shown_as"),
    [("toen", "toen"), (None, "kans")],
)
async def test_a_programme_without_members_on_this_vintage_is_no_group(
    programme: str | None, shown_as: str
) -> None:
    store = country({"jobs": JOBS, "population": PEOPLE}, members=focus()[-1:])

    found = (await found_for(store, "jobs", *ALL[2:4], programme=programme))["WK900101"]
    assert found["FOCUS_AREAS"]["refusal"] == "NOT_STATED"
    assert found["FOCUS_AREAS"]["programme"] == shown_as
    assert found["FOCUS_AREAS"]["weighedBy"] is None
    assert found["NATIONAL"]["aggregate"] == 160


async def test_without_a_programme_the_first_that_states_members_is_taken() -> None:
    members = (_member("oudeland", "WK900102", Certainty.OFFICIAL),)
    store = country({"jobs": JOBS, "population": PEOPLE}, members=members)

    found = (await found_for(store, "jobs", "FOCUS_AREAS"))["WK900101"]["FOCUS_AREAS"]
    assert (found["programme"], found["aggregate"]) == ("toen", 20)


async def test_water_is_compared_with_nothing_and_counts_nowhere() -> None:
    store = country({"jobs": {**JOBS, WATER: 1000.0}, "population": PEOPLE})

    found = await found_for(store, "jobs", *ALL[:3])
    assert {each["refusal"] for each in found[WATER].values()} == {"NOT_LAND"}
    assert {each["aggregate"] for each in found[WATER].values()} == {None}
    assert found["WK900101"]["NATIONAL"]["aggregate"] == 160


async def test_a_gemeente_is_compared_with_the_country_and_not_inside_itself() -> None:
    store = country({}, {"jobs": (150, 10), "population": (1000, 500)}, {"jobs": 165})
    found = await data(
        '{ gemeente(code: "GM9001") { observations(indicators: ["jobs"]) { ... on Observation {'
        " benchmarks { group aggregate difference refusal published { value } } } } }"
        ' land { observations(indicators: ["jobs"]) { ... on Observation {'
        " benchmarks(against: [NATIONAL]) { refusal } } } } }",
        store=store,
    )

    own, national = found["gemeente"]["observations"][0]["benchmarks"]
    assert (own["group"], own["refusal"]) == ("GEMEENTE", "NOT_DIVIDED")
    assert (national["aggregate"], national["difference"]) == (160, -10)
    assert national["published"]["value"] == 165
    assert found["land"]["observations"][0]["benchmarks"] == [{"refusal": "NOT_DIVIDED"}]


async def test_what_is_published_for_the_whole_stands_beside_and_is_never_repaired() -> None:
    store = country({"jobs": JOBS, "population": PEOPLE}, {"jobs": (149, 12)}, {"jobs": 170})

    found = (await found_for(store, "jobs", *ALL[:3]))["WK900101"]
    assert [found[group]["aggregate"] for group in ALL[:3]] == [150, 140, 160]
    assert [found[group]["published"]["value"] for group in ALL[:3]] == [149, 149, 170]
    assert found["GEMEENTE"]["published"]["area"] == {"code": "GM9001", "vintage": 2024}
    assert not found["GEMEENTE"]["publishedWithheld"]


@pytest.mark.parametrize("years", [{"jobs": 2024}, {}])
async def test_nothing_is_published_where_the_whole_has_no_value(years: dict[str, int]) -> None:
    gemeenten = {"jobs": (DOT, 12.0)} if years else None
    store = country({"jobs": JOBS, "population": PEOPLE}, gemeenten)

    found = (await found_for(store, "jobs", "GEMEENTE", "NATIONAL"))["WK900101"]
    assert [each["published"] for each in found.values()] == [None, None]
    assert [each["publishedWithheld"] for each in found.values()] == [False, False]


async def test_a_year_of_other_boundaries_is_compared_with_nothing() -> None:
    store = country({"jobs": JOBS, "population": PEOPLE})
    key = SeriesKey("jobs", Level.WIJK, 2023)
    store.blocks[key] = _block(key, (2022,), [[1.0], [2.0], [3.0]], 1)
    found = await data(
        '{ wijk(code: "WK900101") { observations(indicators: ["jobs"], year: 2022) {'
        " ... on Observation { value benchmarks { aggregate refusal known unknown published"
        " { value } } } } } }",
        store=store,
    )

    (observation,) = found["wijk"]["observations"]
    for each in observation["benchmarks"]:
        assert (each["aggregate"], each["refusal"], each["known"]) == (None, "NO_VALUE", 0)
        assert each["published"] is None


async def test_a_part_of_a_vintage_says_that_it_is_not_complete() -> None:
    store = country({"jobs": JOBS, "population": PEOPLE})
    assert (await found_for(store, "jobs", "NATIONAL"))["WK900101"]["NATIONAL"]["complete"]
    store.partial = frozenset({(Level.WIJK, 2024)})
    found = await data(
        '{ wijk(code: "WK900101", vintage: 2024) { observations(indicators: ["jobs"]) {'
        " ... on Observation { benchmarks(against: NATIONAL) { complete } } } } }",
        store=store,
    )

    assert found["wijk"]["observations"][0]["benchmarks"] == [{"complete": False}]


async def test_too_little_coverage_refuses_the_mean_and_tells_how_little() -> None:
    poor = {**POOR, "WK900104": Reason.NOT_MEASURED}
    store = country({"poor": poor, "population": PEOPLE})

    found = (await found_for(store, "poor", "GEMEENTE"))["WK900101"]["GEMEENTE"]
    assert (found["refusal"], found["quartileRefusal"]) == ("LOW_COVERAGE", "LOW_COVERAGE")
    assert found["coverage"] == pytest.approx(6500 / 10500)
    assert (found["known"], found["unknown"]) == (4, 1)


@pytest.mark.parametrize("language", ["nl", "en"])
async def test_a_refusal_has_a_text_in_the_language_of_the_request(language: str) -> None:
    store = country({"income": POOR, "population": PEOPLE})

    found = (await found_for(store, "income", "GEMEENTE", language=language))["WK900101"][
        "GEMEENTE"
    ]
    assert found["refusalText"] == refusal_words(BenchmarkRefusal.NO_RULE, language)
    assert found["quartileRefusalText"] is None


@pytest.mark.parametrize("reason", BenchmarkRefusal)
def test_every_refusal_has_a_text_in_both_languages(reason: BenchmarkRefusal) -> None:
    texts = [refusal_words(reason, language) for language in ("nl", "en")]

    assert all(text.endswith(".") for text in texts)
    assert texts[0] != texts[1]


async def test_fewer_than_three_areas_with_a_value_are_not_counted_as_the_rest_of_a_gemeente() -> (
    None
):
    jobs = cells_of(10, 20, 30, 40, 50, 1, 2, 3, Reason.IMPOSSIBLE)
    store = country({"jobs": jobs, "population": {**PEOPLE, "WK900204": 0}})

    found = await found_for(store, "jobs", "REST_OF_GEMEENTE")
    few, enough = (found[code]["REST_OF_GEMEENTE"] for code in ("WK900201", "WK900204"))
    assert (few["refusal"], few["quartileRefusal"]) == ("TOO_FEW_AREAS", "TOO_FEW_AREAS")
    names = ("aggregate", "median", "lowerQuartile", "upperQuartile", "lowest", "highest",
             "difference", "ratio", "comparedWith")  # fmt: skip
    assert {few[name] for name in names} == {None}
    assert (few["known"], few["leftOut"]) == (2, 1)
    assert (enough["aggregate"], enough["known"]) == (6, 3)


async def test_a_share_of_two_other_areas_is_still_averaged() -> None:
    poor = {**POOR, "WK900204": Reason.IMPOSSIBLE}
    store = country({"poor": poor, "population": {**PEOPLE, "WK900204": 0}})

    found = (await found_for(store, "poor", "REST_OF_GEMEENTE"))["WK900201"]["REST_OF_GEMEENTE"]
    assert found["aggregate"] == pytest.approx((6 * 200 + 7 * 300) / 500)


# What is refused and what is kept.


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ('programme: "nope"', "UNKNOWN_SLUG"),
        ('against: [GEMEENTE], programme: "nope"', "UNKNOWN_SLUG"),
        (f"against: [{', '.join(['NATIONAL'] * 7)}]", "LIMIT_OUT_OF_RANGE"),
    ],
)
async def test_what_cannot_be_asked_is_refused_and_loses_only_the_benchmarks(
    given: str, code: str
) -> None:
    store = country({"jobs": JOBS, "population": PEOPLE})
    query = (
        '{ wijk(code: "WK900101") { observations(indicators: ["jobs"]) { ... on Observation {'
        f" value benchmarks({given}) {{ aggregate }} }} }} }} }}"
    )

    assert (await refusal(query, store=store))["code"] == code
    result = await ask(query, store=store)
    assert result.data is not None
    assert result.data["wijk"]["observations"] == [{"value": 10, "benchmarks": None}]


async def test_without_groups_there_is_an_empty_list_and_by_default_there_are_two() -> None:
    store = country({"jobs": JOBS, "population": PEOPLE})
    found = await data(
        '{ wijk(code: "WK900101") { observations(indicators: ["jobs"]) { ... on Observation {'
        " none: benchmarks(against: []) { group } benchmarks { group } } } } }",
        store=store,
    )

    (observation,) = found["wijk"]["observations"]
    assert observation["none"] == []
    assert [each["group"] for each in observation["benchmarks"]] == ["GEMEENTE", "NATIONAL"]


async def test_more_columns_than_a_request_may_have_worked_out_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    query = (
        '{ wijken { nodes { observations(indicators: ["jobs", "poor"]) { ... on Observation {'
        " benchmarks { aggregate } } } } } }"
    )
    cells = {"jobs": JOBS, "poor": POOR, "population": PEOPLE}
    snapshot = await open_sample(country(cells))
    await data(query, snapshot=snapshot)
    monkeypatch.setattr(
        benchmark_groups, "_WORKINGS", replace(benchmark_groups._WORKINGS, most_asked=2)
    )

    result = await ask(query, snapshot=snapshot)
    assert result.errors is not None
    assert {shown(each)["code"] for each in result.errors} == {"LIMIT_OUT_OF_RANGE"}
    assert result.data is not None
    for node in result.data["wijken"]["nodes"]:
        jobs, poor = node["observations"]
        assert (len(jobs["benchmarks"]), poor["benchmarks"]) == (2, None)


async def test_what_is_kept_has_a_bound_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        benchmark_groups, "_WORKINGS", replace(benchmark_groups._WORKINGS, most_bytes=7000)
    )
    snapshot = await open_sample(country({"jobs": JOBS, "poor": POOR, "population": PEOPLE}))
    for slug, group in product(("jobs", "poor", "population"), ALL[:3]):
        given = {"slugs": [slug], "against": [group]}
        await data(QUERY, given, snapshot=snapshot)

    kept = benchmark_groups._WORKINGS.held(facts_of(snapshot))

    assert 0 < kept.weight <= 7000


async def test_a_column_is_worked_out_once_for_all_gemeenten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[benchmark_groups.Asked] = []
    work_out = benchmark_groups._worked_out

    def counted(*given: Any) -> Any:
        found = work_out(*given)
        made.append(given[-1])
        return found

    monkeypatch.setattr(benchmark_groups, "_worked_out", counted)
    snapshot = await open_sample(country({"jobs": JOBS, "population": PEOPLE}))
    for _ in range(2):
        await data(QUERY, {"slugs": ["jobs"], "against": ALL[:3]}, snapshot=snapshot)

    assert sorted(each.group.name for each in made) == sorted(ALL[:3])


async def test_a_block_that_ends_before_an_area_knows_nothing_of_it() -> None:
    store = country({"jobs": JOBS, "population": PEOPLE})
    key = SeriesKey("jobs", Level.WIJK, 2024)
    store.blocks[key] = _shorter(store.blocks[key])

    found = await found_for(store, "jobs", "GEMEENTE")
    assert found["WK900101"]["GEMEENTE"]["aggregate"] == 150
    assert found["WK900201"]["GEMEENTE"]["refusal"] == "LOW_COVERAGE"
    assert found["WK900201"]["GEMEENTE"]["unknown"] == 1


def _shorter(block: Block) -> Block:
    cut = len(CODES) - 2
    return replace(
        block,
        values=block.values[:cut],
        reasons=block.reasons[:cut],
        provisional=block.provisional[:cut],
        loads=block.loads[:cut],
    )
