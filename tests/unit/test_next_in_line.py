"""Which areas come next: no tie broken, nothing unknown counted, no order of rows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.core.next_in_line import Next, next_in_line


def asked(least: list[int], most: list[int], first: int, out: tuple[int, ...] = ()) -> Next:
    candidates = np.array([row not in out for row in range(len(least))])
    return next_in_line(np.array(least), np.array(most), candidates, first)


@pytest.mark.parametrize(
    ("first", "surely", "tied", "cut"),
    [(1, [0], [], 5), (2, [0], [1, 2], 4), (3, [0, 1, 2], [], 4), (4, [0, 1, 2, 3], [], 1),
     (9, [0, 1, 2, 3], [], 1)],
)  # fmt: skip
def test_a_tie_at_the_cut_is_told_apart(
    first: int, surely: list[int], tied: list[int], cut: int
) -> None:
    found = asked([5, 4, 4, 1, 0], [5, 4, 4, 1, 0], first)
    assert (found.surely.tolist(), found.tied.tolist(), found.cut) == (surely, tied, cut)


def test_an_unknown_domain_puts_an_area_in_neither_list() -> None:
    found = asked([5, 4, 3, 0, 1], [5, 4, 3, 4, 3], 2)
    assert (found.surely.tolist(), found.tied.tolist()) == ([0, 1], [])
    assert found.perhaps.tolist() == [3]


def test_members_are_not_next() -> None:
    assert asked([5, 4], [5, 4], 1, out=(0,)).surely.tolist() == [1]


_ROWS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 3)), min_size=1, max_size=30)


@given(_ROWS, st.integers(1, 12), st.randoms())
def test_the_order_of_rows_decides_nothing(
    rows: list[tuple[int, int]], first: int, chance: object
) -> None:
    order = list(range(len(rows)))
    chance.shuffle(order)  # type: ignore[attr-defined]

    def found(at: list[int]) -> list[set[int]]:
        of = asked([rows[i][0] for i in at], [sum(rows[i]) for i in at], first)
        return [{at[row] for row in each.tolist()} for each in (of.surely, of.tied, of.perhaps)]

    surely, tied, perhaps = found(list(range(len(rows))))
    assert [surely, tied, perhaps] == found(order)
    assert len(surely) <= first
    assert not surely & tied
    assert not perhaps & (surely | tied)
    if tied:
        assert len(surely | tied) > first
    others = set(range(len(rows))) - surely - tied
    lowest = min((rows[i][0] for i in surely), default=7)
    assert all(rows[i][0] < lowest for i in others)
