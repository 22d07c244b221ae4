"""Answers that are asked for again and again, ready to send, up to a number of bytes.

Of one edition only: the first request to a newer one empties it. An answer is kept when its
request is seen for the second time, so that questions asked once push nothing out.
"""

from collections import OrderedDict

from service.edition import Edition
from service.representation import Representation

# Method, media type and the request as it came: nothing is parsed to find an answer.
Key = tuple[bool, str, bytes]

# Measured: an entry; its request, bodies and headers are counted apart.
_OVERHEAD = 1500
# Requests remembered as seen, by their hash: a megabyte at most.
_SEEN = 8192


class ResponseCache:
    """The answers of the newest edition; 0 bytes turns it off."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self.is_on = bool(most_bytes)
        self._edition: Edition | None = None
        self._kept: OrderedDict[Key, tuple[Representation, int]] = OrderedDict()
        self._keys: dict[Representation, Key] = {}
        self._seen: set[int] = set()
        self._seen_before: set[int] = set()
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, edition: Edition, key: Key) -> Representation | None:
        """The answer to this very request in this edition."""
        if edition is not self._edition:
            self._begin(edition)
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        return found[0]

    def wants(self, edition: Edition, key: Key) -> bool:
        """Whether to keep the answer to a request; asked once for each time it is made."""
        return bool(self._most) and edition is self._edition and self._was_seen(key)

    def keep(self, key: Key, answer: Representation) -> None:
        """Keep an answer that `wants` has said yes to."""
        self._put(key, answer)

    def offer(self, edition: Edition, key: Key, answer: Representation) -> None:
        """Keep an answer if its request was seen before and it is of the newest edition."""
        if self.wants(edition, key):
            self.keep(key, answer)

    def weigh(self, answer: Representation) -> None:
        """Count again what an answer takes, if it is kept, after a coding was added to it."""
        key = self._keys.get(answer)
        if key is not None:
            self._put(key, answer)

    def _put(self, key: Key, answer: Representation) -> None:
        self._drop(key)
        weight = _OVERHEAD + len(key[2]) + answer.weight
        if weight > self._most // 4:
            return
        self._kept[key] = (answer, weight)
        self._keys[answer] = key
        self.bytes += weight
        while self.bytes > self._most:
            self._drop(next(iter(self._kept)))

    def _drop(self, key: Key) -> None:
        found = self._kept.pop(key, None)
        if found is not None:
            answer, weight = found
            del self._keys[answer]
            self.bytes -= weight

    def _begin(self, edition: Edition) -> None:
        self._edition = edition
        self._kept.clear()
        self._keys.clear()
        self.bytes = 0

    def _was_seen(self, key: Key) -> bool:
        """Also of an earlier edition: what was asked often is kept at once when figures change."""
        mark = hash(key)
        if mark in self._seen or mark in self._seen_before:
            return True
        self._seen.add(mark)
        if len(self._seen) >= _SEEN:
            self._seen_before, self._seen = self._seen, set()
        return False
