"""Tiles over HTTP, from Voorbeeldland in a real database."""

import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg
import httpx
import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Route

from db.core.levels import Level
from db.pool import Pool, connect, open_pool
from db.repository.tiles import Limit, Place, StoredTile, TileStore
from service import problems
from service.headers import CommonHeaders
from service.rest.common import ROOT
from service.rest.tiles.endpoint import Opened
from service.rest.tiles.operations import operations
from tests.database.endless_maps import publish_map
from tests.databases import copied
from tests.unit.vector_tile import layer_of

Pair = tuple[httpx.AsyncClient, "Served"]
BASE = "/v1/collections/wijken-2024/tiles/NetherlandsRDNewQuad"


@dataclass(slots=True)
class Served:
    """What is served; a test may set it forward, or take the store away."""

    pool: Pool
    number: int = 1
    asked: int = 0
    away: bool = False
    fault: Exception | None = None

    def current(self) -> Opened | None:
        return Opened(self.number, self.number, self, range(1, 3)) if self.number else None

    async def tile(self, publication: int, place: Place) -> StoredTile | None:
        self.asked += 1
        if self.away:
            raise ConnectionError
        if self.fault is not None:
            raise self.fault
        return await TileStore(self.pool).tile(publication, place)

    async def has_map(self, publication: int, level: Level, vintage: int) -> bool:
        return await TileStore(self.pool).has_map(publication, level, vintage)

    async def limits(
        self, publication: int, level: Level, vintage: int, matrix_set: str
    ) -> list[Limit]:
        return await TileStore(self.pool).limits(publication, level, vintage, matrix_set)


@asynccontextmanager
async def _serving(dsn: str, kept_bytes: int = 1 << 20) -> AsyncIterator[Pair]:
    async with open_pool(dsn) as pool:
        served = Served(pool)
        app = Starlette(
            routes=[
                Route(ROOT + each.path, each.endpoint)
                for each in operations(served.current, kept_bytes=kept_bytes)
                if each.endpoint is not None
            ],
            middleware=[Middleware(CommonHeaders, https=False)],
            exception_handlers={HTTPException: problems.on_http_exception},
        )
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://tiles.test") as client:
            yield client, served


@pytest.fixture(scope="module")
async def dsn(postgres: str, demonstration: str) -> AsyncIterator[str]:
    """A store with Voorbeeldland, which these tests only read."""
    async with copied(postgres, "tiles", demonstration) as address:
        yield address


async def _ask(dsn: str, query: str, *values: object) -> list[asyncpg.Record]:
    connection = await connect(dsn)
    try:
        return list(await connection.fetch(query, *values))
    finally:
        await connection.close()


LARGEST = """
    SELECT zoom, y, x FROM tile WHERE level = $1 AND vintage = 2024 AND matrix_set = $2
    ORDER BY zoom DESC, octet_length(body) DESC LIMIT 1
"""
CODES = "SELECT code FROM area WHERE level = $1 AND vintage = 2024"


@pytest.mark.parametrize("matrix_set", ["WebMercatorQuad", "NetherlandsRDNewQuad"])
@pytest.mark.parametrize(
    ("level", "layer"), [("gemeente", "gemeenten"), ("wijk", "wijken"), ("buurt", "buurten")]
)
async def test_every_level_has_tiles_in_both_matrix_sets(
    dsn: str, level: str, layer: str, matrix_set: str
) -> None:
    (row,) = await _ask(dsn, LARGEST, level, matrix_set)
    place = f"{row['zoom']}/{row['y']}/{row['x']}"
    async with _serving(dsn) as (client, _served):
        answer = await client.get(f"/v1/collections/{layer}-2024/tiles/{matrix_set}/{place}")
    assert answer.status_code == 200
    found = layer_of(answer.content)
    assert found.name == layer
    codes = [each.properties["code"] for each in found.features]
    assert codes
    assert set(codes) <= {row["code"] for row in await _ask(dsn, CODES, level)}
    assert all(each.properties["indeling"] == 2024 for each in found.features)


async def test_a_tile_says_what_it_is_and_may_be_read_by_any_site(dsn: str) -> None:
    async with _serving(dsn) as (client, _served):
        answer = await client.get(f"{BASE}/0/0/0", headers={"accept-encoding": "br, gzip"})
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["cache-control"] == "public, no-cache"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["etag"].startswith('"')


async def test_who_takes_no_gzip_gets_the_same_tile_under_another_tag(dsn: str) -> None:
    async with _serving(dsn) as (client, _served):
        zipped = await client.get(f"{BASE}/0/0/0", headers={"accept-encoding": "gzip"})
        plain = await client.get(f"{BASE}/0/0/0", headers={"accept-encoding": "identity"})
        other = await client.get(f"{BASE}/0/0/0", headers={"accept-encoding": "br"})
    assert "content-encoding" not in plain.headers
    assert plain.content == zipped.content == other.content
    assert plain.headers["etag"] != zipped.headers["etag"]
    assert int(zipped.headers["content-length"]) < int(plain.headers["content-length"])


@pytest.mark.parametrize("coding", ["gzip", "identity"])
async def test_a_tag_that_is_still_current_is_answered_without_the_tile(
    dsn: str, coding: str
) -> None:
    accept = {"accept-encoding": coding}
    async with _serving(dsn) as (client, _served):
        tag = (await client.get(f"{BASE}/0/0/0", headers=accept)).headers["etag"]
        again, new = [
            await client.get(f"{BASE}/0/0/0", headers={**accept, "if-none-match": held})
            for held in (f'W/"x", {tag}', '"00ff"')
        ]
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert again.headers["vary"] == "Accept-Encoding"
    assert new.status_code == 200


async def test_head_has_the_headers_of_get_and_no_body(dsn: str) -> None:
    async with _serving(dsn) as (client, _served):
        got = await client.get(f"{BASE}/0/0/0")
        head = await client.head(f"{BASE}/0/0/0")
    assert head.content == b""
    assert head.headers == got.headers


async def test_a_valid_tile_where_no_area_lies_is_204(dsn: str) -> None:
    async with _serving(dsn) as (client, served):
        answers = [await client.get(f"{BASE}/6/0/0") for _ in range(2)]
    assert [(a.status_code, a.content) for a in answers] == [(204, b"")] * 2
    assert served.asked == 1


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("wijken-2024/tiles/GoogleMapsCompatible/0/0/0", 404, "WebMercatorQuad, NetherlandsRD"),
        ("wijken-2024/tiles/NetherlandsRDNewQuad/7/0/0", 404, "zoom 0 to 6"),
        ("wijken-2024/tiles/NetherlandsRDNewQuad/6/64/0", 404, "from 0 to 63"),
        ("wijken-2024/tiles/NetherlandsRDNewQuad/6/0/64", 404, "from 0 to 63"),
        ("wijken-1999/tiles/NetherlandsRDNewQuad/0/0/0", 404, "no map of wijken of 1999"),
        ("wijken-2024/tiles/NetherlandsRDNewQuad/0/0/0?publicatie=99", 404, "99"),
        ("wijk-2024/tiles/NetherlandsRDNewQuad/0/0/0", 400, "gemeenten, wijken, buurten"),
        ("wijken-99999999/tiles/NetherlandsRDNewQuad/0/0/0", 400, "year"),
        ("wijken-2024/tiles/NetherlandsRDNewQuad/06/1/1", 400, "whole number"),
        ("wijken-2024/tiles/NetherlandsRDNewQuad/6/-1/1", 400, "whole number"),
        ("wijken-2024/tiles/NetherlandsRDNewQuad/6/1.0/1", 400, "whole number"),
        (f"wijken-2024/tiles/NetherlandsRDNewQuad/{'9' * 400}/1/1", 400, "whole number"),
        ("wijken-2024/tiles/NetherlandsRDNewQuad/0/0/0?tijd=1", 400, "'tijd'"),
        ("wijken-2024/tiles/NetherlandsRDNewQuad/0/0/0?f=png", 400, "mvt"),
        ("wijken-2024/tiles/NetherlandsRDNewQuad/0/0/0?publicatie=0", 400, "publicatie"),
    ],
)
async def test_what_does_not_exist_is_a_problem_that_says_what_does(
    dsn: str, path: str, status: int, said: str
) -> None:
    async with _serving(dsn) as (client, _served):
        for _ in range(2):
            answer = await client.get(f"/v1/collections/{path}")
            assert answer.status_code == status, answer.text
            assert answer.headers["content-type"] == "application/problem+json"
            assert said in answer.json()["detail"]
            assert answer.json()["detailNl"]


async def test_all_that_is_wrong_with_an_address_is_said_at_once(dsn: str) -> None:
    async with _serving(dsn) as (client, _served):
        answer = await client.get("/v1/collections/w/tiles/NetherlandsRDNewQuad/x/y/0?f=png&z=1")
    assert answer.status_code == 400
    named = {(each["in"], each["name"]) for each in answer.json()["errors"]}
    in_path = {("path", each) for each in ("collectionId", "tileMatrix", "tileRow")}
    assert named == {("query", "f"), ("query", "z"), *in_path}


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("application/vnd.mapbox-vector-tile", 200),
        ("image/webp,*/*;q=0.1", 200),
        ("text/html", 406),
        ("*/*;q=0", 406),
    ],
)
async def test_who_takes_no_vector_tiles_is_told_so(dsn: str, accept: str, status: int) -> None:
    async with _serving(dsn) as (client, _served):
        answer = await client.get(f"{BASE}/0/0/0", headers={"accept": accept})
        anyway = await client.get(f"{BASE}/0/0/0?f=mvt", headers={"accept": accept})
    assert (answer.status_code, anyway.status_code) == (status, 200)


async def test_other_methods_are_refused_by_name(dsn: str) -> None:
    async with _serving(dsn) as (client, _served):
        answer = await client.post(f"{BASE}/0/0/0")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


async def test_what_was_asked_before_is_served_while_the_store_is_away(dsn: str) -> None:
    async with _serving(dsn) as (client, served):
        first = await client.get(f"{BASE}/0/0/0")
        served.away = True
        again = await client.get(f"{BASE}/0/0/0")
        other = await client.get(f"{BASE}/1/1/1")
    assert again.content == first.content
    assert (other.status_code, other.headers["retry-after"]) == (503, "1")
    assert other.headers["content-type"] == "application/problem+json"


async def test_a_fault_of_ours_is_not_said_to_be_the_store_away(dsn: str) -> None:
    async with _serving(dsn) as (client, served):
        served.fault = asyncpg.UndefinedColumnError("no such column")
        assert (await client.get(f"{BASE}/0/0/0")).status_code == 500
        served.fault = asyncpg.TooManyConnectionsError("full")
        assert (await client.get(f"{BASE}/0/0/0")).status_code == 503


async def test_before_there_is_a_publication_the_answer_is_503(dsn: str) -> None:
    async with _serving(dsn) as (client, served):
        served.number = 0
        answer = await client.get(f"{BASE}/0/0/0")
    assert answer.status_code == 503


async def test_a_new_publication_never_serves_the_tiles_of_the_one_before(
    database: str, connection: asyncpg.Connection
) -> None:
    await publish_map(connection, 0)
    await publish_map(connection, 90)
    async with _serving(database) as (client, served):
        first = await client.get(f"{BASE}/0/0/0")
        served.number = 2
        second = await client.get(f"{BASE}/0/0/0", headers={"if-none-match": first.headers["etag"]})
        pinned = await client.get(f"{BASE}/0/0/0?publicatie=1")
        newest = await client.get(f"{BASE}/0/0/0?publicatie=2")
    assert second.status_code == 200
    assert layer_of(first.content) != layer_of(second.content)
    assert (pinned.content, newest.content) == (first.content, second.content)
    assert "immutable" in pinned.headers["cache-control"]
    assert "immutable" not in second.headers["cache-control"]


async def test_memory_for_tiles_is_bounded_and_changes_no_answer(dsn: str) -> None:
    paths = [f"{BASE}/{zoom}/{row}/{column}" for zoom, row, column in [(0, 0, 0), (1, 1, 1)]]
    async with _serving(dsn, kept_bytes=0) as (client, served):
        without = [await client.get(path) for path in paths * 3]
        assert served.asked == 6
    async with _serving(dsn) as (client, served):
        kept = [await client.get(path) for path in paths * 3]
        assert served.asked == 2
    assert [(a.status_code, a.content, a.headers) for a in kept] == [
        (a.status_code, a.content, a.headers) for a in without
    ]


async def test_stored_tiles_are_gzipped_once_at_publish(dsn: str) -> None:
    largest = "SELECT body FROM tile ORDER BY octet_length(body) DESC LIMIT 1"
    (row,) = await _ask(dsn, largest)
    assert len(gzip.decompress(row["body"])) > len(row["body"])
