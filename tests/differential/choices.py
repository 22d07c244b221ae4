"""Small choices drawn from hypothesis; the first alternative is always the simplest.

Strategies are made once: a document takes hundreds of choices.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeAlias, TypeVar

from hypothesis import strategies as st

T = TypeVar("T")
Draw: TypeAlias = Callable[[st.SearchStrategy[Any]], Any]


@cache
def _below(bound: int) -> st.SearchStrategy[int]:
    return st.integers(0, bound - 1)


class Choices:
    """One example's choices."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw

    def number(self, bound: int) -> int:
        """From 0 up to, not including, the bound."""
        found: int = self.draw(_below(bound)) if bound > 1 else 0
        return found

    def chance(self, percent: int) -> bool:
        """True so often; shrinks to False."""
        return self.number(100) >= 100 - percent

    def pick(self, items: Sequence[T]) -> T:
        return items[self.number(len(items))]
