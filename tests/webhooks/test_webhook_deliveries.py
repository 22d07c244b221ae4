"""Subscriptions are told of each publication once, through failures and restarts."""

import asyncio
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import asyncpg
import orjson
import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from db.pool import connect
from db.sql import queries
from service.webhooks import delivering as delivering_module
from service.webhooks import message
from service.webhooks.delivering import Delivering, deliver_forever
from tests.database.country import dataset, parsed, publish
from tests.webhooks.receiving import HOST, Receiver, receiving

_WEBHOOKS = queries("webhooks")
PUBLIC_URL = "https://data.example.nl"
_CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
_OK = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"
_BUSY = b"HTTP/1.1 503 Busy\r\n\r\n"


class Clock:
    """Starts now, because receivers refuse signatures of other days."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC).replace(microsecond=0)

    def __call__(self) -> datetime:
        return self.now


async def _publication(connection: asyncpg.Connection, value: float) -> None:
    await publish(connection, (dataset(), parsed({"population": {"WK900100": value}})))


async def _subscribed(connection: asyncpg.Connection, id_: str = "wh_1") -> str:
    secret = message.new_secret()
    url = f"https://{HOST}/hook"
    await connection.execute(_WEBHOOKS["add"], id_, url, secret, datetime.now(UTC))
    return secret


def _delivering(receiver: Receiver, clock: Clock) -> Delivering:
    return Delivering(PUBLIC_URL, receiver.connecting, clock, random.Random(1))


async def test_each_publication_is_told_once_and_verifies_by_the_standard(
    connection: asyncpg.Connection,
) -> None:
    await _publication(connection, 1.0)
    secret = await _subscribed(connection)
    await _publication(connection, 2.0)
    await _publication(connection, 3.0)
    async with receiving() as receiver:
        delivering = _delivering(receiver, Clock())
        assert [await delivering.round(connection) for _ in range(3)] == [2, 0, 0]
    told = [Webhook(secret).verify(body, fields) for fields, body in receiver.received]
    assert [(each["type"], each["data"]["publication"]) for each in told] == [
        ("publication.created", 2),
        ("publication.created", 3),
    ]
    assert told[0]["data"]["cursor"] == "1"
    assert told[0]["data"]["counts"]["cells_opened"] == 1
    assert told[0]["data"]["changes"] == f"{PUBLIC_URL}/v1/wijzigingen?sinds=1"


async def test_a_failed_delivery_is_tried_again_later_under_the_same_id(
    connection: asyncpg.Connection,
) -> None:
    await _subscribed(connection)
    await _publication(connection, 1.0)
    clock = Clock()
    async with receiving() as receiver:
        receiver.answers = [_BUSY, _BUSY, _OK]
        delivering = _delivering(receiver, clock)
        counts = [await delivering.round(connection), await delivering.round(connection)]
        clock.now += timedelta(seconds=7)
        counts.append(await delivering.round(connection))
        clock.now += timedelta(seconds=100)
        counts.append(await delivering.round(connection))
        clock.now += timedelta(seconds=300)
        counts += [await delivering.round(connection), await delivering.round(connection)]
    assert counts == [1, 0, 1, 0, 1, 0]
    assert len({fields["webhook-id"] for fields, _ in receiver.received}) == 1
    log = await connection.fetch(_WEBHOOKS["attempts"], "wh_1", 10)
    assert [row["status"] for row in log] == [200, 503, 503]
    (row,) = await connection.fetch(_WEBHOOKS["all"])
    assert (row["failing_since"], row["waiting"]) == (None, 0)


async def test_a_subscription_that_fails_for_days_is_switched_off_and_can_be_switched_on(
    connection: asyncpg.Connection,
) -> None:
    await _subscribed(connection)
    await _publication(connection, 1.0)
    clock = Clock()
    async with receiving() as receiver:
        receiver.answers = [_BUSY]
        delivering = _delivering(receiver, clock)
        for _ in range(200):
            await delivering.round(connection)
            clock.now += timedelta(hours=1)
        tries = len(receiver.received)
        (row,) = await connection.fetch(_WEBHOOKS["all"])
        assert row["disabled_why"].startswith("no delivery succeeded since")
        assert tries < 15
        await connection.execute(_WEBHOOKS["enable"], "wh_1", clock.now)
        receiver.answers = [_OK]
        assert await delivering.round(connection) == 1
    (row,) = await connection.fetch(_WEBHOOKS["all"])
    assert (row["disabled_at"], row["waiting"]) == (None, 0)


async def test_a_subscriber_that_is_gone_is_asked_no_more(connection: asyncpg.Connection) -> None:
    await _subscribed(connection)
    await _publication(connection, 1.0)
    clock = Clock()
    async with receiving() as receiver:
        receiver.answers = [b"HTTP/1.1 410 Gone\r\n\r\n"]
        delivering = _delivering(receiver, clock)
        await delivering.round(connection)
        clock.now += timedelta(days=1)
        await _publication(connection, 2.0)
        assert await delivering.round(connection) == 0
    (row,) = await connection.fetch(_WEBHOOKS["all"])
    assert row["disabled_why"] == "answered 410 Gone"


async def test_while_a_secret_is_rotated_both_verify_and_then_only_the_new_one(
    connection: asyncpg.Connection,
) -> None:
    old = await _subscribed(connection)
    new, clock = message.new_secret(), Clock()
    await connection.execute(_WEBHOOKS["rotate"], "wh_1", new, clock.now + timedelta(seconds=60))
    async with receiving() as receiver:
        delivering = _delivering(receiver, clock)
        await _publication(connection, 1.0)
        await delivering.round(connection)
        clock.now += timedelta(seconds=61)
        await _publication(connection, 2.0)
        await delivering.round(connection)
    (during, after) = receiver.received
    for secret in (old, new):
        assert Webhook(secret).verify(during[1], during[0])
    assert Webhook(new).verify(after[1], after[0])
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify(after[1], after[0])


async def test_of_several_processes_one_delivers_and_another_goes_on_where_it_stopped(
    connection: asyncpg.Connection, database: str
) -> None:
    await _subscribed(connection)
    await _publication(connection, 1.0)
    async with receiving() as receiver:
        delivering = replace(_delivering(receiver, Clock()), clock=lambda: datetime.now(UTC))
        processes = [
            asyncio.create_task(
                deliver_forever(lambda: connect(database), delivering, poll_seconds=0.02)
            )
            for _ in range(3)
        ]
        await _until(receiver, 1)
        locks = (
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND database = "
            "(SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        assert await connection.fetchval(locks) == 1
        async with asyncio.timeout(10):
            # This connection, and that of the one which delivers: the others only look.
            while await connection.fetchval(_CONNECTIONS) != 2:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        for process in processes[:2]:
            process.cancel()
        await asyncio.gather(*processes[:2], return_exceptions=True)
        await _publication(connection, 2.0)
        await _until(receiver, 2)
        processes[2].cancel()
        await asyncio.gather(processes[2], return_exceptions=True)
    bodies = [orjson.loads(body) for _, body in receiver.received]
    assert [body["data"]["publication"] for body in bodies] == [1, 2]


async def test_of_many_tries_and_deliveries_the_newest_are_kept_and_what_waits_is(
    connection: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering_module, "KEPT", 3)
    await _subscribed(connection)
    await _subscribed(connection, "wh_2")
    clock = Clock()
    async with receiving() as receiver:
        delivering = _delivering(receiver, clock)
        for value in range(5):
            await _publication(connection, float(value))
            clock.now += timedelta(seconds=1)
            await delivering.round(connection)
        receiver.answers = [_BUSY]
        await _publication(connection, 9.0)
        await delivering.round(connection)
    for id_ in ("wh_1", "wh_2"):
        tries = await connection.fetch(_WEBHOOKS["attempts"], id_, 100)
        assert sorted(row["publication"] for row in tries) == [4, 5, 6]
    kept = await connection.fetch(
        "SELECT publication, delivered_at IS NULL AS waits FROM webhook_delivery "
        "WHERE webhook_id = 'wh_1' ORDER BY publication"
    )
    assert [tuple(row) for row in kept] == [(3, False), (4, False), (5, False), (6, True)]


async def _until(receiver: Receiver, number: int) -> None:
    async with asyncio.timeout(10):
        while len(receiver.received) < number:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    await asyncio.sleep(0.1)
    assert len(receiver.received) == number


async def test_no_secret_is_listed_logged_or_in_what_is_sent(
    connection: asyncpg.Connection, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    secret = await _subscribed(connection)
    await _publication(connection, 1.0)
    async with receiving() as receiver:
        await _delivering(receiver, Clock()).round(connection)
    listed = repr(await connection.fetch(_WEBHOOKS["all"]))
    assert secret.startswith("whsec_")
    for text in (caplog.text, listed, repr(receiver.received)):
        assert secret not in text
        assert secret.removeprefix("whsec_") not in text
