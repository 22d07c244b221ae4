"""Texts of rows that are made once."""

from collections.abc import Sequence
from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from service.rest.features.row_texts import RowTexts, filled

_ROWS = st.lists(st.integers(0, 9), max_size=12)


class _Owner:
    pass


@given(st.lists(st.tuples(st.integers(0, 3), _ROWS), max_size=12))
def test_rows_are_what_was_made_of_them_however_much_is_forgotten(
    asked: list[tuple[int, list[int]]],
) -> None:
    texts, owner = RowTexts(40), _Owner()
    for key, rows in asked:
        kept = texts.of(owner, key, 10, 2)
        assert kept is not None
        assert filled(kept, rows, partial(_made, key)) == _made(key, rows)
        assert texts.nbytes <= 40


def _made(key: int, rows: Sequence[int]) -> list[bytes]:
    return [b"%d of %d" % (row, key) for row in rows]


def test_a_row_is_made_once() -> None:
    kept = RowTexts(1000).of(owner := _Owner(), "x", 4, 1)
    assert kept is not None
    made: list[int] = []

    def make(lacking: list[int]) -> list[bytes]:
        made.extend(lacking)
        return _made(0, lacking)

    filled(kept, [1, 3], make)
    filled(kept, [3, 2], make)
    assert made == [1, 3, 2]
    del owner


def test_another_owner_at_the_same_address_gets_none_of_it() -> None:
    texts = RowTexts(10_000)
    for n in range(50):
        # Each is gone before the next comes, which is then mostly put in its place.
        owner = _Owner()
        kept = texts.of(owner, "x", 2, 1)
        assert kept == [b"", b""]
        filled(kept, [0], partial(_made, n))
        del owner


def test_what_would_take_half_of_all_is_not_kept() -> None:
    texts = RowTexts(100)
    assert texts.of(texts, "x", 51, 1) is None
    assert texts.of(texts, "x", 50, 1) is not None
