"""One shape of several: no trace of the borders between them, gaps closed, real holes kept."""

import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from db.core.crs import CRS84, RD
from db.core.simplify import Detail
from db.core.union import NARROW, union_text


def _joined(*shapes: BaseGeometry, system: int = RD) -> BaseGeometry:
    text = union_text([shapely.to_geojson(each) for each in shapes], Detail.FULL, system)
    assert text is not None
    found: BaseGeometry = shapely.from_geojson(text.decode())
    return found


def test_neighbours_become_one_polygon_without_their_border() -> None:
    joined = _joined(shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100))

    assert joined.geom_type == "Polygon"
    assert joined.equals(shapely.box(0, 0, 200, 100))


def test_a_vertex_that_only_one_neighbour_has_leaves_no_sliver() -> None:
    left = shapely.Polygon([(0, 0), (100, 0), (100.0004, 50), (100, 100), (0, 100)])
    joined = _joined(left, shapely.box(100, 0, 200, 100))

    assert joined.geom_type == "Polygon"
    assert joined.is_valid
    assert abs(joined.area - 20_000) < 0.1


def test_a_gap_in_the_map_is_closed_and_ground_that_is_not_asked_for_is_not() -> None:
    ring = shapely.box(0, 0, 1000, 1000)
    slit, hole = shapely.box(100, 100, 100 + NARROW / 2, 900), shapely.box(300, 300, 700, 700)
    joined = _joined(ring.difference(slit).difference(hole))

    assert joined.area == 1000 * 1000 - 400 * 400


def test_areas_apart_stay_apart() -> None:
    joined = _joined(shapely.box(0, 0, 10, 10), shapely.box(50, 50, 60, 60))

    assert joined.geom_type == "MultiPolygon"
    assert joined.area == 200


def test_degrees_are_joined_on_their_own_grid() -> None:
    joined = _joined(shapely.box(5, 52, 5.1, 52.1), shapely.box(5.1, 52, 5.2, 52.1), system=CRS84)

    assert joined.equals(shapely.box(5, 52, 5.2, 52.1))


def test_the_union_of_nothing_is_nothing() -> None:
    assert union_text([], Detail.FULL, RD) is None


@settings(max_examples=30, deadline=None)
@given(st.sets(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1))
def test_squares_of_a_grid_keep_exactly_their_ground(cells: set[tuple[int, int]]) -> None:
    side = 1000.0
    squares = [shapely.box(x * side, y * side, (x + 1) * side, (y + 1) * side) for x, y in cells]
    joined = _joined(*squares)

    assert joined.is_valid
    assert joined.area == len(cells) * side * side
