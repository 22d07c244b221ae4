"""What was worked out for one request and serves all: looked up, or made and kept for the others.

What is kept of one publication is bounded in bytes, and how many different ones a request may ask
for is bounded too. Whether they were kept already makes no difference to that: what is refused does
not depend on what others asked before.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from db.core.bounded import Bounded
from schema.context import Context
from schema.errors import LimitOutOfRange
from schema.facts import Facts

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(frozen=True, slots=True, eq=False)
class Workings(Generic[K, V]):
    """Answers of one kind, by what was asked."""

    name: str
    what: tuple[str, str]
    """What a request asks too many of, in the words of its refusal, in English and Dutch."""
    argument: str
    """The argument that asks it."""
    most_asked: int
    """Different questions of one request."""
    most_bytes: int
    """Of all answers that are kept, for each publication."""

    def take(
        self, context: Context, asked: K, make: Callable[[], V], weigh: Callable[[V], int]
    ) -> V:
        """The answer, kept or made now; refused where the request has asked for too many."""
        self.count(context, asked)
        known = self.held(context.facts).get(asked)
        if known is None:
            context.let_others()
            known = make()
            self.held(context.facts).keep(asked, known, weigh(known))
        return known

    def count(self, context: Context, asked: K) -> None:
        """Notes a question of this request; refused where there are too many different ones.

        What is refused is not counted: the questions before it keep their answers when they are
        asked again, once what they lacked is in memory.
        """
        counted = self.counted(context)
        if asked not in counted and len(counted) >= self.most_asked:
            given = len(counted) + 1
            raise LimitOutOfRange(self.argument, given, 0, self.most_asked, what=self.what)
        counted.add(asked)

    def counted(self, context: Context) -> set[K]:
        """The different questions of this request."""
        counted: set[K] = context.memo.setdefault(self, set())
        return counted

    def held(self, facts: Facts) -> Bounded[K, V]:
        """What is kept of one publication."""
        held: Bounded[K, V] = facts.remember(self.name, lambda: Bounded(self.most_bytes))
        return held
