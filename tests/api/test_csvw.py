"""A program finds by itself what the columns of a CSV are, and which values are absent and why."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from csvw import CSVW
from starlette.types import ASGIApp, Receive, Scope, Send

from db.core.absence import Reason
from tests.api.listening import listening
from tests.api.resting import PUBLIC_URL, Held, rest_app, rest_client
from tests.api.sample import SampleStore, open_sample

PATH = "/v1/waarnemingen"
_QUERIES = (
    "indicator=population,lonely&niveau=wijk",
    "f=csv&indicator=lonely&niveau=wijk&publicatie=2",
    "indicator=population&niveau=wijk&jaar=2024&f=csv",
)


class _Replaced:
    """An application that is made again when its address is known."""

    def __init__(self, made: ASGIApp) -> None:
        self.made = made

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.made(scope, receive, send)


@pytest.fixture
async def service() -> AsyncIterator[str]:
    store = SampleStore()
    held = Held(store, await open_sample(store))
    application = _Replaced(rest_app(held))
    async with listening(application=application) as port:
        address = f"http://127.0.0.1:{port}"
        application.made = rest_app(held, address)
        yield address


def _read(address: str) -> tuple[list[str], list[dict[str, Any]]]:
    """What a reader has to say of it, and the rows."""
    found = CSVW(address, validate=True)
    rows = list(found.tables[0].iterdicts())
    return ([] if found.is_valid else [str(each.message) for each in found.warnings]), rows


@pytest.mark.parametrize("query", _QUERIES)
async def test_a_reader_of_csvw_finds_the_types_and_holds_every_row_to_them(
    service: str, query: str
) -> None:
    wrong, rows = await asyncio.to_thread(_read, f"{service}{PATH}?{query}")
    assert wrong == []
    assert rows
    for row in rows:
        has = row["status"] in ("OBSERVED", "MODELLED")
        assert isinstance(row["waarde"], float) is has
        assert (row["waarde"] is None) is not has
        assert isinstance(row["jaar"], int)
        assert isinstance(row["voorlopig"], bool)
    assert {row["status"] for row in rows} & {"SUPPRESSED", "NOT_APPLICABLE", "NOT_COMPARABLE"}


async def test_every_reason_that_a_row_may_have_is_told_in_both_languages() -> None:
    async with rest_client() as (client, _):
        answer = await client.get(f"{PATH}/beschrijving?{_QUERIES[0]}")
    assert answer.headers["content-type"] == "application/csvm+json"
    said = answer.json()
    assert said["url"] == f"{PUBLIC_URL}{PATH}?{_QUERIES[0]}"
    told = {each["reden"]: each for each in said["notes"] if "reden" in each}
    assert told.keys() == {each.name for each in Reason}
    for each in Reason:
        assert told[each.name]["status"] == each.status.name
        assert told[each.name]["tekst"] != told[each.name]["text"]


async def test_every_column_has_a_title_and_a_meaning_in_both_languages() -> None:
    async with rest_client() as (client, _):
        said = (await client.get(f"{PATH}/beschrijving?{_QUERIES[0]}")).json()
        header = (await client.get(f"{PATH}?{_QUERIES[0]}")).text.partition("\r\n")[0]
    columns = said["tableSchema"]["columns"]
    assert [each["titles"]["nl"] for each in columns] == header.split(",")
    assert len({each["titles"]["en"] for each in columns}) == len(columns)
    assert {each["name"]: each["titles"]["en"] for each in columns}["indeling"] == "vintage"
    for each in columns:
        assert [text["@language"] for text in each["dc:description"]] == ["nl", "en"]


async def test_only_the_csv_that_is_described_points_to_its_description() -> None:
    async with rest_client() as (client, _):
        links = {
            each: (await client.get(f"{PATH}?{_QUERIES[0]}&f={each}")).headers["link"]
            for each in ("csv", "csv-excel", "ndjson", "parquet")
        }
    assert [name for name, link in links.items() if "describedby" in link] == ["csv"]
