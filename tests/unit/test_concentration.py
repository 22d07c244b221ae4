"""Curves of a problem over a population in order, and the measures that are read off them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.core.burden import Burden, Verdict, burden_of_counts, burden_of_shares, grouped
from db.core.concentration import (
    concentration,
    concentration_curves,
    concentration_index,
    gini,
    lorenz,
    quantile_shares,
)
from db.core.distribution import Against, dissimilarity
from db.core.figures import Floats

NAN = np.nan

Cells = list[tuple[int, int, int]]
_CELLS: st.SearchStrategy[Cells] = st.lists(
    st.tuples(st.integers(0, 30), st.integers(1, 20), st.integers(0, 4)), min_size=2, max_size=10
).filter(lambda cells: any(problem for problem, _, _ in cells))
"""(problem, population, ranking figure) of the areas of one group, with at least one problem."""


def _floats(*values: float) -> Floats:
    return np.array(values, np.float64)


def _columns(cells: Cells) -> tuple[Floats, Floats, Floats]:
    problem, population, ranking = (_floats(*column) for column in zip(*cells, strict=True))
    return problem, population, ranking


def _burden(cells: Cells) -> Burden:
    problem, population, _ = _columns(cells)
    return burden_of_counts(problem, population)


def _gini(problem: Floats, population: Floats) -> float:
    return float(gini(burden_of_counts(problem, population)).values[0])


def _index(problem: Floats, population: Floats, ranking: Floats) -> float:
    burden = burden_of_counts(problem, population)
    return float(concentration_index(burden, ranking, ranked_by="income").values[0])


def _fractional_ranks(population: Floats, ranking: Floats) -> Floats:
    """The part of the population that ranks lower, and half of that which ranks the same."""
    lower = [population[ranking < each].sum() for each in ranking]
    same = [population[ranking == each].sum() for each in ranking]
    ranks: Floats = (np.array(lower) + np.array(same) / 2) / population.sum()
    return ranks


def _by_covariance(problem: Floats, population: Floats, ranking: Floats) -> float:
    y, p = problem / population, population / population.sum()
    mean = (p * y).sum()
    return float(2 / mean * (p * (y - mean) * (_fractional_ranks(population, ranking) - 0.5)).sum())


# Under-five deaths in India 1982-92 by wealth group, births and deaths per 1,000: the worked
# example of O'Donnell, van Doorslaer, Wagstaff and Lindelow, Analyzing Health Equity Using
# Household Survey Data (World Bank 2008), table 8.1.
_BIRTHS = _floats(29939, 28776, 26528, 24689, 19739)
_RATES = _floats(154.7, 152.9, 119.5, 86.9, 54.3)


def test_the_published_index_of_child_deaths_by_wealth_is_found_again() -> None:
    burden = burden_of_shares(_RATES, _BIRTHS, whole=1000)
    found = concentration_index(burden, np.arange(5.0), ranked_by="wealth")

    assert round(float(found.values[0]), 4) == -0.1694
    assert found.ranked_by == "wealth"


def test_the_published_curve_of_child_deaths_lies_above_the_diagonal() -> None:
    burden = burden_of_shares(_RATES, _BIRTHS, whole=1000)
    births, deaths = concentration_curves(burden, np.arange(5.0), ranked_by="wealth").of(0)

    np.testing.assert_allclose(births, [0, 0.2309, 0.4528, 0.6574, 0.8478, 1], atol=5e-5)
    np.testing.assert_allclose(deaths, [0, 0.3004, 0.5857, 0.7913, 0.9305, 1], atol=5e-5)


def test_a_gini_worked_out_by_hand() -> None:
    # Ten pairs of incomes 20 to 60 differ by 200 in all: 2 * 200 / (2 * 25 * 40).
    assert _gini(_floats(60, 20, 40, 30, 50), np.ones(5)) == pytest.approx(0.2)


def test_another_spread_of_the_same_total_can_have_the_same_gini() -> None:
    assert _gini(_floats(9, 40, 48, 48, 55), np.ones(5)) == pytest.approx(0.2)


def test_all_of_the_problem_in_one_area_is_a_gini_of_one_less_its_population() -> None:
    assert _gini(_floats(0, 7, 0), _floats(30, 20, 50)) == pytest.approx(0.8)


@given(st.lists(st.integers(1, 1000), min_size=2, max_size=12), st.floats(0.01, 1))
def test_the_same_share_everywhere_is_a_gini_of_zero_and_never_less(
    people: list[int], share: float
) -> None:
    population = _floats(*people)
    burden = burden_of_shares(np.full(len(people), share), population)

    assert 0.0 <= gini(burden).values[0] < 1e-12


def test_a_lorenz_curve_runs_from_the_lowest_to_the_highest_share() -> None:
    burden = burden_of_counts(_floats(6, 3, 1), _floats(20, 30, 50))
    population, problem = lorenz(burden).of(0)

    np.testing.assert_allclose(population, [0, 0.5, 0.8, 1])
    np.testing.assert_allclose(problem, [0, 0.1, 0.4, 1])


def test_areas_with_the_same_share_are_one_step_of_the_curve() -> None:
    population, problem = lorenz(burden_of_counts(_floats(2, 1, 6), _floats(20, 10, 10))).of(0)

    np.testing.assert_allclose(population, [0, 0.75, 1])
    np.testing.assert_allclose(problem, [0, 1 / 3, 1])


def test_areas_that_tie_on_the_ranking_figure_share_their_mean_rank() -> None:
    # Both tied areas stand at rank 1/3, so that only the third one, at 5/6, tells the index.
    problem, population = _floats(9, 1, 5), _floats(10, 10, 10)

    assert _index(problem, population, _floats(1, 1, 2)) == pytest.approx(
        2 * (10 / 15 * 1 / 3 + 5 / 15 * 5 / 6) - 1
    )


def test_a_problem_among_the_lowest_has_a_negative_index_and_the_opposite_rank_its_opposite() -> (
    None
):
    problem, population, income = _floats(8, 3, 1), _floats(20, 30, 50), _floats(15, 20, 40)

    assert _index(problem, population, income) < 0
    assert _index(problem, population, -income) == pytest.approx(
        -_index(problem, population, income)
    )


def test_an_area_where_the_ranking_figure_is_unknown_is_left_out_and_counted() -> None:
    burden = burden_of_counts(_floats(8, 3, 1, 4), _floats(40, 30, 25, 5))
    found = concentration_index(burden, _floats(1, 2, 3, NAN), ranked_by="income")

    assert (found.basis.areas[0], found.basis.unknown[0]) == (3, 1)
    assert found.basis.coverage[0] == pytest.approx(0.95)
    expected = _index(_floats(8, 3, 1), _floats(40, 30, 25), _floats(1, 2, 3))
    assert found.values[0] == pytest.approx(expected)


def test_an_unknown_ranking_figure_can_make_coverage_too_low() -> None:
    burden = burden_of_counts(_floats(8, 3), _floats(40, 60))
    found = concentration_index(burden, _floats(1, NAN), ranked_by="income")

    assert found.basis.verdicts.tolist() == [Verdict.LOW_COVERAGE]
    assert np.isnan(found.values[0])


def test_a_lorenz_curve_names_no_ranking_figure() -> None:
    burden = burden_of_counts(_floats(8, 3), _floats(40, 60))

    assert gini(burden).ranked_by is None
    assert quantile_shares(lorenz(burden)).ranked_by is None


def test_an_area_across_a_limit_is_split_by_population() -> None:
    # The lowest half is the area of 20 and 30 of the 80 people in the next one, who have 3/8 of 8.
    burden = burden_of_counts(_floats(8, 1), _floats(80, 20))
    found = quantile_shares(lorenz(burden), 2)

    np.testing.assert_allclose(found.values, [[4 / 9, 5 / 9]])


def test_quintiles_of_equal_areas_are_the_areas_in_order() -> None:
    found = quantile_shares(lorenz(burden_of_counts(_floats(5, 1, 3, 2, 9), np.full(5, 10.0))))

    np.testing.assert_allclose(found.values, [[0.05, 0.1, 0.15, 0.25, 0.45]])


def test_quantile_shares_by_another_figure_stand_in_its_order() -> None:
    burden = burden_of_counts(_floats(5, 1, 3), np.full(3, 10.0))
    curves = concentration_curves(burden, _floats(2, 3, 1), ranked_by="income")

    np.testing.assert_allclose(quantile_shares(curves, 3).values, [[3 / 9, 5 / 9, 1 / 9]])


def test_one_part_has_all_of_the_problem() -> None:
    assert quantile_shares(lorenz(burden_of_counts(_floats(5, 1), _floats(9, 8))), 1).values == 1.0


def test_a_group_that_cannot_be_told_has_no_curve_and_no_value() -> None:
    labels = grouped(np.array([1, 1, 2, 3, 3]))
    curves = lorenz(burden_of_counts(_floats(1, 3, 2, 3, 1), np.full(5, 4.0), labels))

    assert [len(curves.of(group)[0]) for group in range(3)] == [3, 0, 3]
    np.testing.assert_allclose(concentration(curves).values, [0.25, NAN, 0.25])
    np.testing.assert_allclose(
        quantile_shares(curves, 2).values, [[0.25, 0.75], [NAN, NAN], [0.25, 0.75]]
    )


def test_groups_that_can_be_told_are_not_confused_among_many_that_cannot() -> None:
    # Of 70,000 groups two have a second area, far apart; the others have one.
    labels = np.concatenate((np.arange(70_000), [4_463, 69_999]))
    problem = np.concatenate((np.ones(70_000), [3.0, 1.0]))
    found = gini(burden_of_counts(problem, np.full(70_002, 4.0), grouped(labels))).values

    assert np.flatnonzero(~np.isnan(found)).tolist() == [4_463, 69_999]
    np.testing.assert_allclose(found[[4_463, 69_999]], [0.25, 0.0])


@pytest.mark.parametrize("problem", [[], [NAN, NAN], [0.0, 0.0], [4.0]])
def test_nothing_to_tell_is_no_curve(problem: list[float]) -> None:
    curves = lorenz(burden_of_counts(_floats(*problem), np.full(len(problem), 4.0)))

    assert [each.tolist() for each in curves.of(0)] == [[], []]
    assert np.isnan(concentration(curves).values).tolist() == [True]
    assert np.isnan(quantile_shares(curves, 3).values).tolist() == [[True] * 3]


def test_no_group_is_no_value() -> None:
    burden = burden_of_counts(_floats(1, 2), _floats(3, 4), grouped(np.array([-1, -1])))

    assert gini(burden).values.tolist() == []
    assert quantile_shares(lorenz(burden), 3).values.shape == (0, 3)


@given(_CELLS)
def test_the_gini_is_the_mean_difference_of_all_pairs(cells: Cells) -> None:
    problem, population, _ = _columns(cells)
    y, p = problem / population, population / population.sum()
    pairs = sum(
        p[i] * p[k] * abs(y[i] - y[k]) for i in range(len(cells)) for k in range(len(cells))
    )

    assert _gini(problem, population) == pytest.approx(pairs / (2 * (p * y).sum()), abs=1e-12)


@given(_CELLS)
def test_the_gini_is_twice_the_area_between_lorenz_curve_and_diagonal(cells: Cells) -> None:
    population, problem = lorenz(_burden(cells)).of(0)
    below = np.sum(np.diff(population) * (problem[1:] + problem[:-1]) / 2)

    assert gini(_burden(cells)).values[0] == pytest.approx(2 * (0.5 - below), abs=1e-12)


@given(_CELLS)
def test_a_lorenz_curve_goes_from_0_0_to_1_1_up_and_bends_up(cells: Cells) -> None:
    population, problem = lorenz(_burden(cells)).of(0)

    assert (population[0], problem[0], population[-1], problem[-1]) == (0, 0, 1, 1)
    assert (np.diff(population) > 0).all()
    slopes = np.diff(problem) / np.diff(population)
    assert (np.diff(slopes) > -1e-9).all()


@given(_CELLS)
def test_the_index_is_twice_the_covariance_of_share_and_fractional_rank(cells: Cells) -> None:
    problem, population, ranking = _columns(cells)

    assert _index(problem, population, ranking) == pytest.approx(
        _by_covariance(problem, population, ranking), abs=1e-12
    )


@given(_CELLS)
def test_ranked_by_the_share_itself_the_index_is_the_gini(cells: Cells) -> None:
    problem, population, _ = _columns(cells)

    assert _index(problem, population, problem / population) == pytest.approx(
        _gini(problem, population), abs=1e-12
    )


@given(_CELLS)
def test_no_ranking_makes_the_index_larger_than_the_gini(cells: Cells) -> None:
    problem, population, ranking = _columns(cells)

    assert abs(_index(problem, population, ranking)) <= _gini(problem, population) + 1e-12


@given(_CELLS)
def test_dissimilarity_against_all_is_the_widest_gap_below_the_diagonal(cells: Cells) -> None:
    burden = _burden(cells)
    population, problem = lorenz(burden).of(0)
    # Duncan and Duncan (1955) read D off the segregation curve in the same way.
    expected = dissimilarity(burden, Against.ALL).values[0]

    assert (population - problem).max() == pytest.approx(expected, abs=1e-12)


@given(_CELLS.flatmap(lambda cells: st.tuples(st.just(cells), st.permutations(cells))))
def test_the_order_in_which_areas_come_does_not_matter(orders: tuple[Cells, Cells]) -> None:
    first, shuffled = orders

    for one, other in zip(_measures(first), _measures(shuffled), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-12)


def _measures(cells: Cells) -> tuple[Floats, Floats]:
    problem, population, ranking = _columns(cells)
    burden = burden_of_counts(problem, population)
    curves = concentration_curves(burden, ranking, ranked_by="income")
    return concentration(curves).values, quantile_shares(curves).values


@given(_CELLS, st.integers(2, 5))
def test_cutting_an_area_into_equal_ones_changes_nothing(cells: Cells, pieces: int) -> None:
    problem, population, ranking = _columns(cells)
    size = np.append(np.ones(len(cells) - 1, int), pieces)
    cut, less = np.repeat(problem / size, size), np.repeat(population / size, size)

    assert _gini(cut, less) == pytest.approx(_gini(problem, population), abs=1e-12)
    assert _index(cut, less, np.repeat(ranking, size)) == pytest.approx(
        _index(problem, population, ranking), abs=1e-12
    )


@given(_CELLS, st.integers(1, 6))
def test_quantile_shares_are_those_of_people_put_in_a_row_one_by_one(
    cells: Cells, parts: int
) -> None:
    problem, population, ranking = _columns(cells)
    found = quantile_shares(
        concentration_curves(burden_of_counts(problem, population), ranking, ranked_by="income"),
        parts,
    )

    # Everybody is cut into as many pieces as there are parts, so that each part is a round number
    # of pieces; who ties shares what they have together.
    pieces: list[float] = []
    for each in np.unique(ranking):
        tied = ranking == each
        mean = problem[tied].sum() / population[tied].sum() / parts
        pieces += [mean] * int(population[tied].sum() * parts)
    expected = np.array(pieces).reshape(parts, -1).sum(axis=1) / problem.sum()
    np.testing.assert_allclose(found.values[0], expected, atol=1e-9)


@given(_CELLS, st.integers(1, 8))
def test_quantile_shares_add_up_to_one_and_ascend_by_the_share_itself(
    cells: Cells, parts: int
) -> None:
    shares = quantile_shares(lorenz(_burden(cells)), parts).values[0]

    assert shares.sum() == pytest.approx(1.0)
    assert (np.diff(shares) > -1e-9).all()


@given(st.lists(_CELLS, min_size=1, max_size=4))
def test_all_groups_at_once_are_what_each_is_alone(groups: list[Cells]) -> None:
    problem, population, ranking = _columns([cell for cells in groups for cell in cells])
    labels = np.repeat(np.arange(len(groups)) * 3, [len(cells) for cells in groups])
    # The areas of a group need not stand together.
    mixed = np.argsort(np.arange(len(labels)) % 3, kind="stable")
    burden = burden_of_counts(problem[mixed], population[mixed], grouped(labels[mixed]))
    curves = concentration_curves(burden, ranking[mixed], ranked_by="income")

    for group, cells in enumerate(groups):
        index, quintiles = _measures(cells)
        assert concentration(curves).values[group] == pytest.approx(index[0], abs=1e-9)
        np.testing.assert_allclose(quantile_shares(curves).values[group], quintiles[0], atol=1e-9)


@given(_CELLS, st.floats(0.001, 1000), st.floats(0.001, 1000))
def test_the_units_of_problem_and_population_do_not_matter(
    cells: Cells, more: float, larger: float
) -> None:
    problem, population, _ = _columns(cells)

    assert _gini(problem * more, population * larger) == pytest.approx(
        _gini(problem, population), abs=1e-9
    )


def test_four_hundred_groups_of_a_country_end_at_one_exactly() -> None:
    labels = np.arange(14_000) % 400
    problem = (np.arange(14_000) % 97).astype(np.float64)
    curves = lorenz(burden_of_counts(problem, np.full(14_000, 7.0), grouped(labels)))

    assert (curves.population[curves.starts[1:] - 1] == 1.0).all()
    assert (curves.problem[curves.starts[:-1]] == 0.0).all()
