"""Long tables to rectangles: one cell a row in, one rectangle a year out.

Grows with the areas and columns it meets, so that pages need not be kept. A cell met twice
counts once if both say the same; two that differ are refused. What no row fills stays explained.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from db.core.absence import Reason
from db.core.errors import BrokenLoad
from db.core.figures import Account, Bytes, Column, Figures, Floats

_VACANT = 255


class Pivot:
    """Cells by year, area number and column number."""

    def __init__(self, account: Account, vacant: Reason) -> None:
        self._account = account
        self._reason_of_vacant = vacant
        self._grids: dict[int, _Grid] = {}

    def add(
        self,
        *,
        years: NDArray[np.int32],
        areas: NDArray[np.int32],
        columns: NDArray[np.int32],
        values: Floats,
        reasons: Bytes,
    ) -> None:
        """Accept the cells of a page, one a row."""
        for year in np.unique(years).tolist():
            rows = slice(None) if years.min() == years.max() else np.flatnonzero(years == year)
            grid = self._grids.setdefault(year, _Grid())
            taken = grid.put(areas[rows], columns[rows], values[rows], reasons[rows])
            self._account.accept(taken)
            if repeated := len(areas[rows]) - taken:
                self._account.reject("duplicate", f"a cell of {year}", repeated)

    def figures(self, codes: Sequence[str], columns: list[Column]) -> list[Figures]:
        """Oldest year first, emptying the pivot; an area is in the years that have a row of it."""
        return [self._of(year, codes, columns) for year in sorted(self._grids)]

    def _of(self, year: int, codes: Sequence[str], columns: list[Column]) -> Figures:
        values, reasons = self._grids.pop(year).cut(len(columns))
        used = np.flatnonzero((reasons != _VACANT).any(axis=1))
        values, reasons = values[used], reasons[used]
        reasons[reasons == _VACANT] = self._reason_of_vacant
        return Figures(
            codes=[codes[area] for area in used.tolist()],
            periods=np.full(len(used), year, np.int32),
            columns=columns,
            values=values,
            reasons=reasons,
        )


class _Grid:
    """The cells of one year: row = area, column = column, doubled when it gets too small."""

    def __init__(self) -> None:
        self._values: Floats = np.full((1024, 64), np.nan)
        self._reasons: Bytes = np.full((1024, 64), _VACANT, np.uint8)

    def put(
        self,
        areas: NDArray[np.int32],
        columns: NDArray[np.int32],
        values: Floats,
        reasons: Bytes,
    ) -> int:
        """How many cells were new; BrokenLoad where one is there already and differs."""
        self._fit(int(areas.max()) + 1, int(columns.max()) + 1)
        at = areas.astype(np.int64) * self._values.shape[1] + columns
        first = np.unique(at, return_index=True)[1]
        fresh = first[self._reasons.ravel()[at[first]] == _VACANT]
        self._values.ravel()[at[fresh]] = values[fresh]
        self._reasons.ravel()[at[fresh]] = reasons[fresh]
        same = np.array_equal(self._values.ravel()[at], values, equal_nan=True)
        if not (same and np.array_equal(self._reasons.ravel()[at], reasons)):
            raise BrokenLoad("the same cell comes twice with different figures")
        return len(fresh)

    def cut(self, width: int) -> tuple[Floats, Bytes]:
        self._fit(1, width)
        return self._values[:, :width], self._reasons[:, :width]

    def _fit(self, rows: int, columns: int) -> None:
        old = self._values.shape
        if rows <= old[0] and columns <= old[1]:
            return
        shape = (_doubled(old[0], rows), _doubled(old[1], columns))
        values = np.full(shape, np.nan)
        reasons = np.full(shape, _VACANT, np.uint8)
        values[: old[0], : old[1]] = self._values
        reasons[: old[0], : old[1]] = self._reasons
        self._values, self._reasons = values, reasons


def _doubled(size: int, needed: int) -> int:
    while size < needed:
        size *= 2
    return size
