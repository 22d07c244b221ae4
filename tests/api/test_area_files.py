"""/gebieden: every format has the same areas, columns and shapes, and says whose they are."""

import io
import json
import sqlite3
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
import shapely
from pyarrow import parquet
from pyogrio import raw, read_info

from service.feeds.area_formats import AREA_FORMATS
from service.rest.files import SHELF
from tests.api.resting import rest_client
from tests.api.sample import open_sample

PATH = "/v1/gebieden"
_RD = "http://www.opengis.net/def/crs/EPSG/0/28992"
_WIJKEN = {"niveau": "wijk", "indicatoren": "population,lonely"}
_ASKED = [
    _WIJKEN,
    {"niveau": "wijk", "indeling": "2023", "indicatoren": "population", "jaar": "2022"},
    {"niveau": "wijk", "gemeenteCode": "GM9001", "indicatoren": "lonely"},
    {"niveau": "gemeente", "indicatoren": "thefts", "crs": _RD},
    {"niveau": "land"},
    {"niveau": "buurt", "geometrie": "volledig"},
]
Rows = list[dict[str, Any]]


def _of_geojson(content: bytes, _: Path) -> Rows:
    rows = []
    for feature in json.loads(content)["features"]:
        assert feature["id"] == feature["properties"]["code"]
        shape = feature["geometry"] and shapely.from_geojson(json.dumps(feature["geometry"]))
        rows.append({**feature["properties"], "geometry": shape})
    return rows


def _of_parquet(content: bytes, _: Path) -> Rows:
    rows: Rows = parquet.read_table(io.BytesIO(content)).to_pylist()
    for row in rows:
        box = row.pop("bbox")
        row["geometry"] = row["geometry"] and shapely.from_wkb(row["geometry"])
        if row["geometry"] is not None:
            assert tuple(box.values()) == row["geometry"].bounds
        else:
            assert box is None
    return rows


def _by_gdal(content: bytes, path: Path) -> Rows:
    path.write_bytes(content)
    meta, _, shapes, columns = raw.read(path)
    lists = [[None if each != each else each for each in column.tolist()] for column in columns]
    rows = [dict(zip(meta["fields"], row, strict=True)) for row in zip(*lists, strict=True)]
    for row, shape in zip(rows, shapes, strict=True):
        row["geometry"] = shape and shapely.from_wkb(shape)
    return rows


_READERS = {"geojson": _of_geojson, "geoparquet": _of_parquet, "gpkg": _by_gdal, "fgb": _by_gdal}


def _alike(rows: Rows) -> list[dict[str, Any]]:
    """In order of code, for an index has an order of its own; shapes as plain text."""
    for row in rows:
        row["geometry"] = None if row["geometry"] is None else row["geometry"].normalize().wkt
        # A polygon is a multipolygon of one.
        if row["geometry"] and row["geometry"].startswith("POLYGON"):
            row["geometry"] = f"MULTIPOLYGON ({row['geometry'][8:]})"
    return sorted(rows, key=lambda row: row["code"])


async def _get(client: httpx.AsyncClient, **params: str) -> httpx.Response:
    answer = await client.get(PATH, params=params, headers={"accept-encoding": "identity"})
    assert answer.status_code == 200, answer.text
    return answer


@pytest.mark.parametrize("asked", _ASKED)
async def test_all_formats_have_the_same_areas_columns_and_shapes(
    asked: dict[str, str], tmp_path: Path
) -> None:
    async with rest_client() as (client, _):
        files = {name: (await _get(client, **asked, f=name)).content for name in _READERS}
    rows = {n: _alike(read(files[n], tmp_path / f"a.{n}")) for n, read in _READERS.items()}
    assert rows["geojson"]
    for name, found in rows.items():
        assert found == rows["geojson"], name


def test_every_format_is_read_here() -> None:
    assert set(_READERS) == {each.name for each in AREA_FORMATS}


async def test_a_value_that_is_absent_is_null_and_says_why_beside_it() -> None:
    async with rest_client() as (client, _):
        content = (await _get(client, **_WIJKEN)).content
        values = await client.get("/v1/wijken/WK900103/waarnemingen?indicatoren=population")
    rows = {row["code"]: row for row in _of_geojson(content, Path())}
    hidden, water = rows["WK900103"], rows["WK900199"]
    assert (hidden["population"], hidden["population_status"]) == (None, "SUPPRESSED")
    assert hidden["population_reden"] == values.json()["waarden"][0]["reden"] == "CONFIDENTIAL"
    assert water["population_status"] == "NOT_APPLICABLE"
    assert rows["WK900101"]["population"] == 1010
    assert rows["WK900101"]["population_jaar"] == 2024
    assert rows["WK900101"]["population_voorlopig"] is True
    assert rows["WK900101"]["lonely_voorlopig"] is False
    assert hidden["geometry"] is None


async def test_every_format_says_its_publication_licence_and_attribution(tmp_path: Path) -> None:
    async with rest_client() as (client, _):
        files = {name: (await _get(client, **_WIJKEN, f=name)).content for name in _READERS}
    whole = json.loads(files["geojson"])
    said = parquet.read_metadata(io.BytesIO(files["geoparquet"])).metadata
    for name in ("gpkg", "fgb"):
        (tmp_path / f"a.{name}").write_bytes(files[name])
    with sqlite3.connect(tmp_path / "a.gpkg") as package:
        ((inside,),) = package.execute("SELECT metadata FROM gpkg_metadata").fetchall()
    title = read_info(tmp_path / "a.fgb")["layer_metadata"]
    for text in ("Bron: Bureau voor Voorbeelden", "CC-BY-4.0"):
        assert text in (whole["bronvermelding"], whole["licentie"])
        assert text.encode() in (said[b"bronvermelding"], said[b"licentie"])
        assert text in inside
        assert text in title["DESCRIPTION"]
    assert whole["publicatie"] == said[b"publicatie"].decode() == "3"
    assert "publicatie 3" in title["TITLE"]


async def test_geoparquet_states_its_system_box_and_covering() -> None:
    async with rest_client() as (client, _):
        content = (await _get(client, **_WIJKEN, crs=_RD, f="geoparquet")).content
    geo = json.loads(parquet.read_metadata(io.BytesIO(content)).metadata[b"geo"])
    column = geo["columns"]["geometry"]
    assert (geo["version"], geo["primary_column"]) == ("1.1.0", "geometry")
    assert column["crs"]["id"] == {"authority": "EPSG", "code": 28992}
    assert column["encoding"] == "WKB"
    assert column["covering"]["bbox"]["xmin"] == ["bbox", "xmin"]
    assert column["bbox"][0] == 155000


async def test_a_part_of_a_file_can_be_fetched_and_the_digest_is_of_the_whole() -> None:
    async with rest_client() as (client, _):
        whole = await _get(client, **_WIJKEN, f="gpkg")
        rest = await client.get(
            PATH,
            params={**_WIJKEN, "f": "gpkg"},
            headers={"range": "bytes=1000-", "if-range": whole.headers["etag"]},
        )
        beyond = await client.get(
            PATH, params={**_WIJKEN, "f": "gpkg"}, headers={"range": "bytes=99999999-"}
        )
    digest = b64encode(sha256(whole.content).digest()).decode()
    assert whole.headers["repr-digest"] == rest.headers["repr-digest"] == f"sha-256=:{digest}:"
    assert int(whole.headers["content-length"]) == len(whole.content)
    assert (rest.status_code, rest.content) == (206, whole.content[1000:])
    assert beyond.status_code == 416
    assert "wijken-2024-publicatie-3.gpkg" in whole.headers["content-disposition"]
    assert "content-encoding" not in whole.headers


@pytest.mark.parametrize("name", list(_READERS))
async def test_a_file_of_a_publication_has_the_same_bytes_whenever_it_is_made(name: str) -> None:
    asked = {**_WIJKEN, "publicatie": "2", "f": name}
    async with rest_client() as (client, _):
        one = await _get(client, **asked)
    SHELF.clear()
    async with rest_client() as (client, held):
        held.snapshot = await open_sample(held.store, 2)
        two = await _get(client, **asked)
    assert one.content == two.content
    assert one.headers["etag"] == two.headers["etag"]
    assert "immutable" in one.headers["cache-control"]


async def test_all_that_a_publication_does_not_have_is_named_and_no_column_is_left_out() -> None:
    asked = {"niveau": "wijk", "indicatoren": "populatoin,thefts", "gemeenteCode": "GM9009"}
    async with rest_client() as (client, _):
        answer = await client.get(PATH, params=asked)
    assert answer.status_code == 404
    assert [(each["name"], each["code"]) for each in answer.json()["errors"]] == [
        ("indicatoren", "UNKNOWN_INDICATOR"),
        ("indicatoren", "NOT_AVAILABLE_AT_LEVEL"),
        ("gemeenteCode", "UNKNOWN_CODE"),
    ]
