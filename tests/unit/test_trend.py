"""Trends: worked examples of the textbooks, slow versions of every formula, and honest doubt.

Examples: EPA QA/G-9S (2006), Data Quality Assessment: Statistical Methods for Practitioners, the
Mann-Kendall example with ties; Sen 1968, JASA 63, 1379-1389, the seven points at uneven distances;
Benjamini & Hochberg 1995, JRSS B 57, 289-300, section 4.1.
"""

import math
from collections.abc import Iterator
from itertools import combinations, permutations, product
from statistics import NormalDist, median

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from db.core.indicator import Direction
from db.core.trend import (
    Answer,
    Change,
    Ground,
    Trends,
    adjusted,
    changes,
    trends,
    unbroken,
    worse_and_worsening,
)

Floats = NDArray[np.float64]
HIGH_IS_BAD, HIGH_IS_GOOD = Direction.LOWER_IS_BETTER, Direction.HIGHER_IS_BETTER
nan = np.nan


def _years(*years: int) -> NDArray[np.int32]:
    return np.array(years, np.int32)


def _from(first: int, number: int) -> NDArray[np.int32]:
    return np.arange(first, first + number, dtype=np.int32)


def _trend(*values: float) -> Trends:
    """The trend of one area over consecutive years."""
    return trends(_from(2015, len(values)), np.array([values], np.float64))


# Mann-Kendall and Theil-Sen, against publications


def test_the_example_with_ties_of_the_epa_has_s_22_and_z_1_685() -> None:
    # Four tens and two fifteens: (11 x 10 x 27 - 4 x 3 x 13 - 2 x 1 x 9) / 18 = 155.33
    found = _trend(10, 10, 10, 5, 10, 20, 18, 17, 15, 24, 15)

    assert found.s.tolist() == [22]
    assert found.variance[0] == pytest.approx(155.33, abs=0.005)
    assert found.z[0] == pytest.approx(1.685, abs=0.0005)
    assert found.p_rising[0] == pytest.approx(0.046, abs=0.0005)
    assert found.p[0] == pytest.approx(2 * found.p_rising[0])


def test_sens_seven_points_have_slope_4_and_the_limits_of_interpolated_ranks() -> None:
    years = _years(2001, 2002, 2003, 2004, 2010, 2012, 2018)
    found = trends(years, np.array([[9.0, 15, 19, 20, 45, 55, 78]]), level=0.93)

    # Residuals from 4 x (year - 2000): 5 7 7 4 5 7 6, median 6
    assert found.slope[0] == pytest.approx(4)
    assert found.intercept[0] + 2000 * found.slope[0] == pytest.approx(6)
    # C = 1.8119 sqrt(7 x 6 x 19 / 18) = 12.064, ranks (21 - C)/2 = 4.468 and 17.532; around them
    # lie the slopes 26/7 (19 to 45 in 7 years), 15/4 and 46/11, 35/8
    assert found.lower[0] == pytest.approx(26 / 7 + 0.468 * (15 / 4 - 26 / 7), abs=1e-4)
    assert found.upper[0] == pytest.approx(46 / 11 + 0.532 * (35 / 8 - 46 / 11), abs=1e-4)


def test_five_points_that_only_rise_have_the_smallest_p_that_five_can_have() -> None:
    found = trends(_from(2015, 5), np.array(list(product(range(3), repeat=5)), np.float64))
    risen = _trend(1, 2, 4, 8, 16)

    # S = 10, variance 5 x 4 x 15 / 18, z = 9 / 4.082
    assert risen.z[0] == pytest.approx(9 / math.sqrt(50 / 3))
    assert risen.p[0] == pytest.approx(0.0275, abs=5e-5)
    assert found.p.min() > risen.p[0]


def _scores(number: int) -> Iterator[int]:
    """S of every order of so many different values."""
    for each in permutations(range(number)):
        yield sum(1 if a < b else -1 for a, b in combinations(each, 2))


@pytest.mark.parametrize("number", [5, 6, 7])
def test_the_normal_approximation_is_near_the_exact_chance_of_small_samples(number: int) -> None:
    scores = list(_scores(number))
    for last in permutations(range(number), 2):
        values = [each for each in range(number) if each not in last] + list(last)
        found = _trend(*values)
        exact = sum(each >= found.s[0] for each in scores) / math.factorial(number)
        assert found.p_rising[0] == pytest.approx(exact, abs=0.015)


# Against slow and obvious versions

_FEW = st.sampled_from([nan, 0.0, 1.0, 2.5, 3.0, -4.0]) | st.floats(-1e3, 1e3, width=32)
_TABLES = st.integers(0, 9).flatmap(
    lambda years: st.tuples(
        st.lists(st.integers(1995, 2030), min_size=years, max_size=years, unique=True).map(sorted),
        st.lists(st.lists(_FEW, min_size=years, max_size=years), max_size=4),
    )
)
Table = tuple[list[int], list[list[float]]]


def _arrays(table: Table) -> tuple[NDArray[np.int32], Floats]:
    years, values = table
    return _years(*years), np.array(values, np.float64).reshape(len(values), len(years))


def _at_rank(ordered: list[float], rank: float) -> float:
    below = min(math.floor(rank), len(ordered) - 1)
    return ordered[below - 1] + (rank - below) * (ordered[below] - ordered[below - 1])


def _slow(years: list[int], values: list[float]) -> list[float]:
    """Slope, intercept, limits, S, variance, z and p, one formula after the other."""
    points = [(year, value) for year, value in zip(years, values, strict=True) if value == value]
    if len(points) < 5:
        return [nan] * 8
    pairs = list(combinations(points, 2))
    slopes = sorted((b - a) / (later - year) for (year, a), (later, b) in pairs)
    slope = median(slopes)
    s = sum((b > a) - (b < a) for (_, a), (_, b) in pairs)
    groups = [sum(a == b for _, b in points) for a in {value for _, value in points}]
    n = len(points)
    variance = (n * (n - 1) * (2 * n + 5) - sum(t * (t - 1) * (2 * t + 5) for t in groups)) / 18
    z = (s - (s > 0) + (s < 0)) / math.sqrt(variance) if variance else 0.0
    rank = max((len(slopes) - NormalDist().inv_cdf(0.975) * math.sqrt(variance)) / 2, 1.0)
    return [
        slope,
        median(value - slope * year for year, value in points),
        _at_rank(slopes, rank),
        _at_rank(slopes, len(slopes) + 1 - rank),
        s,
        variance,
        z,
        2 * NormalDist().cdf(-abs(z)),
    ]


@given(_TABLES)
def test_every_number_is_that_of_the_slow_version(table: Table) -> None:
    found = trends(*_arrays(table))
    columns = (
        found.slope, found.intercept, found.lower, found.upper,
        found.s, found.variance, found.z, found.p,
    )  # fmt: skip

    for row, values in enumerate(table[1]):
        slow = _slow(table[0], values)
        np.testing.assert_allclose([each[row] for each in columns], slow, rtol=1e-6, atol=1e-6)


@given(_TABLES)
def test_points_and_their_first_and_last_year_are_told_for_every_area(table: Table) -> None:
    found = trends(*_arrays(table))

    for row, values in enumerate(table[1]):
        years = [year for year, value in zip(table[0], values, strict=True) if value == value]
        ends = (years[0], years[-1]) if years else (nan, nan)
        assert found.counts[row] == len(years)
        np.testing.assert_array_equal((found.first[row], found.last[row]), ends)


@given(_TABLES)
def test_turned_upside_down_every_trend_turns_around(table: Table) -> None:
    years, values = _arrays(table)
    found, turned = trends(years, values), trends(years, -values)

    np.testing.assert_allclose(turned.slope, -found.slope, rtol=1e-9, atol=1e-9)
    np.testing.assert_array_equal(turned.s, -found.s)
    np.testing.assert_array_equal(turned.p, found.p)
    np.testing.assert_array_equal(turned.p_rising, found.p_falling)
    np.testing.assert_allclose(turned.lower, -found.upper, rtol=1e-9, atol=1e-9)


@given(_TABLES)
def test_the_slope_lies_within_its_limits_and_chances_between_0_and_1(table: Table) -> None:
    found = trends(*_arrays(table))
    tested = ~np.isnan(found.p)

    assert np.array_equal(tested, found.counts >= 5)
    assert np.all(found.lower[tested] <= found.slope[tested] + 1e-9)
    assert np.all(found.upper[tested] >= found.slope[tested] - 1e-9)
    for p in (found.p[tested], found.p_rising[tested], found.p_falling[tested]):
        assert np.all((p >= 0) & (p <= 1))
    likelier = np.minimum(found.p_rising, found.p_falling)[tested]
    np.testing.assert_array_equal(found.p[tested], np.minimum(1, 2 * likelier))


@given(st.integers(-50, 50), st.integers(-50, 50), st.sets(st.integers(2000, 2030), min_size=5))
def test_points_on_a_line_give_the_line(start: int, rise: int, chosen: set[int]) -> None:
    years = _years(*sorted(chosen))
    found = trends(years, np.array([start + rise * (years - 2000.0)], np.float64))

    assert found.slope.tolist() == found.lower.tolist() == found.upper.tolist() == [rise]
    assert found.intercept[0] + 2000 * rise == start


# Edges


@pytest.mark.parametrize(
    ("values", "points"),
    [([1, 2, 3, 4], 4), ([nan, 1, nan, 2, 3, 4, np.inf], 4), ([nan] * 6, 0), ([], 0)],
)
def test_under_five_points_nothing_is_said_but_how_many_there_are(
    values: list[float], points: int
) -> None:
    found = _trend(*values)

    assert found.counts.tolist() == [points]
    for each in (found.slope, found.intercept, found.lower, found.s, found.z, found.p_rising):
        assert np.isnan(each).all()
    assert changes(found, found.p, direction=HIGH_IS_BAD).tolist() == [Change.INSUFFICIENT_DATA]


def test_equal_values_have_slope_zero_and_p_one_and_no_clear_change() -> None:
    found = _trend(7.1, 7.1, nan, 7.1, 7.1, 7.1)

    numbers = (found.slope, found.lower, found.upper, found.s, found.variance, found.z)
    assert [each.tolist() for each in numbers] == [[0.0]] * 6
    assert [each.tolist() for each in (found.p, found.p_rising, found.p_falling)] == [[1.0]] * 3
    assert found.intercept.tolist() == [7.1]
    assert changes(found, found.p, direction=HIGH_IS_BAD).tolist() == [Change.NO_CLEAR_CHANGE]


def test_absent_years_keep_their_distance() -> None:
    found = _trend(0, nan, nan, 3, 4, nan, 6, nan, 8)

    assert found.slope.tolist() == [1.0]
    assert (found.first.tolist(), found.last.tolist()) == ([2015], [2023])


def test_one_area_does_not_change_another() -> None:
    years, rows = _from(2015, 6), [[1.0, 2, 3, 4, 5, 9], [5.0, nan, 4, 4, 2, 1], [nan] * 6]
    together = trends(years, np.array(rows))
    alone = [trends(years, np.array([row])) for row in rows]

    for name in ("slope", "lower", "s", "p", "counts"):
        each = np.concatenate([getattr(one, name) for one in alone])
        np.testing.assert_array_equal(getattr(together, name), each)


def test_no_areas_have_no_trends() -> None:
    found = trends(_from(2015, 6), np.empty((0, 6)))
    verdicts = worse_and_worsening(np.empty(0), found, direction=HIGH_IS_BAD)

    assert len(found.slope) == len(found.counts) == len(verdicts.answers) == 0


@pytest.mark.parametrize("years", [(2015, 2015), (2016, 2015)])
def test_years_out_of_order_are_refused(years: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="go up"):
        trends(_years(*years), np.zeros((1, 2)))


# Breaks


@pytest.mark.parametrize(
    ("breaks", "span", "expected"),
    [
        ((), None, range(2010, 2020)),
        ((2013,), None, range(2013, 2020)),
        ((2016, 2013), None, range(2016, 2020)),
        ((2013, 2025), None, range(2013, 2020)),
        ((2010,), None, range(2010, 2020)),
        ((2019,), None, range(2019, 2020)),
        ((), (2012, 2015), range(2012, 2016)),
        ((2013,), (2008, 2012), range(2010, 2013)),
        ((2013, 2016), (2011, 2015), range(2013, 2016)),
        ((2025,), (2011, 2030), range(2011, 2020)),
        ((), (2021, 2024), range(0)),
    ],
)
def test_a_trend_uses_the_years_of_its_span_from_the_last_break_in_it(
    breaks: tuple[int, ...], span: tuple[int, int] | None, expected: range
) -> None:
    years = _from(2010, 10)

    assert years[unbroken(years, breaks, span)].tolist() == list(expected)


def test_no_years_are_unbroken() -> None:
    assert unbroken(_years(), (2013,), (2010, 2020)).tolist() == []


def test_a_jump_at_a_break_is_no_trend_and_the_years_after_it_are_told() -> None:
    years, values = _from(2010, 12), np.array([[1.0, 2, 1, 2, 1, 2, 52, 51, 52, 51, 52, 51]])
    across, after = trends(years, values), trends(years, values, breaks=[2016])

    assert across.p[0] < 0.05 < after.p[0]
    assert (after.first[0], after.last[0], after.counts[0]) == (2016, 2021, 6)


def test_too_few_years_since_a_break_are_not_filled_up_with_those_before() -> None:
    found = trends(_from(2010, 10), np.arange(10.0)[None], breaks=[2016])

    assert (found.first[0], found.counts[0]) == (2016, 4)
    assert np.isnan(found.slope).all()


# Many tests


def test_of_the_fifteen_p_of_benjamini_and_hochberg_four_hold() -> None:
    given_p = [.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .324, .4262, .5719,
               .6528, .759, 1.0]  # fmt: skip
    found = adjusted(np.array(given_p))

    assert (found < 0.05).sum() == 4
    # 0.0095 x 15/4; 0.0201 x 15/5; of the sixth and seventh the smaller, 0.0298 x 15/7
    expected = [0.0015, 0.003, 0.0095, 0.035625, 0.0603, 0.0298 * 15 / 7, 0.0298 * 15 / 7]
    np.testing.assert_allclose(found[:7], expected)


@given(st.lists(st.floats(0, 1) | st.sampled_from([nan, 0.01, 0.04]), max_size=20))
def test_an_adjusted_p_is_the_smallest_that_any_p_as_high_gives(listed: list[float]) -> None:
    found = adjusted(np.array(listed, np.float64))

    tests = [p for p in listed if p == p]
    raised = {p: p * (len(tests) / sum(other <= p for other in tests)) for p in tests}
    slow = [min((v for k, v in raised.items() if k >= p), default=nan) for p in listed]
    np.testing.assert_allclose(found, slow)
    assert np.all((found >= np.array(listed)) | np.isnan(found))


def test_areas_without_a_test_do_not_count_as_tests() -> None:
    np.testing.assert_array_equal(adjusted(np.array([nan, 0.03, nan])), [nan, 0.03, nan])


# What a trend means


def test_a_rise_worsens_or_improves_as_the_direction_says() -> None:
    found = trends(_from(2015, 8), np.array([np.arange(8.0), -np.arange(8.0), [1, 0] * 4]))

    bad = changes(found, found.p, direction=HIGH_IS_BAD)
    good = changes(found, found.p, direction=HIGH_IS_GOOD)

    assert bad.tolist() == [Change.WORSENING, Change.IMPROVING, Change.NO_CLEAR_CHANGE]
    assert good.tolist() == [Change.IMPROVING, Change.WORSENING, Change.NO_CLEAR_CHANGE]
    assert bad.dtype == np.uint8


def test_p_must_be_below_alpha_not_equal_to_it() -> None:
    found = _trend(*range(8))
    p = float(found.p[0])

    at = changes(found, found.p, direction=HIGH_IS_BAD, alpha=p)
    above = changes(found, found.p, direction=HIGH_IS_BAD, alpha=p * 1.001)

    assert (at[0], above[0]) == (Change.NO_CLEAR_CHANGE, Change.WORSENING)


def test_a_clear_rise_of_few_values_among_equals_is_seen_though_its_slope_is_zero() -> None:
    found = _trend(0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3)

    assert found.slope.tolist() == [0.0]
    assert changes(found, found.p, direction=HIGH_IS_BAD).tolist() == [Change.WORSENING]
    assert changes(found, found.p, direction=HIGH_IS_GOOD).tolist() == [Change.IMPROVING]


def test_a_neutral_indicator_has_no_worse_side() -> None:
    found = _trend(*range(8))
    with pytest.raises(ValueError, match="neutral"):
        changes(found, found.p, direction=Direction.NEUTRAL)


_RISING, _FALLING, _UNCLEAR = list(range(8)), list(range(8, 0, -1)), [1, 0] * 4
_SHORT = [1, 2, 3, 4, *[nan] * 4]
_YES, _NO, _CANNOT = Answer.YES, Answer.NO, Answer.CANNOT_BE_SAID


@pytest.mark.parametrize(
    ("worse", "values", "answer", "ground"),
    [
        (1, _RISING, _YES, Ground.BOTH),
        (1, _FALLING, _NO, Ground.IMPROVING),
        (1, _UNCLEAR, _CANNOT, Ground.NO_CLEAR_CHANGE),
        (1, [3] * 8, _CANNOT, Ground.NO_CLEAR_CHANGE),
        (1, _SHORT, _CANNOT, Ground.INSUFFICIENT_DATA),
        (0, _RISING, _NO, Ground.NOT_WORSE),
        (0, _FALLING, _NO, Ground.NOT_WORSE),
        (0, _UNCLEAR, _NO, Ground.NOT_WORSE),
        (0, _SHORT, _NO, Ground.NOT_WORSE),
        (nan, _RISING, _CANNOT, Ground.WORSE_UNKNOWN),
        (nan, _FALLING, _NO, Ground.IMPROVING),
        (nan, _UNCLEAR, _CANNOT, Ground.WORSE_UNKNOWN),
        (nan, _SHORT, _CANNOT, Ground.WORSE_UNKNOWN),
    ],
)
def test_worse_and_worsening_follows_its_truth_table(
    worse: float, values: list[float], answer: Answer, ground: Ground
) -> None:
    found = worse_and_worsening(np.array([worse]), _trend(*values), direction=HIGH_IS_BAD)

    assert (found.answers[0], found.grounds[0]) == (answer, ground)


def test_worse_may_be_given_as_booleans() -> None:
    found = trends(_from(2015, 8), np.array([_RISING, _RISING], np.float64))
    verdicts = worse_and_worsening(np.array([True, False]), found, direction=HIGH_IS_BAD)

    assert verdicts.answers.tolist() == [Answer.YES, Answer.NO]


def test_what_one_test_shows_many_tests_may_not() -> None:
    rows = [[1.0, 2, 3, 4, 5], *[[2.0, 1, 3, 1, 2]] * 9]
    found = trends(_from(2015, 5), np.array(rows))
    verdicts = worse_and_worsening(np.array([1.0, *[0.0] * 9]), found, direction=HIGH_IS_BAD)

    assert found.p[0] < 0.05 < verdicts.adjusted[0]
    assert verdicts.adjusted[0] == pytest.approx(10 * found.p[0])
    assert verdicts.answers[0] == Answer.CANNOT_BE_SAID
    assert verdicts.changes[0] == Change.NO_CLEAR_CHANGE


@given(_TABLES, st.sampled_from([HIGH_IS_BAD, HIGH_IS_GOOD]))
def test_every_answer_rests_on_its_ground_and_no_yes_stands_without_a_clear_trend(
    table: Table, direction: Direction
) -> None:
    found = trends(*_arrays(table))
    verdicts = worse_and_worsening(np.ones(len(found.p)), found, direction=direction)

    for answer, ground in zip(verdicts.answers, verdicts.grounds, strict=True):
        assert Ground(ground).answer == answer
    sure = (verdicts.adjusted < 0.05) & (found.s * (1 if direction is HIGH_IS_BAD else -1) > 0)
    assert np.array_equal(verdicts.answers == Answer.YES, sure)
