"""Bundles of evidence: the same bytes for a publication, honest maps, the numbers of GraphQL."""

import csv
import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import shapely
from pyogrio import raw

from schema.as_bad import beside
from service.evidence import drawing
from service.evidence.archive import File, zipped
from service.rest.resources import evidence
from tests.api.asking import data
from tests.api.bundled import columns_unexplained, number, rows_of, unpacked, zip_at
from tests.api.resting import PUBLIC_URL, rest_client
from tests.api.sample import SampleStore, open_sample

AS_BAD = "/v1/bewijzen/minstens-even-slecht?referentie=WK9002A1"
STACKING = "/v1/bewijzen/stapeling?niveau=wijk"
_SVG = "{http://www.w3.org/2000/svg}"
_PARTS = {
    "antwoord.json", "gegevens.csv", "waarden.csv", "kaart.geojson", "kaart.gpkg", "kaart.svg",
    "methode.nl.md", "methode.en.md", "definitie.json", "CITATION.cff", "citaat.txt",
    "licentie.md", "manifest.json",
}  # fmt: skip


async def _files(address: str) -> dict[str, bytes]:
    async with rest_client() as (client, _):
        return unpacked(await zip_at(client, address))


@pytest.mark.parametrize("address", [AS_BAD, STACKING])
async def test_a_bundle_has_all_its_files_and_the_manifest_their_hashes(address: str) -> None:
    files = await _files(address)
    assert files.keys() == _PARTS
    manifest = json.loads(files["manifest.json"])
    assert (manifest["publicatie"], manifest["fictief"]) == (3, True)
    assert {each["naam"] for each in manifest["bestanden"]} == _PARTS - {"manifest.json"}
    for each in manifest["bestanden"]:
        content = files[each["naam"]]
        assert each["bytes"] == len(content) > 0
        assert each["sha256"] == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("address", [AS_BAD, STACKING])
async def test_the_address_in_the_manifest_gives_the_same_bytes_a_publication_later(
    address: str,
) -> None:
    store = SampleStore()
    async with rest_client(store) as (client, held):
        held.snapshot = await open_sample(store, 2)
        first = await zip_at(client, address)
        again = json.loads(unpacked(first)["manifest.json"])["adres"]
        held.snapshot = await open_sample(store, 3)
        later = await client.get(again.removeprefix(PUBLIC_URL))
        newest = await zip_at(client, address)
    assert later.headers["cache-control"].endswith("immutable")
    assert later.content == first
    assert newest != first


async def test_the_same_request_gives_the_same_zip_whatever_the_time() -> None:
    async with rest_client() as (client, _):
        content = await zip_at(client, AS_BAD)
    async with rest_client() as (client, _):
        assert await zip_at(client, AS_BAD) == content
    times = {each.date_time for each in zipfile.ZipFile(io.BytesIO(content)).infolist()}
    assert times == {(1980, 1, 1, 0, 0, 0)}


async def test_the_rows_are_those_that_graphql_answers() -> None:
    rows = rows_of(await _files(AS_BAD))
    found = await data(
        """{ areasAsBadAs(reference: {code: "WK9002A1"}) {
        totals { asBad cannotBeSaid better }
        asBad { ...row } cannotBeSaid { ...row } } }
        fragment row on AreaAsBad { area { code } standing margin countMin countMax
          domains { domain percentile standing } }"""
    )
    asked = found["areasAsBadAs"]
    assert asked["asBad"], "the sample has none; this test would say nothing"
    by_code = {each["code"]: each for each in rows}
    for each in [*asked["asBad"], *asked["cannotBeSaid"]]:
        row = by_code[each["area"]["code"]]
        assert row["oordeel"] == each["standing"]
        assert number(row["marge"]) == each["margin"]
        assert (int(row["aantalMin"]), int(row["aantalMax"])) == (
            each["countMin"],
            each["countMax"],
        )
        for domain in each["domains"]:
            assert number(row[f"percentiel_{domain['domain']}"]) == domain["percentile"]
    for word, total in (("YES", "asBad"), ("CANNOT_BE_SAID", "cannotBeSaid"), ("NO", "better")):
        assert sum(each["oordeel"] == word for each in rows) == asked["totals"][total]


async def test_stacking_has_the_counts_that_graphql_answers() -> None:
    rows = rows_of(await _files(STACKING))
    found = await data(
        """{ wijken(filter: {terrain: null}) { nodes { code
        stacking { eligible count countMin countMax parts { domain percentile exceeded } } } } }"""
    )
    nodes = found["wijken"]["nodes"]
    assert [each["code"] for each in rows] == [each["code"] for each in nodes]
    for row, node in zip(rows, nodes, strict=True):
        asked = node["stacking"]
        assert (row["beoordeeld"] == "ja") is asked["eligible"]
        assert number(row["aantal"]) == asked["count"]
        for part in asked["parts"]:
            assert row[f"overschreden_{part['domain']}"] == part["exceeded"]
            assert number(row[f"percentiel_{part['domain']}"]) == part["percentile"]


@pytest.mark.parametrize("address", [AS_BAD, STACKING])
async def test_the_map_can_be_read_aloud_and_says_what_is_fictional_and_unknown(
    address: str,
) -> None:
    files = await _files(address)
    drawing = ElementTree.fromstring(files["kaart.svg"])
    title, description = drawing.find(f"{_SVG}title"), drawing.find(f"{_SVG}desc")
    assert title is not None
    assert title.text
    assert description is not None
    assert "FICTIEVE GEGEVENS" in (description.text or "")
    labelled = drawing.attrib["aria-labelledby"].split()
    assert labelled == [title.attrib["id"], description.attrib["id"]]
    words = "".join(drawing.itertext())
    assert "Bron: Bureau voor Voorbeelden" in words
    assert "publicatie 3" in words
    rows = {each["code"]: each for each in rows_of(files)}
    drawn = [each for each in drawing.iter(f"{_SVG}path") if "id" in each.attrib]
    assert drawn
    style = next(drawing.iter(f"{_SVG}style")).text or ""
    for path in drawn:
        row, of = rows[path.attrib["id"]], f".{path.attrib['class']}{{fill:"
        hatched = f"{of}url(" in style
        unknown = row.get("beoordeeld") == "nee" or row.get("oordeel") in (
            "NOT_JUDGED",
            "CANNOT_BE_SAID",
        )
        assert hatched is (unknown or row.get("aantal") == "")


async def test_the_shapes_carry_the_same_cells_as_the_table() -> None:
    files = await _files(AS_BAD)
    drawn: dict[str, Any] = json.loads(files["kaart.geojson"])
    rows = rows_of(files)
    assert [each["id"] for each in drawn["features"]] == [each["code"] for each in rows]
    for feature, row in zip(drawn["features"], rows, strict=True):
        for name, value in feature["properties"].items():
            assert row[name] == ("" if value is None else str(value))
    assert drawn["publicatie"] == 3


@pytest.mark.parametrize("address", [AS_BAD, STACKING])
async def test_the_layer_for_map_programs_has_the_rows_and_shapes_of_the_table(
    address: str, tmp_path: Path
) -> None:
    files = await _files(address)
    path = tmp_path / "kaart.gpkg"
    path.write_bytes(files["kaart.gpkg"])
    meta, _, shapes, columns = raw.read(path)
    assert meta["crs"] == "EPSG:28992"
    rows = rows_of(files)
    assert list(meta["fields"]) == list(rows[0])
    drawn = json.loads(files["kaart.geojson"])["features"]
    assert [each is None for each in shapes] == [each["geometry"] is None for each in drawn]
    west, south, east, north = shapely.total_bounds(shapely.from_wkb(shapes))
    assert -10_000 < west < east < 300_000 < south < north < 650_000
    for name, column in zip(meta["fields"], columns, strict=True):
        absent = [each is None or each != each for each in column.tolist()]
        assert absent == [row[name] == "" for row in rows], name
        told = [
            (each, row[name]) for each, row in zip(column.tolist(), rows, strict=True) if row[name]
        ]
        assert all(str(each) == text or float(each) == float(text) for each, text in told), name


async def test_a_title_that_is_too_long_for_the_map_goes_on_on_the_next_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(drawing, "_TITLE_LETTERS", 20)
    found = ElementTree.fromstring((await _files(STACKING))["kaart.svg"])
    bold = [each for each in found.iter(f"{_SVG}text") if each.attrib.get("font-size") == "20"]
    title = found.find(f"{_SVG}title")
    assert title is not None
    assert len(bold) > 2
    assert all(len(each.text or "") <= 20 for each in bold)
    assert (title.text or "").startswith(" ".join(each.text or "" for each in bold))
    legend = [float(each.attrib["y"]) for each in found.iter(f"{_SVG}rect") if "y" in each.attrib]
    assert max(float(each.attrib["y"]) for each in bold) < min(legend)


async def test_the_map_has_a_scale_and_says_how_many_areas_it_lacks() -> None:
    words = list(ElementTree.fromstring((await _files(STACKING))["kaart.svg"]).itertext())
    assert any(each.endswith(" km") for each in words)
    assert "Zonder grens, dus niet op de kaart / without a shape: 1." in words
    assert any(each.startswith("FICTIEVE GEGEVENS") for each in words)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["referentie"]),
        ("referentie=WK999999", ["referentie"]),
        ("referentie=nergens", ["referentie"]),
        ("referentie=WK900101&vereist=9&definitie=geen", ["definitie"]),
        ("referentie=WK999999&vereist=9&buitenProgramma=x", ["vereist", "referentie"]),
        ("referentie=WK900101&buitenProgramma=x", ["buitenProgramma"]),
        ("referentie=WK900101&indeling=1999", ["indeling"]),
        ("referentie=wk%20900101", ["referentie"]),
        ("referentie=WK900103", ["referentie"]),
        ("referentie=WK900101&domeinen=geen", ["domeinen"]),
        ("referentie=WK900101&overgezet=misschien&eenheden=geen", ["overgezet", "eenheden"]),
    ],
)
async def test_a_question_that_cannot_be_answered_is_refused_by_name(
    query: str, names: list[str]
) -> None:
    async with rest_client() as (client, _):
        answer = await client.get(f"/v1/bewijzen/minstens-even-slecht?{query}")
    assert answer.status_code in (400, 404)
    assert answer.headers["content-type"] == "application/problem+json"
    assert [each["name"] for each in answer.json()["errors"]] == names


async def test_what_nobody_could_answer_is_400_and_what_is_not_there_goes_before_the_format() -> (
    None
):
    address = "/v1/bewijzen/minstens-even-slecht"
    async with rest_client() as (client, _):
        asked = [
            await client.get(f"{address}?referentie=WK900101&vereist=9"),
            await client.get(f"{address}?referentie=WK999999"),
            await client.get(f"{address}?referentie=WK999999", headers={"accept": "text/csv"}),
            await client.get(f"{address}?referentie=WK900101", headers={"accept": "text/csv"}),
        ]
    assert [each.status_code for each in asked] == [400, 404, 404, 406]
    assert [each["name"] for each in asked[2].json()["errors"]] == ["Accept", "referentie"]


async def test_what_there_is_not_is_called_by_its_dutch_name_in_dutch() -> None:
    query = "referentie=WK900101&definitie=geen"
    async with rest_client() as (client, _):
        definition = await client.get(f"/v1/bewijzen/minstens-even-slecht?{query}")
        domain = await client.get("/v1/bewijzen/stapeling?niveau=wijk&domeinen=geen")
    assert definition.json()["detailNl"].startswith("er is geen definitie van stapeling 'geen'")
    assert domain.json()["detailNl"].startswith("er is geen domein 'geen'")


async def test_an_unknown_kind_of_question_is_not_found() -> None:
    async with rest_client() as (client, _):
        answer = await client.get("/v1/bewijzen/waarzeggen")
    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")


def test_an_archive_holds_no_more_than_a_piece() -> None:
    piece = hashlib.sha512(b"noise").digest() * 1000
    files = [File(name, lambda: (piece for _ in range(100))) for name in ("a", "b")]
    pieces = list(zipped(files, lambda written: File("last", lambda: [repr(written).encode()])))
    assert max(map(len, pieces)) < 4 * len(piece)
    content = unpacked(b"".join(pieces))
    assert content["a"] == content["b"] == piece * 100


async def test_figures_are_worked_out_once_for_a_bundle_and_not_at_all_for_who_holds_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []

    def counted(*given: Any, **more: Any) -> Any:
        asked.append(given)
        return beside(*given, **more)

    monkeypatch.setattr(evidence, "beside", counted)
    async with rest_client() as (client, _):
        await client.get(AS_BAD)
        # All figures are in memory now: what is not would be loaded, and asked for again.
        asked.clear()
        given = await client.get(AS_BAD)
        held = await client.get(AS_BAD, headers={"if-none-match": given.headers["etag"]})
    assert (given.status_code, held.status_code, len(asked)) == (200, 304, 1)


@pytest.mark.parametrize("address", [AS_BAD, STACKING])
async def test_whoever_has_the_bundle_can_work_out_every_percentile_again(address: str) -> None:
    files = await _files(address)
    rows = list(csv.DictReader(io.StringIO(files["waarden.csv"].decode(), newline="")))
    people = {each["code"]: number(each["waarde"]) for each in rows if _weighs(each)}
    domains = json.loads(files["definitie.json"])["domeinen"]
    checked = 0
    for each in (one for domain in domains for one in domain["indicatoren"]):
        mine = [row for row in rows if row["indicator"] == each["slug"] and row["percentiel"]]
        worse = {"slecht": 1, "goed": -1}[each["hoogIs"]]
        badness = {row["code"]: worse * float(row["waarde"]) for row in mine}
        weights = {code: people[code] or 0 for code in badness}
        for row in mine:
            here, total = badness[row["code"]], sum(weights.values())
            better = sum(weights[code] for code, bad in badness.items() if bad < here)
            equal = sum(weights[code] for code, bad in badness.items() if bad == here)
            place = 100 * (better + equal / 2) / total
            assert float(row["percentiel"]) == pytest.approx(place)
            checked += 1
    assert checked == 2


def _weighs(row: dict[str, str]) -> bool:
    return row["indicator"] == "population" and not row["percentiel"]


@pytest.mark.parametrize("address", [AS_BAD, STACKING])
async def test_the_method_says_in_both_languages_what_every_column_is(address: str) -> None:
    assert columns_unexplained(await _files(address)) == set()
