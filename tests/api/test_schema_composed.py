"""Areas put together of wijken and buurten: values, what blocks them, what they are made of."""

from dataclasses import replace
from typing import Any

import pytest

from db.core.absence import Reason
from db.core.block import SeriesKey
from db.core.bounded import Bounded
from db.core.levels import Level
from schema import composed_cells
from schema.facts import facts_of
from tests.api.asking import data, refusal
from tests.api.benchmarked import CODES, DOT, JOBS, ONE, PEOPLE, POOR, SECRET, Country
from tests.api.composed import HOUSEHOLDS, QUERY, area_of, country_of, value_of
from tests.api.sample import _block, open_sample

# Values


async def test_counts_are_added_up_and_shares_made_again_from_their_denominators() -> None:
    found = await area_of(["WK900101", "WK900102"], "jobs", "poor")
    jobs, poor = found["observations"]

    assert (jobs["value"], jobs["status"], jobs["method"]) == (30, "RECODED", "SUM")
    assert (jobs["lower"], jobs["upper"], jobs["coverage"]) == (30, 30, 1)
    # By households: 500 of 10 per cent, 1000 of 20 per cent.
    assert poor["value"] == pytest.approx((500 * 10 + 1000 * 20) / 1500)
    assert (poor["method"], poor["status"]) == ("MEAN", "RECODED")
    assert (poor["weightsIndicator"], poor["weightsYear"]) == ("households", 2024)
    assert found["complete"]
    assert found["certainty"] is None


async def test_a_share_without_its_denominator_is_an_estimate_by_inhabitants() -> None:
    store = country_of()
    del store.blocks[SeriesKey("households", Level.WIJK, 2024)]
    (poor,) = (await area_of(["WK900101", "WK900102"], "poor", store=store))["observations"]

    assert poor["value"] == pytest.approx((1000 * 10 + 2000 * 20) / 3000)
    assert (poor["lower"], poor["upper"]) == (10, 20)
    assert (poor["status"], poor["method"]) == ("ESTIMATED", "MEAN_BY_STAND_IN")
    assert (poor["weightsIndicator"], poor["weightsYear"]) == ("population", 2024)


async def test_an_absent_unit_blocks_and_is_named_with_what_the_others_cover() -> None:
    jobs = await value_of(
        ["WK900101", "WK900102", "WK900103"], "jobs", jobs={**JOBS, ONE[1]: SECRET}
    )

    assert (jobs["value"], jobs["status"]) == (None, "UNKNOWN")
    assert jobs["reason"]["code"] == "PART_UNKNOWN"
    assert jobs["blockedBy"] == [
        {"area": {"code": ONE[1]}, "status": "SUPPRESSED", "reason": {"code": "CONFIDENTIAL"}}
    ]
    assert jobs["coverage"] == pytest.approx(4000 / 6000)
    assert (jobs["coverageBy"], jobs["known"], jobs["unitCount"]) == ("INHABITANTS", 2, 3)


async def test_coverage_is_of_units_where_inhabitants_are_not_known() -> None:
    people = {**PEOPLE, ONE[0]: DOT}
    jobs = await value_of(list(ONE[:2]), "jobs", population=people, jobs={**JOBS, ONE[1]: SECRET})

    assert (jobs["coverage"], jobs["coverageBy"]) == (0.5, "UNITS")


async def test_a_unit_that_lacks_only_its_weight_blocks_as_one_without_a_weight() -> None:
    nobody = dict.fromkeys(CODES, DOT)
    poor = await value_of(list(ONE[:2]), "poor", households=nobody, population=nobody)

    assert poor["value"] is None
    assert {each["reason"]["code"] for each in poor["blockedBy"]} == {"NO_WEIGHT"}


async def test_water_takes_no_part() -> None:
    jobs = await value_of(["WK900101", "WK900199"], "jobs")

    assert (jobs["value"], jobs["blockedBy"]) == (10, [])


@pytest.mark.parametrize("slug", ["income", "score", "class"])
async def test_what_cannot_be_made_of_parts_is_refused_and_of_one_unit_told(slug: str) -> None:
    two = await value_of(["WK900101", "WK900102"], slug, **{slug: POOR})
    one = await value_of(["WK900101"], slug, **{slug: POOR})

    assert (two["value"], two["status"]) == (None, "NOT_COMPARABLE")
    assert (two["reason"]["code"], two["additive"], two["method"]) == (
        "NOT_ADDITIVE",
        False,
        "NONE",
    )
    assert (one["value"], one["status"], one["method"]) == (10, "OBSERVED", "ONE_PART")


async def test_a_rate_is_made_again_from_published_numerators() -> None:
    cells = {"people": PEOPLE, "hectares": HOUSEHOLDS, "density": POOR}
    density = await value_of(["WK900101", "WK900102"], "density", **cells)

    assert density["value"] == pytest.approx(100 * 3000 / 1500)
    assert density["method"] == "QUOTIENT"


async def test_a_sum_of_rounded_counts_says_how_far_it_may_be_off() -> None:
    found = await area_of(["WK900101", "WK900102", "WK900103"], "population", store=_rounded(5))

    rounding = found["observations"][0]["rounding"]
    assert (rounding["multiple"], rounding["numbers"], rounding["margin"]) == (5, 3, 7.5)
    assert "7.5" in rounding["text"]


class _Rounding(Country):
    """The country with inhabitants that are rounded."""

    multiple: int = 5

    async def head(self, number: int | None) -> Any:
        head = await super().head(number)
        people = replace(head.indicators["population"], rounding=self.multiple)
        return replace(head, indicators={**head.indicators, "population": people})


def _rounded(multiple: int) -> Country:
    plain, store = country_of(), _Rounding()
    store.tables, store.blocks, store.multiple = plain.tables, plain.blocks, multiple
    return store


async def test_without_a_year_it_is_the_newest_that_units_of_both_levels_have() -> None:
    store = country_of()
    store.blocks[SeriesKey("jobs", Level.WIJK, 2024)] = _block(
        SeriesKey("jobs", Level.WIJK, 2024), (2022, 2023), [[1, 2]] * len(CODES), 1
    )
    store.blocks[SeriesKey("jobs", Level.BUURT, 2024)] = _block(
        SeriesKey("jobs", Level.BUURT, 2024), (2021, 2022), [[3, 4]] * 3, 1
    )
    (jobs,) = (await area_of(["WK900103", "BU90010101"], "jobs", store=store))["observations"]

    assert (jobs["year"], jobs["value"]) == (2022, 1 + 4)


async def test_a_year_of_other_boundaries_has_no_value_here() -> None:
    store = country_of()
    key = SeriesKey("jobs", Level.WIJK, 2023)
    store.blocks[key] = _block(key, (2023,), [[1.0]] * 3, 1)
    (jobs,) = (await area_of(["WK900101", "WK900102"], "jobs", year=2023, store=store))[
        "observations"
    ]

    assert (jobs["value"], jobs["status"]) == (None, "NOT_COMPARABLE")
    assert {each["reason"]["code"] for each in jobs["blockedBy"]} == {"OTHER_BOUNDARIES"}


async def test_an_unknown_slug_loses_only_itself() -> None:
    found = (await area_of(["WK900101"], "jobs", "nope"))["observations"]

    assert found[0]["value"] == 10
    assert found[1] == {"slug": "nope", "code": "UNKNOWN_INDICATOR"}


# Series


async def test_series_have_a_value_for_each_year_and_name_what_blocks_each() -> None:
    store = country_of()
    key = SeriesKey("jobs", Level.WIJK, 2024)
    rows: list[list[float | Reason]] = [[10 + y, 20.0] for y in range(len(CODES))]
    rows[1] = [SECRET, 21]
    store.blocks[key] = _block(key, (2023, 2024), rows, 1)
    query = """query ($codes: [String!]!, $to: Int) { composedArea(codes: $codes) {
      series(indicators: ["jobs"], to: $to) { ... on AggregateSeries { vintage years values statuses
        trend { change } points { year blockedBy { area { code } } } } } } }"""
    found = await data(query, {"codes": list(ONE[:2])}, store=store)

    (line,) = found["composedArea"]["series"]
    assert (line["vintage"], line["years"], line["values"]) == (2024, [2023, 2024], [None, 41])
    assert line["statuses"] == ["UNKNOWN", "RECODED"]
    assert [[b["area"]["code"] for b in p["blockedBy"]] for p in line["points"]] == [[ONE[1]], []]
    assert (await data(query, {"codes": list(ONE[:2]), "to": 2023}, store=store))["composedArea"][
        "series"
    ][0]["years"] == [2023]


# What it is made of


async def test_bad_codes_are_told_apart_and_lose_no_others() -> None:
    found = await area_of(["WK900101", "x", "GM9001", "WK9001ZZ", "WK900101 "], "jobs")

    assert found["observations"][0]["value"] == 10
    assert {each["code"]: each["reason"] for each in found["missingCodes"]} == {
        "x": "MALFORMED_CODE",
        "GM9001": "BAD_USER_INPUT",
        "WK9001ZZ": "UNKNOWN_CODE",
    }
    assert all(each["message"] != each["messageNl"] for each in found["missingCodes"])
    assert not found["complete"]


async def test_a_buurt_in_a_wijk_that_is_named_too_is_counted_once() -> None:
    found = await area_of(["BU90010101", "WK900101"], "jobs")

    assert [each["area"]["code"] for each in found["units"]] == ["WK900101"]
    assert [(each["reason"], each["code"]) for each in found["omitted"]] == [
        ("CONTAINED", "BU90010101")
    ]
    assert found["complete"]
    assert found["observations"][0]["value"] == 10


async def test_units_of_two_levels_are_added_up_together() -> None:
    store = country_of()
    key = SeriesKey("jobs", Level.BUURT, 2024)
    store.blocks[key] = _block(key, (2024,), [[1], [2], [4]], 1)
    found = await area_of(["WK900103", "BU90010101", "BU90010201"], "jobs", store=store)

    assert [each["area"]["code"] for each in found["units"]] == [
        "WK900103", "BU90010101", "BU90010201",
    ]  # fmt: skip
    assert found["observations"][0]["value"] == 30 + 1 + 4


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"codes": []}, "LIMIT_OUT_OF_RANGE"),
        ({"codes": ["WK900101"] * 201}, "LIMIT_OUT_OF_RANGE"),
        ({"codes": ["x", "WK9001ZZ"]}, "BAD_USER_INPUT"),
        ({"codes": ["WK900101"], "vintage": 1999}, "VINTAGE_NOT_LOADED"),
        ({"codes": ["BU90010101"], "vintage": 2023}, "VINTAGE_NOT_LOADED"),
        ({"codes": ["WK900101"], "slugs": ["jobs"] * 101}, "LIMIT_OUT_OF_RANGE"),
    ],
)
async def test_what_cannot_be_asked_is_refused(given: dict[str, Any], code: str) -> None:
    assert (await refusal(QUERY, {"slugs": ["jobs"], **given}, store=country_of()))["code"] == code


async def test_more_than_one_request_may_have_worked_out_loses_only_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(composed_cells, "MOST_AGGREGATES", 1)
    snapshot = await open_sample(country_of())
    for _ in range(2):
        found = await data(
            "query ($codes: [String!]!) { composedArea(codes: $codes) {"
            ' observations(indicators: ["jobs", "poor"]) { ... on Aggregate { value }'
            " ... on IndicatorProblem { slug code limit } } } }",
            {"codes": list(ONE[:2])},
            snapshot=snapshot,
        )

        assert found["composedArea"]["observations"] == [
            {"value": 30},
            {"slug": "poor", "code": "LIMIT_OUT_OF_RANGE", "limit": 1},
        ]


async def test_what_was_worked_out_is_kept_for_other_requests() -> None:
    snapshot = await open_sample(country_of())
    for _ in range(2):
        await data(QUERY, {"codes": list(ONE[:2]), "slugs": ["jobs"]}, snapshot=snapshot)
        await data(QUERY, {"codes": list(ONE[1::-1]), "slugs": ["jobs"]}, snapshot=snapshot)

    kept: Bounded[Any, Any] = facts_of(snapshot).remember("aggregates", lambda: Bounded(0))
    assert len(kept.held) == 1


async def test_what_is_kept_of_one_area_is_not_told_of_another() -> None:
    snapshot = await open_sample(country_of())
    told = []
    for codes in (list(ONE[:2]), list(ONE[1:3])):
        found = await data(QUERY, {"codes": codes, "slugs": ["jobs"]}, snapshot=snapshot)
        told.append(found["composedArea"]["observations"][0]["value"])

    assert told == [10 + 20, 20 + 30]
