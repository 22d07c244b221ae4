"""A publication that was withdrawn: 410 wherever it is named, and nobody else notices."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from typer.testing import CliRunner

from db.core.errors import PublicationServed, UnknownPublication
from db.core.publication import WithdrawnPublication
from db.ingest.publication_withdrawal import withdraw_publication
from service.cli import app
from service.rest.door import parameters_of
from tests.api.demonstration import served
from tests.api.resting import DESCRIBED, rest_client
from tests.api.sample import SampleStore
from tests.api.test_rest_every_address import addresses
from tests.database.country import dataset, parsed, publish

_GONE = WithdrawnPublication(1, datetime(2026, 11, 20, tzinfo=UTC), "te veel", "too much")
_PINNED = [
    f"{each.path}"
    for each in DESCRIBED
    if each.pinned_by or any(p.name == "publicatie" for p in parameters_of(each))
]


@pytest.mark.parametrize("path", _PINNED)
async def test_every_address_is_gone_with_it_and_says_since_when_and_why(path: str) -> None:
    async with rest_client(SampleStore(gone={1: _GONE})) as (client, _):
        address = (await addresses(client))[path].replace("/publicaties/3", "/publicaties/1")
        sign = "&" if "?" in address else "?"
        pinned = address if "/publicaties/1" in address else f"{address}{sign}publicatie=1"
        answer = await client.get(pinned, headers={"if-none-match": "*"})
        body = answer.json()
        assert (answer.status_code, body["code"]) == (410, "PUBLICATION_WITHDRAWN"), answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["cache-control"] == "no-store"
        assert "2026-11-20: too much" in body["detail"]
        assert "te veel" in body["detailNl"]
        other = address.replace("/publicaties/1", "/publicaties/2")
        other = other if other != address else f"{address}{sign}publicatie=2"
        assert (await client.get(other)).status_code in (200, 204)


async def test_it_is_described() -> None:
    async with rest_client() as (client, _):
        paths = (await client.get("/v1/openapi.json")).json()["paths"]
    assert all("410" in paths[path]["get"]["responses"] for path in _PINNED)


def _toy(value: float) -> Any:
    return dataset(), parsed({"population": {"WK900100": value}})


async def _status(client: httpx.AsyncClient, number: int) -> int:
    return (await client.get(f"/v1/wijken?publicatie={number}")).status_code


async def test_a_running_service_hears_of_it(
    database: str, connection: asyncpg.Connection, tmp_path: Path
) -> None:
    await publish(connection, _toy(1.0))
    await publish(connection, _toy(2.0))
    async with served(database, tmp_path, "{ __typename }") as client:
        assert await _status(client, 1) == 200
        await withdraw_publication(connection, _GONE)
        for _ in range(100):
            if await _status(client, 1) == 410:
                break
            await asyncio.sleep(0.02)
        assert [await _status(client, number) for number in (1, 2)] == [410, 200]
        asked = {"query": "{ publication { number } }", "extensions": {"publication": 1}}
        (error,) = (await client.post("/graphql", json=asked)).json()["errors"]
        assert error["extensions"]["code"] == "PUBLICATION_WITHDRAWN"
        assert "too much" in error["message"]
        assert (await client.get("/v1/wijzigingen?sinds=0")).status_code == 200


async def test_what_is_not_there_or_served_cannot_be_withdrawn(
    connection: asyncpg.Connection,
) -> None:
    await publish(connection, _toy(1.0))
    with pytest.raises(PublicationServed, match="publish a better one first"):
        await withdraw_publication(connection, _GONE)
    with pytest.raises(UnknownPublication):
        await withdraw_publication(connection, WithdrawnPublication(7, datetime.now(UTC), "x", "x"))


async def test_the_command_line_withdraws_and_says_so(
    database: str, connection: asyncpg.Connection, tmp_path: Path
) -> None:
    await publish(connection, _toy(1.0))
    await publish(connection, _toy(2.0))
    environment = {"DATABASE_URL": database, "LEEFBAARHEID_DATA_DIR": str(tmp_path)}
    command = ["withdraw", "1", "--nl", "te veel", "--en", "too much"]
    done = await asyncio.to_thread(CliRunner().invoke, app, command, env=environment)
    assert done.exit_code == 0, done.output
    assert "Publication 1 is withdrawn" in done.output
    assert await connection.fetchval("SELECT reason_en FROM withdrawn_publication") == "too much"
