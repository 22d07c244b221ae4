"""Collects a table row by row and parses it column by column, a thousand rows at a time.

Text of a national table would take ten times the memory of its numbers; it never stays.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from db.core.absence import Reason
from db.core.figures import Account, Bytes, Column, Figures, Floats, explain_empty_columns
from db.sources.cells import numbers, parse_column
from db.sources.dataset import Dataset
from db.sources.decimal_mark import DecimalMark

Cell = str | float | None
"""Text of a text file; in a spreadsheet also a number, or None for an empty cell."""
CHUNK = 1024


class Rectangle:
    """The figures of one file in the making."""

    def __init__(self, columns: list[Column], mark: DecimalMark) -> None:
        self._columns = columns
        self._mark = mark
        self._codes: list[str] = []
        self._periods: list[int] = []
        self._provisional: list[bool] = []
        self._keys: set[tuple[str, int]] = set()
        self._waiting: list[Sequence[Cell]] = []
        self._values: list[Floats] = []
        self._reasons: list[Bytes] = []

    def __len__(self) -> int:
        return len(self._codes)

    def has(self, code: str, period: int) -> bool:
        return (code, period) in self._keys

    def add(
        self, code: str, period: int, cells: Sequence[Cell], *, provisional: bool = False
    ) -> None:
        self._keys.add((code, period))
        self._codes.append(code)
        self._periods.append(period)
        self._provisional.append(provisional)
        self._waiting.append(cells)
        if len(self._waiting) == CHUNK:
            self._parse()

    def figures(self) -> Figures:
        """Everything added so far; RefusedFile if the decimal mark stays in doubt."""
        self._parse()
        self._mark.settle()
        width = len(self._columns)
        return Figures(
            codes=self._codes,
            periods=np.array(self._periods, np.int32),
            columns=self._columns,
            values=np.concatenate([np.empty((0, width)), *self._values]),
            reasons=np.concatenate([np.empty((0, width), np.uint8), *self._reasons]),
            provisional=_flags(self._provisional),
        )

    def _parse(self) -> None:
        shape = (len(self._waiting), len(self._columns))
        values, reasons = np.empty(shape), np.empty(shape, np.uint8)
        for i, cells in enumerate(zip(*self._waiting, strict=True)):
            values[:, i], reasons[:, i] = parse_cells(
                cells, self._mark, column=self._columns[i].key
            )
        self._values.append(values)
        self._reasons.append(reasons)
        self._waiting.clear()


def parse_cells(cells: Sequence[Cell], mark: DecimalMark, *, column: str) -> tuple[Floats, Bytes]:
    """Values and reasons of one column that may mix text and numbers."""
    texts = [cell for cell in cells if isinstance(cell, str)]
    decimal = mark.see(texts)
    if len(texts) == len(cells):
        return parse_column(texts, decimal=decimal, column=column)
    values, reasons = numbers(
        np.array([np.nan if cell is None or isinstance(cell, str) else cell for cell in cells]),
        column=column,
    )
    if texts:
        where = np.array([isinstance(cell, str) for cell in cells])
        values[where], reasons[where] = parse_column(texts, decimal=decimal, column=column)
    return values, reasons


def explain_water(figures: Figures, dry: NDArray[np.bool_]) -> None:
    """Cells without a value in rows that are no land: nothing can be measured there."""
    empty = (figures.reasons >= Reason.CONFIDENTIAL) & ~dry[:, np.newaxis]
    figures.reasons[empty] = Reason.WATER_OR_ABROAD


def finish(figures: Figures, dataset: Dataset, account: Account) -> None:
    """Columns not filled yet are said to be so, and a model's estimates to be modelled."""
    if empty := explain_empty_columns(figures, Reason.NOT_YET_PUBLISHED):
        account.notes["empty-column"] += empty
    if dataset.options.get("nature") == "modelled":
        figures.reasons[figures.reasons == Reason.OBSERVED] = Reason.MODELLED


def _flags(provisional: list[bool]) -> NDArray[np.bool_] | None:
    return np.array(provisional, np.bool_) if any(provisional) else None
