"""Values on other boundaries: exact, between bounds that hold, or refused; never invented."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.core.absence import Reason
from db.core.area_links import Method, Vintage, link, weighted
from db.core.figures import Floats
from db.core.harmonise import (
    Carried,
    Published,
    Weights,
    carry_counts,
    carry_mean,
    carry_ratio,
    carry_unchanged,
    compose,
    weights,
)
from tests.uncarried import uncarried
from tests.unit.ground import Pairs, ground

NAN = np.nan
OBSERVED, RECODED, ESTIMATED = Reason.OBSERVED, Reason.RECODED, Reason.ESTIMATED
PART_UNKNOWN, IMPOSSIBLE = Reason.PART_UNKNOWN, Reason.IMPOSSIBLE
OTHER = Reason.OTHER_BOUNDARIES
WATER, SECRET = Reason.WATER_OR_ABROAD, Reason.CONFIDENTIAL


def by(pairs: Pairs, olds: int, news: int, *, recoded: bool = False) -> Weights:
    """Weights from (old row, new row): hectares; both vintages use the same codes in order."""
    old = Vintage(2016, tuple(f"A{row}" for row in range(olds)), ("",) * olds)
    new = Vintage(2017, tuple(f"{'B' if recoded else 'A'}{n}" for n in range(news)), ("",) * news)
    return weights(link(ground(pairs, olds, news), old, new))


def published(*values: float, reasons: list[Reason] | None = None) -> Published:
    given_ = None if reasons is None else np.array(reasons, np.uint8)
    return Published(np.array(values, np.float64), given_)


def cells(carried: Carried) -> list[tuple[float, float, float, Reason]]:
    """Value, lower, upper and reason of each area; -1 stands for NaN, which equals nothing."""
    columns = (
        np.nan_to_num(each, nan=-1).round(9).tolist()
        for each in (carried.values, carried.lower, carried.upper)
    )
    reasons = [Reason(reason) for reason in carried.reasons.tolist()]
    return list(zip(*columns, reasons, strict=True))


UNCHANGED: Pairs = {(0, 0): 5, (1, 1): 7}
MERGE: Pairs = {(0, 0): 5, (1, 0): 7, (2, 1): 9}
SPLIT: Pairs = {(0, 0): 3, (0, 1): 1, (1, 2): 5}
# A piece of a quarter of the first area goes to the second.
PIECE: Pairs = {(0, 0): 3, (0, 1): 1, (1, 1): 4}


# Counts


def test_nothing_changes_where_nothing_changed() -> None:
    given_ = published(12, NAN, reasons=[Reason.MODELLED, SECRET])

    carried = carry_counts(given_, by(UNCHANGED, 2, 2))

    assert cells(carried) == [(12, 12, 12, Reason.MODELLED), (-1, -1, -1, SECRET)]
    assert carried.coverage.tolist() == [1, 0]
    assert carried.blocked.tolist() == [[1, 1, 0]]


def test_a_recoded_area_has_the_value_of_its_former_code() -> None:
    carried = carry_counts(published(12, 0), by(UNCHANGED, 2, 2, recoded=True))

    assert cells(carried) == [(12, 12, 12, RECODED), (0, 0, 0, RECODED)]


def test_a_merged_area_has_the_exact_sum() -> None:
    carried = carry_counts(published(12, 30, 4), by(MERGE, 3, 2))

    assert cells(carried)[0] == (42, 42, 42, RECODED)


def test_a_part_of_a_split_area_has_between_nothing_and_everything() -> None:
    carried = carry_counts(published(100, 8), by(SPLIT, 2, 3))

    assert cells(carried)[:2] == [(75, 0, 100, ESTIMATED), (25, 0, 100, ESTIMATED)]


def test_what_is_whole_is_the_least_and_what_may_come_is_the_most() -> None:
    carried = carry_counts(published(100, 8), by(PIECE, 2, 2))

    assert cells(carried) == [(75, 0, 100, ESTIMATED), (33, 8, 108, ESTIMATED)]


def test_a_split_area_with_nothing_gives_nothing_for_certain() -> None:
    carried = carry_counts(published(0, 8), by(PIECE, 2, 2))

    assert cells(carried) == [(0, 0, 0, ESTIMATED), (8, 8, 8, ESTIMATED)]


def test_an_absent_part_makes_the_whole_absent_and_is_named() -> None:
    given_ = published(12, NAN, 4, reasons=[OBSERVED, SECRET, OBSERVED])

    carried = carry_counts(given_, by(MERGE, 3, 2))

    assert cells(carried) == [(-1, -1, -1, PART_UNKNOWN), (4, 4, 4, RECODED)]
    assert carried.coverage.tolist() == pytest.approx([5 / 12, 1])
    assert carried.blocked.tolist() == [[0, 1, 0]]


def test_parts_absent_for_one_reason_give_it_to_the_whole() -> None:
    not_yet = Reason.NOT_YET_PUBLISHED
    given_ = published(NAN, NAN, 4, reasons=[not_yet, not_yet, OBSERVED])

    assert cells(carry_counts(given_, by(MERGE, 3, 2)))[0] == (-1, -1, -1, not_yet)


def test_water_that_becomes_part_of_an_area_of_land_counts_for_nothing() -> None:
    given_ = published(12, NAN, NAN, reasons=[OBSERVED, WATER, WATER])

    carried = carry_counts(given_, by(MERGE, 3, 2))

    assert cells(carried) == [(12, 12, 12, RECODED), (-1, -1, -1, WATER)]
    assert carried.coverage.tolist() == [1, 1]
    assert carried.blocked.tolist() == []


def test_an_area_where_no_old_one_lies_has_no_value_and_nothing_blocks_it() -> None:
    carried = carry_counts(published(12), by({(0, 0): 5}, 1, 2))

    assert cells(carried)[1] == (-1, -1, -1, OTHER)
    assert carried.coverage.tolist() == [1, 0]
    assert carried.blocked.tolist() == []


def test_of_a_balance_that_is_below_zero_anywhere_nothing_bounds_a_part() -> None:
    """Of +8 a part can be +20 and the other -12."""
    carried = carry_counts(published(8, -5, 3), by({**PIECE, (2, 2): 1}, 3, 3))

    assert cells(carried) == [
        (6, -1, -1, ESTIMATED), (-3, -1, -1, ESTIMATED), (3, 3, 3, OBSERVED),
    ]  # fmt: skip


def test_periods_are_carried_beside_each_other_as_each_would_be_alone() -> None:
    values = np.array([[100.0, 8, NAN], [8, NAN, 1], [3, -1, 2]])
    into = by({**PIECE, (2, 1): 2}, 3, 2)

    together = carry_counts(Published(values), into)

    for period in range(3):
        alone = carry_counts(Published(values[:, period]), into)
        for name in ("values", "lower", "upper", "reasons", "coverage"):
            np.testing.assert_array_equal(getattr(together, name)[:, period], getattr(alone, name))
        blocked = together.blocked[together.blocked[:, 2] == period]
        assert blocked[:, :2].tolist() == alone.blocked[:, :2].tolist()


def test_of_haaren_the_method_decides_whether_vught_or_oisterwijk_gets_most() -> None:
    """2021: by surface 45 % to Vught and 28 % to Oisterwijk, by inhabitants 34 % and 41 %."""
    surface: Pairs = {(0, 0): 45, (0, 1): 28, (0, 2): 27}
    people: Pairs = {(0, 0): 34, (0, 1): 41, (0, 2): 25}
    old = Vintage(2020, ("GM0788",), ("Haaren",))
    new = Vintage(2021, ("GM0865", "GM0824", "rest"), ("Vught", "Oisterwijk", "Boxtel, Tilburg"))
    links = link(ground(surface, 1, 3), old, new)
    inhabitants = published(14_000)

    by_surface = carry_counts(inhabitants, weights(links))
    by_people = carry_counts(
        inhabitants, weights(weighted(links, ground(people, 1, 3), Method.POPULATION))
    )

    assert by_surface.values.tolist() == pytest.approx([6300, 3920, 3780])
    assert by_people.values.tolist() == pytest.approx([4760, 5740, 3500])
    assert by_surface.upper.tolist() == by_people.upper.tolist() == [14_000] * 3


# Rates, shares and means


def test_a_rate_of_a_merged_area_is_the_sum_over_the_sum() -> None:
    """10 on 1,000 inhabitants and 90 on 3,000 are 25 per 1,000, not the mean of 10 and 30."""
    carried = carry_ratio(
        published(10, 90, 0), published(1000, 3000, 500), by(MERGE, 3, 2), factor=1000
    )

    assert cells(carried) == [(25, 25, 25, RECODED), (0, 0, 0, RECODED)]


def test_a_rate_over_a_split_lies_between_all_below_and_all_above() -> None:
    """Whole: 8 over 80. Split: 100 over 20, of which a quarter is taken to come."""
    carried = carry_ratio(published(100, 8), published(20, 80), by(PIECE, 2, 2))

    expected = (33 / 85, 8 / 100, 108 / 80)
    assert cells(carried)[1] == (*(round(each, 9) for each in expected), ESTIMATED)


def test_a_rate_over_nothing_but_a_split_has_no_upper_bound() -> None:
    carried = carry_ratio(published(100, 8), published(20, 80), by(PIECE, 2, 2))

    assert cells(carried)[0] == (5, 0, -1, ESTIMATED)


def test_a_share_is_bounded_by_who_can_have_come() -> None:
    """Whole: 8 of 80. Split: 10 of 20; at least 10 others come, or at most 10 of those counted."""
    carried = carry_ratio(published(10, 8), published(20, 80), by(PIECE, 2, 2), subset=True)

    expected = (10.5 / 85, 8 / 90, 18 / 90)
    assert cells(carried)[1] == (*(round(each, 9) for each in expected), ESTIMATED)
    assert cells(carried)[0] == (0.5, 0, 1, ESTIMATED)


def test_a_share_of_a_split_in_which_all_or_none_are_counted_is_certain() -> None:
    everybody = carry_ratio(published(20, 8), published(20, 80), by(SPLIT, 2, 3), subset=True)
    nobody = carry_ratio(published(0, 8), published(20, 80), by(SPLIT, 2, 3), subset=True)

    assert cells(everybody)[0] == (1, 1, 1, ESTIMATED)
    assert cells(nobody)[0] == (0, 0, 0, ESTIMATED)


def test_a_numerator_above_its_denominator_by_rounding_widens_the_bounds() -> None:
    """25 of 20, as counts rounded to multiples of 5 can be."""
    carried = carry_ratio(published(25, 8), published(20, 80), by(PIECE, 2, 2), subset=True)

    assert cells(carried)[1][1:3] == (0.08, round(33 / 80, 9))


def test_a_denominator_of_zero_makes_a_rate_impossible() -> None:
    carried = carry_ratio(published(0, 0, 3), published(0, 0, 5), by(MERGE, 3, 2))

    assert cells(carried) == [(-1, -1, -1, IMPOSSIBLE), (0.6, 0.6, 0.6, RECODED)]
    assert carried.blocked.tolist() == []


def test_a_rate_is_blocked_by_an_absent_numerator_and_denominator_alike() -> None:
    carried = carry_ratio(published(NAN, 1, 3), published(NAN, NAN, 5), by(MERGE, 3, 2))

    assert cells(carried)[0] == (-1, -1, -1, PART_UNKNOWN)
    assert carried.blocked.tolist() == [[0, 0, 0], [0, 1, 0]]
    assert carried.coverage.tolist() == [0, 1]


def test_a_mean_is_weighted_by_whom_it_is_a_mean_of() -> None:
    """20 over 1,000 and 40 over 3,000 are 35, not 30."""
    carried = carry_mean(published(20, 40, 7), published(1000, 3000, 1), by(MERGE, 3, 2))

    assert cells(carried)[0] == (35, 35, 35, RECODED)


def test_a_share_without_its_numerator_is_carried_by_its_denominator() -> None:
    """50 % of 20 and 10 % of 80, as the same shares with their numerators above."""
    carried = carry_mean(published(50, 10), published(20, 80), by(PIECE, 2, 2), whole=100)

    expected = (1050 / 85, 800 / 90, 1800 / 90)
    assert cells(carried)[1] == (*(round(each, 9) for each in expected), ESTIMATED)


def test_a_part_without_anybody_needs_no_mean() -> None:
    given_ = published(20, NAN, 7, reasons=[OBSERVED, IMPOSSIBLE, OBSERVED])

    carried = carry_mean(given_, published(1000, 0, 1), by(MERGE, 3, 2))

    assert cells(carried)[0] == (20, 20, 20, RECODED)


def test_a_mean_whose_denominator_is_absent_is_named_as_blocked() -> None:
    carried = carry_mean(published(20, 30, 7), published(1000, NAN, 1), by(MERGE, 3, 2))

    assert cells(carried)[0] == (-1, -1, -1, PART_UNKNOWN)
    assert carried.blocked.tolist() == [[0, 1, 0]]


def test_where_the_border_did_not_change_a_mean_needs_no_denominator() -> None:
    given_ = published(0.1, NAN, reasons=[OBSERVED, SECRET])

    carried = carry_mean(given_, published(NAN, 3), by(UNCHANGED, 2, 2))

    assert cells(carried) == [(0.1, 0.1, 0.1, OBSERVED), (-1, -1, -1, SECRET)]
    assert carried.blocked.tolist() == [[1, 1, 0]]


# Medians, classes, indices


def test_a_median_is_carried_only_over_a_border_that_did_not_change() -> None:
    into = by({(0, 0): 5, (1, 1): 7, (2, 1): 2}, 3, 2)

    carried = carry_unchanged(published(250, 300, 310), into)

    assert cells(carried) == [(250, 250, 250, OBSERVED), (-1, -1, -1, OTHER)]
    assert carried.blocked.tolist() == []
    assert Reason(int(carried.reasons[1])).status.value == "NOT_COMPARABLE"


def test_an_index_below_zero_keeps_its_value_over_a_recoding() -> None:
    carried = carry_unchanged(published(-0.25, 0.5), by(UNCHANGED, 2, 2, recoded=True))

    assert cells(carried)[0] == (-0.25, -0.25, -0.25, RECODED)


# Chains


def test_an_area_split_and_put_together_again_is_whole_but_its_border_counts_as_changed() -> None:
    apart, together = by(SPLIT, 2, 3), by({(0, 0): 3, (1, 0): 1, (2, 1): 5}, 3, 2)

    chain = compose(apart, together)

    assert cells(carry_counts(published(100, 8), chain)) == [
        (100, 100, 100, RECODED), (8, 8, 8, RECODED),
    ]  # fmt: skip
    assert cells(carry_unchanged(published(100, 8), chain))[0] == (-1, -1, -1, OTHER)


def test_a_chain_of_recodings_is_a_recoding() -> None:
    chain = compose(by(UNCHANGED, 2, 2), by(UNCHANGED, 2, 2, recoded=True))

    assert cells(carry_unchanged(published(3, 4), chain)) == [
        (3, 3, 3, RECODED),
        (4, 4, 4, RECODED),
    ]


def test_what_goes_nowhere_on_the_way_is_lost_and_said_to_be() -> None:
    chain = compose(by(SPLIT, 2, 3), by({(0, 0): 3, (2, 1): 5}, 3, 2))

    assert uncarried(np.array([100.0, 8]), chain).tolist() == [25, 0]
    assert cells(carry_counts(published(100, 8), chain))[0] == (75, 0, 100, ESTIMATED)


def test_without_areas_nothing_is_carried() -> None:
    none = by({}, 0, 0)

    assert carry_counts(Published(np.empty(0)), none).values.shape == (0,)
    assert carry_mean(
        Published(np.empty((0, 3))), Published(np.empty((0, 3))), compose(none, none)
    ).values.shape == (0, 3)


# Whole vintages


ROWS = st.integers(0, 4)
PAIRS = st.dictionaries(st.tuples(ROWS, ROWS), st.floats(0.01, 1e4), min_size=1, max_size=14)


@st.composite
def countries(draw: st.DrawFn) -> tuple[Pairs, Floats, Floats]:
    """Shares of ground, and who really lives on each piece of it: cases, and all inhabitants."""
    pairs = draw(PAIRS)
    size = len(pairs)
    numbers = st.lists(st.integers(0, 500), min_size=size, max_size=size)
    cases, others = np.array(draw(numbers), float), np.array(draw(numbers), float)
    return pairs, cases, cases + others


def counted(pairs: Pairs, people: Floats, side: int) -> Floats:
    """People by old (0) or new (1) area; none where there is no ground."""
    rows = [place[side] for place in sorted(pairs)]
    counts: Floats = np.bincount(rows, people, 5).astype(np.float64)
    return counts


def contains(carried: Carried, truth: Floats) -> bool:
    """Whether the truth lies within the bounds; NaN bounds nothing."""
    low, high = np.nan_to_num(carried.lower, nan=-1e9), np.nan_to_num(carried.upper, nan=1e9)
    some = ~np.isnan(carried.values) & ~np.isnan(truth)
    slack = 1e-9
    return bool(((low - slack <= truth) & (truth <= high + slack))[some].all())


@given(countries())
def test_totals_are_conserved_over_whole_vintages(country: tuple[Pairs, Floats, Floats]) -> None:
    pairs, _, people = country
    values = counted(pairs, people, 0)

    carried = carry_counts(Published(values), by(pairs, 5, 5))

    assert np.nansum(carried.values) == pytest.approx(values.sum())
    assert uncarried(values, by(pairs, 5, 5)).sum() == 0


@given(countries())
def test_bounds_contain_the_estimate_and_wherever_people_really_live(
    country: tuple[Pairs, Floats, Floats],
) -> None:
    pairs, _, people = country

    carried = carry_counts(Published(counted(pairs, people, 0)), by(pairs, 5, 5))

    assert contains(carried, carried.values)
    assert contains(carried, counted(pairs, people, 1))


@given(countries())
def test_what_is_said_to_be_exact_is_the_truth(country: tuple[Pairs, Floats, Floats]) -> None:
    pairs, _, people = country

    carried = carry_counts(Published(counted(pairs, people, 0)), by(pairs, 5, 5))

    exact = np.isin(carried.reasons, [OBSERVED, RECODED])
    assert carried.values[exact].tolist() == counted(pairs, people, 1)[exact].tolist()
    assert (carried.lower == carried.upper)[exact].all()


@given(countries(), st.booleans())
def test_bounds_of_shares_and_rates_contain_estimate_and_truth(
    country: tuple[Pairs, Floats, Floats], subset: bool
) -> None:
    pairs, cases, people = country
    over, under = (Published(counted(pairs, each, 0)) for each in (cases, people))
    below = counted(pairs, people, 1)

    carried = carry_ratio(over, under, by(pairs, 5, 5), factor=100, subset=subset)

    true = np.full(5, NAN)
    np.divide(100 * counted(pairs, cases, 1), below, out=true, where=below > 0)
    assert contains(carried, carried.values)
    assert contains(carried, true)


@given(countries())
def test_bounds_of_a_share_are_never_wider_than_those_of_a_rate(
    country: tuple[Pairs, Floats, Floats],
) -> None:
    pairs, cases, people = country
    over, under = (Published(counted(pairs, each, 0)) for each in (cases, people))

    share = carry_ratio(over, under, by(pairs, 5, 5), subset=True)
    rate = carry_ratio(over, under, by(pairs, 5, 5))

    assert contains(rate, share.lower)
    assert contains(rate, share.upper)


@given(countries())
def test_a_share_carried_by_its_denominator_is_that_carried_with_its_numerator(
    country: tuple[Pairs, Floats, Floats],
) -> None:
    pairs, cases, people = country
    over, under = counted(pairs, cases, 0), counted(pairs, people, 0)
    per_cent = np.full(5, NAN)
    np.divide(100 * over, under, out=per_cent, where=under > 0)
    into = by(pairs, 5, 5)

    by_mean = carry_mean(Published(per_cent), Published(under), into, whole=100)
    by_ratio = carry_ratio(Published(over), Published(under), into, factor=100, subset=True)

    for name in ("values", "lower", "upper"):
        np.testing.assert_allclose(getattr(by_mean, name), getattr(by_ratio, name), atol=1e-9)


@given(countries(), st.lists(st.booleans(), min_size=5, max_size=5))
def test_a_value_is_known_exactly_where_all_its_parts_are_and_else_they_are_named(
    country: tuple[Pairs, Floats, Floats], absent: list[bool]
) -> None:
    pairs, _, people = country
    values = np.where(absent, NAN, counted(pairs, people, 0))

    carried = carry_counts(Published(values), by(pairs, 5, 5))

    for new in range(5):
        parts = [o for o, n in sorted(pairs) if n == new]
        missing = [o for o in parts if absent[o]]
        assert np.isnan(carried.values[new]) == bool(missing or not parts)
        assert carried.blocked[carried.blocked[:, 0] == new, 1].tolist() == missing


def dense(of: Weights) -> tuple[Floats, Floats]:
    """Both matrices, new by old."""
    into, from_ = np.zeros((of.news, of.olds)), np.zeros((of.news, of.olds))
    for old, new, share, part in zip(of.old, of.new, of.of_old, of.of_new, strict=True):
        into[new, old] += share
        from_[new, old] += part
    return into, from_


@given(PAIRS, PAIRS)
def test_chains_are_products_of_matrices(first: Pairs, then: Pairs) -> None:
    one, two = by(first, 5, 5), by(then, 5, 5)

    chain = compose(one, two)

    for product, left, right in zip(dense(chain), dense(two), dense(one), strict=True):
        np.testing.assert_allclose(product, left @ right, atol=1e-12)
    assert (np.diff(chain.new.astype(np.int64) * 5 + chain.old) > 0).all()


@given(countries())
def test_merging_all_and_reading_is_summing_all(country: tuple[Pairs, Floats, Floats]) -> None:
    pairs, _, people = country
    values = counted(pairs, people, 0)
    merged: Pairs = dict.fromkeys([(row, 0) for row in range(5)], 1.0)

    assert cells(carry_counts(Published(values), by(merged, 5, 1))) == [
        (values.sum(), values.sum(), values.sum(), RECODED)
    ]
