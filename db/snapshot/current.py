"""The snapshot being served, swapped in one assignment when a newer publication is there.

A notification makes it quick, a poll makes it sure. While Postgres is away, what was loaded last
keeps being served.
"""

import asyncio
import logging
from typing import Protocol

import asyncpg

from db.core.errors import UnknownPublication
from db.snapshot.snapshot import Memory, Snapshot, open_snapshot
from db.snapshot.store import Store

_logger = logging.getLogger("leefbaarheid.snapshot")
_AWAY = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)


class Connect(Protocol):
    """Opens a connection of its own to listen on."""

    async def __call__(self) -> asyncpg.Connection: ...


class Current:
    """Holds the newest snapshot; `follow` keeps it so for as long as it runs."""

    def __init__(self, store: Store, memory: Memory) -> None:
        self._store = store
        self._memory = memory
        self._snapshot: Snapshot | None = None
        self._woken = asyncio.Event()

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot to answer a request from, from beginning to end."""
        if self._snapshot is None:
            raise UnknownPublication(None)
        return self._snapshot

    @property
    def ready(self) -> bool:
        return self._snapshot is not None

    async def refresh(self) -> bool:
        """Open the newest publication if it is not the one being served."""
        newest = await self._store.newest()
        if newest is None or (self._snapshot and self._snapshot.number == newest):
            return False
        self._snapshot = await open_snapshot(self._store, self._memory, newest)
        _logger.info("serving publication %d", newest)
        return True

    async def start(self, seconds: float) -> None:
        """Open the newest publication before the first request; start without it if it is away."""
        try:
            async with asyncio.timeout(seconds):
                await self.refresh()
        except _AWAY as error:
            _logger.warning("starting without a publication: %s", type(error).__name__)

    async def follow(self, connect: Connect, poll_seconds: float) -> None:
        """Refresh on every notification, and every `poll_seconds` in case one was lost."""
        listener: asyncpg.Connection | None = None
        try:
            while True:
                try:
                    if listener is None or listener.is_closed():
                        listener = await connect()
                        await listener.add_listener("publication", self._wake)
                    await self.refresh()
                except _AWAY as error:
                    _logger.warning("cannot look for news: %s", type(error).__name__)
                await self._wait(poll_seconds)
        finally:
            if listener is not None:
                # Not close(): taking leave of a frozen server has no bound.
                listener.terminate()

    def _wake(self, *_: object) -> None:
        self._woken.set()

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return
        finally:
            self._woken.clear()
