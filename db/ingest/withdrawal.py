"""Somebody's own indicator leaves: its figures close, and a note stays that says it was here."""

from collections.abc import Callable, Sequence
from datetime import datetime

import asyncpg

from db.core.errors import NoOwnIndicator, OwnIndicatorInUse
from db.core.indicator import Indicator
from db.core.programme import Source, Withdrawal
from db.core.record import restore
from db.ingest import publishing as opening
from db.ingest.facts import change_facts
from db.ingest.own import close_series
from db.ingest.own_checks import read_series
from db.ingest.publishing import Publishing
from db.ingest.run import Result
from db.repository.facts import Bodies, bodies_of, own_bodies, own_indicators, read_open
from db.repository.publications import newest_is_fictional


async def withdraw_own(
    connection: asyncpg.Connection,
    slug: str,
    reason: str | None,
    catalogue: Sequence[Indicator],
    *,
    clock: Callable[[], datetime],
) -> Result:
    """Publish without an indicator of somebody's own; earlier publications keep it."""
    async with connection.transaction():
        publishing = await opening.begin(connection, clock())
        facts = await read_open(connection)
        own = own_indicators(facts)
        if slug not in own:
            raise NoOwnIndicator(slug, sorted(own))
        users = sorted(e.slug for e in own.values() if slug in (e.denominator, e.numerator))
        if users:
            raise OwnIndicatorInUse(slug, users)
        await _close(publishing, slug, reason, facts, catalogue)
        fictional = bool(await newest_is_fictional(connection))
        await opening.close(publishing, fictional=fictional, note=f"withdrawn: {slug}")
    return Result(publishing.number, (), {k: n for k, n in publishing.counts.items() if n})


async def _close(
    publishing: Publishing,
    slug: str,
    reason: str | None,
    facts: Bodies,
    catalogue: Sequence[Indicator],
) -> None:
    own = own_indicators(facts)
    indicator = own.pop(slug)
    source = restore(Source, facts["source", indicator.source])
    note = Withdrawal(
        slug, indicator.name_nl, indicator.name_en, source.publisher, publishing.now.date(), reason
    )
    put = own_bodies(withdrawals=[note])
    gone = [("indicator", slug)]
    # Where the catalogue reserves the slug, what it says of it is there again.
    put |= bodies_of([each for each in catalogue if each.slug == slug])
    if indicator.source not in {each.source for each in own.values()}:
        gone.append(("source", indicator.source))
    await change_facts(publishing, put, [key for key in gone if key not in put])
    series = await read_series(publishing, [slug])
    await close_series(publishing, [each.id for each in series.values()])
