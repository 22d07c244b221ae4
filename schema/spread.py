"""Cells of many areas and columns at once: area after area, for each the columns in their order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import nan
from operator import attrgetter
from typing import Any
from weakref import ref

import numpy as np
import orjson
from numpy.typing import NDArray

from db.core.absence import Reason
from db.core.area import AreaTable
from db.core.block import NO_LOAD, Block, SeriesKey
from db.core.figures import Bytes, Floats
from db.core.levels import Terrain
from schema.batch import Batch, Cycle, Lasting, Linked, Texts, together
from schema.column_texts import TEXTS, WrittenColumn, number_texts
from schema.context import Context
from schema.figures import ROUNDED_LEVELS, Column, Figure
from schema.ground import Chosen, Ground, Reader, reads
from schema.language import Language, chosen
from schema.place import Places
from schema.provenance import provenance_of

NULL = "null"
_FEW_CELLS = 200
_FEW_COLUMNS = 16
"""Columns whose texts may be kept for who reads them row by row."""
_ROWS_AT_ONCE = 32
_ARRAYS = {"value": "values", "lower": "lower", "upper": "upper"}
"""Fields by the array of a block that they are numbers of."""
_NOT_LOADED, _WATER = int(Reason.NOT_LOADED), int(Reason.WATER_OR_ABROAD)
_REASONS = {int(reason): reason for reason in Reason}
_STATUS_TEXTS = [f'"{_REASONS[i].status.name}"' if i in _REASONS else NULL for i in range(256)]


@dataclass(frozen=True)
class Spread:
    """Columns that are asked of every area of a table, and where they lie in blocks."""

    columns: tuple[Column, ...]

    @cached_property
    def keys(self) -> list[SeriesKey]:
        """The blocks that the columns lie in, each once."""
        return list(dict.fromkeys(each.key for each in self.columns if each.place >= 0))

    @cached_property
    def block_of(self) -> list[int]:
        """For each column the place of its block among `keys`, -1 where it is in none."""
        at = {key: i for i, key in enumerate(self.keys)}
        return [at[each.key] if each.place >= 0 else -1 for each in self.columns]

    @cached_property
    def runs(self) -> list[tuple[int, int, int, int]]:
        """Columns side by side in one block: start, stop, which block, and where in it."""
        runs: list[tuple[int, int, int, int]] = []
        for i, (column, block) in enumerate(zip(self.columns, self.block_of, strict=True)):
            if block < 0:
                continue
            start, stop, before, first = runs[-1] if runs else (0, 0, -1, 0)
            if stop == i and before == block and first + i - start == column.place:
                runs[-1] = (start, i + 1, block, first)
            else:
                runs.append((i, i + 1, block, column.place))
        return runs

    @cached_property
    def years(self) -> Cycle:
        return Cycle([str(column.year) for column in self.columns])

    @cached_property
    def indicators(self) -> Linked:
        """Every indicator once, with the columns that are of it."""
        distinct = {column.indicator.slug: column.indicator for column in self.columns}
        at = {slug: i for i, slug in enumerate(distinct)}
        rows = [at[column.indicator.slug] for column in self.columns]
        return Linked(Lasting(distinct.values()), rows, cycle=True, lasting=True)

    @cached_property
    def nothing(self) -> Floats:
        return np.full(len(self.columns), np.nan)

    @cached_property
    def absent(self) -> Bytes:
        return np.array([int(column.absent) for column in self.columns], np.uint8)


class Figures(Batch):
    """A figure for every area and column; `blocks` are those of the spread's keys."""

    __slots__ = ("blocks", "places", "spread")
    type_name = "Observation"

    def __init__(self, spread: Spread, blocks: Sequence[Block], places: Places) -> None:
        self.spread = spread
        self.blocks = blocks
        self.places = places

    @property
    def pattern(self) -> Spread:  # type: ignore[override]
        return self.spread

    def __len__(self) -> int:
        return len(self.places) * len(self.spread.columns)

    def __getitem__(self, row: Any) -> Any:
        if isinstance(row, slice):
            return [self[i] for i in range(*row.indices(len(self)))]
        area, column = divmod(row, len(self.spread.columns))
        return Figure(self.spread.columns[column], self._block(column), self.places[area])

    def _block(self, column: int) -> Block | None:
        block = self.spread.block_of[column]
        return None if block < 0 else self.blocks[block]

    def numbers(self, of: Callable[[Block], Floats | None]) -> Floats:
        """Numbers of all cells, one row an area; NaN where there is none."""
        return self.gathered(of, self.spread.nothing)

    def texts(self, of: Callable[[Block], Floats | None]) -> list[str]:
        """JSON texts of numbers of all cells, `null` where there is none."""
        ordinals, width = self.places.ordinals, len(self.spread.columns)
        if len(ordinals) * width > _FEW_CELLS and len(ordinals) > 1:
            return number_texts(self.numbers(of).ravel())
        # A few areas are what most questions are about: a list is quicker than an array.
        cells = list(map(of, self.blocks))
        found: list[float] = []
        for ordinal in ordinals:
            found += numbers_of_row(self.spread, cells, ordinal)
        return number_texts(found)

    @property
    def reasons(self) -> Bytes:
        found: Bytes = self.gathered(lambda block: block.reasons, self.spread.absent)
        if not (found == _NOT_LOADED).any():
            return found
        # Water that joined after the block was made has no cell that says so: its terrain does.
        terrains, ordinals = self.places.table.terrains, self.places.ordinals
        water = np.array([terrains[i] is not Terrain.LAND for i in ordinals])
        if water.any():
            found = np.where((found == _NOT_LOADED) & water[:, None], _WATER, found)
        return found.astype(np.uint8)

    def gathered(self, of: Callable[[Block], Any], empty: NDArray[Any]) -> NDArray[Any]:
        """Cells of all areas, one row an area; as in `empty` where there are none."""
        rows = np.asarray(self.places.ordinals, np.intp)
        last = int(rows.max()) if len(rows) else -1
        found = np.empty((len(rows), len(empty)), empty.dtype)
        found[:] = empty
        for start, stop, block, first in self.spread.runs:
            cells = of(self.blocks[block])
            if cells is None:
                continue
            side = cells[:, first : first + stop - start]
            # Areas that joined after the block was made lie past its end.
            if last < len(cells):
                found[:, start:stop] = side[rows]
            else:
                inside = rows < len(cells)
                found[inside, start:stop] = side[rows[inside]]
        return found


def numbers_of_row(spread: Spread, cells: Sequence[Floats | None], row: int) -> list[float]:
    """Numbers of one area, NaN where there is none; `cells` are those of the spread's blocks."""
    found: list[float] = []
    at = 0
    for start, stop, block, first in spread.runs:
        if start > at:
            found += [nan] * (start - at)
        values, count, at = cells[block], stop - start, stop
        # Areas that joined after the block was made lie past its end.
        if values is None or row >= len(values):
            found += [nan] * count
        elif count == 1:
            found.append(values.item(row, first))
        else:
            # A whole row costs half of what a part of it does, and mostly that is what is asked.
            numbers = values[row].tolist()
            found += numbers if len(numbers) == count else numbers[first : first + count]
    return found + [nan] * (len(spread.columns) - at)


class Cells(Ground):
    """Columns that are asked of every area of a table; each column is a place."""

    type_name = "Observation"

    def __init__(self, spread: Spread, table: AreaTable) -> None:
        self.spread = spread
        self.table = table
        self.width = len(spread.columns)

    def figures(self, context: Context, rows: Sequence[int]) -> Figures:
        """The figures of some areas."""
        blocks = context.blocks(self.spread.keys)
        return Figures(self.spread, blocks, Places(self.table, rows))


class CellReader(Reader):
    """What stands in some columns: texts `of` their figures."""

    def __init__(self, cells: Cells, of: Any) -> None:
        self.cells = cells
        self.of = of

    @property
    def kind(self) -> object:
        return (self.of, id(self.cells.table))

    def joined(self, readers: Sequence["CellReader"]) -> "CellReader":
        columns = tuple(each for reader in readers for each in reader.cells.spread.columns)
        return self.__class__(Cells(Spread(columns), self.cells.table), self.of)

    def texts(self, figures: Figures) -> list[str]:
        found: list[str] = self.of(figures)
        return found

    def row(self, context: Context, row: int) -> Sequence[str]:
        return self.texts(self.cells.figures(context, [row]))

    def columns(self, context: Context, chosen: Chosen) -> Sequence[Sequence[str]]:
        width, texts = self.cells.width, self.texts(self.cells.figures(context, chosen.rows))
        return [texts[place::width] for place in range(width)]


class NumberReader(CellReader):
    """Numbers: `of` which array of a block, by its name."""

    def __init__(self, cells: Cells, of: str) -> None:
        super().__init__(cells, of)
        self._array = attrgetter(of)
        self._columns: list[ref[WrittenColumn]] = []
        """Kept texts of all columns, as long as they are kept."""
        self._unread = 0
        """Rows that were read since kept texts were last asked for."""

    def texts(self, figures: Figures) -> list[str]:
        return figures.texts(self._array)

    def row(self, context: Context, row: int) -> Sequence[str]:
        if self._columns:
            try:
                return [texts()[row] for texts in self._columns]  # type: ignore[index]
            except (TypeError, IndexError):
                # They are gone, or the area joined after the block was made.
                self._columns = []
        spread = self.cells.spread
        blocks = context.blocks(spread.keys)
        self._unread += 1
        if self._unread == _ROWS_AT_ONCE and len(spread.columns) <= _FEW_COLUMNS:
            self._find_kept(blocks, _ROWS_AT_ONCE)
            self._unread = 0
        return number_texts(numbers_of_row(spread, list(map(self._array, blocks)), row))

    def columns(self, context: Context, chosen: Chosen) -> Sequence[Sequence[str]]:
        kept = self._kept(context, chosen)
        if kept is not None:
            return kept
        numbers = self.cells.figures(context, chosen.rows).numbers(self._array)
        texts, count = number_texts(numbers.T.ravel()), len(chosen.rows)
        return [texts[end - count : end] for end in range(count, len(texts) + 1, count)]

    def _kept(self, context: Context, chosen: Chosen) -> list[Sequence[str]] | None:
        """Columns out of texts that are kept; None where one is not."""
        if not self._columns:
            self._find_kept(context.blocks(self.cells.spread.keys), len(chosen.rows))
        try:
            return [chosen.pick(texts()) for texts in self._columns] or None  # type: ignore[arg-type]
        except (TypeError, IndexError):
            # They are gone, or areas that joined after the block was made lie past its end.
            self._columns = []
            return None

    def _find_kept(self, blocks: Sequence[Block], count: int) -> None:
        """Say that so many rows are read, and take the columns whose texts are kept for that."""
        spread = self.cells.spread
        found = [
            None if at < 0 else TEXTS.of(blocks[at], self.of, column.place, count)
            for at, column in zip(spread.block_of, spread.columns, strict=True)
        ]
        # Of areas that joined after the block was made it has no texts.
        last = len(self.cells.table)
        kept = [ref(texts) for texts in found if texts is not None and len(texts) == last]
        self._columns = kept if len(kept) == len(found) else []


def cell_by_cell(cells: Cells, reader: type[CellReader], of: Any) -> list[CellReader]:
    """A reader for each column."""
    parts = (Spread((column,)) for column in cells.spread.columns)
    return [reader(Cells(part, cells.table), of) for part in parts]


def _by_place(field: str, reader: type[CellReader], of: Any) -> None:
    """A field whose texts are read cell by cell."""

    @reads(Cells, field)
    def _(cells: Cells, _: Context) -> list[CellReader]:
        return cell_by_cell(cells, reader, of)

    @together(Figures, field)
    def _(figures: Figures, _: Context) -> Texts:
        whole = Cells(figures.spread, figures.places.table)
        return reader(whole, of).texts(figures)


@reads(Cells, "year")
def _years_of_rows(cells: Cells, _: Context) -> Cycle:
    return cells.spread.years


@reads(Cells, "indicator")
def _indicators_of_rows(cells: Cells, _: Context) -> Linked:
    return cells.spread.indicators


@together(Figures, "year")
def _years(figures: Figures, _: Context) -> Texts:
    return figures.spread.years


@together(Figures, "indicator")
def _indicators(figures: Figures, _: Context) -> Linked:
    return figures.spread.indicators


@together(Figures, "area")
def _areas(figures: Figures, _: Context) -> Linked:
    width = len(figures.spread.columns)
    return Linked(figures.places, [row // width for row in range(len(figures))])


def status_texts(figures: Figures) -> list[str]:
    """JSON texts of the statuses of all cells."""
    return [_STATUS_TEXTS[code] for code in figures.reasons.tobytes()]


for field, array in _ARRAYS.items():
    _by_place(field, NumberReader, array)
_by_place("status", CellReader, status_texts)


@together(Figures, "reason")
def _reasons(figures: Figures, _: Context) -> Linked:
    codes = figures.reasons.tobytes()
    distinct = sorted(set(codes))
    at = {code: i for i, code in enumerate(distinct)}
    return Linked([_REASONS[code] for code in distinct], [at[code] for code in codes])


@together(Figures, "reason_text")
def _reason_texts(figures: Figures, context: Context, language: Language | None = None) -> Texts:
    spoken = chosen(context, language)
    codes = figures.reasons.tobytes()
    texts = {c: orjson.dumps(_REASONS[c].text(spoken)).decode() for c in set(codes)}
    return [texts[code] for code in codes]


@together(Figures, "provisional")
def _provisional(figures: Figures, _: Context) -> Texts:
    width = len(figures.spread.columns)
    marks = figures.gathered(lambda block: block.provisional, np.zeros(width, np.bool_))
    return ["true" if mark else "false" for mark in marks.tobytes()]


@together(Figures, "rounding")
def _rounding(figures: Figures, _: Context) -> Texts:
    columns = figures.spread.columns
    if figures.places.table.level not in ROUNDED_LEVELS:
        return Cycle([NULL] * len(columns))
    marks = [NULL if c.indicator.rounding is None else str(c.indicator.rounding) for c in columns]
    if marks.count(NULL) == len(marks):
        return Cycle(marks)
    known = ~np.isnan(figures.numbers(lambda block: block.values))
    return [m if k else NULL for row in known.tolist() for m, k in zip(marks, row, strict=True)]


@together(Figures, "provenance")
def _provenance(figures: Figures, context: Context) -> Linked:
    spread = figures.spread
    empty = np.full(len(spread.columns), NO_LOAD, np.uint8)
    indexes = figures.gathered(lambda block: block.loads, empty)
    ids = [() if i < 0 else figures.blocks[i].load_ids for i in spread.block_of]
    found: list[Any] = []
    at: dict[int | None, int] = {None: -1}
    rows = []
    for row in indexes.tolist():
        for index, known in zip(row, ids, strict=True):
            load = known[index] if index < len(known) else None
            if load not in at:
                at[load] = len(found)
                found.append(provenance_of(context, load))
            rows.append(at[load])
    return Linked(found, rows)
