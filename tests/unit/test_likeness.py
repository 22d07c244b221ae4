"""Likeness: the areas nearest to a reference, what their distance is made of, what is left out."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.core.figures import Floats
from db.core.indicator import Domain
from db.core.likeness import LeftOut, Likeness, Measure, nearest
from db.core.standard import Scaling, Standard, standardise

NAN = np.nan
CELLS = st.sampled_from([-2.0, -1.0, 0.0, 0.5, 1.0, 3.0, NAN])


def table(*rows: list[float]) -> Floats:
    return np.array(rows, np.float64)


def units(scales: list[float], areas: int) -> Standard:
    """A standard whose scales are given by hand, with every area in its set."""
    size = len(scales)
    counts = np.full(size, areas, np.int32)
    return Standard(np.zeros(size), np.array(scales), counts, np.ones(areas), 0)


@st.composite
def tables(draw: st.DrawFn) -> Floats:
    areas, indicators = draw(st.integers(1, 9)), draw(st.integers(1, 4))
    rows = st.lists(CELLS, min_size=indicators, max_size=indicators)
    return table(*draw(st.lists(rows, min_size=areas, max_size=areas)))


@st.composite
def weighed(draw: st.DrawFn) -> tuple[Floats, Floats]:
    values = draw(tables())
    weight = st.sampled_from([0.0, 1.0, 2.0, 7.0, -1.0, NAN, np.inf])
    return values, np.array(draw(st.lists(weight, min_size=len(values), max_size=len(values))))


# Standards


def test_mean_and_deviation_are_weighted_by_inhabitants() -> None:
    made = standardise(table([1.0], [3.0], [5.0]), np.array([1.0, 1.0, 2.0]))

    # (1 + 3 + 5 + 5) / 4 = 3.5; (6.25 + 0.25 + 2.25 + 2.25) / 4 = 2.75
    assert made.centres.tolist() == [3.5]
    assert made.scales == pytest.approx([2.75**0.5])


@pytest.mark.parametrize(
    ("values", "median", "scale"),
    [
        # Deviations 2 1 0 1 97, with median 1.
        ([1.0, 2.0, 3.0, 4.0, 100.0], 3.0, 1.4826),
        # Deviations 2 1 1 6, with median 1.5.
        ([1.0, 2.0, NAN, 4.0, 9.0], 3.0, 1.5 * 1.4826),
        ([7.0, NAN], 7.0, 0.0),
    ],
)
def test_median_and_absolute_deviation_hardly_notice_an_outlier(
    values: list[float], median: float, scale: float
) -> None:
    made = standardise(np.array(values)[:, None], scaling=Scaling.MEDIAN_AND_MAD)

    assert (made.centres.tolist(), made.scales.tolist()) == ([median], pytest.approx([scale]))


def test_a_median_counts_every_area_once_whatever_its_inhabitants() -> None:
    values, inhabitants = table([1.0], [2.0], [4.0], [99.0]), np.array([9e6, 1.0, 1.0, 0.0])
    made = standardise(values, inhabitants, scaling=Scaling.MEDIAN_AND_MAD)

    assert made.centres.tolist() == [2.0]
    assert made.weights.tolist() == [1.0, 1.0, 1.0, 0.0]


def test_areas_that_are_not_eligible_or_have_no_weight_are_not_in_the_set() -> None:
    values = table([1.0], [3.0], [50.0], [60.0], [70.0])
    made = standardise(
        values,
        np.array([1.0, 1.0, 0.0, NAN, 5.0]),
        eligible=np.array([True, True, True, True, False]),
    )

    assert (made.centres.tolist(), made.scales.tolist()) == ([2.0], [1.0])
    assert (made.areas.tolist(), made.without_weight) == ([2], 2)


def test_equal_values_have_no_spread_even_where_their_sum_is_rounded() -> None:
    made = standardise(np.full((1000, 1), 0.1), np.linspace(1.0, 7.0, 1000))

    assert (made.centres.tolist(), made.scales.tolist()) == ([0.1], [0.0])


@given(weighed(), st.sampled_from(Scaling))
def test_centres_and_scales_are_those_of_numpy_column_by_column(
    case: tuple[Floats, Floats], scaling: Scaling
) -> None:
    values, weights = case
    made = standardise(values, weights, scaling=scaling)
    takes = np.isfinite(weights) & (weights > 0)

    for column, cells in enumerate(values.T):
        known = takes & ~np.isnan(cells)
        assert made.areas[column] == known.sum()
        if not known.any():
            assert np.isnan([made.centres[column], made.scales[column]]).all()
            continue
        if scaling is Scaling.MEDIAN_AND_MAD:
            centre = np.median(cells[known])
            scale = 1.4826 * np.median(np.abs(cells[known] - centre))
        else:
            centre = np.average(cells[known], weights=weights[known])
            scale = np.average((cells[known] - centre) ** 2, weights=weights[known]) ** 0.5
        assert made.centres[column] == pytest.approx(centre, abs=1e-12)
        assert made.scales[column] == pytest.approx(scale, abs=1e-12)


# Euclidean

FIVE = table([0.0, 0.0], [2.0, 10.0], [4.0, 0.0], [1.0, NAN], [NAN, -30.0])


def test_a_distance_is_the_root_of_the_mean_squared_difference() -> None:
    found = nearest(FIVE, 0, units([2.0, 10.0], 5), count=9)

    # z differences (1, 1), (2, 0), (0.5, -) and (-, -3).
    assert found.rows.tolist() == [3, 1, 2, 4]
    assert found.distances.tolist() == [0.5, 1.0, pytest.approx(2**0.5), 3.0]


def test_weights_count_only_where_both_have_the_indicator() -> None:
    found = nearest(FIVE, 0, units([2.0, 10.0], 5), count=9, weights=np.array([3.0, 1.0]))

    assert found.rows.tolist() == [3, 1, 2, 4]
    assert found.distances.tolist() == [0.5, 1.0, pytest.approx(3**0.5), 3.0]
    expected = table([0.25, NAN], [0.75, 0.25], [3.0, 0.0], [NAN, 9.0])
    np.testing.assert_array_equal(found.contributions, expected)


def test_a_difference_is_positive_where_the_area_has_more_than_the_reference() -> None:
    found = nearest(FIVE, 0, units([2.0, 10.0], 5), count=9)

    expected = table([0.5, NAN], [1.0, 1.0], [2.0, 0.0], [NAN, -3.0])
    np.testing.assert_array_equal(found.differences, expected)


def test_a_profile_need_not_be_a_row_and_leaves_all_rows_as_candidates() -> None:
    found = nearest(FIVE, np.array([4.0, 10.0]), units([2.0, 10.0], 5), count=2)

    # z differences (-2, -1), (-1, 0), (0, -1), (-1.5, -), (-, -4).
    assert (found.rows.tolist(), found.candidates) == ([1, 2], 5)
    assert found.distances == pytest.approx([0.5**0.5, 0.5**0.5])


def test_a_row_is_never_its_own_candidate() -> None:
    found = nearest(table([1.0], [1.0], [1.0]), 1, units([1.0], 3), count=3)

    assert (found.rows.tolist(), found.candidates) == ([0, 2], 2)


def test_areas_equally_far_are_in_row_order() -> None:
    values = table([0.0], [1.0], [-1.0], [0.5], [1.0], [-1.0])
    found = nearest(values, 0, units([1.0], 6), count=4)

    assert found.rows.tolist() == [3, 1, 2, 4]


@pytest.mark.parametrize("measure", Measure)
def test_equal_profiles_tie_whatever_the_rounding(measure: Measure) -> None:
    some = np.random.default_rng(5).normal(size=(3, 7))
    values = np.vstack([np.repeat(some[:1], 400, axis=0), some[1:], -some[1:]])
    found = nearest(values, some[1] / 3, standardise(values), count=999, measure=measure)

    alike = found.rows[found.rows < 400]
    assert alike.tolist() == list(range(400))
    assert len(np.unique(found.distances[found.rows < 400])) == 1


def test_equal_differences_on_other_indicators_tie_too() -> None:
    values = np.array(list(permutations([10.1, 20.2, 30.3, 70.7, -110.1])))
    found = nearest(values, np.zeros(5), units([1.0] * 5, 120), count=120)

    assert found.rows.tolist() == list(range(120))


def test_half_of_the_indicators_may_be_lacking_unless_another_share_is_given() -> None:
    values = table([0.0] * 5, [0.0] * 3 + [NAN] * 2, [0.0] * 2 + [NAN] * 3)
    found = nearest(values, 0, units([1.0] * 5, 3), count=9)

    assert (found.rows.tolist(), found.not_judged.tolist()) == ([1], [2])


def test_an_area_that_lacks_more_than_the_share_is_listed_apart() -> None:
    values = table([0.0] * 4, [1.0, 1.0, NAN, NAN], [0.0, NAN, NAN, NAN], [NAN] * 4)
    found = nearest(values, 0, units([1.0] * 4, 4), count=9)

    assert (found.rows.tolist(), found.not_judged.tolist()) == ([1], [2, 3])
    assert found.candidates == 3


@pytest.mark.parametrize(("share", "judged"), [(0.0, 0), (0.28, 0), (0.29, 1), (1.0, 1)])
def test_exactly_the_share_may_be_lacking(share: float, judged: int) -> None:
    values = np.zeros((2, 100))
    values[1, :29] = NAN
    found = nearest(values, 0, units([1.0] * 100, 2), count=1, max_missing=share)

    assert len(found.rows) == judged


def test_an_area_that_lacks_everything_cannot_be_judged_however_much_may_be_lacking() -> None:
    found = nearest(table([0.0], [NAN]), 0, units([1.0], 2), count=1, max_missing=1.0)

    assert found.not_judged.tolist() == [1]


def test_what_an_indicator_that_is_left_out_lacks_is_not_held_against_an_area() -> None:
    values = table([0.0, NAN, NAN], [1.0, NAN, NAN])
    found = nearest(values, 0, units([1.0] * 3, 2), count=1, max_missing=0.0)

    assert found.rows.tolist() == [1]


def test_every_indicator_left_out_has_its_reason() -> None:
    values = table(
        [1.0, NAN, 1.0, 4.0, 9.0, 1.0],
        [2.0, 1.0, NAN, 4.0, 8.0, 2.0],
        [3.0, 2.0, NAN, 4.0, 7.0, 3.0],
    )
    profile = np.array([1.0, NAN, 1.0, 5.0, 9.0, 1.0])
    weights = np.array([1.0, 1.0, 1.0, 1.0, 0.0, NAN])
    made = standardise(values, eligible=np.array([False, True, True]))
    found = nearest(values, profile, made, count=9, weights=weights)

    assert found.left_out == (
        None,
        LeftOut.UNKNOWN_FOR_REFERENCE,
        LeftOut.NO_VALUES,
        LeftOut.NO_SPREAD,
        LeftOut.NO_WEIGHT,
        LeftOut.NO_WEIGHT,
    )
    assert found.used == (0,)
    assert np.isnan(found.differences[:, 1:]).all()


@pytest.mark.parametrize("measure", Measure)
@pytest.mark.parametrize(
    "values",
    [table([1.0, 2.0], [1.0, 2.0], [1.0, 2.0]), np.full((3, 2), NAN), np.empty((3, 0))],
    ids=["all equal", "all absent", "no indicators"],
)
def test_with_nothing_to_compare_nobody_is_judged(values: Floats, measure: Measure) -> None:
    found = nearest(values, 1, standardise(values), count=5, measure=measure)

    assert (found.used, len(found.rows), found.not_judged.tolist()) == ((), 0, [0, 2])


@pytest.mark.parametrize("measure", Measure)
def test_a_country_without_areas_has_no_candidates(measure: Measure) -> None:
    values = np.empty((0, 2))
    found = nearest(values, np.array([1.0, 2.0]), standardise(values), count=5, measure=measure)

    assert (found.candidates, len(found.rows), len(found.not_judged)) == (0, 0, 0)
    assert found.left_out == (LeftOut.NO_VALUES, LeftOut.NO_VALUES)


def test_who_is_excluded_or_outside_the_set_is_no_candidate_but_the_scale_stays() -> None:
    values = table([0.0], [1.0], [2.0], [3.0], [9.0])
    made = standardise(values, np.array([1.0, 1.0, 1.0, 1.0, 0.0]))
    own = np.array([False, True, False, False, False])
    found = nearest(values, 0, made, count=9, excluded=own)

    assert (found.rows.tolist(), found.candidates) == ([2, 3], 2)
    assert found.differences[:, 0] == pytest.approx([2 / 1.25**0.5, 3 / 1.25**0.5])


def test_the_reference_may_be_outside_the_set() -> None:
    made = standardise(table([0.0], [1.0], [3.0]), eligible=np.array([False, True, True]))

    assert nearest(table([0.0], [1.0], [3.0]), 0, made, count=1).rows.tolist() == [1]


def test_what_is_given_stays_as_it_is() -> None:
    values, excluded = FIVE.copy(), np.zeros(5, np.bool_)
    made = standardise(values)
    kept = made.weights.copy()
    nearest(values, 0, made, count=2, excluded=excluded)

    np.testing.assert_array_equal(values, FIVE)
    assert (made.weights.tolist(), excluded.tolist()) == (kept.tolist(), [False] * 5)


@pytest.mark.parametrize(
    ("reference", "count", "says"),
    [
        (5, 1, "there is no row 5 among 5 areas"),
        (-1, 1, "there is no row -1 among 5 areas"),
        (np.zeros(3), 1, "a profile of 3 values for 2 indicators"),
        (0, -1, "count is -1"),
    ],
)
def test_what_cannot_be_asked_is_refused(reference: int | Floats, count: int, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        nearest(FIVE, reference, units([2.0, 10.0], 5), count=count)


# Domains


def test_the_parts_of_the_domains_add_up_to_the_squared_distance() -> None:
    values = table([0.0, 0.0, 0.0], [1.0, 2.0, 3.0], [2.0, NAN, 2.0])
    found = nearest(values, 0, units([1.0] * 3, 3), count=2, max_missing=0.5)
    parts = found.by_domain([Domain.HOUSING, Domain.WORK, Domain.HOUSING])

    # (4 + 4) / 2 = 4 and (1 + 4 + 9) / 3; the area without a value on work has no part of it.
    assert found.rows.tolist() == [2, 1]
    np.testing.assert_allclose(parts[Domain.HOUSING], [4.0, 10 / 3])
    np.testing.assert_allclose(parts[Domain.WORK], [NAN, 4 / 3])


def test_a_domain_of_which_every_indicator_is_left_out_has_no_part() -> None:
    values = table([0.0, NAN], [1.0, 2.0])
    parts = nearest(values, 0, units([1.0] * 2, 2), count=1).by_domain(["a", "b"])

    np.testing.assert_array_equal(parts["b"], [NAN])


# Mahalanobis

CROSS = table([-1.0, -1.0], [1.0, 1.0], [1.0, -1.0], [-1.0, 1.0])
HALF = standardise(CROSS, np.array([3.0, 3.0, 1.0, 1.0]))
"""Correlation (3 + 3 - 1 - 1) / 8 = 0.5, shrunk to 0.45; standard deviations 1."""


def test_mahalanobis_takes_less_account_of_a_difference_that_correlation_explains() -> None:
    found = nearest(CROSS, 0, HALF, count=9, measure=Measure.MAHALANOBIS)

    # The inverse of (1, 0.45; 0.45, 1) is (1, -0.45; -0.45, 1) / 0.7975.
    assert found.rows.tolist() == [2, 3, 1]
    squared = [4 / 0.7975, 4 / 0.7975, (4 + 4 - 2 * 0.45 * 4) / 0.7975]
    assert (found.distances**2).tolist() == pytest.approx(squared)
    assert found.complete == 4


def test_a_part_of_mahalanobis_can_be_negative_and_still_add_up() -> None:
    found = nearest(CROSS, np.array([-1.0, 0.8]), HALF, count=9, measure=Measure.MAHALANOBIS)

    # To row 3 the difference is (0, 0.2), to row 1 (2, 0.2): the second part 0.2 (0.2 - 0.9).
    assert found.rows.tolist() == [3, 0, 1, 2]
    assert found.contributions[0] == pytest.approx([0.0, 0.04 / 0.7975])
    assert found.contributions[2] == pytest.approx([3.82 / 0.7975, -0.14 / 0.7975])
    assert found.distances[2] ** 2 == pytest.approx(3.68 / 0.7975)


def test_an_indicator_given_twice_counts_hardly_more_than_once() -> None:
    values = np.repeat(table([-1.0], [1.0]), 2, axis=1)
    found = nearest(values, 0, standardise(values), count=1, measure=Measure.MAHALANOBIS)

    # 2 a^2 (1 - 0.9) / (1 - 0.81) with a = 2; two independent indicators would give 8.
    assert found.distances**2 == pytest.approx([8 * 0.1 / 0.19])


def test_mahalanobis_judges_complete_areas_only_and_takes_correlations_from_them() -> None:
    values = np.vstack([CROSS, [[0.0, NAN], [NAN, 50.0]]])
    made = replace(HALF, weights=np.array([3.0, 3.0, 1.0, 1.0, 8.0, 8.0]))
    found = nearest(values, 0, made, count=9, measure=Measure.MAHALANOBIS, max_missing=1.0)

    assert (found.rows.tolist(), found.not_judged.tolist()) == ([2, 3, 1], [4, 5])
    assert found.distances[0] ** 2 == pytest.approx(4 / 0.7975)
    assert (found.complete, found.candidates) == (4, 5)


def test_excluded_areas_still_take_part_in_the_correlations() -> None:
    excluded = np.array([False, True, True, False])
    found = nearest(CROSS, 0, HALF, count=9, measure=Measure.MAHALANOBIS, excluded=excluded)

    assert (found.rows.tolist(), found.complete) == ([3], 4)
    assert found.distances**2 == pytest.approx([4 / 0.7975])


def test_areas_outside_the_set_take_no_part_in_the_correlations() -> None:
    values = np.vstack([CROSS, [[9.0, -9.0]]])
    made = replace(HALF, weights=np.array([3.0, 3.0, 1.0, 1.0, 0.0]))
    found = nearest(values, 0, made, count=1, measure=Measure.MAHALANOBIS)

    assert (found.rows.tolist(), found.complete) == ([2], 4)
    assert found.distances**2 == pytest.approx([4 / 0.7975])


def test_an_indicator_without_spread_among_the_complete_areas_is_left_out_by_name() -> None:
    values = table([0.0, 1.0], [1.0, 1.0], [2.0, 1.0], [NAN, 5.0])
    found = nearest(values, 0, standardise(values), count=9, measure=Measure.MAHALANOBIS)

    assert found.left_out == (None, LeftOut.NO_SPREAD_AMONG_COMPLETE)
    assert (found.rows.tolist(), found.not_judged.tolist()) == ([1, 2], [3])


def test_indicators_that_are_never_known_together_have_no_correlation() -> None:
    values = table([0.0, NAN], [1.0, NAN], [NAN, 1.0], [NAN, 2.0])
    made = standardise(values)
    found = nearest(values, np.array([0.0, 1.0]), made, count=9, measure=Measure.MAHALANOBIS)

    assert found.left_out == (LeftOut.NO_SPREAD_AMONG_COMPLETE,) * 2
    assert (found.complete, found.not_judged.tolist()) == (0, [0, 1, 2, 3])


def test_weights_that_differ_by_a_factor_give_the_same_mahalanobis_distance() -> None:
    plain = nearest(CROSS, 0, HALF, count=9, measure=Measure.MAHALANOBIS)
    tenfold = nearest(
        CROSS, 0, HALF, count=9, measure=Measure.MAHALANOBIS, weights=np.array([10.0, 10.0])
    )

    assert tenfold.distances.tolist() == plain.distances.tolist()


def test_a_country_is_computed_as_its_textbook_formula() -> None:
    chance = np.random.default_rng(11)
    values = chance.normal(size=(700, 6)) @ chance.normal(size=(6, 6))
    inhabitants, weights = chance.integers(1, 9000, 700).astype(float), np.arange(1.0, 7.0)
    values[chance.random(values.shape) < 0.05] = NAN
    values[0] = 0.5
    made = standardise(values, inhabitants)
    found = nearest(values, 0, made, count=700, measure=Measure.MAHALANOBIS, weights=weights)

    complete = np.flatnonzero(~np.isnan(values).any(axis=1))
    covariance = np.cov(values[complete].T, aweights=inhabitants[complete])
    deviations = np.sqrt(np.diag(covariance))
    shrunk = 0.9 * covariance / np.outer(deviations, deviations) + 0.1 * np.eye(6)
    for row, distance in zip(found.rows, found.distances, strict=True):
        u = (values[row] - values[0]) / made.scales * np.sqrt(weights / 3.5)
        assert distance == pytest.approx((u @ np.linalg.inv(shrunk) @ u) ** 0.5)
    assert sorted([0, *found.rows.tolist()]) == complete.tolist()


# Of every table


def slow(values: Floats, profile: Floats, made: Standard, share: float) -> list[tuple[float, int]]:
    """Distance and row of whoever can be judged, one area and one indicator at a time."""
    scales = made.scales.tolist()
    used = [j for j, scale in enumerate(scales) if scale > 0 and not np.isnan(profile[j])]
    judged = []
    for row, cells in enumerate(values):
        squares = [
            ((cells[j] - profile[j]) / scales[j]) ** 2 for j in used if not np.isnan(cells[j])
        ]
        enough = len(used) - len(squares) <= share * len(used)
        if made.weights[row] > 0 and squares and enough:
            judged.append((round((sum(squares) / len(squares)) ** 0.5, 8), row))
    return sorted(judged)


@given(weighed(), st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0]), st.sampled_from(Scaling), st.data())
def test_distances_are_those_of_one_area_and_one_indicator_at_a_time(
    case: tuple[Floats, Floats], share: float, scaling: Scaling, data: st.DataObject
) -> None:
    values, inhabitants = case
    size = values.shape[1]
    profile = np.array(data.draw(st.lists(CELLS, min_size=size, max_size=size)))
    made = standardise(values, inhabitants, scaling=scaling)
    found = nearest(values, profile, made, count=99, max_missing=share)

    expected = slow(values, profile, made, share)
    assert [distance for distance, _ in expected] == pytest.approx(found.distances.tolist())
    assert sorted(row for _, row in expected) == sorted(found.rows.tolist())


def drawn(values: Floats, measure: Measure, **choices: object) -> Likeness:
    made = standardise(values)
    return nearest(values, 0, made, measure=measure, **{"count": 99} | choices)  # type: ignore[arg-type]


@given(tables(), st.sampled_from(Measure))
def test_every_candidate_is_either_judged_or_listed_apart(values: Floats, measure: Measure) -> None:
    found = drawn(values, measure)

    assert sorted([*found.rows, *found.not_judged]) == list(range(1, len(values)))
    assert found.candidates == len(values) - 1


@given(tables(), st.sampled_from(Measure))
def test_distances_go_up_and_equals_are_in_row_order(values: Floats, measure: Measure) -> None:
    found = drawn(values, measure)

    listed = list(zip(found.distances.tolist(), found.rows.tolist(), strict=True))
    assert listed == sorted(listed)


@given(tables(), st.sampled_from(Measure), st.integers(0, 9))
def test_fewer_are_the_first_of_more(values: Floats, measure: Measure, count: int) -> None:
    few, all_of_them = drawn(values, measure, count=count), drawn(values, measure)

    assert few.rows.tolist() == all_of_them.rows[:count].tolist()
    assert few.not_judged.tolist() == all_of_them.not_judged.tolist()


@given(tables(), st.sampled_from(Measure))
def test_contributions_add_up_to_the_squared_distance(values: Floats, measure: Measure) -> None:
    found = drawn(values, measure)
    parts = found.by_domain(["even" if j % 2 == 0 else "odd" for j in range(values.shape[1])])

    sums = np.nansum(np.array(list(parts.values())), axis=0)
    assert sums.tolist() == pytest.approx((found.distances**2).tolist(), abs=1e-7)


@given(tables(), st.sampled_from(Measure), st.sampled_from([-4.0, 0.25, 8.0]))
def test_the_unit_of_an_indicator_changes_nothing(
    values: Floats, measure: Measure, factor: float
) -> None:
    other = values.copy()
    other[:, 0] = 16.0 + factor * other[:, 0]
    before, after = drawn(values, measure), drawn(other, measure)

    assert after.rows.tolist() == before.rows.tolist()
    assert after.distances.tolist() == pytest.approx(before.distances.tolist())


@given(tables(), st.sampled_from(Measure))
def test_the_order_of_the_cells_in_memory_changes_nothing(values: Floats, measure: Measure) -> None:
    before, after = drawn(values, measure), drawn(np.asfortranarray(values), measure)

    assert after.rows.tolist() == before.rows.tolist()
    assert after.distances.tolist() == before.distances.tolist()


@given(tables())
def test_a_distance_lies_between_the_smallest_and_the_largest_difference(values: Floats) -> None:
    found = drawn(values, Measure.EUCLIDEAN)

    for distance, differences in zip(found.distances, np.abs(found.differences), strict=True):
        assert np.nanmin(differences) - 1e-9 <= distance <= np.nanmax(differences) + 1e-9


@given(tables(), st.data())
def test_excluding_areas_leaves_the_others_as_they_are(values: Floats, data: st.DataObject) -> None:
    flags = data.draw(st.lists(st.booleans(), min_size=len(values), max_size=len(values)))
    excluded = np.array(flags, np.bool_)
    some = drawn(values, Measure.EUCLIDEAN, excluded=excluded)
    everyone = drawn(values, Measure.EUCLIDEAN)

    stays = ~excluded[everyone.rows]
    assert some.rows.tolist() == everyone.rows[stays].tolist()
    assert some.distances.tolist() == everyone.distances[stays].tolist()
