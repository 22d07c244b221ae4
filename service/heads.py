"""Heads of requests that were read before: who sends the same bytes again means the same.

Clients that keep a connection send one head over and over, but for the length of the body, and
reading it costs more than a small answer. Only heads of POST are kept, which say nothing of what is
asked, and none with a secret in it.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from db.core.bounded import Bounded
from service.headers import Field
from service.representation import Sent

Answer = Callable[[bytes], Sent | None]
"""What to send for a body; None where it has to be waited for."""
Hear = Callable[[bytes, bytes, Sequence[Field]], Answer | None]
"""How to answer what comes after a head: its method, its target and its fields."""
_MOST_BYTES = 256 * 1024
_ENTRY_BYTES = 1000
_LONGEST = 2048
_SECRET = frozenset({b"authorization", b"cookie", b"proxy-authorization"})


class Head(NamedTuple):
    """A head as it was understood."""

    length: int
    """Bytes of the body that comes after it."""
    answer: Answer


class Heads:
    """Heads by their bytes, and how to understand a new one."""

    def __init__(self, hear: Hear) -> None:
        self.hear = hear
        self._known: Bounded[bytes, Head] = Bounded(_MOST_BYTES)
        self.get = self._known.get

    def __len__(self) -> int:
        return len(self._known)

    def learn(self, head: bytes, headers: Sequence[Field], known: Head) -> None:
        """Keep a head that was read."""
        if len(head) <= _LONGEST and not any(name in _SECRET for name, _ in headers):
            self._known.keep(head, known, len(head) + _ENTRY_BYTES)
