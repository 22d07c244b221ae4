"""What is asked: with how many connections, and how much cheaper than each peer it must be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.load.client import post
from tests.load.documents import BARE, CODE, DOCUMENTS, LOADERS, OURS, POSTGRAPHILE

MERCURIUS, STRAWBERRY = "mercurius", "strawberry"
DIALECTS = {
    OURS: OURS,
    POSTGRAPHILE: POSTGRAPHILE,
    MERCURIUS: LOADERS,
    STRAWBERRY: LOADERS,
    BARE: BARE,
}
"""Which dialect a peer understands."""


@dataclass(frozen=True, slots=True)
class Bar:
    """At least `times` cheaper than a peer, or at most `within` times as dear as it."""

    peer: str
    times: float | None = None
    within: float | None = None
    question: str | None = None
    """The peer's question to compare with, where that is another one."""


@dataclass(frozen=True, slots=True)
class Question:
    name: str
    title: str
    bars: Sequence[Bar]
    drawn: str | None = None
    """Level of the area whose code is drawn anew for each request."""
    connections: int = 32
    """1 for large answers: asked one after another."""

    def knows(self, peer: str) -> bool:
        return DIALECTS[peer] in DOCUMENTS[self.name]

    def requests(self, peer: str, codes: Mapping[str, Sequence[str]]) -> list[bytes]:
        """Every request that can be drawn, in order of the codes."""
        document = DOCUMENTS[self.name][DIALECTS[peer]]
        if self.drawn is None:
            return [post(document)]
        if CODE in document:
            return [post(document.replace(CODE, code)) for code in codes[self.drawn]]
        return [post(document, {"c": code}) for code in codes[self.drawn]]


def _bars(postgraphile: float, mercurius: float) -> tuple[Bar, ...]:
    return Bar(POSTGRAPHILE, times=postgraphile), Bar(MERCURIUS, times=mercurius)


_INLINE = (Bar(POSTGRAPHILE, times=25), Bar(OURS, within=1.4, question="Q1"))
_LEAST = (*_bars(3, 1), Bar(BARE, within=1.3))

QUESTIONS = (
    Question("Q8", "only the name of the root type", _LEAST),
    Question("Q1", "one wijk with five values", _bars(7, 5), "wijk"),
    Question("Q1inline", "the same, the code in the document", _INLINE, "wijk"),
    Question("Q2", "one wijk, five series of 20 years", _bars(15, 6), "wijk"),
    Question("Q3", "a gemeente, its wijken, three values each", _bars(24, 16), "gemeente"),
    Question("Q4", "focus areas, members, six values each", _bars(40, 22), connections=1),
    Question("Q5", "100 wijken with shapes", _bars(22, 26), connections=16),
    Question("Q5b", "all wijken with shape and value", _bars(40, 45), connections=1),
    Question("Q6", "a ranking, the first 100", _bars(13, 12)),
    Question("Q7", "one indicator, all wijken, all years", _bars(30, 10), connections=1),
    Question("Q7lists", "the same, as lists of years and values", _bars(30, 10), connections=1),
)
BY_NAME = {question.name: question for question in QUESTIONS}
