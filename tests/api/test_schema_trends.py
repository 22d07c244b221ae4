"""Trends: of which years, what they say, who is worse and worsening, and refusals."""

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from statistics import median
from typing import Any

import numpy as np
import pytest

from db.core.absence import Reason
from db.core.block import Block, SeriesKey
from db.core.indicator import Direction, SeriesBreak
from db.core.levels import Level
from db.core.trend import Change, Ground
from schema import tested, trends, worsening
from schema.context import Context
from schema.facts import facts_of
from schema.root import build
from tests.api import sample
from tests.api.asking import ask, data, refusal, shown
from tests.api.sample import SampleStore, open_sample
from tests.differential.asking import compare
from tests.differential.comparison import relaxed
from tests.differential.countries import subject
from tests.differential.documents import Request
from tests.unit.test_cost import priced

nan = float("nan")
_WIJKEN = ("WK900101", "WK900102", "WK900103", "WK9002A1")
"""Those on land, the first three in GM9001."""
_KEY = SeriesKey("lonely", Level.WIJK, 2024)
_RISING, _FALLING = [1, 2, 4, 8, 16, 17, 18, 20], [90, 80, 77, 70, 60, 50, 45, 40]
_UNCLEAR = [30, 31] * 4


def _block(key: SeriesKey, years: Sequence[int], values: list[list[float]]) -> Block:
    shape = (len(values), len(years))
    absent = np.isnan(np.array(values, np.float64))
    return Block(
        key=key,
        periods=tuple(years),
        values=np.array(values, np.float64),
        reasons=np.where(absent, Reason.NO_FIGURE, Reason.OBSERVED).astype(np.uint8),
        provisional=np.zeros(shape, np.bool_),
        loads=np.zeros(shape, np.uint8),
        load_ids=(1,),
        lower=None,
        upper=None,
    )


def _store(
    *rows: Sequence[float], first: int = 2015, people: Sequence[float] = (1000, 1000, 1000, 1000)
) -> SampleStore:
    """The sample with these values of `lonely` for `_WIJKEN`, year after year from `first`."""
    store = SampleStore()
    table = store.tables[Level.WIJK, 2024]
    width = max(map(len, rows))
    ordered = [[nan] * width for _ in table.codes]
    population = [[nan, nan] for _ in table.codes]
    for code, row, number in zip(_WIJKEN, [*rows, *[[]] * 4], people, strict=False):
        ordered[table.ordinals[code]] = [*row, *[nan] * (width - len(row))]
        population[table.ordinals[code]] = [number, number]
    store.blocks[_KEY] = _block(_KEY, range(first, first + width), ordered)
    key = SeriesKey("population", Level.WIJK, 2024)
    store.blocks[key] = _block(key, (2023, 2024), population)
    return store


def _on(key: SeriesKey, vintage: int) -> SeriesKey:
    return SeriesKey(key.indicator, key.level, vintage)


def _meaning(monkeypatch: pytest.MonkeyPatch, slug: str = "lonely", **changed: Any) -> None:
    monkeypatch.setitem(sample.INDICATORS, slug, replace(sample.INDICATORS[slug], **changed))


def _break(year: int) -> SeriesBreak:
    return SeriesBreak(year, "Anders gemeten.", "Measured differently.")


def _two_sources(store: SampleStore, year: int) -> SampleStore:
    """From a year on the cells are of a load of another source, which the head must know."""
    block = store.blocks[_KEY]
    later = np.array([each >= year for each in block.periods])
    loads = np.zeros(block.values.shape, np.uint8)
    loads[:, later] = 1
    store.blocks[_KEY] = replace(block, loads=loads, load_ids=(1, 2))
    return store


_FIELDS = """slope lower upper s z p pointsUsed firstYear lastYear breaks { year text }
  change changeText method"""
_TREND = """query ($slug: String!, $from: Int, $to: Int) {
  wijken(filter: {terrain: null}) { nodes { code series(indicators: [$slug]) {
    ... on Series { years trend(from: $from, to: $to) { FIELDS } } } } } }""".replace(
    "FIELDS", _FIELDS
)


async def _trends(store: SampleStore, **given: Any) -> dict[str, Any]:
    options = {name: given.pop(name) for name in ("language",) if name in given}
    nodes = (await data(_TREND, {"slug": "lonely", **given}, store=store, **options))["wijken"]
    return {each["code"]: each["series"][0]["trend"] for each in nodes["nodes"]}


# One series


async def test_another_source_is_a_break_that_no_trend_crosses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = sample._load
    politie = {2: "politie"}
    monkeypatch.setattr(
        sample, "_load", lambda n, d: replace(made(n, d), source=politie.get(n, "bureau"))
    )
    store = _two_sources(_store([1, 2, 4, 8, 16, 17, 19, 25]), 2017)

    found = (await _trends(store, language="en"))["WK900101"]

    assert (found["firstYear"], found["pointsUsed"]) == (2017, 6)
    assert [(each["year"], each["text"]) for each in found["breaks"]] == [
        (2017, "Another source: politie; before that Key figures.")
    ]
    (series,) = (
        await data(
            """{ wijk(code: "WK900101") { all: series(indicators: ["lonely"]) {
              ... on Series { breaks { year } } }
              later: series(indicators: ["lonely"], from: 2017) {
              ... on Series { breaks { year } } } } }""",
            store=store,
        )
    ).values()
    assert series == {"all": [{"breaks": [{"year": 2017}]}], "later": [{"breaks": []}]}


async def test_another_source_is_a_break_of_an_area_made_of_units_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = sample._load
    politie = {2: "politie"}
    monkeypatch.setattr(
        sample, "_load", lambda n, d: replace(made(n, d), source=politie.get(n, "bureau"))
    )
    store = _two_sources(_store([1, 2, 4, 8, 16, 17, 19, 25]), 2017)

    found = await data(
        """{ composedArea(codes: ["WK900101"]) {
          all: series(indicators: ["lonely"]) { ... on AggregateSeries {
            breaks { year text } trend { firstYear pointsUsed breaks { year } } } }
          later: series(indicators: ["lonely"], from: 2017) { ... on AggregateSeries {
            breaks { year } } } } }""",
        store=store,
        language="en",
    )

    (whole,), (later,) = found["composedArea"].values()
    assert whole["breaks"] == [
        {"year": 2017, "text": "Another source: politie; before that Key figures."}
    ]
    assert whole["trend"] == {"firstYear": 2017, "pointsUsed": 6, "breaks": [{"year": 2017}]}
    assert later["breaks"] == []


async def test_another_load_of_the_same_source_is_no_break() -> None:
    store = _two_sources(_store([1, 2, 4, 8, 16, 17, 19, 25]), 2017)

    found = (await _trends(store))["WK900101"]

    assert (found["firstYear"], found["pointsUsed"], found["breaks"]) == (2015, 8, [])


async def test_estimated_cells_are_left_out_of_a_trend_and_counted() -> None:
    store = _store([1, 2, 4, 8, 16, 17, 19, 25])
    block = store.blocks[_KEY]
    reasons = block.reasons.copy()
    reasons[:, 2:4] = Reason.ESTIMATED
    store.blocks[_KEY] = replace(block, reasons=reasons)
    query = _TREND.replace("pointsUsed", "pointsUsed estimatedLeftOut")

    nodes = (await data(query, {"slug": "lonely"}, store=store))["wijken"]["nodes"]

    found = {each["code"]: each["series"][0]["trend"] for each in nodes}["WK900101"]
    assert (found["pointsUsed"], found["estimatedLeftOut"]) == (6, 2)


async def test_a_trend_has_the_median_slope_and_the_test_of_all_pairs() -> None:
    found = (await _trends(_store([1, 2, 4, 8, 16])))["WK900101"]

    values = [1, 2, 4, 8, 16]
    slopes = [(values[b] - values[a]) / (b - a) for a, b in combinations(range(5), 2)]
    assert found["slope"] == median(slopes) == 3.375
    # S = 10 of ten pairs; variance 5 x 4 x 15 / 18.
    assert (found["s"], found["z"]) == (10, pytest.approx(9 / math.sqrt(50 / 3)))
    assert found["p"] == pytest.approx(math.erfc(found["z"] / math.sqrt(2)))
    assert min(slopes) <= found["lower"] <= found["slope"] <= found["upper"] <= max(slopes)
    assert (found["pointsUsed"], found["firstYear"], found["lastYear"]) == (5, 2015, 2019)
    assert (found["change"], found["breaks"]) == ("WORSENING", [])


async def test_under_five_values_nothing_is_said_but_how_many_there_are() -> None:
    found = (await _trends(_store([1, 2, nan, 3, 4], [1, 2, 3, 4, 5])))["WK900101"]

    assert [found[each] for each in ("slope", "lower", "upper", "s", "z", "p")] == [None] * 6
    assert (found["pointsUsed"], found["change"]) == (4, "INSUFFICIENT_DATA")
    assert (found["firstYear"], found["lastYear"]) == (2015, 2019)


async def test_an_area_without_any_value_has_no_years() -> None:
    found = (await _trends(_store([1, 2, 3, 4, 5])))["WK900199"]

    assert (found["pointsUsed"], found["firstYear"], found["lastYear"]) == (0, None, None)


async def test_absent_years_are_not_filled_in_and_keep_their_distance() -> None:
    found = (await _trends(_store([0, nan, nan, 3, 4, nan, 6, nan, 8])))["WK900101"]

    assert (found["slope"], found["pointsUsed"], found["lastYear"]) == (1.0, 5, 2023)


async def test_a_rise_is_better_where_higher_is_better(monkeypatch: pytest.MonkeyPatch) -> None:
    _meaning(monkeypatch, direction=Direction.HIGHER_IS_BETTER)

    assert (await _trends(_store(_RISING)))["WK900101"]["change"] == "IMPROVING"


async def test_a_neutral_indicator_has_a_slope_and_a_test_and_no_change(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _meaning(monkeypatch, direction=Direction.NEUTRAL)

    found = (await _trends(_store(_RISING, [1, 2]), language="en"))["WK900101"]

    assert found["slope"] > 0
    assert found["p"] < 0.05
    assert found["change"] is None
    assert "neutral" in found["changeText"]


async def test_no_clear_change_does_not_say_that_nothing_changes() -> None:
    found = (await _trends(_store(_UNCLEAR), language="en"))["WK900101"]

    assert found["change"] == "NO_CLEAR_CHANGE"
    assert "not to say" in found["changeText"]


@pytest.mark.parametrize("language", ["nl", "en"])
async def test_the_method_says_that_p_is_not_corrected(language: str) -> None:
    found = (await _trends(_store(_RISING), language=language))["WK900101"]

    assert {"nl": "Niet gecorrigeerd", "en": "Not corrected"}[language] in found["method"]


def test_every_change_and_ground_has_a_text_in_both_languages() -> None:
    for texts, kind in ((trends.CHANGES, Change), (worsening.GROUNDS, Ground)):
        assert set(texts) == set(kind)
        assert all(dutch and english and dutch != english for dutch, english in texts.values())


# Years, breaks and vintages


async def test_a_trend_begins_at_the_last_break_and_says_which_cut_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _meaning(monkeypatch, breaks=(_break(2018), _break(2016), _break(2012)))

    found = (await _trends(_store([1, 1, 1, 50, 51, 52, 53, 54, 55])))["WK900101"]

    assert (found["firstYear"], found["pointsUsed"], found["slope"]) == (2018, 6, 1.0)
    assert [each["year"] for each in found["breaks"]] == [2016, 2018]


async def test_too_few_values_since_a_break_are_not_filled_up_with_those_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _meaning(monkeypatch, breaks=(_break(2019),))

    found = (await _trends(_store(_RISING)))["WK900101"]

    assert (found["pointsUsed"], found["change"]) == (4, "INSUFFICIENT_DATA")


async def test_a_break_outside_the_years_asked_for_cuts_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _meaning(monkeypatch, breaks=(_break(2021), _break(2015)))

    found = (await _trends(_store(_RISING), to=2020))["WK900101"]

    assert (found["firstYear"], found["lastYear"], found["breaks"]) == (2015, 2020, [])


async def test_a_last_year_that_no_area_has_filled_is_no_end_and_its_break_does_not_cut(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _meaning(monkeypatch, breaks=(_break(2023),))

    found = (await _trends(_store([*_RISING, nan], [*_FALLING, nan])))["WK900101"]
    filled = (await _trends(_store([*_RISING, nan], [*_FALLING, 39])))["WK900101"]

    assert (found["pointsUsed"], found["breaks"]) == (8, [])
    assert (filled["pointsUsed"], [each["year"] for each in filled["breaks"]]) == (0, [2023])


async def test_values_on_another_vintage_are_never_used() -> None:
    store = _store([1, 2, 3, 4], first=2020)
    key = SeriesKey("lonely", Level.WIJK, 2023)
    store.blocks[key] = _block(key, range(2010, 2020), [[float(y) for y in range(10)]] * 3)

    both = await data(_TREND, {"slug": "lonely"}, store=store)
    series = {each["code"]: each["series"][0] for each in both["wijken"]["nodes"]}["WK900101"]

    assert series["years"][0] == 2010
    assert (series["trend"]["firstYear"], series["trend"]["pointsUsed"]) == (2020, 4)


async def test_a_series_of_other_vintages_only_has_a_trend_without_values() -> None:
    store = _store([1, 2, 3, 4, 5])
    store.blocks[_on(_KEY, 2023)] = store.blocks.pop(_KEY)

    found = (await _trends(store))["WK900101"]

    assert (found["pointsUsed"], found["firstYear"]) == (0, None)


async def test_from_and_to_narrow_the_years_of_the_series() -> None:
    found = (await _trends(_store(_RISING), **{"from": 2016, "to": 2021}))["WK900101"]

    assert (found["firstYear"], found["lastYear"], found["pointsUsed"]) == (2016, 2021, 6)


async def test_from_after_to_is_refused_and_loses_only_the_trend() -> None:
    result = await ask(_TREND, {"slug": "lonely", "from": 2020, "to": 2016}, store=_store(_RISING))

    assert result.errors is not None
    assert {shown(each)["code"] for each in result.errors} == {"BAD_USER_INPUT"}
    assert result.data is not None
    series = [each["series"][0] for each in result.data["wijken"]["nodes"]]
    assert all(each["years"] and each["trend"] is None for each in series)


# Worse and worsening

_WORSE = """query ($slugs: [String!]!, $level: Level!, $within: String!, $vintage: Int, $since: Int,
    $from: Float!, $weighting: Weighting!, $least: Int!) {
  worseAndWorsening(indicators: $slugs, level: $level, within: $within, vintage: $vintage,
      since: $since, percentileFrom: $from, weighting: $weighting, minimumInhabitants: $least) {
    __typename
    ... on IndicatorProblem { slug code message suggestions }
    ... on WorseAndWorsening { indicator { slug } level vintage years year breaks { year }
      percentileFrom complete areasTested uninhabited method
      yes { ...entry } no { ...entry } cannotBeSaid { ...entry } } } }
fragment entry on WorseAndWorseningArea { area { code } answer ground groundText change adjustedP
  trend { p change slope pointsUsed } percentile { value rank placement ranked weighting } }"""
_ASKED: dict[str, Any] = {
    "slugs": ["lonely"],
    "level": "WIJK",
    "within": "NL00",
    "from": 50.0,
    "weighting": "INHABITANTS",
    "least": 200,
}
_ANSWERS = {"yes": "YES", "no": "NO", "cannotBeSaid": "CANNOT_BE_SAID"}


async def _lists(store: SampleStore | None = None, **given: Any) -> Any:
    options = {name: given.pop(name) for name in ("snapshot", "language") if name in given}
    (found,) = (await data(_WORSE, {**_ASKED, **given}, store=store, **options))[
        "worseAndWorsening"
    ]
    return found


async def _grounds(store: SampleStore, **given: Any) -> dict[str, str]:
    found = await _lists(store, **given)
    entries: dict[str, str] = {}
    for name, answer in _ANSWERS.items():
        assert {each["answer"] for each in found[name]} <= {answer}
        codes = [each["area"]["code"] for each in found[name]]
        assert codes == sorted(codes)
        entries |= {each["area"]["code"]: each["ground"] for each in found[name]}
    return entries


def _slow_adjusted(p: dict[str, float]) -> dict[str, float]:
    raised = {v: v * len(p) / sum(other <= v for other in p.values()) for v in p.values()}
    return {
        code: min(1.0, *[raised[v] for v in raised if v >= own], 1.0) for code, own in p.items()
    }


async def test_the_worst_that_rises_is_yes_and_what_improves_or_is_not_worse_is_no() -> None:
    worst = [each + 80.0 for each in _RISING]
    found = await _grounds(_store(worst, [*_FALLING[:-1], 41], _UNCLEAR, [20.0] * 8))

    assert found == {
        "WK900101": "BOTH",
        "WK900102": "IMPROVING",
        "WK900103": "NOT_WORSE",
        "WK9002A1": "NOT_WORSE",
    }


async def test_what_cannot_be_said_says_why() -> None:
    few = [nan] * 4 + [90, 91, 92, 93]
    gone = [*_RISING[:-1], nan]
    found = await _grounds(_store(few, [80, 81] * 4, gone, [1] * 8), **{"from": 40.0})

    assert found == {
        "WK900101": "INSUFFICIENT_DATA",
        "WK900102": "NO_CLEAR_CHANGE",
        "WK900103": "WORSE_UNKNOWN",
        "WK9002A1": "NOT_WORSE",
    }


async def test_too_few_inhabitants_leave_it_unknown_whether_an_area_is_worse() -> None:
    store = _store(_RISING, _UNCLEAR, _FALLING, people=[199, 1000, 199, 1000])

    assert (await _grounds(store)) | {"WK900102": "", "WK9002A1": ""} == {
        "WK900101": "WORSE_UNKNOWN", "WK900102": "", "WK900103": "IMPROVING", "WK9002A1": "",
    }  # fmt: skip
    assert (await _grounds(store, least=1))["WK900101"] == "NOT_WORSE"


async def test_areas_on_land_are_counted_once_and_water_and_the_uninhabited_in_no_list() -> None:
    found = await _lists(_store(_RISING, _RISING, _FALLING, _UNCLEAR, people=[0, 9, 500, nan]))

    listed = [each["area"]["code"] for name in _ANSWERS for each in found[name]]
    assert sorted(listed) == ["WK900102", "WK900103", "WK9002A1"]
    assert (found["uninhabited"], found["areasTested"]) == (1, 3)


async def test_worse_is_above_the_percentile_and_not_at_it() -> None:
    # Of two areas with 1000 inhabitants each: percentiles 25 and 75.
    store = _store([each + 80.0 for each in _RISING], [10.0] * 8)

    at = await _grounds(store, **{"from": 75.0})
    below = await _grounds(store, **{"from": 74.9})

    assert (at["WK900101"], below["WK900101"]) == ("NOT_WORSE", "BOTH")


async def test_the_weighting_decides_the_percentile() -> None:
    store = _store([each + 80.0 for each in _RISING], [10.0] * 8, people=[3000, 1000])

    by_people = await _lists(store, **{"from": 10.0})
    by_area = await _lists(store, **{"from": 10.0}, weighting="AREAS")

    assert by_people["yes"][0]["percentile"]["value"] == 62.5
    assert by_area["yes"][0]["percentile"]["value"] == 75.0
    assert by_area["yes"][0]["percentile"]["rank"] == 1


async def test_p_is_corrected_over_the_areas_within_and_percentiles_are_of_the_country() -> None:
    store = _store(_RISING, [1, 3, 2, 4, 5, 7, 6, 8], _UNCLEAR, _FALLING)

    country, gemeente = await _lists(store), await _lists(store, within="GM9001")

    for found, codes in ((country, _WIJKEN), (gemeente, _WIJKEN[:3])):
        entries = {e["area"]["code"]: e for name in _ANSWERS for e in found[name]}
        slow = _slow_adjusted({code: each["trend"]["p"] for code, each in entries.items()})
        assert set(entries) == set(codes)
        assert found["areasTested"] == len(codes)
        for code, each in entries.items():
            assert each["adjustedP"] == pytest.approx(slow[code])
            assert each["percentile"]["ranked"] == 4


async def test_what_one_test_shows_many_tests_may_not() -> None:
    # Five values that only rise: p 0.0275, corrected over four areas 0.110.
    store = _store([81, 82, 83, 84, 85], [9, 8, 9, 8, 9], [7, 8, 7, 8, 7], [9, 8, 9, 8, 8])

    (entry,) = (
        each for each in (await _lists(store))["cannotBeSaid"] if each["area"]["code"] == _WIJKEN[0]
    )

    assert entry["adjustedP"] == pytest.approx(4 * entry["trend"]["p"])
    assert (entry["change"], entry["trend"]["change"]) == ("NO_CLEAR_CHANGE", "WORSENING")
    assert entry["ground"] == "NO_CLEAR_CHANGE"


async def test_years_begin_at_the_break_or_at_the_year_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = _store(_RISING)

    assert (await _lists(store, since=2018))["years"] == [2018, 2019, 2020, 2021, 2022]
    _meaning(monkeypatch, breaks=(_break(2017),))
    found = await _lists(store)
    assert (found["years"][0], found["year"]) == (2017, 2022)
    assert [each["year"] for each in found["breaks"]] == [2017]
    assert (await _lists(store, since=2018))["breaks"] == []


async def test_the_last_year_is_the_last_that_any_area_has_a_value_of() -> None:
    assert (await _lists(_store([*_RISING, nan, nan])))["year"] == 2022


async def test_a_vintage_loaded_in_part_is_told() -> None:
    store = _store(_RISING)
    store.partial = frozenset({(Level.WIJK, 2024)})

    assert (await _lists(store, vintage=2024))["complete"] is False
    assert (await _lists(_store(_RISING)))["complete"] is True


@pytest.mark.parametrize("language", ["nl", "en"])
async def test_grounds_and_method_are_told_in_both_languages(language: str) -> None:
    found = await _lists(_store(_RISING), language=language)

    (entry,) = [each for name in _ANSWERS for each in found[name] if each["trend"]["p"] is not None]
    place = ["nl", "en"].index(language)
    assert entry["groundText"] == worsening.GROUNDS[Ground[entry["ground"]]][place]
    assert found["method"] == worsening.METHOD[place]


async def test_an_unknown_or_neutral_indicator_or_one_without_figures_loses_only_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _meaning(monkeypatch, "births", direction=Direction.LOWER_IS_BETTER)
    _meaning(monkeypatch, "thefts", direction=Direction.LOWER_IS_BETTER)
    _meaning(monkeypatch, "school_advice", direction=Direction.HIGHER_IS_BETTER)
    slugs = ["lonley", "population", "lonely", "births", "thefts", "school_advice"]

    given = {**_ASKED, "slugs": slugs, "within": "GM9001"}
    found = (await data(_WORSE, given, store=_store(_RISING)))["worseAndWorsening"]

    assert [each.get("code") for each in found] == [
        "UNKNOWN_INDICATOR", "NEUTRAL_INDICATOR", None, "NOT_LOADED", "NOT_AVAILABLE_AT_LEVEL",
        "NO_OPEN_SOURCE",
    ]  # fmt: skip
    assert found[0]["suggestions"] == ["lonely"]
    assert found[2]["indicator"]["slug"] == "lonely"


@pytest.mark.parametrize("given", [{"since": 2023}, {"vintage": 2023}])
async def test_no_figures_on_these_boundaries_in_these_years_is_a_problem(
    given: dict[str, int],
) -> None:
    store = _store(_RISING)
    del store.blocks[_on(_KEY, 2023)]

    found = await _lists(store, **given)

    assert found["code"] == "NOT_ON_THESE_BOUNDARIES"
    assert ("2015" in found["message"]) == ("since" in given)


async def test_figures_that_no_area_has_are_none() -> None:
    assert (await _lists(_store([nan] * 8)))["code"] == "NOT_ON_THESE_BOUNDARIES"


async def test_no_indicators_have_no_lists() -> None:
    assert await data(_WORSE, {**_ASKED, "slugs": []}) == {"worseAndWorsening": []}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"level": "LAND"}, "BAD_USER_INPUT"),
        ({"from": -0.1}, "BAD_USER_INPUT"),
        ({"from": 100.5}, "BAD_USER_INPUT"),
        ({"least": 0}, "LIMIT_OUT_OF_RANGE"),
        ({"least": 1_000_001}, "LIMIT_OUT_OF_RANGE"),
        ({"slugs": ["lonely", "births"]}, "LIMIT_OUT_OF_RANGE"),
        ({"slugs": ["lonely"] * 31, "within": "GM9001"}, "LIMIT_OUT_OF_RANGE"),
        ({"within": "GM9999"}, "UNKNOWN_CODE"),
        ({"within": "WK900101"}, "CODE_OF_ANOTHER_LEVEL"),
        ({"within": "GM9003"}, "CODE_NOT_VALID_IN_VINTAGE"),
        ({"within": "nowhere"}, "MALFORMED_CODE"),
        ({"vintage": 1900}, "VINTAGE_NOT_LOADED"),
    ],
)
async def test_bad_input_is_refused_before_anything_is_worked_out(
    given: dict[str, Any], code: str
) -> None:
    store = _store(_RISING)

    assert (await refusal(_WORSE, {**_ASKED, **given}, store=store))["code"] == code
    assert [each for each in store.reads if each[0] == "block"] == []


# What is kept, and what one request may ask


async def test_trends_are_kept_once_for_all_that_is_judged_by_them() -> None:
    snapshot = await open_sample(_store(_RISING))
    for changed in ({"from": 10.0}, {"least": 1}, {"weighting": "AREAS"}, {"since": 2014}):
        await _lists(snapshot=snapshot, **changed)

    kept = tested._WORKINGS.held(facts_of(snapshot))

    assert len(kept) == 1
    assert next(iter(kept.held.values())).nbytes == kept.weight


async def test_what_is_kept_has_a_bound_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tested, "_WORKINGS", replace(tested._WORKINGS, most_bytes=6000))
    snapshot = await open_sample(_store(_RISING))
    for since in range(2015, 2022):
        await _lists(snapshot=snapshot, since=since)

    kept = tested._WORKINGS.held(facts_of(snapshot))

    assert 0 < kept.weight <= 6000


def _aliased(*within: str) -> str:
    asked = 'worseAndWorsening(indicators: ["lonely"], level: WIJK, since: %d, within: "%s")'
    parts = [f"a{i}: {asked % (2015 + i, each)} {{ __typename }}" for i, each in enumerate(within)]
    return f"{{ {' '.join(parts)} }}"


async def test_one_request_may_ask_for_the_country_twice() -> None:
    result = await ask(_aliased("NL00", "NL00", "NL00", "GM9001"), store=_store(_RISING))

    assert result.errors is not None
    assert [shown(each)["code"] for each in result.errors] == ["LIMIT_OUT_OF_RANGE"]
    assert result.data is not None
    assert [each is None for each in result.data.values()] == [False, False, True, False]


async def test_one_request_may_ask_for_so_many_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tested, "_WORKINGS", replace(tested._WORKINGS, most_asked=1))
    result = await ask(_aliased("GM9001", "GM9002"), store=_store(_RISING))

    assert result.errors is not None
    assert [shown(each)["code"] for each in result.errors] == ["LIMIT_OUT_OF_RANGE"]
    assert await data(_aliased("GM9001"), store=_store(_RISING))


def test_a_country_costs_its_areas_and_a_gemeente_those_of_a_large_one() -> None:
    query = """query ($within: String!, $slugs: [String!]!) { worseAndWorsening(
        indicators: $slugs, level: BUURT, within: $within) { ... on WorseAndWorsening {
        yes { answer } no { answer } cannotBeSaid { answer } } } }"""

    country = priced(query, within="NL00", slugs=["a"])
    gemeente = priced(query, within="GM0363", slugs=["a", "b"])

    # Three keys of lists beside an answer for each area.
    assert country.fields == 1 + 4900 * 6
    assert gemeente.fields == 1 + 2 * 70 * 6
    assert country.rows == 4900 * 4


# Both executors


@pytest.mark.parametrize("language", ["nl", "en"])
async def test_plans_say_what_graphql_core_says(language: str) -> None:
    store = _store(_RISING, _FALLING, [*_UNCLEAR[:-1], nan], [3] * 8, people=[900, 0, 3000, 250])
    snapshot = await open_sample(store)

    def context() -> Context:
        return Context(snapshot, language)

    ask_plan, nullable = subject().engine(context), relaxed(lambda: build()._schema)
    requests = [
        Request(_TREND, {"slug": slug, **span})
        for slug in ("lonely", "population")
        for span in ({}, {"from": 2016}, {"from": 2020, "to": 2016})
    ]
    requests += [
        Request(_WORSE, {**_ASKED, **given})
        for given in (
            {}, {"within": "GM9001", "slugs": ["lonely", "lonley", "population"]},
            {"from": 101.0}, {"within": "GM9001", "since": 2019}, {"vintage": 2023},
        )
    ]  # fmt: skip

    one = '{ wijk(code: "%s") { series(indicators: ["lonely", "population", "no"]) {'
    one += " ... on Series { trend { slope p change changeText breaks { year } } } } } }"
    requests += [Request(one % code) for code in (*_WIJKEN, "WK900199")]

    for request in requests * 3:
        await compare(subject(), request, await ask_plan(request), context, nullable)
