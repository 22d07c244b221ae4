"""/v1/wijzigingen over a real store: who follows it has what is published, and is told when not."""

from base64 import urlsafe_b64encode
from hashlib import blake2s
from typing import Any

import asyncpg
import httpx
import numpy as np
import orjson
import pytest

from db.core.figures import Parsed
from db.core.levels import Level
from tests.api.resting import PUBLIC_URL
from tests.api.storing import Served, stored_client
from tests.database.country import Value, dataset, parsed, publish

FEED = "/v1/wijzigingen"
FIRST: dict[str, dict[str, Value]] = {
    "population": {"WK900100": 1.0, "WK900101": 2.0, "WK900102": 3.0}
}
Key = tuple[str, str]


class Copy:
    """A client of the feed that keeps a copy, whose connection may drop."""

    def __init__(self, served: Served, **filters: str) -> None:
        self.served = served
        self.filters = filters
        self.since = "0"
        self.table: dict[Key, Any] = {}
        self.seen: list[str] = []
        self.drops = 0

    async def follow(self, *, limit: int = 2, drop_at: frozenset[int] = frozenset()) -> None:
        for number in range(1000):
            query = {**self.filters, "sinds": self.since, "limit": str(limit)}
            answer = await self.served.client.get(FEED, params=query)
            assert answer.status_code == 200, answer.text
            if number in drop_at:
                self.drops += 1  # It never arrived: the client knows no other cursor than before.
                continue
            page = answer.json()
            for event in page["resultaten"]:
                self._apply(event)
            self.since = page["cursor"]
            if not page["meer"]:
                return

    def _apply(self, event: dict[str, Any]) -> None:
        self.seen.append(event["id"])
        key = (event["soort"], repr(event["sleutel"]))
        if event["vervallen"]:
            del self.table[key]
        else:
            self.table[key] = event["inhoud"]


async def test_a_copy_that_follows_has_what_one_that_begins_anew_has(
    connection: asyncpg.Connection, database: str
) -> None:
    await publish(connection, (dataset(), parsed(FIRST)))
    async with stored_client(database) as served:
        copy = Copy(served)
        await copy.follow(drop_at=frozenset({1, 4}))
        revised = {"population": {**FIRST["population"], "WK900100": 9.0}}
        await publish(connection, (dataset(), parsed(revised, names={"WK900101": "Anders"})))
        await served.refresh()
        await copy.follow(drop_at=frozenset({0}))
        anew = Copy(served)
        await anew.follow(limit=5000)
        assert copy.drops == 3
        assert copy.table == anew.table
        assert copy.seen == anew.seen
        assert len(set(copy.seen)) == len(copy.seen)


async def test_snapshot_and_what_follows_it_are_the_current_table(
    connection: asyncpg.Connection, database: str
) -> None:
    """As a client takes it: the file of a publication, then the feed from that number."""
    await publish(connection, (dataset(), parsed(FIRST)))
    async with stored_client(database) as served:
        table = await _file(served.client)
        revised = {"population": {"WK900100": 9.0, "WK900102": 3.0, "WK900103": 4.0}}
        await publish(connection, (dataset(), parsed(revised)), accept_loss=True)
        await served.refresh()
        query = {"sinds": "1", "soort": "waarneming", "indicator": "population", "niveau": "wijk"}
        for event in (await served.client.get(FEED, params=query)).json()["resultaten"]:
            key, now = event["sleutel"], event["inhoud"]
            table[key["code"], key["jaar"]] = tuple(now[name] for name in _VALUE)
        assert table == await _file(served.client)


_VALUE = ("waarde", "status", "reden", "voorlopig", "ondergrens", "bovengrens")


async def _file(client: httpx.AsyncClient) -> dict[tuple[str, int], tuple[object, ...]]:
    address = "/v1/waarnemingen?indicator=population&niveau=wijk&f=ndjson"
    lines = (await client.get(address)).text.splitlines()
    return {
        (row["code"], row["jaar"]): tuple(row[name] for name in _VALUE)
        for row in map(orjson.loads, lines)
        if row["reden"] != "NOT_LOADED"
    }


def _buurt(code: str, value: float, *, provisional: bool = False) -> Parsed:
    """One buurt with a map; parsed as a wijk would be."""
    read = parsed({"population": {code: value}}, year=2024, shapes=True)
    read.areas[0].level = Level.BUURT
    read.figures[0].provisional = np.array([[provisional]])
    return read


async def test_story_4_a_copy_survives_dropped_connections_a_definitive_year_and_a_recoded_buurt(
    connection: asyncpg.Connection, database: str
) -> None:
    first = _buurt("BU90010001", 10.0, provisional=True)
    await publish(connection, (dataset("b-2023", vintage=2023), first))
    async with stored_client(database) as served:
        copy = Copy(served, gemeenteCode="GM9001")
        await copy.follow(limit=1, drop_at=frozenset({0}))
        definitive = _buurt("BU90010001", 10.0)
        await publish(
            connection,
            (dataset("b-2023", vintage=2023), definitive),
            (dataset("b-2024", vintage=2024), _buurt("BU90010099", 11.0)),
        )
        await served.refresh()
        before = len(copy.seen)
        await copy.follow(limit=1, drop_at=frozenset({1}))
        assert copy.drops == 2
        assert copy.seen[before:] == [
            "2/gebied/buurt/2024/BU90010099",
            "2/waarneming/population/buurt/2023/BU90010001/2024",
            "2/waarneming/population/buurt/2024/BU90010099/2024",
        ]
        recoded = copy.table["gebied", repr(_area("BU90010099", 2024))]
        assert recoded["hercodeerdUit"] == {"code": "BU90010001", "indeling": 2023}
        value = copy.table[
            "waarneming",
            repr({"indicator": "population", **_area("BU90010001", 2023), "jaar": 2024}),
        ]
        assert (value["waarde"], value["voorlopig"]) == (10.0, False)
        anew = Copy(served, gemeenteCode="GM9001")
        await anew.follow()
        assert copy.table == anew.table


def _area(code: str, vintage: int) -> dict[str, object]:
    return {"niveau": "buurt", "indeling": vintage, "code": code}


async def test_asking_again_without_a_publication_in_between_costs_nothing(
    connection: asyncpg.Connection, database: str
) -> None:
    await publish(connection, (dataset(), parsed(FIRST)))
    async with stored_client(database) as served:
        first = await served.client.get(FEED)
        page = first.json()
        assert (page["resultaten"], page["meer"]) == ([], False)
        again = await served.client.get(FEED, headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        await publish(
            connection, (dataset(), parsed({"population": {"WK900100": 7.0}})), accept_loss=True
        )
        await served.refresh()
        query = {"sinds": page["cursor"]}
        headers = {"if-none-match": first.headers["etag"]}
        more = await served.client.get(FEED, params=query, headers=headers)
        assert more.status_code == 200
        assert more.json()["resultaten"]


async def test_the_last_event_of_a_publication_is_the_publication(
    connection: asyncpg.Connection, database: str
) -> None:
    await publish(connection, (dataset(), parsed(FIRST)))
    async with stored_client(database) as served:
        events = (await served.client.get(f"{FEED}?sinds=0&limit=5000")).json()["resultaten"]
        assert [event["id"] for event in events if event["soort"] == "publicatie"] == [
            events[-1]["id"]
        ]
        assert events[-1]["inhoud"]["aantallen"]["cells_opened"] == 3


async def test_the_links_lead_on_and_to_all_data_of_the_publication(
    connection: asyncpg.Connection, database: str
) -> None:
    await publish(connection, (dataset(), parsed(FIRST)))
    async with stored_client(database) as served:
        page = (await served.client.get(f"{FEED}?sinds=0&limit=3&publicatie=1")).json()
        links = {each["rel"]: each["href"] for each in page["links"]}
        assert links["collection"] == f"{PUBLIC_URL}/v1/publicaties/1/gegevenspakket"
        assert (await served.client.get(links["collection"])).status_code == 200
        following = (await served.client.get(links["next"])).json()
        assert following["resultaten"][0]["id"] not in {each["id"] for each in page["resultaten"]}


async def test_a_store_that_was_set_back_says_that_the_cursor_is_gone(
    connection: asyncpg.Connection, database: str
) -> None:
    await publish(connection, (dataset(), parsed(FIRST)))
    async with stored_client(database) as served:
        cursor = (await served.client.get(FEED)).json()["cursor"]
        await connection.execute("UPDATE publication SET published_at = now()")
        await served.refresh()
        gone = await served.client.get(FEED, params={"sinds": cursor})
    assert (gone.status_code, gone.headers["content-type"]) == (410, "application/problem+json")
    assert gone.json()["errors"][0]["code"] == "CURSOR_EXPIRED"


@pytest.mark.parametrize(
    ("query", "status", "name"),
    [
        ("sinds=morgen", 400, "sinds"),
        ("sinds=-1", 400, "sinds"),
        ("sinds=2", 410, "sinds"),
        ("sinds=1-00000000-WzRd", 410, "sinds"),
        ("sinds=0&indicator=bestaat_niet", 404, "indicator"),
        ("sinds=0&gemeenteCode=0001", 400, "gemeenteCode"),
        ("soort=gerucht", 400, "soort"),
        ("limit=0", 400, "limit"),
        ("niveau=straat", 400, "niveau"),
    ],
)
async def test_what_cannot_be_answered_is_refused_by_name(
    connection: asyncpg.Connection, database: str, query: str, status: int, name: str
) -> None:
    await publish(connection, (dataset(), parsed(FIRST)))
    async with stored_client(database) as served:
        answer = await served.client.get(f"{FEED}?{query}")
    assert answer.status_code == status
    assert [each["name"] for each in answer.json()["errors"]] == [name]


async def test_a_cursor_with_one_letter_changed_is_never_taken_for_another_place(
    connection: asyncpg.Connection, database: str
) -> None:
    await publish(connection, (dataset(), parsed(FIRST)))
    async with stored_client(database) as served:
        page = (await served.client.get(f"{FEED}?sinds=0&limit=1&soort=waarneming")).json()
        cursor = page["cursor"]
        changed = [
            f"{cursor[:place]}{other}{cursor[place + 1 :]}"
            for place, letter in enumerate(cursor)
            for other in "0A"
            if other != letter
        ]
        for damaged in (cursor[:-2], cursor[:-1] + "_", cursor + "AA", *changed):
            answer = await served.client.get(FEED, params={"sinds": damaged})
            assert answer.status_code in (400, 410), damaged
        following = await served.client.get(FEED, params={"sinds": cursor})
        assert following.json()["resultaten"][0]["id"] != page["resultaten"][0]["id"]


_MADE_UP: list[tuple[int, list[Any]]] = [
    (0, ["indicator"]),
    (0, ["indicator", "a\0b"]),
    (0, ["indicator", 3]),
    (1, [2**31]),
    (1, [True]),
    (2, ["wijk", 40000, 2024, 1]),
    (2, ["wijk", -1, 2024, 1]),
    (3, [1.5, 2]),
    (3, [-(2**31), -(2**40)]),
    (9, [1]),
]


async def test_a_cursor_that_somebody_made_up_with_its_check_is_refused_and_no_fault_of_ours(
    connection: asyncpg.Connection, database: str
) -> None:
    await publish(connection, (dataset(), parsed(FIRST)))
    async with stored_client(database) as served:
        stamp = (await served.client.get(FEED)).json()["cursor"].split("-")[1]
        for section, key in _MADE_UP:
            raw = orjson.dumps([section, *key])
            check = blake2s(stamp.encode() + raw, digest_size=4).digest()
            text = urlsafe_b64encode(check + raw).decode().rstrip("=")
            answer = await served.client.get(FEED, params={"sinds": f"1-{stamp}-{text}"})
            assert answer.status_code == 400, key
            assert answer.json()["errors"][0]["code"] == "MALFORMED"
