"""Tiles that any reader can draw, in which neighbours share their borders."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyogrio
import shapely
import shapely.affinity
from hypothesis import given, settings
from hypothesis import strategies as st

from db.core.geometry import Shapes, repair
from db.core.levels import Level
from db.core.simplify import coverage_report
from db.core.tile_encoding import encode, feature
from db.core.tile_matrix import RD_NEW, SETS, WEB_MERCATOR, TileMatrixSet, zooms
from db.core.tile_pieces import BUFFER, pieces
from db.core.tiles import Tile, tiles
from tests.unit.test_simplify import country
from tests.unit.vector_tile import Layer, layer_of, union

CODES = [f"WK9001{n:02d}" for n in range(13)]
NAMES = [f"Wijk {n % 3}" for n in range(12)] + [""]
WITHIN = shapely.box(0, 0, 4096, 4096)


def made(level: Level = Level.WIJK) -> list[Tile]:
    return list(tiles(level, 2024, CODES, NAMES, country()))


def of(found: Sequence[Tile], matrix_set: TileMatrixSet, zoom: int) -> list[Layer]:
    return [layer_of(t.body) for t in found if (t.matrix_set, t.zoom) == (matrix_set.id, zoom)]


def encoded(shapes: Shapes, matrix_set: TileMatrixSet, zoom: int) -> dict[tuple[int, int], Layer]:
    features = [feature(f"BU0000{n:04d}", "") for n in range(len(shapes))]
    found = pieces(shapes, matrix_set, zoom)
    written = encode(found, features, layer="buurten", vintage=2024)
    return {(one.column, one.row): layer_of(one.body) for one in written}


def test_a_feature_has_code_name_and_vintage_and_the_id_of_its_code() -> None:
    (layer,) = of(made(), RD_NEW, 0)
    assert (layer.name, layer.version, layer.extent) == ("wijken", 2, 4096)
    first = layer.features[0]
    assert first.properties == {"code": "WK900100", "naam": "Wijk 0", "indeling": 2024}
    assert first.id == int("900100", 36)


def test_ids_of_codes_with_letters_are_apart_and_exact_in_javascript() -> None:
    codes = ["WK0363AA", "WK0363AB", "WK036300", "BU0363ZZZZ"]
    shapes = np.array([shapely.box(1e5 + 1e4 * n, 4e5, 1.1e5 + 1e4 * n, 4.1e5) for n in range(4)])
    (layer,) = of(list(tiles(Level.WIJK, 2024, codes, [""] * 4, shapes)), RD_NEW, 0)
    ids = [each.id for each in layer.features]
    assert len(set(ids)) == 4
    assert max(ids) < 2**53


def test_an_area_without_a_name_or_a_shape_is_no_trouble() -> None:
    shapes = np.array([shapely.box(1e5, 4e5, 1.1e5, 4.1e5), None], object)
    found = list(tiles(Level.WIJK, 2024, ["WK000100", "WK000101"], ["", "Zonder"], shapes))
    (layer,) = of(found, RD_NEW, 0)
    assert [each.properties for each in layer.features] == [{"code": "WK000100", "indeling": 2024}]
    nothing = np.array([None], object)
    assert list(tiles(Level.WIJK, 2024, ["WK000100"], [""], nothing)) == []


def test_the_same_shapes_give_the_same_bytes() -> None:
    assert made() == made()


def test_every_zoom_of_both_sets_is_there_and_no_other() -> None:
    wanted = {(s.id, zoom) for s in SETS.values() for zoom in zooms(s, Level.WIJK)}
    assert {(tile.matrix_set, tile.zoom) for tile in made()} == wanted


def test_each_tile_reads_as_a_coverage_without_overlap_or_gap() -> None:
    for tile in made():
        inside = [shapely.intersection(f.geometry, WITHIN) for f in layer_of(tile.body).features]
        shapes = np.array([shape for shape in inside if shape.area], object)
        if len(shapes):
            assert coverage_report(shapes).valid
            whole = shapely.union_all(shapes)
            assert shapely.get_num_interior_rings(shapely.get_parts(whole)).sum() == 0


def test_pieces_reach_the_buffer_and_not_beyond() -> None:
    big = np.array([shapely.box(0, 3e5, 3e5, 6e5)], object)
    found = encoded(big, RD_NEW, 5)
    assert len(found) > 80
    edges = shapely.bounds([union([layer]) for layer in found.values()])
    assert edges.min() == -BUFFER
    assert edges.max() == 4096 + BUFFER


def test_a_shape_that_covers_a_tile_fills_it_with_five_corners() -> None:
    big = np.array([shapely.box(0, 3e5, 3e5, 6e5)], object)
    middle = encoded(big, RD_NEW, 5)[15, 16]
    full = shapely.box(-BUFFER, -BUFFER, 4096 + BUFFER, 4096 + BUFFER)
    assert shapely.equals(middle.features[0].geometry, full)


def test_holes_and_islands_survive() -> None:
    ring = shapely.box(1e5, 4e5, 2e5, 5e5).difference(shapely.box(1.4e5, 4.4e5, 1.6e5, 4.6e5))
    island = shapely.box(2.2e5, 4e5, 2.4e5, 4.2e5)
    (layer,) = encoded(np.array([ring.union(island)], object), RD_NEW, 0).values()
    shape = layer.features[0].geometry
    assert shape.geom_type == "MultiPolygon"
    assert sorted(len(part.interiors) for part in shape.geoms) == [0, 1]


def test_an_area_too_small_for_a_zoom_is_drawn_from_the_first_zoom_that_shows_it() -> None:
    # A unit is 54 m at zoom 2 and 27 m at zoom 3, where these 20 m happen to round to one.
    islet = np.array([shapely.box(150_000, 460_000, 150_020, 460_020)], object)
    found = list(tiles(Level.BUURT, 2024, ["BU00010000"], [""], islet))
    shown = sorted(tile.zoom for tile in found if tile.matrix_set == RD_NEW.id)
    assert shown == [3, 4, 5, 6]


def test_gdal_reads_what_we_write(tmp_path: Path) -> None:
    tile = next(t for t in made() if (t.matrix_set, t.zoom) == (RD_NEW.id, 3))
    file = tmp_path / "0.mvt"
    file.write_bytes(tile.body)
    assert pyogrio.list_layers(file)[0][0] == "wijken"
    meta, _, shapes, columns = pyogrio.raw.read(file, columns=["mvt_id", "code"], CLIP="NO")
    by_name = dict(zip(meta["fields"].tolist(), columns, strict=True))
    ours = layer_of(tile.body)
    assert by_name["code"].tolist() == [each.properties["code"] for each in ours.features]
    assert by_name["mvt_id"].tolist() == [each.id for each in ours.features]
    areas = [shape.area for shape in shapely.from_wkb(shapes)]
    assert areas == [each.geometry.area for each in ours.features]


corner = st.tuples(st.floats(0, 1), st.floats(0, 1))


@settings(max_examples=150, deadline=None)
@given(
    rings=st.lists(st.lists(corner, min_size=3, max_size=12), min_size=1, max_size=4),
    size=st.sampled_from([5.0, 300.0, 20_000.0, 200_000.0]),
    matrix_set=st.sampled_from([RD_NEW, WEB_MERCATOR]),
    scale=st.integers(0, 6),
)
def test_any_polygon_survives_cutting_and_encoding(
    rings: list[list[tuple[float, float]]], size: float, matrix_set: TileMatrixSet, scale: int
) -> None:
    drawn = [shapely.Polygon(np.array(ring) * size + [100_000, 400_000]) for ring in rings]
    shapes = repair(np.array(drawn, object)).shapes
    zoom = scale + matrix_set.zoom_of_scale_0
    found = encoded(shapes, matrix_set, zoom)
    grid = repair(shapely.transform(shapes, lambda xy: matrix_set.on_grid(xy, zoom))).shapes
    moved = shapely.area(grid)
    for (column, row), layer in found.items():
        corner = np.array([column, row]) * 4096
        for each in layer.features:
            assert each.geometry.is_valid
            area = int(each.properties["code"][2:])
            drawn_here = shapely.intersection(each.geometry, WITHIN)
            placed = shapely.affinity.translate(drawn_here, *corner)
            moved[area] -= shapely.intersection(placed, grid[area]).area
            # What is drawn beside the shape: every point moved by less than a unit.
            assert shapely.difference(placed, shapely.buffer(grid[area], 1.5)).area < 1e-3
    for lost, shape in zip(moved, grid, strict=True):
        if shape is not None:
            assert lost <= shape.length + 4
