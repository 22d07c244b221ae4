"""Columns of numbers as JSON texts, for lists that read them again and again.

Writing a number costs several times what copying its text does. A column is written whole once as
many of its cells have been read as it has; until then, and where there is no room, nothing is kept.
"""

from collections.abc import Sequence
from sys import getsizeof
from typing import Any, TypeAlias
from weakref import ref

import orjson
from numpy.typing import NDArray

from db.core.bounded import Bounded
from schema.ground import Chosen, Reader

_MOST_BYTES = 12 * 1024 * 1024
"""For all tables together: some sixty columns of wijken, or fifteen of buurten."""
_MOST_COUNTED = 4096
_ENTRY = 400

ColumnKey: TypeAlias = tuple[int, str, int]
"""What the column is of, by its address; which array of it, and which column of that."""


def number_texts(numbers: NDArray[Any] | list[float]) -> list[str]:
    """JSON texts of numbers, `null` for NaN."""
    if not len(numbers):
        return []
    text = orjson.dumps(numbers, option=orjson.OPT_SERIALIZE_NUMPY).decode()
    return text[1:-1].split(",")


class WrittenColumn(list[str]):
    """The texts of one column."""

    __slots__ = ("__weakref__",)


class ColumnTexts:
    """Never more than `most_bytes`; what was taken in first goes first."""

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._kept: Bounded[ColumnKey, tuple[ref[Any], WrittenColumn]] = Bounded(most_bytes)
        self._read: dict[ColumnKey, int] = {}

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def nbytes(self) -> int:
        return self._kept.weight

    def of(self, owner: object, array: str, column: int, count: int) -> WrittenColumn | None:
        """The texts of a column of which `count` cells are read now, where they are kept."""
        key = (id(owner), array, column)
        found = self._kept.get(key)
        # An address is used again when what stood there is gone.
        if found is not None and found[0]() is owner:
            return found[1]
        numbers = getattr(owner, array)
        read = self._read.pop(key, 0) + count
        if numbers is None or read < len(numbers):
            if len(self._read) >= _MOST_COUNTED:
                self._read.clear()
            self._read[key] = read
            return None
        texts = _written(numbers[:, column] if numbers.ndim > 1 else numbers)
        weight = _ENTRY + getsizeof(texts) + sum(map(getsizeof, set(texts)))
        self._kept.keep(key, (ref(owner), texts), weight)
        return texts


def _written(numbers: NDArray[Any]) -> WrittenColumn:
    """Texts of numbers, equal ones the same object."""
    texts = number_texts(numbers.copy())
    distinct = {text: text for text in texts}
    return WrittenColumn([distinct[text] for text in texts])


TEXTS = ColumnTexts()
"""Of this process."""


class ArrayReader(Reader):
    """Numbers that stand by row in an array of something that stays as it is, by its name."""

    def __init__(self, owner: object, array: str) -> None:
        self._numbers = getattr(owner, array)
        self._owner = owner
        self._array = array

    @property
    def kind(self) -> object:
        return self

    def row(self, context: Any, row: int) -> Sequence[str]:
        return number_texts([self._numbers.item(row)])

    def columns(self, context: Any, chosen: Chosen) -> Sequence[Sequence[str]]:
        kept = TEXTS.of(self._owner, self._array, 0, len(chosen.rows))
        if kept is not None:
            return [chosen.pick(kept)]
        return [number_texts(self._numbers.take(chosen.rows))]
