"""A point lies in the area that holds it, or in none and says why; no text shows a point."""

from concurrent.futures import ThreadPoolExecutor
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from db.core.crs import CRS84, EXTENT, RD, transform
from db.core.errors import UnknownSystem
from db.core.figures import Floats
from db.core.geometry import Shapes
from db.core.locate import Located, Locator, Placement

ONE, SHARED, SEVERAL, NEAR, OUTSIDE, UNDRAWN, NO_NUMBER, OUT_OF_RANGE = Placement
_WEST, _SOUTH = 150_000.0, 460_000.0


def area(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    """A rectangle, in metres from a place in the middle of the country."""
    return shapely.box(_WEST + west, _SOUTH + south, _WEST + east, _SOUTH + north)


def shapes(*given: shapely.Geometry | None) -> Shapes:
    return np.array([*given, None], object)[:-1]


def at(*points: tuple[float, float]) -> Floats:
    return np.asarray(np.reshape(points, (-1, 2)) + np.array([_WEST, _SOUTH]), np.float64)


def listed(found: Located) -> list[tuple[int, float, int, int]]:
    columns: list[Any] = [found.rows, found.distances.round(6), found.placements, found.nearest]
    return list(zip(*(column.tolist() for column in columns), strict=True))


TWO = shapes(area(0, 0, 1000, 1000), area(1000, 0, 2000, 1000))


def test_a_point_is_in_its_area_and_knows_how_far_the_boundary_is() -> None:
    found = Locator(TWO).locate(at((400, 300), (1900, 600)), RD)

    assert listed(found) == [(0, 300.0, ONE, -1), (1, 100.0, ONE, -1)]


def test_a_point_on_a_shared_border_is_in_the_lowest_row_and_says_so() -> None:
    reverse = shapes(*TWO[::-1])

    for given_shapes in (TWO, reverse):
        found = Locator(given_shapes).locate(at((1000, 300)), RD)
        assert listed(found) == [(0, 0.0, SHARED, -1)]


def test_a_point_on_the_edge_of_the_map_is_in_its_area() -> None:
    assert listed(Locator(TWO).locate(at((0, 500), (0, 0)), RD)) == [(0, 0.0, ONE, -1)] * 2


def test_where_areas_overlap_the_lowest_row_is_taken_and_the_point_says_so() -> None:
    overlapping = shapes(area(500, 0, 1000, 100), area(0, 0, 600, 100))

    assert listed(Locator(overlapping).locate(at((550, 50)), RD)) == [(0, 50.0, SEVERAL, -1)]


def test_a_point_outside_is_in_no_area_and_names_one_that_is_near() -> None:
    found = Locator(TWO).locate(at((2060, 1080), (2000, 1100.5)), RD)

    assert listed(found)[0] == (-1, 100.0, NEAR, 1)
    assert found.placements[1] == OUTSIDE
    assert (found.rows[1], found.nearest[1], np.isnan(found.distances[1])) == (-1, -1, True)


def test_of_areas_equally_near_the_lowest_is_named() -> None:
    apart = shapes(area(60, 0, 100, 100), area(0, 0, 40, 100))

    assert listed(Locator(apart).locate(at((50, 50)), RD)) == [(-1, 10.0, NEAR, 0)]


def test_how_near_is_for_the_caller_to_say() -> None:
    point = at((2000, 1150))

    assert listed(Locator(TWO).locate(point, RD, near=200))[0][2:] == (NEAR, 1)
    assert listed(Locator(TWO).locate(point, RD, near=0))[0][2:] == (OUTSIDE, -1)


def test_a_point_in_a_hole_is_outside_and_the_hole_is_a_boundary() -> None:
    ring = area(0, 0, 1000, 1000) - area(400, 400, 600, 600)

    found = Locator(shapes(ring)).locate(at((500, 450), (350, 500)), RD)

    assert listed(found) == [(-1, 50.0, NEAR, 0), (0, 50.0, ONE, -1)]


def test_an_area_of_several_parts_holds_points_in_each() -> None:
    parts = shapely.multipolygons([area(0, 0, 100, 100), area(500, 0, 600, 100)])

    found = Locator(shapes(parts)).locate(at((50, 50), (590, 50)), RD)

    assert listed(found) == [(0, 50.0, ONE, -1), (0, 10.0, ONE, -1)]


def test_a_bad_point_says_why_and_loses_no_other() -> None:
    bad = [[np.nan, 460_000], [np.inf, 460_000], [460_500, 150_500], [0, 0], [150_500, 460_500]]

    found = Locator(TWO).locate(np.array(bad, np.float64), RD)

    assert found.placements.tolist() == [NO_NUMBER, NO_NUMBER, OUT_OF_RANGE, OUT_OF_RANGE, ONE]
    assert found.rows.tolist() == [-1, -1, -1, -1, 0]
    assert np.isnan(found.distances[:4]).all()


def test_degrees_are_out_of_range_as_metres_and_metres_as_degrees() -> None:
    metres = at((500, 500))
    degrees = transform(metres, RD, CRS84)

    for points, system in ((metres, CRS84), (degrees, RD), (degrees[:, ::-1], CRS84)):
        assert Locator(TWO).locate(points, system).placements.tolist() == [OUT_OF_RANGE]


def test_distances_of_points_in_degrees_are_in_metres() -> None:
    metres = at((400, 300), (2050, 500), (-5000, 0))

    in_degrees = Locator(TWO).locate(transform(metres, RD, CRS84), CRS84)

    assert in_degrees.rows.tolist() == [0, -1, -1]
    assert in_degrees.placements.tolist() == [ONE, NEAR, OUTSIDE]
    assert in_degrees.distances[:2] == pytest.approx([300, 50], abs=0.001)


def test_whole_numbers_are_points_too() -> None:
    found = Locator(TWO).locate(at((400, 300)).astype(np.int64), RD)

    assert listed(found) == [(0, 300.0, ONE, -1)]


@pytest.mark.parametrize("map_", [shapes(), shapes(None, None)])
def test_on_a_map_without_shapes_every_point_is_outside(map_: Shapes) -> None:
    assert Locator(map_).locate(at((1, 1)), RD).placements.tolist() == [OUTSIDE]


def test_on_a_map_with_gaps_no_point_is_said_to_be_outside() -> None:
    points = at((500, 500), (2050, 500), (-5000, 0), (0, 0)) * [[1], [1], [1], [0]]

    found = Locator(TWO, gaps=True).locate(points, RD)

    assert found.placements.tolist() == [ONE, UNDRAWN, UNDRAWN, OUT_OF_RANGE]
    assert found.nearest.tolist() == [-1, 1, -1, -1]


def test_an_area_without_a_shape_keeps_its_row_and_holds_no_point() -> None:
    found = Locator(shapes(None, area(0, 0, 100, 100))).locate(at((10, 50)), RD)

    assert listed(found) == [(1, 10.0, ONE, -1)]


def test_no_points_have_no_answers() -> None:
    assert listed(Locator(TWO).locate(np.empty((0, 2)), RD)) == []
    assert len(Locator(TWO)) == 2


def test_neither_an_answer_nor_a_locator_shows_a_point() -> None:
    locator = Locator(TWO)
    found = locator.locate(at((123.4, 567.8)), RD)

    assert repr(found) == str(found) == "Located(1 points)"
    assert not any(text in repr(locator) for text in ("150123", "460567"))


@pytest.mark.parametrize(
    ("points", "system", "near", "error"),
    [
        (np.array([52.345678, 5.345678]), CRS84, 100, ValueError),
        (np.array([[52.345678, 5.345678, 1.0]]), CRS84, 100, ValueError),
        (np.array([["52.345678", "5.345678"]]), CRS84, 100, ValueError),
        (np.array([[52.345678, None]], object), CRS84, 100, ValueError),
        (np.array([[52.345678, 5.345678]]), 3857, 100, UnknownSystem),
        (np.array([[52.345678, 5.345678]]), CRS84, 1000.5, ValueError),
        (np.array([[52.345678, 5.345678]]), CRS84, -1, ValueError),
        (np.array([[52.345678, 5.345678]]), CRS84, np.nan, ValueError),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused_without_its_points(
    points: Any, system: int, near: float, error: type[Exception]
) -> None:
    with pytest.raises(error) as raised:
        Locator(TWO).locate(points, system, near)

    assert "345678" not in repr(raised.value)
    assert raised.value.__cause__ is raised.value.__context__ is None


def test_what_the_caller_does_to_the_shapes_afterwards_changes_nothing() -> None:
    given_shapes = TWO.copy()
    locator = Locator(given_shapes)
    given_shapes[:] = None

    assert locator.locate(at((400, 300)), RD).rows.tolist() == [0]
    assert not shapely.is_prepared(TWO).any()


_SPOTS = st.sampled_from([-50.0, 0.0, 10.0, 33.3, 60.0, 90.0, 100.0, 150.0, 200.0, 260.0])
_POINTS = st.lists(st.tuples(_SPOTS, _SPOTS), max_size=30)
_SPANS = st.sampled_from(list(combinations([0.0, 60.0, 100.0, 200.0], 2)))
_BOXES = st.lists(
    st.builds(lambda x, y: (x[0], y[0], x[1], y[1]), _SPANS, _SPANS),
    max_size=6,
)


@given(_BOXES, _POINTS)
def test_answers_are_those_of_asking_each_area_about_each_point(
    boxes: list[tuple[float, float, float, float]], points: list[tuple[float, float]]
) -> None:
    areas = [area(*box) for box in boxes]

    found = Locator(shapes(*areas)).locate(at(*points), RD, near=50)

    for point, answer in zip(at(*points), listed(found), strict=True):
        assert answer[:3] == pytest.approx(_slowly(areas, shapely.Point(point))[:3], nan_ok=True)
        assert answer[3] == _slowly(areas, shapely.Point(point))[3]


def _slowly(
    areas: list[shapely.Polygon], point: shapely.Point
) -> tuple[int, float, Placement, int]:
    metres = [round(each.boundary.distance(point), 6) for each in areas]
    holding = [row for row, each in enumerate(areas) if each.covers(point)]
    if holding:
        several = SHARED if metres[holding[0]] == 0 else SEVERAL
        return holding[0], metres[holding[0]], several if len(holding) > 1 else ONE, -1
    if metres and min(metres) <= 50:
        return -1, min(metres), NEAR, metres.index(min(metres))
    return -1, np.nan, OUTSIDE, -1


@given(st.lists(st.tuples(st.floats(), st.floats()), max_size=20), st.sampled_from([RD, CRS84]))
def test_any_two_numbers_get_an_answer_that_agrees_with_itself(
    points: list[tuple[float, float]], system: int
) -> None:
    given_points = np.array(points, np.float64).reshape(-1, 2)
    west, south, east, north = EXTENT[system]

    found = Locator(TWO).locate(given_points, system)

    assert len(found) == len(points)
    for (x, y), (row, metres, placement, nearest) in zip(points, listed(found), strict=True):
        assert (placement == NO_NUMBER) == (not np.isfinite([x, y]).all())
        assert (placement < NO_NUMBER) == (west <= x <= east and south <= y <= north)
        assert (row >= 0) == (placement < NEAR)
        assert (nearest >= 0) == (placement == NEAR)
        assert np.isnan(metres) == (placement > NEAR)


@given(st.permutations(range(9)))
def test_the_order_of_points_and_their_company_change_no_answer(order: list[int]) -> None:
    points = at(*product((-50, 500, 1000), (-50, 500, 1000)))
    locator = Locator(TWO)
    alone = [listed(locator.locate(points[[each]], RD))[0] for each in order]

    assert repr(listed(locator.locate(points[order], RD))) == repr(alone)


def test_crowds_in_crooked_areas_are_answered_as_single_points_are() -> None:
    draw = np.random.default_rng(5)
    angles = np.sort(draw.uniform(0, 2 * np.pi, 500))
    radius = draw.uniform(300, 400, (500, 1))
    star = shapely.Polygon(at(*radius * np.column_stack([np.cos(angles), np.sin(angles)])))
    crowd = at(*draw.uniform(-450, 450, (300, 2)))
    locator = Locator(shapes(star))

    alone = [listed(locator.locate(point[None], RD))[0] for point in crowd]

    assert repr(listed(locator.locate(crowd, RD))) == repr(alone)


def test_several_threads_may_ask_at_once() -> None:
    locator = Locator(TWO)
    crowd = at(*np.random.default_rng(5).uniform(-200, 2200, (500, 2)))
    expected = repr(listed(locator.locate(crowd, RD)))

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: repr(listed(locator.locate(crowd, RD))), range(8)))

    assert answers == [expected] * 8
