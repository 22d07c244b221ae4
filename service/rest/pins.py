"""Publications that requests name by number: opened once, a few of them kept."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from cachetools import LRUCache

from db.core.errors import PublicationWithdrawn, UnknownPublication
from db.core.publication import WithdrawnPublication
from db.snapshot.snapshot import Snapshot
from schema.context import Context

_KEPT = 4
"""What a publication has in common with the one that is served lies in memory once."""

Opens = Callable[[int], Awaitable[Snapshot]]


class Pins:
    """Contexts of publications by number; None is the one that is served."""

    def __init__(
        self,
        served: Callable[[], Context],
        opens: Opens,
        withdrawn: Callable[[], Mapping[int, WithdrawnPublication]] = dict,
    ) -> None:
        self._served = served
        self._opens = opens
        self._withdrawn = withdrawn
        self._kept: LRUCache[object, asyncio.Task[Snapshot]] = LRUCache(_KEPT)

    async def context(self, number: int | None) -> Context:
        """What to answer from; UnknownPublication for a number that this store does not have,
        PublicationWithdrawn for one that must not be answered from any more.
        """
        served = self._served()
        if number is None:
            return served
        if number == served.number:
            return _pinned(served.snapshot, served)
        gone = self._withdrawn().get(number)
        if gone is not None:
            raise PublicationWithdrawn(gone)
        published = served.facts.publications.get(number)
        if published is None:
            raise UnknownPublication(number)
        # The moment beside the number: another store counts its publications from 1 again.
        key = (number, published.published_at)
        task = self._kept.get(key)
        if task is None or (task.done() and (task.cancelled() or task.exception() is not None)):
            task = self._kept[key] = asyncio.ensure_future(self._opens(number))
        snapshot = await asyncio.shield(task)
        return _pinned(snapshot, served)


def _pinned(snapshot: Snapshot, served: Context) -> Context:
    return Context(snapshot, served.language, served.public_url, is_pinned=True)
