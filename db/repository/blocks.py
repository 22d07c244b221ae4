"""Blocks out of Postgres: bytes are mapped, not parsed."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import asyncpg
import numpy as np

from db.core.block import Block, SeriesKey
from db.core.completeness import Counted
from db.core.levels import Level
from db.sql import queries

_BLOCKS = queries("blocks")


def decode(key: SeriesKey, row: Mapping[str, Any]) -> Block:
    """A block from its row; the arrays are read-only views of the bytes."""
    shape = (row["areas"], len(row["periods"]))

    def floats(name: str) -> Any:
        return None if row[name] is None else np.frombuffer(row[name], "<f8").reshape(shape)

    return Block(
        key=key,
        periods=tuple(row["periods"]),
        values=floats("values"),
        reasons=np.frombuffer(row["reasons"], np.uint8).reshape(shape),
        provisional=np.frombuffer(row["provisional"], np.bool_).reshape(shape),
        loads=np.frombuffer(row["loads"], np.uint8).reshape(shape),
        load_ids=tuple(row["load_ids"]),
        lower=floats("lower"),
        upper=floats("upper"),
    )


async def read_block(
    connection: asyncpg.Connection, key: SeriesKey, publication: int
) -> Block | None:
    row = await connection.fetchrow(
        _BLOCKS["at"], key.indicator, key.level.value, key.vintage, publication
    )
    return None if row is None else decode(key, row)


async def read_open_blocks(
    connection: asyncpg.Connection, level: Level, vintage: int, indicators: Sequence[str]
) -> dict[str, tuple[int, Block | None]]:
    """Series id and open block (None where closed) by indicator, for those that have a series."""
    rows = await connection.fetch(_BLOCKS["open"], vintage, list(indicators), level.value)
    return {
        row["indicator"]: (
            row["series_id"],
            None
            if row["periods"] is None
            else decode(SeriesKey(row["indicator"], level, vintage), row),
        )
        for row in rows
    }


class Index(NamedTuple):
    """The series that have a block in a publication."""

    years: dict[SeriesKey, tuple[int, ...]]
    versions: dict[SeriesKey, int]
    """Publication that wrote the block."""
    counted: dict[SeriesKey, Counted]
    """Its areas by status; not of blocks that an earlier release wrote."""


async def read_index(connection: asyncpg.Connection, publication: int) -> Index:
    """Years and version of every block of a publication."""
    index = Index({}, {}, {})
    for row in await connection.fetch(_BLOCKS["index"], publication):
        key = SeriesKey(row["indicator"], Level(row["level"]), row["vintage"])
        index.years[key] = tuple(row["periods"])
        index.versions[key] = row["from_publication"]
        if row["status_counts"] is not None:
            index.counted[key] = Counted(row["areas"], tuple(row["status_counts"]))
    return index
