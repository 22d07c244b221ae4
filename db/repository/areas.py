"""Areas out of Postgres as parallel columns."""

import asyncpg
import numpy as np

from db.core.area import AreaTable
from db.core.levels import Level, Terrain
from db.sql import queries

_AREAS = queries("areas")


async def read_vintages(
    connection: asyncpg.Connection, publication: int
) -> dict[Level, tuple[int, ...]]:
    """Vintages with areas in a publication, ascending, by level."""
    vintages: dict[Level, tuple[int, ...]] = {}
    for row in await connection.fetch(_AREAS["vintages"], publication):
        level = Level(row["level"])
        vintages[level] = (*vintages.get(level, ()), row["vintage"])
    return vintages


async def read_partial(
    connection: asyncpg.Connection, publication: int
) -> frozenset[tuple[Level, int]]:
    """Levels and vintages of which only some areas are known."""
    rows = await connection.fetch(_AREAS["partial"], publication)
    return frozenset((Level(row["level"]), row["vintage"]) for row in rows)


async def read_areas(
    connection: asyncpg.Connection, level: Level, vintage: int, publication: int
) -> AreaTable:
    """The areas of a level and vintage in a publication.

    Ordinals are rows of blocks, so that rows are read up to the last area of the publication; an
    area that was closed before keeps its row, without a name and not in `ordinals`.
    """
    rows = await connection.fetch(_AREAS["table"], level.value, vintage, publication)
    present = [row["name"] is not None for row in rows]
    last = max((i for i, here in enumerate(present) if here), default=-1)
    rows = rows[: last + 1]
    bounds = [[row["west"], row["south"], row["east"], row["north"]] for row in rows]
    centroids = [[row["longitude"], row["latitude"]] for row in rows]
    return AreaTable(
        level=level,
        vintage=vintage,
        ids=np.array([row["id"] for row in rows], np.int32),
        codes=tuple(row["code"] for row in rows),
        names=tuple(row["name"] or "" for row in rows),
        terrains=tuple(Terrain(row["terrain"] or "land") for row in rows),
        parents=tuple(row["parent_code"] for row in rows),
        bounds=np.array(bounds, np.float64).reshape(-1, 4),
        centroids=np.array(centroids, np.float64).reshape(-1, 2),
        changes=tuple(row["change"] for row in rows),
        loads=tuple(row["load_id"] or 0 for row in rows),
        shape_loads=tuple(row["shape_load_id"] or 0 for row in rows),
        ordinals={row["code"]: i for i, row in enumerate(rows) if present[i]},
    )
