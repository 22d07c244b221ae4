"""Ranks: everybody with a value has one, equals share the lowest, NaN never has any."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.core.ranking import Ranking, rank

_FEW = st.sampled_from([-1.5, -0.0, 0.0, 1.0, 2.0, 1e300, np.inf, np.nan])
_VALUES = st.lists(_FEW | st.floats(), max_size=40).map(lambda each: np.array(each, np.float64))


def _listed(ranking: Ranking) -> list[tuple[int, int, bool]]:
    columns = (ranking.rows.tolist(), ranking.ranks.tolist(), ranking.tied.tolist())
    return list(zip(*columns, strict=True))


def test_equal_values_share_the_lowest_rank_and_the_next_ones_are_left_out() -> None:
    ranking = rank(np.array([5.0, 9.0, np.nan, 7.0, 7.0, 2.0]))

    assert _listed(ranking) == [
        (1, 1, False),
        (3, 2, True),
        (4, 2, True),
        (0, 4, False),
        (5, 5, False),
    ]


def test_the_lowest_can_come_first() -> None:
    ranking = rank(np.array([5.0, 5.0, 1.0]), highest_first=False)

    assert _listed(ranking) == [(2, 1, False), (0, 2, True), (1, 2, True)]


@pytest.mark.parametrize("values", [[], [np.nan, np.nan]])
def test_without_a_value_nothing_is_ranked(values: list[float]) -> None:
    assert _listed(rank(np.array(values, np.float64))) == []


@given(_VALUES, st.booleans())
def test_exactly_the_rows_with_a_value_are_ranked_each_once(
    values: np.ndarray, highest_first: bool
) -> None:
    ranking = rank(values, highest_first=highest_first)

    assert sorted(ranking.rows.tolist()) == np.flatnonzero(~np.isnan(values)).tolist()
    assert len(ranking) == len(ranking.ranks) == len(ranking.tied)


@given(_VALUES, st.booleans())
def test_a_rank_is_one_more_than_how_many_do_better(
    values: np.ndarray, highest_first: bool
) -> None:
    known = values[~np.isnan(values)]
    for row, place, tied in _listed(rank(values, highest_first=highest_first)):
        better = known > values[row] if highest_first else known < values[row]
        assert place == 1 + better.sum()
        assert tied == ((known == values[row]).sum() > 1)


@given(_VALUES, st.booleans())
def test_ranks_go_up_and_equals_stay_in_the_order_given(
    values: np.ndarray, highest_first: bool
) -> None:
    listed = [(place, row) for row, place, _ in _listed(rank(values, highest_first=highest_first))]

    assert listed == sorted(listed)


@given(_VALUES)
def test_lowest_first_is_highest_first_of_the_opposite(values: np.ndarray) -> None:
    assert _listed(rank(values, highest_first=False)) == _listed(rank(-values))
