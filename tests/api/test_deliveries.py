"""How fresh everything is: a try that fails is told at once, and what was there stays."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from db.core.publication import Attempt
from tests.api.demonstration import served
from tests.api.resting import rest_client
from tests.api.sample import SampleStore
from tests.database.country import dataset, parsed, publish

_LATE = datetime(2026, 11, 21, 9, tzinfo=UTC)


async def _told(client: httpx.AsyncClient) -> dict[str, Any]:
    answer = await client.get("/v1/leveringen")
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_a_failure_is_told_beside_what_is_still_served() -> None:
    attempts = [
        Attempt("kerncijfers-2024", _LATE, "failed"),
        Attempt("never-seen", _LATE, "refused"),
    ]
    async with rest_client(SampleStore(attempts=attempts)) as (client, _):
        body = await _told(client)
    found = {each["bestand"]: each for each in body["resultaten"]}
    assert list(found) == sorted(found)
    assert body["storingen"] == 2
    assert found["kerncijfers-2024"]["uitkomst"] == "failed"
    assert found["kerncijfers-2024"]["geprobeerd"] == "2026-11-21T09:00:00Z"
    assert found["kerncijfers-2024"]["bron"] == "bureau"
    assert found["kerncijfers-2024"]["opgehaald"].endswith("Z")
    assert found["never-seen"]["bron"] is None
    untried = [each for each in found.values() if each["geprobeerd"] is None]
    assert all(each["uitkomst"] is each["tekst"] is None for each in untried)


async def test_its_tag_changes_with_a_try_that_changes_no_publication() -> None:
    store = SampleStore()
    async with rest_client(store) as (client, _):
        first = await client.get("/v1/leveringen")
        held = {"if-none-match": first.headers["etag"]}
        assert (await client.get("/v1/leveringen", headers=held)).status_code == 304
        store.attempts.append(Attempt("kerncijfers-2024", _LATE, "unchanged"))
        assert (await client.get("/v1/leveringen", headers=held)).status_code == 200


async def test_the_store_tells_of_each_dataset_the_newest_try(
    database: str, connection: asyncpg.Connection, tmp_path: Path
) -> None:
    toy = dataset(), parsed({"population": {"WK900100": 1.0}})
    await publish(connection, toy)
    await publish(connection, toy)
    noted = "INSERT INTO attempt (dataset, at, outcome) VALUES ($1, $2, 'failed')"
    async with served(database, tmp_path, "{ __typename }") as client:
        (before,) = (await _told(client))["resultaten"]
        assert (before["bestand"], before["uitkomst"]) == ("toy-2024", "unchanged")
        for name in ("toy-2024", "tiles-wijk-2024", "links-wijk-2023-2024"):
            await connection.execute(noted, name, _LATE)
        body = await _told(client)
    (after,) = body["resultaten"]
    assert (after["uitkomst"], after["opgehaald"]) == ("failed", before["opgehaald"])
    assert (body["storingen"], body["publicatie"]) == (1, 1)
