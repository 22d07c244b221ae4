"""Percentiles: 100 and rank 1 are the worst, ties share, and who does not take part is told."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.core.figures import Floats
from db.core.indicator import Direction
from db.core.percentiles import Percentiles, Placement, Weighting, percentiles
from db.core.ranking import rank

WORSE_IF_HIGH = Direction.LOWER_IS_BETTER
WORSE_IF_LOW = Direction.HIGHER_IS_BETTER

_VALUES = st.sampled_from([-1.5, -0.0, 0.0, 1.0, np.inf, -np.inf, np.nan]) | st.floats(-1e6, 1e6)
_INHABITANTS = (
    st.sampled_from([0.0, 199.0, 200.0, np.nan]) | st.integers(1, 20_000).map(float)
    | st.floats(1, 20_000)
)  # fmt: skip
_DIRECTIONS = st.sampled_from(Direction)
_WEIGHTINGS = st.sampled_from(Weighting)
_AREAS = st.lists(st.tuples(_VALUES, _INHABITANTS, st.booleans()), max_size=30)


def floats(*values: float) -> Floats:
    return np.array(values, np.float64)


def of(values: list[float], inhabitants: list[float] | None = None, **how: Any) -> Percentiles:
    """Percentiles of values of which the higher is the worse, in areas of 1,000 unless told."""
    people = [1000.0] * len(values) if inhabitants is None else inhabitants
    return percentiles(floats(*values), floats(*people), **{"direction": WORSE_IF_HIGH, **how})


def slow(
    values: list[float], people: list[float], direction: Direction, weighting: Weighting
) -> list[tuple[float, int] | None]:
    """Area by area, as DOMAIN.md has the formula; None for an area that is not ranked."""
    sign = -1 if direction is Direction.HIGHER_IS_BETTER else 1
    taking_part = [
        (sign * value, number if weighting is Weighting.INHABITANTS else 1.0)
        for value, number in zip(values, people, strict=True)
        if number >= 200 and value == value
    ]
    found: list[tuple[float, int] | None] = []
    for value, number in zip(values, people, strict=True):
        if not (number >= 200 and value == value):
            found.append(None)
            continue
        better = sum(weight for other, weight in taking_part if other < sign * value)
        equal = sum(weight for other, weight in taking_part if other == sign * value)
        worse = sum(1 for other, _ in taking_part if other > sign * value)
        everything = sum(weight for _, weight in taking_part)
        found.append((100 * (better + equal / 2) / everything, worse + 1))
    return found


def test_percentile_and_rank_by_inhabitants_worked_out_by_hand() -> None:
    # Of 1,000 people 200 live in the area with 10, 500 in those with 20, 300 in the one with 30.
    result = of([20.0, 10.0, 30.0, 20.0], [300.0, 200.0, 300.0, 200.0])

    assert result.percentiles.tolist() == [45.0, 10.0, 85.0, 45.0]
    assert result.ranks.tolist() == [2, 4, 1, 2]


def test_percentile_by_areas_worked_out_by_hand() -> None:
    result = of([20.0, 10.0, 30.0, 20.0], [300.0, 200.0, 300.0, 900.0], weighting=Weighting.AREAS)

    assert result.percentiles.tolist() == [50.0, 12.5, 87.5, 50.0]


def test_percentiles_are_the_ridits_of_a_published_example() -> None:
    # Manual of the R package ridittools 0.1 (Bohlman 2018, after Fleiss 1981), example `toridit`.
    result = of([1, 2, 3, 4, 5, 6], [9, 71, 70, 161, 165, 123], minimum=1)

    published = [0.007512521, 0.074290484, 0.191986644, 0.384808013, 0.656928214, 0.897328881]
    assert (result.percentiles / 100).tolist() == pytest.approx(published, abs=5e-10)


def test_where_lower_is_worse_the_lowest_value_has_rank_one() -> None:
    result = of([7.0, 5.0, 6.0], direction=WORSE_IF_LOW)

    assert result.ranks.tolist() == [3, 1, 2]
    assert result.percentiles.tolist() == pytest.approx([100 / 6, 500 / 6, 50.0])


def test_a_neutral_indicator_is_placed_by_its_plain_value_and_says_so() -> None:
    neutral = of([7.0, 5.0, 6.0], direction=Direction.NEUTRAL)

    assert neutral.ranks.tolist() == [1, 3, 2]
    assert not neutral.reference.oriented
    assert of([7.0]).reference.oriented


def test_equal_values_share_the_lowest_rank_and_the_next_ones_are_left_out() -> None:
    assert of([9.0, 7.0, 7.0, 2.0]).ranks.tolist() == [1, 2, 2, 4]


def test_minus_zero_and_zero_are_one_value() -> None:
    assert of([0.0, -0.0]).ranks.tolist() == [1, 1]


@pytest.mark.parametrize("place", range(1, 100))
def test_an_area_exactly_at_a_whole_percentile_has_exactly_that(place: int) -> None:
    # In hundredths: a threshold must not depend on how a quotient is rounded.
    below, above = 700.0 * place - 350, 700.0 * (100 - place) - 350
    result = of([1.0, 2.0, 3.0], [below, 700.0, above])

    assert result.percentiles[1] == place


def test_every_area_is_told_why_it_has_no_percentile() -> None:
    nan = np.nan
    result = percentiles(
        floats(1, nan, 1, 1, 1, 1, 1, 1, nan),
        floats(200, 200, 199.9, 0, nan, -99997, 5000, 5000, nan),
        direction=WORSE_IF_HIGH,
        land=np.array([True] * 6 + [False, True, False]),
        reference=np.array([True] * 7 + [False, False]),
    )

    assert [Placement(code) for code in result.placements] == [
        Placement.RANKED,
        Placement.NO_VALUE,
        Placement.TOO_FEW_INHABITANTS,
        Placement.UNINHABITED,
        Placement.INHABITANTS_UNKNOWN,
        Placement.INHABITANTS_UNKNOWN,
        Placement.NOT_LAND,
        Placement.OUTSIDE_REFERENCE,
        Placement.NOT_LAND,
    ]
    assert (result.ranked, result.unknown, result.left_out) == (1, 1, 4)
    assert np.isnan(result.percentiles[1:]).all()
    assert result.ranks.tolist() == [1] + [0] * 8


def test_a_small_area_does_not_count_for_the_percentiles_of_others() -> None:
    assert of([1.0, 2.0, 3.0], [500.0, 199.0, 500.0]).percentiles[[0, 2]].tolist() == [25.0, 75.0]


def test_an_area_without_inhabitants_is_not_ranked_even_without_a_minimum() -> None:
    result = of([1.0, 2.0], [0.0, 1.0], minimum=0)

    assert result.placements.tolist() == [Placement.UNINHABITED, Placement.RANKED]
    assert len(result.reference) == 1


def test_the_minimum_holds_for_percentiles_by_areas_too() -> None:
    result = of([1.0, 2.0, 3.0], [50.0, np.nan, 300.0], weighting=Weighting.AREAS)

    assert (result.ranked, result.left_out, len(result.reference)) == (1, 2, 1)


def test_the_only_area_stands_in_the_middle_and_first() -> None:
    result = of([5.0])

    assert (result.percentiles.tolist(), result.ranks.tolist()) == ([50.0], [1])


def test_when_all_are_equal_all_stand_in_the_middle_and_first() -> None:
    result = of([5.0] * 3, [300.0, 700.0, 900.0])

    assert (result.percentiles.tolist(), result.ranks.tolist()) == ([50.0] * 3, [1] * 3)


@pytest.mark.parametrize("values", [[], [np.nan, np.nan]])
def test_an_empty_reference_set_places_nothing(values: list[float]) -> None:
    result = of(values)

    assert (result.ranked, result.unknown, len(result.reference)) == (0, len(values), 0)
    assert np.isnan(result.reference.percentiles_of(floats(1.0))).all()
    assert result.reference.ranks_of(floats(1.0)).tolist() == [0]


def test_a_value_that_is_not_in_the_set_has_a_percentile_and_the_rank_it_would_have() -> None:
    reference = of([10.0, 20.0, 30.0], [200.0, 500.0, 300.0]).reference
    asked = floats(5.0, 20.0, 25.0, 99.0, np.nan)

    assert reference.percentiles_of(asked).tolist()[:4] == [0.0, 45.0, 70.0, 100.0]
    assert np.isnan(reference.percentiles_of(asked)[4])
    assert reference.ranks_of(asked).tolist() == [4, 2, 2, 1, 0]


def test_a_value_from_outside_is_oriented_like_the_set() -> None:
    reference = of([10.0, 20.0], direction=WORSE_IF_LOW).reference

    assert reference.percentiles_of(floats(5.0, 25.0)).tolist() == [100.0, 0.0]
    assert reference.ranks_of(floats(5.0, 25.0)).tolist() == [1, 3]


def test_the_answer_says_how_it_was_made() -> None:
    reference = of([1.0], weighting=Weighting.AREAS, minimum=50).reference

    assert (reference.direction, reference.weighting, reference.minimum) == (
        WORSE_IF_HIGH,
        Weighting.AREAS,
        50,
    )


@pytest.mark.parametrize("placement", Placement)
def test_every_placement_has_a_text_in_both_languages(placement: Placement) -> None:
    assert placement.text("nl").endswith(".")
    assert placement.text("en").endswith(".")
    assert placement.text("nl") != placement.text("en")


def test_the_size_in_memory_covers_every_array() -> None:
    result = of([1.0, 2.0, 2.0])

    own = 3 * (8 + 4 + 1)
    assert result.nbytes == own + result.reference.nbytes
    assert result.reference.nbytes == 2 * 8 + 3 * 8 + 3 * 8


@given(_AREAS, _DIRECTIONS, _WEIGHTINGS)
def test_places_are_those_of_the_formula_applied_area_by_area(
    areas: list[tuple[float, float, bool]], direction: Direction, weighting: Weighting
) -> None:
    values, people = [a[0] for a in areas], [a[1] for a in areas]
    result = of(values, people, direction=direction, weighting=weighting)

    for area, expected in enumerate(slow(values, people, direction, weighting)):
        assert (result.placements[area] == Placement.RANKED) == (expected is not None)
        if expected is not None:
            assert result.percentiles[area] == pytest.approx(expected[0], abs=1e-9)
            assert result.ranks[area] == expected[1]


@given(_AREAS, _DIRECTIONS, _WEIGHTINGS)
def test_a_worse_percentile_is_a_worse_rank_and_a_shared_one_a_shared_rank(
    areas: list[tuple[float, float, bool]], direction: Direction, weighting: Weighting
) -> None:
    result = of([a[0] for a in areas], [a[1] for a in areas],
                direction=direction, weighting=weighting)  # fmt: skip
    ranked = result.placements == Placement.RANKED
    share, place = result.percentiles[ranked], result.ranks[ranked]

    assert ((share[:, None] > share) == (place[:, None] < place)).all()
    assert ((share > 0) & (share < 100)).all()


@given(_AREAS, _DIRECTIONS)
def test_the_mean_of_percentiles_by_inhabitants_is_fifty(
    areas: list[tuple[float, float, bool]], direction: Direction
) -> None:
    result = of([a[0] for a in areas], [a[1] for a in areas], direction=direction)
    ranked = result.placements == Placement.RANKED
    people = floats(*(a[1] for a in areas))[ranked]

    if len(people):
        assert np.average(result.percentiles[ranked], weights=people) == pytest.approx(50.0)


@given(_AREAS, _WEIGHTINGS)
def test_turning_the_direction_mirrors_the_percentiles(
    areas: list[tuple[float, float, bool]], weighting: Weighting
) -> None:
    values, people = [a[0] for a in areas], [a[1] for a in areas]
    one = of(values, people, direction=WORSE_IF_HIGH, weighting=weighting)
    other = of(values, people, direction=WORSE_IF_LOW, weighting=weighting)

    ranked = one.placements == Placement.RANKED
    assert np.allclose(one.percentiles[ranked], 100 - other.percentiles[ranked])
    assert (one.placements == other.placements).all()


@given(_AREAS, _DIRECTIONS, _WEIGHTINGS)
def test_a_value_of_the_set_asked_for_again_stands_where_it_stood(
    areas: list[tuple[float, float, bool]], direction: Direction, weighting: Weighting
) -> None:
    values = floats(*(a[0] for a in areas))
    result = of(values.tolist(), [a[1] for a in areas], direction=direction, weighting=weighting)
    ranked = result.placements == Placement.RANKED

    again = result.reference.percentiles_of(values)[ranked]
    assert again.tolist() == result.percentiles[ranked].tolist()
    assert (result.reference.ranks_of(values)[ranked] == result.ranks[ranked]).all()


@given(_AREAS, _DIRECTIONS)
def test_places_are_those_of_a_set_from_which_the_others_were_taken_away(
    areas: list[tuple[float, float, bool]], direction: Direction
) -> None:
    values, people = floats(*(a[0] for a in areas)), floats(*(a[1] for a in areas))
    mask = np.array([a[2] for a in areas], np.bool_)
    masked = percentiles(values, people, direction=direction, reference=mask)
    alone = percentiles(values[mask], people[mask], direction=direction)

    assert np.array_equal(masked.percentiles[mask], alone.percentiles, equal_nan=True)
    assert (masked.ranks[mask] == alone.ranks).all()


@given(_AREAS)
def test_every_area_is_counted_once(areas: list[tuple[float, float, bool]]) -> None:
    mask = np.array([a[2] for a in areas], np.bool_)
    result = of([a[0] for a in areas], [a[1] for a in areas], land=mask)

    elsewhere = result.count(Placement.NOT_LAND, Placement.OUTSIDE_REFERENCE)
    assert result.ranked + result.unknown + result.left_out + elsewhere == len(areas)
    assert len(result.reference) == result.ranked


@given(_AREAS)
def test_ranks_are_those_of_a_plain_ranking_of_the_areas_that_take_part(
    areas: list[tuple[float, float, bool]],
) -> None:
    result = of([a[0] for a in areas], [a[1] for a in areas])
    known = np.where(result.placements == Placement.RANKED, floats(*(a[0] for a in areas)), np.nan)
    plain = rank(known)

    assert result.ranks[plain.rows].tolist() == plain.ranks.tolist()
