"""Areas of units beside others, and what a source withholds: nothing told depends on it."""

from typing import Any

import numpy as np
import pytest

from tests.api.asking import data, refusal
from tests.api.benchmarked import DOT, JOBS, ONE, PEOPLE, POOR, SECRET, Country, country
from tests.api.composed import BESIDE, HOUSEHOLDS, area_of, country_of

# Comparison


async def _beside(codes: list[str], slug: str, *against: str, **cells: Any) -> dict[str, Any]:
    asked = {"codes": codes, "slugs": [slug], "against": list(against)}
    found = await data(BESIDE, asked, store=country_of(**cells))
    (value,) = found["composedArea"]["observations"]
    return {each["group"]: each for each in value["comparison"]}


async def test_a_share_stands_beside_the_rest_of_its_gemeente_and_the_country() -> None:
    found = await _beside(list(ONE[:2]), "poor", "REST_OF_GEMEENTE", "NATIONAL")

    others = list(ONE[2:])
    weights = np.array([HOUSEHOLDS[code] for code in others])
    rest = float(np.average([POOR[code] for code in others], weights=weights))
    assert found["REST_OF_GEMEENTE"]["aggregate"] == pytest.approx(rest)
    assert (found["REST_OF_GEMEENTE"]["known"], found["NATIONAL"]["known"]) == (3, 9)
    own = (500 * 10 + 1000 * 20) / 1500
    assert found["REST_OF_GEMEENTE"]["difference"] == pytest.approx(own - rest)


async def test_sums_of_the_rest_and_of_the_area_are_that_of_the_gemeente() -> None:
    found = await _beside(list(ONE[:2]), "jobs", "REST_OF_GEMEENTE", "GEMEENTE")

    assert found["REST_OF_GEMEENTE"]["aggregate"] + 30 == found["GEMEENTE"]["aggregate"]


async def test_no_rest_is_told_where_a_withheld_value_is_in_it() -> None:
    found = await _beside(
        list(ONE[:2]), "jobs", "REST_OF_GEMEENTE", "GEMEENTE", jobs={**JOBS, ONE[4]: SECRET}
    )

    assert {each["aggregate"] for each in found.values()} == {None}
    assert {each["refusal"] for each in found.values()} <= {
        "WOULD_REVEAL", "LOW_COVERAGE", "TOO_FEW_AREAS",
    }  # fmt: skip


async def test_units_in_two_gemeenten_have_no_gemeente_to_stand_beside() -> None:
    found = await _beside(["WK900101", "WK900201"], "jobs", "REST_OF_GEMEENTE", "GEMEENTE")

    assert {each["refusal"] for each in found.values()} == {"NOT_DIVIDED"}
    assert all(each["refusalText"] for each in found.values())


async def test_a_group_of_a_programme_is_refused() -> None:
    asked = {"codes": ["WK900101"], "slugs": ["jobs"], "against": ["FOCUS_AREAS"]}

    assert (await refusal(BESIDE, asked, store=country_of()))["argument"] == "against"


# What is withheld


def _true(truth: float) -> Country:
    """A country where a value is withheld, and the wholes are published of the true values."""
    jobs = {**JOBS, ONE[1]: truth}
    share = {**POOR, ONE[1]: truth}
    shown_jobs, shown_poor = {**jobs, ONE[1]: SECRET}, {**share, ONE[1]: DOT}
    total = sum(float(jobs[code]) for code in ONE)
    cells: dict[str, Any] = {
        "jobs": shown_jobs, "poor": shown_poor, "population": PEOPLE, "households": HOUSEHOLDS,
        "people": jobs, "hectares": PEOPLE, "density": shown_poor,
    }  # fmt: skip
    return country(cells, {"jobs": (total, 10)}, {"jobs": total + 10})


@pytest.mark.parametrize("slug", ["jobs", "poor", "density"])
async def test_no_difference_of_areas_with_and_without_a_unit_tells_what_is_withheld(
    slug: str,
) -> None:
    """Sets of the wijken of a gemeente, with what they stand beside: equal for any truth."""
    answers = []
    for truth in (17.0, 71.0):
        told = []
        for mask in range(1, 2 ** len(ONE), 3):
            codes = [code for at, code in enumerate(ONE) if mask >> at & 1]
            asked = {"codes": codes, "slugs": [slug], "against": ["REST_OF_GEMEENTE", "NATIONAL"]}
            told.append(await data(BESIDE, asked, store=_true(truth)))
            found = await area_of(codes, slug, store=_true(truth))
            told.append(found)
            hidden = ONE[1] in codes
            assert (found["observations"][0]["value"] is None) == hidden
        answers.append(told)

    assert answers[0] == answers[1]
