"""A publication is withdrawn: nobody is answered from it any more, and its number stays taken.

Its rows stay, for later publications share them, and what it changed stays in the change feed.
"""

import asyncpg

from db.core.errors import PublicationServed, UnknownPublication
from db.core.publication import WithdrawnPublication
from db.repository.publications import newest, read_publications
from db.sql import queries

_PUBLICATIONS = queries("publications")


async def withdraw_publication(connection: asyncpg.Connection, gone: WithdrawnPublication) -> None:
    """Tell every service that answers from this store; the newest publication is refused."""
    async with connection.transaction():
        await connection.execute(_PUBLICATIONS["lock"])
        last = await newest(connection)
        if gone.number not in {
            each.number for each in await read_publications(connection, last or 0)
        }:
            raise UnknownPublication(gone.number)
        if gone.number == last:
            raise PublicationServed(last)
        await connection.execute(
            _PUBLICATIONS["withdraw"],
            gone.number,
            gone.withdrawn_at,
            gone.reason_nl,
            gone.reason_en,
        )
        await connection.execute(_PUBLICATIONS["announce"], str(last))
