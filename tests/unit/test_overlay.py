"""Two maps laid over each other: ground that changed hands is found, and slivers are not."""

from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from db.core import overlay as overlay_module
from db.core.geometry import Shapes
from db.core.overlay import STREET, Overlap, grain, overlay, tally

EAST, NORTH = 150_000.0, 460_000.0


def shapes(*boxes: tuple[float, float, float, float] | None) -> Shapes:
    """Rectangles (west, south, east, north) in metres, as vertices of a map somewhere in RD."""
    made = np.empty(len(boxes), object)
    for row, box in enumerate(boxes):
        if box is not None:
            west, south, east, north = box
            made[row] = shapely.box(EAST + west, NORTH + south, EAST + east, NORTH + north)
    return made


def listed(table: Overlap) -> list[tuple[int, int, float]]:
    columns = (table.old.tolist(), table.new.tolist(), table.amounts.round(3).tolist())
    return list(zip(*columns, strict=True))


def test_a_block_that_goes_to_the_neighbour_is_found_with_its_surface() -> None:
    old = shapes((0, 0, 1000, 1000), (1000, 0, 2000, 1000))
    new = shapes((0, 0, 800, 1000), (800, 0, 2000, 1000))

    found = overlay(old, new, tolerance=20).overlap

    assert listed(found) == [(0, 0, 800_000), (0, 1, 200_000), (1, 1, 1_000_000)]
    assert found.old_outside.tolist() == found.new_outside.tolist() == [0, 0]


def test_a_strip_narrower_than_the_tolerance_is_a_sliver_and_counted_as_such() -> None:
    old = shapes((0, 0, 1000, 1000), (1000, 0, 2000, 1000))
    new = shapes((0, 0, 991, 1000), (991, 0, 2000, 1000))

    done = overlay(old, new, tolerance=10)

    assert listed(done.overlap) == [(0, 0, 991_000), (1, 1, 1_000_000)]
    assert (done.slivers, done.sliver_metres) == (1, 9_000)


def test_a_block_that_hangs_on_a_long_sliver_is_still_found() -> None:
    """100 m by 100 m on a strip of 3 m by 9 km: together they are 4 m thick."""
    old = shapes((0, 0, 9000, 1000), (0, 1000, 9000, 2000))
    upper = shapely.union(*shapes((0, 997, 9000, 2000), (0, 900, 100, 997)))
    lower = shapely.difference(shapes((0, 0, 9000, 997))[0], upper)

    done = overlay(old, np.array([lower, upper], object), tolerance=20)

    assert [pair[:2] for pair in listed(done.overlap)] == [(0, 0), (0, 1), (1, 1)]
    # Openings round off corners: of four right angles (4 - pi) times the radius squared.
    assert done.overlap.amounts[1] == pytest.approx(10_000, abs=0.9 * 20**2)


def test_a_narrow_area_is_not_lost_as_a_sliver() -> None:
    dike = shapes((0, 0, 4000, 12))
    moved = shapes((0, 1, 4000, 13))

    assert listed(overlay(dike, moved, tolerance=20).overlap) == [(0, 0, 44_000)]


def test_ground_that_the_other_map_does_not_have_is_outside() -> None:
    old = shapes((0, 0, 1000, 1000))
    new = shapes((0, 0, 1000, 1500), (3000, 0, 4000, 1000))

    found = overlay(old, new, tolerance=20).overlap

    assert listed(found) == [(0, 0, 1_000_000)]
    assert found.old_outside.tolist() == [0]
    assert found.new_outside.tolist() == [500_000, 1_000_000]


def test_a_rim_along_the_sea_narrower_than_the_tolerance_is_not_outside() -> None:
    found = overlay(shapes((0, 0, 1000, 1000)), shapes((0, 0, 1000, 1015)), tolerance=20).overlap

    assert found.new_outside.tolist() == [0]


def test_an_invalid_shape_is_repaired_and_the_result_says_so() -> None:
    bowtie = shapely.from_wkt("POLYGON ((0 0, 1000 1000, 1000 0, 0 1000, 0 0))")
    square = shapely.box(0, 0, 1000, 1000)

    done = overlay(np.array([bowtie], object), np.array([square], object), tolerance=20)

    assert listed(done.overlap) == [(0, 0, 500_000)]
    assert (done.repaired, done.without_shape) == ((1, 0), (0, 0))
    assert done.overlap.new_outside.tolist() == [500_000]


@pytest.mark.parametrize(
    "nothing", [None, shapely.Polygon(), shapely.Point(1, 1), shapely.LineString([(0, 0), (1, 1)])]
)
def test_an_area_without_a_shape_shares_nothing_and_is_nowhere(nothing: object) -> None:
    old = np.array([nothing, *shapes((0, 0, 1000, 1000))], object)

    done = overlay(old, shapes((0, 0, 1000, 1000)), tolerance=20)

    assert listed(done.overlap) == [(1, 0, 1_000_000)]
    assert np.isnan(done.overlap.old_outside).tolist() == [True, False]
    assert done.without_shape == (1, 0)


@pytest.mark.parametrize(("olds", "news"), [(0, 0), (0, 2), (2, 0)])
def test_an_empty_map_shares_nothing(olds: int, news: int) -> None:
    square = (0.0, 0.0, 1000.0, 1000.0)

    done = overlay(shapes(*[square] * olds), shapes(*[square] * news))

    assert listed(done.overlap) == []
    assert done.overlap.old_outside.tolist() == [1_000_000] * olds
    assert done.overlap.new_outside.tolist() == [1_000_000] * news


@pytest.mark.parametrize("together", [1, 1000])
def test_an_area_drawn_as_before_shares_nothing_with_neighbours_drawn_over_it(
    monkeypatch: pytest.MonkeyPatch, together: int
) -> None:
    """Neighbours of one map may overlap, as those of 2024 do by up to 9 m."""
    monkeypatch.setattr(overlay_module, "TOGETHER", together)
    one = shapes((0, 0, 1000, 1000), (600, 0, 2000, 1000))
    other = shapes((0, 0, 1300, 1000), (600, 0, 2000, 1000))

    assert [pair[:2] for pair in listed(overlay(one, other, tolerance=20).overlap)] == [
        (0, 0), (1, 1),
    ]  # fmt: skip
    assert [pair[:2] for pair in listed(overlay(other, one, tolerance=20).overlap)] == [
        (0, 0), (1, 1),
    ]  # fmt: skip


def test_a_country_in_many_parts_is_that_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = grid(6, 300.0), grid(5, 360.0)
    whole = overlay(old, new, tolerance=1)
    monkeypatch.setattr(overlay_module, "TOGETHER", 12)

    parted = overlay(old, new, tolerance=1)

    assert listed(parted.overlap) == listed(whole.overlap)
    assert parted.slivers == whole.slivers


def grid(cells: int, size: float) -> Shapes:
    return shapes(
        *(
            (x * size, y * size, (x + 1) * size, (y + 1) * size)
            for x in range(cells)
            for y in range(cells)
        )
    )


CUTS = st.lists(st.integers(1, 99), min_size=0, max_size=4, unique=True).map(sorted)


def strips(cuts: list[int]) -> Shapes:
    """A land of 10 km by 1 km cut from south to north at tens of a kilometre."""
    edges = [0, *cuts, 100]
    return shapes(*((a * 100.0, 0.0, b * 100.0, 1000.0) for a, b in pairwise(edges)))


@given(CUTS, CUTS)
def test_all_ground_of_two_divisions_is_accounted_for(before: list[int], after: list[int]) -> None:
    old, new = strips(before), strips(after)

    found = overlay(old, new, tolerance=10).overlap

    assert np.bincount(found.old, found.amounts, len(old)) == pytest.approx(shapely.area(old))
    assert np.bincount(found.new, found.amounts, len(new)) == pytest.approx(shapely.area(new))
    assert found.old_outside.tolist() == [0] * len(old)


@given(CUTS, CUTS)
def test_pairs_are_those_that_cutting_each_by_hand_gives(
    before: list[int], after: list[int]
) -> None:
    old, new = strips(before), strips(after)
    expected = [
        (i, j, shared)
        for i, a in enumerate(old)
        for j, b in enumerate(new)
        if (shared := round(a.intersection(b).area, 3)) > 0
    ]

    assert listed(overlay(old, new, tolerance=10).overlap) == expected


@given(CUTS, CUTS)
def test_laid_over_the_other_way_round_the_same_ground_is_shared(
    before: list[int], after: list[int]
) -> None:
    there = listed(overlay(strips(before), strips(after), tolerance=10).overlap)
    back = listed(overlay(strips(after), strips(before), tolerance=10).overlap)

    assert sorted((new, old, metres) for old, new, metres in back) == there


def crooked(step: float, depth: float) -> Shapes:
    """Two areas of 10 km by 10 km with a shared border that goes to and fro by `depth`."""
    along = np.arange(0, 10_000 + step, step)
    border = [(x, 10_000 + depth * (i % 2)) for i, x in enumerate(along.tolist())]
    lower = [(0, 0), *border[::1], (10_000, 0)]
    upper = [(0, 20_000), *border, (10_000, 20_000)]
    return np.array([shapely.Polygon(lower), shapely.Polygon(upper)], object)


def test_the_grain_is_how_far_vertices_lie_off_the_line() -> None:
    assert grain(crooked(step=500, depth=60)) == pytest.approx(60)


def test_however_finely_a_map_is_drawn_a_street_is_not_seen() -> None:
    assert grain(crooked(step=20, depth=0.5)) == STREET


def test_areas_with_nothing_but_corners_are_not_taken_for_coarse() -> None:
    """Vertices of a square of 1 km lie 707 m off; its thickness is 500 m."""
    assert grain(grid(3, 1000.0)) == pytest.approx(50)


@pytest.mark.parametrize("empty", [np.empty(0, object), np.array([None], object)])
def test_a_map_without_shapes_has_the_least_grain(empty: Shapes) -> None:
    assert grain(empty) == STREET


def test_without_a_tolerance_the_coarser_map_gives_it() -> None:
    done = overlay(crooked(step=500, depth=60), crooked(step=20, depth=0.5))

    assert done.tolerance == pytest.approx(60)
    assert [pair[:2] for pair in listed(done.overlap)] == [(0, 0), (1, 1)]


def test_counts_of_one_pair_are_added_and_absent_ones_left_out() -> None:
    old = np.array([1, 0, 1, 0, 2], np.int32)
    new = np.array([0, 1, 0, 0, 1], np.int32)
    found = tally(old, new, np.array([3, 5, 4, np.nan, 0]), olds=3, news=2)

    assert listed(found) == [(0, 1, 5), (1, 0, 7)]
    assert np.isnan(found.old_outside).tolist() == [False, False, True]
    assert np.isnan(found.new_outside).tolist() == [False, False]


def test_a_table_gives_what_pairs_share_and_nothing_for_others() -> None:
    found = tally(
        np.array([0, 2], np.int32), np.array([1, 0], np.int32), np.array([5.0, 7.0]), olds=3, news=2
    )

    asked = found.between(np.array([2, 0, 1], np.int32), np.array([0, 0, 1], np.int32))

    assert asked.tolist() == [7, 0, 0]


def test_an_empty_table_shares_nothing() -> None:
    none = np.empty(0, np.int32)
    found = tally(none, none, np.empty(0), olds=2, news=2)

    assert found.between(np.array([0], np.int32), np.array([1], np.int32)).tolist() == [0]
