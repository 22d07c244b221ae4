"""What all answers of one publication share: what they say of it, and the seed of their ETags.

Answers of two editions never meet: not under one ETag, not in one cache.
"""

import hashlib
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

from cachetools import LRUCache

from service.answers import json_bytes
from service.pricing import Cost, Price

# What every answer says about itself: at least the publication it was read from.
Extensions = Callable[[object], Mapping[str, Any]]
# What tells the publication of a context from every other one, also of another store.
EditionKey = Callable[[object], Hashable]
_DIGEST_BYTES = 12
_MOST_OLDER = 8


class Edition:
    """One publication as answers see it."""

    __slots__ = ("_after", "_before", "_seed", "key", "said")

    def __init__(self, key: Hashable, said: Mapping[str, Any], cost: Cost, software: bytes) -> None:
        self.key = key
        self.said = said
        words = json_bytes(said).decode()[:-1]
        self._before = ',"extensions":' + words + ("," if said else "") + '"cost":{"rows":'
        self._after = f',"mostRows":{cost.most_rows},"mostFields":{cost.most_fields}}}}}}}'
        self._seed = hashlib.blake2b(software, digest_size=_DIGEST_BYTES)
        self._seed.update(b"\0" + repr(key).encode())

    def envelope(self, data: Sequence[str], price: Price) -> bytes:
        """A whole answer around the JSON text of its data, which comes in pieces."""
        figures = f'{price.rows},"fields":{price.fields}'
        return "".join(['{"data":', *data, self._before, figures, self._after]).encode()

    def digest(self, media: str, asked: bytes) -> str:
        """What stands for the answer to a request, known before there is an answer."""
        begun = self._seed.copy()
        begun.update(b"\0" + media.encode() + b"\0" + asked)
        return begun.hexdigest()


class Editions:
    """Keeps the edition of the newest context that was seen, and a few that requests named."""

    def __init__(
        self, extensions: Extensions, cost: Cost, *, key: EditionKey | None, software: bytes
    ) -> None:
        self._extensions = extensions
        self._cost = cost
        self._key = key or extensions
        self._software = software
        self._newest: Edition | None = None
        self._older: LRUCache[str, Edition] = LRUCache(_MOST_OLDER)

    def of(self, context: object) -> Edition:
        key = self._key(context)
        newest = self._newest
        if newest is None or newest.key != key:
            said = dict(self._extensions(context))
            newest = self._newest = Edition(key, said, self._cost, self._software)
        return newest

    def older(self, context: object) -> Edition:
        """Of a publication that a request names; the newest stays the newest."""
        key = self._key(context)
        found = self._older.get(repr(key))
        if found is None:
            said = dict(self._extensions(context))
            found = self._older[repr(key)] = Edition(key, said, self._cost, self._software)
        return found
