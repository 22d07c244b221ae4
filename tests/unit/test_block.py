"""A block gives every cell with its reason, and knows where it ends."""

import numpy as np

from db.core.absence import Reason
from db.core.block import NO_LOAD, Block, Cell, SeriesKey
from db.core.levels import Level

BLOCK = Block(
    key=SeriesKey("population", Level.WIJK, 2024),
    periods=(2016, 2020),
    values=np.array([[1.0, np.nan], [np.nan, 2.0]]),
    reasons=np.array([[Reason.OBSERVED, Reason.DOT], [Reason.NO_ROW, Reason.MODELLED]], np.uint8),
    provisional=np.array([[False, False], [False, True]]),
    loads=np.array([[0, 0], [NO_LOAD, 1]], np.uint8),
    load_ids=(7, 9),
    lower=np.array([[np.nan, np.nan], [np.nan, 1.5]]),
    upper=np.array([[np.nan, np.nan], [np.nan, 2.5]]),
)


def test_a_cell_has_its_value_reason_and_load() -> None:
    assert BLOCK.cell(0, 2016) == Cell(1.0, Reason.OBSERVED, False, None, None, 7)


def test_a_modelled_cell_has_the_publishers_margins() -> None:
    assert BLOCK.cell(1, 2020) == Cell(2.0, Reason.MODELLED, True, 1.5, 2.5, 9)


def test_an_absent_cell_has_no_value_but_a_reason() -> None:
    assert BLOCK.cell(0, 2020) == Cell(None, Reason.DOT, False, None, None, 7)


def test_a_cell_that_no_load_gave_has_no_load() -> None:
    assert BLOCK.cell(1, 2016) == Cell(None, Reason.NO_ROW, False, None, None, None)


def test_outside_the_block_nothing_is_loaded() -> None:
    assert BLOCK.cell(0, 2017).reason is Reason.NOT_LOADED
    assert BLOCK.cell(5, 2016).reason is Reason.NOT_LOADED
