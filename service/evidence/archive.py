"""A zip written while it is sent: the same files give the same bytes. Pure.

Entries have one time and one set of rights, so that nothing of the day or the machine is in it.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX, _RIGHTS = 3, 0o100644 << 16
_LEVEL = 6


@dataclass(frozen=True, slots=True)
class File:
    """A file of the archive; its pieces are made when its turn comes."""

    name: str
    pieces: Callable[[], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Written:
    """A file that has been written."""

    name: str
    bytes: int
    sha256: str


class _Sink:
    """Takes what the archive writes, until it is fetched."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def fetched(self) -> bytes:
        found = b"".join(self._pieces)
        self._pieces.clear()
        return found


def zipped(files: Iterable[File], last: Callable[[Sequence[Written]], File]) -> Iterator[bytes]:
    """The archive in pieces, some of them empty; `last` is made of what the others were."""
    sink = _Sink()
    written: list[Written] = []
    # Without a way back in the stream, lengths come behind each file: readers know that form.
    with ZipFile(sink, "w") as archive:  # type: ignore[call-overload]
        for file in files:
            yield from _entry(archive, sink, file, written)
        yield from _entry(archive, sink, last(written), [])
    yield sink.fetched()


def _entry(archive: ZipFile, sink: _Sink, file: File, written: list[Written]) -> Iterator[bytes]:
    about = ZipInfo(file.name, _EPOCH)
    about.compress_type = ZIP_DEFLATED
    about.create_system, about.external_attr = _UNIX, _RIGHTS
    about._compresslevel = _LEVEL  # type: ignore[attr-defined]
    digest, length = hashlib.sha256(), 0
    with archive.open(about, "w") as entry:
        for piece in file.pieces():
            entry.write(piece)
            digest.update(piece)
            length += len(piece)
            yield sink.fetched()
    written.append(Written(file.name, length, digest.hexdigest()))
