"""Area tables, blocks, shapes and links of all publications, bounded in bytes, each loaded once.

What did not change between two publications is one item of both: items are kept by the version of
their content. Each publication has a `View`, so that looking up costs one dictionary and no lock.
"""

import asyncio
import weakref
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from db.core.area import AreaTable
from db.core.block import Block
from db.core.linked import Linked
from db.snapshot.keys import Key, SeriesKey, Version
from db.snapshot.shape_pack import ShapePack
from db.snapshot.sharing import Sharing

Item: TypeAlias = AreaTable | Block | ShapePack | Linked


Edition: TypeAlias = tuple[Key, Version]
Load: TypeAlias = Callable[[], Awaitable[Item]]
_ENTRY = 500
"""Bytes that keeping an item takes: its key, its place in the order and in two views."""


@dataclass(slots=True, eq=False)
class Kept:
    """An item with what decides how long it stays."""

    item: Item
    nbytes: int
    used: bool = False
    """Whether it was asked for since room was last made."""
    old: bool = False
    """Whether the publication that is served has another version of it, or none."""


@dataclass(slots=True, eq=False, weakref_slot=True)
class View:
    """What is at hand of one publication; Memory fills it and takes from it."""

    version_of: Callable[[Key], Version | None]
    kept: dict[Key, Kept] = field(default_factory=dict)


class Memory:
    """Never more than `max_bytes`; what is larger by itself is answered and not kept."""

    def __init__(self, max_bytes: int, sharing: Sharing | None = None) -> None:
        self._max_bytes = max_bytes
        self._sharing = sharing
        self._bytes = 0
        # In the order in which they go when room is needed: a second chance for what was used.
        self._kept: OrderedDict[Edition, Kept] = OrderedDict()
        self._served: View | None = None
        self._views: weakref.WeakSet[View] = weakref.WeakSet()
        self._loading: dict[Edition, asyncio.Task[Item]] = {}

    @property
    def nbytes(self) -> int:
        """How much is kept now."""
        return self._bytes

    def view(self, version_of: Callable[[Key], Version | None]) -> View:
        """A view of the publication whose versions are given, with all that is here of it."""
        view = View(version_of)
        for (key, version), kept in self._kept.items():
            if version_of(key) == version:
                view.kept[key] = kept
        self._views.add(view)
        return view

    def serve(self, view: View) -> None:
        """From now on, what is not in `view` goes first."""
        self._served = view
        for edition, kept in list(self._kept.items()):
            kept.old = view.kept.get(edition[0]) is not kept
            if kept.old:
                self._kept.move_to_end(edition, last=False)

    async def sweep(self, editions: Iterable[tuple[SeriesKey, Version]], number: int) -> None:
        """Forget what is old; leave in the shared folder what `number` or a later one uses."""
        for edition in [each for each, kept in self._kept.items() if kept.old]:
            self._drop(edition)
        if self._sharing is not None:
            await asyncio.to_thread(self._sharing.sweep, editions, number)

    async def get(self, edition: Edition, load: Load, *, push_out: bool = True) -> Item:
        """The item, loaded once however many ask.

        With `push_out` false it is kept only where there is room, or where what is old can go.
        """
        kept = self._kept.get(edition)
        if kept is not None:
            kept.used = True
            return kept.item
        task = self._loading.get(edition)
        if task is None:
            task = asyncio.ensure_future(self._load(edition, load, push_out))
            self._loading[edition] = task
            task.add_done_callback(lambda done: self._loaded(edition, done))
        # A caller that goes away must not take the load from those who still wait.
        return await asyncio.shield(task)

    def _loaded(self, edition: Edition, task: asyncio.Task[Item]) -> None:
        self._loading.pop(edition, None)
        if not task.cancelled():
            # Whoever waits has the error; with nobody left, asyncio would log it as lost.
            task.exception()

    async def _load(self, edition: Edition, load: Load, push_out: bool) -> Item:
        item = await self._shared(edition, load)
        nbytes = item.nbytes + _ENTRY
        if self._make_room(nbytes, push_out):
            self._keep(edition, Kept(item, nbytes))
        return item

    async def _shared(self, edition: Edition, load: Load) -> Item:
        """What `load` gives; a block out of the folder that workers share, where there is one."""
        key, version = edition
        if self._sharing is None or not isinstance(key, SeriesKey):
            return await load()
        found = self._sharing.find(key, version)
        if found is not None:
            return found
        block = await load()
        assert isinstance(block, Block)
        return await asyncio.to_thread(self._sharing.put, block, version)

    def _keep(self, edition: Edition, kept: Kept) -> None:
        key, version = edition
        kept.old = self._is_past(edition)
        self._kept[edition] = kept
        self._kept.move_to_end(edition, last=not kept.old)
        self._bytes += kept.nbytes
        for view in self._views:
            if view.version_of(key) == version:
                view.kept[key] = kept

    def _is_past(self, edition: Edition) -> bool:
        """Whether a request that began before the swap has asked for this."""
        now = None if self._served is None else self._served.version_of(edition[0])
        return now is not None and edition[1].publication < now.publication

    def _make_room(self, nbytes: int, push_out: bool) -> bool:
        if nbytes > self._max_bytes:
            return False
        while self._bytes + nbytes > self._max_bytes:
            edition, kept = next(iter(self._kept.items()))
            if kept.old:
                self._drop(edition)
            elif not push_out:
                return False
            elif kept.used:
                kept.used = False
                self._kept.move_to_end(edition)
            else:
                self._drop(edition)
        return True

    def _drop(self, edition: Edition) -> None:
        kept = self._kept.pop(edition)
        self._bytes -= kept.nbytes
        for view in self._views:
            if view.kept.get(edition[0]) is kept:
                del view.kept[edition[0]]
