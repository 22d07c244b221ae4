"""Rows read by their place: what is picked out of columns, and the numbers of one area."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from db.core.absence import Reason
from db.core.block import Block, SeriesKey
from db.core.levels import Level
from schema.figures import Column
from schema.ground import Chosen, Listed, Made, Moved, Reader
from schema.spread import Cells, NumberReader, Spread, numbers_of_row

_INDICATOR = cast(Any, None)
"""Where a column lies does not depend on what it is of."""


class Shouted(Reader):
    """Another kind of reader: what stands in a list, with a mark."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts

    @property
    def kind(self) -> object:
        return self

    def row(self, context: Any, row: int) -> Sequence[str]:
        return [f"{self._texts[row]}!"]

    def columns(self, context: Any, chosen: Chosen) -> Sequence[Sequence[str]]:
        return [[f"{text}!" for text in chosen.pick(self._texts)]]


@given(st.lists(st.integers(0, 9), max_size=6) | st.builds(range, st.integers(0, 4), st.just(7)))
def test_what_stands_at_rows_is_picked_one_by_one_whatever_the_sequence_is(
    rows: Sequence[int],
) -> None:
    letters = list("abcdefghij")
    expected = [letters[row] for row in rows]

    for sequence in (letters, tuple(letters), Made(letters.__getitem__, len(letters))):
        assert list(Chosen(rows).pick(sequence)) == expected


@given(st.lists(st.sampled_from(["plain", "shouted"]), min_size=1, max_size=6))
def test_texts_of_another_ground_come_in_the_order_of_their_places(kinds: list[str]) -> None:
    at = [2, 0, 1]
    lists = [[f"{letter}{row}" for row in range(3)] for letter in "abcdef"]
    readers: list[Reader] = [
        Listed(texts) if kind == "plain" else Shouted(texts)
        for kind, texts in zip(kinds, lists, strict=False)
    ]
    moved = [Moved([reader], at) for reader in readers]
    joined = moved[0].joined(moved)

    def told(row: int) -> list[str]:
        return [each.row(None, at[row])[0] for each in readers]

    assert [list(joined.row(None, row)) for row in range(3)] == [told(row) for row in range(3)]
    columns = joined.columns(None, Chosen([2, 1]))
    assert [list(row) for row in zip(*columns, strict=True)] == [told(2), told(1)]


@given(st.data())
def test_the_numbers_of_a_row_are_its_cells_and_nothing_where_there_is_none(
    data: st.DataObject,
) -> None:
    keys = [SeriesKey(name, Level.WIJK, 2024) for name in ("a", "b", "lost")]
    blocks = [np.arange(12.0).reshape(4, 3), 100 + np.arange(6.0).reshape(2, 3), None]
    # Mostly years side by side of one indicator, as people ask for them.
    years = st.sampled_from([(0, 1, 2), (1, 2), (0, 1), (-1,), (2,), (2, 1)])
    spans = data.draw(st.lists(st.tuples(st.integers(0, 2), years), min_size=1, max_size=4))
    asked = [(which, place) for which, places in spans for place in places]
    row = data.draw(st.integers(0, 4))
    spread = Spread(
        tuple(
            Column(_INDICATOR, keys[which], 2020 + place, place, Reason.NOT_LOADED, ())
            for which, place in asked
        )
    )

    def cell(which: int, place: int) -> float:
        block = blocks[which]
        there = block is not None and place >= 0 and row < len(block)
        return float(block[row, place]) if there and block is not None else np.nan

    found = numbers_of_row(spread, [blocks[keys.index(key)] for key in spread.keys], row)

    np.testing.assert_array_equal(found, [cell(*each) for each in asked])


def test_areas_that_joined_after_a_block_was_made_have_no_number_however_often_they_are_read() -> (
    None
):
    key = SeriesKey("late", Level.WIJK, 2024)
    block = Block(
        key=key,
        periods=(2024,),
        values=np.arange(3.0).reshape(3, 1),
        reasons=np.zeros((3, 1), np.uint8),
        provisional=np.zeros((3, 1), np.bool_),
        loads=np.zeros((3, 1), np.uint8),
        load_ids=(),
    )
    context = cast(Any, SimpleNamespace(blocks=lambda _: [block]))
    table = cast(Any, range(5))
    column = Column(_INDICATOR, key, 2024, 0, Reason.NOT_LOADED, ())
    reader = NumberReader(Cells(Spread((column,)), table), "values")
    expected = ["0.0", "1.0", "2.0", "null", "null"]

    for rows in (range(5), [4, 3, 2, 1, 0], range(2, 5)) * 3:
        (texts,) = reader.columns(context, Chosen(rows))
        assert list(texts) == [expected[row] for row in rows]
    assert [reader.row(context, row)[0] for row in range(5)] == expected
