"""Limits of figures: against published tables, against their definition, and honest where unknown.

Tables: Newcombe 1998, Statistics in Medicine 17, 857-872, table I, method 3 (Wilson without
continuity correction); exact Poisson limits (Garwood 1936) are computed here from the tail sums.
"""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from db.core.uncertainty import (
    Basis,
    Intervals,
    byar,
    byar_rate,
    rounded,
    score_of,
    stated,
    wilson,
)

Floats = NDArray[np.float64]

_TWO = math.erf(2 / math.sqrt(2))
"""The level whose normal score is 2, for sums by hand."""


def _of(*values: float) -> Floats:
    return np.array(values, np.float64)


def _one(intervals: Intervals) -> tuple[float, float]:
    return float(intervals.lower[0]), float(intervals.upper[0])


def _nothing_known(intervals: Intervals) -> bool:
    absent = bool(np.isnan(intervals.lower).all() and np.isnan(intervals.upper).all())
    return absent and set(intervals.bases.tolist()) <= {Basis.NONE}


def test_the_score_of_95_percent_is_1_96_and_a_percentage_is_refused_as_level() -> None:
    assert score_of(0.95) == pytest.approx(1.959963985, abs=1e-9)
    with pytest.raises(ValueError, match=r"0\.0 < p < 1\.0"):
        score_of(95)


@pytest.mark.parametrize(
    ("count", "number", "lower", "upper"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (29, 29, 0.8830, 1.0),
    ],
)
def test_wilson_gives_the_limits_of_newcombes_table(
    count: int, number: int, lower: float, upper: float
) -> None:
    found = wilson(_of(number), fraction=_of(count / number))

    assert _one(found) == pytest.approx((lower, upper), abs=5e-5)


def test_wilson_of_two_in_four_with_score_2_is_a_half_and_a_quarter_of_root_two_off() -> None:
    # (1/2 + 4/8 -+ 2 sqrt(1/16 + 4/64)) / (1 + 4/4) = 1/2 -+ sqrt(1/8)
    found = wilson(_of(4), percent=_of(50), level=_TWO)

    assert _one(found) == pytest.approx((50 - 100 * math.sqrt(1 / 8), 50 + 100 * math.sqrt(1 / 8)))
    assert found.bases.tolist() == [Basis.BINOMIAL]


def test_the_ends_of_the_scale_are_reached_exactly() -> None:
    found = wilson(_of(20, 7), percent=_of(0, 100))

    assert (found.lower[0], found.upper[1]) == (0.0, 100.0)
    assert 0.0 < found.upper[0] < 100.0
    assert 0.0 < found.lower[1] < 100.0


def test_noise_of_arithmetic_beyond_the_scale_is_taken_as_its_end() -> None:
    assert _one(wilson(_of(20), percent=_of(100.00000000001))) == _one(
        wilson(_of(20), percent=_of(100))
    )


@pytest.mark.parametrize(
    ("percent", "number"),
    [(np.nan, 20), (30, np.nan), (30, 0), (30, -5), (30, np.inf), (100.1, 20), (-0.1, 20)],
)
def test_an_absent_or_impossible_share_or_denominator_has_no_limits(
    percent: float, number: float
) -> None:
    assert _nothing_known(wilson(_of(number), percent=_of(percent)))


def test_the_scale_of_a_share_is_said_and_never_guessed() -> None:
    with pytest.raises(ValueError, match="one of the two"):
        wilson(_of(20))
    with pytest.raises(ValueError, match="one of the two"):
        wilson(_of(20), fraction=_of(0.5), percent=_of(50))


_SHARES = st.floats(0, 1, allow_subnormal=False)
_NUMBERS = st.integers(1, 100_000)
_LEVELS = st.sampled_from([0.5, 0.9, 0.95, 0.998])


@given(_SHARES, _NUMBERS, _LEVELS)
def test_wilsons_limits_are_the_proportions_that_lie_one_score_from_the_share(
    share: float, number: int, level: float
) -> None:
    lower, upper = _one(wilson(_of(number), fraction=_of(share), level=level))

    assert 0 <= lower <= share <= upper <= 1
    for limit in (lower, upper):
        distance = score_of(level) * math.sqrt(limit * (1 - limit) / number)
        assert abs(share - limit) == pytest.approx(distance, rel=1e-6, abs=1e-7)


@given(_SHARES, _NUMBERS)
def test_a_percentage_has_a_hundred_times_the_limits_of_its_fraction(
    share: float, number: int
) -> None:
    fraction = _one(wilson(_of(number), fraction=_of(share)))
    percent = _one(wilson(_of(number), percent=_of(100 * share)))

    assert percent == pytest.approx((100 * fraction[0], 100 * fraction[1]), abs=1e-9)


@given(st.integers(0, 100), _NUMBERS)
def test_limits_of_a_rounded_percentage_contain_those_of_all_that_round_so(
    percent: int, number: int
) -> None:
    lower, upper = _one(wilson(_of(number), percent=_of(percent), rounding=1))
    possible = np.clip(np.linspace(percent - 0.5, percent + 0.5, 9), 0, 100)
    each = wilson(np.full(9, number, np.float64), percent=possible)

    assert lower == pytest.approx(each.lower.min(), abs=1e-9)
    assert upper == pytest.approx(each.upper.max(), abs=1e-9)


def _exact_poisson(count: int) -> tuple[float, float]:
    """Means whose tails of 2.5 percent begin at the count (Garwood 1936), by halving."""

    def at_most(most: int, mean: float) -> float:
        return sum(
            math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(most + 1)
        )

    def border(below: Callable[[float], bool]) -> float:
        low, high = 1e-9, 5.0 * count + 10
        for _ in range(100):
            middle = (low + high) / 2
            low, high = (middle, high) if below(middle) else (low, middle)
        return low

    lower = border(lambda mean: 1 - at_most(count - 1, mean) < 0.025) if count else 0.0
    return lower, border(lambda mean: at_most(count, mean) > 0.025)


@pytest.mark.parametrize("count", [10, 11, 20, 50, 65, 100])
def test_byar_is_within_a_fifth_of_a_percent_of_the_exact_limits_from_ten_on(count: int) -> None:
    assert _one(byar(_of(count))) == pytest.approx(_exact_poisson(count), rel=0.002)


@pytest.mark.parametrize(
    ("count", "by_hand", "exact"),
    [
        # upper of 0: (1 - 1/9 + 1.96/3)^3; of 1: 2 (1 - 1/18 + 1.96/(3 sqrt 2))^3
        (0, (0.0, 3.668), (0.0, 3.689)),
        (1, (0.0131, 5.564), (0.0253, 5.572)),
        (2, (0.2246, 7.221), (0.2422, 7.225)),
    ],
)
def test_of_no_one_and_two_events_byar_is_wider_below_and_a_trifle_narrower_above(
    count: int, by_hand: tuple[float, float], exact: tuple[float, float]
) -> None:
    assert _one(byar(_of(count))) == pytest.approx(by_hand, abs=5e-4)
    assert _exact_poisson(count) == pytest.approx(exact, abs=5e-4)


def test_byar_of_a_hundred_is_worked_out_by_hand() -> None:
    # 100 (1 - 1/900 - 2/30)^3 and 101 (1 - 1/909 + 2/(3 sqrt 101))^3
    lower, upper = 100 * (839 / 900) ** 3, 101 * (908 / 909 + 2 / (3 * math.sqrt(101))) ** 3
    found = byar(_of(100), level=_TWO)

    assert _one(found) == pytest.approx((lower, upper))
    assert found.bases.tolist() == [Basis.POISSON]


@given(st.floats(0, 1e9) | st.sampled_from([0.0, 1e-300, 0.1, 0.63]), _LEVELS)
def test_byar_contains_the_count_and_never_goes_below_zero(count: float, level: float) -> None:
    lower, upper = _one(byar(_of(count), level=level))

    assert 0 <= lower <= count < upper


@given(st.integers(0, 100), st.sampled_from([3, 5, 10]))
def test_limits_of_a_rounded_count_are_the_outermost_of_all_counts_that_round_so(
    times: int, base: int
) -> None:
    lower, upper = _one(byar(_of(times * base), rounding=base))
    each = byar(np.maximum(np.linspace(-base / 2, base / 2, 11) + times * base, 0.0))

    assert lower == pytest.approx(each.lower.min())
    assert upper == pytest.approx(each.upper.max())


@pytest.mark.parametrize("count", [np.nan, -1.0, np.inf])
def test_an_absent_or_impossible_count_has_no_limits_not_even_by_rounding(count: float) -> None:
    assert _nothing_known(byar(_of(count), rounding=5))
    assert _nothing_known(byar_rate(_of(count), _of(100), rounding=5))


def test_a_rate_has_the_limits_of_its_count_per_denominator() -> None:
    lower, upper = _one(byar(_of(20)))

    assert _one(byar_rate(_of(20), _of(5000), per=1000)) == pytest.approx((lower / 5, upper / 5))


def test_a_rounded_denominator_widens_a_rate_to_both_sides() -> None:
    events = _one(byar(_of(20), rounding=5))
    found = byar_rate(_of(20), _of(100), rounding=5, denominator_rounding=5)

    assert _one(found) == pytest.approx((events[0] / 102.5, events[1] / 97.5))


@pytest.mark.parametrize(("number", "base"), [(0, 0), (-10, 0), (np.nan, 0), (2, 5)])
def test_a_rate_over_nobody_has_no_limits(number: float, base: float) -> None:
    assert _nothing_known(byar_rate(_of(3), _of(number), denominator_rounding=base))


def test_rounding_alone_gives_half_its_base_to_either_side_within_the_scale() -> None:
    found = rounded(_of(0, 40, 99.9, np.nan), base=5, least=0, most=100)

    np.testing.assert_array_equal(found.lower, _of(0, 37.5, 97.4, np.nan))
    np.testing.assert_array_equal(found.upper, _of(2.5, 42.5, 100, np.nan))
    assert found.bases.tolist() == [*[Basis.ROUNDING] * 3, Basis.NONE]


def test_half_a_pair_of_margins_is_no_interval() -> None:
    found = stated(_of(1, 1, np.nan), _of(2, np.nan, 2), Basis.PUBLISHER)

    np.testing.assert_array_equal(found.lower, _of(1, np.nan, np.nan))
    np.testing.assert_array_equal(found.upper, _of(2, np.nan, np.nan))
    assert found.bases.tolist() == [Basis.PUBLISHER, Basis.NONE, Basis.NONE]


_MAKERS: list[Callable[[Floats], Intervals]] = [
    lambda values: wilson(values + 10, percent=values),
    lambda values: byar(values, rounding=5),
    lambda values: byar_rate(values, values + 10),
    lambda values: rounded(values, base=5, least=0),
]


@pytest.mark.parametrize("shape", [(0,), (3,), (4, 0), (2, 3)])
def test_every_shape_is_kept_also_an_empty_one(shape: tuple[int, ...]) -> None:
    for make in _MAKERS:
        found = make(np.full(shape, 40.0))
        assert found.lower.shape == found.upper.shape == found.bases.shape == shape


@given(st.lists(st.floats(0, 100) | st.just(np.nan), max_size=8))
def test_limits_are_absent_exactly_where_the_figure_is_and_the_basis_says_so(
    listed: list[float],
) -> None:
    values = _of(*listed)
    for make in _MAKERS:
        found = make(values)
        np.testing.assert_array_equal(np.isnan(found.lower), np.isnan(values))
        np.testing.assert_array_equal(np.isnan(found.upper), np.isnan(values))
        np.testing.assert_array_equal(found.bases == Basis.NONE, np.isnan(values))
