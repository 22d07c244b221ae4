"""A block: every value of one indicator on one level and vintage, areas by rows, years by columns.

Blocks are immutable. Rows are ordinals of the AreaTable at the time of writing; areas appended
later lie past the end and have no cell.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from db.core.absence import Reason
from db.core.figures import Bytes, Floats
from db.core.levels import Level


class SeriesKey(NamedTuple):
    """Indicator on the areas of one level and one vintage."""

    indicator: str
    level: Level
    vintage: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One value with why it is as it is, and the load it came from (None: no load has it)."""

    value: float | None
    reason: Reason
    provisional: bool
    lower: float | None
    upper: float | None
    load: int | None


NOT_LOADED = Cell(None, Reason.NOT_LOADED, False, None, None, None)


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Block:
    """`values[ordinal, column of period]`; NaN exactly where the reason has no value."""

    key: SeriesKey
    periods: tuple[int, ...]
    """Years, ascending."""
    values: Floats
    reasons: Bytes
    provisional: NDArray[np.bool_]
    loads: Bytes
    """Index into `load_ids`."""
    load_ids: tuple[int, ...]
    lower: Floats | None = None
    upper: Floats | None = None

    @property
    def nbytes(self) -> int:
        """Size in memory, for the bound on what is kept."""
        given = (
            self.values, self.reasons, self.provisional, self.loads, self.lower, self.upper
        )  # fmt: skip
        return _FRAME + sum(_FRAME + array.nbytes for array in given if array is not None)

    def cell(self, ordinal: int, period: int) -> Cell:
        """The cell of an area in a year; NOT_LOADED outside the block."""
        if period not in self.periods or ordinal >= len(self.values):
            return NOT_LOADED
        column = self.periods.index(period)
        reason = Reason(int(self.reasons[ordinal, column]))
        value = float(self.values[ordinal, column])
        return Cell(
            value=value if reason.status.has_value else None,
            reason=reason,
            provisional=bool(self.provisional[ordinal, column]),
            lower=_margin(self.lower, ordinal, column),
            upper=_margin(self.upper, ordinal, column),
            load=self._load(ordinal, column),
        )

    def _load(self, ordinal: int, column: int) -> int | None:
        index = int(self.loads[ordinal, column])
        return self.load_ids[index] if index < len(self.load_ids) else None


_FRAME = 200
"""Bytes that an array or a block takes besides its cells: small blocks are mostly that."""
NO_LOAD = 255
"""In `loads`: no load has given this cell."""


def _margin(margins: Floats | None, ordinal: int, column: int) -> float | None:
    if margins is None or np.isnan(margins[ordinal, column]):
        return None
    return float(margins[ordinal, column])
