"""What the others of a group say is what `benchmarks` says of the group without the area."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.core.benchmarks import (
    Benchmarks,
    Refusal,
    Rule,
    WeighedBy,
    Weights,
    benchmarks,
    benchmarks_of_others,
)
from db.core.figures import Floats
from db.core.indicator import Aggregation, Kind

COUNT = Rule(Kind.COUNT, Aggregation.SUM)
SHARE = Rule(Kind.SHARE, Aggregation.WEIGHTED_MEAN)
DENSITY = Rule(Kind.RATE, Aggregation.RECOMPUTE, factor=100.0)
MEDIAN = Rule(Kind.MEDIAN, Aggregation.NONE)
CLASS = Rule(Kind.CLASS, Aggregation.NONE)
NAN = math.nan
_NAMES = (
    "aggregates", "refusals", "lower_quartiles", "medians", "upper_quartiles", "lowest", "highest",
    "quartile_refusals", "known", "unknown", "left_out", "unweighted", "coverage",
)  # fmt: skip

_VALUES = st.integers(-5, 50).map(float) | st.floats(-1e4, 1e4) | st.just(NAN)
_WEIGHTS = st.integers(0, 9).map(float) | st.just(NAN)
_AREAS = st.lists(st.tuples(_VALUES, _WEIGHTS, st.integers(-1, 3)), max_size=24)


def floats(values: Any) -> Floats:
    return np.array(values, np.float64)


def people(*weights: float) -> Weights:
    return Weights(WeighedBy.DENOMINATOR, floats(weights))


def same(found: Benchmarks, area: int, expected: Benchmarks) -> None:
    for name in _NAMES:
        mine, theirs = getattr(found, name)[area], getattr(expected, name)[0]
        assert mine == pytest.approx(theirs, abs=1e-6, nan_ok=True), name


def test_a_gemeente_without_a_wijk_worked_out_by_hand() -> None:
    # Without the third, 10 % of 1,000 and 20 % of 3,000 are 700 of 4,000.
    found = benchmarks_of_others(
        floats([10, 20, 40]), people(1000, 3000, 1000), SHARE, np.array([0, 0, 0])
    )

    assert found.aggregates.tolist() == [25.0, 25.0, 17.5]
    assert found.medians.tolist() == [20.0, 25.0, 20.0]
    assert (found.lowest.tolist(), found.highest.tolist()) == ([20, 10, 10], [40, 40, 20])
    assert found.known.tolist() == [2, 2, 2]


def test_the_others_of_the_only_area_are_nobody() -> None:
    found = benchmarks_of_others(floats([10, 1]), people(1, 1), COUNT, np.array([0, 1]))

    assert found.refusals.tolist() == [Refusal.NO_VALUE] * 2
    assert np.isnan([found.aggregates, found.medians, found.lowest, found.coverage]).all()


def test_an_area_in_no_group_has_no_others() -> None:
    found = benchmarks_of_others(floats([10, 1, 2]), people(1, 1, 1), COUNT, np.array([0, -1, 0]))

    assert found.refusals.tolist() == [Refusal.NONE, Refusal.NO_VALUE, Refusal.NONE]
    assert found.known.tolist() == [1, 0, 1]
    assert math.isnan(found.aggregates[1])


def test_no_areas_have_no_others() -> None:
    assert len(benchmarks_of_others(floats([]), people(), SHARE, np.array([], np.int64))) == 0


@given(_AREAS, st.sampled_from([COUNT, SHARE, MEDIAN, CLASS]), st.sampled_from([0.0, 0.8, 1.0]))
def test_each_is_compared_with_its_group_as_if_it_were_not_there(
    areas: list[tuple[float, float, int]], rule: Rule, needed: float
) -> None:
    values, weights = floats([a[0] for a in areas]), people(*(a[1] for a in areas))
    groups = np.array([a[2] for a in areas], np.int64)

    found = benchmarks_of_others(values, weights, rule, groups, needed=needed)
    for area in np.flatnonzero(groups >= 0).tolist():
        others = groups == groups[area]
        others[area] = False
        same(found, area, benchmarks(values, weights, rule, others, needed=needed))


@given(_AREAS)
def test_what_is_recomputed_leaves_out_numerator_and_denominator(
    areas: list[tuple[float, float, int]],
) -> None:
    tops, weights = floats([a[0] for a in areas]), people(*(a[1] for a in areas))
    groups = np.array([a[2] for a in areas], np.int64)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.where(weights.values > 0, 100 * tops / weights.values, NAN)

    found = benchmarks_of_others(values, weights, DENSITY, groups, numerators=tops)
    for area in np.flatnonzero(groups >= 0).tolist():
        others = groups == groups[area]
        others[area] = False
        same(found, area, benchmarks(values, weights, DENSITY, others, numerators=tops))
