"""Observations and series: every value with its status, nothing joined across boundaries."""

from typing import Any

import pytest

from tests.api.asking import ask, data, refusal
from tests.api.sample import SampleStore, open_sample

_OBSERVATIONS = """query ($code: String!, $vintage: Int, $slugs: [String!]!, $year: Int) {
  wijk(code: $code, vintage: $vintage) { observations(indicators: $slugs, year: $year) {
    ... on Observation { value status year lower upper provisional rounding
      publishedOnVintages reason { code } }
    ... on IndicatorProblem { slug code suggestions levels } } } }"""

_SERIES = """query ($code: String!, $vintage: Int, $slugs: [String!]!, $from: Int, $to: Int) {
  wijk(code: $code, vintage: $vintage) { series(indicators: $slugs, from: $from, to: $to) {
    ... on Series { vintage years values statuses breaks { year } }
    ... on IndicatorProblem { slug code } } } }"""


async def _observed(code: str, *slugs: str, **more: Any) -> list[dict[str, Any]]:
    answer = await data(_OBSERVATIONS, {"code": code, "slugs": list(slugs), **more})
    found: list[dict[str, Any]] = answer["wijk"]["observations"]
    return found


async def _series(code: str, *slugs: str, **more: Any) -> list[dict[str, Any]]:
    answer = await data(_SERIES, {"code": code, "slugs": list(slugs), **more})
    found: list[dict[str, Any]] = answer["wijk"]["series"]
    return found


async def test_an_observation_has_its_value_and_all_that_belongs_to_it() -> None:
    answer = await data(
        """{ wijk(code: "WK900101") { observations(indicators: ["population"]) {
            ... on Observation {
              value status year provisional rounding lower upper publishedOnVintages
              reason { code text(language: EN) } reasonText
              indicator { slug unit(language: EN) } area { code vintage }
              provenance { dataset table title vintage location retrievedAt modified checksum note
                english: note(language: EN) publication { number }
                source { slug publisher licence attribution(language: EN) } } } } } }"""
    )

    assert answer["wijk"]["observations"] == [
        {
            "value": 1010,
            "status": "OBSERVED",
            "year": 2024,
            "provisional": True,
            "rounding": 5,
            "lower": None,
            "upper": None,
            "publishedOnVintages": [],
            "reason": {"code": "OBSERVED", "text": "Value as the source publishes it."},
            "reasonText": "Waarde zoals de bron die publiceert.",
            "indicator": {"slug": "population", "unit": "persons"},
            "area": {"code": "WK900101", "vintage": 2024},
            "provenance": {
                "dataset": "kerncijfers-2024",
                "table": "T1",
                "title": "Kerncijfers 2024",
                "vintage": 2024,
                "location": "https://example.org/kerncijfers/2024.csv",
                "retrievedAt": "2024-05-01T12:00:00Z",
                "modified": "2024-04-30",
                "checksum": "ab" * 32,
                "note": "Alleen een deel.",
                "english": "A part only.",
                "publication": {"number": 1},
                "source": {
                    "slug": "bureau",
                    "publisher": "Bureau voor Voorbeelden",
                    "licence": "CC-BY-4.0",
                    "attribution": "Source: Bureau voor Voorbeelden",
                },
            },
        }
    ]


async def test_a_published_margin_is_shown_with_its_value() -> None:
    (seen,) = await _observed("WK900101", "lonely")

    assert (seen["lower"], seen["value"], seen["upper"]) == (50.25, 51.25, 52.25)


@pytest.mark.parametrize(
    ("code", "year", "status", "reason"),
    [
        ("WK900103", 2024, "SUPPRESSED", "CONFIDENTIAL"),
        ("WK900103", 2023, "NOT_PUBLISHED", "NO_ROW"),
        ("WK900199", 2024, "NOT_APPLICABLE", "WATER_OR_ABROAD"),
        ("WK900101", 2022, "NOT_COMPARABLE", "OTHER_BOUNDARIES"),
        ("WK900101", 1999, "NOT_PUBLISHED", "NOT_LOADED"),
    ],
)
async def test_an_absent_value_is_null_and_says_why(
    code: str, year: int, status: str, reason: str
) -> None:
    (seen,) = await _observed(code, "population", year=year)

    assert (seen["value"], seen["status"], seen["reason"]["code"], seen["year"]) == (
        None,
        status,
        reason,
        year,
    )
    assert seen["rounding"] is None


async def test_a_zero_is_a_value() -> None:
    (seen,) = await _observed("WK900102", "population")

    assert (seen["value"], seen["status"], seen["rounding"]) == (0, "OBSERVED", 5)


async def test_a_value_that_no_load_gave_has_no_provenance() -> None:
    answer = await data(
        """{ wijk(code: "WK900103") {
            row: observations(indicators: ["population"], year: 2023) {
              ... on Observation { provenance { dataset } } }
            cell: observations(indicators: ["population"], year: 2024) {
              ... on Observation { value provenance { dataset } } } } }"""
    )

    assert answer["wijk"] == {
        "row": [{"provenance": None}],
        "cell": [{"value": None, "provenance": {"dataset": "kerncijfers-2024"}}],
    }


async def test_a_year_of_other_boundaries_names_the_vintages_it_was_published_on() -> None:
    (seen,) = await _observed("WK900101", "population", year=2022)

    assert seen["publishedOnVintages"] == [2023]


async def test_the_same_code_on_another_vintage_has_figures_of_its_own() -> None:
    (new,) = await _observed("WK900101", "population", vintage=2024, year=2023)
    (old,) = await _observed("WK900101", "population", vintage=2023, year=2023)

    assert (new["value"], old["value"]) == (1000, 995)


async def test_without_a_year_each_indicator_has_its_own_newest_year_and_says_which() -> None:
    seen = await _observed("WK900101", "population", "lonely")

    assert [each["year"] for each in seen] == [2024, 2020]


async def test_a_figure_of_a_gemeente_is_not_called_rounded() -> None:
    answer = await data(
        """{ gemeente(code: "GM9001") { observations(indicators: ["population", "thefts"]) {
            ... on Observation { value rounding } } } }"""
    )

    assert answer["gemeente"]["observations"] == [
        {"value": 1023, "rounding": None},
        {"value": 12, "rounding": None},
    ]


async def test_one_slug_that_cannot_be_answered_loses_no_other() -> None:
    seen = await _observed(
        "WK900101", "populatoin", "thefts", "population", "school_advice", "births"
    )

    assert [each.get("code", each.get("status")) for each in seen] == [
        "UNKNOWN_INDICATOR",
        "NOT_AVAILABLE_AT_LEVEL",
        "OBSERVED",
        "NO_OPEN_SOURCE",
        "NOT_LOADED",
    ]
    assert seen[0]["suggestions"] == ["population"]
    assert seen[1]["levels"] == ["GEMEENTE"]


async def test_a_problem_is_explained_in_both_languages() -> None:
    answer = await data(
        """{ wijk(code: "WK900101") { observations(indicators: ["school_advice"]) {
            ... on IndicatorProblem { message nl: message(language: NL) } } } }""",
        language="en",
    )

    assert answer["wijk"]["observations"] == [
        {
            "message": "no open national table of school_advice exists; load your own. "
            "By school only.",
            "nl": "van school_advice bestaat geen open landelijke tabel; laad uw eigen. "
            "Alleen per school.",
        }
    ]


async def test_answers_are_in_the_order_of_the_slugs_and_as_often_as_asked() -> None:
    answer = await data(
        """{ wijk(code: "WK900101") {
            observations(indicators: ["lonely", "population", "lonely"]) {
              ... on Observation { indicator { slug } } } } }"""
    )

    assert [each["indicator"]["slug"] for each in answer["wijk"]["observations"]] == [
        "lonely",
        "population",
        "lonely",
    ]


async def test_no_slugs_give_no_values() -> None:
    assert (await _observed("WK900101"), await _series("WK900101")) == ([], [])


@pytest.mark.parametrize("query", [_OBSERVATIONS, _SERIES])
async def test_more_than_a_hundred_slugs_are_refused(query: str) -> None:
    error = await refusal(query, {"code": "WK900101", "slugs": ["population"] * 101})

    assert (error["code"], error["maximum"]) == ("LIMIT_OUT_OF_RANGE", 100)


async def test_a_refused_list_of_values_leaves_the_area() -> None:
    slugs = ["population"] * 101
    result = await ask(
        'query ($s: [String!]!) { wijk(code: "WK900101") { name observations(indicators: $s) '
        "{ __typename } } }",
        {"s": slugs},
    )

    assert result.data == {"wijk": {"name": "Centrum", "observations": None}}


async def test_a_series_has_parallel_lists_on_its_own_vintage() -> None:
    assert await _series("WK900101", "population") == [
        {
            "vintage": 2024,
            "years": [2022, 2023, 2024],
            "values": [None, 1000, 1010],
            "statuses": ["NOT_COMPARABLE", "OBSERVED", "OBSERVED"],
            "breaks": [{"year": 2023}],
        }
    ]


async def test_a_series_on_an_older_vintage_does_not_have_the_newer_years() -> None:
    (seen,) = await _series("WK900101", "population", vintage=2023)

    assert (seen["years"], seen["values"], seen["statuses"][2]) == (
        [2022, 2023, 2024],
        [990, 995, None],
        "NOT_COMPARABLE",
    )


async def test_from_and_to_are_both_included_and_cut_the_breaks_too() -> None:
    (seen,) = await _series("WK900101", "population", **{"from": 2023, "to": 2023})

    assert (seen["years"], seen["values"], seen["breaks"]) == ([2023], [1000], [])


async def test_years_that_no_vintage_has_are_left_out() -> None:
    (seen,) = await _series("WK900101", "lonely", **{"from": 2010, "to": 2030})

    assert seen["years"] == [2016, 2020]


async def test_a_series_explains_every_absent_value() -> None:
    (seen,) = await _series("WK900103", "population")

    assert (seen["values"], seen["statuses"]) == (
        [None, None, None],
        ["NOT_COMPARABLE", "NOT_PUBLISHED", "SUPPRESSED"],
    )


async def test_points_say_the_same_as_the_parallel_lists() -> None:
    answer = await data(
        """{ wijk(code: "WK900103") { series(indicators: ["population", "lonely"]) {
            ... on Series { indicator { slug } area { code } years values statuses
              points { year value status reason { code } publishedOnVintages } } } } }"""
    )

    for line in answer["wijk"]["series"]:
        points = line["points"]
        assert [each["year"] for each in points] == line["years"]
        assert [each["value"] for each in points] == line["values"]
        assert [each["status"] for each in points] == line["statuses"]
    assert answer["wijk"]["series"][0]["points"][0]["publishedOnVintages"] == [2023]


async def test_a_series_keeps_its_problems_in_place() -> None:
    seen = await _series("WK900101", "thefts", "population")

    assert (seen[0], seen[1]["vintage"]) == (
        {"slug": "thefts", "code": "NOT_AVAILABLE_AT_LEVEL"},
        2024,
    )


async def test_a_span_that_ends_before_it_begins_is_refused() -> None:
    error = await refusal(
        _SERIES, {"code": "WK900101", "slugs": ["population"], "from": 2024, "to": 2020}
    )

    assert error["code"] == "BAD_USER_INPUT"


async def test_a_page_of_areas_reads_each_block_once() -> None:
    store = SampleStore()
    snapshot = await open_sample(store)

    await data(
        """{ wijken { nodes { gemeente { name } parent { name }
            observations(indicators: ["population", "lonely"]) { __typename }
            series(indicators: ["population", "lonely"]) { __typename } } } }""",
        snapshot=snapshot,
    )

    assert len(store.reads) == len(set(store.reads)) == 4
