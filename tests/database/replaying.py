"""A client that keeps a table up to date from the change feed, and what its table should be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import asyncpg

from db.core.absence import Reason
from db.core.change import (
    AreaChange,
    CellChange,
    Change,
    FactChange,
    Place,
    PublicationChange,
    Told,
    Wanted,
)
from db.repository.blocks import read_block, read_index
from db.repository.changes import read_changes

Table = dict[tuple[object, ...], Any]
EVERYTHING = Wanted()


@dataclass
class Client:
    """Applies changes as they come: what is told replaces, what is gone is taken away."""

    table: Table = field(default_factory=dict)
    applied: list[tuple[object, ...]] = field(default_factory=list)
    place: Place = field(default_factory=lambda: Place(1))

    def apply(self, change: Change) -> None:
        subject = change.subject
        self.applied.append((*change.place[:2], *change.place.key))
        if isinstance(subject, PublicationChange):
            return
        key, state = _entry(subject)
        if state is None:
            del self.table[key]
        else:
            self.table[key] = state


def _entry(subject: FactChange | AreaChange | CellChange) -> tuple[tuple[object, ...], Any]:
    if isinstance(subject, FactChange):
        return ("fact", subject.kind, subject.key), subject.body
    if isinstance(subject, AreaChange):
        return ("area", subject.level.value, subject.vintage, subject.code), subject.state and (
            subject.state.name,
            subject.state.terrain.value,
            subject.state.parent_code,
            subject.state.border,
            subject.state.recoded_from,
        )
    indicator, level, vintage = subject.series
    cell = subject.cell
    return ("cell", indicator, level.value, vintage, subject.code, subject.period), cell and (
        cell.value,
        int(cell.reason),
        cell.provisional,
        cell.load,
    )


async def told(
    connection: asyncpg.Connection, place: Place, upto: int, limit: int, wanted: Wanted = EVERYTHING
) -> Told:
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        return await read_changes(connection, place, upto, wanted, limit)


async def all_told(
    connection: asyncpg.Connection, start: Place, upto: int, wanted: Wanted = EVERYTHING
) -> list[Change]:
    """Everything after a place, in pages of seven."""
    found: list[Change] = []
    while True:
        page = await told(connection, start, upto, 7, wanted)
        found += page.changes
        start = page.place
        if page.is_last:
            return found


_AT = "from_publication <= $1 AND (until_publication IS NULL OR until_publication > $1)"


async def table_at(connection: asyncpg.Connection, number: int) -> Table:
    """All that a publication has, read off the rows and not off the feed."""
    table: Table = {}
    for row in await connection.fetch(f"SELECT kind, key, body FROM fact WHERE {_AT}", number):
        table["fact", row["kind"], row["key"]] = row["body"]
    areas = await connection.fetch(
        "SELECT a.*, v.name, v.terrain, v.parent_code, "
        f"(SELECT encode(checksum, 'hex') FROM shape WHERE area_id = a.id AND {_AT}) AS border "
        f"FROM area a JOIN area_version v ON v.area_id = a.id WHERE {_AT}",
        number,
    )
    former = await _former(connection, number)
    for row in areas:
        key = (row["level"], row["vintage"], row["code"])
        state = (row["name"], row["terrain"], row["parent_code"], row["border"], former.get(key))
        table["area", *key] = state
    return table | await _cells(connection, number)


async def _cells(connection: asyncpg.Connection, number: int) -> Table:
    """As a snapshot has them; those that a load gave are held against the rows."""
    found: Table = {}
    for key in (await read_index(connection, number)).years:
        block = await read_block(connection, key, number)
        assert block is not None
        rows = await connection.fetch(
            "SELECT ordinal, code FROM area WHERE level = $1 AND vintage = $2",
            key.level.value, key.vintage,
        )  # fmt: skip
        for code, period in product(rows, block.periods):
            cell = block.cell(code["ordinal"], period)
            if cell.reason is not Reason.NOT_LOADED:
                name = ("cell", key.indicator, key.level.value, key.vintage, code["code"], period)
                found[name] = (cell.value, int(cell.reason), cell.provisional, cell.load)
    rows = await connection.fetch(
        "SELECT s.indicator, a.level, a.vintage, a.code, o.* FROM observation o "
        f"JOIN series s ON s.id = o.series_id JOIN area a ON a.id = o.area_id WHERE {_AT}",
        number,
    )
    stated = {
        ("cell", *(row[n] for n in ("indicator", "level", "vintage", "code", "period"))): (
            row["value"], row["reason"], row["provisional"], row["load_id"],
        )
        for row in rows
    }  # fmt: skip
    assert stated == {key: state for key, state in found.items() if state[3] is not None}
    return found


async def _former(
    connection: asyncpg.Connection, number: int
) -> Mapping[tuple[str, int, str], tuple[str, int]]:
    """Recoded areas, unfolded in plain Python."""
    codes = {
        (row["level"], row["vintage"], row["ordinal"]): row["code"]
        for row in await connection.fetch("SELECT * FROM area")
    }
    found = {}
    for row in await connection.fetch(
        f"SELECT * FROM area_link_pair WHERE {_AT} ORDER BY old_vintage", number
    ):
        level, old, new = row["level"], row["old_vintage"], row["new_vintage"]
        for was, now, kind in zip(
            row["old_ordinals"], row["new_ordinals"], row["kinds"], strict=True
        ):
            if kind == 1:
                found[level, new, codes[level, new, now]] = (codes[level, old, was], old)
    return found
