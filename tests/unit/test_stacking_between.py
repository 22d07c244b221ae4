"""One thing among the areas of a stacking: as one of them, and between its bounds."""

from collections.abc import Mapping

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from db.core.stacking import NO, UNKNOWN, YES, Stacking, stack
from db.core.stacking_between import Between, stack_between
from db.core.stacking_definition import StackingDefinition, StackingDomain, WeightedIndicator

SLUGS = ("a", "b", "c")
DEFINED = StackingDefinition(
    "test",
    1,
    "",
    "",
    (
        StackingDomain("ab", "", "", (WeightedIndicator("a"), WeightedIndicator("b", 2))),
        StackingDomain("c", "", "", (WeightedIndicator("c"),), 60),
    ),
    threshold=80,
    minimum_inhabitants=1,
)
_place = st.one_of(st.just(float("nan")), st.integers(0, 100).map(float))
_rows = st.lists(st.tuples(_place, _place, _place), min_size=2, max_size=8)


def _stacked(rows: list[tuple[float, float, float]]) -> Stacking:
    count = len(rows)
    people = np.arange(1.0, count + 1)
    return stack(
        DEFINED, np.array(rows), SLUGS, inhabitants=people, eligible=np.ones(count, np.bool_)
    )


def _named(row: tuple[float, ...]) -> Mapping[str, float]:
    return dict(zip(SLUGS, row, strict=True))


@given(_rows)
def test_with_the_figures_of_an_area_it_is_stacked_as_that_area(
    rows: list[tuple[float, float, float]],
) -> None:
    whole = _stacked(rows)

    for at, row in enumerate(rows):
        found = stack_between(whole, _named(row), _named(row))

        assert found.exceeded.tolist() == whole.exceeded[at].tolist()
        np.testing.assert_allclose(found.percentiles[0], whole.percentiles[at])
        np.testing.assert_array_equal(found.percentiles[0], found.percentiles[1])


@given(_rows, st.data())
def test_what_is_said_between_bounds_holds_for_all_that_lies_between(
    rows: list[tuple[float, float, float]], data: st.DataObject
) -> None:
    whole = _stacked(rows)
    ends = [sorted(data.draw(st.tuples(*[st.integers(0, 100)] * 2))) for _ in SLUGS]
    inside = [float(data.draw(st.integers(low, high))) for low, high in ends]

    wide = _between(whole, ends)
    exact = stack_between(whole, _named(tuple(inside)), _named(tuple(inside)))

    for said, true in zip(wide.exceeded.tolist(), exact.exceeded.tolist(), strict=True):
        assert said in (true, UNKNOWN)
    known = ~np.isnan(exact.percentiles[0])
    assert (wide.percentiles[0] <= exact.percentiles[0])[known].all()
    assert (exact.percentiles[1] <= wide.percentiles[1])[known].all()


def _between(whole: Stacking, ends: list[list[int]]) -> Between:
    low, high = (tuple(float(each[end]) for each in ends) for end in (0, 1))
    return stack_between(whole, _named(low), _named(high))


def test_a_domain_of_too_few_known_indicators_is_unknown_and_never_a_no() -> None:
    whole = _stacked([(10.0, 20.0, 30.0), (90.0, 80.0, 70.0)])

    found = stack_between(whole, {"a": 99.0, "c": 99.0}, {"a": 99.0, "c": 99.0})

    # A third of the weight of the first domain is known; half is asked.
    assert found.exceeded.tolist() == [UNKNOWN, YES]
    assert found.at((80.0, 101.0)).tolist() == [UNKNOWN, NO]
