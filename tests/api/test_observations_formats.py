"""Every format of observations has the same rows, and what is absent stays absent in each."""

import csv
import hashlib
import io
import json
from base64 import b64encode
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from service.feeds.csv import COLUMNS
from service.feeds.formats import FORMATS
from service.feeds.lines import SEAL, Dialect
from tests.api.opened import PATH, parsed, sample_client

_ASKED = [
    {"indicator": "population", "niveau": "wijk"},
    {"indicator": "population", "niveau": "wijk", "indeling": "2023"},
    {"indicator": "lonely", "niveau": "wijk"},
    {"indicator": "population", "niveau": "gemeente"},
    {"indicator": "thefts", "niveau": "gemeente"},
    {"indicator": "lonely,population", "niveau": "wijk"},
    {"indicator": "population", "niveau": "wijk", "gemeenteCode": "GM9001", "jaar": "2024"},
]


def _plain(content: bytes) -> list[dict[str, Any]]:
    return [_typed(row) for row in parsed(content)]


def _typed(row: dict[str, str]) -> dict[str, Any]:
    """A row of text in the types that typed files have."""
    numbers = {name: float(row[name]) if row[name] else None for name in _NUMBERS}
    whole = {name: int(row[name]) for name in ("publicatie", "indeling", "jaar")}
    none = {name: row[name] or None for name in ("bron", "licentie", "bronvermelding")}
    return {**row, **numbers, **whole, **none, "voorlopig": row["voorlopig"] == "true"}


_NUMBERS = ("waarde", "ondergrens", "bovengrens")


def _excel(content: bytes) -> list[dict[str, Any]]:
    text = content.decode("utf-8-sig")
    assert content.startswith(b"\xef\xbb\xbf")
    lines = [line.split(";") for line in text.split("\r\n")[:-1]]
    rows = [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]
    return [_typed({**row, **{n: row[n].replace(",", ".") for n in _NUMBERS}}) for row in rows]


_READERS: dict[str, Any] = {
    "csv": _plain,
    "csv-excel": _excel,
    "ndjson": lambda content: [json.loads(line) for line in content.splitlines()],
    "parquet": lambda content: parquet.read_table(io.BytesIO(content)).to_pylist(),
    "arrow": lambda content: pa.ipc.open_stream(content).read_all().to_pylist(),
}
_LINES = [each.name for each in FORMATS if isinstance(each.writing, Dialect)]


@pytest.mark.parametrize("asked", _ASKED)
async def test_all_formats_have_the_same_rows(asked: dict[str, str]) -> None:
    async with sample_client() as (client, _):
        files = {
            name: (await client.get(PATH, params={**asked, "f": name})).content for name in _READERS
        }
    rows = {name: read(files[name]) for name, read in _READERS.items()}
    for name in _LINES:
        assert {tuple(row)[-1] for row in rows[name]} == {SEAL}, name
        assert len({row.pop(SEAL) for row in rows[name]}) == 1, name
    assert len(rows["csv"]) > 1
    for name, found in rows.items():
        assert tuple(found[0]) == COLUMNS, name
        assert found == rows["csv"], name


def test_every_format_is_read_here() -> None:
    assert set(_READERS) == {each.name for each in FORMATS}


async def test_typed_files_have_types_and_say_whose_they_are() -> None:
    async with sample_client() as (client, _):
        content = (await client.get(PATH, params={**_ASKED[0], "f": "parquet"})).content
    schema = parquet.read_schema(io.BytesIO(content))
    assert schema.field("waarde").type == pa.float64()
    assert schema.field("jaar").type == pa.int16()
    assert schema.metadata[b"publicatie"] == b"3"
    assert schema.metadata[b"bronvermelding"] == b"Bron: Bureau voor Voorbeelden"


async def test_typed_files_say_how_many_rows_they_have_and_what_all_before_their_end_is() -> None:
    async with sample_client() as (client, _):
        parts = {
            name: (await client.get(PATH, params={**_ASKED[2], "f": name})).content
            for name in ("parquet", "arrow")
        }
    footer = parquet.read_metadata(io.BytesIO(parts["parquet"])).metadata
    stream = pa.ipc.open_stream(parts["arrow"])
    rows = 0
    while True:
        try:
            batch, last = stream.read_next_batch_with_custom_metadata()
        except StopIteration:
            break
        rows += batch.num_rows
    assert (batch.num_rows, str(rows)) == (0, stream.schema.metadata[b"rijen"].decode())
    assert footer[b"rijen"] == stream.schema.metadata[b"rijen"]
    for content, said in ((parts["parquet"], footer), (parts["arrow"], dict(last))):
        length = int(said[b"bytes"])
        assert 0 < length < len(content)
        assert hashlib.sha256(content[:length]).hexdigest().encode() == said[b"sha-256"]


async def test_every_row_that_has_a_source_names_it_as_it_wants_to_be_named() -> None:
    async with sample_client() as (client, _):
        rows = parsed((await client.get(PATH, params=_ASKED[0])).content)
    named = {row["bron"]: row["bronvermelding"] for row in rows}
    assert named == {"": "", "bureau": "Bron: Bureau voor Voorbeelden"}


@pytest.mark.parametrize("coding", ["identity", "gzip", "zstd", "br"])
@pytest.mark.parametrize("name", [each.name for each in FORMATS])
async def test_who_wants_a_digest_gets_it_before_the_file(name: str, coding: str) -> None:
    wish = {"want-repr-digest": "sha-512=3, sha-256=10", "accept-encoding": coding}
    asked = {**_ASKED[0], "f": name}
    async with sample_client() as (client, _):
        head = await client.head(PATH, params=asked, headers=wish)
        async with client.stream("GET", PATH, params=asked, headers=wish) as answer:
            body = b"".join([part async for part in answer.aiter_raw()])
    expected = b64encode(hashlib.sha256(body).digest()).decode()
    assert answer.headers["repr-digest"] == f"sha-256=:{expected}:"
    assert int(answer.headers["content-length"]) == len(body)
    assert head.headers == answer.headers


@pytest.mark.parametrize("wish", ["sha-256=0", "sha-512=10", "sha-256", "sha-256=11", ""])
async def test_a_digest_that_nobody_wants_is_not_worked_out(wish: str) -> None:
    async with sample_client() as (client, _):
        answer = await client.get(PATH, params=_ASKED[0], headers={"want-repr-digest": wish})
    assert (answer.status_code, "repr-digest" in answer.headers) == (200, False)


async def test_an_absent_value_is_null_with_a_reason_and_never_nan() -> None:
    async with sample_client() as (client, _):
        content = (await client.get(PATH, params={**_ASKED[0], "f": "parquet"})).content
    table = parquet.read_table(io.BytesIO(content))
    absent = table.filter(pa.compute.is_null(table["waarde"]))
    assert absent.num_rows > 0
    assert not pa.compute.any(pa.compute.is_nan(table["waarde"])).as_py()
    assert absent["reden"].null_count == 0


@pytest.mark.parametrize(("name", "media"), [(each.name, each.content_type) for each in FORMATS])
async def test_each_format_names_itself_its_file_and_its_publication(name: str, media: str) -> None:
    async with sample_client() as (client, _):
        answer = await client.get(PATH, params={**_ASKED[0], "f": name})
        again = await client.get(
            PATH,
            params={**_ASKED[0], "f": name},
            headers={"if-none-match": answer.headers["etag"]},
        )
    assert answer.headers["content-type"] == media
    assert "publicatie-3." in answer.headers["content-disposition"]
    assert again.status_code == 304


async def test_a_file_of_an_earlier_publication_is_the_same_whenever_it_is_asked() -> None:
    async with sample_client() as (client, _):
        one = await client.get(PATH, params={**_ASKED[0], "publicatie": "2", "f": "parquet"})
        two = await client.get(PATH, params={**_ASKED[0], "publicatie": "2", "f": "parquet"})
    assert one.content == two.content
    assert "immutable" in one.headers["cache-control"]


def _without_digest(content: bytes) -> list[list[str]]:
    """The rows of a CSV, each without what the whole file is."""
    return [row[:-1] for row in csv.reader(io.StringIO(content.decode(), newline=""))]


async def test_a_file_of_several_indicators_is_their_files_one_after_another() -> None:
    async with sample_client() as (client, _):
        both = await client.get(PATH, params={"indicator": "lonely,population", "niveau": "wijk"})
        alone = [
            (await client.get(PATH, params={"indicator": each, "niveau": "wijk"})).content
            for each in ("lonely", "population")
        ]
    rows = [_without_digest(each) for each in alone]
    assert _without_digest(both.content) == rows[0] + rows[1][1:]
    assert rows[0][0] == rows[1][0]
    name = "2-indicatoren-wijk-2024-publicatie-3.csv"
    assert name in both.headers["content-disposition"]


async def test_a_gemeente_and_a_year_leave_the_other_rows_out_and_change_none() -> None:
    asked = {"indicator": "population", "niveau": "wijk"}
    some = {**asked, "gemeenteCode": "GM9001", "jaar": "2024"}
    async with sample_client() as (client, _):
        every = parsed((await client.get(PATH, params=asked)).content)
        answer = await client.get(PATH, params=some)
    rows = parsed(answer.content)
    for row in (*rows, *every):
        del row[SEAL]
    assert rows == [r for r in every if r["code"].startswith("WK9001") and r["jaar"] == "2024"]
    assert [row["code"] for row in rows] == ["WK900101", "WK900102", "WK900103", "WK900199"]
    assert "wijk-2024-GM9001-jaar-2024-publicatie-3.csv" in answer.headers["content-disposition"]


async def test_every_indicator_year_and_gemeente_that_is_not_there_is_named() -> None:
    asked = {"indicator": "population,thefts,lonly", "niveau": "wijk"}
    async with sample_client() as (client, _):
        answer = await client.get(PATH, params={**asked, "jaar": "1999", "gemeenteCode": "GM9009"})
    assert answer.status_code == 404
    errors = answer.json()["errors"]
    assert [(each["name"], each["code"]) for each in errors] == [
        ("jaar", "NOT_LOADED"),
        ("indicator", "NOT_AVAILABLE_AT_LEVEL"),
        ("indicator", "UNKNOWN_INDICATOR"),
        ("gemeenteCode", "UNKNOWN_CODE"),
    ]
    assert errors[0]["allowed"] == [2022, 2023, 2024]


async def test_a_typed_file_of_several_indicators_says_whose_all_of_them_are() -> None:
    asked = {"indicator": "lonely,population", "niveau": "wijk", "f": "parquet"}
    async with sample_client() as (client, _):
        content = (await client.get(PATH, params=asked)).content
    said = parquet.read_schema(io.BytesIO(content)).metadata
    assert said[b"indicator"] == b"lonely; population"


async def test_parquet_has_a_length_a_digest_and_parts_for_programs_that_read_its_end_first() -> (
    None
):
    address = f"{PATH}?indicator=population&niveau=wijk&f=parquet"
    async with sample_client() as (client, _):
        head = await client.head(address)
        whole = await client.get(address)
        end = await client.get(address, headers={"range": "bytes=-8"})
    assert int(head.headers["content-length"]) == len(whole.content)
    assert head.headers["accept-ranges"] == "bytes"
    assert head.headers["repr-digest"] == whole.headers["repr-digest"]
    assert (end.status_code, end.content[4:]) == (206, b"PAR1")
