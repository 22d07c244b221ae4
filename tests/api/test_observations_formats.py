"""Every format of observations has the same rows, and what is absent stays absent in each."""

import io
import json
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from service.feeds.csv import COLUMNS
from service.feeds.formats import FORMATS
from tests.api.opened import PATH, parsed, sample_client

_ASKED = [
    {"indicator": "population", "niveau": "wijk"},
    {"indicator": "population", "niveau": "wijk", "indeling": "2023"},
    {"indicator": "lonely", "niveau": "wijk"},
    {"indicator": "population", "niveau": "gemeente"},
    {"indicator": "thefts", "niveau": "gemeente"},
]


def _plain(content: bytes) -> list[dict[str, Any]]:
    return [_typed(row) for row in parsed(content)]


def _typed(row: dict[str, str]) -> dict[str, Any]:
    """A row of text in the types that typed files have."""
    numbers = {name: float(row[name]) if row[name] else None for name in _NUMBERS}
    whole = {name: int(row[name]) for name in ("publicatie", "indeling", "jaar")}
    none = {name: row[name] or None for name in ("bron", "licentie")}
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


@pytest.mark.parametrize("asked", _ASKED)
async def test_all_formats_have_the_same_rows(asked: dict[str, str]) -> None:
    async with sample_client() as (client, _):
        files = {
            name: (await client.get(PATH, params={**asked, "f": name})).content for name in _READERS
        }
    rows = {name: read(files[name]) for name, read in _READERS.items()}
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
