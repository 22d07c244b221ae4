"""The rows of a page that belong to a dataset, and the cells of its columns.

Refuses a dimension with several keys of which the dataset names none: rows of both sexes must
not be mixed into one figure.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from db.core.absence import Reason
from db.core.errors import BrokenLoad
from db.core.figures import Bytes, Floats
from db.sources.cells import numbers, parse_column
from db.sources.odata_dimension import Keys, keys_of, reject_rows, years_of
from db.sources.odata_reading import PERIODS, Reading


@dataclass(frozen=True, slots=True)
class Chosen:
    """Row numbers within a page, with the area and year of each."""

    rows: NDArray[np.intp]
    areas: NDArray[np.int32]
    years: NDArray[np.int32]

    def only(self, kept: NDArray[np.bool_]) -> "Chosen":
        return Chosen(self.rows[kept], self.areas[kept], self.years[kept])


@dataclass(slots=True)
class Chooser:
    """Picks rows page by page; every other row is rejected with a reason."""

    reading: Reading
    has_periods: bool
    selectors: Sequence[str] = ()
    """Dimensions of which one key is wanted: the one that the dataset's options name."""
    _only: dict[str, str] = field(default_factory=dict)

    def choose(self, table: pa.Table) -> Chosen:
        left = np.ones(table.num_rows, np.bool_)
        for name in self.selectors:
            keys = keys_of(table[name])
            wanted = self._wanted(name, keys)
            other = keys.mask(key != wanted for key in keys.texts)
            self._reject(f"other-{name.lower()}", keys, left, other)
        keys = keys_of(table[self.reading.region])
        areas = self.reading.regions.number(keys)
        self._reject("no-area-code", keys, left, areas < 0)
        years = self._years(table, left)
        rows = np.flatnonzero(left)
        return Chosen(rows, areas[rows], years[rows])

    def _years(self, table: pa.Table, left: NDArray[np.bool_]) -> NDArray[np.int32]:
        if not self.has_periods:
            dataset = self.reading.dataset
            year = int(dataset.options.get("period", dataset.vintage))
            return np.full(table.num_rows, year, np.int32)
        periods = keys_of(table[PERIODS])
        years = years_of(periods)
        self._reject("period-not-a-year", periods, left, years == 0)
        return years

    def _wanted(self, name: str, keys: Keys) -> str:
        if (option := self.reading.dataset.options.get(name)) is not None:
            return option.strip()
        only = self._only.setdefault(name, keys.texts[0])
        if other := [key for key in keys.texts if key != only]:
            raise BrokenLoad(
                f"dimension {name} has several keys ({only!r}, {other[0][:20]!r}); "
                "the dataset must name one in its options"
            )
        return only

    def _reject(
        self, reason: str, keys: Keys, left: NDArray[np.bool_], bad: NDArray[np.bool_]
    ) -> None:
        reject_rows(self.reading.account, reason, keys, bad & left)
        left &= ~bad


def cells_of(column: pa.ChunkedArray, key: str) -> tuple[Floats, Bytes]:
    """Values and reasons of a figure column, whatever its pages hold: numbers, text or nulls."""
    kind = column.type
    if pa.types.is_null(kind):
        return np.full(len(column), np.nan), np.full(len(column), Reason.NO_FIGURE, np.uint8)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return parse_column(column, column=key)
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind)):
        raise BrokenLoad(f"column {key} holds neither numbers nor text")
    try:
        return numbers(column.cast(pa.float64()).to_numpy(), column=key)
    except pa.ArrowInvalid:
        raise BrokenLoad(f"column {key} has a whole number too large to be exact") from None
