"""The rule by which a load's cells open, close or leave standing cells."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from db.core.absence import Reason
from db.core.block import NO_LOAD, Block, SeriesKey
from db.core.levels import Level
from db.core.merge import FIRST_ABSENT, Incoming, Merged, Standing, merge

KEY = SeriesKey("population", Level.WIJK, 2024)
AREAS = 4
DEFAULTS = np.full(AREAS, Reason.NO_ROW, np.uint8)

Cells = dict[tuple[int, int], "float | Reason"]
"""(ordinal, year) -> value, or the reason why there is none."""


def incoming(cells: Cells, *, load: int, rank: int = 50) -> Incoming:
    places = list(cells)
    values = [v if isinstance(v, float) else np.nan for v in cells.values()]
    reasons = [v if isinstance(v, Reason) else Reason.OBSERVED for v in cells.values()]
    return Incoming(
        ordinals=np.array([o for o, _ in places], np.int64),
        periods=np.array([p for _, p in places], np.int32),
        values=np.array(values, np.float64),
        reasons=np.array(reasons, np.uint8),
        provisional=np.zeros(len(places), np.bool_),
        lower=None,
        upper=None,
        load=load,
        rank=rank,
    )


def merged(
    standing: Block | None, cells: Cells, *, load: int, loads: dict[int, Standing], rank: int = 50
) -> Merged:
    return merge(
        KEY, standing, incoming(cells, load=load, rank=rank), defaults=DEFAULTS, loads=loads
    )


def first(cells: Cells, rank: int = 50) -> Block:
    return merged(None, cells, load=1, loads={}, rank=rank).block


def known(block: Block) -> Cells:
    """The cells of a block that some load gave."""
    found: Cells = {}
    for ordinal, column in zip(*np.nonzero(block.loads != NO_LOAD), strict=True):
        reason = Reason(int(block.reasons[ordinal, column]))
        value = float(block.values[ordinal, column])
        place = (int(ordinal), block.periods[column])
        found[place] = value if reason.status.has_value else reason
    return found


SAME = {1: Standing(50, True)}
OTHER = {1: Standing(50, False)}


def test_a_first_load_opens_exactly_its_cells() -> None:
    result = merged(None, {(0, 2020): 5.0, (2, 2020): Reason.DOT}, load=1, loads={})
    assert known(result.block) == {(0, 2020): 5.0, (2, 2020): Reason.DOT}
    assert (int(result.opened.sum()), int(result.closed.sum())) == (2, 0)


def test_an_area_that_no_load_mentions_keeps_its_default_reason() -> None:
    block = first({(0, 2020): 5.0})
    assert block.cell(3, 2020).reason is Reason.NO_ROW
    assert block.cell(3, 2020).load is None


def test_the_same_cells_again_open_nothing() -> None:
    cells: Cells = {(0, 2020): 5.0, (1, 2020): Reason.CONFIDENTIAL}
    assert not merged(first(cells), cells, load=2, loads=SAME).opened.any()


def test_a_correction_closes_the_old_cell_and_opens_the_new_one() -> None:
    result = merged(first({(0, 2020): 5.0, (1, 2020): 7.0}), {(0, 2020): 6.0, (1, 2020): 7.0},
                    load=2, loads=SAME)  # fmt: skip
    assert known(result.block) == {(0, 2020): 6.0, (1, 2020): 7.0}
    assert result.opened.tolist() == result.closed.tolist()
    assert int(result.opened.sum()) == 1


def test_a_late_figure_replaces_the_empty_cell_of_its_own_dataset() -> None:
    result = merged(first({(0, 2020): Reason.NOT_YET_PUBLISHED}), {(0, 2020): 6.0},
                    load=2, loads=SAME)  # fmt: skip
    assert known(result.block) == {(0, 2020): 6.0}


def test_a_dataset_may_withdraw_its_own_value() -> None:
    result = merged(first({(0, 2020): 5.0}), {(0, 2020): Reason.CONFIDENTIAL}, load=2, loads=SAME)
    assert known(result.block) == {(0, 2020): Reason.CONFIDENTIAL}


def test_a_row_that_its_dataset_no_longer_has_becomes_no_row() -> None:
    standing = first({(0, 2020): 5.0, (1, 2020): 7.0})
    result = merged(standing, {(1, 2020): 7.0}, load=2, loads=SAME)
    assert result.block.cell(0, 2020).reason is Reason.NO_ROW
    assert result.block.cell(0, 2020).load == 2


def test_a_year_that_a_load_does_not_cover_stays_as_it_was() -> None:
    result = merged(first({(0, 2016): 5.0}), {(0, 2020): 7.0}, load=2, loads=SAME)
    assert known(result.block) == {(0, 2016): 5.0, (0, 2020): 7.0}


def test_a_higher_rank_wins_even_with_an_absence() -> None:
    result = merged(first({(0, 2020): 5.0}), {(0, 2020): Reason.CONFIDENTIAL}, load=2, rank=60,
                    loads=OTHER)  # fmt: skip
    assert known(result.block) == {(0, 2020): Reason.CONFIDENTIAL}


def test_an_equal_value_of_a_higher_rank_is_taken_over_for_its_provenance() -> None:
    result = merged(first({(0, 2020): 5.0}), {(0, 2020): 5.0}, load=2, rank=60, loads=OTHER)
    assert result.block.cell(0, 2020).load == 2


def test_a_lower_rank_never_reveals_what_a_higher_one_withholds() -> None:
    result = merged(first({(0, 2020): Reason.CONFIDENTIAL}), {(0, 2020): 5.0}, load=2, rank=40,
                    loads=OTHER)  # fmt: skip
    assert known(result.block) == {(0, 2020): Reason.CONFIDENTIAL}
    assert result.outranked == 1


def test_a_lower_rank_fills_what_the_higher_one_has_not_published() -> None:
    result = merged(first({(0, 2020): Reason.NOT_YET_PUBLISHED}), {(0, 2020): 5.0}, load=2, rank=40,
                    loads=OTHER)  # fmt: skip
    assert known(result.block) == {(0, 2020): 5.0}


def test_a_higher_rank_that_has_not_published_yet_leaves_a_value_standing() -> None:
    result = merged(first({(0, 2020): 5.0}), {(0, 2020): Reason.NOT_YET_PUBLISHED}, load=2, rank=60,
                    loads=OTHER)  # fmt: skip
    assert known(result.block) == {(0, 2020): 5.0}


def test_an_absence_of_equal_rank_never_displaces_a_value() -> None:
    result = merged(first({(0, 2020): 5.0}), {(0, 2020): Reason.NO_FIGURE}, load=2, loads=OTHER)
    assert known(result.block) == {(0, 2020): 5.0}


_cell = st.one_of(
    st.floats(-1e9, 1e9),
    st.sampled_from([Reason.DOT, Reason.CONFIDENTIAL, Reason.NOT_YET_PUBLISHED]),
)
_cells = st.dictionaries(
    st.tuples(st.integers(0, AREAS - 1), st.integers(2018, 2021)), _cell, min_size=1, max_size=16
)


@given(_cells, _cells, st.integers(30, 70), st.booleans())
def test_a_value_stands_exactly_where_the_reason_has_one(
    old: Cells, new: Cells, rank: int, same: bool
) -> None:
    block = merged(first(old), new, load=2, rank=rank, loads={1: Standing(50, same)}).block
    assert (np.isnan(block.values) == (block.reasons >= FIRST_ABSENT)).all()


@given(_cells, _cells)
def test_merging_the_result_once_more_changes_nothing(old: Cells, new: Cells) -> None:
    once = merged(first(old), new, load=2, loads=SAME).block
    loads = {load: Standing(50, True) for load in once.load_ids}
    assert not merged(once, new, load=2, loads=loads).opened.any()


@given(_cells, _cells, st.integers(30, 70))
def test_replaying_opened_and_closed_cells_gives_the_new_block(
    old: Cells, new: Cells, rank: int
) -> None:
    standing = first(old)
    result = merged(standing, new, load=2, rank=rank, loads=OTHER)
    table = known(standing)
    periods = result.block.periods
    for ordinal, column in zip(*np.nonzero(result.closed), strict=True):
        del table[int(ordinal), periods[column]]
    after = known(result.block)
    for ordinal, column in zip(*np.nonzero(result.opened), strict=True):
        table[int(ordinal), periods[column]] = after[int(ordinal), periods[column]]
    assert table == after


def test_an_area_outside_a_sample_is_not_loaded_and_not_without_a_row() -> None:
    sample = replace(incoming({(0, 2020): 5.0}, load=1), covers_all_areas=False)
    block = merge(KEY, None, sample, defaults=DEFAULTS, loads={}).block
    assert block.cell(1, 2020).reason is Reason.NOT_LOADED


def test_a_whole_edition_after_a_sample_says_which_areas_have_no_row() -> None:
    sample = replace(incoming({(0, 2020): 5.0}, load=1), covers_all_areas=False)
    standing = merge(KEY, None, sample, defaults=DEFAULTS, loads={}).block
    whole = merged(standing, {(1, 2020): 6.0}, load=2, loads=OTHER).block
    assert whole.cell(2, 2020).reason is Reason.NO_ROW


def test_a_whole_edition_of_one_year_says_nothing_of_another_year() -> None:
    sample = replace(incoming({(0, 2016): 5.0}, load=1), covers_all_areas=False)
    standing = merge(KEY, None, sample, defaults=DEFAULTS, loads={}).block
    whole = merged(standing, {(1, 2020): 6.0}, load=2, loads=OTHER).block
    assert whole.cell(2, 2016).reason is Reason.NOT_LOADED


def test_a_sample_after_a_whole_edition_leaves_what_the_edition_said() -> None:
    sample = replace(incoming({(0, 2020): 5.0}, load=2), covers_all_areas=False)
    block = merge(KEY, first({(1, 2020): 6.0}), sample, defaults=DEFAULTS, loads=OTHER).block
    assert block.cell(2, 2020).reason is Reason.NO_ROW
