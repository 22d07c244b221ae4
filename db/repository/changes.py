"""What publications changed, read in pages off the rows that they opened and closed.

A publication takes its number under a lock that it holds until it commits, and its row is written
last: who sees number N sees all of N, and N + 1 begins after N is there. So (publication, section,
key) is an order in which nothing is ever inserted behind a reader.
"""

from collections.abc import AsyncIterator, Mapping

import asyncpg

from db.core.change import (
    AreaChange,
    AreaState,
    Change,
    FactChange,
    Former,
    Place,
    PublicationChange,
    Section,
    Told,
    Wanted,
    after,
)
from db.core.levels import Level, Terrain
from db.repository.changed_cells import Budget, read_cells
from db.sql import queries

_CHANGES = queries("changes")
_PUBLICATIONS = 100
"""That one page looks through; a page may be short, and then is not the last."""
_AT_ONCE = 500


async def read_changes(
    connection: asyncpg.Connection, start: Place, upto: int, wanted: Wanted, limit: int
) -> Told:
    """At most `limit` changes after a place, of publications up to and including `upto`."""
    changes: list[Change] = []
    budget = Budget()
    place = start
    last = min(upto, start.publication + _PUBLICATIONS)
    while True:
        if place.is_end:
            if place.publication >= last:
                return Told(tuple(changes), place, place.publication >= upto)
            place = Place(place.publication + 1)
        async for found, change in _section(connection, place, wanted, budget, limit):
            place = found
            if change is not None:
                changes.append(change)
            if len(changes) == limit or budget.is_spent:
                is_last = place.is_end and place.publication >= upto
                return Told(tuple(changes), place, is_last)
        if not place.is_end:
            place = _next(place)


def _next(place: Place) -> Place:
    """The beginning of the section after this one, or the end of the publication."""
    if place.section is Section.PUBLICATION:
        return after(place.publication)
    return Place(place.publication, Section(place.section + 1))


Found = AsyncIterator[tuple[Place, Change | None]]
"""Places in order, each with what is told there; None where it comes to nothing."""


def _section(
    connection: asyncpg.Connection, start: Place, wanted: Wanted, budget: Budget, limit: int
) -> Found:
    if wanted.section not in (None, _TOLD_AS.get(start.section, start.section)):
        return _nothing()
    most = min(limit, _AT_ONCE)
    match start.section:
        case Section.FACTS:
            return _facts(connection, start, wanted, most)
        case Section.AREAS:
            return _nothing() if wanted.indicator else _areas(connection, start, wanted, most)
        case Section.RECODINGS:
            return _nothing() if wanted.indicator else _recodings(connection, start, wanted, most)
        case Section.OBSERVATIONS:
            return read_cells(connection, start, wanted, budget)
        case Section.PUBLICATION:
            return _publication(start, wanted)


_TOLD_AS = {Section.RECODINGS: Section.AREAS}


async def _nothing() -> Found:
    return
    yield


async def _facts(connection: asyncpg.Connection, start: Place, wanted: Wanted, most: int) -> Found:
    key = start.key or ("", "")
    while True:
        rows = await connection.fetch(
            _CHANGES["facts"], start.publication, *key, most, wanted.kind,
            wanted.level and wanted.level.value, wanted.gemeente, wanted.indicator,
        )  # fmt: skip
        for row in rows:
            key = (row["kind"], row["key"])
            place = start._replace(key=key)
            same = row["old_body"] == row["new_body"]
            subject = FactChange(*key, row["new_body"])
            yield place, None if same else Change(place, subject)
        if len(rows) < most:
            return


async def _areas(connection: asyncpg.Connection, start: Place, wanted: Wanted, most: int) -> Found:
    (last,) = start.key or (0,)
    while True:
        rows = await connection.fetch(
            _CHANGES["areas"], start.publication, last, most,
            wanted.level and wanted.level.value, wanted.gemeente,
        )  # fmt: skip
        ids = [row["area_id"] for row in rows]
        subjects = await _area_changes(connection, ids, start.publication)
        for last in ids:
            place = start._replace(key=(last,))
            yield place, Change(place, subjects[last]) if last in subjects else None
        if len(rows) < most:
            return


async def _recodings(
    connection: asyncpg.Connection, start: Place, wanted: Wanted, most: int
) -> Found:
    level, old, new, last = start.key or ("", 0, 0, 0)
    first = (level, old, new)
    pairs = await connection.fetch(
        _CHANGES["linked"], start.publication, *first, wanted.level and wanted.level.value
    )
    for pair in map(tuple, pairs):
        last = last if pair == first else 0
        while True:
            rows = await connection.fetch(
                _CHANGES["newly_recoded"], start.publication, *pair, last, most, wanted.gemeente
            )
            ids = [row["area_id"] for row in rows]
            subjects = await _area_changes(connection, ids, start.publication)
            for last in ids:
                place = start._replace(key=(*pair, last))
                yield place, Change(place, subjects[last]) if last in subjects else None
            if len(rows) < most:
                break


async def _publication(start: Place, wanted: Wanted) -> Found:
    """Of no level, gemeente or indicator."""
    if not start.key and not (wanted.level or wanted.gemeente or wanted.indicator):
        place = after(start.publication)
        yield place, Change(place, PublicationChange(start.publication))


async def _area_changes(
    connection: asyncpg.Connection, ids: list[int], number: int
) -> dict[int, AreaChange]:
    """The areas that are other in a publication than in the one before, by id."""
    if not ids:
        return {}
    before = await _area_states(connection, ids, number - 1)
    return {
        area: now
        for area, now in (await _area_states(connection, ids, number)).items()
        if now != before[area]
    }


async def _area_states(
    connection: asyncpg.Connection, ids: list[int], number: int
) -> Mapping[int, AreaChange]:
    former = {
        row["id"]: Former(row["code"], row["vintage"])
        for row in await connection.fetch(_CHANGES["recodings"], ids, number)
    }
    rows = await connection.fetch(_CHANGES["area_states"], ids, number)
    return {
        row["id"]: AreaChange(
            Level(row["level"]), row["vintage"], row["code"], _state(row, former.get(row["id"]))
        )
        for row in rows
    }


def _state(row: asyncpg.Record, former: Former | None) -> AreaState | None:
    if row["name"] is None:
        return None
    border = None if row["checksum"] is None else row["checksum"].hex()
    return AreaState(row["name"], Terrain(row["terrain"]), row["parent_code"], border, former)
