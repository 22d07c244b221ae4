"""What two blocks of a series have differently, whatever years and areas each has."""

import numpy as np

from db.core.absence import Reason
from db.core.block import NO_LOAD, Block, SeriesKey
from db.core.change import cell_difference
from db.core.levels import Level

KEY = SeriesKey("population", Level.WIJK, 2024)


def _block(
    values: list[list[float | None]],
    periods: tuple[int, ...] = (2024,),
    *,
    load: int = 1,
    provisional: bool = False,
) -> Block:
    """None is a cell that no load gave."""
    numbers = np.array([[np.nan if v is None else v for v in row] for row in values])
    given = ~np.isnan(numbers)
    return Block(
        key=KEY,
        periods=periods,
        values=numbers,
        reasons=np.where(given, np.uint8(Reason.OBSERVED), np.uint8(Reason.NOT_LOADED)),
        provisional=given & provisional,
        loads=np.where(given, np.uint8(0), np.uint8(NO_LOAD)),
        load_ids=(load,),
    )


def _cells(before: Block | None, after: Block | None) -> list[tuple[int, int]]:
    found = cell_difference(before, after)
    width = len(found.periods)
    return [(p // width, found.periods[p % width]) for p in found.positions.tolist()]


def test_equal_blocks_differ_in_nothing() -> None:
    assert _cells(_block([[1.0], [None]]), _block([[1.0], [None]])) == []


def test_a_revised_cell_is_the_only_one_told() -> None:
    assert _cells(_block([[1.0], [2.0]]), _block([[1.0], [3.0]])) == [(1, 2024)]


def test_a_new_year_and_a_new_area_tell_only_their_own_cells() -> None:
    before = _block([[1.0]], (2024,))
    after = _block([[5.0, 1.0], [None, 2.0]], (2023, 2024))
    assert _cells(before, after) == [(0, 2023), (1, 2024)]


def test_a_cell_that_is_definitive_now_is_told_though_its_value_is_the_same() -> None:
    assert _cells(_block([[1.0]], provisional=True), _block([[1.0]])) == [(0, 2024)]


def test_the_same_value_from_another_load_is_told() -> None:
    assert _cells(_block([[1.0]], load=1), _block([[1.0]], load=2)) == [(0, 2024)]


def test_a_block_that_comes_or_goes_tells_all_that_it_has() -> None:
    block = _block([[1.0], [None], [3.0]])
    assert _cells(None, block) == _cells(block, None) == [(0, 2024), (2, 2024)]
    assert _cells(None, None) == []
