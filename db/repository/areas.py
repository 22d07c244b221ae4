"""Areas out of Postgres as parallel columns."""

import asyncio
from collections.abc import Sequence
from sys import intern
from typing import Any, NamedTuple

import asyncpg
import numpy as np

from db.core.area import AreaTable
from db.core.figures import Floats
from db.core.levels import Level, Terrain
from db.sql import queries

_AREAS = queries("areas")
_TERRAINS: dict[str | None, Terrain] = {each.value: each for each in Terrain}
_TERRAINS[None] = Terrain.LAND


class Known(NamedTuple):
    """What areas a publication has."""

    vintages: dict[Level, tuple[int, ...]]
    """Ascending, by level."""
    partial: frozenset[tuple[Level, int]]
    """Levels and vintages of which only some areas are known."""


async def read_known(connection: asyncpg.Connection, publication: int) -> Known:
    """Levels and vintages with areas in a publication."""
    vintages: dict[Level, tuple[int, ...]] = {}
    partial: set[tuple[Level, int]] = set()
    for row in await connection.fetch(_AREAS["vintages"], publication):
        level, vintage = Level(row["level"]), row["vintage"]
        vintages[level] = (*vintages.get(level, ()), vintage)
        if not row["is_whole"]:
            partial.add((level, vintage))
    return Known(vintages, frozenset(partial))


async def read_areas(
    connection: asyncpg.Connection, level: Level, vintage: int, publication: int
) -> AreaTable:
    """The areas of a level and vintage in a publication.

    Ordinals are rows of blocks, so that rows are read up to the last area of the publication; an
    area that was closed before keeps its row, without a name and not in `ordinals`.
    """
    row = await connection.fetchrow(_AREAS["table"], level.value, vintage, publication)
    # 15 ms for the buurten of a year, in which others are answered.
    return await asyncio.to_thread(_table, row, level, vintage)


def _table(row: asyncpg.Record, level: Level, vintage: int) -> AreaTable:
    names = row["name"] or []
    present = [ordinal for ordinal, name in enumerate(names) if name is not None]
    size = present[-1] + 1 if present else 0
    # Other vintages have most of these texts too, and a wijk's code stands at all its buurten.
    codes = tuple(map(intern, _column(row, "code", size)))
    return AreaTable(
        level=level,
        vintage=vintage,
        ids=np.array(_column(row, "id", size), np.int32),
        codes=codes,
        names=tuple(intern(name or "") for name in names[:size]),
        terrains=tuple(_TERRAINS[terrain] for terrain in _column(row, "terrain", size)),
        parents=tuple(code and intern(code) for code in _column(row, "parent_code", size)),
        bounds=_floats(row, ("west", "south", "east", "north"), size),
        centroids=_floats(row, ("longitude", "latitude"), size),
        changes=tuple(_column(row, "change", size)),
        loads=_shared(_column(row, "load_id", size)),
        shape_loads=_shared(_column(row, "shape_load_id", size)),
        ordinals={codes[ordinal]: ordinal for ordinal in present},
    )


def _column(row: asyncpg.Record, name: str, size: int) -> list[Any]:
    return list(row[name] or ())[:size]


def _floats(row: asyncpg.Record, names: Sequence[str], size: int) -> Floats:
    """Columns beside each other; NaN where there is no shape."""
    return np.array([_column(row, name, size) for name in names], np.float64).T.copy()


def _shared(loads: list[int | None]) -> tuple[int, ...]:
    """Load numbers, 0 for none; one object for each number."""
    numbers = {number: number or 0 for number in loads}
    return tuple(numbers[number] for number in loads)
