"""Areas made of parts: sums, means made again, bounds of shares, what blocks, what is refused."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.core.absence import Reason
from db.core.aggregate import (
    Aggregated,
    Cells,
    Method,
    Parts,
    aggregate,
    is_additive,
    rounding_margin,
)
from db.core.figures import Floats
from db.core.harmonise import Published
from db.core.indicator import Aggregation, Indicator, Kind
from tests.api.sample import INDICATORS

NAN = np.nan
_FEW = settings(max_examples=20, deadline=None)
SECRET, WATER = Reason.CONFIDENTIAL, Reason.WATER_OR_ABROAD
COUNT = INDICATORS["population"]
SHARE = replace(COUNT, kind=Kind.SHARE, aggregation=Aggregation.WEIGHTED_MEAN, denominator="people")
MEAN = replace(SHARE, kind=Kind.MEAN)
RATE = replace(COUNT, kind=Kind.RATE, aggregation=Aggregation.RECOMPUTE, factor=100.0)


def parts(*shares: float, inhabitants: list[float] | None = None) -> Parts:
    people = [100.0] * len(shares) if inhabitants is None else inhabitants
    return Parts(np.array(shares, np.float64), np.array(people, np.float64))


def year(*cells: float | Reason) -> Published:
    """One year, a cell a part; a Reason stands for an absent one."""
    numbers = [NAN if isinstance(c, Reason) else float(c) for c in cells]
    reasons = [int(c) if isinstance(c, Reason) else Reason.OBSERVED for c in cells]
    return Published(np.array(numbers)[:, None], np.array(reasons, np.uint8)[:, None])


Told = tuple[float | None, float | None, float | None, Reason, Method]


def told(found: Aggregated) -> Told:
    value, lower, upper = (
        None if np.isnan(each[0]) else round(float(each[0]), 9)
        for each in (found.values, found.lower, found.upper)
    )
    return value, lower, upper, Reason(int(found.reasons[0])), Method(int(found.methods[0]))


def of(indicator: Indicator, made_of: Parts, values: Published, **others: Published) -> Told:
    return told(aggregate(indicator, made_of, Cells(values, **others)))


# Counts


def test_counts_of_whole_parts_are_added_up_exactly() -> None:
    found = of(COUNT, parts(1, 1, 1), year(10, 0, 25))

    assert found == (35, 35, 35, Reason.RECODED, Method.SUM)


def test_a_part_by_a_share_counts_for_it_between_nothing_and_all() -> None:
    found = of(COUNT, parts(1, 0.4), year(10, 100))

    assert found == (50, 10, 110, Reason.ESTIMATED, Method.SUM)


def test_a_part_by_an_unknown_share_leaves_bounds_only() -> None:
    found = of(COUNT, parts(1, NAN), year(10, 100))

    assert found == (None, 10, 110, Reason.SHARE_UNKNOWN, Method.SUM)


def test_an_unknown_share_of_nothing_is_nothing() -> None:
    found = of(COUNT, parts(1, NAN), year(10, 0))

    assert found == (10, 10, 10, Reason.ESTIMATED, Method.SUM)


def test_an_absent_part_blocks_the_sum_and_is_named_with_what_is_covered() -> None:
    made_of = parts(1, 1, 1, inhabitants=[100, 200, 100])
    found = aggregate(COUNT, made_of, Cells(year(10, SECRET, 20)))

    assert told(found) == (None, None, None, Reason.PART_UNKNOWN, Method.NONE)
    assert found.blocked.tolist() == [[1, 0]]
    assert found.coverage[0] == 0.5


def test_where_all_parts_are_absent_for_one_reason_that_is_the_reason() -> None:
    assert of(COUNT, parts(1, 1), year(SECRET, SECRET))[3] is SECRET


def test_water_is_left_out_of_a_sum() -> None:
    assert of(COUNT, parts(1, 1), year(10, WATER)) == (10, 10, 10, Reason.RECODED, Method.SUM)


def test_coverage_is_of_parts_where_inhabitants_are_unknown() -> None:
    made_of = parts(1, 1, 1, inhabitants=[100, NAN, 100])

    assert not made_of.by_inhabitants
    found = aggregate(COUNT, made_of, Cells(year(10, SECRET, 20)))
    assert found.coverage[0] == pytest.approx(2 / 3)


def test_each_year_is_blocked_by_its_own_parts() -> None:
    values = Published(np.array([[1.0, NAN, 3.0], [NAN, 5.0, 6.0]]))
    found = aggregate(COUNT, parts(1, 1), Cells(values))

    assert np.isnan(found.values).tolist() == [True, True, False]
    assert found.blocked.tolist() == [[1, 0], [0, 1]]
    assert found.counted.tolist() == [1, 1, 2]


def test_what_a_model_made_stays_modelled() -> None:
    values = Published(
        np.array([[1.0], [2.0]]), np.array([[Reason.MODELLED], [Reason.OBSERVED]], np.uint8)
    )

    assert told(aggregate(COUNT, parts(1, 1), Cells(values)))[3] is Reason.MODELLED


def test_a_sum_of_rounded_counts_says_how_far_it_may_be_off() -> None:
    assert rounding_margin(5, 3) == 7.5
    assert rounding_margin(None, 3) is None


# Rates, shares and means


def test_a_share_is_made_again_from_its_denominators() -> None:
    found = of(SHARE, parts(1, 1), year(10, 40), denominators=year(100, 300))

    assert found == (32.5, 32.5, 32.5, Reason.RECODED, Method.MEAN)


def test_published_numerators_go_before_shares() -> None:
    found = of(RATE, parts(1, 1), year(1, 1), numerators=year(30, 10), denominators=year(100, 300))

    assert found == (10, 10, 10, Reason.RECODED, Method.QUOTIENT)


def test_where_a_numerator_is_absent_the_share_stands_for_it() -> None:
    given_ = {"numerators": year(30, SECRET), "denominators": year(100, 300)}

    assert of(SHARE, parts(1, 1), year(10, 40), **given_)[0::4] == (32.5, Method.MEAN)


def test_numerator_and_denominator_do_not_tell_a_rate_that_is_withheld() -> None:
    given_ = {"numerators": year(30, 10), "denominators": year(100, 300)}
    found = aggregate(RATE, parts(1, 1), Cells(year(30, SECRET), **given_))

    assert told(found)[:1] == (None,)
    assert found.blocked[:, 0].tolist() == [1]


def test_offences_where_nobody_lives_count_in_the_rate_of_the_whole() -> None:
    given_ = {"numerators": year(30, 10), "denominators": year(100, 0)}

    assert of(RATE, parts(1, 1), year(30, Reason.IMPOSSIBLE), **given_)[0] == 40


def test_a_mean_by_a_weight_that_stands_in_lies_among_its_parts() -> None:
    found = of(MEAN, parts(1, 1), year(10, 40), stand_in=year(300, 100))

    assert found == (17.5, 10, 40, Reason.ESTIMATED, Method.MEAN_BY_STAND_IN)


def test_the_own_denominator_goes_before_what_stands_in() -> None:
    given_ = {"denominators": year(100, 300), "stand_in": year(300, 100)}

    assert of(MEAN, parts(1, 1), year(10, 40), **given_)[0::4] == (32.5, Method.MEAN)


def test_without_any_weight_nothing_is_averaged() -> None:
    found = of(MEAN, parts(1, 1), year(10, 40))

    assert found == (None, None, None, Reason.NO_WEIGHT, Method.NONE)


def test_a_part_without_people_counts_for_nothing_in_a_mean() -> None:
    found = of(MEAN, parts(1, 1), year(10, SECRET), denominators=year(100, 0))

    assert found[0] == 10


def test_a_share_of_a_part_has_bounds_that_hold_wherever_people_live() -> None:
    value, lower, upper, reason, _ = of(
        SHARE, parts(1, 0.5), year(10, 50), denominators=year(100, 100)
    )

    # Ten of a hundred, and of fifty others none to fifty, of a hundred.
    assert value == pytest.approx((10 + 25) / 150 * 100)
    assert lower == pytest.approx(10 / 150 * 100)
    assert upper == pytest.approx(60 / 150 * 100)
    assert reason is Reason.ESTIMATED


# What cannot be aggregated


@pytest.mark.parametrize("kind", [Kind.MEDIAN, Kind.CLASS, Kind.INDEX])
@pytest.mark.parametrize("aggregation", list(Aggregation))
def test_medians_classes_and_indices_are_refused_whatever_stands_beside_them(
    kind: Kind, aggregation: Aggregation
) -> None:
    indicator = replace(COUNT, kind=kind, aggregation=aggregation)
    found = of(indicator, parts(1, 1), year(10, 40), denominators=year(1, 1))

    assert not is_additive(indicator)
    assert found == (None, None, None, Reason.NOT_ADDITIVE, Method.NONE)


@pytest.mark.parametrize("indicator", [COUNT, SHARE, replace(COUNT, kind=Kind.MEDIAN)])
def test_an_area_of_one_whole_part_has_its_published_value_and_reason(
    indicator: Indicator,
) -> None:
    assert of(indicator, parts(1), year(12)) == (12, 12, 12, Reason.OBSERVED, Method.ONE_PART)
    assert of(indicator, parts(1), year(SECRET))[3:] == (SECRET, Method.NONE)


def test_a_median_of_a_part_of_one_area_is_refused() -> None:
    indicator = replace(COUNT, kind=Kind.MEDIAN)

    assert of(indicator, parts(0.5), year(12))[3] is Reason.NOT_ADDITIVE


def test_an_area_without_parts_has_no_value() -> None:
    assert of(COUNT, parts(), Published(np.zeros((0, 1))))[3] is Reason.NO_ROW


# Properties

_COUNTS = st.lists(st.integers(0, 1000), min_size=2, max_size=6)


@_FEW
@given(_COUNTS, st.data())
def test_sums_of_two_halves_add_up_to_the_sum_of_all(
    counts: list[int], data: st.DataObject
) -> None:
    cut = data.draw(st.integers(1, len(counts) - 1))
    one, other = counts[:cut], counts[cut:]

    def total(numbers: list[int]) -> float:
        found = of(COUNT, parts(*[1] * len(numbers)), year(*numbers))[0]
        assert found is not None
        return found

    assert total(one) + total(other) == total(counts)


@_FEW
@given(st.data())
def test_a_value_lies_within_its_bounds_and_a_mean_among_its_parts(data: st.DataObject) -> None:
    count = data.draw(st.integers(2, 5))
    numbers = st.lists(st.floats(0, 100), min_size=count, max_size=count)
    values, shares = data.draw(numbers), data.draw(numbers)
    people = data.draw(st.lists(st.integers(1, 999), min_size=count, max_size=count))
    made_of = parts(*[max(each, 1) / 100 for each in shares])
    kind = data.draw(st.sampled_from([COUNT, SHARE, MEAN]))
    value, lower, upper, _, _ = of(kind, made_of, year(*values), denominators=year(*people))

    assert value is not None
    assert lower is None or lower <= value + 1e-6
    assert upper is None or value <= upper + 1e-6
    if kind is not COUNT:
        assert min(values) - 1e-6 <= value <= max(values) + 1e-6


@_FEW
@given(st.data())
def test_what_is_told_holds_for_every_way_in_which_a_part_may_lie(data: st.DataObject) -> None:
    """Of each partial part anybody may be inside: the truth never lies beyond the bounds."""
    count = data.draw(st.integers(1, 4))
    people = data.draw(st.lists(st.integers(1, 60), min_size=count, max_size=count))
    ill = [data.draw(st.integers(0, n)) for n in people]
    whole = [data.draw(st.booleans()) for _ in range(count)]
    inside = [n if w else data.draw(st.integers(0, n)) for n, w in zip(people, whole, strict=True)]
    # Of those inside, from the fewest to the most ill that there can be.
    ill_inside = [
        i if w else data.draw(st.integers(max(0, i - (n - m)), min(i, m)))
        for n, i, m, w in zip(people, ill, inside, whole, strict=True)
    ]
    made_of = parts(*[1.0 if w else NAN for w in whole])
    counted = of(COUNT, made_of, year(*ill))

    assert counted[1] is not None
    assert counted[2] is not None
    assert counted[1] <= sum(ill_inside) <= counted[2]
    if sum(inside):
        shares = [100 * i / n for i, n in zip(ill, people, strict=True)]
        _, lower, upper, _, _ = of(SHARE, made_of, year(*shares), denominators=year(*people))
        truth = 100 * sum(ill_inside) / sum(inside)
        assert lower is None or lower <= truth + 1e-6
        assert upper is None or truth <= upper + 1e-6


# What is withheld


def _answers(truth: Floats, hidden: set[int], sets: list[list[int]]) -> list[Told]:
    """All that is told of sets of areas where some cells are withheld, whatever they are."""
    told_of = []
    for rows in sets:
        made_of = parts(*[1.0] * len(rows))
        cells = [SECRET if row in hidden else truth[row] for row in rows]
        people = year(*[100.0 + row for row in rows])
        numbers = year(*[truth[row] for row in rows])
        told_of += [
            of(COUNT, made_of, year(*cells)),
            of(SHARE, made_of, year(*cells), denominators=people, stand_in=people),
            of(RATE, made_of, year(*cells), numerators=numbers, denominators=people),
        ]
    return told_of


@_FEW
@given(st.data())
def test_no_set_of_answers_depends_on_a_cell_that_is_withheld(data: st.DataObject) -> None:
    """The attacker has any number of areas, with and without one of their parts.

    Numerators are published here even where the rate is withheld: they must not give it back.
    """
    count = data.draw(st.integers(2, 7))
    rows = st.lists(st.integers(0, count - 1), min_size=1, max_size=count, unique=True)
    hidden = set(data.draw(rows))
    sets = data.draw(st.lists(rows, min_size=1, max_size=8))
    sets += [[row for row in each if row != gone] for each in sets for gone in each[:1]]
    sets = [each for each in sets if each]
    truth = np.array(data.draw(st.lists(st.integers(0, 99), min_size=count, max_size=count)), float)
    other = truth.copy()
    other[list(hidden)] = data.draw(st.integers(100, 199))

    assert _answers(truth, hidden, sets) == _answers(other, hidden, sets)


@_FEW
@given(st.data())
def test_beside_a_published_whole_our_sums_add_nothing_to_the_cells(data: st.DataObject) -> None:
    """What follows from all our sums and the whole follows from the open cells and the whole."""
    count = data.draw(st.integers(3, 7))
    rows = st.lists(st.integers(0, count - 1), min_size=1, max_size=count, unique=True)
    hidden = set(data.draw(rows))
    sets = data.draw(st.lists(rows, min_size=1, max_size=10))
    cells = np.arange(1.0, count + 1)
    open_cells = [np.eye(count)[row] for row in range(count) if row not in hidden]
    known = np.array([*open_cells, np.ones(count)])
    ours = [
        np.isin(np.arange(count), each).astype(float)
        for each in sets
        if of(COUNT, parts(*[1.0] * len(each)), year(*[
            SECRET if row in hidden else cells[row] for row in each
        ]))[0] is not None
    ]  # fmt: skip

    rank = np.linalg.matrix_rank
    assert rank(np.array([*known, *ours])) == rank(known)
