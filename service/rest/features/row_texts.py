"""Texts of the rows of a layer: each made when it is first asked for, kept within a bound."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any
from weakref import ref

from db.core.bounded import Bounded

Kept = list[bytes]
"""By row; empty where nobody asked yet."""


class RowTexts:
    """Lists of texts by what they are of, never more than `most_bytes` of them.

    An owner is named by its address, which is used again when what stood there is gone.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes // 2
        self._kept: Bounded[Hashable, tuple[ref[Any], Kept]] = Bounded(most_bytes)

    def of(self, owner: object, key: Hashable, size: int, row_bytes: int) -> Kept | None:
        """The list of so many rows; None where one list would take half of all there is."""
        named = (id(owner), key)
        found = self._kept.get(named)
        if found is not None and found[0]() is owner and len(found[1]) == size:
            return found[1]
        if size * row_bytes > self._most:
            return None
        made = [b""] * size
        self._kept.keep(named, (ref(owner), made), size * row_bytes)
        return made

    @property
    def nbytes(self) -> int:
        return self._kept.weight


def filled(
    kept: Kept, rows: Sequence[int], make: Callable[[list[int]], Iterable[bytes]]
) -> list[bytes]:
    """The texts of some rows; those that nobody asked for before are made."""
    texts = [kept[row] for row in rows]
    if b"" in texts:
        lacking = [row for row in rows if not kept[row]]
        for row, text in zip(lacking, make(lacking), strict=True):
            kept[row] = text
        texts = [kept[row] for row in rows]
    return texts
