"""Code lists: leading zeros, years in headers, parents and water."""

from pathlib import Path

import pytest

from db.core.errors import BrokenLoad, RefusedFile
from db.core.figures import Parsed
from db.core.levels import Level, Terrain
from db.sources import code_lists
from db.sources.dataset import Dataset, Family, Payload

YEARLY = """\
Wijk2025;wijknaam2025\r
000100;Kern\r
0001AA;Oost\r
000197;Nieuw-Dorp\r
000199;Groot water\r
099899;Buitenland\r
"""
CHAIN = """\
bu_code;bu_naam;wk_code;wk_naam;gm_code;gm_naam;pv_code
BU00010000;Oord;WK000100;Kern;GM0001;Dorp;PV20
BU00010001;Heide;WK000100;Kern;GM0001;Dorp;PV20
"""
ATTRIBUTES = """\
JRSTATCODE,WK_CODE,WK_NAAM,GM_CODE,GM_NAAM,WATER
2023WK000100,WK000100,Kern,GM0001,Dorp,NEE
2023WK000199,WK000199,Groot water,GM0001,Dorp,JA
2023WK099899,WK099899,Buitenland,GM0998,Buitenland,NEE
"""


def load(folder: Path, text: str, vintage: int = 2025) -> Parsed:
    path = folder / "codes.csv"
    path.write_text(text, encoding="utf-8-sig", newline="")
    dataset = Dataset("codes", "cbs", Family.CODES, vintage, code_lists.load)
    return code_lists.load(dataset, Payload({"data": (path,)}))


def test_a_yearly_list_keeps_leading_zeros_and_letters(tmp_path: Path) -> None:
    (areas,) = load(tmp_path, YEARLY).areas

    assert areas.level == Level.WIJK
    assert areas.codes == ["WK000100", "WK0001AA", "WK000197", "WK000199", "WK099899"]


def test_water_and_abroad_are_known_by_exact_name_never_by_code(tmp_path: Path) -> None:
    (areas,) = load(tmp_path, YEARLY).areas

    assert areas.terrains == [None, None, None, Terrain.WATER, Terrain.ABROAD]


def test_a_list_of_another_year_fails_the_load(tmp_path: Path) -> None:
    with pytest.raises(BrokenLoad, match="of 2025 by its header, not of 2024"):
        load(tmp_path, YEARLY, 2024)


def test_lost_leading_zeros_refuse_the_list(tmp_path: Path) -> None:
    with pytest.raises(RefusedFile, match=r"line 2: .*leading zeros"):
        load(tmp_path, YEARLY.replace("000100;", "100;"))


def test_a_code_listed_twice_is_counted_once(tmp_path: Path) -> None:
    account = load(tmp_path, YEARLY + "000100;Kern\r\n").account

    assert (account.rows_accepted, account.rejected) == (5, {"duplicate": 1})


def test_a_list_with_parents_gives_areas_of_every_level(tmp_path: Path) -> None:
    areas = load(tmp_path, CHAIN, 2019).areas

    assert [(a.level, a.codes, a.parents) for a in areas] == [
        (Level.GEMEENTE, ["GM0001"], [None]),
        (Level.WIJK, ["WK000100"], ["GM0001"]),
        (Level.BUURT, ["BU00010000", "BU00010001"], ["WK000100", "WK000100"]),
    ]


def test_a_wijk_in_two_gemeenten_fails_the_load(tmp_path: Path) -> None:
    with pytest.raises(BrokenLoad, match="line 3: WK000100 lies in GM0001 and in GM0002"):
        load(tmp_path, CHAIN.replace("Heide;WK000100;Kern;GM0001", "Heide;WK000100;Kern;GM0002"))


def test_abroad_goes_by_its_name_where_water_calls_it_land(tmp_path: Path) -> None:
    gemeenten, wijken = load(tmp_path, ATTRIBUTES, 2023).areas

    assert wijken.terrains == [Terrain.LAND, Terrain.WATER, Terrain.ABROAD]
    assert gemeenten.terrains == [None, Terrain.ABROAD]


@pytest.mark.parametrize(
    ("old", "new"),
    [("2023WK000100", "2022WK000100"), ("Kern,GM0001,Dorp,NEE", "Kern,GM0001,Dorp,MISSCHIEN")],
)
def test_a_list_that_contradicts_itself_fails_the_load(tmp_path: Path, old: str, new: str) -> None:
    with pytest.raises(BrokenLoad, match="line 2"):
        load(tmp_path, ATTRIBUTES.replace(old, new), 2023)


def test_a_quoted_newline_does_not_shift_the_line_that_is_named(tmp_path: Path) -> None:
    text = YEARLY.replace("Kern", '"Kern\nen rand"').replace("0001AA;", "01AA;")

    with pytest.raises(RefusedFile, match="line 4"):
        load(tmp_path, text)
