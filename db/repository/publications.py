"""Publications and loads out of Postgres."""

import asyncpg

from db.core.publication import Attempt, Load, Publication, WithdrawnPublication
from db.sql import queries

_PUBLICATIONS = queries("publications")
_LOADS = queries("loads")


async def newest(connection: asyncpg.Connection) -> int | None:
    """Number of the newest publication, None in an empty store."""
    number: int | None = await connection.fetchval(_PUBLICATIONS["newest"])
    return number


async def newest_is_fictional(connection: asyncpg.Connection) -> bool:
    """Whether what is served now is Voorbeeldland."""
    return bool(await connection.fetchval(_PUBLICATIONS["newest_is_fictional"]))


async def read_publications(connection: asyncpg.Connection, up_to: int) -> tuple[Publication, ...]:
    """All publications up to and including a number, newest first."""
    rows = await connection.fetch(_PUBLICATIONS["up_to"], up_to)
    return tuple(
        Publication(
            number=row["number"],
            published_at=row["published_at"],
            fictional=row["fictional"],
            note=row["note"],
            counts=row["counts"],
        )
        for row in rows
    )


async def read_withdrawn(connection: asyncpg.Connection) -> dict[int, WithdrawnPublication]:
    """Publications that must not be answered from any more, by number."""
    rows = await connection.fetch(_PUBLICATIONS["withdrawn"])
    return {row["number"]: WithdrawnPublication(**row) for row in rows}


async def read_attempts(connection: asyncpg.Connection) -> list[Attempt]:
    """The newest attempt at each dataset, in order of their names."""
    rows = await connection.fetch(_LOADS["newest_attempts"])
    return [Attempt(**row) for row in rows]


async def read_loads(connection: asyncpg.Connection, up_to: int) -> dict[int, Load]:
    """All loads that went into publications up to and including a number."""
    rows = await connection.fetch(_LOADS["up_to"], up_to)
    return {
        row["id"]: Load(
            id=row["id"],
            publication=row["publication"],
            dataset=row["dataset"],
            source=row["source"],
            table=row["publisher_table"],
            title=row["title"],
            vintage=row["vintage"],
            location=row["location"],
            retrieved_at=row["retrieved_at"],
            modified=row["modified"],
            checksum=row["checksum"],
            rank=row["rank"],
            note_nl=row["note_nl"],
            note_en=row["note_en"],
            reconciliation=row["reconciliation"],
        )
        for row in rows
    }
