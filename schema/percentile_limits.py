"""Between which places an area may stand: those of the limits of its own value.

The others are taken as they are, so that it is a least: a difference between two areas whose limits
overlap is not shown by their ranks.
"""

from functools import cached_property

import numpy as np
import strawberry

from db.core.percentiles import ReferenceSet
from db.core.uncertainty import Basis
from schema.fields import field
from schema.intervals import Limits


class PlaceLimits:
    """The source of a PercentileLimits."""

    def __init__(self, limits: Limits, among: ReferenceSet, rank: int) -> None:
        self._limits = limits
        self._among = among
        self._rank = rank

    @property
    def basis(self) -> Basis:
        return self._limits.basis

    @property
    def level(self) -> float | None:
        return self._limits.level

    @cached_property
    def _ends(self) -> tuple[list[float], list[int]] | None:
        if self._limits.lower is None or self._limits.upper is None:
            return None
        ends = np.array([self._limits.lower, self._limits.upper])
        return sorted(self._among.percentiles_of(ends)), sorted(self._among.ranks_of(ends))

    @property
    def lower(self) -> float | None:
        return None if self._ends is None else float(self._ends[0][0])

    @property
    def upper(self) -> float | None:
        return None if self._ends is None else float(self._ends[0][1])

    @property
    def rank_from(self) -> int | None:
        return None if self._ends is None else int(self._ends[1][0])

    @property
    def rank_to(self) -> int | None:
        # Beside its limit on the better side its own value is one of those that are worse.
        return None if self._ends is None else max(self._rank, int(self._ends[1][1]) - 1)


@strawberry.type(
    description="Between which places an area may stand, by the limits of its own value; the other "
    "areas are taken as they are. Null where nothing is known of those limits: that does not make "
    "the rank certain."
)
class PercentileLimits:
    lower: float | None = field("Percentile of its limit on the better side.")
    upper: float | None = field("Percentile of its limit on the worse side.")
    rank_from: int | None = field("Rank that it may have at the worst, the lowest number.")
    rank_to: int | None = field("Rank that it may have at the best, the highest number.")
    basis: Basis = field("What the limits of the value rest on.")
    level: float | None = field(
        "Probability that they are made for; null for the source's own margins, for rounding, and "
        "where nothing is known."
    )
