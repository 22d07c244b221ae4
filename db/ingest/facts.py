"""Reference facts become versioned rows: what changed closes and opens, what is gone closes."""

from collections import defaultdict

from db.ingest.publishing import Publishing
from db.repository.facts import Bodies
from db.sql import queries

_FACTS = queries("facts")


async def put_facts(publishing: Publishing, wanted: Bodies) -> None:
    """Make the open facts equal to `wanted`."""
    connection, number = publishing.connection, publishing.number
    standing = {
        (row["kind"], row["key"]): row["body"] for row in await connection.fetch(_FACTS["open"])
    }
    gone: dict[str, list[str]] = defaultdict(list)
    for (kind, key), body in standing.items():
        if wanted.get((kind, key)) != body:
            gone[kind].append(key)
    for kind, keys in gone.items():
        await connection.execute(_FACTS["close"], kind, keys, number)
        publishing.counts["facts_closed"] += len(keys)
    fresh = [
        (kind, key, number, body)
        for (kind, key), body in wanted.items()
        if standing.get((kind, key)) != body
    ]
    await connection.executemany(_FACTS["insert"], fresh)
    publishing.counts["facts_opened"] += len(fresh)
