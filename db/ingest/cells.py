"""Figures of a load become observations and blocks, one series at a time."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from db.core.absence import Reason
from db.core.block import Block, SeriesKey
from db.core.codes import level_of
from db.core.completeness import count_statuses
from db.core.figures import Figures
from db.core.levels import Level
from db.core.merge import FIRST_ABSENT, Incoming, Merged, merge
from db.ingest import binary_copy
from db.ingest.publishing import Publishing
from db.ingest.roster import Roster
from db.repository.blocks import read_open_blocks
from db.sources.dataset import Dataset
from db.sql import queries

_BLOCKS = queries("blocks")
_OBSERVATIONS = queries("observations")
_OBSERVATION_COLUMNS = [
    "value", "lower", "upper", "series_id", "area_id", "load_id", "from_publication", "period",
    "reason", "provisional",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chosen:
    """A publisher's column that the catalogue knows: its place, and what it is."""

    column: int
    indicator: str
    scale: float


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of one level that have an area: where they stand in the figures and in blocks."""

    places: NDArray[np.int64]
    ordinals: NDArray[np.int64]
    water: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Series:
    id: int
    is_new: bool
    had_block: bool
    merged: Merged


async def put_cells(
    publishing: Publishing,
    dataset: Dataset,
    figures: Figures,
    *,
    load: int,
    chosen: Sequence[Chosen],
) -> Counter[str]:
    """Merge the chosen columns into their series; returns what became of every cell."""
    tally: Counter[str] = Counter()
    levels = np.array([_value(level_of(code)) for code in figures.codes])
    for level in Level:
        places = np.flatnonzero(levels == level.value)
        if not len(places):
            continue
        roster = await publishing.roster(level, dataset.vintage)
        rows = _placed(figures, places, roster)
        tally["unknown-area"] += (len(places) - len(rows.places)) * len(chosen)
        await _put_level(publishing, dataset, figures, load, chosen, roster, rows, tally)
    return tally


def _value(level: Level | None) -> str:
    return level.value if level else ""


def _placed(figures: Figures, places: NDArray[np.int64], roster: Roster) -> _Rows:
    entries = [roster.entries.get(figures.codes[place]) for place in places]
    known = np.array([entry is not None for entry in entries], np.bool_)
    reasons = roster.defaults()
    ordinals = np.array([entry.ordinal for entry in entries if entry is not None], np.int64)
    return _Rows(places[known], ordinals, reasons[ordinals] == Reason.WATER_OR_ABROAD)


async def _put_level(
    publishing: Publishing,
    dataset: Dataset,
    figures: Figures,
    load: int,
    chosen: Sequence[Chosen],
    roster: Roster,
    rows: _Rows,
    tally: Counter[str],
) -> None:
    standing = await read_open_blocks(
        publishing.connection, roster.level, dataset.vintage, [c.indicator for c in chosen]
    )
    next_id = await publishing.connection.fetchval(_BLOCKS["next_series_id"])
    defaults, standings = roster.defaults(), publishing.standings(dataset)
    touched: list[_Series] = []
    for column in chosen:
        key = SeriesKey(column.indicator, roster.level, dataset.vintage)
        series_id, block = standing.get(column.indicator, (None, None))
        incoming = _incoming(dataset, figures, column, rows, load)
        merged = merge(key, block, incoming, defaults=defaults, loads=standings)
        _count(tally, incoming, merged)
        if not merged.opened.any():
            continue
        is_new = series_id is None
        if series_id is None:
            series_id, next_id = next_id, next_id + 1
        touched.append(_Series(series_id, is_new, block is not None, merged))
    if touched:
        await _write(publishing, roster, touched, load)


def _incoming(
    dataset: Dataset, figures: Figures, column: Chosen, rows: _Rows, load: int
) -> Incoming:
    """One column on one level; absent values of water and abroad get their own reason."""
    at = (rows.places, column.column)
    reasons = figures.reasons[at]
    reasons = np.where(
        rows.water & (reasons >= FIRST_ABSENT), np.uint8(Reason.WATER_OR_ABROAD), reasons
    )
    provisional = np.zeros(len(rows.places), np.bool_)
    return Incoming(
        ordinals=rows.ordinals,
        periods=figures.periods[rows.places],
        values=figures.values[at] * column.scale,
        reasons=reasons,
        provisional=provisional if figures.provisional is None else figures.provisional[at],
        lower=None if figures.lower is None else figures.lower[at] * column.scale,
        upper=None if figures.upper is None else figures.upper[at] * column.scale,
        load=load,
        rank=dataset.rank,
        covers_all_areas=dataset.covers_all_areas,
    )


def _count(tally: Counter[str], incoming: Incoming, merged: Merged) -> None:
    for reason, cells in enumerate(np.bincount(incoming.reasons, minlength=64)):
        if cells:
            tally[f"reason:{Reason(reason).slug}"] += int(cells)
    tally["opened"] += int(merged.opened.sum())
    tally["closed"] += int(merged.closed.sum())
    tally["outranked"] += merged.outranked
    tally["own"] += merged.own
    tally["vanished"] += merged.vanished


async def _write(
    publishing: Publishing, roster: Roster, touched: Sequence[_Series], load: int
) -> None:
    connection, ids = publishing.connection, roster.ids()
    new = [
        (s.id, s.merged.block.key.indicator, roster.level.value, roster.vintage)
        for s in touched
        if s.is_new
    ]
    await connection.copy_records_to_table(
        "series", records=new, columns=["id", "indicator", "level", "vintage"]
    )
    await _close_cells(publishing, touched, ids)
    await connection.copy_to_table(
        "observation",
        source=_observation_stream(publishing.number, touched, ids, load),
        columns=_OBSERVATION_COLUMNS,
        format="binary",
    )
    await _write_blocks(publishing, touched, roster.live())
    publishing.opened("cells", sum(int(s.merged.opened.sum()) for s in touched))


async def _observation_stream(
    number: int, touched: Sequence[_Series], ids: NDArray[np.int32], load: int
) -> AsyncIterator[bytes]:
    yield binary_copy.HEADER
    for series in touched:
        block, opened = series.merged.block, series.merged.opened
        ordinals, columns = np.nonzero(opened)
        count = len(ordinals)
        empty = np.full(count, np.nan)
        cells = {
            "value": (">f8", block.values[opened]),
            "lower": (">f8", empty if block.lower is None else block.lower[opened]),
            "upper": (">f8", empty if block.upper is None else block.upper[opened]),
            "series_id": (">i4", np.full(count, series.id, np.int32)),
            "area_id": (">i4", ids[ordinals]),
            "load_id": (">i4", np.full(count, load, np.int32)),
            "from_publication": (">i4", np.full(count, number, np.int32)),
            "period": (">i2", np.array(block.periods, np.int16)[columns]),
            "reason": (">i2", block.reasons[opened].astype(np.int16)),
            "provisional": ("?", block.provisional[opened]),
        }
        for chunk in binary_copy.rows(cells):
            yield chunk
    yield binary_copy.TRAILER


async def _close_cells(
    publishing: Publishing, touched: Sequence[_Series], ids: NDArray[np.int32]
) -> None:
    closing: list[tuple[int, int, int]] = []
    for series in touched:
        ordinals, columns = np.nonzero(series.merged.closed)
        periods = series.merged.block.periods
        closing.extend(
            (series.id, int(ids[o]), periods[c]) for o, c in zip(ordinals, columns, strict=True)
        )
    if not closing:
        return
    connection = publishing.connection
    series_ids = sorted({cell[0] for cell in closing})
    await connection.execute(_OBSERVATIONS["create_closing"])
    await connection.execute(_OBSERVATIONS["empty_closing"])
    await connection.copy_records_to_table(
        "closing", records=closing, columns=["series_id", "area_id", "period"]
    )
    await publishing.give_way(
        "cells", _OBSERVATIONS["forget"], _OBSERVATIONS["close"], publishing.number, series_ids
    )


async def _write_blocks(
    publishing: Publishing, touched: Sequence[_Series], live: NDArray[np.bool_]
) -> None:
    connection, number = publishing.connection, publishing.number
    standing = [series.id for series in touched if series.had_block]
    if standing:
        await connection.execute(_BLOCKS["forget"], standing, number)
        await connection.execute(_BLOCKS["close"], standing, number)
    await connection.copy_records_to_table(
        "block",
        records=[_block_record(each.id, number, each.merged.block, live) for each in touched],
        columns=[
            "series_id", "from_publication", "periods", "areas", "values", "reasons",
            "provisional", "loads", "load_ids", "lower", "upper", "status_counts",
        ],
    )  # fmt: skip


def _block_record(
    series_id: int, number: int, block: Block, live: NDArray[np.bool_]
) -> tuple[object, ...]:
    return (
        series_id,
        number,
        list(block.periods),
        len(block.values),
        block.values.astype("<f8").tobytes(),
        block.reasons.tobytes(),
        block.provisional.tobytes(),
        block.loads.tobytes(),
        list(block.load_ids),
        None if block.lower is None else block.lower.astype("<f8").tobytes(),
        None if block.upper is None else block.upper.astype("<f8").tobytes(),
        count_statuses(block.reasons, live),
    )
