"""The areas of one level and vintage while a publication is made: ids, ordinals, attributes."""

from dataclasses import dataclass
from typing import Self

import asyncpg
import numpy as np

from db.core.absence import Reason
from db.core.figures import Bytes
from db.core.levels import Level, Terrain
from db.sql import queries

_AREAS = queries("areas")


@dataclass(slots=True)
class Entry:
    """The open state of an area; `since` is the publication that opened it (None: not open)."""

    id: int
    ordinal: int
    name: str
    terrain: Terrain
    parent: str | None
    change: int | None
    load: int | None
    since: int | None


@dataclass(slots=True)
class Roster:
    level: Level
    vintage: int
    entries: dict[str, Entry]

    @classmethod
    async def read(cls, connection: asyncpg.Connection, level: Level, vintage: int) -> Self:
        found = await connection.fetch(_AREAS["open"], level.value, vintage)
        entries = {
            row["code"]: Entry(
                id=row["id"],
                ordinal=ordinal,
                name=row["name"] or "",
                terrain=Terrain(row["terrain"] or "land"),
                parent=row["parent_code"],
                change=row["change"],
                load=row["load_id"],
                since=row["from_publication"],
            )
            for ordinal, row in enumerate(found)
        }
        return cls(level, vintage, entries)

    def defaults(self) -> Bytes:
        """Reason of a cell that no load gives, for each area in ordinal order."""
        reasons = np.full(len(self.entries), Reason.NO_ROW, np.uint8)
        for entry in self.entries.values():
            if entry.terrain is not Terrain.LAND:
                reasons[entry.ordinal] = Reason.WATER_OR_ABROAD
        return reasons

    def ids(self) -> "np.ndarray[tuple[int], np.dtype[np.int32]]":
        """Area ids by ordinal."""
        ids = np.zeros(len(self.entries), np.int32)
        for entry in self.entries.values():
            ids[entry.ordinal] = entry.id
        return ids

    def live(self) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
        """Which ordinals are areas now; others were, and keep their row in every block."""
        live = np.zeros(len(self.entries), np.bool_)
        live[[entry.ordinal for entry in self.entries.values() if entry.since is not None]] = True
        return live
