"""The demonstration country leaves when the real one comes: never both in one publication."""

from db.ingest.publishing import Publishing
from db.sql import queries

_PUBLICATIONS = queries("publications")
_DEMO = queries("demo")


async def leave_demonstration(publishing: Publishing) -> None:
    """Close every open row if the newest publication is fictional; earlier ones stay readable."""
    if not await publishing.connection.fetchval(_PUBLICATIONS["newest_is_fictional"]):
        return
    for name, statement in _DEMO.items():
        status = await publishing.connection.execute(statement, publishing.number)
        publishing.counts[f"demonstration_{name.removeprefix('close_')}"] += int(status.split()[-1])
