"""Leefbaarometer scores from the service, from a mirror of it and from the official table."""

from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest

from db.core.absence import Reason
from db.core.errors import BrokenLoad, CountMismatch
from db.core.figures import Parsed
from db.core.levels import Level
from db.sources.dataset import Dataset, Family, Payload
from db.sources.leefbaarometer import load

SCORES = {
    "kscore": 9,
    "afw": 0.2259,
    "won": -0.0061,
    "fys": -0.0073,
    "vrz": 0.1890,
    "soc": -0.0038,
    "onv": 0.0541,
}
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[4.8, 52.3], [4.81, 52.3], [4.81, 52.31], [4.8, 52.3]]],
}


def service(code: str, **changed: Any) -> dict[str, Any]:
    fields = {
        "id": code,
        "name": "Randwijck",
        "gemeente": "Amstelveen",
        "scale": "wijk",
        "year": "2024",
    }
    return {"type": "Feature", "geometry": SQUARE, "properties": {**fields, **SCORES, **changed}}


def loaded(folder: Path, *contents: bytes | list[dict[str, Any]], **members: Any) -> Parsed:
    paths = []
    for number, content in enumerate(contents):
        table = isinstance(content, bytes)
        paths.append(folder / f"part-{number}.{'csv' if table else 'geojson'}")
        whole = {"type": "FeatureCollection", "features": content, **members}
        paths[-1].write_bytes(content if isinstance(content, bytes) else orjson.dumps(whole))
    dataset = Dataset("lbm", "leefbaarometer", Family.LBM, 2024, load)
    result = load(dataset, Payload({"data": tuple(paths)}))
    result.account.check()
    return result


def test_the_service_gives_areas_with_shapes_and_modelled_scores(tmp_path: Path) -> None:
    result = loaded(tmp_path, [service("WK036201")])
    areas, figures = result.areas[0], result.figures[0]
    assert (areas.level, areas.codes, areas.names) == (Level.WIJK, ["WK036201"], ["Randwijck"])
    assert areas.shapes is not None
    assert areas.shapes[0] is not None
    assert ([c.key for c in figures.columns], figures.periods.tolist()) == (list(SCORES), [2024])
    assert figures.values.tolist() == [list(SCORES.values())]
    assert set(figures.reasons.ravel()) == {Reason.MODELLED}


def test_what_a_mirror_added_is_not_published_and_raw_wins(tmp_path: Path) -> None:
    raw = {**SCORES, "year": "2024"}
    added = {"klasse": 9, "afw": 0.226, "top_pct_nl": 9.3, "pct_below_nl": 90.7, "provincie": "NH"}
    own = {
        "code": "BU03620101",
        "naam": "Randwijck-Oost",
        "gemeente": "Amstelveen",
        "raw": raw,
        **added,
    }
    result = loaded(tmp_path, [{"type": "Feature", "geometry": SQUARE, "properties": own}])
    figures = result.figures[0]
    assert [column.key for column in figures.columns] == list(SCORES)
    assert figures.values[0, 1] == 0.2259
    assert result.areas[0].names == ["Randwijck-Oost"]
    assert {f"not-published: {name}" for name in added} <= set(result.account.notes)


def test_several_files_make_one_dataset(tmp_path: Path) -> None:
    result = loaded(tmp_path, [service("WK036201")], [service("WK036202"), service("GM0362")])
    assert [(a.level, a.codes) for a in result.areas] == [
        (Level.WIJK, ["WK036201", "WK036202"]),
        (Level.GEMEENTE, ["GM0362"]),
    ]
    assert result.figures[0].codes == ["WK036201", "WK036202", "GM0362"]


TABLE = b"""1,wk_code,wk_naam,jaar,lbm,afw,fys,onv,soc,vrz,won
3,WK036201,Randwijck,2014,4.27,0.15,0.01,0.04,-2e-2,0.16,-0.04
5,WK036201,Randwijck,2018,4.30,0.20,,0.05,-0.01,0.17,-0.01
"""


def test_the_official_table_gives_a_series_and_one_area_without_a_shape(tmp_path: Path) -> None:
    result = loaded(tmp_path, TABLE)
    figures = result.figures[0]
    assert (result.areas[0].codes, result.areas[0].shapes) == (["WK036201"], None)
    assert (figures.codes, figures.periods.tolist()) == (["WK036201"] * 2, [2014, 2018])
    assert [column.key for column in figures.columns] == [
        "lbm",
        "afw",
        "fys",
        "onv",
        "soc",
        "vrz",
        "won",
    ]
    assert (figures.values[0, 4], np.isnan(figures.values[1, 2])) == (-0.02, True)
    assert figures.reasons[1, 2] == Reason.NO_FIGURE


def test_a_deviation_that_is_not_the_sum_of_its_parts_is_noted(tmp_path: Path) -> None:
    exact = loaded(tmp_path, [service("WK036201"), service("WK036202", afw=0.225908)])
    off = loaded(tmp_path, [service("WK036201"), service("WK036202", afw=0.2260)])
    assert (
        exact.account.notes["parts-do-not-add-up"],
        off.account.notes["parts-do-not-add-up"],
    ) == (0, 1)


def test_the_same_score_twice_counts_once_and_two_scores_are_refused(tmp_path: Path) -> None:
    twice = loaded(tmp_path, [service("WK036201"), service("WK036201")])
    assert (twice.figures[0].codes, dict(twice.account.rejected)) == (
        ["WK036201"],
        {"duplicate": 1},
    )
    with pytest.raises(BrokenLoad, match="two different scores for WK036201 in 2024"):
        loaded(tmp_path, [service("WK036201"), service("WK036201", kscore=8)])


def test_the_announced_total_must_be_met(tmp_path: Path) -> None:
    loaded(tmp_path, [service("WK036201")], totalFeatures=1)
    with pytest.raises(CountMismatch):
        loaded(tmp_path, [service("WK036201")], totalFeatures=2)


def test_postcodes_and_grid_cells_are_not_areas(tmp_path: Path) -> None:
    result = loaded(tmp_path, [service("WK036201"), service("1181")])
    assert (result.account.rejected["no-code"], result.account.examples) == (
        1,
        {"no-code": ["1181"]},
    )
    with pytest.raises(BrokenLoad, match="no row with an area code"):
        loaded(tmp_path, [service("1181")])


def test_a_score_that_is_no_number_or_has_no_year_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenLoad, match="no numbers in the columns afw"):
        loaded(tmp_path, [service("WK036201", afw="goed")])
    with pytest.raises(BrokenLoad, match="no year of measurement"):
        loaded(tmp_path, [service("WK036201", year=None)])
