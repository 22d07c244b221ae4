"""Intervals: what the limits of a value rest on, and that nothing known is never certain."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from db.core.absence import Reason
from db.core.block import SeriesKey
from db.core.indicator import Direction, Nature
from db.core.levels import Level
from db.core.uncertainty import byar, wilson
from tests.api.asking import data, refusal
from tests.api.sample import SampleStore

_QUERY = """query ($area: String!, $slug: String!, $level: Float!) { area(code: $area) {
  observations(indicators: [$slug]) { ... on Observation { value interval(level: $level) {
    basis lower upper level denominator text(language: EN) } } } } }"""


async def _interval(
    code: str, slug: str, store: SampleStore | None = None, level: float = 0.95
) -> Any:
    given = {"area": code, "slug": slug, "level": level}
    found = await data(_QUERY, given, store=store)
    return found["area"]["observations"][0]["interval"]


def _changed(slug: str, **changed: Any) -> SampleStore:
    """A store in which an indicator means something else, without margins of the source."""
    store = SampleStore()
    store.indicators = {**store.indicators, slug: replace(store.indicators[slug], **changed)}
    for key, block in store.blocks.items():
        if key.indicator == slug:
            reasons = np.where(np.isnan(block.values), block.reasons, Reason.OBSERVED)
            store.blocks[key] = replace(
                block, lower=None, upper=None, reasons=reasons.astype(np.uint8)
            )
    return store


async def test_the_sources_own_margins_come_first() -> None:
    found = await _interval("WK900101", "lonely")

    assert (found["basis"], found["lower"], found["upper"]) == ("PUBLISHER", 50.25, 52.25)
    assert found["level"] is None


async def test_a_count_that_is_rounded_lies_around_its_multiple() -> None:
    found = await _interval("WK900101", "population")

    assert (found["basis"], found["lower"], found["upper"]) == ("ROUNDING", 1007.5, 1012.5)


async def test_where_nothing_is_known_there_are_no_limits_and_that_is_said() -> None:
    found = await _interval("GM9001", "population")

    assert (found["basis"], found["lower"], found["upper"]) == ("NONE", None, None)
    assert "does not make it certain" in found["text"]


async def test_a_measured_share_has_wilsons_interval_by_its_own_denominator() -> None:
    store = _changed("lonely", nature=Nature.MEASURED)
    key = SeriesKey("lonely", Level.WIJK, 2024)
    store.blocks[key] = replace(store.blocks[key], periods=(2024,))

    found = await _interval("WK900101", "lonely", store)

    number = found["denominator"]
    expected = wilson(np.array([number]), percent=np.array([51.25]), rounding=0.1)
    assert found["basis"] == "BINOMIAL"
    assert (found["lower"], found["upper"]) == pytest.approx((expected.lower[0], expected.upper[0]))
    assert found["lower"] < 51.25 < found["upper"]


async def test_without_the_denominator_of_that_year_nothing_is_known() -> None:
    found = await _interval("WK900101", "lonely", _changed("lonely", nature=Nature.MEASURED))

    assert found["basis"] == "NONE"


async def test_what_a_model_made_has_no_interval_of_chance() -> None:
    found = await _interval("WK900101", "lonely", _changed("lonely", nature=Nature.MODELLED))

    assert found["basis"] == "NONE"


async def test_a_count_of_problems_has_byars_interval() -> None:
    store = _changed("thefts", direction=Direction.LOWER_IS_BETTER)
    found = await _interval("GM9001", "thefts", store, level=0.9)

    expected = byar(np.array([12.0]), level=0.9)
    assert (found["basis"], found["level"]) == ("POISSON", 0.9)
    assert (found["lower"], found["upper"]) == pytest.approx((expected.lower[0], expected.upper[0]))


async def test_an_absent_value_has_no_interval() -> None:
    assert await _interval("WK900103", "population") is None


@pytest.mark.parametrize("level", [0.49, 1.0, -1.0])
async def test_a_level_that_is_no_probability_is_refused(level: float) -> None:
    given = {"area": "WK900101", "slug": "population", "level": level}

    assert (await refusal(_QUERY, given))["code"] == "BAD_USER_INPUT"
