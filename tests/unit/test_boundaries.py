"""Boundary files: every format and every spelling of the keys, and each row accounted for."""

import gzip
import struct
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyogrio
import pytest
import shapely
from pyogrio.raw import write

from db.core.absence import Reason
from db.core.errors import BrokenLoad, RefusedFile, TruncatedAnswer, UnknownSystem
from db.core.figures import Parsed
from db.core.levels import Level, Terrain
from db.sources import geojson
from db.sources.boundaries import load
from db.sources.dataset import Dataset, Family, Payload
from db.sources.layer import LayerBuilder
from db.sources.vector_file import dbf_encoding


def square(x: float = 5.0, y: float = 52.0, size: float = 0.01) -> dict[str, Any]:
    ring = [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]
    return {"type": "Polygon", "coordinates": [ring]}


def feature(geometry: Any = None, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: dict[str, Any], **members: Any) -> bytes:
    return orjson.dumps({"type": "FeatureCollection", "features": features, **members})


def loaded(folder: Path, content: bytes, *, name: str = "map.geojson", **options: str) -> Parsed:
    path = folder / name
    path.write_bytes(content)
    return load_files(path, **options)


def load_files(*paths: Path, **options: str) -> Parsed:
    dataset = Dataset("a-map", "cbs", Family.BOUNDARIES, 2024, load, options=options)
    result = load(dataset, Payload({"data": paths}))
    result.account.check()
    return result


def test_a_wijk_map_gives_areas_with_names_parents_and_shapes(tmp_path: Path) -> None:
    row = feature(
        square(), WK_CODE="WK034403 ", WK_NAAM="Overvecht", GM_CODE="GM0344", GM_NAAM="Utrecht"
    )
    areas = loaded(tmp_path, collection(row)).areas[0]
    assert (areas.level, areas.codes, areas.names) == (Level.WIJK, ["WK034403"], ["Overvecht"])
    assert (areas.parents, areas.crs) == (["GM0344"], 4326)
    assert areas.shapes is not None
    assert areas.shapes[0].exterior.is_ccw


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("statcode", "statnaam"),
        ("wijkcode", "wijknaam"),
        ("WKC", "WKN"),
        ("WK_CODE", "WK_NAAM"),
        ("wk_code", "wk_naam"),
        ("code", "name"),
        ("code", "naam"),
    ],
)
def test_every_spelling_of_the_key_columns_is_recognised(
    tmp_path: Path, code: str, name: str
) -> None:
    areas = loaded(
        tmp_path, collection(feature(square(), **{code: "WK0363FA", name: "Slotermeer"}))
    ).areas[0]
    assert (areas.codes, areas.names) == (["WK0363FA"], ["Slotermeer"])


def test_the_lowest_level_is_what_a_map_is_of(tmp_path: Path) -> None:
    row = feature(
        square(),
        GM_CODE="GM0344",
        WK_CODE="WK034403",
        BU_CODE="BU03440311",
        BU_NAAM="Zamenhofdreef",
    )
    areas = loaded(tmp_path, collection(row)).areas[0]
    assert (areas.level, areas.names, areas.parents) == (
        Level.BUURT,
        ["Zamenhofdreef"],
        ["WK034403"],
    )


def test_a_map_without_codes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenLoad, match="never joined on names"):
        loaded(tmp_path, collection(feature(square(), naam="Overvecht")))


@pytest.mark.parametrize(
    ("code", "water", "name", "terrain"),
    [
        ("WK034403", "NEE", "Overvecht", Terrain.LAND),
        ("WK003499", "JA", None, Terrain.WATER),
        ("WK999999", "B", None, Terrain.ABROAD),
        ("WK003499", None, "Groot water", Terrain.WATER),
        ("BU00349997", None, "Groot binnenwater", Terrain.WATER),
        ("BU00349998", None, "Buitenwater", Terrain.WATER),
        ("WK099899", "NEE", "Buitenland", Terrain.ABROAD),
        ("GM9999", None, "", Terrain.ABROAD),
        ("WK010699", None, "Verspreide huizen", None),
        ("WK010699", "NEE", "Verspreide huizen", Terrain.LAND),
        ("WK068799", None, "Groot waterland", None),
    ],
)
def test_terrain_is_what_the_map_says_and_never_read_off_the_code(
    tmp_path: Path, code: str, water: str | None, name: str | None, terrain: Terrain | None
) -> None:
    row = feature(square(), statcode=code, statnaam=name, H2O=water)
    assert loaded(tmp_path, collection(row)).areas[0].terrains == [terrain]


def test_null_empty_and_degenerate_geometry_is_an_area_without_a_shape(tmp_path: Path) -> None:
    empty = {"type": "MultiPolygon", "coordinates": []}
    flat = {"type": "Polygon", "coordinates": [[[5, 52], [5.1, 52.1], [5, 52]]]}
    shapes = [None, empty, flat, {"type": "Point", "coordinates": [5, 52]}, square()]
    rows = [feature(g, code=f"WK00030{i}") for i, g in enumerate(shapes)]
    result = loaded(tmp_path, collection(*rows))
    assert result.areas[0].shapes is not None
    assert [shape is None for shape in result.areas[0].shapes] == [True] * 4 + [False]
    assert result.account.rows_accepted == 5
    assert result.account.notes["no-geometry"] == 4
    assert result.account.notes["lost-ring"] == 1


def test_numbers_are_figures_text_is_not_and_a_sentinel_is_no_number(tmp_path: Path) -> None:
    rows = [
        feature(
            square(), code="WK000300", inwoners=1425, woz=-99997, stad="veel", OAD="1041", fid=1
        ),
        feature(square(5.1), code="WK000301", inwoners=0, stad="weinig", OAD="-99999999", fid=2),
    ]
    result = loaded(tmp_path, collection(*rows), period="2023")
    figures = result.figures[0]
    assert [column.key for column in figures.columns] == ["inwoners", "woz", "OAD"]
    assert figures.periods.tolist() == [2023, 2023]
    assert np.array_equal(
        figures.values, [[1425, np.nan, 1041], [0, np.nan, np.nan]], equal_nan=True
    )
    assert figures.reasons[:, 1].tolist() == [Reason.MISSING_CODE, Reason.NO_FIGURE]
    assert result.account.notes["not-a-figure: stad"] == 2


def test_a_code_column_of_digits_is_no_figure(tmp_path: Path) -> None:
    row = feature(square(), code="WK000300", provincie_code="20", meestVoorkomendePostcode=9901)
    assert not loaded(tmp_path, collection(row)).figures


def test_water_has_no_figures_because_it_is_water(tmp_path: Path) -> None:
    row = feature(square(), WK_CODE="WK003499", WATER="JA", AANT_INW=-99999999, OPP_WATER=52)
    figures = loaded(tmp_path, collection(row)).figures[0]
    assert figures.reasons.tolist() == [[Reason.WATER_OR_ABROAD, Reason.OBSERVED]]


def test_figures_can_be_left_out(tmp_path: Path) -> None:
    row = feature(square(), code="WK000300", inwoners=5)
    assert not loaded(tmp_path, collection(row), figures="no").figures


def test_the_change_of_the_border_is_read_and_its_sentinel_is_not(tmp_path: Path) -> None:
    rows = [
        feature(square(5 + i / 10), WK_CODE=f"WK00030{i}", IND_WBI=v)
        for i, v in enumerate([1, "3", -99999999])
    ]
    result = loaded(tmp_path, collection(*rows))
    assert result.areas[0].changes == [1, 3, None]
    assert not result.figures


def test_land_and_water_of_one_gemeente_are_one_area_of_land(tmp_path: Path) -> None:
    land = feature(square(), GM_CODE="GM0034", GM_NAAM="Almere", WATER="NEE", AANT_INW=200914)
    water = feature(square(5.2), GM_CODE="GM0034", GM_NAAM="Almere", WATER="JA", AANT_INW=-99999999)
    result = loaded(tmp_path, collection(water, land))
    assert (result.areas[0].codes, result.areas[0].terrains) == (["GM0034"], [Terrain.LAND])
    assert result.areas[0].shapes is not None
    assert result.areas[0].shapes[0].bounds[0] == 5.0
    assert result.figures[0].values.tolist() == [[200914]]
    assert dict(result.account.rejected) == {"water-part": 1}


def test_one_area_drawn_as_two_rows_has_both_parts(tmp_path: Path) -> None:
    rows = [feature(square(x), WKC="WK191104", WKN="Wieringen") for x in (5.0, 5.2)]
    result = loaded(tmp_path, collection(*rows))
    assert result.areas[0].shapes is not None
    assert [len(s.geoms) for s in result.areas[0].shapes] == [2]
    assert (result.account.rows_accepted, result.account.notes["merged-part"]) == (2, 1)


def test_the_same_row_twice_counts_once_whatever_its_identifier(tmp_path: Path) -> None:
    rows = [feature(square(), WKC="WK191104", id=i, wof_id=i) for i in (1, 2)]
    result = loaded(tmp_path, collection(*rows))
    assert (result.account.rows_accepted, dict(result.account.rejected)) == (1, {"duplicate": 1})


def test_two_rows_of_one_code_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    rows = [feature(square(), WKC="WK191104", inwoners=n) for n in (1, 2)]
    with pytest.raises(BrokenLoad, match="WK191104 occurs 2 times"):
        loaded(tmp_path, collection(*rows))


def test_rows_of_another_year_are_left_out_and_a_map_of_only_those_is_refused(
    tmp_path: Path,
) -> None:
    rows = [
        feature(square(), statcode="GM0820", jrstatcode=f"{y}GM0820", n=y) for y in (2023, 2024)
    ]
    result = loaded(tmp_path, collection(*rows))
    assert (result.areas[0].codes, dict(result.account.rejected)) == (["GM0820"], {"other-year": 1})
    with pytest.raises(BrokenLoad, match=r"boundaries of \[2023\] where 2024"):
        loaded(tmp_path, collection(rows[0]))


def test_rows_without_a_code_are_rejected_with_an_example(tmp_path: Path) -> None:
    rows = [feature(square(), code="WK000300"), feature(square(), code="1011AB"), feature(square())]
    result = loaded(tmp_path, collection(*rows))
    assert (result.account.rejected["no-code"], result.account.examples["no-code"]) == (
        2,
        ["1011AB", "None"],
    )


def test_a_map_without_a_single_area_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenLoad, match="none of 1 rows"):
        loaded(tmp_path, collection(feature(square(), code="1011AB")))


def test_the_stated_system_wins_over_the_option_and_both_over_the_extent(tmp_path: Path) -> None:
    rd = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}}
    row = feature(square(155_000, 463_000, 100), code="GM0307")
    assert loaded(tmp_path, collection(row, crs=rd), crs="CRS84").areas[0].crs == 28992
    assert loaded(tmp_path, collection(row), crs="EPSG:28992").areas[0].crs == 28992
    guessed = loaded(tmp_path, collection(row))
    assert (guessed.areas[0].crs, guessed.account.notes["crs-by-extent"]) == (28992, 1)
    with pytest.raises(UnknownSystem, match="GM0307"):
        loaded(tmp_path, collection(row), crs="CRS84")


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE html><html><body>Onderhoud</body></html>",
        b"",
        b'{"error":"not found"}',
        b'{"type":"FeatureCollection"}',
        b'{"type":"Feature","features":[]}',
        b'{"type":"FeatureCollection","features":[{"properties":{"code":"GM0307"},'
        b'"geometry":{"type":"Polygon","coordinates":[5,52]}}]}',
        b'{"type":"FeatureCollection","features":[{"properties":{"code":"GM0307"},'
        b'"geometry":{"type":"Polygon","coordinates":[[["a","b"]]]}}]}',
    ],
)
def test_what_is_no_feature_collection_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(BrokenLoad):
        loaded(tmp_path, content)


def test_a_body_cut_off_anywhere_is_refused(tmp_path: Path) -> None:
    whole = collection(feature(square(), code="GM0307"), crs=None, note="ends } here ]")
    for length in range(1, len(whole)):
        with pytest.raises((TruncatedAnswer, BrokenLoad)):
            loaded(tmp_path, whole[:length])


def test_features_are_found_however_the_text_is_cut_into_chunks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ['quote \\" brace } {', '"features": [', "é'"]
    rows = [feature(square(), code=f"WK00030{i}", name=n) for i, n in enumerate(names)]
    extra = {"features_of": {"features": [1]}, "links": [{"rel": "self"}]}
    path = tmp_path / "map.geojson.gz"
    path.write_bytes(gzip.compress(collection(*rows, **extra)))
    for chunk in (1, 7, 64, 100_000):
        monkeypatch.setattr(geojson, "_CHUNK", chunk)
        builder = LayerBuilder()
        members = geojson.read(path, builder)
        assert builder.layer(None).columns["name"] == names
        assert members == {"type": "FeatureCollection", "features": [], **extra}


def test_geojson_in_long_cells_of_a_table_is_read(tmp_path: Path) -> None:
    ring = (
        np.column_stack([np.cos(t := np.linspace(0, 2 * np.pi, 9000)), np.sin(t)]) * 1000 + 155_000
    )
    ring[:, 1] += 308_000
    ring[-1] = ring[0]
    cell = orjson.dumps({"type": "Polygon", "coordinates": [ring.tolist()]}).decode()
    assert len(cell) > 131_072
    text = ',buurtcode,geometry\n0,BU03070001,"' + cell.replace('"', '""') + '"\n1,BU03070002,\n'
    areas = loaded(tmp_path, text.encode(), name="head.csv").areas[0]
    assert areas.shapes is not None
    assert (areas.codes, areas.shapes[1], areas.crs) == (["BU03070001", "BU03070002"], None, 28992)


def test_a_geopackage_gives_one_areas_a_layer(tmp_path: Path) -> None:
    path = tmp_path / "kaart.gpkg"
    layers = [("gemeenten", "gemeentecode", "GM0307"), ("wijken", "wijkcode", "WK030701")]
    for layer, code_column, code in [*layers, ("layer_styles", "style", "blue")]:
        wkb = shapely.to_wkb(np.array([shapely.box(155_000, 463_000, 155_100, 463_100, ccw=False)]))
        fields = [np.array([code], object), np.array([25], np.int32)]
        write(
            path,
            wkb,
            fields,
            [code_column, "aantal"],
            layer=layer,
            driver="GPKG",
            geometry_type="Polygon",
            crs="EPSG:28992",
            append=path.exists(),
        )
    result = load_files(path)
    assert [(a.level, a.codes, a.crs) for a in result.areas] == [
        (Level.GEMEENTE, ["GM0307"], 28992),
        (Level.WIJK, ["WK030701"], 28992),
    ]
    assert [f.values.tolist() for f in result.figures] == [[[25]], [[25]]]
    assert dict(result.account.rejected) == {"layer-without-codes": 1}
    assert [a.level for a in load_files(path, layer="wijken").areas] == [Level.WIJK]
    with pytest.raises(BrokenLoad, match="no layer 'buurten'"):
        load_files(path, layer="buurten")


def dbf(folder: Path, name: bytes) -> Path:
    """A dbf of two text columns and one row, as a geographic program writes it."""
    fields = [(b"GM_CODE", 6), (b"GM_NAAM", 20)]
    width = 1 + sum(length for _, length in fields)
    header = struct.pack("<B3BIHH20x", 3, 24, 1, 1, 1, 32 + 32 * len(fields) + 1, width)
    described = b"".join(
        struct.pack("<11sc4xBB14x", field, b"C", length, 0) for field, length in fields
    )
    path = folder / "gem.dbf.gz"
    path.write_bytes(
        gzip.compress(header + described + b"\r" + b" GM1900" + name.ljust(20) + b"\x1a")
    )
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_a_dbf_is_read_as_the_bytes_are_not_as_nothing_says(tmp_path: Path, encoding: str) -> None:
    areas = load_files(dbf(tmp_path, "Súdwest-Fryslân".encode(encoding))).areas[0]
    assert (areas.names, areas.shapes, areas.crs) == (["Súdwest-Fryslân"], None, None)


def test_a_shapefile_is_read_with_its_siblings_inflated(tmp_path: Path) -> None:
    path = tmp_path / "wijk.shp"
    wkb = shapely.to_wkb(np.array([shapely.box(155_000, 463_000, 155_100, 463_100)]))
    fields = [np.array(["WK030701"], object), np.array([-99999999], np.int32)]
    write(
        path,
        wkb,
        fields,
        ["WK_CODE", "AANT_INW"],
        driver="ESRI Shapefile",
        geometry_type="Polygon",
        crs="EPSG:28992",
    )
    packed = []
    for part in sorted(tmp_path.glob("wijk.*")):
        packed.append(tmp_path / "in" / (part.name + ".gz"))
        packed[-1].parent.mkdir(exist_ok=True)
        packed[-1].write_bytes(gzip.compress(part.read_bytes()))
    result = load_files(*packed)
    assert (result.areas[0].codes, result.areas[0].crs) == (["WK030701"], 28992)
    assert result.figures[0].reasons.tolist() == [[Reason.MISSING_CODE]]


def test_the_encoding_is_judged_by_the_records_only() -> None:
    head = struct.pack("<8xH22x", 32)
    assert dbf_encoding(head + "é".encode()) == "utf-8"
    assert dbf_encoding(head + b"\xe9 ") == "cp1252"


def test_a_file_of_no_map_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedFile, match="not a map format"):
        loaded(tmp_path, b"%PDF", name="kaart.pdf")
    with pytest.raises(BrokenLoad, match="GDAL can open"):
        loaded(tmp_path, b"<html>", name="kaart.gpkg")


def test_gdal_is_there_for_geopackage_and_shapefile() -> None:
    assert {"GPKG", "ESRI Shapefile"} <= set(pyogrio.list_drivers())


def test_the_key_column_may_be_named_where_a_map_has_several(tmp_path: Path) -> None:
    row = feature(square(), BU_CODE="BU03440311", GM_CODE="GM0344", GM_NAAM="Utrecht")
    areas = loaded(tmp_path, collection(row), key="gm_code").areas[0]
    assert (areas.level, areas.codes, areas.names) == (Level.GEMEENTE, ["GM0344"], ["Utrecht"])
