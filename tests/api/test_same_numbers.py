"""The same questions through every door: value, status, reason, code and publication are the same.

Twenty cells of Voorbeeldland, chosen so that every status it has is among them; asked of the newest
publication and of the one before, which has other values, by a service that saw both come.
"""

import asyncio
import csv
import io
import json
import math
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pyogrio
import pytest
import shapely
from pyarrow import ipc, parquet

from db.pool import connect
from tests.api.demonstration import ask, served
from tests.api.published_thrice import publish
from tests.databases import copied
from tests.unit.vector_tile import layer_of

_LEVELS = {"gemeente": "gemeenten", "wijk": "wijken", "buurt": "buurten"}
_INDICATORS = ("population", "poverty_share", "severe_loneliness", "average_income_per_person")
_EACH = 20
_REVISED = ("voorbeeldland-kerncijfers-2022", "voorbeeldland-kerncijfers-2024",
            "voorbeeldland-gezondheid-2022")  # fmt: skip
"""What publication 2 has otherwise."""


@dataclass(frozen=True)
class Question:
    level: str
    vintage: int
    code: str
    indicator: str
    year: int
    publication: int
    """By number; each door is told it in its own way."""

    @property
    def pinned(self) -> dict[str, Any]:
        return {"publicatie": self.publication}


@dataclass(frozen=True)
class Said:
    code: str
    value: float | None
    status: str
    reason: str
    publication: int


Door = Callable[[httpx.AsyncClient, Question], Awaitable[Said]]


async def _asked(client: httpx.AsyncClient, asked: Question, query: str) -> Any:
    body = {"query": query, "extensions": {"publication": asked.publication}}
    return (await client.post("/graphql", json=body)).json()


async def _graphql(client: httpx.AsyncClient, asked: Question) -> Said:
    answer = await _asked(
        client,
        asked,
        f'{{ {asked.level}(code: "{asked.code}", vintage: {asked.vintage}) {{ code observations('
        f'indicators: ["{asked.indicator}"], year: {asked.year}) {{ ... on Observation '
        "{ value status reason { code } } } } }",
    )
    area = answer["data"][asked.level]
    (cell,) = area["observations"]
    number = answer["extensions"]["publication"]
    return Said(area["code"], cell["value"], cell["status"], cell["reason"]["code"], number)


async def _series(client: httpx.AsyncClient, asked: Question) -> Said:
    answer = await _asked(
        client,
        asked,
        f'{{ {asked.level}(code: "{asked.code}", vintage: {asked.vintage}) {{ code series('
        f'indicators: ["{asked.indicator}"]) {{ ... on Series {{ years values statuses points '
        "{ reason { code } } } } } }",
    )
    area = answer["data"][asked.level]
    (line,) = area["series"]
    at = line["years"].index(asked.year)
    reason = line["points"][at]["reason"]["code"]
    number = answer["extensions"]["publication"]
    return Said(area["code"], line["values"][at], line["statuses"][at], reason, number)


async def _rest(client: httpx.AsyncClient, asked: Question) -> Said:
    answer = await client.get(
        f"/v1/{_LEVELS[asked.level]}/{asked.code}/waarnemingen",
        params={
            "indeling": asked.vintage,
            "indicatoren": asked.indicator,
            "jaar": asked.year,
            **asked.pinned,
        },
    )
    body = answer.json()
    (cell,) = body["waarden"]
    assert cell["jaar"] == asked.year
    code = body["gebied"]["code"]
    return Said(code, cell["waarde"], cell["status"], cell["reden"], body["publicatie"])


async def _file(client: httpx.AsyncClient, asked: Question, form: str) -> bytes:
    answer = await client.get(
        "/v1/waarnemingen",
        params={
            "indicator": asked.indicator,
            "niveau": asked.level,
            "indeling": asked.vintage,
            "f": form,
            **asked.pinned,
        },
    )
    assert answer.status_code == 200, answer.text
    return answer.content


def _row(rows: list[dict[str, Any]], asked: Question) -> Said:
    (row,) = [r for r in rows if r["code"] == asked.code and int(r["jaar"]) == asked.year]
    value = None if row["waarde"] in (None, "") else float(row["waarde"])
    return Said(row["code"], value, row["status"], row["reden"], int(row["publicatie"]))


async def _csv(client: httpx.AsyncClient, asked: Question) -> Said:
    text = (await _file(client, asked, "csv")).decode()
    return _row(list(csv.DictReader(io.StringIO(text, newline=""))), asked)


async def _ndjson(client: httpx.AsyncClient, asked: Question) -> Said:
    lines = (await _file(client, asked, "ndjson")).splitlines()
    return _row([json.loads(line) for line in lines], asked)


async def _parquet(client: httpx.AsyncClient, asked: Question) -> Said:
    content = await _file(client, asked, "parquet")
    return _row(parquet.read_table(io.BytesIO(content)).to_pylist(), asked)


async def _excel(client: httpx.AsyncClient, asked: Question) -> Said:
    text = (await _file(client, asked, "csv-excel")).decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=";")
    return _row([{**row, "waarde": row["waarde"].replace(",", ".")} for row in rows], asked)


async def _arrow(client: httpx.AsyncClient, asked: Question) -> Said:
    table = ipc.open_stream(await _file(client, asked, "arrow")).read_all()
    return _row(table.to_pylist(), asked)


async def _tile(client: httpx.AsyncClient, asked: Question) -> Said:
    """As a map does it: the area out of the tile, its cell joined to it by the code."""
    collection = f"/v1/collections/{_LEVELS[asked.level]}-{asked.vintage}"
    item = (await client.get(f"{collection}/items/{asked.code}", params=asked.pinned)).json()
    assert item["publicatie"] == asked.publication
    sets = f"{collection}/tiles/WebMercatorQuad"
    described = (await client.get(sets, params={"f": "tilejson", **asked.pinned})).json()
    zoom = described["maxzoom"]
    inside = shapely.geometry.shape(item["geometry"]).representative_point()
    column, row = _place(inside.x, inside.y, zoom)
    tile = await client.get(f"{sets}/{zoom}/{row}/{column}", params=asked.pinned)
    assert tile.status_code == 200, tile.text
    drawn = [each.properties for each in layer_of(tile.content).features]
    (feature,) = [each for each in drawn if each["code"] == asked.code]
    assert feature["naam"] == item["properties"]["naam"]
    return await _csv(client, replace(asked, code=feature["code"]))


def _place(longitude: float, latitude: float, zoom: int) -> tuple[int, int]:
    """Column and row of a point in WebMercatorQuad."""
    north = math.asinh(math.tan(math.radians(latitude)))
    across = (longitude + 180) / 360
    return int(across * 2**zoom), int((1 - north / math.pi) / 2 * 2**zoom)


async def _feature(client: httpx.AsyncClient, asked: Question) -> Said:
    collection = f"/v1/collections/{_LEVELS[asked.level]}-{asked.vintage}"
    query = {"indicatoren": asked.indicator, "jaar": asked.year, **asked.pinned}
    answer = await client.get(f"{collection}/items/{asked.code}", params=query)
    assert answer.status_code == 200, answer.text
    page = (await client.get(f"{collection}/items", params={**query, "limit": 5000})).json()
    (listed,) = [each for each in page["features"] if each["id"] == asked.code]
    assert listed["properties"] == answer.json()["properties"]
    return _of_properties(asked, answer.json()["properties"], page["publicatie"])


async def _map_file(client: httpx.AsyncClient, asked: Question, form: str) -> bytes:
    answer = await client.get(
        "/v1/gebieden",
        params={
            "niveau": asked.level,
            "indeling": asked.vintage,
            "indicatoren": asked.indicator,
            "jaar": asked.year,
            "f": form,
            **asked.pinned,
        },
    )
    assert answer.status_code == 200, answer.text
    return answer.content


async def _geojson(client: httpx.AsyncClient, asked: Question) -> Said:
    found = json.loads(await _map_file(client, asked, "geojson"))
    (feature,) = [each for each in found["features"] if each["id"] == asked.code]
    return _of_properties(asked, feature["properties"], int(found["publicatie"]))


async def _geoparquet(client: httpx.AsyncClient, asked: Question) -> Said:
    table = parquet.read_table(io.BytesIO(await _map_file(client, asked, "geoparquet")))
    (row,) = [each for each in table.to_pylist() if each["code"] == asked.code]
    return _of_properties(asked, row, row["publicatie"])


async def _by_gdal(client: httpx.AsyncClient, asked: Question, form: str) -> Said:
    content = await _map_file(client, asked, form)
    with tempfile.TemporaryDirectory() as folder:
        # GDAL warns of a file that is not named after its format.
        file = Path(folder) / f"gebieden.{form}"
        file.write_bytes(content)
        _, table = pyogrio.read_arrow(file, read_geometry=False)
    (row,) = [each for each in table.to_pylist() if each["code"] == asked.code]
    return _of_properties(asked, row, row["publicatie"])


def _of_properties(asked: Question, row: dict[str, Any], publication: int) -> Said:
    slug = asked.indicator
    assert row[f"{slug}_jaar"] == asked.year
    value, status, reason = row[slug], row[f"{slug}_status"], row[f"{slug}_reden"]
    return Said(row["code"], value, status, reason, publication)


DOORS: dict[str, Door] = {
    "ogc-features": _feature,
    "geojson": _geojson,
    "geoparquet": _geoparquet,
    "geopackage": partial(_by_gdal, form="gpkg"),
    "flatgeobuf": partial(_by_gdal, form="fgb"),
    "series": _series,
    "rest": _rest,
    "csv": _csv,
    "ndjson": _ndjson,
    "csv-excel": _excel,
    "arrow": _arrow,
    "parquet": _parquet,
    "tiles": _tile,
}


async def _questions(client: httpx.AsyncClient, publication: int) -> list[Question]:
    """Cells of all levels; of each status the first few, so that all are there."""
    found: dict[str, list[Question]] = {}
    for level, plural in _LEVELS.items():
        for vintage in (2022, 2024):
            slugs = json.dumps(_INDICATORS)
            answer = await ask(
                client,
                f"{{ {plural}(first: 60, vintage: {vintage}) {{ nodes {{ code series(indicators: "
                f"{slugs}) {{ ... on Series {{ indicator {{ slug }} years statuses }} }} }} }} }}",
            )
            for node in answer["data"][plural]["nodes"]:
                for line in filter(None, node["series"]):
                    pairs = zip(line.get("years", ()), line.get("statuses", ()), strict=True)
                    for year, status in pairs:
                        asked = Question(
                            level, vintage, node["code"], line["indicator"]["slug"], year,
                            publication,
                        )  # fmt: skip
                        found.setdefault(status, []).append(asked)
    assert set(found) >= {"OBSERVED", "MODELLED", "UNKNOWN", "NOT_COMPARABLE", "NOT_PUBLISHED"}
    each = -(-_EACH // len(found))
    return [
        cells[int(place * (len(cells) - 1) / max(1, each - 1))]
        for cells in found.values()
        for place in range(each)
    ]


@pytest.fixture(scope="module")
async def twice(
    postgres: str, demonstration: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[httpx.AsyncClient]:
    """A service that was asked of publication 1, and then saw publication 2 come."""
    async with copied(postgres, "twice", demonstration) as dsn:
        connection = await connect(dsn)
        async with served(dsn, tmp_path_factory.mktemp("twice"), "{ __typename }") as client:
            for asked in await _questions(client, 1):
                await _graphql(client, asked)
            await publish(connection, 2, *_REVISED)
            while (await client.get("/v1/wijken?limit=1")).json()["publicatie"] != 2:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            yield client
        await connection.close()


@pytest.mark.parametrize("publication", [1, 2])
@pytest.mark.parametrize("name", list(DOORS))
async def test_every_door_says_what_graphql_says(
    name: str, publication: int, twice: httpx.AsyncClient
) -> None:
    questions = await _questions(twice, publication)
    assert len(questions) >= _EACH
    assert len({each.level for each in questions}) == 3
    for asked in questions:
        expected = await _graphql(twice, asked)
        assert expected.publication == publication
        assert await DOORS[name](twice, asked) == expected, asked


async def test_the_publications_have_other_values_so_that_one_for_the_other_would_show(
    twice: httpx.AsyncClient,
) -> None:
    questions = await _questions(twice, 1)
    said = [
        [(await _graphql(twice, replace(each, publication=number))).value for each in questions]
        for number in (1, 2)
    ]
    differing = [each for each, one, two in zip(questions, *said, strict=True) if one != two]
    assert len(differing) >= 4
    assert len({each.level for each in differing}) > 1
