"""PDOK's two services: a capped, doubled or cut answer is never taken for the whole map."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from db.core.absence import Reason
from db.core.errors import BrokenLoad, CountMismatch, UnknownSystem
from db.core.figures import Parsed
from db.core.levels import Terrain
from db.sources import pdok_ogc, pdok_wfs
from db.sources.dataset import Dataset, Family, Payload


def feature(code: str, x: float = 4.9, **properties: Any) -> dict[str, Any]:
    ring = [[x, 52.37], [x + 0.01, 52.37], [x + 0.01, 52.38], [x, 52.37]]
    return {
        "type": "Feature",
        "id": f"{code}-{x}",
        "properties": {"wijkcode": code, "wijknaam": f"Wijk {code[-2:]}", **properties},
        "geometry": {"type": "MultiPolygon", "coordinates": [[ring]]},
    }


def page(*features: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features), **members}


def pages_in(folder: Path, *contents: dict[str, Any]) -> tuple[Path, ...]:
    paths = [folder / f"page-{number}.json" for number in range(len(contents))]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(orjson.dumps(content))
    return tuple(paths)


def ogc(folder: Path, *contents: dict[str, Any], headers: dict[str, str] | None = None) -> Parsed:
    dataset = Dataset("wijken", "pdok", Family.BOUNDARIES, 2024, pdok_ogc.load)
    payload = Payload({"data": pages_in(folder, *contents)}, headers or {})
    result = pdok_ogc.load(dataset, payload)
    result.account.check()
    return result


def wfs(folder: Path, *contents: dict[str, Any], hits: str | None = None) -> Parsed:
    dataset = Dataset("wijken", "pdok", Family.BOUNDARIES, 2024, pdok_wfs.load)
    parts = {"data": pages_in(folder, *contents)}
    if hits is not None:
        (folder / "hits.xml").write_text(hits)
        parts["hits"] = (folder / "hits.xml",)
    result = pdok_wfs.load(dataset, Payload(parts))
    result.account.check()
    return result


def test_pages_become_one_map_with_figures(tmp_path: Path) -> None:
    first = page(
        feature("WK0363AA", water="NEE", aantal_inwoners=1234, gemiddelde_woningwaarde=-99997),
        links=[{"rel": "next", "href": "?cursor=D78%7C"}],
        numberReturned=1,
    )
    last = page(
        feature("WK0363AB", 4.95, water="JA", aantal_inwoners=-99997, jaar=2024), numberReturned=1
    )
    result = ogc(tmp_path, first, last)
    areas, figures = result.areas[0], result.figures[0]
    assert (areas.codes, areas.terrains, areas.crs) == (
        ["WK0363AA", "WK0363AB"],
        [Terrain.LAND, Terrain.WATER],
        4326,
    )
    assert [column.key for column in figures.columns] == [
        "aantal_inwoners",
        "gemiddelde_woningwaarde",
    ]
    assert figures.reasons.tolist() == [
        [Reason.OBSERVED, Reason.MISSING_CODE],
        [Reason.WATER_OR_ABROAD, Reason.WATER_OR_ABROAD],
    ]


def test_a_page_shorter_than_it_says_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CountMismatch, match=r"page-0\.json: numberReturned"):
        ogc(tmp_path, page(feature("WK0363AA"), numberReturned=2))


def test_a_last_page_that_links_to_a_next_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenLoad, match="links to a next one"):
        ogc(tmp_path, page(feature("WK0363AA"), links=[{"rel": "next"}], numberReturned=1))


def test_only_the_year_asked_for_is_taken_from_a_collection_of_years(tmp_path: Path) -> None:
    rows = [feature("WK0363AA", 4 + year / 10_000, jaarcode=year, n=year) for year in (2023, 2024)]
    result = ogc(tmp_path, page(*rows, numberReturned=2))
    assert (result.areas[0].codes, dict(result.account.rejected)) == (
        ["WK0363AA"],
        {"other-year": 1},
    )


def test_the_same_feature_on_two_pages_counts_once(tmp_path: Path) -> None:
    twice = [page(feature("WK0363AA"), numberReturned=1)] * 2
    result = ogc(tmp_path, *twice)
    assert (result.areas[0].codes, dict(result.account.rejected)) == (
        ["WK0363AA"],
        {"duplicate": 1},
    )


def test_two_editions_of_one_feature_are_refused(tmp_path: Path) -> None:
    moved = [page(feature("WK0363AA", x), numberReturned=1) for x in (4.9, 4.91)]
    with pytest.raises(BrokenLoad, match="WK0363AA occurs 2 times"):
        ogc(tmp_path, *moved)


def test_the_header_names_the_system(tmp_path: Path) -> None:
    row = feature("WK0363AA")
    row["geometry"]["coordinates"] = [
        [[[121_000, 487_000], [122_000, 487_000], [122_000, 488_000], [121_000, 487_000]]]
    ]
    rd = {"content-crs": "<http://www.opengis.net/def/crs/EPSG/0/28992>"}
    assert ogc(tmp_path, page(row, numberReturned=1), headers=rd).areas[0].crs == 28992
    with pytest.raises(UnknownSystem, match="WK0363AA"):
        ogc(tmp_path, page(row, numberReturned=1))


def test_degrees_with_latitude_first_are_refused(tmp_path: Path) -> None:
    header = {"Content-Crs": "<http://www.opengis.net/def/crs/EPSG/0/4326>"}
    with pytest.raises(UnknownSystem, match="latitude first"):
        ogc(tmp_path, page(feature("WK0363AA"), numberReturned=1), headers=header)


HITS = '<?xml version="1.0"?><wfs:FeatureCollection numberMatched="%s" numberReturned="0"/>'


def test_wfs_pages_must_add_up_to_the_hits(tmp_path: Path) -> None:
    two = [page(feature("WK0363AA", aantalInwoners=10)), page(feature("WK0363AB", 4.95))]
    result = wfs(tmp_path, *two, hits=HITS % 2)
    assert [column.key for column in result.figures[0].columns] == ["aantalInwoners"]
    with pytest.raises(CountMismatch) as raised:
        wfs(tmp_path, *two, hits=HITS % 3)
    assert (raised.value.expected, raised.value.received) == (3, 2)


def test_a_feature_that_comes_twice_does_not_hide_one_that_never_came(tmp_path: Path) -> None:
    doubled = [page(feature("WK0363AA")), page(feature("WK0363AA"))]
    with pytest.raises(CountMismatch):
        wfs(tmp_path, *doubled, hits=HITS % 2)


def test_a_wfs_answer_may_announce_its_total_and_system_itself(tmp_path: Path) -> None:
    rd = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}}
    row = feature("WK0363AA")
    row["geometry"]["coordinates"] = [
        [[[121_000, 487_000], [122_000, 487_000], [122_000, 488_000], [121_000, 487_000]]]
    ]
    result = wfs(tmp_path, page(row, totalFeatures=1, crs=rd))
    assert (result.areas[0].crs, result.source_crs) == (28992, "EPSG:28992")


@pytest.mark.parametrize("hits", [None, HITS % "unknown", "<html>"])
def test_a_wfs_answer_without_a_total_is_refused(tmp_path: Path, hits: str | None) -> None:
    with pytest.raises(BrokenLoad, match=r"no (total|numberMatched)"):
        wfs(tmp_path, page(feature("WK0363AA")), hits=hits)


def test_pages_in_different_systems_or_with_different_totals_are_refused(tmp_path: Path) -> None:
    rd = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}}
    with pytest.raises(BrokenLoad, match="different coordinate systems"):
        wfs(tmp_path, page(feature("WK0363AA"), crs=rd), page(feature("WK0363AB")), hits=HITS % 2)
    with pytest.raises(BrokenLoad, match="different totals"):
        wfs(
            tmp_path,
            page(feature("WK0363AA"), totalFeatures=2),
            page(feature("WK0363AB"), totalFeatures=3),
        )
