"""RD and degrees: the right place, the right order, and back again."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from db.core.crs import (
    CRS84,
    EXTENT,
    RD,
    check_extent,
    epsg_of,
    guess_crs,
    in_rd,
    is_ready,
    make_ready,
    transform,
    transform_shapes,
    transformation_name,
)
from db.core.errors import UnknownSystem

AMERSFOORT = np.array([[155_000.0, 463_000.0]])


def test_the_origin_of_rd_is_amersfoort_with_longitude_first() -> None:
    degrees = transform(AMERSFOORT, RD, CRS84)[0]
    assert degrees == pytest.approx([5.38720366, 52.15517290], abs=1e-5)


@given(st.floats(10_000, 280_000), st.floats(300_000, 620_000))
def test_there_and_back_again_is_less_than_a_millimetre(x: float, y: float) -> None:
    there = transform(np.array([[x, y]]), RD, CRS84)
    back = transform(there, CRS84, RD)[0]
    assert np.hypot(*(back - [x, y])) < 0.001


def test_the_transformation_names_itself_and_its_accuracy() -> None:
    assert "Amersfoort to ETRS89" in transformation_name()
    assert "accuracy" in transformation_name()


def test_shapes_move_vertex_by_vertex_and_absent_ones_stay_absent() -> None:
    two = np.array([shapely.box(154_000, 462_000, 156_000, 464_000), None], object)
    moved = transform_shapes(transform_shapes(two, RD, CRS84), CRS84, RD)
    assert moved[1] is None
    assert shapely.equals_exact(moved[0], two[0], tolerance=0.001)


def test_a_sliver_that_metres_flatten_is_dropped_not_passed_on() -> None:
    sliver = "((4.5532031 51.9172536, 4.553203 51.9172535, 4.5532031 51.9172536, "
    sliver += "4.5532031 51.9172536))"
    both = f"MULTIPOLYGON ({sliver}, ((5 52, 5.1 52, 5.1 52.1, 5 52)))"
    done = in_rd(np.array([shapely.from_wkt(both)], object), CRS84)
    assert (done.shapes[0].geom_type, done.shapes[0].is_valid) == ("Polygon", True)


@pytest.mark.parametrize(
    ("stated", "system"),
    [
        ("urn:ogc:def:crs:EPSG::28992", RD),
        ("urn:ogc:def:crs:EPSG:6.9:28992", RD),
        ("<http://www.opengis.net/def/crs/EPSG/0/28992>", RD),
        ("EPSG:28992", RD),
        ("EPSG:7415", RD),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", CRS84),
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", CRS84),
        ("EPSG:4258", CRS84),
        ('GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]]]', CRS84),
    ],
)
def test_a_stated_system_is_understood_in_every_spelling(stated: str, system: int) -> None:
    assert epsg_of(stated) == system


@pytest.mark.parametrize("stated", ["EPSG:3857", "urn:ogc:def:crs:EPSG::25831", "nonsense", ""])
def test_another_system_is_refused(stated: str) -> None:
    with pytest.raises(UnknownSystem, match="neither RD"):
        epsg_of(stated)


def test_metres_and_degrees_are_told_apart_by_their_bounds() -> None:
    assert guess_crs(np.array([13_565, 306_846, 278_026, 619_232.0])) == RD
    assert guess_crs(np.array([3.3, 50.7, 7.2, 53.6])) == CRS84


@pytest.mark.parametrize(
    "box",
    [[50.7, 3.3, 53.6, 7.2], [0, 0, 1, 1], [13_565, 306_846, 278_026, 900_000], [np.nan] * 4],
)
def test_bounds_that_are_neither_are_refused(box: list[float]) -> None:
    with pytest.raises(UnknownSystem, match="neither RD metres nor degrees"):
        guess_crs(np.array(box, float))


def test_swapped_axes_are_refused_by_the_name_of_the_area() -> None:
    swapped = np.array([None, shapely.box(52.0, 5.0, 52.1, 5.1)], object)
    with pytest.raises(UnknownSystem, match="WK036301"):
        check_extent(swapped, ["WK036300", "WK036301"], CRS84)


def test_both_extents_are_the_same_country() -> None:
    west, south, east, north = EXTENT[RD]
    corners = transform(np.array([[west, south], [east, north]]), RD, CRS84)
    assert corners.ravel() == pytest.approx(EXTENT[CRS84], abs=0.45)


def test_what_transforms_is_made_ready_by_one_thread_for_all() -> None:
    with ThreadPoolExecutor(1) as other:
        other.submit(make_ready).result()
    assert is_ready()
    assert transform(AMERSFOORT, RD, CRS84)[0] == pytest.approx([5.38720366, 52.15517290], abs=1e-5)
