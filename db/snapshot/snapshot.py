"""One publication as the service reads it: small things at hand, the rest loaded on demand.

`at_hand` answers at once or not at all; `load` brings into memory what was missing. Nothing here is
ever changed after loading.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence

from db.core.area import AreaTable
from db.core.block import Block
from db.core.change import Place, Told, Wanted
from db.core.levels import Level
from db.core.publication import Attempt
from db.core.simplify import Detail
from db.core.union import union_text
from db.snapshot.keys import (
    PACK,
    Key,
    LinksKey,
    SeriesKey,
    ShapesKey,
    TableKey,
    UnionKey,
    Version,
)
from db.snapshot.memory import Item, Memory
from db.snapshot.shape_pack import ShapePack, pack_of
from db.snapshot.store import Head, Store
from db.snapshot.versions import Versions

__all__ = ["Memory", "ShapePack", "Snapshot", "open_snapshot"]


class Snapshot:
    """Everything of one publication. All methods answer from that publication only."""

    def __init__(self, store: Store, head: Head, memory: Memory) -> None:
        self._store = store
        self._memory = memory
        self.head = head
        self.number = head.publication.number
        self.versions = Versions(head)
        self.view = memory.view(self.versions.of)
        self._kept = self.view.kept

    def at_hand(self, key: Key) -> Item | None:
        """What is in memory under `key`; never waits, never fails."""
        kept = self._kept.get(key)
        if kept is None:
            return None
        kept.used = True
        return kept.item

    async def load(self, key: Key, *, push_out: bool = True) -> Item:
        """What `key` names, loaded once however many ask; KeyError where there is no such thing.

        With `push_out` false nothing leaves memory for it that is being served.
        """
        found = self.at_hand(key)
        if found is not None:
            return found
        version = self.versions.of(key)
        if version is None:
            raise KeyError(key)
        return await self._memory.get((key, version), lambda: self._read(key), push_out=push_out)

    async def areas(self, level: Level, vintage: int) -> AreaTable:
        """The areas of a level and vintage; KeyError for a vintage that is not loaded."""
        table = await self.load(TableKey(level, vintage))
        assert isinstance(table, AreaTable)
        return table

    async def block(self, key: SeriesKey) -> Block | None:
        """The block of a series, or None where no load has given any figure."""
        if key not in self.head.series:
            return None
        block = await self.load(key)
        assert isinstance(block, Block)
        return block

    async def shapes(self, ids: Sequence[int], *, detail: Detail, epsg: int) -> Mapping[int, bytes]:
        """GeoJSON geometry texts by area id."""
        return await self._store.shapes(self.number, ids, detail=detail, epsg=epsg)

    async def changes(self, start: Place, wanted: Wanted, limit: int) -> Told:
        """What changed after a place, up to and including this publication; read, not kept."""
        return await self._store.changes(start, self.number, wanted, limit)

    async def attempts(self) -> Sequence[Attempt]:
        """How the newest try to load each dataset ended; of no publication, and not kept."""
        return await self._store.attempts()

    def editions(self) -> Iterator[tuple[SeriesKey, Version]]:
        """Every block of this publication with its version."""
        for key in self.head.series:
            version = self.versions.of(key)
            assert version is not None
            yield key, version

    async def _read(self, key: Key) -> Item:
        if isinstance(key, SeriesKey):
            return await self._store.block(self.number, key)
        if isinstance(key, TableKey):
            return await self._store.areas(self.number, key.level, key.vintage)
        if isinstance(key, LinksKey):
            return await self._store.links(self.number, *key)
        if isinstance(key, UnionKey):
            return await self._unite(key)
        return await self._read_pack(key)

    async def _unite(self, key: UnionKey) -> ShapePack:
        """The one shape of several areas; joined beside the loop, which others wait for."""
        texts: list[str] = []
        for number in sorted({each // PACK for each in key.ordinals}):
            pack = await self.load(ShapesKey(*key[:4], number))
            assert isinstance(pack, ShapePack)
            here = [each % PACK for each in key.ordinals if each // PACK == number]
            texts += [text for text in map(pack.texts.__getitem__, here) if text is not None]
        return pack_of([await asyncio.to_thread(union_text, texts, key.detail, key.epsg)])

    async def _read_pack(self, key: ShapesKey) -> ShapePack:
        table = await self.areas(key.level, key.vintage)
        ordinals = range(key.pack * PACK, min(len(table), (key.pack + 1) * PACK))
        if not ordinals:
            raise KeyError(key)
        ids = [int(table.ids[i]) if table.has_shape(i) else None for i in ordinals]
        asked = [each for each in ids if each is not None]
        found = await self.shapes(asked, detail=key.detail, epsg=key.epsg) if asked else {}
        return pack_of([None if each is None else found.get(each) for each in ids])


async def open_snapshot(store: Store, memory: Memory, number: int | None = None) -> Snapshot:
    """A snapshot of publication `number`, or of the newest one."""
    return Snapshot(store, await store.head(number), memory)
