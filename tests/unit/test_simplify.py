"""Three details that keep the country whole."""

from itertools import pairwise

import numpy as np
import pytest
import shapely

from db.core import simplify
from db.core.crs import CRS84, RD, transform_shapes
from db.core.geometry import Shapes, to_geojson_text
from db.core.simplify import Detail, coverage_report, decimals, details, simplified


def country(columns: int = 4, rows: int = 3, wiggles: int = 60) -> Shapes:
    """Areas of 2 km on a grid whose borders are all crooked, and exactly shared."""
    draw = np.random.default_rng(7)
    steps = np.linspace(0, 1, wiggles + 2)

    def border(a: tuple[int, int], b: tuple[int, int]) -> list[tuple[float, float]]:
        if a > b:
            return border(b, a)[::-1]
        if (a, b) not in borders:
            line = np.outer(1 - steps, a) * 2000 + np.outer(steps, b) * 2000
            line[1:-1] += draw.uniform(-15, 15, (wiggles, 2))
            borders[a, b] = [tuple(p) for p in line + np.array([150_000, 460_000])]
        return borders[a, b]

    borders: dict[tuple[tuple[int, int], tuple[int, int]], list[tuple[float, float]]] = {}
    cells = []
    for x in range(columns):
        for y in range(rows):
            corners = [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1), (x, y)]
            edges = [border(a, b) for a, b in pairwise(corners)]
            cells.append(shapely.Polygon([p for edge in edges for p in edge[:-1]]))
    return np.array([*cells, None], object)


def read_back(shapes: Shapes, system: int, detail: Detail) -> Shapes:
    moved = transform_shapes(shapes, RD, system)
    texts = to_geojson_text(moved, decimals(detail, system))
    return np.array([shapely.from_geojson(text) for text in texts if text], object)


def test_each_detail_is_a_coverage_without_overlap_or_hole() -> None:
    made = details(country())
    for shapes in made.values():
        assert coverage_report(shapes).valid
        union = shapely.union_all(shapes[:-1])
        assert (union.geom_type, len(union.interiors)) == ("Polygon", 0)


def test_borders_stay_shared_as_written_in_metres_and_in_degrees() -> None:
    for detail, shapes in details(country()).items():
        for system in (RD, CRS84):
            assert shapely.coverage_is_valid(read_back(shapes, system, detail))


def test_coarser_details_have_fewer_vertices_and_full_has_all() -> None:
    whole = country()
    made = details(whole)
    count = {detail: int(shapely.get_num_coordinates(s).sum()) for detail, s in made.items()}
    assert count[Detail.OVERVIEW] < count[Detail.MEDIUM] < count[Detail.FULL]
    assert count[Detail.FULL] == shapely.get_num_coordinates(whole).sum()


def test_a_map_simplified_in_parts_is_as_whole_as_one_simplified_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at_once = details(country())
    monkeypatch.setattr(simplify, "TOGETHER", 600)
    in_parts = details(country())
    for detail, shapes in in_parts.items():
        assert coverage_report(shapes).valid
        count = int(shapely.get_num_coordinates(shapes).sum())
        assert count <= 1.1 * int(shapely.get_num_coordinates(at_once[detail]).sum())


def test_an_islet_smaller_than_the_tolerance_does_not_vanish() -> None:
    islet = shapely.box(150_000, 460_000, 150_010, 460_010)
    made = details(np.array([islet], object))
    assert all(shapes[0] is not None and shapes[0].area > 0 for shapes in made.values())


def test_an_area_without_a_shape_stays_without_in_every_detail() -> None:
    assert all(shapes[-1] is None for shapes in details(country()).values())
    assert all(len(shapes) == 2 for shapes in details(np.array([None, None], object)).values())


def test_a_shape_that_the_simplifier_stumbles_over_falls_back_to_the_finer_one() -> None:
    here, near = (97622.77353469166, 436858.69202053733), (97622.7665274792, 436858.68097435357)
    flat = shapely.Polygon([here, near, here, here])
    whole = country()
    coarse = simplified(np.array([*whole, flat], object), 250.0)
    assert shapely.equals_exact(coarse[0], whole[0], normalize=True)
    repaired = details(np.array([*whole, flat], object))[Detail.OVERVIEW]
    assert shapely.get_num_coordinates(repaired[0]) < shapely.get_num_coordinates(whole[0]) / 9
    assert repaired[-1] is None


def test_the_report_counts_areas_whose_edges_do_not_match() -> None:
    left, right = shapely.box(0, 0, 10, 10), shapely.box(9, 0, 20, 10)
    report = coverage_report(np.array([left, right, shapely.box(50, 0, 60, 10), None], object))
    assert (report.valid, report.areas, report.unmatched) == (False, 3, 2)
    assert report.unmatched_metres > 20
