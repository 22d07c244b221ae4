"""Cells that a publication changed, read off the two blocks of every series it touched.

A block is written by the merge that opens and closes the rows, and lies in one place: two of them
tell what changed in a series in milliseconds, where millions of rows would have to be sorted.
"""

from collections.abc import AsyncIterator

import asyncpg
import numpy as np

from db.core.absence import Reason
from db.core.block import Block, Cell, SeriesKey
from db.core.change import CellChange, Change, Place, Wanted, cell_difference
from db.core.levels import Level
from db.repository.blocks import decode
from db.sql import queries

_CHANGES = queries("changes")
_BYTES = 32_000_000
"""Of blocks that one page reads; after that the page ends, however few changes it has."""
_AT_ONCE = 50
_CELLS = 500


class Budget:
    """What one page may still read."""

    def __init__(self) -> None:
        self._left = _BYTES

    def take(self, nbytes: int) -> None:
        self._left -= nbytes

    @property
    def is_spent(self) -> bool:
        return self._left <= 0


async def read_cells(
    connection: asyncpg.Connection, start: Place, wanted: Wanted, budget: Budget
) -> AsyncIterator[tuple[Place, Change | None]]:
    """The cells that a publication changed after a place, in order of series, area and year."""
    number, (series, last) = start.publication, start.key or (0, -1)
    while True:
        rows = await connection.fetch(
            _CHANGES["series"], number, series, _AT_ONCE, wanted.indicator,
            wanted.level and wanted.level.value,
        )  # fmt: skip
        for row in rows:
            if row["series_id"] != series:
                series, last = row["series_id"], -1
            key = SeriesKey(row["indicator"], Level(row["level"]), row["vintage"])
            blocks = await _blocks(connection, series, key, number)
            async for position, change in _changed(connection, key, blocks, last, wanted):
                place = start._replace(key=(series, position))
                yield place, Change(place, change)
            budget.take(sum(block.nbytes for block in blocks if block is not None))
            series, last = series + 1, -1
            # Behind the series also where none of its cells is asked for.
            yield start._replace(key=(series, -1)), None
        if len(rows) < _AT_ONCE:
            return


_Pair = tuple[Block | None, Block | None]


async def _blocks(
    connection: asyncpg.Connection, series: int, key: SeriesKey, number: int
) -> _Pair:
    found: dict[bool, Block] = {
        row["is_old"]: decode(key, row)
        for row in await connection.fetch(_CHANGES["blocks"], series, number)
    }
    return found.get(True), found.get(False)


async def _changed(
    connection: asyncpg.Connection, key: SeriesKey, blocks: _Pair, last: int, wanted: Wanted
) -> AsyncIterator[tuple[int, CellChange]]:
    difference = cell_difference(*blocks)
    positions = difference.positions[difference.positions > last]
    width = len(difference.periods)
    if wanted.gemeente is not None:
        inside = await connection.fetch(
            _CHANGES["within"], key.level.value, key.vintage, wanted.gemeente
        )
        ordinals = [row["ordinal"] for row in inside]
        positions = positions[np.isin(positions // width, ordinals)]
    for begin in range(0, len(positions), _CELLS):
        some = positions[begin : begin + _CELLS].tolist()
        for position, code in zip(some, await _codes(connection, key, some, width), strict=True):
            cell = _cell(blocks[1], position // width, difference.periods[position % width])
            yield position, CellChange(key, code, difference.periods[position % width], cell)


async def _codes(
    connection: asyncpg.Connection, key: SeriesKey, positions: list[int], width: int
) -> list[str]:
    ordinals = [position // width for position in positions]
    rows = await connection.fetch(
        _CHANGES["codes"], key.level.value, key.vintage, sorted(set(ordinals))
    )
    codes = {row["ordinal"]: row["code"] for row in rows}
    return [codes[ordinal] for ordinal in ordinals]


def _cell(block: Block | None, ordinal: int, period: int) -> Cell | None:
    if block is None:
        return None
    cell = block.cell(ordinal, period)
    return None if cell.reason is Reason.NOT_LOADED else cell
