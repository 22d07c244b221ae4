"""Applies db/migrations/NNNN_verb_noun.sql in order, each once and whole.

Only forward. A file that changed after it was applied, or that vanished, is an error.
"""

import asyncio
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

import asyncpg

from db.core.errors import MigrationChanged
from db.sql import queries

_NAME = re.compile(r"(?P<number>\d{4})_[a-z0-9_]+\.sql")
# "leefbaar" in ASCII: any constant will do as long as it is ours.
_LOCK = 0x6C65656662616172


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered step and the text it runs."""

    number: int
    file: str
    sql: str

    @property
    def checksum(self) -> str:
        """Over the text with plain line ends: a checkout on Windows is no change."""
        return hashlib.sha256(self.sql.replace("\r\n", "\n").encode()).hexdigest()


def migrations(folder: Traversable | None = None) -> list[Migration]:
    """The steps in a folder in order, our own without one."""
    source = files("db") / "migrations" if folder is None else folder
    steps = [_read(entry) for entry in source.iterdir() if entry.name.endswith(".sql")]
    steps.sort(key=lambda step: step.number)
    for place, step in enumerate(steps, start=1):
        if step.number != place:
            raise ValueError(f"{step.file}: expected a migration numbered {place:04d} here")
    return steps


def _read(entry: Traversable) -> Migration:
    match = _NAME.fullmatch(entry.name)
    if match is None:
        raise ValueError(f"{entry.name}: a migration is called NNNN_verb_noun.sql")
    return Migration(int(match["number"]), entry.name, entry.read_text(encoding="utf-8"))


async def migrate(
    connection: asyncpg.Connection, steps: Iterable[Migration] | None = None
) -> list[str]:
    """Bring the database up to date; the files applied now, none when it already was."""
    wanted = migrations() if steps is None else list(steps)
    sql = queries("migrations")
    # Asked again and again: a wait inside the server would run into its limit on locks.
    while not await connection.fetchval(sql.try_lock, _LOCK):  # noqa: ASYNC110
        await asyncio.sleep(0.1)
    try:
        await connection.execute(sql.create_ledger)
        pending = _pending(wanted, await _applied(connection))
        for step in pending:
            await _apply(connection, step)
    finally:
        await connection.fetchval(sql.unlock, _LOCK)
    return [step.file for step in pending]


async def pending(
    connection: asyncpg.Connection, steps: Iterable[Migration] | None = None
) -> list[str]:
    """The files that `migrate` would apply; changes nothing."""
    wanted = migrations() if steps is None else list(steps)
    if not await connection.fetchval(queries("migrations").has_ledger):
        return [step.file for step in wanted]
    return [step.file for step in _pending(wanted, await _applied(connection))]


async def _applied(connection: asyncpg.Connection) -> dict[int, tuple[str, str]]:
    rows = await connection.fetch(queries("migrations").applied)
    return {row["number"]: (row["file"], row["checksum"]) for row in rows}


def _pending(wanted: list[Migration], applied: Mapping[int, tuple[str, str]]) -> list[Migration]:
    """What is left to apply; a database ahead of these files belongs to a newer release."""
    by_number = {step.number: step for step in wanted}
    for number, (file, checksum) in applied.items():
        step = by_number.get(number)
        if step is None:
            raise MigrationChanged(file, "was applied to this database and is not in this release")
        if step.checksum != checksum:
            raise MigrationChanged(step.file, "differs from what was applied to this database")
    return [step for step in wanted if step.number not in applied]


async def _apply(connection: asyncpg.Connection, step: Migration) -> None:
    async with connection.transaction():
        # Adding an index to a full table outlasts any time limit meant for readers.
        await connection.execute(step.sql, timeout=3600)
        await connection.execute(
            queries("migrations").record, step.number, step.file, step.checksum
        )
