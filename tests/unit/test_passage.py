"""The way between two vintages: by maps where it can, back first where that shows more."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.core.absence import Reason
from db.core.area_links import AreaLinks, LinkKind, Method, Vintage, link
from db.core.harmonise import Published, carry_counts
from db.core.link_forms import stated
from db.core.passage import Pair, Step, passage, route, stay
from tests.unit.ground import Pairs, ground

MAPPED = [Pair(2017, 2019, False), Pair(2019, 2022, False), Pair(2022, 2024, False)]
STATED = [Pair(2019, 2020, True), Pair(2020, 2021, True), Pair(2021, 2022, True)]


def way(source: int, target: int) -> list[tuple[int, int]] | None:
    """The years gone through."""
    steps = route([*STATED, *MAPPED], source, target)
    if steps is None:
        return None
    return [
        (step.pair.old, step.pair.new) if step.forward else (step.pair.new, step.pair.old)
        for step in steps
    ]


@pytest.mark.parametrize(
    ("source", "target", "years"),
    [
        (2017, 2024, [(2017, 2019), (2019, 2022), (2022, 2024)]),
        (2024, 2019, [(2024, 2022), (2022, 2019)]),
        (2019, 2019, []),
        # One statement and a map instead of two statements: the map shows what was merged.
        (2020, 2022, [(2020, 2019), (2019, 2022)]),
        (2021, 2024, [(2021, 2022), (2022, 2024)]),
        (2020, 2021, [(2020, 2021)]),
        (2024, 2020, [(2024, 2022), (2022, 2019), (2019, 2020)]),
    ],
)
def test_maps_go_before_statements_and_few_steps_before_many(
    source: int, target: int, years: list[tuple[int, int]]
) -> None:
    assert way(source, target) == years


def test_there_is_no_way_to_a_vintage_that_nothing_links() -> None:
    assert way(2017, 2012) is None


@given(st.sampled_from(range(2017, 2025)), st.sampled_from(range(2017, 2025)))
def test_the_way_back_has_as_many_statements_as_the_way_there(one: int, other: int) -> None:
    there = route([*STATED, *MAPPED], one, other)
    back = route([*STATED, *MAPPED], other, one)
    assert (there is None) == (back is None)
    assert sum(s.pair.stated for s in there or ()) == sum(s.pair.stated for s in back or ())


def vintage(codes: str, year: int) -> Vintage:
    return Vintage(year, tuple(codes), tuple(codes))


def mapped(pairs: Pairs, old: Vintage, new: Vintage) -> AreaLinks:
    return link(ground(pairs, len(old.codes), len(new.codes)), old, new)


Y2019, Y2020, Y2022 = vintage("ABCD", 2019), vintage("ABCD", 2020), vintage("ED", 2022)
THREE_IN_ONE = mapped({(0, 0): 2, (1, 0): 3, (2, 0): 5, (3, 1): 4}, Y2019, Y2022)
PAIRS = Pair(2019, 2020, True), Pair(2019, 2022, False)


def test_figures_of_a_year_without_a_map_are_the_exact_sum_of_what_was_merged_later() -> None:
    links = dict(zip(PAIRS, (stated(Y2019, Y2020, [1, 1, 1, 1]), THREE_IN_ONE), strict=True))
    found = passage(route(PAIRS, 2020, 2022) or (), links)

    carried = carry_counts(Published(np.array([10.0, 20, 30, 7])), found.weights)

    assert carried.values.tolist() == [60, 7]
    assert carried.reasons.tolist() == [Reason.RECODED, Reason.OBSERVED]
    assert found.methods == (Method.SURFACE, Method.STATED)


def test_a_sum_of_which_one_part_cannot_be_placed_is_no_sum() -> None:
    """B changed in 2020: what it then was is not known, so neither is the area it went into."""
    links = dict(zip(PAIRS, (stated(Y2019, Y2020, [1, 3, 1, 1]), THREE_IN_ONE), strict=True))
    found = passage(route(PAIRS, 2020, 2022) or (), links)

    carried = carry_counts(Published(np.array([10.0, 20, 30, 7])), found.weights)

    assert found.weights.unknown.tolist() == [True, False]
    assert np.nan_to_num(carried.values, nan=-1).tolist() == [-1, 7]
    assert carried.reasons.tolist() == [Reason.OTHER_BOUNDARIES, Reason.OBSERVED]


def test_backward_a_merged_area_is_shared_out_by_what_each_part_gave() -> None:
    steps = (Step(PAIRS[1], False),)

    found = passage(steps, {PAIRS[1]: THREE_IN_ONE})

    carried = carry_counts(Published(np.array([100.0, 7])), found.weights)
    assert carried.values.tolist() == pytest.approx([20, 30, 50, 7])
    assert carried.reasons.tolist() == [*[Reason.ESTIMATED] * 3, Reason.OBSERVED]


def test_who_stays_carries_everything_as_it_is() -> None:
    found = stay(3)

    carried = carry_counts(Published(np.array([1.0, np.nan, 3])), found.weights)

    assert found.methods == ()
    assert carried.reasons.tolist() == [Reason.OBSERVED, Reason.NO_FIGURE, Reason.OBSERVED]
    assert set(found.weights.kinds.tolist()) == {LinkKind.SAME}
