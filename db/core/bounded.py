"""A dictionary that forgets what it took in first, once it holds more than it may.

Looking up is a plain dictionary's: for what every request looks up, where keeping an order of use
costs more than it saves.
"""

from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Bounded(Generic[K, V]):
    """Keeps at most `most` of whatever weights are given in."""

    __slots__ = ("_most", "_weights", "get", "held", "weight")

    def __init__(self, most: int) -> None:
        self._most = most
        self._weights: dict[K, int] = {}
        self.held: dict[K, V] = {}
        self.weight = 0
        self.get = self.held.get

    def keep(self, key: K, value: V, weight: int = 1) -> None:
        """Take something in, unless it is larger than all that may be kept."""
        self.drop(key)
        if weight > self._most:
            return
        while self.weight + weight > self._most:
            self.drop(next(iter(self.held)))
        self.held[key] = value
        self._weights[key] = weight
        self.weight += weight

    def drop(self, key: K) -> None:
        if key in self.held:
            del self.held[key]
            self.weight -= self._weights.pop(key)

    def __len__(self) -> int:
        return len(self.held)
