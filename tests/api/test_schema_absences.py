"""Cells outside a block: of areas that came later, of water, of vintages loaded in part."""

from dataclasses import replace

import pytest

from db.core.absence import Reason
from db.core.block import SeriesKey
from db.core.levels import Level
from tests.api.asking import data
from tests.api.sample import SampleStore

_OBSERVATION = """query ($slug: String!, $vintage: Int, $year: Int) {
  wijk(code: "WK900199", vintage: $vintage) { observations(indicators: [$slug], year: $year) {
    ... on Observation { year status reason { code } } } } }"""


def _made_before_the_last_two_wijken() -> SampleStore:
    """A store whose block of `lonely` ends before a wijk of land and one of water."""
    store = SampleStore()
    key = SeriesKey("lonely", Level.WIJK, 2024)
    block = store.blocks[key]
    store.blocks[key] = replace(
        block,
        values=block.values[:3],
        reasons=block.reasons[:3],
        provisional=block.provisional[:3],
        loads=block.loads[:3],
        lower=None,
        upper=None,
    )
    return store


_BOTH_FORMS = """query ($code: String!) { wijk(code: $code) {
    observations(indicators: ["lonely"]) {
      ... on Observation { value status reason { code } provenance { dataset } } }
    series(indicators: ["lonely"]) {
      ... on Series { years values statuses points { status reason { code } } } } } }"""


@pytest.mark.parametrize(
    ("code", "status", "reason"),
    [
        ("WK900103", "NOT_PUBLISHED", "NOT_LOADED"),
        ("WK900199", "NOT_APPLICABLE", "WATER_OR_ABROAD"),
    ],
)
async def test_an_area_added_after_a_block_was_made_is_not_loaded_and_water_not_applicable(
    code: str, status: str, reason: str
) -> None:
    answer = await data(_BOTH_FORMS, {"code": code}, store=_made_before_the_last_two_wijken())

    cell = {"status": status, "reason": {"code": reason}}
    assert answer["wijk"]["observations"] == [{"value": None, **cell, "provenance": None}]
    (line,) = answer["wijk"]["series"]
    assert (line["years"], line["values"]) == ([2016, 2020], [None, None])
    assert line["statuses"] == ["NOT_COMPARABLE", status]
    assert line["points"][1] == cell


async def test_a_cell_of_water_that_no_source_was_loaded_for_is_not_applicable() -> None:
    store = SampleStore()
    block = store.blocks[SeriesKey("population", Level.WIJK, 2024)]
    block.reasons[[3, 4], 1] = Reason.NOT_LOADED

    answer = await data(
        """{ wijken(filter: {codes: ["WK900103", "WK900199"], terrain: null}) { nodes {
            observations(indicators: ["population"], year: 2024) {
              ... on Observation { reason { code } } }
            series(indicators: ["population"]) { ... on Series { statuses } } } } }""",
        store=store,
    )

    land, water = answer["wijken"]["nodes"]
    assert land["observations"] == [{"reason": {"code": "NOT_LOADED"}}]
    assert land["series"][0]["statuses"][-1] == "NOT_PUBLISHED"
    assert water["observations"] == [{"reason": {"code": "WATER_OR_ABROAD"}}]
    assert water["series"][0]["statuses"] == ["NOT_COMPARABLE", "NOT_APPLICABLE", "NOT_APPLICABLE"]


async def test_a_year_that_nobody_has_is_not_applicable_to_water() -> None:
    answer = await data(_OBSERVATION, {"slug": "population", "year": 1999})

    assert answer["wijk"]["observations"] == [
        {"year": 1999, "status": "NOT_APPLICABLE", "reason": {"code": "WATER_OR_ABROAD"}}
    ]


@pytest.mark.parametrize(
    ("partial", "year"),
    [(frozenset(), 2020), (frozenset({(Level.WIJK, 2024)}), 2016)],
)
async def test_a_newest_year_elsewhere_is_not_of_a_vintage_loaded_in_part(
    partial: frozenset[tuple[Level, int]], year: int
) -> None:
    store = SampleStore(partial=partial)
    store.tables[Level.WIJK, 2025] = replace(store.tables[Level.WIJK, 2024], vintage=2025)

    answer = await data(_OBSERVATION, {"slug": "lonely", "vintage": 2025}, store=store)

    (seen,) = answer["wijk"]["observations"]
    assert (seen["year"], seen["status"]) == (year, "NOT_COMPARABLE")
