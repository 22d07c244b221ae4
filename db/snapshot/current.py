"""The snapshot being served, swapped in one assignment when a newer publication is there.

A notification makes it quick, a poll makes it sure. What the served snapshot has at hand is loaded
for the next one before the swap. While Postgres is away, what was loaded last keeps being served.
"""

import asyncio
import logging
from collections.abc import Mapping
from typing import Protocol

import asyncpg

from db.core.errors import UnknownPublication
from db.core.publication import WithdrawnPublication
from db.snapshot.keys import Key, TableKey
from db.snapshot.snapshot import Memory, Snapshot, open_snapshot
from db.snapshot.store import Store

_logger = logging.getLogger("leefbaarheid.snapshot")
_WARM_SECONDS = 0.12
"""Of the 250 ms in which a publication is to be served; the rest is loaded behind it."""
_GRACE_SECONDS = 10.0
_LOADERS = 3
"""Loads at once for warming: fewer than there are connections, so that requests go on."""
_AWAY = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)


class Connect(Protocol):
    """Opens a connection of its own to listen on."""

    async def __call__(self) -> asyncpg.Connection: ...


class Prepare(Protocol):
    """Works out what requests need of a snapshot before the first one asks; must not wait."""

    def __call__(self, snapshot: Snapshot, /) -> object: ...


class Current:
    """Holds the newest snapshot; `follow` keeps it so for as long as it runs."""

    def __init__(self, store: Store, memory: Memory, *, prepare: Prepare | None = None) -> None:
        self._store = store
        self._memory = memory
        self._prepare = prepare
        self._behind: asyncio.Task[None] | None = None
        self._snapshot: Snapshot | None = None
        self._woken = asyncio.Event()
        self.withdrawn: Mapping[int, WithdrawnPublication] = {}
        """Publications that must not be answered from any more."""

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
        """Open the newest publication if it is not the one served, and hear which are gone."""
        is_newer = await self._refresh()
        self.withdrawn = await self._store.withdrawn()
        return is_newer

    async def _refresh(self) -> bool:
        newest = await self._store.newest()
        if newest is None or (self._snapshot and self._snapshot.number == newest):
            return False
        following = await open_snapshot(self._store, self._memory, newest)
        wanted = _wanted(self._snapshot, following)
        try:
            async with asyncio.timeout(_WARM_SECONDS):
                await _warm(following, wanted)
        except TimeoutError:
            _logger.info("publication %d is served before all of it is loaded", newest)
        self._prepared(following)
        self._swap(following, wanted)
        _logger.info("serving publication %d", newest)
        return True

    def _prepared(self, following: Snapshot) -> None:
        if self._prepare is None:
            return
        try:
            self._prepare(following)
        except Exception:
            _logger.exception("publication %d could not be prepared", following.number)

    def _swap(self, following: Snapshot, wanted: list[Key]) -> None:
        self._snapshot = following
        self._memory.serve(following.view)
        if self._behind is not None:
            self._behind.cancel()
        self._behind = asyncio.create_task(self._catch_up(following, wanted))

    async def _catch_up(self, snapshot: Snapshot, wanted: list[Key]) -> None:
        """After the swap there is room where the last publication was."""
        await _warm(snapshot, wanted)
        # Requests that began before the swap still read the last publication.
        await asyncio.sleep(_GRACE_SECONDS)
        try:
            await self._memory.sweep(snapshot.editions(), snapshot.number)
        except OSError as error:
            _logger.warning("cannot clear the shared folder: %s", type(error).__name__)

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
            self.close()
            if listener is not None:
                # Not close(): taking leave of a frozen server has no bound.
                listener.terminate()

    def close(self) -> None:
        """Stop loading behind the swap; what is served stays."""
        if self._behind is not None:
            self._behind.cancel()

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


def _wanted(served: Snapshot | None, following: Snapshot) -> list[Key]:
    """What is at hand of the served snapshot, and not yet of the following; tables come last.

    The list is taken from its end: shapes are read by the tables' areas.
    """
    if served is None:
        return []
    at_hand = [key for key in served.view.kept if key not in following.view.kept]
    wanted = [key for key in at_hand if following.versions.of(key) is not None]
    return sorted(wanted, key=lambda key: isinstance(key, TableKey))


async def _warm(snapshot: Snapshot, wanted: list[Key]) -> None:
    """Load from the end of `wanted` until it is empty, memory is full or a load fails."""
    await asyncio.gather(*(_warm_one_by_one(snapshot, wanted) for _ in range(_LOADERS)))


async def _warm_one_by_one(snapshot: Snapshot, wanted: list[Key]) -> None:
    while wanted:
        key = wanted.pop()
        try:
            await snapshot.load(key, push_out=False)
        except Exception as error:
            # Also a fault of our own: whoever asks for this key gets the error, the others a swap.
            _logger.warning("cannot warm publication %d: %s", snapshot.number, type(error).__name__)
            return
        if key not in snapshot.view.kept:
            wanted.append(key)
            return
