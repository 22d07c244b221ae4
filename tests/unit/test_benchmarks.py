"""Benchmarks: a group is summed, averaged or refused as its figures allow, and says why."""

import math
from collections.abc import Sequence
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
    gaps,
    rest,
)
from db.core.figures import Floats
from db.core.indicator import Aggregation, Kind

COUNT = Rule(Kind.COUNT, Aggregation.SUM)
SHARE = Rule(Kind.SHARE, Aggregation.WEIGHTED_MEAN)
DENSITY = Rule(Kind.RATE, Aggregation.RECOMPUTE, factor=100.0)
MEDIAN = Rule(Kind.MEDIAN, Aggregation.NONE)
CLASS = Rule(Kind.CLASS, Aggregation.NONE)
NAN = math.nan

_VALUES = st.integers(-50, 50).map(float) | st.floats(-1e4, 1e4) | st.just(NAN)
_WEIGHTS = st.integers(0, 9).map(float) | st.floats(0.5, 1e4) | st.just(NAN)
_AREAS = st.lists(st.tuples(_VALUES, _WEIGHTS, st.integers(-1, 3)), max_size=24)
_WHOLE = st.lists(
    st.tuples(st.integers(0, 9999), st.integers(1, 9999), st.integers(-1, 3), st.booleans()),
    max_size=24,
)


def floats(values: Sequence[float]) -> Floats:
    return np.array(values, np.float64)


def people(*weights: float) -> Weights:
    return Weights(WeighedBy.INHABITANTS, floats(weights))


def one(values: Sequence[float], weights: Weights, rule: Rule = SHARE, **how: Any) -> Benchmarks:
    """The benchmarks of all areas together."""
    return benchmarks(floats(values), weights, rule, np.ones(len(values), np.bool_), **how)


def columns(areas: list[tuple[float, float, int]]) -> tuple[Floats, Weights, Any]:
    values, weights, groups = ([area[n] for area in areas] for n in range(3))
    return floats(values), people(*weights), np.array(groups, np.int64)


def quantile(pairs: list[tuple[float, float]], part: float, *, lower: bool = False) -> float:
    """By walking up the values until the part of the weight is reached."""
    whole = sum(weight for _, weight in pairs)
    walked = 0.0
    ordered = sorted(pairs)
    for place, (value, weight) in enumerate(ordered):
        walked += weight
        if math.isclose(walked, part * whole, rel_tol=1e-9) and not lower:
            return (value + ordered[place + 1][0]) / 2
        if walked >= part * whole * (1 - 1e-9):
            return value
    return NAN


def test_a_share_is_averaged_by_its_weights_worked_out_by_hand() -> None:
    # 10 % of 1,000, 20 % of 3,000 and 40 % of 1,000 are 1,100 of 5,000.
    found = one([10, 20, 40], people(1000, 3000, 1000))

    assert found.aggregates.tolist() == [22.0]
    assert found.weighed_by is WeighedBy.INHABITANTS


def test_an_unweighted_mean_says_that_it_is_one() -> None:
    found = one([10, 20, 60], Weights.equal(3))

    assert found.aggregates.tolist() == [30.0]
    assert found.weighed_by is WeighedBy.AREAS


def test_counts_are_summed_whatever_the_areas_weigh() -> None:
    found = one([10, 20, 40], people(0, 5, NAN), COUNT)

    assert found.aggregates.tolist() == [70.0]
    assert found.known.tolist() == [3]


def test_what_is_recomputed_is_the_quotient_of_sums_and_not_a_mean_of_quotients() -> None:
    # 1,000 people on 100 ha and 3,000 on 100 ha: 2,000 a km2.
    hectares = Weights(WeighedBy.DENOMINATOR, floats([100, 100]))
    found = one([1000, 3000], hectares, DENSITY, numerators=floats([1000, 3000]))

    assert found.aggregates.tolist() == [2000.0]
    assert (found.lowest[0], found.highest[0]) == (1000.0, 3000.0)


def test_a_numerator_counts_where_the_denominator_is_zero() -> None:
    # Offences per 1,000 inhabitants; in the second area nobody lives, so it has no rate.
    rate = Rule(Kind.RATE, Aggregation.RECOMPUTE, factor=1000.0)
    inhabitants = Weights(WeighedBy.DENOMINATOR, floats([2000, 0]))
    found = one([50, NAN], inhabitants, rate, numerators=floats([100, 20]))

    assert found.aggregates.tolist() == [60.0]
    assert (found.known[0], found.coverage[0], found.medians[0]) == (2, 1.0, 50.0)


def test_denominators_of_zero_only_give_no_quotient() -> None:
    nobody = Weights(WeighedBy.DENOMINATOR, floats([0, 0]))
    found = one([NAN, NAN], nobody, DENSITY, numerators=floats([1, 2]), needed=0)

    assert (found.refusals[0], math.isnan(found.aggregates[0])) == (Refusal.NO_VALUE, True)


@pytest.mark.parametrize(
    ("weights", "numerators"), [(people(1.0), floats([1.0])), (Weights.equal(1), None)]
)
def test_nothing_is_recomputed_without_numerators_and_denominators(
    weights: Weights, numerators: Floats | None
) -> None:
    with pytest.raises(ValueError, match="denominators as weights"):
        one([1.0], weights, DENSITY, numerators=numerators)


@pytest.mark.parametrize(
    "rule",
    [
        MEDIAN,
        CLASS,
        Rule(Kind.INDEX, Aggregation.NONE),
        Rule(Kind.MEDIAN, Aggregation.WEIGHTED_MEAN),
        Rule(Kind.CLASS, Aggregation.SUM),
    ],
)
def test_medians_classes_and_what_has_no_rule_have_quartiles_but_no_aggregate(rule: Rule) -> None:
    found = one([1, 2, 4], people(1, 1, 1), rule)

    assert found.refusals.tolist() == [Refusal.NO_RULE]
    assert np.isnan(found.aggregates).all()
    assert (found.medians[0], found.quartile_refusals[0]) == (2.0, Refusal.NONE)


def test_an_index_is_averaged_where_the_catalogue_has_weights_for_it() -> None:
    found = one([-1.0, 1.0], people(3, 1), Rule(Kind.INDEX, Aggregation.WEIGHTED_MEAN))

    assert found.aggregates.tolist() == [-0.5]


def test_quartiles_by_weight_worked_out_by_hand() -> None:
    # Of 10 people the values are 1, 1, 2, 2, 2, 2, 2, 7, 9, 9.
    found = one([7, 1, 9, 2], people(1, 2, 2, 5))

    quartiles = found.lower_quartiles[0], found.medians[0], found.upper_quartiles[0]
    assert quartiles == (2.0, 2.0, 7.0)
    assert (found.lowest[0], found.highest[0]) == (1.0, 9.0)


def test_a_median_between_two_values_is_their_middle_but_between_classes_the_lower() -> None:
    assert one([1, 4], people(5, 5)).medians.tolist() == [2.5]
    assert one([1, 4], people(5, 5), CLASS).medians.tolist() == [1.0]


def test_weights_with_decimals_can_meet_in_the_middle_too() -> None:
    found = one([1, 2, 3, 4, 5, 6], people(0.1, 0.1, 0.1, 0.1, 0.1, 0.1))

    assert found.medians.tolist() == [3.5]


@pytest.mark.parametrize("sizes", [(1e-9, 1e9), (1e9, 1e-9)])
def test_a_group_that_weighs_next_to_nothing_keeps_its_own_quartiles(
    sizes: tuple[float, float],
) -> None:
    found = benchmarks(floats([1, 2]), people(*sizes), SHARE, np.array([0, 1]))

    assert found.lower_quartiles.tolist() == found.upper_quartiles.tolist() == [1.0, 2.0]


def test_without_weight_an_area_counts_in_no_mean_and_no_quartile() -> None:
    found = one([10, 99, 99], people(1000, 0, NAN), needed=0.5)

    assert (found.aggregates[0], found.medians[0], found.highest[0]) == (10.0, 10.0, 10.0)
    assert (found.known[0], found.unknown[0], found.left_out[0]) == (1, 0, 2)
    assert found.unweighted.tolist() == [1]


@pytest.mark.parametrize("wrong", [-99997.0, math.inf, NAN])
def test_a_weight_that_cannot_be_is_unknown(wrong: float) -> None:
    found = one([10, 20], people(1000, wrong), needed=0.5)

    assert (found.aggregates[0], found.unweighted[0]) == (10.0, 1)


def test_under_the_threshold_only_the_extremes_and_the_coverage_are_told() -> None:
    found = one([10, 20, NAN], people(400, 399, 201))

    assert found.refusals.tolist() == [Refusal.LOW_COVERAGE]
    assert found.quartile_refusals.tolist() == [Refusal.LOW_COVERAGE]
    assert np.isnan([found.aggregates, found.medians, found.lower_quartiles]).all()
    assert (found.coverage[0], found.known[0], found.unknown[0]) == (0.799, 2, 1)
    assert (found.lowest[0], found.highest[0]) == (10.0, 20.0)


def test_exactly_at_the_threshold_there_is_an_aggregate() -> None:
    assert one([10, 20, NAN], people(400, 400, 200)).aggregates.tolist() == [15.0]


def test_a_sum_must_be_complete_unless_the_caller_says_otherwise() -> None:
    values, weights = [10, 20, NAN], people(400, 500, 100)

    found = one(values, weights, COUNT)
    assert found.refusals.tolist() == [Refusal.LOW_COVERAGE]
    assert (found.medians[0], found.coverage[0]) == (20.0, 0.9)
    assert one(values, weights, COUNT, needed_for_sums=0.9).aggregates.tolist() == [30.0]


def test_a_sum_does_not_wait_for_an_area_where_nobody_lives() -> None:
    found = one([10, NAN], people(400, 0), COUNT)

    assert (found.aggregates[0], found.left_out[0]) == (10.0, 1)


def test_a_sum_that_lacks_an_area_of_unknown_size_is_refused() -> None:
    found = one([10, NAN], people(400, NAN), COUNT)

    assert (found.refusals[0], found.coverage[0]) == (Refusal.WEIGHTS_UNKNOWN, 1.0)


def test_coverage_is_not_trusted_when_too_many_weights_are_unknown() -> None:
    found = one([10, 20, 30, 40], people(1, 1, 1, NAN))

    assert (found.refusals[0], found.coverage[0]) == (Refusal.WEIGHTS_UNKNOWN, 1.0)
    assert one([10, 20, 30, 40], people(1, 1, 1, NAN), needed=0.75).aggregates.tolist() == [20.0]


def test_areas_where_nobody_lives_do_not_hide_that_a_weight_is_unknown() -> None:
    found = one([10, 20, 30, 40, NAN, NAN, NAN], people(1, 1, 1, NAN, 0, 0, 0))

    assert found.refusals.tolist() == [Refusal.WEIGHTS_UNKNOWN]
    assert found.quartile_refusals.tolist() == [Refusal.WEIGHTS_UNKNOWN]


@pytest.mark.parametrize("rule", [COUNT, SHARE, MEDIAN])
def test_a_group_without_areas_has_nothing_and_says_so(rule: Rule) -> None:
    found = benchmarks(floats([]), people(), rule, np.array([], np.int64), number=2)

    refusal = Refusal.NO_VALUE if rule.aggregable else Refusal.NO_RULE
    assert len(found) == 2
    assert found.refusals.tolist() == [refusal] * 2
    assert np.isnan([found.aggregates, found.medians, found.lowest, found.coverage]).all()
    assert found.known.tolist() == found.unknown.tolist() == found.left_out.tolist() == [0, 0]


def test_when_every_value_is_absent_nothing_is_summed_to_zero() -> None:
    found = one([NAN, NAN], people(1, 2), COUNT, needed_for_sums=0)

    assert (found.refusals[0], math.isnan(found.aggregates[0])) == (Refusal.NO_VALUE, True)
    assert found.coverage.tolist() == [0.0]


def test_the_mean_of_equal_values_is_exactly_that_value() -> None:
    assert one([0.1] * 3, people(1, 2, 3)).aggregates.tolist() == [0.1]


def test_areas_in_no_group_take_no_part() -> None:
    found = benchmarks(floats([1, 2, 9]), people(1, 1, 1), SHARE, np.array([0, 1, -1]))

    assert found.aggregates.tolist() == [1.0, 2.0]
    assert (found.known + found.unknown + found.left_out).tolist() == [1, 1]


def test_a_group_past_the_number_of_groups_is_an_error() -> None:
    with pytest.raises(ValueError, match="group 2 of 2"):
        benchmarks(floats([1]), people(1), SHARE, np.array([2]), number=2)


def test_the_rest_of_a_gemeente_is_the_gemeente_without_some_areas() -> None:
    values, weights = floats([10, 20, 40]), people(1000, 3000, 1000)
    gemeente = np.array([True, True, True])
    focus = np.array([False, True, False])

    others = benchmarks(values, weights, SHARE, rest(gemeente, focus))
    assert others.aggregates.tolist() == [25.0]
    assert rest(np.array([0, 1, 1]), focus).tolist() == [0, -1, 1]


def test_difference_and_ratio_to_a_benchmark() -> None:
    found = gaps(floats([30, 10, NAN]), floats([20]), Kind.SHARE)

    assert found.differences[:2].tolist() == [10.0, -10.0]
    assert found.ratios[:2].tolist() == [1.5, 0.5]
    assert np.isnan([found.differences[2], found.ratios[2]]).all()


@pytest.mark.parametrize(
    ("value", "against"), [(1.0, 0.0), (1.0, -2.0), (-1.0, 2.0), (1.0, NAN), (NAN, 1.0)]
)
def test_there_is_no_ratio_of_negative_values_nor_to_what_is_not_above_zero(
    value: float, against: float
) -> None:
    assert np.isnan(gaps(floats([value]), floats([against]), Kind.MEDIAN).ratios).all()


def test_an_index_differs_from_another_but_has_no_ratio_and_a_class_neither() -> None:
    index, classes = (gaps(floats([4]), floats([2]), kind) for kind in (Kind.INDEX, Kind.CLASS))

    assert (index.differences[0], math.isnan(index.ratios[0])) == (2.0, True)
    assert np.isnan([classes.differences, classes.ratios]).all()


@pytest.mark.parametrize("refusal", Refusal)
def test_every_refusal_has_a_text_in_both_languages(refusal: Refusal) -> None:
    assert refusal.text("nl").endswith(".")
    assert refusal.text("en").endswith(".")
    assert refusal.text("nl") != refusal.text("en")


@given(_AREAS, st.sampled_from([COUNT, SHARE, MEDIAN, CLASS]))
def test_groups_are_what_walking_through_their_areas_gives(
    areas: list[tuple[float, float, int]], rule: Rule
) -> None:
    values, weights, groups = columns(areas)
    found = benchmarks(values, weights, rule, groups, number=4, needed=0, needed_for_sums=0)

    for group in range(4):
        valued = [(v, w) for v, w, g in areas if g == group and v == v]
        weighty = [(v, w) for v, w in valued if w > 0]
        counting = valued if rule is COUNT else weighty
        assert found.known[group] == len(counting)
        if counting:
            assert found.lowest[group] == min(v for v, _ in counting)
            assert found.highest[group] == max(v for v, _ in counting)
        if counting and rule is COUNT:
            total = sum(v for v, _ in counting)
            assert found.aggregates[group] == pytest.approx(total, abs=1e-6)
        if counting and rule is SHARE:
            mean = sum(v * w for v, w in counting) / sum(w for _, w in counting)
            assert found.aggregates[group] == pytest.approx(mean, abs=1e-6)
        quartiles = found.lower_quartiles, found.medians, found.upper_quartiles
        for part, quartile in zip((0.25, 0.5, 0.75), quartiles, strict=True):
            expected = quantile(weighty, part, lower=rule is CLASS)
            assert quartile[group] == pytest.approx(expected, nan_ok=True)


@given(_AREAS, st.sampled_from([COUNT, SHARE, MEDIAN]), st.sampled_from([0.0, 0.5, 0.8, 1.0]))
def test_there_is_an_aggregate_exactly_where_nothing_refuses_it(
    areas: list[tuple[float, float, int]], rule: Rule, needed: float
) -> None:
    found = benchmarks(
        *columns(areas)[:2], rule, columns(areas)[2], needed=needed, needed_for_sums=needed
    )

    assert (np.isnan(found.aggregates) == (found.refusals != Refusal.NONE)).all()
    assert (np.isnan(found.medians) == (found.quartile_refusals != Refusal.NONE)).all()
    given_one = found.quartile_refusals == Refusal.NONE
    assert (found.coverage[given_one] >= needed).all()


@given(_AREAS, st.sampled_from([COUNT, SHARE, MEDIAN]))
def test_every_area_of_a_group_is_counted_once(
    areas: list[tuple[float, float, int]], rule: Rule
) -> None:
    values, weights, groups = columns(areas)
    found = benchmarks(values, weights, rule, groups, number=4)

    counted = found.known + found.unknown + found.left_out
    assert counted.tolist() == [int((groups == group).sum()) for group in range(4)]


@given(_AREAS, st.sampled_from([COUNT, SHARE, MEDIAN, CLASS]))
def test_a_group_by_label_is_the_same_group_by_mask(
    areas: list[tuple[float, float, int]], rule: Rule
) -> None:
    values, weights, groups = columns(areas)
    together = benchmarks(values, weights, rule, groups, number=4, needed=0)

    for group in range(4):
        alone = benchmarks(values, weights, rule, groups == group, needed=0)
        assert alone.refusals.tolist() == [together.refusals[group]]
        for name in ("aggregates", "medians", "upper_quartiles", "highest", "coverage"):
            mine, theirs = getattr(alone, name)[0], getattr(together, name)[group]
            assert mine == pytest.approx(theirs, nan_ok=True)


@given(_AREAS)
def test_aggregate_and_quartiles_lie_in_order_between_the_extremes(
    areas: list[tuple[float, float, int]],
) -> None:
    found = benchmarks(*columns(areas)[:2], SHARE, columns(areas)[2], needed=0)
    told = found.known > 0
    low, high = found.lowest[told], found.highest[told]

    assert (low <= found.lower_quartiles[told]).all()
    assert (found.lower_quartiles[told] <= found.medians[told]).all()
    assert (found.medians[told] <= found.upper_quartiles[told]).all()
    assert (found.upper_quartiles[told] <= high).all()
    mean = found.aggregates[told]
    assert ((low - 1e-6 <= mean) & (mean <= high + 1e-6)).all()


@given(_WHOLE)
def test_part_and_rest_of_whole_numbers_are_exactly_the_sum_of_the_group(
    areas: list[tuple[int, int, int, bool]],
) -> None:
    values, weights = floats([a[0] for a in areas]), people(*(a[1] for a in areas))
    groups, part = np.array([a[2] for a in areas], np.int64), np.array([a[3] for a in areas], bool)

    whole, one_part, others = (
        np.nan_to_num(benchmarks(values, weights, COUNT, each, number=4).aggregates)
        for each in (groups, rest(groups, ~part), rest(groups, part))
    )
    assert (one_part + others == whole).all()


@given(_WHOLE)
def test_means_of_part_and_rest_by_their_weights_make_the_mean_of_the_group(
    areas: list[tuple[int, int, int, bool]],
) -> None:
    values, sizes = floats([a[0] for a in areas]), floats([a[1] for a in areas])
    weights = Weights(WeighedBy.DENOMINATOR, sizes)
    group, part = np.array([a[2] == 0 for a in areas], bool), np.array([a[3] for a in areas], bool)

    whole, one_part, others = (
        float(np.nan_to_num(benchmarks(values, weights, SHARE, each).aggregates[0]))
        * sizes[each].sum()
        for each in (group, group & part, rest(group, part))
    )
    assert one_part + others == pytest.approx(whole)


@given(_WHOLE)
def test_recomputed_is_the_mean_of_quotients_weighed_by_their_denominators(
    areas: list[tuple[int, int, int, bool]],
) -> None:
    tops, bottoms = floats([a[0] for a in areas]), floats([a[1] for a in areas])
    groups = np.array([a[2] for a in areas], np.int64)
    weights = Weights(WeighedBy.DENOMINATOR, bottoms)
    quotients = 100 * tops / bottoms

    recomputed = benchmarks(quotients, weights, DENSITY, groups, numerators=tops)
    averaged = benchmarks(quotients, weights, SHARE, groups)
    assert np.allclose(recomputed.aggregates, averaged.aggregates, equal_nan=True)


@given(_AREAS, st.permutations(range(24)))
def test_the_order_of_the_areas_does_not_matter(
    areas: list[tuple[float, float, int]], shuffle: list[int]
) -> None:
    shuffled = [areas[place] for place in shuffle if place < len(areas)]
    one_way = benchmarks(*columns(areas)[:2], SHARE, columns(areas)[2], number=4)
    other = benchmarks(*columns(shuffled)[:2], SHARE, columns(shuffled)[2], number=4)

    assert np.allclose(one_way.aggregates, other.aggregates, equal_nan=True)
    assert np.allclose(one_way.medians, other.medians, equal_nan=True)
    assert (one_way.known == other.known).all()
