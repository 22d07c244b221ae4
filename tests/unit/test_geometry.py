"""Shapes are valid or absent, and are written as they are."""

import json
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from db.core import geometry
from db.core.errors import BrokenLoad
from db.core.geometry import Shapes, build, merged, repair, to_geojson_text

BOWTIE = "POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))"
SQUARE = "POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0))"


def shapes(*texts: str | None) -> Shapes:
    return np.array([None if t is None else shapely.from_wkt(t) for t in texts], object)


def ring(*points: tuple[float, float]) -> geometry.Ring:
    return np.array(points, np.float64)


def test_a_bowtie_becomes_its_two_lobes() -> None:
    done = repair(shapes(BOWTIE))
    assert (done.repaired, done.shapes[0].geom_type, done.shapes[0].area) == (1, "MultiPolygon", 2)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "POLYGON EMPTY",
        "MULTIPOLYGON EMPTY",
        "POINT (1 1)",
        "LINESTRING (0 0, 1 1)",
        "POLYGON ((0 0, 1 1, 0 0, 0 0))",
    ],
)
def test_what_has_no_surface_is_an_area_without_a_shape(text: str | None) -> None:
    done = repair(shapes(text, SQUARE))
    assert (done.shapes[0], done.without_shape) == (None, 1)
    assert done.shapes[1] is not None


def test_a_vertex_that_is_no_number_makes_an_area_without_a_shape() -> None:
    built, _ = build([[[ring((0, 0), (np.nan, 1), (1, 1))]], [[ring((0, 0), (np.inf, 1), (1, 1))]]])
    assert repair(built).without_shape == 2


def test_lines_and_points_beside_polygons_are_dropped_and_counted() -> None:
    mixed = f"GEOMETRYCOLLECTION ({SQUARE}, POINT (5 5), LINESTRING (8 8, 9 9))"
    done = repair(shapes(mixed))
    assert (done.lost_parts, done.shapes[0].geom_type, done.shapes[0].area) == (2, "Polygon", 4)


def test_one_part_is_a_polygon_and_heights_are_dropped() -> None:
    done = repair(shapes("MULTIPOLYGON Z (((0 0 7, 2 0 7, 2 2 7, 0 0 7)))"))
    assert (done.shapes[0].geom_type, done.shapes[0].has_z) == ("Polygon", False)


def test_exteriors_run_counter_clockwise_and_holes_clockwise() -> None:
    clockwise = "POLYGON ((0 0, 0 9, 9 9, 9 0, 0 0), (1 1, 2 1, 2 2, 1 1))"
    shape = repair(shapes(clockwise)).shapes[0]
    assert shape.exterior.is_ccw
    assert not shape.interiors[0].is_ccw


POINT = st.tuples(st.integers(0, 9), st.integers(0, 9))
RINGS = st.lists(POINT, min_size=3, max_size=9)
AREAS = st.lists(st.lists(RINGS, max_size=3), max_size=4)


@given(st.lists(AREAS, max_size=4))
def test_any_rings_give_valid_polygons_or_none(areas: list[list[list[list[Any]]]]) -> None:
    built, _ = build([[[ring(*r) for r in rings] for rings in area] for area in areas])
    done = repair(built)
    for shape in done.shapes[done.shapes != None]:  # noqa: E711
        assert shape.is_valid
        assert shape.geom_type in ("Polygon", "MultiPolygon")
        assert shape.area > 0
    assert repair(done.shapes).repaired == 0
    assert done.without_shape == sum(shape is None for shape in done.shapes)


@given(st.lists(AREAS, max_size=3), st.integers(0, 7))
def test_written_shapes_are_read_back_on_the_grid_and_valid(
    areas: list[list[list[list[Any]]]], decimals: int
) -> None:
    built, _ = build([[[ring(*r) / 7 + 5 for r in rings] for rings in area] for area in areas])
    done = repair(built).shapes
    for shape, text in zip(done, to_geojson_text(done, decimals), strict=True):
        assert (text is None) == (shape is None)
        if text is not None:
            back = shapely.from_geojson(text)
            assert back.is_valid
            moved = shapely.symmetric_difference(back, shape).area
            assert moved <= 2 * shape.length * 10.0**-decimals + 1e-9


def test_rings_under_four_points_lose_their_part_and_are_counted() -> None:
    line = ring((0, 0), (1, 1), (0, 0))
    built, short = build([[[line]], [[ring((0, 0), (3, 0), (3, 3)), line]]])
    assert (built[0], short) == (None, 2)
    assert built[1].wkt == "MULTIPOLYGON (((0 0, 3 0, 3 3, 0 0)))"


def test_an_area_of_too_many_vertices_is_refused_before_it_is_built(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(geometry, "MAX_VERTICES", 4)
    with pytest.raises(BrokenLoad, match="vertices"):
        build([[[ring((0, 0), (3, 0), (3, 3), (0, 3))]]])


def test_text_is_compact_geojson_with_fixed_decimals() -> None:
    two = "MULTIPOLYGON (((0 0, 1.23456 0, 1 1, 0 0), (.5 .1, .5 .2, .6 .2, .5 .1)), "
    two += "((5 5, 6 5, 6 6, 5 5)))"
    text = to_geojson_text(shapes(two), 2)[0]
    assert text == (
        b'{"type":"MultiPolygon","coordinates":[[[[0,0],[1.23,0],[1,1],[0,0]],'
        b"[[0.5,0.1],[0.5,0.2],[0.6,0.2],[0.5,0.1]]],[[[5,5],[6,5],[6,6],[5,5]]]]}"
    )


def test_neighbours_keep_the_same_text_for_a_shared_vertex() -> None:
    left = "POLYGON ((0 0, 1.23456789 0, 1.23456789 1, 0 0))"
    right = "POLYGON ((1.23456789 0, 9 0, 1.23456789 1, 1.23456789 0))"
    written = [json.loads(t or b"") for t in to_geojson_text(shapes(left, right), 3)]
    assert all([1.235, 0] in shape["coordinates"][0] for shape in written)


def test_a_shape_that_rounding_would_break_is_written_valid() -> None:
    spike = "POLYGON ((0 0, 10 0, 10 10, 5.4 10, 5.04 0.01, 5.03 10, 0 10, 0 0))"
    text = to_geojson_text(shapes(spike), 0)[0]
    assert shapely.from_geojson(text).is_valid


def test_parts_of_one_area_are_merged_and_absent_ones_ignored() -> None:
    two = shapes(SQUARE, None, "POLYGON ((5 5, 6 5, 6 6, 5 5))")
    union = merged(two)
    assert union is not None
    assert (union.geom_type, union.area) == ("MultiPolygon", 4.5)
    assert merged(shapes(None)) is None


def test_bounds_and_inner_points_are_absent_without_a_shape() -> None:
    two = shapes(SQUARE, None)
    assert geometry.bounds(two)[0].tolist() == [0, 0, 2, 2]
    assert geometry.points_inside(two)[0].tolist() == [1, 1]
    assert np.isnan(geometry.bounds(two)[1]).all()
    assert np.isnan(geometry.points_inside(two)[1]).all()
