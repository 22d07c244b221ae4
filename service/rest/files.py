"""Files that are made once, kept for a while and sent whole or in part, with a digest (RFC 9530).

A file has no name on the disk: it is gone when nobody holds it, however the process ends.
"""

import asyncio
import hashlib
import os
from collections.abc import Awaitable, Callable, Hashable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from weakref import WeakKeyDictionary, finalize

from cachetools import LRUCache

_PIECE = 1 << 18
_KEPT_BYTES = 128 << 20
"""Of files that nobody is fetching just now, in each process; /tmp may be memory."""
_KEPT_FILES = 64
"""Each is an open file of the process, of which a system allows some thousand, connections too."""
_WAITING = 8
"""Files that are asked for and not made yet; further ones are refused."""

Making = Callable[[Path], Awaitable[None]]


class File:
    """Bytes that do not change, read piece by piece."""

    def __init__(self, path: Path) -> None:
        self._number = os.open(path, os.O_RDONLY)
        finalize(self, os.close, self._number)
        with path.open("rb") as opened:
            self.digest = hashlib.file_digest(opened, "sha256").digest()
        self.length = os.fstat(self._number).st_size

    def pieces(self, part: range | None = None) -> Iterator[bytes]:
        """All bytes, or those of a part."""
        start, stop = (part.start, part.stop) if part is not None else (0, self.length)
        for at in range(start, stop, _PIECE):
            yield os.pread(self._number, min(_PIECE, stop - at), at)


class Shelf:
    """Files by what was asked: made one at a time, whoever asks for the same waits for it."""

    def __init__(self, kept_bytes: int = _KEPT_BYTES) -> None:
        # A small file counts for as much as the largest number of them leaves to each.
        least = kept_bytes // _KEPT_FILES
        self._kept: LRUCache[Hashable, File] = LRUCache(
            kept_bytes, lambda file: max(file.length, least)
        )
        self._making: dict[Hashable, asyncio.Task[File]] = {}
        # A test has a loop of its own; a service has one.
        self._turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = (
            WeakKeyDictionary()
        )

    async def held(self, name: Hashable, ending: str, make: Making) -> File:
        """The file of this name; TimeoutError where too many are waited for already."""
        kept = self._kept.get(name)
        if kept is not None:
            return kept
        task = self._making.get(name)
        if task is None:
            if len(self._making) >= _WAITING:
                raise TimeoutError
            task = self._making[name] = asyncio.ensure_future(self._made(name, ending, make))
            task.add_done_callback(lambda _: self._making.pop(name))
        # Who gives up waiting takes the file from nobody else.
        return await asyncio.shield(task)

    def clear(self) -> None:
        self._kept.clear()

    async def _made(self, name: Hashable, ending: str, make: Making) -> File:
        turn = self._turns.setdefault(asyncio.get_running_loop(), asyncio.Lock())
        async with turn:
            with TemporaryDirectory(prefix="leefbaarheid-") as folder:
                path = Path(folder) / f"file.{ending}"
                await make(path)
                file = await asyncio.to_thread(File, path)
        if file.length <= self._kept.maxsize:
            self._kept[name] = file
        return file


SHELF = Shelf()
"""Of all operations, so that all of them together are bounded."""
