"""Reference facts become versioned rows: what changed closes and opens, what is gone closes.

Facts of a release and facts of who runs this instance stand side by side: neither ingest closes
what the other brought in.
"""

from collections import defaultdict
from collections.abc import Collection

from db.core.errors import OwnSlugInRelease
from db.ingest.publishing import Publishing
from db.repository.facts import Bodies, is_own, read_open
from db.sql import queries

_FACTS = queries("facts")


async def put_facts(publishing: Publishing, wanted: Bodies) -> None:
    """Make the open facts equal to `wanted`; those of somebody's own stay as they are."""
    standing = await read_open(publishing.connection)
    own = {key for key, body in standing.items() if is_own(key[0], body)}
    for kind, slug in sorted(own & wanted.keys()):
        if not wanted[kind, slug].get("gap"):
            raise OwnSlugInRelease(kind, slug)
    await _change(
        publishing,
        standing,
        put={key: body for key, body in wanted.items() if key not in own},
        gone=standing.keys() - wanted.keys() - own,
    )


async def change_facts(
    publishing: Publishing, put: Bodies, gone: Collection[tuple[str, str]] = ()
) -> None:
    """Put some facts and take others away; all the rest stays."""
    await _change(publishing, await read_open(publishing.connection), put, gone)


async def _change(
    publishing: Publishing, standing: Bodies, put: Bodies, gone: Collection[tuple[str, str]]
) -> None:
    connection, number = publishing.connection, publishing.number
    fresh = {key: body for key, body in put.items() if standing.get(key) != body}
    closing: dict[str, list[str]] = defaultdict(list)
    for kind, key in standing.keys() & {*fresh, *gone}:
        closing[kind].append(key)
    for kind, keys in closing.items():
        await connection.execute(_FACTS["close"], kind, keys, number)
        publishing.counts["facts_closed"] += len(keys)
    rows = [(kind, key, number, body) for (kind, key), body in fresh.items()]
    await connection.executemany(_FACTS["insert"], rows)
    publishing.counts["facts_opened"] += len(fresh)
