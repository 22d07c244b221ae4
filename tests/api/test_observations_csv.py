"""Observations as CSV: the rows, and that they say what GraphQL says of the same cells."""

import csv
import io
import json
import tracemalloc
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow.csv
import pytest

from db.core.absence import Reason, Status
from db.core.block import SeriesKey
from db.core.levels import Level
from db.pool import open_pool
from db.repository.store import PostgresStore
from db.snapshot.snapshot import Memory, Snapshot, open_snapshot
from schema.context import Context
from schema.export import Extract, extracts, wanted
from service.feeds import excel
from service.feeds.csv import COLUMNS, DIALECT
from service.feeds.lines import SEAL, lines
from tests.api.asking import data
from tests.api.opened import NAMES, PATH, client_of, parsed, renamed, rows_of, sample_client
from tests.api.sample import open_sample
from tests.databases import copied

WIJKEN = {"indicator": "population", "niveau": "wijk"}
WITH_VALUE = {status.name for status in Status if status.has_value}

_PLURAL = {Level.GEMEENTE: "gemeenten", Level.WIJK: "wijken", Level.BUURT: "buurten"}
_SERIES = """query ($slug: String!, $vintage: Int!, $after: String) {
  %s(vintage: $vintage, first: 100, after: $after, filter: { terrain: null }) {
    pageInfo { hasNextPage endCursor }
    nodes { code name series(indicators: [$slug]) { ... on Series { points {
      year value lower upper status reason { code } provisional
      provenance { source { slug licence attribution } } } } } } } }"""


@pytest.fixture(scope="module")
async def voorbeeldland(postgres: str, demonstration: str) -> AsyncIterator[Snapshot]:
    """The demonstration country in a real database."""
    async with (
        copied(postgres, "observations", demonstration) as dsn,
        open_pool(dsn) as pool,
    ):
        yield await open_snapshot(PostgresStore(pool), Memory(64 << 20))


async def _by_graphql(snapshot: Snapshot, key: SeriesKey) -> list[dict[str, Any]]:
    """What GraphQL says of the same cells, in the words of the file."""
    found, after = [], None
    while True:
        variables = {"slug": key.indicator, "vintage": key.vintage, "after": after}
        answer = await data(_SERIES % _PLURAL[key.level], variables, snapshot=snapshot)
        (page,) = answer.values()
        found += [_row(node, point) for node in page["nodes"] for point in _points(node)]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]


def _points(node: dict[str, Any]) -> list[dict[str, Any]]:
    points: list[dict[str, Any]] = node["series"][0]["points"]
    return points


_NOBODY = {"slug": "", "licence": "", "attribution": ""}


def _row(node: dict[str, Any], point: dict[str, Any]) -> dict[str, Any]:
    source = (point["provenance"] or {}).get("source") or _NOBODY
    return {
        "code": node["code"],
        "naam": node["name"],
        "jaar": str(point["year"]),
        "status": point["status"],
        "reden": point["reason"]["code"],
        "voorlopig": "true" if point["provisional"] else "false",
        "bron": source["slug"],
        "licentie": source["licence"],
        "bronvermelding": source["attribution"],
        "waarde": point["value"],
        "ondergrens": point["lower"],
        "bovengrens": point["upper"],
    }


def _with_numbers(row: dict[str, str]) -> dict[str, Any]:
    """A row of a file without what all its rows share."""
    numbers = ("waarde", "ondergrens", "bovengrens")
    return {
        name: (float(text) if text else None) if name in numbers else text
        for name, text in row.items()
        if name not in ("publicatie", "indicator", "niveau", "indeling", SEAL)
    }


def _keys(snapshot: Snapshot, level: Level) -> list[SeriesKey]:
    """A dozen series, spread over all indicators and vintages."""
    keys = sorted((k for k in snapshot.head.series if k.level is level), key=lambda k: k[::2])
    return keys[:: max(1, len(keys) // 12)]


@pytest.mark.parametrize("level", list(_PLURAL))
async def test_a_file_says_of_every_cell_what_graphql_says(
    voorbeeldland: Snapshot, level: Level
) -> None:
    async with client_of(voorbeeldland) as (client, _):
        for key in _keys(voorbeeldland, level):
            rows = await rows_of(
                client, indicator=key.indicator, niveau=level.value, indeling=key.vintage
            )
            said = await _by_graphql(voorbeeldland, key)
            assert said
            assert sorted(map(_with_numbers, rows), key=_place) == sorted(said, key=_place), key


def _place(row: dict[str, Any]) -> tuple[str, str]:
    return row["code"], row["jaar"]


async def test_every_absent_value_says_why_and_no_other_row_is_empty(
    voorbeeldland: Snapshot,
) -> None:
    statuses = set()
    async with client_of(voorbeeldland) as (client, _):
        for key in _keys(voorbeeldland, Level.WIJK):
            for row in await rows_of(
                client, indicator=key.indicator, niveau="wijk", indeling=key.vintage
            ):
                assert (row["status"] in WITH_VALUE) == (row["waarde"] != "")
                assert Reason[row["reden"]].status.name == row["status"]
                statuses.add(row["status"])
    assert {"OBSERVED", "MODELLED", "NOT_COMPARABLE", "SUPPRESSED", "NOT_APPLICABLE"} <= statuses


async def test_the_rows_of_a_small_country_are_these() -> None:
    async with sample_client() as (client, _):
        answer = await client.get(PATH, params=WIJKEN)
    found = answer.content.decode().split("\r\n")
    digest = found[1].rpartition(",")[2]
    assert found[:4] == [
        "publicatie,indicator,niveau,indeling,code,naam,jaar,status,reden,voorlopig,bron,licentie,"
        "bronvermelding,waarde,ondergrens,bovengrens,inhoud_sha256",
        "3,population,wijk,2024,WK900101,Centrum,2022,NOT_COMPARABLE,OTHER_BOUNDARIES,false,,,,,,,"
        f"{digest}",
        "3,population,wijk,2024,WK900101,Centrum,2023,OBSERVED,OBSERVED,false,bureau,CC-BY-4.0,"
        f"Bron: Bureau voor Voorbeelden,1000,,,{digest}",
        "3,population,wijk,2024,WK900101,Centrum,2024,OBSERVED,OBSERVED,true,bureau,CC-BY-4.0,"
        f"Bron: Bureau voor Voorbeelden,1010,,,{digest}",
    ]
    assert found[-1] == ""
    assert len(found) == 1 + 5 * 3 + 1


async def test_a_zero_is_written_and_is_not_an_absent_value() -> None:
    async with sample_client() as (client, _):
        rows = await rows_of(client, **WIJKEN)
    zero = [row for row in rows if row["code"] == "WK900102" and row["jaar"] == "2023"]
    secret = [row for row in rows if row["code"] == "WK900103" and row["jaar"] == "2024"]
    assert [(r["waarde"], r["status"]) for r in zero] == [("0", "OBSERVED")]
    assert [(r["waarde"], r["reden"]) for r in secret] == [("", "CONFIDENTIAL")]


async def test_margins_stand_beside_the_value_where_the_source_gives_them() -> None:
    async with sample_client() as (client, _):
        rows = await rows_of(client, indicator="lonely", niveau="wijk")
    shown = {row["code"]: tuple(row.values())[-4:-1] for row in rows if row["jaar"] == "2020"}
    assert shown == {
        "WK9002A1": ("40.5", "39.5", "41.5"),
        "WK900101": ("51.25", "50.25", "52.25"),
        "WK900102": ("", "", ""),
        "WK900103": ("38.0", "37.0", "39.0"),
        # Joined after the block was made: water, which its terrain tells.
        "WK900199": ("", "", ""),
    }
    assert {r["reden"] for r in rows if r["code"] == "WK900199" and r["jaar"] == "2020"} == {
        "WATER_OR_ABROAD"
    }


async def test_a_vintage_that_is_named_is_the_one_given() -> None:
    async with sample_client() as (client, _):
        newest = await rows_of(client, **WIJKEN)
        older = await rows_of(client, **WIJKEN, indeling=2023)
    assert {row["indeling"] for row in newest} == {"2024"}
    assert {row["indeling"] for row in older} == {"2023"}
    assert [row["code"] for row in older if row["jaar"] == "2022"] == [
        "WK900101",
        "WK900102",
        "WK900104",
    ]


async def test_names_with_commas_quotes_and_line_ends_stay_whole() -> None:
    async with client_of(await renamed()) as (client, _):
        rows = await rows_of(client, **WIJKEN)
    codes = ("WK9002A1", "WK900101", "WK900102", "WK900103", "WK900199")
    assert {row["code"]: row["naam"] for row in rows} == dict(zip(codes, NAMES, strict=True))


async def test_arrow_reads_the_same_table_with_numbers_as_numbers() -> None:
    async with client_of(await renamed()) as (client, _):
        content = (await client.get(PATH, params=WIJKEN)).content
    options = pyarrow.csv.ParseOptions(newlines_in_values=True)
    table = pyarrow.csv.read_csv(io.BytesIO(content), parse_options=options)
    assert table.column_names == [*COLUMNS, SEAL]
    assert table["waarde"].to_pylist() == [
        float(row["waarde"]) if row["waarde"] else None for row in parsed(content)
    ]
    assert table["voorlopig"].type == "bool"
    assert set(table["naam"].to_pylist()) == set(NAMES)


async def test_lines_end_as_the_standard_says_and_no_mark_comes_before_them() -> None:
    async with sample_client() as (client, _):
        content = (await client.get(PATH, params=WIJKEN)).content
    assert content.startswith(b"publicatie,")
    assert content.endswith(b"\r\n")
    assert content.count(b"\n") == content.count(b"\r\n")


async def _large(areas: int, years: int) -> Extract:
    """The sample's own extract, grown to the size of the buurten of a country."""
    context = Context(await open_sample())
    await context.load(context.facts.table_keys.values())
    found = wanted(context, ["population"], Level.WIJK, 2024)
    assert not isinstance(found, list)
    await context.load(found.asked[0].spread.keys)
    (small,) = extracts(context, found)
    numbers = np.arange(areas * years, dtype=np.float64).reshape(areas, years) / 4
    return replace(
        small,
        years=tuple(range(2000, 2000 + years)),
        codes=[f"WK{i:06d}" for i in range(areas)],
        names=[f"Buurt {i}" for i in range(areas)],
        values=numbers,
        reasons=np.zeros((areas, years), np.uint8),
        provisional=np.zeros((areas, years), np.bool_),
        loads=np.zeros((areas, years), np.uint8),
    )


async def test_a_file_of_three_hundred_thousand_rows_is_never_held_whole() -> None:
    large = await _large(15_000, 20)
    tracemalloc.start()
    total, largest, rows = 0, 0, 0
    for chunk in lines([large], DIALECT):
        total, largest = total + len(chunk), max(largest, len(chunk))
        rows += chunk.count(b"\r\n")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert rows == 300_001
    assert total > 25_000_000
    assert largest < 500_000
    assert peak < 15_000_000


async def test_every_value_comes_back_as_the_number_it_was() -> None:
    large = await _large(300, 7)
    large.values[3, 2], large.values[4, 4] = 1 / 3, 1.5e-7
    read = parsed(b"".join(lines([large], DIALECT)))
    assert [float(row["waarde"]) for row in read] == large.values.ravel().tolist()


async def test_excel_and_ndjson_keep_such_names_whole_and_none_computes() -> None:
    async with client_of(await renamed()) as (client, _):
        plain = await rows_of(client, **WIJKEN)
        excel = (await client.get(PATH, params={**WIJKEN, "f": "csv-excel"})).content
        ndjson = (await client.get(PATH, params={**WIJKEN, "f": "ndjson"})).content
    text = io.StringIO(excel.decode("utf-8-sig"), newline="")
    rows = list(csv.DictReader(text, delimiter=";", strict=True))
    safe = {"=1+1": "'=1+1"}
    names = [row["naam"] for row in plain]
    assert [row["naam"] for row in rows] == [safe.get(name, name) for name in names]
    assert [json.loads(line)["naam"] for line in ndjson.splitlines()] == names
    assert set(names) == set(NAMES)


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0d"])
async def test_no_name_computes_in_excel_whatever_it_begins_with(sign: str) -> None:
    large = await _large(3, 1)
    large.names[1] = f'{sign}1+cmd|" /C"!A1; x'
    text = b"".join(lines([large], excel.DIALECT)).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";", strict=True))
    assert rows[1]["naam"] == f"'{large.names[1]}"
