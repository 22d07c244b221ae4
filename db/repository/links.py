"""Links between vintages out of Postgres: arrays are mapped, not parsed."""

from typing import Any

import asyncpg
import numpy as np
from numpy.typing import NDArray

from db.core.area_links import AreaLinks, Disagreement, LinkKind, Vintage
from db.core.levels import Level
from db.core.linked import Linked, LinkedPair
from db.core.passage import Pair
from db.sql import queries

_LINKS = queries("links")
_HEADER = 20
"""Bytes before the elements of an array: its dimensions, nulls, type, length and first index."""
_NO_DIMENSION = 12
"""Bytes of an empty array, which has none."""


async def read_pairs(
    connection: asyncpg.Connection, publication: int
) -> dict[Level, tuple[LinkedPair, ...]]:
    """The pairs of vintages that a publication links, by level."""
    pairs: dict[Level, tuple[LinkedPair, ...]] = {}
    for row in await connection.fetch(_LINKS["pairs"], publication):
        level = Level(row["level"])
        pairs[level] = (*pairs.get(level, ()), _pair(row))
    return pairs


async def read_links(
    connection: asyncpg.Connection, level: Level, old: int, new: int, publication: int
) -> Linked | None:
    """The links of a pair; None where it has none."""
    row = await connection.fetchrow(_LINKS["at"], level.value, old, new, publication)
    if row is None:
        return None
    links = AreaLinks(
        old=array(row["old_ordinals"], "i4").astype(np.int32),
        new=array(row["new_ordinals"], "i4").astype(np.int32),
        of_old=array(row["of_old"], "f8").astype(np.float64),
        of_new=array(row["of_new"], "f8").astype(np.float64),
        kinds=array(row["kinds"], "i2").astype(np.uint8),
        methods=array(row["methods"], "i2").astype(np.uint8),
        new_methods=array(row["new_methods"], "i2").astype(np.uint8),
        reused=array(row["reused"], "i4").astype(np.int32),
        olds=row["old_areas"],
        news=row["new_areas"],
    )
    return Linked(links, tuple(map(_disagreement, row["disagreements"])))


async def read_stated(
    connection: asyncpg.Connection, level: Level, old: int, new: int, publication: int
) -> dict[int, dict[str, int]]:
    """What CBS states of areas in the years after one vintage up to another: by year and code."""
    found: dict[int, dict[str, int]] = {}
    for row in await connection.fetch(_LINKS["stated"], level.value, old, new, publication):
        found.setdefault(row["vintage"], {})[row["code"]] = row["change"]
    return found


async def read_names(
    connection: asyncpg.Connection, level: Level, vintage: int, publication: int
) -> Vintage:
    """Codes and names of a vintage by ordinal; of closed areas, which links leave out, none."""
    rows = await connection.fetch(_LINKS["names"], level.value, vintage, publication)
    count = max((row["ordinal"] for row in rows), default=-1) + 1
    codes, names = [""] * count, [""] * count
    for row in rows:
        codes[row["ordinal"]], names[row["ordinal"]] = row["code"], row["name"]
    return Vintage(vintage, tuple(codes), tuple(names))


def array(sent: bytes, kind: str) -> NDArray[Any]:
    """The elements of an array without nulls as `array_send` writes it: each after its length."""
    if len(sent) == _NO_DIMENSION:
        return np.empty(0, f">{kind}")
    element = np.dtype([("length", ">i4"), ("value", f">{kind}")])
    found: NDArray[Any] = np.frombuffer(sent, element, offset=_HEADER)["value"]
    return found


def _pair(row: asyncpg.Record) -> LinkedPair:
    return LinkedPair(
        pair=Pair(row["old_vintage"], row["new_vintage"], row["stated"]),
        version=row["from_publication"],
        tolerance=row["tolerance"],
        slivers=row["slivers"],
        sliver_metres=row["sliver_m2"],
        repaired=(row["old_repaired"], row["new_repaired"]),
        without_shape=(row["old_without_shape"], row["new_without_shape"]),
        compared=row["compared"],
        disagreeing=row["disagreeing"],
        links=row["links"],
    )


def _disagreement(body: dict[str, Any]) -> Disagreement:
    return Disagreement(
        code=body["code"],
        name=body["name"],
        stated=body["stated"],
        found=body["found"],
        kind=LinkKind(body["kind"]),
        predecessors=tuple(body["predecessors"]),
    )
