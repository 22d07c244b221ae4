"""Who enters and leaves when a definition of stacking changes, who is near, and refusals."""

from typing import Any

import pytest

from tests.api.asking import data, refusal
from tests.api.lonely import lonely_store
from tests.api.sample import SampleStore

_QUERY = """query ($own: StackingDefinitionInput, $threshold: Float,
    $other: StackingDefinitionInput, $atLeast: Int!, $distance: Float!) {
  stackingChange(level: WIJK, own: $own, threshold: $threshold, other: $other, atLeast: $atLeast,
      distance: $distance) {
    vintage atLeast inhabitantsYear
    beforeDefinition { id threshold } afterDefinition { id threshold }
    enters { ...G } leaves { ...G } unsaid { ...G } near { ...G } nearUnsaid { ...G }
    headcountBefore { headcountMin headcountMax intensityMin adjustedMin adjustedMax }
    headcountAfter { headcountMin headcountMax } } }
fragment G on StackingGroup { count inhabitants moves { area { code }
  beforeMin beforeMax afterMin afterMax } }"""
_OWN = {
    "domains": [{"slug": "alone", "indicators": [{"slug": "lonely"}]}],
    "threshold": 80.0,
    "minimumInhabitants": 1,
}
_GIVEN = {"own": _OWN, "threshold": 60.0, "atLeast": 1, "distance": 2.0}


async def _changed(store: SampleStore, **given: Any) -> Any:
    return (await data(_QUERY, {**_GIVEN, **given}, store=store))["stackingChange"]


def _codes(group: Any) -> list[str]:
    return [each["area"]["code"] for each in group["moves"]]


async def test_a_lower_threshold_lets_areas_enter_and_none_leave() -> None:
    # Percentiles 12.5, 37.5, 62.5 and 87.5: one is above 80, two are above 60.
    found = await _changed(lonely_store([10, 20, 30, 90], [1000, 1000, 1000, 1000]))

    assert _codes(found["enters"]) == ["WK900103"]
    assert found["enters"]["inhabitants"] == 1000
    assert found["leaves"]["count"] == found["unsaid"]["count"] == 0
    (move,) = found["enters"]["moves"]
    assert (move["beforeMax"], move["afterMin"]) == (0, 1)


async def test_the_way_back_lets_the_same_areas_leave() -> None:
    store = lonely_store([10, 20, 30, 90], [1000, 1000, 1000, 1000])
    found = await _changed(store, own={**_OWN, "threshold": 60.0}, threshold=80.0)

    assert _codes(found["leaves"]) == ["WK900103"]
    assert found["enters"]["count"] == 0


async def test_what_is_unknown_is_neither_in_nor_out() -> None:
    found = await _changed(lonely_store([10, 20, float("nan"), 90], [1000, 1000, 1000, 1000]))

    assert _codes(found["unsaid"]) == ["WK900103"]


async def test_an_area_close_to_the_threshold_is_near() -> None:
    store = lonely_store([10, 20, 30, 90], [1000, 1000, 1000, 1000])
    found = await _changed(store, distance=10.0)

    # 87.5 against 80; 62.5 is further than 10 points from it.
    assert _codes(found["near"]) == ["WK9002A1"]


async def test_the_headcount_is_the_share_of_people_and_has_bounds() -> None:
    found = await _changed(lonely_store([10, 20, 30, 90], [1000, 1000, 1000, 3000]))

    before = found["headcountBefore"]
    assert before["headcountMin"] == before["headcountMax"]
    # Weighted by inhabitants the worst is at (3000 + 1500) / 6000 = 75: not above 80.
    assert before["headcountMin"] == 0.0
    assert found["headcountAfter"]["headcountMin"] == 0.5


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"threshold": None}, "BAD_USER_INPUT"),
        ({"other": _OWN}, "BAD_USER_INPUT"),
        ({"threshold": 50.0}, "MALFORMED_DEFINITION"),
        ({"atLeast": 0}, "LIMIT_OUT_OF_RANGE"),
        ({"atLeast": 2}, "LIMIT_OUT_OF_RANGE"),
        ({"distance": 21.0}, "BAD_USER_INPUT"),
    ],
)
async def test_what_cannot_be_compared_is_refused(given: dict[str, Any], code: str) -> None:
    assert (await refusal(_QUERY, {**_GIVEN, **given}))["code"] == code
