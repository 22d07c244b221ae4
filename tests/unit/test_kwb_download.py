"""KWB downloads as text and as spreadsheets, and the attribute tables of the map."""

import sys
from pathlib import Path

import numpy as np
import pytest

from db.core.absence import Reason
from db.core.errors import BrokenLoad, RefusedFile
from db.core.figures import Parsed
from db.core.levels import Level, Terrain
from db.sources import kwb_download
from db.sources.dataset import Dataset, Family, Payload
from tests.unit.workbooks import Value, xls, xlsx

HEADER = ["gwb_code_10", "gwb_code_8", "regio", "recs", "ind_wbz", "a_inw", "g_hhgro"]
ROWS: list[list[Value]] = [
    list(HEADER),
    ["NL00", 0, "Nederland", "Land", ".", 100, "2,2"],
    ["WK000100", 100, "Kern", "Wijk", 1, "40", None],
    ["BU0001AA01", 1, "Oord", "Buurt", "3", None, "."],
]
CSV = f"""\
{";".join(HEADER)}
NL00;0;Nederland;Land;.;100;2,2
WK000100;000100;Kern;Wijk;1;40;
BU0001AA01;0001AA01;Oord;Buurt;3;.;.
"""
ATTRIBUTES = """\
WK_CODE,WK_NAAM,GM_CODE,IND_WBI,WATER,AANT_INW,GEM_HH_GR
WK000100,Kern,GM0001,1,NEE,40,2.1
WK000101,Heide,GM0001,2,NEE,-99999999,-99999999.0
WK000199,,GM0001,-99999999,JA,-99999999,-99999999.0
WK999999,,GM9999,-99999999,B,-99999999,-99999999.0
"""
GEMEENTEN = """\
GM_CODE,GM_NAAM,WATER,AANT_INW
GM0001,Dorp,JA,-99999999
GM0001,Dorp,NEE,40
GM0002,Meer,JA,-99999999
"""


def load(folder: Path, content: str | bytes, vintage: int = 2020, name: str = "kwb") -> Parsed:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8-sig"))
    dataset = Dataset("kwb", "cbs", Family.KWB, vintage, kwb_download.load)
    return kwb_download.load(dataset, Payload({"data": (path,)}))


@pytest.mark.parametrize("content", [CSV, xlsx(ROWS), xls(ROWS)], ids=["csv", "xlsx", "xls"])
def test_text_and_spreadsheets_give_the_same_figures(tmp_path: Path, content: str | bytes) -> None:
    figures = load(tmp_path, content).figures[0]

    assert figures.codes == ["NL00", "WK000100", "BU0001AA01"]
    assert [column.key for column in figures.columns] == ["a_inw", "g_hhgro"]
    np.testing.assert_array_equal(figures.values, [[100, 2.2], [40, np.nan], [np.nan, np.nan]])


def test_an_empty_cell_of_a_spreadsheet_says_less_than_a_blank_in_text(tmp_path: Path) -> None:
    from_sheet, from_text = load(tmp_path, xlsx(ROWS)), load(tmp_path, CSV)

    assert from_sheet.figures[0].reasons[1:, 1].tolist() == [Reason.NO_FIGURE, Reason.DOT]
    assert from_text.figures[0].reasons[1:, 1].tolist() == [Reason.IMPOSSIBLE, Reason.DOT]


@pytest.mark.parametrize("content", [CSV, xlsx(ROWS)], ids=["csv", "xlsx"])
def test_areas_carry_name_level_and_change(tmp_path: Path, content: str | bytes) -> None:
    areas = load(tmp_path, content).areas

    assert [(a.level, a.names, a.changes) for a in areas] == [
        (Level.LAND, ["Nederland"], [None]),
        (Level.WIJK, ["Kern"], [1]),
        (Level.BUURT, ["Oord"], [3]),
    ]


def test_the_sheet_with_the_codes_is_found_behind_a_cover_sheet(tmp_path: Path) -> None:
    cover: list[list[Value]] = [["Toelichting"], ["CBS"]]

    assert load(tmp_path, xlsx(cover, ROWS)).account.rows_accepted == 3


def test_a_spreadsheet_that_ends_in_empty_rows_has_no_more_areas(tmp_path: Path) -> None:
    assert load(tmp_path, xlsx([*ROWS, ["  "] * 7])).account.rows_read == 3


def test_codes_that_became_numbers_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedFile, match="row 2: gwb_code_10 holds a number"):
        load(tmp_path, xlsx([ROWS[0], [100, *ROWS[1][1:]]]))


def test_a_file_with_only_the_numeric_code_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedFile, match="no column gwb_code_10"):
        load(tmp_path, "gwb_code_8;a_inw\n100;5\n")


def test_a_file_named_after_another_year_fails_the_load(tmp_path: Path) -> None:
    with pytest.raises(BrokenLoad, match="of 2019 by its name, not of 2020"):
        load(tmp_path, CSV, 2020, "kwb-2019.csv")


def test_recs_that_contradicts_the_code_fails_the_load(tmp_path: Path) -> None:
    with pytest.raises(BrokenLoad, match="line 3: WK000100 is called a 'Gemeente'"):
        load(tmp_path, CSV.replace("Kern;Wijk", "Kern;Gemeente"))


@pytest.mark.parametrize("content", [xlsx([["a"], ["b"]]), b"PK\x03\x04 no", b"\xd0\xcf\x11\xe0"])
def test_a_spreadsheet_without_the_table_fails_the_load(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(BrokenLoad):
        load(tmp_path, content)


def test_missing_codes_in_water_rows_are_not_applicable(tmp_path: Path) -> None:
    parsed = load(tmp_path, ATTRIBUTES, 2017)

    assert parsed.figures[0].reasons.tolist() == [
        [Reason.OBSERVED] * 2,
        [Reason.MISSING_CODE] * 2,
        [Reason.WATER_OR_ABROAD] * 2,
        [Reason.WATER_OR_ABROAD] * 2,
    ]
    assert parsed.account.notes["missing-code-cells"] == 8


def test_attribute_tables_name_terrain_parent_and_change(tmp_path: Path) -> None:
    (areas,) = load(tmp_path, ATTRIBUTES, 2017).areas

    assert areas.terrains == [Terrain.LAND, Terrain.LAND, Terrain.WATER, Terrain.ABROAD]
    assert areas.parents == ["GM0001", "GM0001", "GM0001", "GM9999"]
    assert areas.names == ["Kern", "Heide", None, None]
    assert areas.changes == [1, 2, None, None]


def test_of_land_and_water_with_one_code_the_land_row_is_the_gemeente(tmp_path: Path) -> None:
    parsed = load(tmp_path, GEMEENTEN, 2017)

    assert parsed.figures[0].codes == ["GM0001", "GM0002"]
    assert parsed.figures[0].values[0, 0] == 40
    assert parsed.areas[0].terrains == [Terrain.LAND, Terrain.WATER]
    assert parsed.account.rejected == {"water-part": 1}


def test_a_second_land_row_of_one_gemeente_is_a_duplicate(tmp_path: Path) -> None:
    account = load(tmp_path, GEMEENTEN + "GM0001,Dorp,NEE,41\n", 2017).account

    assert account.rejected == {"water-part": 1, "duplicate": 1}


def test_jrstatcode_of_another_year_fails_the_load(tmp_path: Path) -> None:
    text = "JRSTATCODE,GM_CODE,AANT_INW\n2018GM0001,GM0001,5\n"

    with pytest.raises(BrokenLoad, match="is not 2017GM0001"):
        load(tmp_path, text, 2017)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit on a process")
def test_a_cell_at_the_far_end_of_a_sheet_costs_no_memory_here(tmp_path: Path) -> None:
    with pytest.raises(BrokenLoad, match="no readable spreadsheet"):
        load(tmp_path, xlsx(ROWS, far="XFD1048576"))


def test_a_truth_value_in_a_cell_is_named_by_its_row(tmp_path: Path) -> None:
    with pytest.raises(BrokenLoad, match="row 3: a cell holds a bool, 'True'"):
        load(tmp_path, xlsx([*ROWS[:2], [*ROWS[2][:5], True, None]]))
