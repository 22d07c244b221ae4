"""Texts of columns: kept once reading them has cost as much as writing them all, within bytes."""

import math

import numpy as np
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.core.ranking import Ranking, rank
from schema.column_texts import ColumnTexts, number_texts


def _ranking(count: int) -> Ranking:
    return rank(np.arange(float(count)))


def test_a_column_is_written_once_as_many_cells_were_read_as_it_has() -> None:
    texts, owner = ColumnTexts(), _ranking(10)

    first = [texts.of(owner, "values", 0, 4) for _ in range(2)]
    second = texts.of(owner, "values", 0, 4)

    assert first == [None, None]
    assert second == [f"{value:.1f}" for value in range(9, -1, -1)]
    assert texts.of(owner, "values", 0, 1) is second


def test_columns_of_one_owner_are_counted_apart() -> None:
    texts, owner = ColumnTexts(), _ranking(10)

    assert texts.of(owner, "values", 0, 10) is not None
    assert texts.of(owner, "ranks", 0, 9) is None


def test_what_stands_at_the_address_of_something_gone_is_not_taken_for_it() -> None:
    texts = ColumnTexts()
    for count in range(2, 60):
        owner = _ranking(count)
        found = texts.of(owner, "values", 0, count)
        assert found is not None
        assert len(found) == count
        # Nothing else holds it, so that the next one may stand at its address.
        del owner


def test_what_was_taken_in_first_goes_when_there_is_no_room() -> None:
    texts = ColumnTexts(20_000)
    owners = [_ranking(100) for _ in range(20)]

    for owner in owners:
        assert texts.of(owner, "values", 0, 100) is not None

    assert 1 <= len(texts) < 20
    assert texts.nbytes <= 20_000
    assert texts.of(owners[0], "values", 0, 99) is None


def test_what_is_larger_than_all_that_may_be_kept_is_written_and_not_kept() -> None:
    texts = ColumnTexts(1000)

    assert texts.of(_ranking(1000), "values", 0, 1000) is not None
    assert len(texts) == 0


@given(st.lists(st.floats(allow_infinity=False)))
def test_texts_of_numbers_are_read_back_as_the_same_numbers(numbers: list[float]) -> None:
    found = [orjson.loads(text) for text in number_texts(numbers)]

    assert [math.nan if each is None else each for each in found] == pytest.approx(
        numbers, rel=0, abs=0, nan_ok=True
    )
