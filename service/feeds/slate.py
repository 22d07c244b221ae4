"""Memory on which a small file stands while its digest is made, so that its rows are made once."""

from collections.abc import Iterator
from threading import Lock

import numpy as np

from service.feeds.lines import SEAL, Dialect

_BYTES = 10 << 20


class Slate:
    """Held by one file at a time, and used again: fresh memory costs more than it would save."""

    def __init__(self, size: int = _BYTES) -> None:
        # What was never written on takes no memory.
        self._view = memoryview(bytearray(size))
        self._taken = Lock()

    def draft(self, dialect: Dialect, rows: int) -> "Draft | None":
        """Of a file of so many rows; None while there is another."""
        free = self._taken.acquire(blocking=False)
        return Draft(self._view, self._taken, dialect, rows) if free else None


class Draft:
    """A file without its digest, piece by piece, until it is let go or nobody has it.

    A thread may still be busy with it when it is let go: what it then writes is not written.
    """

    def __init__(self, view: memoryview, taken: Lock, dialect: Dialect, rows: int) -> None:
        self._view = view
        self._taken = taken
        self._is_held = True
        self._one = Lock()
        self._dialect = dialect
        self._lines = rows + bool(dialect.names)
        self._mark = dialect.end[:1]
        self._marks = 0
        self._ends = [0]

    def let_go(self) -> None:
        """The slate is for others; whoever made or sends the file need not be done with it."""
        with self._one:
            if self._is_held:
                self._is_held = False
                self._taken.release()

    def __del__(self) -> None:
        self.let_go()

    def add(self, piece: bytes) -> bool:
        """Whether it fits beside those before it, and by the look of those all others will."""
        start, size = self._ends[-1], len(self._view)
        end = start + len(piece)
        if end > size or self._expected > size:
            return False
        self._marks += int(np.count_nonzero(np.frombuffer(piece, np.uint8) == self._mark[0]))
        with self._one:
            if self._is_held:
                self._view[start:end] = piece
        self._ends.append(end)
        return True

    @property
    def _expected(self) -> int:
        """Bytes of the whole file, by those that are there; 0 where they are too few to tell."""
        return self._ends[-1] * self._lines // self._marks if self._marks > 1 else 0

    @property
    def is_plain(self) -> bool:
        """Whether the sign that begins the end of a line is nowhere else, such as in a name."""
        return self._marks == self._lines

    def sealed(self, digest: str) -> Iterator[bytes]:
        """The same pieces with their digest."""
        cells = [digest.encode()] * (len(self._ends) - 1)
        if self._dialect.names:
            cells[0] = SEAL.encode()
        for start, end, cell in zip(self._ends, self._ends[1:], cells, strict=False):
            with self._one:
                assert self._is_held, "who lets it go sends no more of it"
                piece = bytes(self._view[start:end])
            yield piece.replace(self._mark, self._dialect.seal % cell + self._mark)


SLATE = Slate()
