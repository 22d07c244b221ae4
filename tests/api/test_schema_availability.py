"""Which figures there are, how complete, and why not: no list is empty without a reason."""

from collections import Counter
from typing import Any

import pytest

from db.core.block import SeriesKey
from db.core.levels import Level
from tests.api.asking import data, refusal
from tests.api.sample import SampleStore

QUERY = """query ($indicator: String, $level: Level, $domain: Domain, $vintage: Int, $first: Int,
  $after: String) {
  availability(indicator: $indicator, level: $level, domain: $domain, vintage: $vintage,
      first: $first, after: $after) {
    totalCount
    nodes { indicator { slug } level vintage years complete completeness {
      year areas known suppressed unknown notApplicable notComparable notPublished share } }
    missingIndicators { slug code message levels }
    pageInfo { hasNextPage endCursor } } }"""


async def _asked(store: SampleStore | None = None, **variables: Any) -> Any:
    return (await data(QUERY, variables, store=store))["availability"]


def _places(found: Any) -> list[tuple[str, str, int]]:
    return [(n["indicator"]["slug"], n["level"], n["vintage"]) for n in found["nodes"]]


async def test_every_series_is_told_with_its_level_boundaries_and_years() -> None:
    found = await _asked()

    assert _places(found) == [
        ("lonely", "WIJK", 2023), ("lonely", "WIJK", 2024),
        ("population", "GEMEENTE", 2024), ("population", "WIJK", 2023),
        ("population", "WIJK", 2024), ("thefts", "GEMEENTE", 2024),
    ]  # fmt: skip
    assert found["nodes"][4]["years"] == [2023, 2024]
    assert found["totalCount"] == 6


async def test_areas_are_counted_by_status_and_add_up() -> None:
    found = await _asked(indicator="population", level="WIJK", vintage=2024)

    (node,) = found["nodes"]
    assert node["complete"]
    assert node["completeness"] == [
        {"year": 2023, "areas": 5, "known": 3, "suppressed": 0, "unknown": 0, "notApplicable": 1,
         "notComparable": 0, "notPublished": 1, "share": 0.75},
        {"year": 2024, "areas": 5, "known": 3, "suppressed": 1, "unknown": 0, "notApplicable": 1,
         "notComparable": 0, "notPublished": 0, "share": 0.75},
    ]  # fmt: skip


async def test_counts_are_those_of_the_values_that_are_given() -> None:
    """Also of water that joined after the series was published, which has no cell of its own."""
    given = await data(
        "{ wijken(vintage: 2024, filter: { terrain: null }) { nodes {"
        ' observations(indicators: ["lonely"], year: 2020) {'
        " ... on Observation { status } } } } }"
    )
    said = Counter(o["status"] for n in given["wijken"]["nodes"] for o in n["observations"])

    (node,) = (await _asked(indicator="lonely", level="WIJK", vintage=2024))["nodes"]

    (counted,) = node["completeness"]
    assert counted["areas"] == said.total() == 5
    assert counted["known"] == said["OBSERVED"]
    assert counted["suppressed"] == said["SUPPRESSED"]
    assert counted["notApplicable"] == said["NOT_APPLICABLE"] == 1


async def test_no_indicator_is_left_out_without_a_reason() -> None:
    found = await _asked(level="GEMEENTE")

    why = {each["slug"]: (each["code"], each["levels"]) for each in found["missingIndicators"]}
    assert why == {
        "births": ("NOT_LOADED", []),
        "lonely": ("NOT_AVAILABLE_AT_LEVEL", ["WIJK"]),
        "school_advice": ("NO_OPEN_SOURCE", []),
    }
    listed = {slug for slug, _, _ in _places(found)}
    assert listed | why.keys() == {"births", "lonely", "population", "school_advice", "thefts"}


async def test_on_other_boundaries_only_is_a_reason_that_names_them() -> None:
    found = await _asked(indicator="thefts", vintage=2023)

    (why,) = found["missingIndicators"]
    assert (found["nodes"], why["code"], why["levels"]) == (
        [], "NOT_ON_THESE_BOUNDARIES", ["GEMEENTE"],
    )  # fmt: skip
    assert "2024" in why["message"]


@pytest.mark.parametrize(
    ("asked", "code", "problem", "levels"),
    [
        ({"indicator": "thefts", "level": "WIJK"}, "NOT_AVAILABLE_AT_LEVEL",
         "NOT_AVAILABLE_AT_LEVEL", ["GEMEENTE"]),
        ({"indicator": "births"}, "NOT_AVAILABLE_AT_LEVEL", "NOT_LOADED", []),
        ({"indicator": "school_advice"}, "NOT_AVAILABLE_AT_LEVEL", "NO_OPEN_SOURCE", []),
        ({"indicator": "populaton"}, "UNKNOWN_SLUG", None, None),
        ({"indicator": "thefts", "domain": "HEALTH"}, "BAD_USER_INPUT", None, None),
        ({"level": "WIJK", "vintage": 1999}, "VINTAGE_NOT_LOADED", None, None),
        ({"vintage": 1999}, "BAD_USER_INPUT", None, None),
        ({"first": 0}, "LIMIT_OUT_OF_RANGE", None, None),
    ],
)  # fmt: skip
async def test_what_does_not_exist_is_refused_with_what_does(
    asked: dict[str, Any], code: str, problem: str | None, levels: list[str] | None
) -> None:
    told = await refusal(QUERY, asked)

    assert (told["code"], told.get("problem"), told.get("levels")) == (code, problem, levels)


async def test_pages_follow_each_other_and_miss_nothing() -> None:
    first = await _asked(first=4)
    second = await _asked(first=4, after=first["pageInfo"]["endCursor"])

    assert first["pageInfo"]["hasNextPage"]
    assert not second["pageInfo"]["hasNextPage"]
    assert _places(first) + _places(second) == _places(await _asked())


async def test_a_page_of_another_question_is_refused() -> None:
    first = await _asked(first=1)

    told = await refusal(QUERY, {"level": "WIJK", "after": first["pageInfo"]["endCursor"]})

    assert told["code"] == "CURSOR_OF_ANOTHER_LIST"


async def test_nothing_is_read_of_a_series_to_count_it() -> None:
    store = SampleStore()

    await _asked(store)

    assert {kind for kind, *_ in store.reads} <= {"areas"}


async def test_a_series_that_was_not_counted_says_so() -> None:
    store = SampleStore()
    head = await store.head(None)

    class _Earlier(SampleStore):
        async def head(self, number: int | None) -> Any:
            del head.counted[SeriesKey("thefts", Level.GEMEENTE, 2024)]  # type: ignore[attr-defined]
            return head

    found = await _asked(_Earlier(), indicator="thefts")

    assert found["nodes"][0]["completeness"] is None


async def test_an_indicator_tells_the_same() -> None:
    found = await data(
        '{ indicator(slug: "thefts") { availability { indicator { slug } vintage'
        " completeness { known } } } }"
    )

    assert found["indicator"]["availability"] == [
        {"indicator": {"slug": "thefts"}, "vintage": 2024, "completeness": [{"known": 2}]}
    ]
