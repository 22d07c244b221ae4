"""Every boundary and Leefbaarometer file is loaded with its known counts, or refused by name."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import orjson
import pytest
import shapely

from db.core.absence import Reason
from db.core.crs import CRS84, RD, in_rd, transform, transform_shapes
from db.core.errors import RefusedFile
from db.core.figures import Areas, Parsed, cells_by_reason
from db.core.geometry import Shapes, to_geojson_text
from db.core.levels import Terrain
from db.core.simplify import Detail, coverage_report, decimals, details
from db.sources import boundaries, leefbaarometer, pdok_wfs
from db.sources.dataset import Dataset, Family, Payload

pytestmark = pytest.mark.real


def loaded(*paths: Path, vintage: int = 2024) -> Parsed:
    name = paths[0].name
    loader = pdok_wfs.load if "pdok_wfs" in name else boundaries.load
    if paths[0].parent.name == "lbm":
        loader = leefbaarometer.load
    dataset = Dataset(name, "cbs", Family.BOUNDARIES, vintage, loader)
    result = loader(dataset, Payload({"data": paths}))
    result.account.check()
    return result


def shapes_of(areas: Areas) -> Shapes:
    assert areas.shapes is not None
    return areas.shapes


def parts_and_holes(shapes: Shapes) -> tuple[int, int]:
    present = shapes[~shapely.is_missing(shapes)]
    multi = int((shapely.get_num_geometries(present) > 1).sum())
    parts, owners = shapely.get_parts(present, return_index=True)
    holes = np.bincount(owners, weights=shapely.get_num_interior_rings(parts))
    return multi, int((holes > 0).sum())


@pytest.mark.parametrize(
    ("file", "vintage", "areas", "repaired", "without_shape"),
    [
        ("wijk_2014_wgs84.geojson.gz", 2014, 2745, 7, 28),
        ("wijk_2016_rd.geojson.gz", 2016, 2981, 12, 2),
        ("wijk_2016_partial_full_wgs84.geojson.gz", 2016, 1570, 39, 0),
        ("wijk_2022_rd.geojson.gz", 2022, 3340, 0, 0),
        ("wijk_2024_wgs84.geojson.gz", 2024, 3475, 17, 0),
        ("gemeente_2012_wgs84.geojson.gz", 2012, 416, 4, 0),
        ("gemeente_2017_wgs84.geojson.gz", 2017, 389, 5, 0),
        ("gemeente_2018_wgs84.geojson.gz", 2018, 381, 5, 0),
        ("gemeente_2019_wgs84.geojson.gz", 2019, 356, 2, 0),
        ("gemeente_2022_wgs84.geojson.gz", 2022, 346, 7, 0),
        ("gemeente_2023_wgs84.geojson.gz", 2023, 343, 8, 0),
        ("gemeente_2024_wgs84.geojson.gz", 2024, 343, 8, 0),
        ("gemeente_2017_rd_pdok_wfs.geojson.gz", 2017, 388, 0, 0),
        ("buurt_2016_full_wgs84.geojson.gz", 2016, 12187, 61, 0),
        ("buurt_2025_first10_full_rd.csv.gz", 2025, 10, 0, 0),
    ],
)
def test_a_map_has_its_known_number_of_areas_and_of_repairs(
    real_data: Path, file: str, vintage: int, areas: int, repaired: int, without_shape: int
) -> None:
    result = loaded(real_data / "geo" / file, vintage=vintage)
    notes = result.account.notes
    assert [len(level.codes) for level in result.areas] == [areas]
    assert (notes["repaired-polygon"], notes["no-geometry"]) == (repaired, without_shape)
    assert result.account.rejected.total() == 0
    shapes = shapes_of(result.areas[0])
    assert shapely.is_valid(shapes[~shapely.is_missing(shapes)]).all()
    assert int(shapely.is_missing(shapes).sum()) == without_shape
    assert result.areas[0].crs == (RD if "_rd" in file else CRS84)


@pytest.mark.parametrize(
    ("file", "vintage", "multi", "holes"),
    [
        ("wijk_2022_rd.geojson.gz", 2022, 94, 48),
        ("buurt_2016_full_wgs84.geojson.gz", 2016, 304, 670),
    ],
)
def test_parts_and_holes_survive(
    real_data: Path, file: str, vintage: int, multi: int, holes: int
) -> None:
    shapes = shapes_of(loaded(real_data / "geo" / file, vintage=vintage).areas[0])
    got_multi, got_holes = parts_and_holes(shapes)
    # Repair splits or fills some of the 61 invalid buurten; the wijken of 2022 need none.
    assert abs(got_multi - multi) <= (0 if vintage == 2022 else 61)
    assert abs(got_holes - holes) <= (0 if vintage == 2022 else 61)


def test_the_wijk_drawn_as_two_rows_in_2016_is_one_area_with_its_islet(real_data: Path) -> None:
    result = loaded(real_data / "geo" / "wijk_2016_rd.geojson.gz", vintage=2016)
    areas = result.areas[0]
    wieringen = shapes_of(areas)[areas.codes.index("WK191104")]
    assert (wieringen.geom_type, wieringen.area) == ("MultiPolygon", 26_217_926.5 + 32_047.5)
    assert (result.account.rows_accepted, result.account.notes["merged-part"]) == (2982, 1)
    absent = [
        code for code, shape in zip(areas.codes, shapes_of(areas), strict=True) if shape is None
    ]
    assert absent == ["WK024316", "WK099590"]


def test_water_and_abroad_of_2024_are_known_by_name_not_by_code(real_data: Path) -> None:
    areas = loaded(real_data / "geo" / "wijk_2024_wgs84.geojson.gz").areas[0]
    assert Counter(areas.terrains) == {Terrain.WATER: 81, Terrain.ABROAD: 1, None: 3393}
    assert areas.terrains[areas.codes.index("WK168197")] is None


def test_water_has_no_figures_and_3393_wijken_have(real_data: Path) -> None:
    figures = loaded(real_data / "geo" / "wijk_2024_wgs84.geojson.gz").figures[0]
    keys = [column.key for column in figures.columns]
    inhabitants = figures.reasons[:, keys.index("aantal_inwoners")]
    assert Counter(inhabitants.tolist()) == {Reason.OBSERVED: 3393, Reason.WATER_OR_ABROAD: 82}


def test_all_fourteen_numeric_figures_of_2022_are_passed_on(real_data: Path) -> None:
    result = loaded(real_data / "geo" / "wijk_2022_rd.geojson.gz", vintage=2022)
    keys = [column.key for column in result.figures[0].columns]
    nulls = (result.figures[0].reasons == Reason.NO_FIGURE).sum(axis=0)
    absent = dict(zip(keys, nulls.tolist(), strict=True))
    assert len(keys) == 14
    assert (absent["population"], absent["pop_0_14"], absent["employment_rate"]) == (0, 28, 268)
    assert result.account.notes["not-a-figure: urbanity"] == 3340


def test_columns_joined_in_by_the_copyist_are_passed_on_under_their_names(real_data: Path) -> None:
    figures = loaded(real_data / "geo" / "gemeente_2024_wgs84.geojson.gz").figures[0]
    keys = {column.key for column in figures.columns}
    assert {"aantal_inwoners", "0_15", "cr_totaal_misdrijven", "zk_kosten_totaal"} <= keys


def test_the_topology_of_2014_has_the_shapes_of_its_decoded_copy(real_data: Path) -> None:
    decoded = loaded(real_data / "geo" / "wijk_2014_wgs84.geojson.gz", vintage=2014).areas[0]
    result = loaded(real_data / "geo" / "wijk_2014_wgs84.topojson.gz", vintage=2014)
    areas = result.areas[0]
    assert (len(areas.codes), result.account.notes["no-geometry"]) == (2746, 29)
    ours = dict(zip(areas.codes, shapes_of(areas), strict=True))
    assert ours.pop("WK024316") is None
    for code, shape in zip(decoded.codes, shapes_of(decoded), strict=True):
        assert (ours[code] is None) == (shape is None)
        if shape is not None:
            # The copy was rounded to six decimals.
            moved = shapely.symmetric_difference(ours[code], shape).area
            assert moved < 2e-6 * shape.length


def test_the_buurten_of_2014_are_refused_for_their_grain(real_data: Path) -> None:
    with pytest.raises(RefusedFile, match="264 by 312 m"):
        loaded(real_data / "geo" / "buurt_2014_coarse_wgs84.topojson.gz", vintage=2014)


def test_the_tables_of_2017_are_utf8_and_their_sentinels_are_absent(real_data: Path) -> None:
    wijken = loaded(real_data / "kwb" / "kwb_2017_wijk.dbf.gz", vintage=2017)
    areas, figures = wijken.areas[0], wijken.figures[0]
    assert Counter(areas.terrains) == {Terrain.LAND: 3070, Terrain.WATER: 88, Terrain.ABROAD: 1}
    assert any("â" in (name or "") for name in areas.names)
    assert not any("Ã" in (name or "") for name in areas.names)
    reasons = cells_by_reason(figures)
    assert areas.changes is not None
    # 6,227 sentinel cells, of which 89 in IND_WBI, which is no figure.
    assert reasons[Reason.MISSING_CODE] + reasons[Reason.WATER_OR_ABROAD] == 6227 - 89
    assert areas.changes.count(None) == 89
    assert np.nanmin(figures.values) > -99_990


def test_land_and_water_rows_of_the_gemeenten_of_2017_are_389_areas(real_data: Path) -> None:
    result = loaded(real_data / "kwb" / "kwb_2017_gemeente.dbf.gz", vintage=2017)
    areas = result.areas[0]
    assert (result.account.rows_read, result.account.rejected["water-part"]) == (477, 88)
    assert Counter(areas.terrains) == {Terrain.LAND: 388, Terrain.ABROAD: 1}
    assert areas.codes[areas.terrains.index(Terrain.ABROAD)] == "GM9999"


def test_all_leefbaarometer_buurten_of_2024_are_one_dataset(real_data: Path) -> None:
    files = sorted((real_data / "lbm").glob("lbm3_2024_buurt_PV*.geojson.gz"))
    result = loaded(*files)
    figures, shapes = result.figures[0], shapes_of(result.areas[0])
    assert (len(files), len(result.areas[0].codes)) == (12, 12_147)
    assert parts_and_holes(shapes) == (201, 664)
    assert len(figures.columns) == 13
    assert cells_by_reason(figures) == {Reason.MODELLED: 13 * 12_147}
    notes = result.account.notes
    assert (notes["repaired-polygon"], notes["parts-do-not-add-up"]) == (0, 0)
    assert notes["not-published: klasse"] == 12_147


def test_leefbaarometer_gemeenten_and_the_official_table_load_whole(real_data: Path) -> None:
    gemeenten = loaded(real_data / "lbm" / "lbm3_2024_gemeente_wgs84.geojson.gz")
    assert len(gemeenten.areas[0].codes) == 342
    series = loaded(real_data / "lbm" / "lbm3_2014-2022_wijk_amstelveen.csv", vintage=2022)
    assert (len(series.areas[0].codes), len(series.figures[0].codes)) == (14, 56)
    assert Counter(series.figures[0].periods.tolist()) == dict.fromkeys(
        (2014, 2018, 2020, 2022), 14
    )
    assert series.account.notes["parts-do-not-add-up"] == 0


def test_the_largest_map_needs_under_450_mb(real_data: Path) -> None:
    """3.18 million vertices, 76 MB of text; measured 280 MB and 3 s on two cores."""
    program = (
        "import re, sys\n"
        "from pathlib import Path\n"
        "from db.sources import boundaries\n"
        "from db.sources.dataset import Dataset, Family, Payload\n"
        "d = Dataset('b', 'cbs', Family.BOUNDARIES, 2016, boundaries.load)\n"
        "p = boundaries.load(d, Payload({'data': (Path(sys.argv[1]),)}))\n"
        # Not ru_maxrss: through exec it keeps what the parent, this test run, has used.
        "peak = re.search('VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1]\n"
        "print(len(p.areas[0].codes), peak)\n"
    )
    path = real_data / "geo" / "buurt_2016_full_wgs84.geojson.gz"
    run = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True
    )
    areas, kilobytes = map(int, run.stdout.split())
    assert areas == 12_187
    assert kilobytes < 450_000


def read_back(shapes: Shapes, system: int, detail: Detail) -> tuple[Shapes, int]:
    texts = to_geojson_text(transform_shapes(shapes, RD, system), decimals(detail, system))
    written = [text for text in texts if text is not None]
    return np.array([shapely.from_geojson(t) for t in written], object), sum(map(len, written))


def holes(shapes: Shapes) -> int:
    union = shapely.coverage_union_all(shapes)
    return int(shapely.get_num_interior_rings(shapely.get_parts(union)).sum())


def test_the_wijken_of_2022_stay_one_coverage_in_every_detail_and_system(real_data: Path) -> None:
    source = loaded(real_data / "geo" / "wijk_2022_rd.geojson.gz", vintage=2022).areas[0]
    made = details(shapes_of(source))
    for detail, shapes in made.items():
        assert coverage_report(shapes).valid
        assert holes(shapes) == holes(shapes_of(source))
        for system in (RD, CRS84):
            back, size = read_back(shapes, system, detail)
            assert shapely.is_valid(back).all()
            assert shapely.coverage_is_valid(back)
            if (detail, system) == (Detail.OVERVIEW, CRS84):
                assert size < 1_300_000


@pytest.mark.parametrize(
    ("file", "unmatched"), [("wijk_2024_wgs84.geojson.gz", 3429), ("wijk_2016_rd.geojson.gz", 96)]
)
def test_a_map_that_is_no_coverage_says_so_and_still_gets_valid_details(
    real_data: Path, file: str, unmatched: int
) -> None:
    source = loaded(real_data / "geo" / file, vintage=int(file[5:9])).areas[0]
    in_metres = in_rd(shapes_of(source), source.crs or 0).shapes
    report = coverage_report(in_metres)
    assert (report.valid, report.unmatched) == (False, unmatched)
    for detail, shapes in details(in_metres).items():
        assert (shapely.is_missing(shapes) == shapely.is_missing(in_metres)).all()
        for system in (RD, CRS84):
            assert shapely.is_valid(read_back(shapes, system, detail)[0]).all()


def test_degrees_to_metres_and_back_stay_within_a_centimetre_over_the_country(
    real_data: Path,
) -> None:
    source = loaded(real_data / "geo" / "wijk_2024_wgs84.geojson.gz").areas[0]
    degrees = shapely.get_coordinates(shapes_of(source))
    metres = transform(degrees, CRS84, RD)
    again = transform(transform(metres, RD, CRS84), CRS84, RD)
    assert np.abs(again - metres).max() < 0.01


def test_the_same_place_lies_in_the_same_wijk_in_both_systems(real_data: Path) -> None:
    source = loaded(real_data / "geo" / "wijk_2024_wgs84.geojson.gz").areas[0]
    dom = transform(np.array([[136_715.0, 455_917.0]]), RD, CRS84)[0]
    inside = shapely.contains_xy(shapes_of(source), *dom)
    assert [source.codes[i] for i in np.flatnonzero(inside)] == ["WK034406"]


def test_full_text_of_the_largest_map_keeps_every_vertex(real_data: Path) -> None:
    path = real_data / "geo" / "buurt_2016_full_wgs84.geojson.gz"
    shapes = shapes_of(loaded(path, vintage=2016).areas[0])
    texts = to_geojson_text(shapes, decimals(Detail.FULL, CRS84))
    first = orjson.loads(texts[0] or b"")
    assert first["coordinates"] == [
        [list(point) for point in np.round(ring.coords, 7)]
        for ring in [shapes[0].exterior, *shapes[0].interiors]
    ]
    assert sum(text is not None for text in texts) == 12_187
