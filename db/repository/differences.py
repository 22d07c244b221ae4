"""What changed between two publications, counted by noun and shown by example."""

from dataclasses import dataclass

import asyncpg

from db.core.absence import Reason
from db.core.errors import UnknownPublication
from db.repository.publications import read_publications
from db.sql import queries

_PUBLICATIONS = queries("publications")


@dataclass(frozen=True, slots=True)
class Change:
    """Rows of one kind that opened and closed."""

    noun: str
    kind: str
    opened: int
    closed: int


@dataclass(frozen=True, slots=True)
class Revision:
    """A cell whose value or reason changed."""

    indicator: str
    level: str
    vintage: int
    code: str
    period: int
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Altered:
    """An area or a reference fact that is new, gone or changed."""

    what: str
    """`new`, `gone` or `changed`."""
    noun: str
    """Level and vintage of an area, or kind of a fact."""
    key: str
    old: str | None = None
    new: str | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """What `newer` has that `older` had not, and the reverse; the lists hold the first of each."""

    older: int
    newer: int
    changes: tuple[Change, ...]
    areas: tuple[Altered, ...]
    """In order of level, vintage and code; `old` and `new` are names."""
    facts: tuple[Altered, ...]
    revisions: tuple[Revision, ...]
    """In order of indicator, level, vintage, code and year."""


async def difference(
    connection: asyncpg.Connection, one: int, other: int, *, shown: int = 20
) -> Difference:
    """What changed from the lower of two publications to the higher, at most `shown` of a kind."""
    older, newer = sorted((one, other))
    listed = {p.number for p in await read_publications(connection, newer)}
    for number in (older, newer):
        if number not in listed:
            raise UnknownPublication(number)
    changes = await connection.fetch(_PUBLICATIONS["difference"], older, newer)
    areas = await connection.fetch(_PUBLICATIONS["changed_areas"], older, newer, shown)
    facts = await connection.fetch(_PUBLICATIONS["changed_facts"], older, newer, shown)
    revised = await connection.fetch(_PUBLICATIONS["revised_cells"], older, newer, shown)
    return Difference(
        older,
        newer,
        tuple(Change(**row) for row in changes if row["opened"] or row["closed"]),
        tuple(_area(row) for row in areas),
        tuple(
            Altered(_word(row["was"], row["is_there"]), row["kind"], row["key"]) for row in facts
        ),
        tuple(_revision(row) for row in revised),
    )


def _area(row: asyncpg.Record) -> Altered:
    old, new = row["old_name"], row["new_name"]
    noun = f"{row['level']} {row['vintage']}"
    return Altered(_word(old is not None, new is not None), noun, row["code"], old, new)


def _word(was: bool, is_there: bool) -> str:
    return "changed" if was and is_there else "new" if is_there else "gone"


def _revision(row: asyncpg.Record) -> Revision:
    return Revision(
        row["indicator"], row["level"], row["vintage"], row["code"], row["period"],
        _shown(row["old_value"], row["old_reason"]), _shown(row["new_value"], row["new_reason"]),
    )  # fmt: skip


def _shown(value: float | None, reason: int) -> str:
    return f"{value:g}" if value is not None else Reason(reason).slug
