"""Harmonised series as a client asks them: exact, between bounds, refused; nothing leaks."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from threading import Event, Thread, current_thread
from typing import Any

import pytest

from db.core.absence import Reason
from db.core.indicator import SeriesBreak
from schema import harmonised
from schema.context import Context
from schema.facts import facts_of
from tests.api.asking import data
from tests.api.redrawn import CODES, MEANT, Figures, RedrawnStore, block, nullable, store_of
from tests.api.sample import _load, open_sample
from tests.differential.asking import compare
from tests.differential.countries import subject
from tests.differential.documents import Request

SECRET = Reason.CONFIDENTIAL
_POINTS = """year value status reason { code } lower upper sourceVintage own methods coverage
  rounding provisional publishedOnVintages
  parts { area { code vintage } kind shareOfOld shareOfNew status methods lacks { slug } }
  blockedBy { area { code vintage } status reason { code } lacks { slug } }
  provenances { dataset }"""
_QUERY = """query ($code: String!, $vintage: Int, $slugs: [String!]!, $from: Int, $to: Int) {
  wijk(code: $code, vintage: $vintage) { series(indicators: $slugs, from: $from, to: $to,
    harmonised: true) {
      ... on HarmonisedSeries { vintage rule ruleText years values statuses area { code vintage }
        indicator { slug } breaks { year text } points { POINTS }
        trend { slope p pointsUsed estimatedLeftOut firstYear lastYear change breaks { year } } }
      ... on IndicatorProblem { slug code } } } }""".replace("POINTS", _POINTS)

PEOPLE_2020: Figures = {
    "WK900101": [100], "WK900102": [300], "WK900103": [50], "WK900104": [80], "WK900105": [10],
}  # fmt: skip
PEOPLE_2021: Figures = {
    "WK900105": [11], "WK900110": [410], "WK900120": [55], "WK900130": [62], "WK900131": [21],
}  # fmt: skip
PEOPLE = {
    ("population", 2020): ([2020], PEOPLE_2020),
    ("population", 2021): ([2021], PEOPLE_2021),
}


async def _series(store: RedrawnStore, code: str, *slugs: str, **given: Any) -> list[Any]:
    found = await data(
        _QUERY,
        {"code": code, "vintage": 2021, "slugs": list(slugs), **given},
        store=store,
        language="en",
    )
    series: list[Any] = found["wijk"]["series"]
    return series


async def _points(store: RedrawnStore, code: str, slug: str, **given: Any) -> dict[int, Any]:
    (series,) = await _series(store, code, slug, **given)
    return {each["year"]: each for each in series["points"]}


# What is carried


async def test_a_merged_wijk_has_the_exact_sum_with_its_parts() -> None:
    points = await _points(store_of(PEOPLE), "WK900110", "population")

    before, own = points[2020], points[2021]
    assert (before["value"], before["status"], before["sourceVintage"]) == (400, "RECODED", 2020)
    assert (before["lower"], before["upper"], before["coverage"]) == (400, 400, 1)
    assert (before["methods"], before["rounding"], before["own"]) == (["SURFACE"], 5, False)
    assert [(each["area"]["code"], each["shareOfOld"]) for each in before["parts"]] == [
        ("WK900102", 1),
        ("WK900101", 1),
    ]
    assert [each["shareOfNew"] for each in before["parts"]] == pytest.approx([7 / 12, 5 / 12])
    assert {each["kind"] for each in before["parts"]} == {"MERGED"}
    assert before["provenances"] == [{"dataset": "kerncijfers-2024"}]
    assert (own["value"], own["status"], own["own"], own["parts"]) == (410, "OBSERVED", True, [])
    assert (own["lower"], own["methods"], own["sourceVintage"]) == (None, [], 2021)


async def test_a_part_of_a_split_wijk_is_estimated_between_nothing_and_everything() -> None:
    points = await _points(store_of(PEOPLE), "WK900130", "population")

    found = points[2020]
    assert (found["value"], found["status"], found["methods"]) == (60, "ESTIMATED", ["SURFACE"])
    assert (found["lower"], found["upper"]) == (0, 80)
    assert found["reason"] == {"code": "ESTIMATED"}


async def test_years_to_come_are_carried_back_to_an_older_vintage() -> None:
    store = store_of(PEOPLE)

    recoded = await _points(store, "WK900103", "population", vintage=2020)
    merged = await _points(store, "WK900101", "population", vintage=2020)
    split = await _points(store, "WK900104", "population", vintage=2020)

    assert [(each["value"], each["status"]) for each in recoded.values()] == [
        (50, "OBSERVED"),
        (55, "RECODED"),
    ]
    assert (merged[2021]["status"], merged[2021]["lower"], merged[2021]["upper"]) == (
        "ESTIMATED",
        0,
        410,
    )
    assert (split[2021]["value"], split[2021]["status"]) == (83, "RECODED")


async def test_a_share_goes_through_numerator_and_denominator() -> None:
    """20 % of 100 and 40 % of 300 are 35 %; the mean of the two shares would be 30."""
    lonely: Figures = {"WK900101": [20], "WK900102": [40], "WK900104": [10]}
    store = store_of({**PEOPLE, ("lonely", 2020): ([2020], lonely)})

    (merged,) = await _series(store, "WK900110", "lonely")
    (split,) = await _series(store, "WK900130", "lonely")

    assert (merged["rule"], merged["values"], merged["statuses"]) == ("MEAN", [35], ["RECODED"])
    assert merged["ruleText"].startswith("Weighted by the denominator")
    point = split["points"][0]
    assert (point["value"], point["status"]) == (10, "ESTIMATED")
    assert (point["lower"], point["upper"]) == (0, 100)


async def test_a_rate_is_made_of_its_numbers_and_names_the_one_that_is_lacking() -> None:
    hectares: Figures = {"WK900101": [5], "WK900102": [Reason.NO_ROW], "WK900104": [8]}
    density: Figures = {code: [7] for code in CODES[2020]}
    store = store_of(
        {**PEOPLE, ("hectares", 2020): ([2020], hectares), ("density", 2020): ([2020], density)}
    )

    (merged,) = await _series(store, "WK900110", "density")
    (split,) = await _series(store, "WK900130", "density")
    (kept,) = await _series(store, "WK900105", "density")

    (point,) = merged["points"]
    assert (merged["rule"], point["value"], point["status"]) == ("RATIO", None, "UNKNOWN")
    assert point["blockedBy"] == [
        {
            "area": {"code": "WK900102", "vintage": 2020},
            "status": "NOT_PUBLISHED",
            "reason": {"code": "NO_ROW"},
            "lacks": {"slug": "hectares"},
        }
    ]
    assert point["coverage"] == pytest.approx(5 / 12, abs=1e-6)
    # 80 over 8 hectares, and both are split alike.
    assert split["values"] == [1000]
    assert kept["values"] == [7]


async def test_a_median_is_refused_where_the_border_changed_and_kept_where_it_did_not() -> None:
    wealth: Figures = {code: [20] for code in CODES[2020]}
    store = store_of({("wealth", 2020): ([2020], wealth)})

    found = {code: (await _series(store, code, "wealth"))[0]["points"][0] for code in CODES[2021]}

    said = {code: (each["value"], each["status"]) for code, each in found.items()}
    assert said == {
        "WK900105": (20, "OBSERVED"),
        "WK900110": (None, "NOT_COMPARABLE"),
        "WK900120": (20, "RECODED"),
        "WK900130": (None, "NOT_COMPARABLE"),
        "WK900131": (None, "NOT_COMPARABLE"),
    }
    assert found["WK900110"]["reason"] == {"code": "BORDER_CHANGED"}


async def test_a_share_without_published_weights_is_refused_and_not_averaged() -> None:
    lonely: Figures = {code: [20] for code in CODES[2020]}
    store = store_of({("lonely", 2020): ([2020], lonely)})

    (merged,) = await _series(store, "WK900110", "lonely")
    (recoded,) = await _series(store, "WK900120", "lonely")

    assert merged["points"][0]["reason"] == {"code": "NO_DENOMINATOR"}
    assert (merged["values"], recoded["values"]) == ([None], [20])


async def test_a_denominator_of_another_year_is_no_weight() -> None:
    lonely: Figures = {code: [20, 20] for code in CODES[2020]}
    people: Figures = {code: [9] for code in CODES[2020]}
    store = store_of(
        {("lonely", 2020): ([2018, 2019], lonely),
         ("population", 2020): ([2019], people)}
    )  # fmt: skip

    (merged,) = await _series(store, "WK900110", "lonely")

    assert [each["reason"]["code"] for each in merged["points"]] == ["NO_DENOMINATOR", "RECODED"]


async def test_a_year_on_boundaries_without_links_says_so() -> None:
    store = store_of({**PEOPLE, ("population", 2018): ([2018], {"WK900105": [9]})})

    points = await _points(store, "WK900105", "population")

    found = points[2018]
    assert (found["value"], found["status"]) == (None, "NOT_COMPARABLE")
    assert (found["reason"], found["sourceVintage"]) == ({"code": "NO_LINKS"}, None)
    assert (found["publishedOnVintages"], found["parts"], found["coverage"]) == ([2018], [], None)
    assert points[2020]["value"] == 10


async def test_new_land_has_no_years_before_it_was_there() -> None:
    points = await _points(store_of(PEOPLE), "WK900101", "population", vintage=2022)

    assert {each["reason"]["code"] for each in points.values()} == {"OTHER_BOUNDARIES"}
    assert {each["value"] for each in points.values()} == {None}


async def test_a_year_on_several_vintages_comes_from_the_nearest() -> None:
    both = {("population", 2020): ([2019, 2020], {c: [1, 2] for c in CODES[2020]}),
            ("population", 2021): ([2019, 2021], {c: [3, 4] for c in CODES[2021]})}  # fmt: skip

    points = await _points(store_of(both), "WK900120", "population", vintage=2022)

    assert [(each["year"], each["value"], each["sourceVintage"]) for each in points.values()] == [
        (2019, 3, 2021),
        (2020, 2, 2020),
        (2021, 4, 2021),
    ]
    assert points[2019]["publishedOnVintages"] == [2020, 2021]


async def test_without_asking_nothing_is_carried() -> None:
    found = await data(
        """{ wijk(code: "WK900110", vintage: 2021) { series(indicators: ["population"]) {
          __typename ... on Series { years values statuses } } } }""",
        store=store_of(PEOPLE),
    )

    assert found["wijk"]["series"] == [
        {
            "__typename": "Series",
            "years": [2020, 2021],
            "values": [None, 410],
            "statuses": ["NOT_COMPARABLE", "OBSERVED"],
        }
    ]


async def test_a_span_of_years_and_an_unknown_slug_lose_nothing_else() -> None:
    problem, series = await _series(
        store_of(PEOPLE), "WK900110", "popultion", "population", to=2020
    )

    assert problem == {"slug": "popultion", "code": "UNKNOWN_INDICATOR"}
    assert (series["years"], series["values"]) == ([2020], [400])


async def test_a_span_without_years_is_an_empty_series() -> None:
    (series,) = await _series(store_of(PEOPLE), "WK900110", "population", to=2000)

    assert (series["years"], series["points"], series["breaks"]) == ([], [], [])
    assert series["trend"]["pointsUsed"] == 0


# What is absent, and what must not be told


async def test_a_withheld_part_blocks_the_sum_and_is_named() -> None:
    people = {**PEOPLE_2020, "WK900102": [SECRET]}
    store = store_of({**PEOPLE, ("population", 2020): ([2020], people)})

    found = (await _points(store, "WK900110", "population"))[2020]

    assert (found["value"], found["lower"], found["upper"]) == (None, None, None)
    assert (found["status"], found["reason"]) == ("UNKNOWN", {"code": "PART_UNKNOWN"})
    assert found["coverage"] == pytest.approx(5 / 12, abs=1e-6)
    assert [each["status"] for each in found["parts"]] == ["SUPPRESSED", "OBSERVED"]
    (blocking,) = found["blockedBy"]
    assert blocking["area"] == {"code": "WK900102", "vintage": 2020}
    assert blocking["lacks"] == {"slug": "population"}


def _attacked(truth: float, sign: Reason) -> RedrawnStore:
    """2020 was published twice: on 2020, where one part is withheld, and as a sum on 2021."""
    parts = {**PEOPLE_2020, "WK900102": [sign]}
    whole = {**PEOPLE_2021, "WK900110": [100 + truth, 410]}
    others = {c: [float(i), *PEOPLE_2021[c]] for i, c in enumerate(CODES[2021])}
    return store_of(
        {
            ("population", 2020): ([2020], parts),
            ("population", 2021): ([2020, 2021], {**others, "WK900110": whole["WK900110"]}),
        }
    )


async def _all_carried(store: RedrawnStore) -> list[Any]:
    """Everything that harmonised series say but what the vintage itself has published."""
    found = []
    for vintage, codes in CODES.items():
        for code in codes:
            (series,) = await _series(store, code, "population", vintage=vintage)
            points = [each for each in series["points"] if not each["own"]]
            found.append((vintage, code, points))
    return found


@pytest.mark.parametrize("sign", [SECRET, Reason.DOT, Reason.NO_FIGURE, Reason.MISSING_CODE])
async def test_no_carried_value_depends_on_a_part_that_is_withheld(sign: Reason) -> None:
    """The attack: a is known, c = a + b is published elsewhere; who answers c minus a tells b."""
    one, other = [await _all_carried(_attacked(truth, sign)) for truth in (17, 300)]

    assert one == other


async def test_a_withheld_cell_is_not_filled_from_a_whole_on_other_boundaries() -> None:
    store = _attacked(300, SECRET)

    own = (await _points(store, "WK900102", "population", vintage=2020))[2020]
    later = (await _points(store, "WK900110", "population", vintage=2022))[2020]

    assert (own["value"], own["status"], own["sourceVintage"]) == (None, "SUPPRESSED", 2020)
    assert (later["value"], later["status"]) == (None, "SUPPRESSED")
    assert later["reason"] == {"code": "WITHHELD_ELSEWHERE"}


# Breaks and trends

_LONG: Mapping[str, Sequence[float]] = {
    "WK900103": [10, 12, 14, 17, 20],
    "WK900104": [10, 12, 14, 17, 20],
}
_YEARS = [2015, 2016, 2017, 2018, 2020]


def _thefts(**changed: Any) -> RedrawnStore:
    meant = {**MEANT, "thefts": replace(MEANT["thefts"], **changed)}
    return store_of(
        {
            ("thefts", 2020): (_YEARS, _LONG),
            ("thefts", 2021): ([2021], {"WK900120": [23], "WK900130": [23]}),
        },
        meant,
    )


async def test_a_trend_uses_what_is_exact_and_leaves_out_what_is_estimated() -> None:
    (exact,) = await _series(_thefts(), "WK900120", "thefts")
    (split,) = await _series(_thefts(), "WK900130", "thefts")

    assert exact["trend"]["pointsUsed"] == 6
    assert exact["trend"]["estimatedLeftOut"] == 0
    assert exact["trend"]["change"] == "WORSENING"
    assert split["statuses"] == ["ESTIMATED"] * 5 + ["OBSERVED"]
    assert (split["trend"]["pointsUsed"], split["trend"]["change"]) == (1, "INSUFFICIENT_DATA")


async def test_how_many_estimates_lie_between_the_years_of_a_trend_is_said() -> None:
    store = _thefts()
    store.blocks |= {
        each.key: each
        for each in [
            block("thefts", 2021, [2014, 2021], {"WK900130": [9, 23]}),
        ]
    }

    (split,) = await _series(store, "WK900130", "thefts")

    assert split["trend"]["estimatedLeftOut"] == 5
    assert (split["trend"]["firstYear"], split["trend"]["lastYear"]) == (2014, 2021)


async def test_a_break_among_estimated_years_cuts_no_trend_of_exact_ones() -> None:
    changed = SeriesBreak(2017, "Anders geteld.", "Counted differently.")

    (split,) = await _series(_thefts(breaks=(changed,)), "WK900130", "thefts")

    assert [each["year"] for each in split["breaks"]] == [2017]
    assert split["trend"]["breaks"] == []
    assert (split["trend"]["pointsUsed"], split["trend"]["estimatedLeftOut"]) == (1, 5)


async def test_a_break_of_the_indicator_is_one_of_the_series_and_no_trend_crosses_it() -> None:
    changed = SeriesBreak(2017, "Anders geteld.", "Counted differently.")

    (series,) = await _series(_thefts(breaks=(changed,)), "WK900120", "thefts")

    assert series["breaks"] == [{"year": 2017, "text": "Counted differently."}]
    assert (series["trend"]["firstYear"], series["trend"]["pointsUsed"]) == (2017, 4)
    assert series["trend"]["breaks"] == [{"year": 2017}]


async def test_another_source_is_a_break_and_no_trend_crosses_it() -> None:
    store = _thefts()
    store.loads = {9: replace(_load(9, "andere"), source="politie")}
    later = block("thefts", 2021, [2021], {"WK900120": [23]}, load=9)
    store.blocks[later.key] = later

    (series,) = await _series(store, "WK900120", "thefts")

    assert series["breaks"] == [
        {"year": 2021, "text": "Another source: politie; before that Key figures."}
    ]
    assert (series["trend"]["firstYear"], series["trend"]["pointsUsed"]) == (2021, 1)


# Bounds, and both executors


async def test_what_is_worked_out_is_kept_by_bytes_and_used_again() -> None:
    store = store_of(PEOPLE)
    snapshot = await open_sample(store)
    query = """query ($c: String!) { wijk(code: $c, vintage: 2021) { series(
      indicators: ["population"], harmonised: true) { ... on HarmonisedSeries { values } } } }"""

    for code in CODES[2021]:
        await data(query, {"c": code}, snapshot=snapshot)

    kept = facts_of(snapshot).remembered.held[harmonised._KEPT]
    assert len(kept) == 1
    ((held,)) = kept.held.values()
    assert kept.weight == held.nbytes


async def test_others_are_answered_while_a_table_is_made_once_for_all_who_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[Thread] = []
    allowed, make = Event(), harmonised._worked_out

    def slowly(material: harmonised._Material) -> harmonised.HarmonisedTable:
        made.append(current_thread())
        allowed.wait(10)
        return make(material)

    monkeypatch.setattr(harmonised, "_worked_out", slowly)
    store = store_of({**PEOPLE, ("lonely", 2020): ([2020], PEOPLE_2020)})
    snapshot = await open_sample(store)
    asked = {"vintage": 2021, "slugs": ["population", "lonely"]}
    waiting = [
        asyncio.ensure_future(data(_QUERY, {**asked, "code": code}, snapshot=snapshot))
        for code in ("WK900110", "WK900120")
    ]
    while not made:  # noqa: ASYNC110  a thread fills it
        await asyncio.sleep(0.001)

    others = await data('{ wijk(code: "WK900110", vintage: 2021) { code } }', snapshot=snapshot)
    before = [each.done() for each in waiting]
    allowed.set()
    found = await asyncio.gather(*waiting)

    assert others == {"wijk": {"code": "WK900110"}}
    assert before == [False, False]
    assert [each["wijk"]["series"][0]["values"] for each in found] == [[400, 410], [50, 55]]
    assert len(made) == 2, "one for each indicator"
    assert current_thread() not in made


async def test_rows_that_joined_after_the_figures_were_loaded_are_not_loaded() -> None:
    store = store_of(PEOPLE)
    key = next(key for key in store.blocks if key.vintage == 2021)
    short = store.blocks[key]
    store.blocks[key] = replace(
        short,
        values=short.values[:-1],
        reasons=short.reasons[:-1],
        provisional=short.provisional[:-1],
        loads=short.loads[:-1],
    )

    points = await _points(store, "WK900131", "population")

    assert points[2021]["reason"] == {"code": "NOT_LOADED"}
    assert points[2020]["status"] == "ESTIMATED"


_DOCUMENTS = [
    """{ wijken(vintage: 2021, last: 4) { nodes { code series(indicators: ["population", "wealth"],
      harmonised: true) { __typename ... on HarmonisedSeries { years values statuses vintage
      rule indicator { slug } area { code } points { POINTS } breaks { year }
      trend { slope } } } } } }""",
    """{ wijken(vintage: 2021, first: 2) { nodes { series(indicators: ["nope", "population"],
      harmonised: true, from: 2021) { ... on HarmonisedSeries { points { year value lower upper
      coverage sourceVintage status reasonText } } ... on IndicatorProblem { slug } } } } }""",
    """{ wijken(vintage: 2020, last: 3) { nodes { series(indicators: ["wealth", "lonely"],
      harmonised: true, from: 2021, to: 2020) { ... on HarmonisedSeries { values } } } } }""",
    """{ wijken(vintage: 2020) { nodes { a: series(indicators: ["population"]) { ... on Series {
      values } } b: series(indicators: ["population"], harmonised: true) { ... on HarmonisedSeries {
      values } } } } }""",
]


@pytest.mark.parametrize("document", _DOCUMENTS)
async def test_plans_say_what_graphql_core_says(document: str) -> None:
    wealth: Figures = {code: [20, 21] for code in CODES[2020]}
    lonely: Figures = {"WK900101": [20], "WK900102": [SECRET], "WK900104": [10]}
    snapshot = await open_sample(
        store_of(
            {**PEOPLE, ("wealth", 2020): ([2019, 2020], wealth), ("lonely", 2020): ([2020], lonely)}
        )
    )
    engine = subject().engine(lambda: Context(snapshot))
    request = Request(document.replace("POINTS", _POINTS))

    for _ in range(3):
        answer = await engine(request)
        await compare(subject(), request, answer, lambda: Context(snapshot), nullable())
    assert answer.data
