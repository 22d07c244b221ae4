"""A file of lines that says in each of its rows what all of it is: so it is made before it is sent.

The first time it is made without the column that says so, and what its digest is of is thrown away
piece by piece. The digest is kept: whoever asks for the same file later gets it at once.
"""

import hashlib
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from typing import TypeAlias
from weakref import WeakKeyDictionary

from db.core.bounded import Bounded
from db.snapshot.snapshot import Snapshot
from schema.export import Extracts
from service.feeds.lines import Dialect, lines
from service.feeds.slate import SLATE, Draft
from service.feeds.turns import aside, sharing

_KEPT_BYTES = 2 << 20
_SEAL_BYTES, _INDICATOR_BYTES = 500, 400
"""Of what is kept of a file, and of each indicator in its name, about."""


@dataclass(frozen=True, slots=True)
class Seal:
    """What a file is."""

    digest: str
    """SHA-256 in hex of the file as it is without the column that says so."""
    length: int
    """Bytes, with that column."""


Seals: TypeAlias = Bounded[Hashable, Seal]
# By publication as it is held open, so that nothing outlives what it was made of.
_OF_PUBLICATION: WeakKeyDictionary[Snapshot, Seals] = WeakKeyDictionary()


class Sealed:
    """One file in one dialect."""

    def __init__(
        self, data: Extracts, dialect: Dialect, of: Snapshot, *, heavy: bool = True
    ) -> None:
        self._data = data
        self._dialect = dialect
        self._heavy = heavy
        self._kept = _OF_PUBLICATION.setdefault(of, Bounded(_KEPT_BYTES))
        self._name = (dialect, *data.name)
        self._seal = self._kept.get(self._name)
        self._draft: Draft | None = None

    @property
    def seal(self) -> Seal:
        assert self._seal is not None, "it is made before anything is said of it"
        return self._seal

    async def made(self, during: Callable[[Iterator[bytes]], Iterator[bytes]] = iter) -> None:
        """The seal is made, unless it is known; others have their turn meanwhile.

        `during` passes on the steps for as long as somebody waits for it.
        """
        making = during(self.making())
        try:
            async for _ in aside(making) if self._heavy else sharing(making):
                pass
        except BaseException:
            # Whoever keeps the fault keeps all that was held.
            self.let_go()
            raise
        self.keep()

    def making(self) -> Iterator[bytes]:
        """Makes the seal, unless it is known; in steps, of which nothing is left to see."""
        if self._seal is not None:
            return
        rows, dialect = self._data.rows, self._dialect
        digest, length = hashlib.sha256(), dialect.width(rows)
        self._draft = draft = SLATE.draft(dialect, rows)
        for piece in lines(self._data, dialect):
            digest.update(piece)
            length += len(piece)
            if draft is not None and not draft.add(piece):
                draft = None
                self.let_go()
            yield b""
        self._seal = Seal(digest.hexdigest(), length)
        if draft is not None and not draft.is_plain:
            self.let_go()

    def let_go(self) -> None:
        """What was held of it is no longer needed; who still sends the file has it written."""
        draft, self._draft = self._draft, None
        if draft is not None:
            draft.let_go()

    def keep(self) -> None:
        """Keep the seal for whoever asks next; not in a thread."""
        if self._seal is not None and self._kept.get(self._name) is None:
            weight = _SEAL_BYTES + _INDICATOR_BYTES * len(self._data.parts)
            self._kept.keep(self._name, self._seal, weight)

    def pieces(self) -> Iterator[bytes]:
        """The file as it is sent."""
        if self._draft is not None:
            return self._draft.sealed(self.seal.digest)
        return lines(self._data, self._dialect, self.seal.digest)
