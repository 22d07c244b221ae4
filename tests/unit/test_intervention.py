"""A change beside the change of areas alike, in plain numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.core.intervention import FEWEST_FOR_RANGE, difference

BEFORE, AFTER = (0, 1), (3, 4)


def row(*values: float) -> np.ndarray:
    return np.array(values, np.float64)


def test_a_worked_example() -> None:
    """From 11 to 15 here, from 20 to 21 and from 31 to 34 elsewhere: 4 against 2."""
    own = row(10, 12, 99, 14, 16)
    others = np.array([[19, 21, 0, 20, 22], [30, 32, 0, 33, 35]], np.float64)

    found = difference(own, others, BEFORE, AFTER, relative=False)

    assert found is not None
    assert (found.before, found.after, found.change) == (11, 15, 4)
    assert (found.matched, found.matched_change, found.difference) == (2, 2, 2)
    assert (found.lower, found.upper, found.coverage) == (None, None, None)


def test_counts_change_as_shares_of_the_level_before() -> None:
    own, others = row(100, 100, 0, 120, 120), np.array([[1000, 1000, 0, 1100, 1100]], np.float64)

    found = difference(own, others, BEFORE, AFTER, relative=True)

    assert found is not None
    assert found.change == pytest.approx(0.2)
    assert found.difference == pytest.approx(0.1)


def test_an_area_that_lacks_a_year_takes_no_part_and_is_not_zero() -> None:
    own = row(1, 1, 0, 2, 2)
    others = np.array([[1, 1, 0, 2, 2], [1, np.nan, 0, 9, 9]], np.float64)

    found = difference(own, others, BEFORE, AFTER, relative=False)

    assert found is not None
    assert (found.matched, found.matched_change, found.difference) == (1, 1, 0)
    assert difference(own, others[1:], BEFORE, AFTER, relative=False) is None
    assert difference(others[1], others[:1], BEFORE, AFTER, relative=False) is None


def test_the_range_is_of_the_smallest_and_largest_change_from_nine_areas_on() -> None:
    own = row(0, 0, 0, 5, 5)
    others = np.array([[0, 0, 0, n, n] for n in range(FEWEST_FOR_RANGE)], np.float64)

    found = difference(own, others, BEFORE, AFTER, relative=False)
    fewer = difference(own, others[1:], BEFORE, AFTER, relative=False)

    assert found is not None and fewer is not None  # noqa: PT018
    assert (found.lower, found.upper) == (5 - 8, 5 - 0)
    assert found.coverage == pytest.approx(0.8)
    assert fewer.lower is None


@given(
    st.lists(st.integers(-100, 100), min_size=5, max_size=5),
    st.lists(st.lists(st.integers(-100, 100), min_size=5, max_size=5), min_size=1, max_size=12),
    st.integers(-50, 50),
)
def test_what_happens_everywhere_makes_no_difference(
    own: list[int], others: list[list[int]], shock: int
) -> None:
    values, rest = row(*own), np.array(others, np.float64)
    found = difference(values, rest, BEFORE, AFTER, relative=False)
    moved = np.array([0, 0, shock, shock, shock], np.float64)
    same = difference(values + moved, rest + moved, BEFORE, AFTER, relative=False)
    assert found is not None and same is not None  # noqa: PT018
    assert same.difference == pytest.approx(found.difference)
    assert same.change == pytest.approx(found.change + shock)


@given(st.permutations(list(range(9))))
def test_the_order_of_the_areas_alike_does_not_matter(order: list[int]) -> None:
    others = np.array([[n, n, 0, 2 * n, n] for n in range(9)], np.float64)
    own = row(1, 2, 3, 4, 5)
    assert difference(own, others[order], BEFORE, AFTER, relative=False) == difference(
        own, others, BEFORE, AFTER, relative=False
    )
