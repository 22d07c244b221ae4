"""Ranks of values: who has one, in which order, and which they share. Arrays in, arrays out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from db.core.figures import Floats

Rows = NDArray[np.int32]


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Ranking:
    """The rows that have a value, from the first to the last."""

    rows: Rows
    """Their places among the values that were given."""
    values: Floats
    ranks: Rows
    """Equal values share the lowest of their ranks; the ranks after it are left out: 1, 2, 2, 4."""
    tied: NDArray[np.bool_]
    """Whether another row has the same rank."""

    def __len__(self) -> int:
        return len(self.rows)

    def part(self, start: int, stop: int) -> "Ranking":
        """The rows from one place to another, with the ranks that they have among all."""
        at = slice(start, stop)
        return Ranking(self.rows[at], self.values[at], self.ranks[at], self.tied[at])

    @property
    def nbytes(self) -> int:
        return sum(each.nbytes for each in (self.rows, self.values, self.ranks, self.tied))


def rank(values: Floats, *, highest_first: bool = True) -> Ranking:
    """Ranks of values; NaN has none, and rows with equal values stay in the order given."""
    known = np.flatnonzero(~np.isnan(values))
    found = values[known]
    order = np.argsort(-found if highest_first else found, kind="stable")
    ordered: Floats = found[order]
    begins = np.ones(len(ordered), np.bool_)
    begins[1:] = ordered[1:] != ordered[:-1]
    starts = np.flatnonzero(begins)
    sizes = np.diff(starts, append=len(ordered))
    return Ranking(
        rows=known[order].astype(np.int32),
        values=ordered,
        ranks=np.repeat(starts + 1, sizes).astype(np.int32),
        tied=np.repeat(sizes > 1, sizes),
    )
