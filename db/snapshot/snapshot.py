"""One publication as the service reads it: small things at hand, the rest loaded on demand.

Areas and blocks are kept in byte-bounded caches with single flight: a hundred requests that miss
the same block cause one query. Nothing here is ever changed after loading.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import TypeVar

from cachetools import LRUCache

from db.core.area import AreaTable
from db.core.block import Block, SeriesKey
from db.core.levels import Level
from db.core.simplify import Detail
from db.snapshot.store import Head, Store

T = TypeVar("T")


class Memory:
    """Arrays of all publications in one byte-bounded LRU, loaded once however many ask."""

    def __init__(self, max_bytes: int) -> None:
        self._kept: LRUCache[Hashable, AreaTable | Block] = LRUCache(
            max_bytes, getsizeof=lambda item: item.nbytes
        )
        self._loading: dict[Hashable, asyncio.Task[AreaTable | Block]] = {}
        self._max_bytes = max_bytes

    async def get(
        self, key: Hashable, load: Callable[[], Awaitable[AreaTable | Block]]
    ) -> AreaTable | Block:
        found = self._kept.get(key)
        if found is not None:
            return found
        task = self._loading.get(key)
        if task is None:
            task = asyncio.ensure_future(self._load(key, load))
            self._loading[key] = task
            task.add_done_callback(lambda _: self._loading.pop(key, None))
        # A caller that goes away must not take the load from those who still wait.
        return await asyncio.shield(task)

    async def _load(
        self, key: Hashable, load: Callable[[], Awaitable[AreaTable | Block]]
    ) -> AreaTable | Block:
        item = await load()
        if item.nbytes <= self._max_bytes:
            self._kept[key] = item
        return item


class Snapshot:
    """Everything of one publication. All methods answer from that publication only."""

    def __init__(self, store: Store, head: Head, memory: Memory) -> None:
        self._store = store
        self._memory = memory
        self.head = head
        self.number = head.publication.number

    async def areas(self, level: Level, vintage: int) -> AreaTable:
        """The areas of a level and vintage; KeyError for a vintage that is not loaded."""
        if vintage not in self.head.vintages.get(level, ()):
            raise KeyError((level, vintage))
        table = await self._memory.get(
            (self.number, level, vintage),
            lambda: self._store.areas(self.number, level, vintage),
        )
        assert isinstance(table, AreaTable)
        return table

    async def block(self, key: SeriesKey) -> Block | None:
        """The block of a series, or None where no load has given any figure."""
        if key not in self.head.series:
            return None
        block = await self._memory.get(
            (self.number, key), lambda: self._store.block(self.number, key)
        )
        assert isinstance(block, Block)
        return block

    async def shapes(self, ids: Sequence[int], *, detail: Detail, epsg: int) -> Mapping[int, bytes]:
        """GeoJSON geometry texts by area id."""
        return await self._store.shapes(self.number, ids, detail=detail, epsg=epsg)


async def open_snapshot(store: Store, memory: Memory, number: int | None = None) -> Snapshot:
    """A snapshot of publication `number`, or of the newest one."""
    return Snapshot(store, await store.head(number), memory)
