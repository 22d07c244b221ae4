"""How fresh everything is: a try that fails is told at once, and what was there stays."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from db.core.publication import Attempt
from tests.api.asking import data
from tests.api.demonstration import served
from tests.api.resting import rest_client
from tests.api.sample import SampleStore
from tests.database.country import dataset, parsed, publish

_LATE = datetime(2026, 11, 21, 9, tzinfo=UTC)


async def _told(client: httpx.AsyncClient, language: str = "nl") -> dict[str, Any]:
    answer = await client.get("/v1/leveringen", headers={"accept-language": language})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_a_failure_is_told_beside_what_is_still_served() -> None:
    attempts = [
        Attempt("kerncijfers-2024", _LATE, "failed"),
        Attempt("never-seen", _LATE, "refused"),
    ]
    async with rest_client(SampleStore(tries=attempts)) as (client, _):
        body = await _told(client)
    found = {each["bestand"]: each for each in body["resultaten"]}
    assert list(found) == sorted(found)
    assert body["storingen"] == 2
    assert found["kerncijfers-2024"]["uitkomst"] == "failed"
    assert found["kerncijfers-2024"]["geprobeerd"] == "2026-11-21T09:00:00Z"
    assert found["kerncijfers-2024"]["bron"] == "bureau"
    assert found["kerncijfers-2024"]["opgehaald"].endswith("Z")
    assert found["never-seen"]["bron"] is None
    assert found["kerncijfers-2024"]["tekst"].endswith("; wat er was wordt nog geleverd.")
    assert found["never-seen"]["tekst"].endswith("; er is nog nooit iets van geladen.")
    untried = [each for each in found.values() if each["geprobeerd"] is None]
    assert all(each["uitkomst"] is each["tekst"] is None for each in untried)


_ASKED = """query ($language: Language, $faulty: Boolean, $first: Int, $after: String) {
  deliveries(faulty: $faulty, first: $first, after: $after) {
    faulty totalCount pageInfo { hasNextPage endCursor }
    nodes {
      dataset source { slug } load { retrievedAt modified publication { number } }
      attemptedAt outcome text(language: $language) faulty
    } } }"""


def _as_rest_says(node: dict[str, Any]) -> dict[str, Any]:
    """A delivery of GraphQL in the words of the other door."""
    load = node["load"] or {"retrievedAt": None, "modified": None, "publication": None}
    return {
        "bestand": node["dataset"],
        "bron": node["source"] and node["source"]["slug"],
        "opgehaald": _moment(load["retrievedAt"]),
        "gewijzigd": load["modified"],
        "publicatie": load["publication"] and load["publication"]["number"],
        "geprobeerd": _moment(node["attemptedAt"]),
        "uitkomst": node["outcome"] and node["outcome"].lower(),
        "tekst": node["text"],
    }


def _moment(text: str | None) -> str | None:
    return text and text.replace("+00:00", "Z")


@pytest.mark.parametrize("language", ["nl", "en"])
async def test_both_doors_say_the_same_of_every_dataset(language: str) -> None:
    outcomes = ("failed", "refused", "unchanged", "published")
    tries = [Attempt(f"tried-{each}", _LATE, each) for each in outcomes]
    store = SampleStore(tries=[*tries, Attempt("kerncijfers-2024", _LATE, "unchanged")])
    async with rest_client(store) as (client, _):
        body = await _told(client, language)
    found = (await data(_ASKED, {"language": language.upper()}, store=store))["deliveries"]

    assert [_as_rest_says(each) for each in found["nodes"]] == body["resultaten"]
    assert found["faulty"] == body["storingen"] == 2
    assert {each["outcome"] for each in found["nodes"]} == {*(o.upper() for o in outcomes), None}


async def test_only_what_went_wrong_is_listed_where_that_is_asked_and_in_english() -> None:
    store = SampleStore(tries=[Attempt("kerncijfers-2024", _LATE, "failed")])

    wrong = await data(_ASKED, {"language": "EN", "faulty": True}, store=store)
    right = await data(_ASKED, {"faulty": False}, store=store)

    (failed,) = wrong["deliveries"]["nodes"]
    assert failed["faulty"]
    assert failed["text"].startswith("Fetching or reading it failed the last time")
    assert [each["dataset"] for each in right["deliveries"]["nodes"]] == ["gezondheid-2020"]
    assert wrong["deliveries"]["faulty"] == right["deliveries"]["faulty"] == 1


async def test_pages_go_on_where_they_were_although_a_try_ended_between_them() -> None:
    store = SampleStore(tries=[Attempt("a", _LATE, "failed"), Attempt("b", _LATE, "failed")])
    given = {"faulty": True, "first": 1}

    first = (await data(_ASKED, given, store=store))["deliveries"]
    store.tries[0] = Attempt("a", _LATE, "unchanged")
    after = {"after": first["pageInfo"]["endCursor"]}
    second = (await data(_ASKED, given | after, store=store))["deliveries"]

    assert first["pageInfo"]["hasNextPage"]
    assert [each["dataset"] for each in (*first["nodes"], *second["nodes"])] == ["a", "b"]


async def test_its_tag_changes_with_a_try_that_changes_no_publication() -> None:
    store = SampleStore()
    async with rest_client(store) as (client, _):
        first = await client.get("/v1/leveringen")
        held = {"if-none-match": first.headers["etag"]}
        assert (await client.get("/v1/leveringen", headers=held)).status_code == 304
        store.tries.append(Attempt("kerncijfers-2024", _LATE, "unchanged"))
        assert (await client.get("/v1/leveringen", headers=held)).status_code == 200


async def test_the_store_tells_of_each_dataset_the_newest_try(
    database: str, connection: asyncpg.Connection, tmp_path: Path
) -> None:
    toy = dataset(), parsed({"population": {"WK900100": 1.0}})
    await publish(connection, toy)
    await publish(connection, toy)
    noted = "INSERT INTO attempt (dataset, at, outcome) VALUES ($1, $2, 'failed')"
    asked = {"query": "{ deliveries { nodes { dataset outcome } } }"}
    async with served(database, tmp_path, "{ __typename }") as client:
        for _ in range(3):  # What is asked again is kept, where it may be.
            listed = await client.get("/graphql", params=asked)
        assert listed.json()["data"]["deliveries"]["nodes"][0]["outcome"] == "UNCHANGED"
        assert "etag" not in listed.headers
        assert listed.headers["cache-control"] == "no-store"
        (before,) = (await _told(client))["resultaten"]
        assert (before["bestand"], before["uitkomst"]) == ("toy-2024", "unchanged")
        for name in ("toy-2024", "tiles-wijk-2024", "links-wijk-2023-2024"):
            await connection.execute(noted, name, _LATE)
        body = await _told(client)
        listed = await client.get("/graphql", params=asked, headers={"if-none-match": "*"})
        pinned = await client.post("/graphql", json=asked | {"extensions": {"publication": 1}})
    assert listed.json()["data"]["deliveries"]["nodes"] == [
        {"dataset": "toy-2024", "outcome": "FAILED"}
    ]
    (refused,) = pinned.json()["errors"]
    assert refused["extensions"]["argument"] == "extensions.publication"
    (after,) = body["resultaten"]
    assert (after["uitkomst"], after["opgehaald"]) == ("failed", before["opgehaald"])
    assert (body["storingen"], body["publicatie"]) == (1, 1)
