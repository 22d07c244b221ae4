"""What a snapshot needs from the store; Postgres behind it in service, arrays in tests."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from db.core.area import AreaTable
from db.core.block import Block, SeriesKey
from db.core.change import Place, Told, Wanted
from db.core.levels import Level
from db.core.linked import Linked
from db.core.publication import Attempt, WithdrawnPublication
from db.core.simplify import Detail
from db.repository.head import Head

__all__ = ["Head", "Store"]


class Store(Protocol):
    """Reads of one publication; a number that does not exist raises UnknownPublication."""

    async def head(self, number: int | None) -> Head: ...

    async def areas(self, number: int, level: Level, vintage: int) -> AreaTable: ...

    async def block(self, number: int, key: SeriesKey) -> Block: ...

    async def shapes(
        self, number: int, ids: Sequence[int], *, detail: Detail, epsg: int
    ) -> Mapping[int, bytes]:
        """GeoJSON geometry texts by area id; ids without a shape are left out."""
        ...

    async def links(self, number: int, level: Level, old: int, new: int) -> Linked:
        """The links between two vintages; KeyError where they are no pair."""
        ...

    async def changes(self, start: Place, upto: int, wanted: Wanted, limit: int) -> Told:
        """At most `limit` changes after a place, of publications up to and including `upto`."""
        ...

    async def attempts(self) -> Sequence[Attempt]:
        """How the newest try to load each dataset ended, by dataset."""
        ...

    async def newest(self) -> int | None:
        """Number of the newest publication, None in an empty store."""
        ...

    async def withdrawn(self) -> Mapping[int, WithdrawnPublication]:
        """Publications that must not be answered from any more, by number."""
        ...
