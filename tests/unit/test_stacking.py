"""Stacking adds up, and what is unknown widens the answer instead of choosing one."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.core.figures import Floats
from db.core.percentiles import Weighting
from db.core.stacking import (
    NO,
    UNKNOWN,
    YES,
    Bounds,
    Stacking,
    adjusted_headcount,
    at_threshold,
    border,
    domain_scores,
    judge,
    moved,
    sensitivity,
    stack,
)
from db.core.stacking_definition import StackingDefinition, StackingDomain, WeightedIndicator

NAN = np.nan
COLUMNS = ("a", "b", "c", "d")


def domain(*weighted: tuple[str, float], threshold: float | None = None) -> StackingDomain:
    indicators = tuple(WeightedIndicator(slug, weight) for slug, weight in weighted)
    return StackingDomain("-".join(slug for slug, _ in weighted), "", "", indicators, threshold)


def defined(*domains: StackingDomain) -> StackingDefinition:
    return StackingDefinition("test", 1, "", "", domains)


def by_indicator(slugs: str, *thresholds: float) -> StackingDefinition:
    """A domain for each indicator."""
    given = thresholds or (None,) * len(slugs)
    return defined(*(domain((s, 1), threshold=t) for s, t in zip(slugs, given, strict=True)))


A_B = defined(domain(("a", 1), ("b", 1)))
EACH = by_indicator("abcd")


def stacked(
    definition: StackingDefinition,
    rows: Sequence[Sequence[float]],
    inhabitants: Sequence[float] | None = None,
    eligible: Sequence[bool] | None = None,
) -> Stacking:
    figures = np.array(rows, np.float64).reshape(len(rows), -1)
    people = [1000.0] * len(rows) if inhabitants is None else inhabitants
    taking_part = [True] * len(rows) if eligible is None else eligible
    return stack(
        definition,
        figures,
        COLUMNS[: figures.shape[1]],
        inhabitants=np.array(people, np.float64),
        eligible=np.array(taking_part, np.bool_),
    )


def judged(
    definition: StackingDefinition,
    places: Sequence[Sequence[float]],
    inhabitants: Sequence[float] | None = None,
    eligible: Sequence[bool] | None = None,
) -> Stacking:
    """The stacking of areas with these percentiles of their domains."""
    found = np.array(places, np.float64).reshape(len(places), len(definition.domains))
    people = [1000.0] * len(places) if inhabitants is None else inhabitants
    taking_part = [True] * len(places) if eligible is None else eligible
    return judge(
        definition,
        found,
        found,
        inhabitants=np.array(people, np.float64),
        eligible=np.array(taking_part, np.bool_),
    )


def same(one: Floats, other: Floats | Sequence[float] | Sequence[Sequence[float]]) -> bool:
    return np.array_equal(one, np.array(other, np.float64).reshape(one.shape), equal_nan=True)


# A domain: the mean of what is known, ranked again.


def test_a_domain_is_judged_by_the_percentile_of_its_score_and_not_by_the_score() -> None:
    # Means 70, 60, 50, 40 and 30: none is 90, but the first of five equal areas stands at 90.
    found = stacked(A_B, [[80, 60], [50, 70], [50, 50], [45, 35], [10, 50]])

    assert same(found.scores, [70, 60, 50, 40, 30])
    assert same(found.percentiles, [90, 70, 50, 30, 10])
    assert found.exceeded.ravel().tolist() == [YES, NO, NO, NO, NO]


def test_exactly_at_the_threshold_is_exceeded() -> None:
    found = judged(by_indicator("ab"), [[90.0, np.nextafter(90, 0)]])

    assert found.exceeded.tolist() == [[YES, NO]]


def test_each_domain_is_held_against_its_own_threshold() -> None:
    found = judged(by_indicator("ab", 80, 95), [[85, 85], [85, 96]])

    assert found.exceeded.tolist() == [[YES, NO], [YES, YES]]
    assert found.count.tolist() == [1, 2]


def test_inhabitants_weigh_in_the_ranking_and_equal_scores_share_the_middle() -> None:
    # 3000 of 4000 live in the two equal and worse areas: 1000 below and half of 3000.
    found = stacked(by_indicator("a"), [[20], [60], [60]], [1000, 2000, 1000])

    assert same(found.percentiles, [12.5, 62.5, 62.5])


def test_areas_may_count_the_same_instead() -> None:
    definition = replace(by_indicator("a"), weighting=Weighting.AREAS)

    found = stacked(definition, [[20], [60], [60]], [1000, 2000, 1000])

    assert found.percentiles[:, 0] == pytest.approx([100 / 6, 200 / 3, 200 / 3])


def test_a_score_is_the_weighted_mean_of_the_indicators_that_are_known() -> None:
    definition = defined(domain(("a", 3), ("b", 1)))
    figures = np.array([[80.0, 40.0], [80.0, NAN], [NAN, 40.0], [NAN, NAN]])

    # (3 · 80 + 40) / 4; a alone is three quarters of the weight, b alone too little.
    assert same(domain_scores(definition, figures, ("a", "b")), [70, 80, NAN, NAN])


def test_exactly_the_minimum_share_is_enough_in_spite_of_binary_fractions() -> None:
    # 0.1 + 0.3 of 0.8 is a half, but relative to 0.4 and in binary a hair less.
    definition = defined(domain(("a", 0.1), ("b", 0.3), ("c", 0.4)))
    figures = np.array([[10.0, 30.0, NAN], [NAN, NAN, 50.0], [NAN, 10.0, NAN]])

    assert same(domain_scores(definition, figures, ("a", "b", "c")), [25, 50, NAN])


def test_scores_that_are_equal_but_for_rounding_errors_are_equal() -> None:
    definition = defined(domain(("a", 1), ("b", 1), ("c", 1)))

    found = stacked(definition, [[0.1, 0.2, 0.3], [0.3, 0.1, 0.2], [0.2, 0.3, 0.1]])

    assert same(found.percentiles, [50, 50, 50])


def test_columns_may_stand_in_any_order_and_more_may_be_given() -> None:
    figures = np.array([[1.0, 20.0, 3.0, 40.0]])

    assert same(domain_scores(A_B, figures, ("x", "b", "y", "a")), [30])


def test_an_indicator_without_a_column_is_not_taken_for_unknown() -> None:
    with pytest.raises(KeyError):
        domain_scores(A_B, np.array([[1.0]]), ("a",))


# Who takes part.


@pytest.mark.parametrize("people", [0.0, 199.0, -5.0, NAN, np.inf])
def test_areas_with_too_few_or_unknown_inhabitants_are_not_judged_and_judge_nobody(
    people: float,
) -> None:
    found = stacked(by_indicator("a"), [[10], [99], [20]], [200, people, 200])

    assert found.eligible.tolist() == [True, False, True]
    assert same(found.percentiles, [25, NAN, 75])
    assert same(found.scores, [10, NAN, 20])


def test_an_area_without_inhabitants_is_not_judged_even_where_no_minimum_is_asked() -> None:
    definition = replace(by_indicator("a"), minimum_inhabitants=0)

    assert stacked(definition, [[10], [20]], [1, 0]).eligible.tolist() == [True, False]


def test_of_an_area_that_takes_no_part_every_domain_is_unknown() -> None:
    found = stacked(EACH, [[99] * 4, [1] * 4], eligible=[False, True])

    assert found.exceeded.tolist() == [[UNKNOWN] * 4, [NO] * 4]
    assert (found.count_min.tolist(), found.count_max.tolist()) == ([0, 0], [4, 0])


def test_without_areas_there_is_nothing_to_stack() -> None:
    found = stack(
        EACH,
        np.empty((0, 4)),
        COLUMNS,
        inhabitants=np.empty(0),
        eligible=np.empty(0, np.bool_),
    )

    assert (found.exceeded.shape, found.count.shape) == ((0, 4), (0,))
    assert moved(found, found, 1).enters.tolist() == border(found, 1).near.tolist() == []


def test_one_area_stands_in_the_middle_of_itself() -> None:
    assert same(stacked(EACH, [[99, 1, 50, NAN]]).percentiles, [50, 50, 50, NAN])


def test_where_nothing_is_known_everything_stays_possible() -> None:
    found = stacked(EACH, [[NAN] * 4] * 3)

    assert (found.count.tolist(), found.count_max.tolist()) == ([0] * 3, [4] * 3)
    assert not found.certain.any()


def test_where_all_are_equal_none_exceeds() -> None:
    assert stacked(EACH, [[70] * 4] * 5).count.tolist() == [0] * 5


# Counting.


def test_an_unknown_domain_is_between_the_least_and_the_most() -> None:
    found = judged(EACH, [[95, 95, 95, NAN], [95, 10, 10, 10], [NAN, NAN, 10, 10]])

    assert found.count_min.tolist() == found.count.tolist() == [3, 1, 0]
    assert found.count_max.tolist() == [4, 1, 2]
    assert found.certain.tolist() == [False, True, False]
    assert found.reaches(3).tolist() == [YES, NO, NO]
    assert found.reaches(4).tolist() == [UNKNOWN, NO, NO]


def test_counts_at_several_thresholds_come_together_and_leave_the_unknown_alone() -> None:
    found = judged(EACH, [[81, 91, 96, NAN], [79, 80, 90, 95]])

    assert [each.count.tolist() for each in sensitivity(found)] == [[3, 3], [2, 2], [1, 1]]
    assert [each.unknown.tolist() for each in sensitivity(found)] == [[1, 0]] * 3
    assert [each.definition.thresholds[0] for each in sensitivity(found)] == [80, 90, 95]


_PLACES = st.sampled_from([NAN, 0.0, 50.0, 79.0, 80.0, 85.0, 90.0, 94.0, 95.0, 100.0])
_AREAS = st.lists(st.lists(_PLACES, min_size=4, max_size=4), min_size=1, max_size=8)


@given(_AREAS, st.data())
def test_the_sum_of_the_parts_is_always_the_count(
    places: list[list[float]], data: st.DataObject
) -> None:
    flags = data.draw(st.lists(st.booleans(), min_size=len(places), max_size=len(places)))
    found = judged(by_indicator("abcd", 80, 90, 95, 85), places, eligible=flags)

    for each in (found, *sensitivity(found)):
        parts = each.exceeded.tolist()
        assert each.count.tolist() == [row.count(YES) for row in parts]
        assert each.count_max.tolist() == [4 - row.count(NO) for row in parts]
        assert each.certain.tolist() == [UNKNOWN not in row for row in parts]


@given(_AREAS)
def test_a_higher_threshold_never_counts_more(places: list[list[float]]) -> None:
    counts = [each.count for each in sensitivity(judged(EACH, places), (60, 80, 90, 95))]

    assert all((higher <= lower).all() for lower, higher in pairwise(counts))


# The whole against a slow and exact one.

_FIGURES = st.sampled_from([NAN, 0.0, 5.0, 25.0, 50.0, 60.0, 75.0, 90.0, 95.0, 100.0])
_PEOPLE = st.sampled_from([NAN, 0.0, 150.0, 200.0, 250.0, 1000.0, 12345.0])
_TWO = defined(domain(("a", 1), ("b", 2), threshold=75), domain(("c", 1), ("d", 1), threshold=62.5))


@st.composite
def countries(draw: st.DrawFn) -> tuple[list[list[float]], list[float], list[bool]]:
    size = draw(st.integers(1, 8))
    rows = draw(st.lists(st.lists(_FIGURES, min_size=4, max_size=4), min_size=size, max_size=size))
    people = draw(st.lists(_PEOPLE, min_size=size, max_size=size))
    return rows, people, draw(st.lists(st.booleans(), min_size=size, max_size=size))


def slow_score(definition: StackingDefinition, domain: int, row: list[float]) -> Fraction | None:
    weights = {each.slug: Fraction(each.weight) for each in definition.domains[domain].indicators}
    known = {slug: Fraction(v) for slug, v in zip(COLUMNS, row, strict=True) if v == v}
    present = sum(weights[slug] for slug in weights if slug in known)
    if not present or present < Fraction(definition.minimum_share) * sum(weights.values()):
        return None
    return sum(weights[s] * known[s] for s in weights if s in known) / Fraction(present)


def slow_percentile(scores: list[Fraction | None], people: list[float], at: int) -> Fraction:
    mine = scores[at]
    assert mine is not None
    ranked = [
        (score, Fraction(w)) for score, w in zip(scores, people, strict=True) if score is not None
    ]
    below = sum((w for score, w in ranked if score < mine), Fraction())
    equal = sum((w for score, w in ranked if score == mine), Fraction())
    return 100 * (below + equal / 2) / sum(w for _, w in ranked)


@given(countries(), st.sampled_from(Weighting))
def test_stacking_is_what_the_definition_says_area_by_area(
    country: tuple[list[list[float]], list[float], list[bool]], weighting: Weighting
) -> None:
    rows, people, eligible = country
    definition = replace(_TWO, weighting=weighting)
    found = stacked(definition, rows, people, eligible)

    takes_part = [e and p >= 200 for e, p in zip(eligible, people, strict=True)]
    weights = people if weighting is Weighting.INHABITANTS else [1.0] * len(people)
    for column, threshold in enumerate(definition.thresholds):
        scores = [
            slow_score(definition, column, row) if part else None
            for row, part in zip(rows, takes_part, strict=True)
        ]
        for at, score in enumerate(scores):
            if score is None:
                assert found.exceeded[at, column] == UNKNOWN
                assert np.isnan(found.percentiles[at, column])
                assert np.isnan(found.scores[at, column])
                continue
            expected = slow_percentile(scores, weights, at)
            assert found.scores[at, column] == pytest.approx(float(score))
            assert found.percentiles[at, column] == pytest.approx(float(expected))
            assert found.exceeded[at, column] == (YES if expected >= threshold else NO)


@given(countries(), st.permutations(range(8)))
def test_the_order_of_areas_and_of_indicators_changes_nothing(
    country: tuple[list[list[float]], list[float], list[bool]], order: list[int]
) -> None:
    rows, people, eligible = country
    places = [at for at in order if at < len(rows)]
    turned = replace(
        _TWO,
        domains=tuple(replace(d, indicators=d.indicators[::-1]) for d in _TWO.domains),
    )
    found = stacked(_TWO, rows, people, eligible)
    other = stacked(
        turned,
        [rows[n] for n in places],
        [people[n] for n in places],
        [eligible[n] for n in places],
    )

    assert same(other.percentiles, found.percentiles[places])
    assert other.exceeded.tolist() == found.exceeded[places].tolist()


# Intensity, after Alkire and Foster (2011).


def counted(*parts: str, inhabitants: Sequence[float] | None = None) -> Stacking:
    """Areas by their parts: x exceeded, . not exceeded, ? unknown."""
    place = {"x": 95.0, ".": 10.0, "?": NAN}
    return judged(EACH, [[place[part] for part in area] for area in parts], inhabitants)


def test_the_published_example_gives_its_published_measures() -> None:
    # Alkire and Foster (2011), four units in four dimensions with 0, 2, 4 and 1 deprivations, k=2.
    found = adjusted_headcount(counted("....", ".x.x", "xxxx", ".x.."), 2)

    assert found.headcount == Bounds(1 / 2, 1 / 2)
    assert found.intensity == Bounds(3 / 4, 3 / 4)
    assert found.adjusted == Bounds(3 / 8, 3 / 8)


def test_areas_count_by_their_inhabitants() -> None:
    # 1000 of 4000 live with 2 of 4 and 2000 with 4 of 4: A = (0.5 + 2 · 1) / 3.
    found = adjusted_headcount(counted("xx..", "xxxx", "x...", inhabitants=[1000, 2000, 1000]), 2)

    assert found.headcount == Bounds(0.75, 0.75)
    assert found.intensity.lower == found.intensity.upper == pytest.approx(2.5 / 3)
    assert found.adjusted == Bounds(0.625, 0.625)


def test_unknown_domains_give_bounds() -> None:
    # The second may have 1 or 2 of 4, the first has 4: with it A is 3/4, without it 1.
    found = adjusted_headcount(counted("xxxx", "x?.."), 2)

    assert found.headcount == Bounds(0.5, 1.0)
    assert found.intensity == Bounds(0.75, 1.0)
    assert found.adjusted == Bounds(0.5, 0.75)


def test_the_most_intense_case_may_leave_out_who_would_lower_the_mean() -> None:
    # Sure: 2 of 4. Possible: 4 of 4 (raises it to 3/4), 2 of 4 (would lower it again).
    found = adjusted_headcount(counted("xx..", "x???", "x?.."), 2)

    assert found.intensity == Bounds(0.5, 0.75)


def test_where_nobody_reaches_the_cutoff_there_is_no_intensity_but_a_zero_headcount() -> None:
    found = adjusted_headcount(counted("x...", "...."), 2)

    assert (found.headcount, found.adjusted) == (Bounds(0, 0), Bounds(0, 0))
    assert np.isnan(found.intensity).all()


def test_areas_that_are_not_judged_are_left_out_and_counted() -> None:
    places = [[95.0] * 4, [95.0] * 4, [10.0] * 4]
    found = judged(EACH, places, [1000, NAN, 3000], [True, False, True])

    whole = adjusted_headcount(found, 1)
    part = adjusted_headcount(found, 1, np.array([True, True, False]))
    assert (whole.headcount, whole.areas, whole.left_out) == (Bounds(0.25, 0.25), 2, 1)
    assert (part.headcount, part.areas, part.left_out) == (Bounds(1, 1), 1, 1)


def test_of_no_areas_nothing_is_said() -> None:
    found = adjusted_headcount(counted("xxxx"), 1, np.array([False]))

    assert np.isnan([*found.headcount, *found.intensity, *found.adjusted]).all()
    assert (found.areas, found.left_out) == (0, 0)


def completions(found: Stacking) -> Iterator[list[int]]:
    """Every count per area that the unknown domains allow."""
    ranges = zip(found.count_min.tolist(), found.count_max.tolist(), strict=True)
    yield from map(list, product(*(range(least, most + 1) for least, most in ranges)))


_PARTS = st.lists(
    st.tuples(st.text("x.?", min_size=4, max_size=4), st.sampled_from([200.0, 500.0, 3000.0])),
    min_size=1,
    max_size=4,
)


@given(_PARTS, st.integers(1, 5))
def test_the_bounds_of_all_measures_are_those_of_all_that_is_possible(
    areas: list[tuple[str, float]], k: int
) -> None:
    people = np.array([each for _, each in areas])
    stacking = counted(*(parts for parts, _ in areas), inhabitants=people.tolist())
    shares, means, products = [], [], []
    for counts in map(np.array, completions(stacking)):
        poor = counts >= k
        shares.append(people[poor].sum() / people.sum())
        products.append((people * counts)[poor].sum() / people.sum() / 4)
        if poor.any():
            means.append((people * counts)[poor].sum() / people[poor].sum() / 4)

    found = adjusted_headcount(stacking, k)
    assert found.headcount == pytest.approx((min(shares), max(shares)))
    assert found.adjusted == pytest.approx((min(products), max(products)))
    if means:
        assert found.intensity == pytest.approx((min(means), max(means)))
    else:
        assert np.isnan(found.intensity).all()


@given(_PARTS, st.integers(1, 4))
def test_the_adjusted_headcount_is_headcount_times_intensity(
    areas: list[tuple[str, float]], k: int
) -> None:
    known = [parts.replace("?", "x") for parts, _ in areas]
    found = adjusted_headcount(counted(*known, inhabitants=[each for _, each in areas]), k)

    if found.headcount.lower:
        product_of_both = found.headcount.lower * found.intensity.lower
        assert found.adjusted == pytest.approx((product_of_both, product_of_both))


# Who enters and who leaves.


def listed(before: Stacking, after: Stacking, k: int) -> tuple[list[int], list[int], list[int]]:
    found = moved(before, after, k)
    return found.enters.tolist(), found.leaves.tolist(), found.unsaid.tolist()


def test_a_lower_threshold_lets_areas_in_and_a_higher_one_out() -> None:
    found = judged(by_indicator("ab"), [[85, 95], [95, 95], [10, 95], [85, NAN], [10, NAN]])

    assert listed(found, at_threshold(found, 80), 2) == ([0], [], [3])
    assert listed(at_threshold(found, 80), found, 2) == ([], [0], [3])


def test_what_is_unknown_in_a_domain_that_stays_the_same_hides_no_movement() -> None:
    places = [[95, NAN, 50], [95, NAN, 85]]
    before = judged(by_indicator("abc", 90, 90, 90), places)
    after = judged(by_indicator("abc", 90, 90, 80), places)

    # The first has 1 or 2 in both; the second 1 or 2, and then 2 or 3.
    assert listed(before, after, 2) == ([], [], [1])


def test_nobody_moves_between_a_definition_and_itself() -> None:
    found = judged(EACH, [[95, NAN, NAN, 10], [NAN] * 4, [95] * 4])

    assert listed(found, found, 2) == ([], [], [])


def test_other_indicators_may_be_unknown_in_another_way() -> None:
    before = judged(by_indicator("a"), [[95], [95], [10], [NAN]])
    after = judged(by_indicator("b"), [[10], [NAN], [95], [NAN]])

    assert listed(before, after, 1) == ([2], [0], [1, 3])


def test_a_domain_ranked_among_others_is_another_domain() -> None:
    before = judged(by_indicator("a"), [[NAN]])
    after = judged(replace(by_indicator("a"), weighting=Weighting.AREAS), [[NAN]])

    assert listed(before, after, 1) == ([], [], [0])


def test_of_an_area_that_only_one_of_both_judges_it_is_not_said_that_it_moves() -> None:
    places = [[95], [10], [95], [10], [95]]
    before = judged(by_indicator("a"), places, eligible=[True, True, False, False, False])
    after = judged(by_indicator("b"), places, eligible=[False, False, True, True, False])

    # 0 was in and 2 is in; 1 was out, 3 is out, and 4 is judged by neither.
    assert listed(before, after, 1) == ([], [], [0, 2])


def test_areas_judged_only_afterwards_do_not_enter_under_the_same_or_a_larger_definition() -> None:
    before = judged(by_indicator("a"), [[95]], eligible=[False])

    assert listed(before, judged(by_indicator("a"), [[95]]), 1) == ([], [], [0])
    assert listed(before, judged(by_indicator("ab"), [[95, 95]]), 2) == ([], [], [0])


def test_more_domains_than_there_are_nobody_reaches() -> None:
    found = judged(EACH, [[95] * 4, [NAN] * 4])

    assert listed(found, at_threshold(found, 80), 1000) == ([], [], [])


def possible_moves(
    definitions: Sequence[StackingDefinition], places: dict[str, float], k: int
) -> set[tuple[bool, bool]]:
    """Whether it is in before and after, for all that the unknown percentiles may be."""
    names = sorted(places)
    values = [(places[n],) if places[n] == places[n] else (0.0, 85.0, 100.0) for n in names]
    found = set()
    for chosen in product(*values):
        at = dict(zip(names, chosen, strict=True))
        before, after = (
            sum(at[d.slug] >= t for d, t in zip(each.domains, each.thresholds, strict=True)) >= k
            for each in definitions
        )
        found.add((before, after))
    return found


_THRESHOLDS = st.lists(st.sampled_from([80.0, 90.0]), min_size=3, max_size=3)


@given(_THRESHOLDS, _THRESHOLDS, st.sampled_from(["abc", "bac", "bcd"]), _AREAS, st.integers(1, 4))
def test_movement_is_certain_exactly_where_all_that_is_possible_agrees(
    first: list[float], second: list[float], slugs: str, areas: list[list[float]], k: int
) -> None:
    definitions = by_indicator("abc", *first), by_indicator(slugs, *second)
    before, after = (
        judged(each, [[row[COLUMNS.index(d.slug)] for d in each.domains] for row in areas])
        for each in definitions
    )

    moves = [possible_moves(definitions, dict(zip(COLUMNS, row, strict=True)), k) for row in areas]
    still = [{(True, True)}, {(False, False)}, {(True, True), (False, False)}]
    expected = (
        [n for n, each in enumerate(moves) if each == {(False, True)}],
        [n for n, each in enumerate(moves) if each == {(True, False)}],
        [n for n, each in enumerate(moves) if len(each) > 1 and each not in still],
    )
    assert listed(before, after, k) == expected


# Near the border.


def test_near_the_border_is_within_the_distance_on_either_side() -> None:
    found = border(judged(by_indicator("a"), [[87.9], [88.0], [92.0], [92.1], [NAN]]), 1)

    assert found.close.ravel().tolist() == [False, True, True, False, False]
    assert found.near.tolist() == [1, 2]


def test_a_distance_that_binary_fractions_miss_is_still_within() -> None:
    assert border(judged(by_indicator("a"), [[87.6]]), 1, distance=2.4).near.tolist() == [0]


def test_an_area_tips_where_one_close_domain_decides() -> None:
    places = [
        [91, 95, 10, 10],  # in with two, one of them barely
        [89, 95, 10, 10],  # out with one, another nearly
        [91, 95, 95, 10],  # in with three: one less is still in
        [89, 10, 10, 10],  # out with none: one more is still out
        [95, 95, 89, 10],  # in with two, a third does not matter
        [91, 10, 10, 10],  # out with one: one less is still out
    ]

    found = border(judged(EACH, places), 2)

    assert found.near.tolist() == [0, 1, 2, 3, 4, 5]
    assert (found.tipping.tolist(), found.unsaid.tolist()) == ([0, 1], [])


def test_an_unknown_domain_can_hide_whether_a_close_one_decides() -> None:
    places = [[91, 95, NAN, 10], [89, 95, NAN, 10], [89, NAN, 10, 10], [91, 95, 95, NAN]]

    found = border(judged(EACH, places), 2)

    # The last has three or four: without the close one it is in all the same.
    assert (found.tipping.tolist(), found.unsaid.tolist()) == ([], [0, 1, 2])


def test_each_domain_has_the_border_of_its_own_threshold() -> None:
    found = border(judged(by_indicator("ab", 80, 95), [[81, 90], [90, 94]]), 1)

    assert found.close.tolist() == [[True, False], [False, True]]


def test_areas_that_are_not_judged_are_near_nothing() -> None:
    assert border(judged(by_indicator("a"), [[90]], eligible=[False]), 1).near.tolist() == []


@given(_AREAS, st.integers(1, 4))
def test_who_tips_is_on_the_other_side_once_a_close_domain_crosses(
    areas: list[list[float]], k: int
) -> None:
    stacking = judged(EACH, areas)
    found = border(stacking, k, distance=6.0)

    tipping = []
    for at, row in enumerate(areas):
        crossed = [
            [*row[:n], 100.0 if p < 90 else 0.0, *row[n + 1 :]]
            for n, p in enumerate(row)
            if abs(p - 90) <= 6
        ]
        sides = {judged(EACH, [each]).reaches(k).item() for each in crossed}
        now = stacking.reaches(k)[at]
        if stacking.certain[at] and sides - {now}:
            tipping.append(at)
    assert found.tipping.tolist() == tipping
