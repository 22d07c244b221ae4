"""Where an absent value is known, and the published rules for what absence does."""

from typing import Any

import pytest

from db.core.absence import Reason
from db.core.absence_rules import Effect
from db.core.block import SeriesKey
from db.core.levels import Level
from tests.api.asking import data
from tests.api.benchmarked import DOT, JOBS, ONE, SECRET, Country, country
from tests.api.sample import _block

# Where an absent value is known

_KNOWN = """query ($code: String!) { buurt(code: $code) {
  observations(indicators: ["jobs"], year: 2024) { ... on Observation { value
    knownIn { value year area { level code vintage } knownIn { value } } } } } }"""


def _three(buurt: float | Reason, wijk: float | Reason, gemeente: float | Reason) -> Country:
    store = country({"jobs": {**JOBS, ONE[0]: wijk}}, {"jobs": (gemeente, 5)}, {"jobs": 99})
    key = SeriesKey("jobs", Level.BUURT, 2024)
    store.blocks[key] = _block(key, (2024,), [[buurt], [2], [4]], 1)
    return store


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ((1, 10, 30), None),
        ((SECRET, 10, 30), ("WIJK", "WK900101", 10)),
        ((SECRET, DOT, 30), ("GEMEENTE", "GM9001", 30)),
        ((SECRET, DOT, Reason.NO_ROW), ("LAND", "NL00", 99)),
    ],
)
async def test_an_absent_value_names_the_smallest_larger_area_that_has_one(
    cells: tuple[Any, Any, Any], expected: tuple[str, str, float] | None
) -> None:
    found = await data(_KNOWN, {"code": "BU90010101"}, store=_three(*cells))
    (told,) = found["buurt"]["observations"]

    known = told["knownIn"]
    if expected is None:
        assert known is None
        return
    level, code, value = expected
    assert told["value"] is None
    assert (known["area"]["level"], known["area"]["code"], known["value"]) == (level, code, value)
    assert known["area"]["vintage"] == 2024
    assert known["knownIn"] is None


async def test_nothing_is_suggested_where_no_larger_area_has_it() -> None:
    store = _three(SECRET, DOT, DOT)
    del store.blocks[SeriesKey("jobs", Level.LAND, 2024)]
    found = await data(_KNOWN, {"code": "BU90010101"}, store=store)

    assert found["buurt"]["observations"] == [{"value": None, "knownIn": None}]


# The rules


async def test_the_rules_for_absence_are_those_of_the_arithmetic() -> None:
    query = """query ($kind: IndicatorKind!) { absenceRules(kind: $kind) { reason { code } status
      sum mean count rank trend text(language: EN) } }"""
    rules = {
        each["reason"]["code"]: each
        for each in (await data(query, {"kind": "SHARE"}))["absenceRules"]
    }

    assert set(rules) == {each.name for each in Reason}
    assert {each["sum"] for each in rules.values()} == {Effect.NOT_ALLOWED.name}
    assert rules["CONFIDENTIAL"]["mean"] == "BLOCKS"
    assert rules["CONFIDENTIAL"]["status"] == "SUPPRESSED"
    assert rules["WATER_OR_ABROAD"]["mean"] == "LEFT_OUT"
    assert "names the part" in rules["CONFIDENTIAL"]["text"]
