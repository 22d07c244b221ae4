"""What years state together: a change anywhere is one, and no change needs every year."""

from hypothesis import given
from hypothesis import strategies as st

from db.core.stated_changes import MOVED, RECODED, UNCHANGED, over_span

_changes = st.sampled_from([None, UNCHANGED, RECODED, MOVED])


def _over(*changes: int | None) -> int | None:
    """What the years 2017 and on, in order, say of one area."""
    by_year = {
        2017 + at: {} if change is None else {"WK900100": change}
        for at, change in enumerate(changes)
    }
    (said,) = over_span(["WK900100"], by_year, 2016, 2016 + len(changes))
    return said


def test_unchanged_in_every_year_is_unchanged_over_all() -> None:
    assert _over(1, 1, 1) == UNCHANGED


def test_a_silent_year_hides_no_change_of_another_and_leaves_no_change_unsaid() -> None:
    assert [_over(3, None, 1), _over(None, 3), _over(1, None, 1), _over(None)] == [3, 3, None, None]


def test_before_it_was_recoded_a_code_was_that_of_another_area() -> None:
    assert [_over(3, 2, 1), _over(1, 2, 1), _over(2, 3, 1)] == [RECODED, RECODED, MOVED]


def test_years_outside_the_span_say_nothing_of_it() -> None:
    by_year = {2016: {"WK900100": 3}, 2017: {"WK900100": 1}, 2018: {"WK900100": 3}}

    assert over_span(["WK900100"], by_year, 2016, 2017) == [UNCHANGED]
    assert over_span(["WK900101"], by_year, 2016, 2017) == [None]


@given(st.lists(_changes, min_size=1, max_size=5), st.lists(_changes, min_size=1, max_size=5))
def test_two_spans_one_after_the_other_say_what_both_say_together(
    first: list[int | None], then: list[int | None]
) -> None:
    before, after = _over(*first), _over(*then)

    # The later change is the one of this code; only then, or where all was still, the earlier one.
    changed = after if after in (RECODED, MOVED) else before if before in (RECODED, MOVED) else None
    still = UNCHANGED if before == after == UNCHANGED else None
    assert _over(*first, *then) == (changed or still)
