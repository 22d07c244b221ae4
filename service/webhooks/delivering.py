"""Deliveries as they fall due, by one process of however many there are; all state is in the store.

A failed delivery is tried again after longer and longer, and a subscription that fails for days is
switched off and says why. A subscriber that answers 410 wants no more.
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib import import_module

import asyncpg

from db.sql import queries
from service.webhooks import message
from service.webhooks.address import ForbiddenAddress, target
from service.webhooks.connecting import PUBLIC, Connecting, Outcome

_WEBHOOKS = queries("webhooks")
_AT_ONCE = 20
_POLL_SECONDS = 5.0
_WAITS = tuple(
    timedelta(seconds=each) for each in (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
)
"""As Standard Webhooks advises: seconds at first, then hours."""
_JITTER = 0.2
KEPT = 200
"""Tries, and deliveries that succeeded, that each subscription keeps: the newest."""
_TAKE_OVER = 6
"""Polls after which a process that does not deliver looks whether the one that does is gone."""
_PATIENCE = timedelta(days=5)
_GONE = 410
_AWAY = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)
_logger = logging.getLogger("leefbaarheid.webhooks")


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Delivering:
    """How deliveries are made; a test gives its own clock, chance and network."""

    public_url: str
    connecting: Connecting = PUBLIC
    clock: Callable[[], datetime] = _now
    chance: random.Random = field(default_factory=random.Random)
    inside: frozenset[str] = frozenset()
    """Names with ports in our own network that may be sent to (`Settings.webhook_inside`)."""

    async def round(self, connection: asyncpg.Connection) -> int:
        """Send what is due now; returns how many that were."""
        await connection.execute(_WEBHOOKS["plan"], self.clock())
        due = await connection.fetch(_WEBHOOKS["due"], self.clock(), _AT_ONCE)
        outcomes = await asyncio.gather(*map(self._send, due))
        for row, outcome in zip(due, outcomes, strict=True):
            async with connection.transaction():
                await self._record(connection, row, outcome)
        return len(due)

    async def _send(self, row: asyncpg.Record) -> Outcome:
        told = message.of_publication(
            row["webhook_id"], row["publication"], row["published_at"], row["counts"],
            self.public_url, fictional=row["fictional"],
        )  # fmt: skip
        return await self.send(row, told)

    async def send(self, row: asyncpg.Record, told: message.Message) -> Outcome:
        """Send a message to a subscription, signed with its secrets."""
        now = self.clock()
        try:
            to = target(row["url"], self.inside)
        except ForbiddenAddress as error:
            return Outcome(None, str(error))
        headers = told.headers(message.valid_keys(row, now), now)
        # 2 MB and 60 ms that only a process which has something to send needs.
        sending = await asyncio.to_thread(import_module, "service.webhooks.sending")
        outcome: Outcome = await sending.post(to, told.body, headers, self.connecting)
        return outcome

    async def _record(
        self, connection: asyncpg.Connection, row: asyncpg.Record, outcome: Outcome
    ) -> None:
        now, key = self.clock(), (row["webhook_id"], row["publication"])
        await connection.execute(_WEBHOOKS["log"], *key, now, outcome.status, outcome.problem)
        await connection.execute(_WEBHOOKS["forget"], key[0], KEPT)
        if outcome.is_delivered:
            await connection.execute(_WEBHOOKS["delivered"], *key, now)
            return
        again = now + self._wait(row["attempts"])
        since = await connection.fetchval(_WEBHOOKS["failed"], *key, now, again)
        if outcome.status == _GONE:
            await connection.execute(_WEBHOOKS["disable"], key[0], now, "answered 410 Gone")
        elif since is not None and now - since > _PATIENCE:
            why = f"no delivery succeeded since {since:%Y-%m-%d}"
            await connection.execute(_WEBHOOKS["disable"], key[0], now, why)

    def _wait(self, attempts: int) -> timedelta:
        """Longer each time, and never the same for all that failed together."""
        wait = _WAITS[min(attempts, len(_WAITS) - 1)]
        return wait * self.chance.uniform(1 - _JITTER, 1 + _JITTER)


async def deliver_forever(
    connect: Callable[[], Awaitable[asyncpg.Connection]],
    delivering: Delivering,
    *,
    poll_seconds: float = _POLL_SECONDS,
) -> None:
    """Deliver for as long as this runs, when no other process does; the store may come and go.

    Only the process that delivers keeps a connection, which each of many workers would cost.
    """
    is_away = False
    while True:
        try:
            connection = await connect()
            is_away = False
            try:
                if await connection.fetchval(_WEBHOOKS["lock"]):
                    await _while_open(connection, delivering, poll_seconds)
            finally:
                await connection.close()
            await asyncio.sleep((_TAKE_OVER - 1) * poll_seconds)
        except _AWAY as error:
            if not is_away:
                _logger.warning("webhooks wait for the store (%s)", type(error).__name__)
            is_away = True
        await asyncio.sleep(poll_seconds)


async def _while_open(
    connection: asyncpg.Connection, delivering: Delivering, poll_seconds: float
) -> None:
    while True:
        if not await delivering.round(connection):
            await asyncio.sleep(poll_seconds)
