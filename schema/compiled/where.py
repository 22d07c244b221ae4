"""Where rows of a batch stand in the answer: worked out only when something went wrong there."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias

Path: TypeAlias = list[str | int]


class Where(Protocol):
    """The place in the answer of each row of a batch."""

    def path(self, row: int) -> Path: ...


class Root:
    """The one row of the operation itself."""

    def path(self, row: int) -> Path:
        return []


class AtKey:
    """What a field answers, one for each row of its selection."""

    __slots__ = ("_key", "_outer")

    def __init__(self, outer: Where, key: str) -> None:
        self._outer = outer
        self._key = key

    def path(self, row: int) -> Path:
        return [*self._outer.path(row), self._key]


class AtItem:
    """Items of lists; `owner` tells of each item whose list it is in, and at which place."""

    __slots__ = ("_outer", "_owner")

    def __init__(self, outer: Where, owner: Callable[[int], tuple[int, int]]) -> None:
        self._outer = outer
        self._owner = owner

    def path(self, row: int) -> Path:
        parent, index = self._owner(row)
        return [*self._outer.path(parent), index]


class AtRows:
    """Some rows of a larger batch."""

    __slots__ = ("_outer", "_rows")

    def __init__(self, outer: Where, rows: Sequence[int]) -> None:
        self._outer = outer
        self._rows = rows

    def path(self, row: int) -> Path:
        return self._outer.path(self._rows[row])
