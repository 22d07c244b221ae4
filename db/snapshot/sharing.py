"""Blocks that several workers map from one folder instead of holding each a copy.

A file is whole or not there: it gets its name after its last byte. What goes wrong with the folder
costs memory and never an answer: the worker then keeps the block for itself.
"""

import hashlib
import itertools
import logging
import os
import stat
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from db.core.block import Block
from db.snapshot import block_file
from db.snapshot.keys import SeriesKey, Version
from db.snapshot.mapping import map_file

_logger = logging.getLogger("leefbaarheid.snapshot")
_PART = ".part"
_ABANDONED_SECONDS = 60.0
_SMALL = 32_768
"""Blocks below this are not worth a file: a page and a mapping for each process."""


class Sharing:
    """The folder: `max_bytes` in all, besides what is being written at this moment."""

    def __init__(self, folder: Path, max_bytes: int) -> None:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            raise ValueError("the folder of shared blocks must be a folder of this user")
        if stat.S_IMODE(found.st_mode) & 0o077:
            raise ValueError("the folder of shared blocks must be closed to others (0700)")
        self._folder = folder
        self._max_bytes = max_bytes
        self._parts = itertools.count()

    def find(self, key: SeriesKey, version: Version) -> Block | None:
        """The block as another process or an earlier load has left it, mapped."""
        path = self._path(key, version)
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        except OSError:
            return None
        try:
            # The time of last use: what was not used for longest goes when the folder is full.
            os.utime(descriptor)
            return block_file.from_bytes(key, map_file(descriptor))
        except (OSError, ValueError) as error:
            _logger.warning("a shared block cannot be mapped: %s", type(error).__name__)
            with suppress(OSError):
                path.unlink()
            return None
        finally:
            os.close(descriptor)

    def put(self, block: Block, version: Version) -> Block:
        """The block mapped from the folder, or itself where it cannot be put there."""
        if block.nbytes < _SMALL:
            return block
        path = self._path(block.key, version)
        part = path.with_name(f"{path.name}.{os.getpid()}.{next(self._parts)}{_PART}")
        try:
            data = block_file.to_bytes(block)
            if not self._make_room(len(data)):
                return block
            part.write_bytes(data)
            # Unlike a rename this leaves a file that another process has put there meanwhile.
            with suppress(FileExistsError):
                os.link(part, path)
        except OSError as error:
            _logger.warning("a block cannot be shared: %s", type(error).__name__)
            return block
        finally:
            with suppress(OSError):
                part.unlink()
        return self.find(block.key, version) or block

    def sweep(self, editions: Iterable[tuple[SeriesKey, Version]], number: int) -> None:
        """Remove what publication `number` does not use; what is of a later one stays.

        Whoever has a removed file mapped keeps what is in it.
        """
        wanted = {self._path(key, version).name for key, version in editions}
        for entry in self._entries():
            if entry.name not in wanted and _belongs_to(entry, number):
                _remove(entry)

    def _make_room(self, nbytes: int) -> bool:
        if nbytes > self._max_bytes:
            return False
        entries = [(entry, found) for entry in self._entries() if (found := _status(entry))]
        taken = sum(found.st_size for _, found in entries)
        entries.sort(key=lambda each: each[1].st_mtime_ns)
        for entry, found in entries:
            if taken + nbytes <= self._max_bytes:
                break
            _remove(entry)
            taken -= found.st_size
        return True

    def _entries(self) -> list[os.DirEntry[str]]:
        with os.scandir(self._folder) as entries:
            return list(entries)

    def _path(self, key: SeriesKey, version: Version) -> Path:
        named = (key.indicator, key.level.value, key.vintage, version.published_at.isoformat())
        digest = hashlib.sha256(repr(named).encode()).hexdigest()[:40]
        return self._folder / f"{version.publication}-{digest}"


def _belongs_to(entry: os.DirEntry[str], number: int) -> bool:
    """Whether a file is of publication `number` or an earlier one, and nobody's work in hand."""
    found, written = _status(entry), entry.name.partition("-")[0]
    if found is None or not written.isdecimal() or int(written) > number:
        return False
    is_abandoned = time.time() - found.st_mtime > _ABANDONED_SECONDS
    return is_abandoned or not entry.name.endswith(_PART)


def _status(entry: os.DirEntry[str]) -> os.stat_result | None:
    try:
        return entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None


def _remove(entry: os.DirEntry[str]) -> None:
    with suppress(OSError):
        Path(entry.path).unlink()
