"""What a set of tiles says of itself, and that the tiles are where and what it says."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from db.core.tile_matrix import SETS
from db.pool import connect
from service.example import QUERY
from service.rest.tiles.standard import CLASSES, RELATION, SCHEME_RELATION, SCHEMES_RELATION
from tests.api.demonstration import served
from tests.api.resting import rest_client
from tests.database.endless_maps import publish_map
from tests.databases import TEMPLATE, database_of
from tests.unit.vector_tile import layer_of

HERE = "/v1/collections/wijken-2024/tiles"


@pytest.fixture(scope="module")
def dsn(postgres: str) -> str:
    """A store with a map in two publications, which these tests only read."""
    asyncio.run(_fill(postgres))
    return database_of(postgres, "tile_sets")


async def _fill(admin_dsn: str) -> None:
    admin = await connect(admin_dsn)
    await admin.execute(f"CREATE DATABASE tile_sets TEMPLATE {TEMPLATE}")
    await admin.close()
    connection = await connect(database_of(admin_dsn, "tile_sets"))
    for turned in (0, 90):
        await publish_map(connection, turned)
    await connection.close()


@asynccontextmanager
async def _client(dsn: str, folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with served(dsn, folder, QUERY) as client:
        yield client


async def _json(client: httpx.AsyncClient, address: str) -> Any:
    answer = await client.get(address)
    assert answer.status_code == 200, answer.text
    return answer.json()


def _path(address: str) -> str:
    return re.sub(r"^https?://[^/]+", "", address)


async def _places(dsn: str, matrix_set: str) -> list[asyncpg.Record]:
    connection = await connect(dsn)
    try:
        query = """
            SELECT zoom, y, x FROM tile WHERE matrix_set = $1 AND until_publication IS NULL
        """
        return list(await connection.fetch(query, matrix_set))
    finally:
        await connection.close()


async def test_a_map_lists_its_tile_sets_by_their_registered_names(
    dsn: str, tmp_path: Path
) -> None:
    async with _client(dsn, tmp_path) as client:
        listed = await _json(client, HERE)
        for each, name in zip(listed["tilesets"], SETS, strict=True):
            registered = f"http://www.opengis.net/def/tilematrixset/OGC/1.0/{name}"
            assert each["tileMatrixSetURI"] == registered
            links = {link["rel"]: link for link in each["links"]}
            scheme = await _json(client, _path(links[SCHEME_RELATION]["href"]))
            assert (scheme["uri"], scheme["crs"]) == (registered, each["crs"])
            found = await _json(client, _path(links["self"]["href"]))
            assert {key: found[key] for key in each if key != "links"} == {
                key: value for key, value in each.items() if key != "links"
            }


async def test_a_collection_leads_to_its_tiles_and_the_api_says_by_which_standard(
    dsn: str, tmp_path: Path
) -> None:
    async with _client(dsn, tmp_path) as client:
        stated = (await _json(client, "/v1/conformance"))["conformsTo"]
        assert {"core", "tileset", "tilesets-list", "geodata-tilesets", "mvt"} == {
            each.rpartition("/")[2] for each in stated if "ogcapi-tiles-1/1.0/conf" in each
        }
        assert set(CLASSES) <= set(stated)
        for pin in ("", "?publicatie=1"):
            shown = await _json(client, f"/v1/collections/wijken-2024{pin}")
            (href,) = [link["href"] for link in shown["links"] if link["rel"] == RELATION]
            assert _path(href) == HERE + pin
            assert (await _json(client, _path(href)))["tilesets"]


async def test_areas_without_a_map_have_an_empty_list_of_tile_sets() -> None:
    async with rest_client() as (client, _):
        known = await client.get("/v1/collections/wijken-2023/tiles")
        other = await client.get("/v1/collections/wijken-2019/tiles")
    assert (known.status_code, known.json()["tilesets"]) == (200, [])
    assert other.status_code == 404


@pytest.mark.parametrize("matrix_set", list(SETS))
async def test_a_tile_set_says_exactly_where_tiles_are(
    dsn: str, tmp_path: Path, matrix_set: str
) -> None:
    stored = {(str(row["zoom"]), row["y"], row["x"]) for row in await _places(dsn, matrix_set)}
    async with _client(dsn, tmp_path) as client:
        found = await _json(client, f"{HERE}/{matrix_set}")
    within = {each["tileMatrix"]: each for each in found["tileMatrixSetLimits"]}
    assert set(within) == {zoom for zoom, _, _ in stored}
    for zoom, limit in within.items():
        rows = {row for at, row, _ in stored if at == zoom}
        columns = {column for at, _, column in stored if at == zoom}
        assert (limit["minTileRow"], limit["maxTileRow"]) == (min(rows), max(rows))
        assert (limit["minTileCol"], limit["maxTileCol"]) == (min(columns), max(columns))
    matrices = {each["id"]: each for each in found["tileMatrixSet"]["tileMatrices"]}
    (layer,) = found["layers"]
    assert [layer["minTileMatrix"], layer["maxTileMatrix"]] == [
        min(matrices, key=int),
        max(matrices, key=int),
    ]
    assert set(within) <= set(matrices)


async def test_tile_matrices_have_the_scales_of_their_registration(
    dsn: str, tmp_path: Path
) -> None:
    async with _client(dsn, tmp_path) as client:
        rd, mercator = [
            (await _json(client, f"{HERE}/{name}"))["tileMatrixSet"]
            for name in ("NetherlandsRDNewQuad", "WebMercatorQuad")
        ]
    assert rd["crs"] == "http://www.opengis.net/def/crs/EPSG/0/28992"
    assert rd["tileMatrices"][0]["pointOfOrigin"] == [-285401.92, 903401.92]
    assert rd["tileMatrices"][0]["scaleDenominator"] == pytest.approx(12_288_000)
    assert mercator["crs"] == "http://www.opengis.net/def/crs/EPSG/0/3857"
    of_five = next(each for each in mercator["tileMatrices"] if each["id"] == "5")
    assert of_five["scaleDenominator"] == pytest.approx(559082264.0287178 / 2**5)


async def test_tilejson_leads_to_tiles_with_the_fields_it_names(dsn: str, tmp_path: Path) -> None:
    async with _client(dsn, tmp_path) as client:
        answer = await client.get(f"{HERE}/WebMercatorQuad?f=tilejson")
        assert answer.headers["content-type"] == "application/vnd.mapbox.tile+json"
        found = answer.json()
        (template,) = found["tiles"]
        row = max(await _places(dsn, "WebMercatorQuad"), key=lambda each: each["zoom"])
        assert row["zoom"] == found["maxzoom"]
        address = template.format(z=row["zoom"], y=row["y"], x=row["x"])
        layer = layer_of((await client.get(_path(address))).content)
    (described,) = found["vector_layers"]
    assert found["tilejson"] == "3.0.0"
    assert layer.name == described["id"] == "wijken"
    assert found["promoteId"] == {"wijken": "code"}
    assert layer.features
    for feature in layer.features:
        assert {"code", "indeling"} <= set(feature.properties) <= set(described["fields"])
    west, south, east, north = found["bounds"]
    assert 2 < west < found["center"][0] < east < 8
    assert 50 < south < found["center"][1] < north < 54


async def test_what_names_a_publication_leads_to_tiles_of_that_publication(
    dsn: str, tmp_path: Path
) -> None:
    async with _client(dsn, tmp_path) as client:
        pinned = await _json(client, f"{HERE}/WebMercatorQuad?f=tilejson&publicatie=1")
        newest = await _json(client, f"{HERE}/WebMercatorQuad?f=tilejson")
        assert (pinned["version"], newest["version"]) == ("1.0.0", "2.0.0")
        tiles = [
            (await client.get(_path(each["tiles"][0].format(z=5, y=10, x=16)))).content
            for each in (pinned, newest)
        ]
        for link in (await _json(client, f"{HERE}/WebMercatorQuad?publicatie=1"))["links"]:
            assert link["rel"] == SCHEME_RELATION or "publicatie=1" in link["href"]
    assert all(tiles)
    assert tiles[0] != tiles[1]


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("wijken-2023/tiles", 404, "no map of wijken of 2023"),
        ("buurten-2024/tiles/WebMercatorQuad", 404, "no map of buurten of 2024"),
        ("wijken-2024/tiles/EuropeanETRS89", 404, "WebMercatorQuad, NetherlandsRDNewQuad"),
        ("wijken-2024/tiles/NetherlandsRDNewQuad?f=tilejson", 404, "TileJSON only knows"),
        ("wijken/tiles", 400, "wijken-2024"),
        ("wijken-2024/tiles/WebMercatorQuad?f=png", 400, "tilejson"),
        ("wijken-2024/tiles?zoom=1", 400, "'zoom'"),
    ],
)
async def test_what_is_not_there_is_refused_by_name(
    dsn: str, tmp_path: Path, path: str, status: int, said: str
) -> None:
    async with _client(dsn, tmp_path) as client:
        answer = await client.get(f"/v1/collections/{path}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["api-version"]
    assert said in answer.json()["detail"]


async def test_tiles_of_an_invented_country_say_so_and_name_their_sources() -> None:
    async with rest_client() as (client, _):
        found = (await client.get(f"{HERE}/WebMercatorQuad")).json()
        as_tilejson = (await client.get(f"{HERE}/WebMercatorQuad?f=tilejson")).json()
    assert found["title"] == as_tilejson["name"] == "Wijken 2024 (fictief: Voorbeeldland)"
    assert as_tilejson["version"] == "3.0.0"


async def test_the_definitions_are_those_that_are_registered() -> None:
    async with rest_client() as (client, _):
        landing = (await client.get("/v1/")).json()
        (all_,) = [each["href"] for each in landing["links"] if each["rel"] == SCHEMES_RELATION]
        listed = (await client.get(_path(all_))).json()["tileMatrixSets"]
        found = [(await client.get(_path(each["links"][0]["href"]))).json() for each in listed]
    assert [each["id"] for each in found] == list(SETS)
    web, national = (each["tileMatrices"] for each in found)
    assert (len(web), len(national)) == (25, 17)
    # Annex D of 17-083r4, and what PDOK publishes.
    assert web[0]["scaleDenominator"] == pytest.approx(559082264.0287178, abs=1e-6)
    assert (national[0]["cellSize"], national[0]["scaleDenominator"]) == (3440.64, 12288000)
    assert national[16]["cellSize"] == pytest.approx(0.0525)
    assert national[16]["pointOfOrigin"] == [-285401.92, 903401.92]


async def test_without_a_publication_there_is_nothing_to_describe() -> None:
    async with rest_client(empty=True) as (client, _):
        for path in (HERE, f"{HERE}/WebMercatorQuad", f"{HERE}/WebMercatorQuad/7/41/65"):
            assert (await client.get(path)).status_code == 503
