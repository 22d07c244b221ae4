"""Vector tiles of every map that this publication changes, made last of all from what then stands.

Last, because several datasets may each have given a part of one map: its shapes, or its names. A
map whose shapes and names are as they were keeps its tiles.
"""

import asyncio
import hashlib
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

import asyncpg
import numpy as np
import shapely

from db.core import tiles
from db.core.errors import BrokenLoad
from db.core.levels import Level
from db.core.tiles import Tile
from db.ingest.parsing import Worker
from db.ingest.publishing import Publishing
from db.ingest.sharing import share_out
from db.sql import queries

_TILES = queries("tiles")
_SMALL = 500_000
"""Bytes of shapes that are drawn in this very process: Voorbeeldland, and what tests make."""
_LARGE = 20_000_000
"""Bytes of shapes after which a child is replaced, so that its memory does not stay."""
_logger = logging.getLogger("leefbaarheid.ingest")

_COLUMNS = [
    "level", "vintage", "matrix_set", "zoom", "y", "x", "from_publication", "checksum", "body",
]  # fmt: skip

_Place: TypeAlias = tuple[str, int, int, int]
_Rows: TypeAlias = Sequence[tuple[str, str, bytes]]


@dataclass(frozen=True, slots=True)
class Map:
    """A level and vintage with shapes, and a digest of all that its tiles are made from."""

    level: Level
    vintage: int
    digest: bytes
    nbytes: int

    def __str__(self) -> str:
        return f"tiles-{self.level.value}-{self.vintage}"


Told = Callable[[Map], None]


async def put_tiles(publishing: Publishing, begun: Told) -> list[Map]:
    """Make the tiles of maps that changed, and close those of maps that went.

    Returns the maps that could not be drawn: they have no tiles, and are tried again next time.
    """
    maps = await _maps(publishing.connection)
    standing = await _standing(publishing.connection)
    for level, vintage in standing.keys() - {(one.level, one.vintage) for one in maps}:
        await _close(publishing, level, vintage, {})
    changed = [one for one in maps if standing.get((one.level, one.vintage)) != one.digest]
    work = _Work(publishing, begun, [one for one in changed if one.nbytes <= _SMALL])
    await share_out(work, [one for one in changed if one.nbytes > _SMALL])
    return work.failed


@dataclass(slots=True)
class _Work:
    """Maps to be drawn, by however many workers take the next one."""

    publishing: Publishing
    begun: Told
    waiting: list[Map]
    failed: list[Map] = field(default_factory=list)
    connection: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while rows are read or written: there is one connection."""

    async def go_on(self, worker: Worker | None) -> None:
        """Draw one map after the other until none waits."""
        while self.waiting:
            one = self.waiting.pop(0)
            self.begun(one)
            async with self.connection:
                rows = await _rows(self.publishing.connection, one)
            made = await self._drawn(one, rows, worker)
            del rows
            async with self.connection:
                await _put(self.publishing, one, made)

    async def _drawn(self, one: Map, rows: _Rows, worker: Worker | None) -> list[Tile] | None:
        try:
            if worker is None:
                return draw(one.level, one.vintage, rows)
            made = await worker.run(partial(draw, one.level, one.vintage, rows), str(one))
            if one.nbytes > _LARGE:
                worker.replace()
        except (BrokenLoad, shapely.GEOSException) as why:
            _logger.error("%s could not be drawn", one, exc_info=why)
            self.failed.append(one)
            return None
        return made


async def _maps(connection: asyncpg.Connection) -> list[Map]:
    """All maps there now are, the largest first, so that no core is left with it in the end."""
    return [
        Map(
            Level(row["level"]),
            row["vintage"],
            hashlib.sha256(tiles.RECIPE.encode() + row["digest"]).digest(),
            row["bytes"],
        )
        for row in await connection.fetch(_TILES["inputs"])
    ]


async def _standing(connection: asyncpg.Connection) -> dict[tuple[Level, int], bytes]:
    rows = await connection.fetch(_TILES["open_sets"])
    return {(Level(row["level"]), row["vintage"]): row["inputs"] for row in rows}


async def _rows(connection: asyncpg.Connection, one: Map) -> _Rows:
    rows = await connection.fetch(_TILES["areas"], one.level.value, one.vintage)
    return [(row["code"], row["name"], row["full_rd"]) for row in rows]


async def _put(publishing: Publishing, one: Map, made: list[Tile] | None) -> None:
    """Close the tiles that are other or gone, and open those that are new or other."""
    wanted = {_place(tile): (hashlib.sha256(tile.body).digest(), tile.body) for tile in made or ()}
    same = await _close(
        publishing, one.level, one.vintage, {place: sum_ for place, (sum_, _) in wanted.items()}
    )
    if made is None:
        return
    connection, number, key = (
        publishing.connection,
        publishing.number,
        (one.level.value, one.vintage),
    )
    await connection.execute(_TILES["insert_set"], *key, number, one.digest)
    records = [
        (*key, *place, number, checksum, body)
        for place, (checksum, body) in wanted.items()
        if place not in same
    ]
    await connection.copy_records_to_table("tile", records=records, columns=_COLUMNS)
    publishing.opened("tiles", len(records))


async def _close(
    publishing: Publishing, level: Level, vintage: int, wanted: Mapping[_Place, bytes]
) -> set[_Place]:
    """Close a map and its tiles, but for those that are wanted as they are; returns these."""
    connection, key = publishing.connection, (level.value, vintage)
    await connection.execute(_TILES["close_set"], *key, publishing.number)
    standing = {
        (row["matrix_set"], row["zoom"], row["y"], row["x"]): row["checksum"]
        for row in await connection.fetch(_TILES["open"], *key)
    }
    same = {place for place, checksum in standing.items() if wanted.get(place) == checksum}
    gone = [place for place in standing if place not in same]
    columns = [list(column) for column in zip(*gone, strict=True)] or [[], [], [], []]
    closed = await connection.execute(_TILES["close"], *key, publishing.number, *columns)
    publishing.counts["tiles_closed"] += int(closed.split()[-1])
    return same


def _place(tile: Tile) -> _Place:
    return tile.matrix_set, tile.zoom, tile.row, tile.column


def draw(level: Level, vintage: int, rows: _Rows) -> list[Tile]:
    """The tiles of a map from its stored texts; what a child process is asked to do."""
    shapes = np.array([shapely.from_geojson(text) for _, _, text in rows], object)
    codes, names = [code for code, _, _ in rows], [name for _, name, _ in rows]
    return list(tiles.tiles(level, vintage, codes, names, shapes))
