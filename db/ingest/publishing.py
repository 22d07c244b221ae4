"""The one transaction that makes a publication: what all its steps share."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import asyncpg

from db.core.absence import Reason
from db.core.levels import Level
from db.core.merge import Standing
from db.ingest.roster import Roster
from db.sources.dataset import Dataset
from db.sql import queries

_PUBLICATIONS = queries("publications")
_LOADS = queries("loads")
_REASONS = queries("reasons")
_MANY_ROWS = 10_000
"""Written in one publication, after which what the planner knows of the tables is worthless."""


@dataclass(slots=True)
class Publishing:
    """An open transaction on its way to publication `number`."""

    connection: asyncpg.Connection
    number: int
    now: datetime
    counts: Counter[str] = field(default_factory=Counter)
    """What changed so far against the last publication; all zero means nothing to publish."""
    writes: int = 0
    """Rows written so far, also those that only replace rows of this same publication."""
    rosters: dict[tuple[Level, int], Roster] = field(default_factory=dict)
    ranks: dict[int, tuple[int, str]] = field(default_factory=dict)
    """Rank and dataset of every load."""
    accept_loss: bool = False
    """Whether a dataset may lose more than a hundredth of its cells."""

    def standings(self, dataset: Dataset) -> Mapping[int, Standing]:
        """How each load stands against `dataset`."""
        return {
            load: Standing(rank, name == dataset.id) for load, (rank, name) in self.ranks.items()
        }

    def goes_before(self, load: int, dataset: Dataset) -> bool:
        """Whether what `load` says outranks what `dataset` says."""
        rank, name = self.ranks[load]
        return rank > dataset.rank and name != dataset.id

    def opened(self, noun: str, rows: int) -> None:
        """Count rows that were written open."""
        self.writes += rows
        self.counts[f"{noun}_opened"] += rows

    async def give_way(self, noun: str, forget: str, close: str, *keys: object) -> None:
        """Let standing rows make room: those of earlier publications close, our own are deleted.

        A row opened and replaced within one publication was never seen by anyone.
        """
        deleted = await self.connection.execute(forget, *keys)
        closed = await self.connection.execute(close, *keys)
        self.counts[f"{noun}_opened"] -= int(deleted.split()[-1])
        self.counts[f"{noun}_closed"] += int(closed.split()[-1])

    async def roster(self, level: Level, vintage: int) -> Roster:
        key = (level, vintage)
        if key not in self.rosters:
            self.rosters[key] = await Roster.read(self.connection, level, vintage)
        return self.rosters[key]


async def begin(connection: asyncpg.Connection, now: datetime) -> Publishing:
    """Take the publisher's lock and the next number; the caller holds the transaction."""
    await connection.execute(_PUBLICATIONS["lock"])
    newest = await connection.fetchval(_PUBLICATIONS["newest"])
    publishing = Publishing(connection, (newest or 0) + 1, now)
    for row in await connection.fetch(_LOADS["ranks"]):
        publishing.ranks[row["id"]] = (row["rank"], row["dataset"])
    return publishing


async def close(publishing: Publishing, *, fictional: bool, note: str | None) -> None:
    """Write the publication row, last of all, and announce it to listeners at commit."""
    if publishing.writes > _MANY_ROWS:
        await publishing.connection.execute(_PUBLICATIONS["analyze"])
    await _explain(publishing.connection)
    counts: dict[str, Any] = {k: n for k, n in sorted(publishing.counts.items()) if n}
    await publishing.connection.execute(
        _PUBLICATIONS["insert"], publishing.number, publishing.now, fictional, note, counts
    )
    await publishing.connection.execute(_PUBLICATIONS["announce"], str(publishing.number))


async def _explain(connection: asyncpg.Connection) -> None:
    """The reasons that rows name by a code, for who reads the tables without this program."""
    every = [(r, r.slug, r.status.name, r.text("nl"), r.text("en")) for r in Reason]
    await connection.execute(_REASONS["put"], *map(list, zip(*every, strict=True)))
