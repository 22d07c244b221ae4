"""At least as bad: on every indicator or on enough of them, and what cannot be said stays so."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.core.dominance import (
    Dominance,
    TooMuchUnknown,
    Verdict,
    at_least_as_bad,
    margins,
    oriented,
)
from db.core.figures import Floats
from db.core.indicator import Direction
from db.core.standard import standardise

NAN = np.nan
NO, CANNOT_BE_SAID, YES = Verdict.NO, Verdict.CANNOT_BE_SAID, Verdict.YES
KNOWN = st.sampled_from([-1.0, 0.0, 1.0, 2.0])
CELLS = KNOWN | st.just(NAN)


def table(*rows: list[float]) -> Floats:
    return np.array(rows, np.float64)


def profiles(size: int, cells: st.SearchStrategy[float] = CELLS) -> st.SearchStrategy[Floats]:
    return st.lists(cells, min_size=size, max_size=size).map(lambda each: np.array(each))


SIZES = st.integers(1, 4)


def judged(values: Floats, profile: Floats | int, **choices: object) -> Dominance:
    found = at_least_as_bad(values, profile, **{"max_unknown": 1.0} | choices)  # type: ignore[arg-type]
    assert isinstance(found, Dominance)
    return found


def verdict(area: Floats, profile: Floats, **choices: object) -> Verdict:
    return Verdict(int(judged(area[None, :], profile, **choices).verdicts[0]))


EXAMPLE = table(
    [10.0, 20.0, 30.0],
    [10.0, 20.0, 30.0],
    [99.0, 99.0, 29.9],
    [11.0, NAN, 30.0],
    [NAN, 19.0, NAN],
    [12.0, 21.0, 31.0],
    [NAN, NAN, NAN],
)


def test_an_area_is_as_bad_if_on_every_indicator_it_is_as_bad_or_worse() -> None:
    found = judged(EXAMPLE, 0)

    assert found.rows.tolist() == [1, 2, 3, 4, 5, 6]
    assert found.verdicts.tolist() == [YES, NO, CANNOT_BE_SAID, NO, YES, CANNOT_BE_SAID]
    assert found.having(YES).tolist() == [1, 5]
    assert found.having(CANNOT_BE_SAID).tolist() == [3, 6]


def test_who_cannot_be_judged_says_on_how_many_indicators() -> None:
    found = judged(EXAMPLE, 0)

    assert found.unknown.tolist() == [0, 0, 1, 2, 0, 3]
    assert found.count_min.tolist() == [3, 2, 2, 0, 3, 0]
    assert found.count_max.tolist() == [3, 2, 3, 2, 3, 3]


def test_what_speaks_against_an_area_is_named() -> None:
    found = judged(EXAMPLE, 0)

    assert [found.against(row) for row in (1, 2, 3, 4)] == [(), (2,), (), (1,)]


def test_nothing_is_said_of_a_row_that_was_no_candidate() -> None:
    with pytest.raises(ValueError, match="row 0 is no candidate"):
        judged(EXAMPLE, 0).against(0)


def test_exactly_as_bad_is_at_least_as_bad() -> None:
    assert verdict(np.array([1.5, -0.0]), np.array([1.5, 0.0])) is YES


def test_much_worse_elsewhere_does_not_make_up_for_a_little_better() -> None:
    values = table([0.0, 0.0], [1000.0, -0.001])

    assert judged(values, 0).verdicts.tolist() == [NO]
    assert margins(values, 0, np.ones(2)).mean[1] > 499


def test_only_candidates_are_judged_and_a_row_is_never_its_own() -> None:
    candidates = np.array([True, True, False, True, False, False, True])
    found = judged(EXAMPLE, 0, candidates=candidates)

    assert found.rows.tolist() == [1, 3, 6]
    assert candidates.tolist() == [True, True, False, True, False, False, True]


def test_a_profile_need_not_be_a_row() -> None:
    found = judged(EXAMPLE, np.array([11.0, 20.0, 30.0]))

    assert (found.rows.tolist(), found.having(YES).tolist()) == ([0, 1, 2, 3, 4, 5, 6], [5])


@pytest.mark.parametrize("values", [np.empty((0, 2)), table([1.0, 1.0])])
def test_without_candidates_there_are_no_verdicts(values: Floats) -> None:
    found = judged(values, np.array([1.0, 1.0]), candidates=np.zeros(len(values), np.bool_))

    assert (len(found.verdicts), len(found.unknown), len(found.having(NO))) == (0, 0, 0)


# Enough indicators


@pytest.mark.parametrize(
    ("area", "verdicts"),
    [
        # One verdict for each number required, from 1 to 4.
        ([1.0, 1.0, 1.0, 1.0], [YES, YES, YES, YES]),
        ([1.0, 1.0, 1.0, -1.0], [YES, YES, YES, NO]),
        ([1.0, 1.0, NAN, -1.0], [YES, YES, CANNOT_BE_SAID, NO]),
        ([1.0, NAN, NAN, NAN], [YES, CANNOT_BE_SAID, CANNOT_BE_SAID, CANNOT_BE_SAID]),
        ([NAN, NAN, -1.0, -1.0], [CANNOT_BE_SAID, CANNOT_BE_SAID, NO, NO]),
        ([-1.0, -1.0, -1.0, -1.0], [NO, NO, NO, NO]),
    ],
)
def test_on_at_least_so_many_is_bounded_by_what_is_unknown(
    area: list[float], verdicts: list[Verdict]
) -> None:
    found = [verdict(np.array(area), np.zeros(4), required=m) for m in (1, 2, 3, 4)]

    assert found == verdicts


@pytest.mark.parametrize("required", [0, 4, -1])
def test_more_or_fewer_than_there_are_cannot_be_required(required: int) -> None:
    with pytest.raises(ValueError, match=f"{required} required of 3 indicators"):
        at_least_as_bad(EXAMPLE, 0, required=required)


# Tolerance


def test_without_tolerance_the_smallest_difference_decides() -> None:
    assert verdict(np.array([np.nextafter(12.3, 0)]), np.array([12.3])) is NO


@pytest.mark.parametrize(
    ("area", "profile", "tolerance", "expected"),
    [
        (12.2, 12.3, 0.1, YES),
        (0.2, 0.3, 0.1, YES),
        (1_000_000.2, 1_000_000.3, 0.1, YES),
        (12.1999, 12.3, 0.1, NO),
        (-12.4, -12.3, 0.1, YES),
        (10.0, 15.0, 5.0, YES),
    ],
)
def test_a_difference_of_exactly_the_tolerance_is_tolerated(
    area: float, profile: float, tolerance: float, expected: Verdict
) -> None:
    found = verdict(np.array([area]), np.array([profile]), tolerance=tolerance)

    assert found is expected


def test_each_indicator_can_have_its_own_tolerance() -> None:
    area, profile = np.array([9.0, 9.0]), np.array([10.0, 10.0])

    assert verdict(area, profile, tolerance=np.array([1.0, 1.0])) is YES
    assert verdict(area, profile, tolerance=np.array([1.0, 0.0])) is NO


@pytest.mark.parametrize("tolerance", [-0.1, NAN, np.inf])
def test_a_tolerance_is_a_number_of_nought_or_more(tolerance: float) -> None:
    with pytest.raises(ValueError, match="a tolerance is a number of 0 or more"):
        at_least_as_bad(EXAMPLE, 0, tolerance=tolerance)


# An incomplete reference


def test_a_reference_of_which_too_much_is_unknown_is_refused_by_name() -> None:
    found = at_least_as_bad(EXAMPLE, 4)

    assert found == TooMuchUnknown(unknown=(0, 2), tested=3)


@pytest.mark.parametrize(("share", "refused"), [(0.28, True), (0.29, False), (1.0, False)])
def test_exactly_the_share_may_be_unknown(share: float, refused: bool) -> None:
    profile = np.zeros(100)
    profile[:29] = NAN
    found = at_least_as_bad(np.zeros((1, 100)), profile, max_unknown=share)

    assert isinstance(found, TooMuchUnknown) is refused


def test_what_is_unknown_for_the_reference_is_unknown_for_every_candidate() -> None:
    found = judged(table([1.0, 1.0], [-1.0, 1.0]), np.array([0.0, NAN]))

    assert found.verdicts.tolist() == [CANNOT_BE_SAID, NO]
    assert (found.unknown.tolist(), found.unknown_for_reference) == ([1, 1], (1,))


def test_a_test_of_nothing_makes_nobody_as_bad() -> None:
    assert at_least_as_bad(np.empty((3, 0)), 0, max_unknown=1.0) == TooMuchUnknown((), 0)


# Directions


def test_after_orientation_higher_is_worse_and_unknown_stays_unknown() -> None:
    found = oriented(
        table([1.0, 2.0], [NAN, NAN]), [Direction.LOWER_IS_BETTER, Direction.HIGHER_IS_BETTER]
    )

    np.testing.assert_array_equal(found, table([1.0, -2.0], [NAN, NAN]))


def test_a_neutral_indicator_has_no_worse() -> None:
    with pytest.raises(ValueError, match=r"worse in columns \[1\]"):
        oriented(np.zeros((1, 2)), [Direction.LOWER_IS_BETTER, Direction.NEUTRAL])


def test_every_column_needs_a_direction() -> None:
    with pytest.raises(ValueError, match="1 directions for 2 columns"):
        oriented(np.zeros((1, 2)), [Direction.LOWER_IS_BETTER])


# Margins


def test_a_margin_is_the_mean_difference_in_standard_deviations() -> None:
    found = margins(table([0.0, 0.0], [2.0, -30.0], [4.0, NAN], [NAN, NAN]), 0, np.array([2, 10.0]))

    # (1 - 3) / 2, and 2 on the only indicator that is known.
    np.testing.assert_array_equal(found.mean, [0.0, -1.0, 2.0, NAN])
    assert found.compared.tolist() == [2, 2, 1, 0]


def test_an_indicator_without_spread_has_no_part_in_a_margin() -> None:
    values = table([0.0, 1.0, NAN], [2.0, 1.0, NAN])
    found = margins(values, 0, standardise(values).scales)

    assert (found.mean.tolist(), found.compared.tolist()) == ([0.0, 2.0], [1, 1])


@given(SIZES.flatmap(lambda n: st.tuples(profiles(n), profiles(n))))
def test_who_is_as_bad_on_every_indicator_has_no_margin_below_zero(
    case: tuple[Floats, Floats],
) -> None:
    area, profile = case
    if verdict(area, profile) is YES:
        assert margins(area[None, :], profile, np.ones(len(profile))).mean[0] >= 0


# Of every area and reference


def outcomes(cells: Floats, low: float, high: float) -> list[Floats]:
    """The cells with every unknown as low or as high as can be, in all combinations."""
    choices = [[low, high] if np.isnan(cell) else [cell] for cell in cells]
    return [np.array(each) for each in product(*choices)]


@given(
    st.integers(1, 3).flatmap(lambda n: st.tuples(profiles(n), profiles(n), st.integers(1, n))),
    st.sampled_from([0.0, 0.5, 1.0]),
)
def test_a_verdict_is_what_all_ways_to_fill_in_the_unknown_agree_on(
    case: tuple[Floats, Floats, int], tolerance: float
) -> None:
    area, profile, required = case
    filled = {
        sum(mine >= theirs - tolerance for mine, theirs in zip(some, other, strict=True))
        >= required
        for some in outcomes(area, -99.0, 99.0)
        for other in outcomes(profile, -9.0, 9.0)
    }
    expected = CANNOT_BE_SAID if len(filled) == 2 else YES if True in filled else NO

    assert verdict(area, profile, required=required, tolerance=tolerance) is expected


@given(SIZES.flatmap(lambda n: profiles(n, KNOWN)))
def test_an_area_is_at_least_as_bad_as_itself(area: Floats) -> None:
    assert verdict(area, area) is YES


@given(SIZES.flatmap(profiles))
def test_of_an_area_with_unknowns_not_even_that_can_be_said(area: Floats) -> None:
    assert verdict(area, area) is (CANNOT_BE_SAID if np.isnan(area).any() else YES)


@given(SIZES.flatmap(lambda n: st.tuples(profiles(n), profiles(n), profiles(n))))
def test_as_bad_as_one_that_is_as_bad_as_a_third_is_as_bad_as_the_third(
    case: tuple[Floats, Floats, Floats],
) -> None:
    first, second, third = case
    if verdict(first, second) is YES and verdict(second, third) is YES:
        assert verdict(first, third) is YES


@given(
    SIZES.flatmap(lambda n: st.tuples(profiles(n), profiles(n), profiles(n, st.just(0.0) | KNOWN))),
    st.sampled_from([0.0, 1.0]),
)
def test_becoming_worse_never_lowers_a_verdict(
    case: tuple[Floats, Floats, Floats], tolerance: float
) -> None:
    area, profile, change = case
    worse = area + np.abs(change)
    for required in range(1, len(area) + 1):
        choices = {"required": required, "tolerance": tolerance}
        assert verdict(worse, profile, **choices) >= verdict(area, profile, **choices)


@given(SIZES.flatmap(lambda n: st.tuples(profiles(n), profiles(n))))
def test_requiring_more_never_raises_a_verdict(case: tuple[Floats, Floats]) -> None:
    area, profile = case
    found = [verdict(area, profile, required=m) for m in range(1, len(area) + 1)]

    assert found == sorted(found, reverse=True)


@given(
    SIZES.flatmap(lambda n: st.tuples(st.lists(profiles(n), min_size=1, max_size=6), profiles(n)))
)
def test_areas_are_judged_each_for_itself(case: tuple[list[Floats], Floats]) -> None:
    areas, profile = case
    together = judged(np.array(areas), profile)

    assert together.verdicts.tolist() == [verdict(each, profile) for each in areas]
    assert (together.count_max - together.count_min).tolist() == together.unknown.tolist()
    assert not (together.as_bad & together.better).any()


@given(SIZES.flatmap(lambda n: st.tuples(profiles(n, KNOWN), profiles(n, KNOWN))))
def test_turning_both_round_turns_the_judgement_round(case: tuple[Floats, Floats]) -> None:
    area, profile = case
    directions = [Direction.HIGHER_IS_BETTER] * len(area)

    turned = verdict(oriented(area, directions), oriented(profile, directions))
    assert turned is verdict(profile, area)
