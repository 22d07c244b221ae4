"""Where a point lies in the tiles of both matrix sets, against addresses known from elsewhere."""

import numpy as np
import pytest

from db.core.levels import Level
from db.core.tile_matrix import RD_NEW, WEB_MERCATOR, TileMatrixSet, tolerance, zooms

DOM_IN_UTRECHT = np.array([[136_715.0, 455_917.0]])


def tile_of(matrix_set: TileMatrixSet, zoom: int) -> tuple[int, int]:
    column, row = matrix_set.on_grid(DOM_IN_UTRECHT, zoom)[0] // 4096
    return int(column), int(row)


def test_the_dom_lies_in_the_web_tiles_that_every_web_map_asks_for() -> None:
    # Longitude 5.1213, latitude 52.0907, by the formula of the OpenStreetMap wiki.
    assert tile_of(WEB_MERCATOR, 7) == (65, 42)
    assert tile_of(WEB_MERCATOR, 12) == (2106, 1351)


def test_the_dom_lies_in_the_rd_tiles_that_pdok_counts_from_the_top_left() -> None:
    # (136715 + 285401.92) / 6881.28 and (903401.92 - 455917) / 6881.28
    assert tile_of(RD_NEW, 0) == (0, 0)
    assert tile_of(RD_NEW, 7) == (61, 65)


def test_the_origin_of_a_set_is_the_top_left_corner_of_its_first_tile() -> None:
    corners = np.array([[-285_401.92, 903_401.92], [595_401.92, 22_598.08]])
    assert RD_NEW.on_grid(corners, 0).tolist() == pytest.approx(np.array([[0, 0], [4096, 4096]]))


def test_both_sets_are_stored_at_about_the_same_scales() -> None:
    for level in (Level.GEMEENTE, Level.WIJK, Level.BUURT):
        web, rd = zooms(WEB_MERCATOR, level), zooms(RD_NEW, level)
        assert web.stop - rd.stop == 5
        assert rd.start == max(0, web.start - 5)
    shown = {level.value: (zooms(WEB_MERCATOR, level)[0], zooms(WEB_MERCATOR, level)[-1])
             for level in (Level.GEMEENTE, Level.WIJK, Level.BUURT)}  # fmt: skip
    assert shown == {"gemeente": (4, 10), "wijk": (5, 11), "buurt": (6, 11)}


def test_what_is_simplified_away_is_eight_units_at_every_scale() -> None:
    for scale in range(-1, 8):
        assert tolerance(scale) / (880_803.84 / 4096 / 2**scale) == pytest.approx(8)
