"""A problem over areas: quotients, dissimilarity, what a set bears, and what they rest on."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.core.burden import (
    Burden,
    Verdict,
    burden_of_counts,
    burden_of_shares,
    grouped,
)
from db.core.distribution import (
    Against,
    SetShare,
    dissimilarity,
    location_quotients,
    share_within,
    shares_of,
)
from db.core.figures import Floats

NAN = np.nan

_PEOPLE = st.integers(1, 1000)
_CELLS = st.lists(
    _PEOPLE.flatmap(lambda people: st.tuples(st.integers(0, people), st.just(people))),
    min_size=2,
    max_size=12,
).filter(lambda cells: any(problem for problem, _ in cells))
"""(people with the problem, all people) of the areas of one group, with at least one problem."""
_GAPS = st.lists(
    st.tuples(st.integers(0, 4), _PEOPLE, st.booleans(), st.sampled_from([0.0, 0.25, 1.0, NAN])),
    min_size=2,
    max_size=8,
)
"""(quarters of the people with the problem, all people, whether that is known, part inside)."""


def _floats(*values: float) -> Floats:
    return np.array(values, np.float64)


def _of(cells: list[tuple[int, int]]) -> tuple[Floats, Floats]:
    problem, population = zip(*cells, strict=True)
    return _floats(*problem), _floats(*population)


def _verdicts(burden: Burden) -> list[Verdict]:
    return [Verdict(int(each)) for each in burden.basis.verdicts]


def _d(problem: Floats, population: Floats, against: Against = Against.REST) -> float:
    return float(dissimilarity(burden_of_counts(problem, population), against).values[0])


# Two gemeenten worked out by hand. Gemeente 10: 30 + 10 of 100 + 100 people. Gemeente 7: 6 + 3 + 0
# of 20 + 30 + 50 people.
_PROBLEM = _floats(30, 6, 10, 3, 0)
_POPULATION = _floats(100, 20, 100, 30, 50)
_GEMEENTEN = np.array([10, 7, 10, 7, 7])


def _two() -> Burden:
    return burden_of_counts(_PROBLEM, _POPULATION, grouped(_GEMEENTEN))


def test_a_location_quotient_is_the_share_in_an_area_over_the_share_in_its_group() -> None:
    found = location_quotients(_two()).values

    # Shares 0.30 and 0.10 against 0.20; 0.30, 0.10 and 0 against 0.09.
    np.testing.assert_allclose(found, [1.5, 0.3 / 0.09, 0.5, 0.1 / 0.09, 0.0])


def test_groups_stand_in_the_order_of_their_labels_with_the_number_of_their_areas() -> None:
    basis = _two().basis

    assert basis.labels.tolist() == [7, 10]
    assert basis.areas.tolist() == [3, 2]


def test_dissimilarity_against_the_rest_as_worked_out_by_hand() -> None:
    found = dissimilarity(_two())

    # 7: half of |6/9 - 14/91| + |3/9 - 27/91| + |0 - 50/91|; 10: half of |3/4 - 7/16| twice.
    np.testing.assert_allclose(found.values, [50 / 91, 5 / 16])
    assert found.against is Against.REST


def test_dissimilarity_against_all_as_worked_out_by_hand() -> None:
    found = dissimilarity(_two(), Against.ALL)

    # 7: half of |6/9 - 0.2| + |3/9 - 0.3| + |0 - 0.5|; 10: half of |3/4 - 1/2| twice.
    np.testing.assert_allclose(found.values, [0.5, 0.25])
    assert found.against is Against.ALL


def test_complete_segregation_is_a_dissimilarity_of_one() -> None:
    assert _d(_floats(40, 0, 10), _floats(40, 25, 10)) == 1.0


def test_the_same_share_everywhere_is_a_dissimilarity_of_zero() -> None:
    assert _d(_floats(4, 6, 1), _floats(40, 60, 10)) == pytest.approx(0.0, abs=1e-15)


@given(_CELLS)
def test_dissimilarity_equals_its_definition_term_by_term(cells: list[tuple[int, int]]) -> None:
    problem, population = _of(cells)
    ill, well = problem.sum(), (population - problem).sum()
    if well:
        terms = [abs(a / ill - (b - a) / well) for a, b in cells]
        assert _d(problem, population) == pytest.approx(sum(terms) / 2)
        assert 0.0 <= _d(problem, population) <= 1.0 + 1e-12


@given(_CELLS)
def test_against_all_it_is_that_against_the_rest_times_the_part_of_the_rest(
    cells: list[tuple[int, int]],
) -> None:
    problem, population = _of(cells)
    rest = 1 - problem.sum() / population.sum()
    if rest:
        expected = rest * _d(problem, population)
        assert _d(problem, population, Against.ALL) == pytest.approx(expected, abs=1e-12)


@given(_CELLS)
def test_location_quotients_weighted_by_population_have_a_mean_of_one(
    cells: list[tuple[int, int]],
) -> None:
    problem, population = _of(cells)
    values = location_quotients(burden_of_counts(problem, population)).values

    assert np.average(values, weights=population) == pytest.approx(1.0)


@given(_CELLS, _CELLS)
def test_all_groups_at_once_are_what_each_is_alone(
    here: list[tuple[int, int]], there: list[tuple[int, int]]
) -> None:
    problem, population = _of(here + there)
    labels = np.repeat([5, 3], [len(here), len(there)])
    both = dissimilarity(burden_of_counts(problem, population, grouped(labels)), Against.ALL)

    alone = [_d(*_of(there), Against.ALL), _d(*_of(here), Against.ALL)]
    np.testing.assert_allclose(both.values, alone, atol=1e-12)


@given(_CELLS)
def test_parts_of_a_group_add_up_to_one(cells: list[tuple[int, int]]) -> None:
    shares = shares_of(burden_of_counts(*_of(cells)))

    assert shares.problem.sum() == pytest.approx(1.0)
    assert shares.population.sum() == pytest.approx(1.0)


def test_percentages_with_weights_tell_the_same_as_counts() -> None:
    shares = burden_of_shares(
        _floats(30, 30, 10, 10, 0), _POPULATION, grouped(_GEMEENTEN), whole=100
    )

    np.testing.assert_allclose(dissimilarity(shares).values, dissimilarity(_two()).values)


def test_years_are_told_at_once_by_a_label_for_each_group_and_year() -> None:
    problem = np.array([[30.0, 20.0], [10.0, 20.0], [5.0, 0.0], [5.0, 8.0]])
    group, years = np.array([0, 0, 1, 1]), 2
    labels = group[:, None] * years + np.arange(years)
    burden = burden_of_counts(problem.ravel(), np.full(8, 100.0), grouped(labels.ravel()))

    by_year = dissimilarity(burden, Against.ALL).values.reshape(2, years)
    np.testing.assert_allclose(by_year, [[0.25, 0.0], [0.0, 0.5]])


def test_areas_without_a_figure_are_left_out_and_counted_by_what_they_lack() -> None:
    burden = burden_of_counts(
        _floats(10, NAN, 3, 7, 1, np.inf), _floats(100, 50, NAN, 0, 400, 50), needed=0.5
    )
    basis = burden.basis

    assert (basis.areas[0], basis.unknown[0], basis.unweighted[0], basis.empty[0]) == (2, 2, 1, 1)
    assert (basis.population[0], basis.population_unknown[0]) == (500, 100)
    assert basis.coverage[0] == pytest.approx(5 / 6)
    assert (basis.problem[0], basis.problem_left_out[0]) == (11, 10)


def test_an_area_that_takes_no_part_has_no_location_quotient() -> None:
    burden = burden_of_counts(_floats(10, NAN, 3, 7, 30), _floats(100, 20, NAN, 0, 100), needed=0.5)

    found = location_quotients(burden).values
    np.testing.assert_allclose(found, [0.5, NAN, NAN, NAN, 1.5])


def test_an_area_with_a_negative_label_takes_part_in_nothing() -> None:
    burden = burden_of_counts(_floats(1, 2, 90), _floats(10, 10, 90), grouped(np.array([4, 4, -1])))

    assert burden.basis.labels.tolist() == [4]
    assert burden.basis.problem.tolist() == [3]
    assert np.isnan(location_quotients(burden).values[2])


def test_no_area_with_a_label_is_no_group() -> None:
    burden = burden_of_counts(_floats(1, 2), _floats(10, 10), grouped(np.array([-1, -1])))

    assert len(dissimilarity(burden).values) == 0


@pytest.mark.parametrize(
    ("problem", "population", "verdict"),
    [
        ([], [], Verdict.NO_POPULATION),
        ([5.0, 5.0], [0.0, 0.0], Verdict.NO_POPULATION),
        ([5.0], [10.0], Verdict.FEW_AREAS),
        ([5.0, 5.0], [10.0, 0.0], Verdict.FEW_AREAS),
        ([5.0, NAN], [90.0, 10.0], Verdict.FEW_AREAS),
        ([NAN, NAN], [10.0, 10.0], Verdict.LOW_COVERAGE),
        ([5.0, 5.0], [NAN, NAN], Verdict.LOW_COVERAGE),
        ([5.0, 5.0, NAN], [40.0, 39.0, 21.0], Verdict.LOW_COVERAGE),
        ([5.0, 5.0, NAN], [40.0, 40.0, 20.0], Verdict.TOLD),
        ([5.0, 5.0, 5.0], [10.0, 10.0, NAN], Verdict.LOW_COVERAGE),
        ([0.0, 0.0], [10.0, 10.0], Verdict.NO_PROBLEM),
        ([5.0, -1.0], [10.0, 10.0], Verdict.NEGATIVE),
        ([5.0, 1.0], [10.0, -10.0], Verdict.NEGATIVE),
        ([3.0, 3.0], [3.0, 3.0], Verdict.TOLD),
    ],
)
def test_what_cannot_be_told_says_why(
    problem: list[float], population: list[float], verdict: Verdict
) -> None:
    burden = burden_of_counts(_floats(*problem), _floats(*population))
    found = dissimilarity(burden, Against.ALL)

    assert _verdicts(burden) == [verdict]
    assert np.isnan(found.values[0]) == (verdict is not Verdict.TOLD)


def test_a_group_that_cannot_be_told_leaves_the_others_alone() -> None:
    problem, population = np.append(_PROBLEM, -4.0), np.append(_POPULATION, 10.0)
    found = dissimilarity(burden_of_counts(problem, population, grouped(np.append(_GEMEENTEN, 8))))

    assert found.basis.verdicts.tolist() == [Verdict.TOLD, Verdict.NEGATIVE, Verdict.TOLD]
    np.testing.assert_allclose(found.values, [50 / 91, NAN, 5 / 16])


def test_the_coverage_that_is_needed_is_the_callers_choice() -> None:
    problem, population = _floats(5, 5, NAN), _floats(20, 20, 60)

    assert _verdicts(burden_of_counts(problem, population, needed=0.4)) == [Verdict.TOLD]
    assert _verdicts(burden_of_counts(problem, population)) == [Verdict.LOW_COVERAGE]


def test_against_the_rest_needs_a_rest() -> None:
    found = dissimilarity(burden_of_counts(_floats(3, 3), _floats(3, 3)))

    assert found.basis.verdicts.tolist() == [Verdict.NO_REST]
    assert np.isnan(found.values[0])


def test_a_problem_larger_than_its_population_has_no_rest_but_has_quotients() -> None:
    burden = burden_of_counts(_floats(12, 0), _floats(10, 30))
    found = dissimilarity(burden)

    assert found.basis.verdicts.tolist() == [Verdict.NOT_A_PART]
    assert np.isnan(found.values[0])
    np.testing.assert_allclose(location_quotients(burden).values, [4.0, 0.0])


def test_an_excess_that_rounding_explains_counts_as_no_rest() -> None:
    burden = burden_of_counts(_floats(15, 0), _floats(10, 30), slack=5)

    assert dissimilarity(burden).values.tolist() == [1.0]


def test_every_verdict_has_a_text_in_both_languages() -> None:
    for verdict in Verdict:
        assert verdict.text("nl").endswith(".")
        assert verdict.text("nl") != verdict.text("en")


def test_few_areas_are_called_noisy_and_unequal_ones_weigh_as_fewer() -> None:
    population = np.concatenate((np.full(9, 10.0), [810.0]))
    basis = burden_of_counts(np.ones(10), population).basis

    assert (bool(basis.few()[0]), bool(basis.few(11)[0])) == (False, True)
    # 900 squared over nine times 100 and once 656,100.
    assert basis.effective_areas[0] == pytest.approx(810_000 / 657_000)


def _set_share(burden: Burden, *inside: float) -> SetShare:
    return share_within(burden, _floats(*inside))


def test_what_a_set_bears_against_its_part_of_the_population() -> None:
    found = share_within(_two(), np.array([True, True, False, False, True]))

    np.testing.assert_allclose(found.problem, [6 / 9, 0.75])
    np.testing.assert_allclose(found.population, [0.7, 0.5])
    np.testing.assert_allclose(found.quotients, [6 / 9 / 0.7, 1.5])
    assert found.areas.tolist() == [2, 1]


def test_an_area_partly_in_the_set_counts_for_that_part() -> None:
    found = _set_share(burden_of_counts(_floats(30, 10), _floats(100, 100)), 0.5, 0.0)

    np.testing.assert_allclose([found.problem[0], found.population[0]], [15 / 40, 0.25])
    assert found.areas.tolist() == [1]


def test_without_unknown_figures_the_bounds_are_the_value() -> None:
    found = share_within(_two(), np.array([True, True, False, False, True]))

    np.testing.assert_allclose(found.lower, found.problem)
    np.testing.assert_allclose(found.upper, found.problem)


def test_an_unknown_area_widens_the_bounds_by_all_who_live_there() -> None:
    burden = burden_of_counts(_floats(30, 10, NAN), _floats(100, 100, 20))
    within, beyond = _set_share(burden, 1, 0, 1), _set_share(burden, 1, 0, 0)

    # Of 40 known cases 30 lie in the set; up to 20 more do, or up to 20 more do not.
    assert (within.lower[0], within.upper[0]) == (30 / 40, 50 / 60)
    assert (beyond.lower[0], beyond.upper[0]) == (30 / 60, 30 / 40)
    assert (within.unknown[0], beyond.unknown[0]) == (1, 0)


def test_an_area_of_which_membership_is_unknown_is_left_out_and_widens_the_bounds() -> None:
    burden = burden_of_counts(_floats(30, 10, 5), _floats(100, 100, 20))
    found = _set_share(burden, 1, 0, NAN)

    assert (found.problem[0], found.population[0]) == (30 / 40, 0.5)
    assert (found.lower[0], found.upper[0]) == (30 / 45, 35 / 45)
    assert (found.areas[0], found.unknown[0], found.basis.unknown[0]) == (1, 1, 1)


def test_bounds_need_no_coverage() -> None:
    found = _set_share(burden_of_counts(_floats(10, NAN), _floats(20, 30)), 1, 0)

    assert found.basis.verdicts.tolist() == [Verdict.LOW_COVERAGE]
    assert np.isnan(found.problem[0])
    assert (found.lower[0], found.upper[0]) == (10 / 40, 1.0)


def test_a_problem_known_nowhere_has_no_bounds() -> None:
    found = _set_share(burden_of_counts(_floats(NAN, NAN, 0), _floats(20, 30, 10)), 1, 0, 0)

    assert np.isnan([found.lower[0], found.upper[0]]).all()


@pytest.mark.parametrize(
    ("problem", "population"),
    [([30.0, 10.0, 5.0], [100.0, 100.0, 4.0]), ([30.0, 10.0, 5.0], [1000.0, 100.0, 0.0])],
)
def test_a_problem_that_is_no_part_of_the_population_has_no_bounds(
    problem: list[float], population: list[float]
) -> None:
    found = _set_share(burden_of_counts(_floats(*problem), _floats(*population)), 1, 0, 0)

    assert not np.isnan(found.problem[0])
    assert np.isnan([found.lower[0], found.upper[0]]).all()


def test_an_unknown_population_leaves_no_bounds() -> None:
    burden = burden_of_counts(_floats(30, 10, 5), _floats(100, 100, NAN), needed=0.5)
    found = _set_share(burden, 1, 0, 0)

    assert found.problem[0] == 0.75
    assert np.isnan([found.lower[0], found.upper[0]]).all()


@given(_GAPS, st.floats(0, 1), st.floats(0, 1))
def test_whatever_the_unknown_figures_are_the_set_bears_between_the_bounds(
    gaps: list[tuple[int, int, bool, float]], rate: float, membership: float
) -> None:
    quarters, people, known, inside = (_floats(*column) for column in zip(*gaps, strict=True))
    true = np.where(known == 1, quarters / 4, rate) * people
    place = np.where(np.isnan(inside), membership, inside)
    given = burden_of_counts(np.where(known == 1, true, NAN), people)

    found = share_within(given, inside)
    if not np.isnan(found.lower[0]):
        bears = (true * place).sum() / true.sum()
        assert found.lower[0] - 1e-9 <= bears <= found.upper[0] + 1e-9
    if found.basis.told[0]:
        assert found.lower[0] - 1e-9 <= found.problem[0] <= found.upper[0] + 1e-9
