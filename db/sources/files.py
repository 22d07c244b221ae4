"""Reading local files that may be gzipped, with a bound on what comes out.

A gzip that inflates past the bound is refused while streaming, before memory is spent; one that
is cut off or damaged is a TruncatedAnswer, whoever reads it.
"""

import gzip
import io
import zlib
from pathlib import Path
from typing import IO

from db.core.errors import BrokenLoad, TruncatedAnswer

MAX_INFLATED = 1_500_000_000


class _Bounded(io.RawIOBase):
    """A reader that refuses to hand out more than `limit` bytes."""

    def __init__(self, inner: IO[bytes], name: str, limit: int) -> None:
        self._inner = inner
        self._name = name
        self._left = limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:  # type: ignore[no-untyped-def]
        try:
            chunk = self._inner.read(len(buffer))
        except (EOFError, zlib.error, gzip.BadGzipFile):
            raise TruncatedAnswer(
                f"{self._name}: the compressed file is damaged or cut off"
            ) from None
        self._left -= len(chunk)
        if self._left < 0:
            raise BrokenLoad(f"{self._name} inflates past its size limit")
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        self._inner.close()
        super().close()


class _WholeLines(io.RawIOBase):
    """A reader that refuses a text whose last line has no end."""

    def __init__(self, inner: IO[bytes], name: str) -> None:
        self._inner = inner
        self._name = name
        self._last = b"\n"

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:  # type: ignore[no-untyped-def]
        chunk = self._inner.read(len(buffer))
        if not chunk and self._last not in b"\r\n":
            raise BrokenLoad(f"{self._name} ends in the middle of a line")
        self._last = chunk[-1:] or self._last
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        self._inner.close()
        super().close()


def open_bytes(path: Path, limit: int = MAX_INFLATED) -> IO[bytes]:
    """The file's bytes, inflated when it is gzip (by its magic, not its name)."""
    handle = path.open("rb")
    magic = handle.read(2)
    handle.seek(0)
    if magic != b"\x1f\x8b":
        return handle
    handle.close()
    inner: IO[bytes] = gzip.GzipFile(path)  # type: ignore[assignment]
    return io.BufferedReader(_Bounded(inner, path.name, limit), 1 << 16)


def open_lines(path: Path) -> IO[bytes]:
    """The bytes of a text of lines; where the last one has no end, the file was cut off."""
    return io.BufferedReader(_WholeLines(open_bytes(path), path.name), 1 << 16)


def read_bytes(path: Path, limit: int = MAX_INFLATED) -> bytes:
    with open_bytes(path, limit) as stream:
        return stream.read()


def open_text(path: Path, *, whole_lines: bool = False) -> IO[str]:
    """UTF-8 with or without byte order mark; a wrong byte is an error."""
    content = open_lines(path) if whole_lines else open_bytes(path)
    return io.TextIOWrapper(content, encoding="utf-8-sig", newline="")


def inflated(path: Path, folder: Path) -> Path:
    """A path that ordinary libraries can open: the file itself, or an inflated copy in `folder`."""
    with path.open("rb") as handle:
        if handle.read(2) != b"\x1f\x8b":
            return path
    target = folder / path.name.removesuffix(".gz")
    with open_bytes(path) as source, target.open("wb") as copy:
        while chunk := source.read(1 << 20):
            copy.write(chunk)
    return target
