"""Which areas come next by their number of exceeded domains, without breaking a tie by chance."""

from dataclasses import dataclass

import numpy as np

from db.core.ranking import Rows
from db.core.stacking import Ints
from db.core.standard import Mask


@dataclass(frozen=True, slots=True, eq=False)
class Next:
    """Rows in ascending order. `cut` is the number of domains of the last that come next."""

    surely: Rows
    """The most of them that no tie divides: all with at least so many domains."""
    tied: Rows
    """Those with as many domains as each other of which only some fit."""
    perhaps: Rows
    """Those that would be among either, if domains that are unknown are exceeded."""
    cut: int


def next_in_line(least: Ints, most: Ints, candidates: Mask, first: int) -> Next:
    """The next `first` candidates by domains known to be exceeded; none with none exceeded.

    Unknown domains count as neither: who may come in with them is told apart, and nobody is left
    out for a place in the order of rows.
    """
    rows = np.flatnonzero(candidates).astype(np.int32)
    counts = least[rows]
    surely = tied = rows[:0]
    lowest = 1
    for count in sorted({each for each in counts.tolist() if each > 0}, reverse=True):
        reached = rows[counts >= count]
        if len(reached) > first:
            tied = rows[counts == count]
            lowest = count
            break
        surely = reached
        if len(surely) == first:
            lowest = count
            break
    perhaps = rows[(counts < lowest) & (most[rows] >= lowest)]
    return Next(surely, tied, perhaps, lowest)
