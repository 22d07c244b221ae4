"""Where areas stand in a reference set: percentile and rank, 100 and 1 being the worst.

Values of one indicator, level, vintage and year; what is compared with what is for the caller to
see to. An area with few inhabitants is neither judged nor used to judge others.
"""

from dataclasses import dataclass
from enum import Enum, IntEnum

import numpy as np
from numpy.typing import NDArray

from db.core.figures import Bytes, Floats
from db.core.indicator import Direction
from db.core.ranking import Rows

Mask = NDArray[np.bool_]
MINIMUM_INHABITANTS = 200


class Weighting(Enum):
    """What one area counts for in the percentiles of the others."""

    INHABITANTS = "inhabitants"
    AREAS = "areas"
    """Each area the same."""


class Placement(IntEnum):
    """Why an area has a percentile or none. Stored in a byte: append, never renumber."""

    RANKED = 0
    NO_VALUE = 1
    """It would take part, but has no value."""
    TOO_FEW_INHABITANTS = 2
    UNINHABITED = 3
    INHABITANTS_UNKNOWN = 4
    NOT_LAND = 5
    OUTSIDE_REFERENCE = 6
    """The caller did not name it as part of the reference set."""

    def text(self, language: str) -> str:
        """The explanation for people, in `nl` or `en`."""
        dutch, english = _TEXTS[self]
        return dutch if language == "nl" else english


_TEXTS = {
    Placement.RANKED: ("Gerangschikt.", "Ranked."),
    Placement.NO_VALUE: (
        "Van dit gebied is de waarde niet bekend.",
        "The value of this area is not known.",
    ),
    Placement.TOO_FEW_INHABITANTS: (
        "Hier wonen te weinig mensen om het gebied met andere te vergelijken.",
        "Too few people live here to compare the area with others.",
    ),
    Placement.UNINHABITED: (
        "Hier wonen geen mensen; het gebied wordt nooit gerangschikt.",
        "Nobody lives here; the area is never ranked.",
    ),
    Placement.INHABITANTS_UNKNOWN: (
        "Het is niet bekend hoeveel mensen hier wonen.",
        "It is not known how many people live here.",
    ),
    Placement.NOT_LAND: (
        "Water of buitenland doet niet mee.",
        "Water or abroad takes no part.",
    ),
    Placement.OUTSIDE_REFERENCE: (
        "Het gebied hoort niet bij de gebieden waarmee vergeleken wordt.",
        "The area is not one of those that are compared with.",
    ),
}


@dataclass(frozen=True, slots=True, weakref_slot=True)
class ReferenceSet:
    """The areas that others are judged by, kept as their distinct values and running sums.

    Every area in it has a value, is land, and has at least `minimum` inhabitants.
    """

    values: Floats
    """Distinct values from the best to the worst, their sign turned where higher is better."""
    weights: Floats
    """`weights[k]` is what the areas with the first k values weigh together; begins with 0."""
    areas: NDArray[np.int64]
    """`areas[k]` is how many areas have the first k values; begins with 0."""
    direction: Direction
    weighting: Weighting
    minimum: float

    def __len__(self) -> int:
        """N: how many areas there are to be compared with."""
        return int(self.areas[-1])

    @property
    def oriented(self) -> bool:
        """Whether 100 is the worst; of a neutral indicator it is only the highest."""
        return self.direction is not Direction.NEUTRAL

    @property
    def nbytes(self) -> int:
        return self.values.nbytes + self.weights.nbytes + self.areas.nbytes

    def percentiles_of(self, values: Floats) -> Floats:
        """Percentiles of any values, such as a focus area's own aggregate.

        100 times the weight of what is better, plus half the weight of what is equal, as a part
        of all: the ridit of Bross (1958). NaN for NaN, and everywhere if the set is empty. That
        the value is one of enough inhabitants is for the caller to know.
        """
        if not len(self):
            return np.full(len(values), np.nan)
        below, upto = self._places(values)
        return np.where(np.isnan(values), np.nan, self._percentiles(below, upto))

    def ranks_of(self, values: Floats) -> Rows:
        """Ranks that any values have or would have: one more than how many areas are worse.

        0 wherever there is no percentile.
        """
        if not len(self):
            return np.zeros(len(values), np.int32)
        _, upto = self._places(values)
        return np.where(np.isnan(values), 0, self._ranks(upto)).astype(np.int32)

    def _places(self, values: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """How many of the distinct values are better, and how many are no worse."""
        turned = _sign(self.direction) * values
        below = np.searchsorted(self.values, turned, "left")
        return below, np.searchsorted(self.values, turned, "right")

    def _percentiles(self, below: NDArray[np.int64], upto: NDArray[np.int64]) -> Floats:
        # Multiplied before it is divided: of whole inhabitants a whole percentile is exact.
        found: Floats = 50.0 * (self.weights[below] + self.weights[upto]) / self.weights[-1]
        return found

    def _ranks(self, upto: NDArray[np.int64]) -> NDArray[np.int64]:
        worse: NDArray[np.int64] = len(self) - self.areas[upto]
        return worse + 1


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Percentiles:
    """All areas that were given, in their order, each with its place or why it has none."""

    percentiles: Floats
    """0 to 100; NaN where the area is not ranked."""
    ranks: Rows
    """Equal values share the lowest of their ranks: 1, 2, 2, 4. 0 where not ranked."""
    placements: Bytes
    """A Placement for each area."""
    reference: ReferenceSet

    @property
    def ranked(self) -> int:
        """N: areas with a percentile."""
        return self.count(Placement.RANKED)

    @property
    def unknown(self) -> int:
        """Areas that would take part, but have no value."""
        return self.count(Placement.NO_VALUE)

    @property
    def left_out(self) -> int:
        """Areas with too few inhabitants, none, or an unknown number, with a value or without."""
        return self.count(
            Placement.TOO_FEW_INHABITANTS, Placement.UNINHABITED, Placement.INHABITANTS_UNKNOWN
        )

    @property
    def nbytes(self) -> int:
        own = self.percentiles.nbytes + self.ranks.nbytes + self.placements.nbytes
        return own + self.reference.nbytes

    def count(self, *placements: Placement) -> int:
        """How many areas have one of these placements."""
        return int(np.isin(self.placements, placements).sum())


def percentiles(
    values: Floats,
    inhabitants: Floats,
    *,
    direction: Direction,
    weighting: Weighting = Weighting.INHABITANTS,
    minimum: float = MINIMUM_INHABITANTS,
    land: Mask | None = None,
    reference: Mask | None = None,
) -> Percentiles:
    """Percentile and rank of every area among those that take part; one entry an area.

    `inhabitants` are those of the year of the boundaries. Part take areas of `land` and of
    `reference` (None: all) with at least `minimum` inhabitants, and never one without any.
    NaN in `values` is NO_VALUE; inhabitants that are NaN, infinite or negative are unknown.
    A neutral indicator is not judged: percentile 100 and rank 1 are then the highest value.
    """
    placements = _placements(values, inhabitants, minimum, land, reference)
    ranked = placements == Placement.RANKED
    weights = inhabitants[ranked] if weighting is Weighting.INHABITANTS else None
    distinct, inverse = np.unique(_sign(direction) * values[ranked], return_inverse=True)
    # Counted from one, so that the running sums begin with 0.
    found = ReferenceSet(
        values=distinct,
        weights=np.cumsum(np.bincount(inverse + 1, weights, len(distinct) + 1), dtype=np.float64),
        areas=np.cumsum(np.bincount(inverse + 1, minlength=len(distinct) + 1), dtype=np.int64),
        direction=direction,
        weighting=weighting,
        minimum=minimum,
    )
    result = np.full(len(values), np.nan)
    ranks = np.zeros(len(values), np.int32)
    result[ranked] = found._percentiles(inverse, inverse + 1)
    ranks[ranked] = found._ranks(inverse + 1)
    return Percentiles(result, ranks, placements, found)


def _placements(
    values: Floats,
    inhabitants: Floats,
    minimum: float,
    land: Mask | None,
    reference: Mask | None,
) -> Bytes:
    """The first reason that holds, from the nature of the area to its value."""
    whole = np.ones(len(values), np.bool_)
    reasons = {
        Placement.NOT_LAND: ~(whole if land is None else land),
        Placement.OUTSIDE_REFERENCE: ~(whole if reference is None else reference),
        Placement.INHABITANTS_UNKNOWN: ~(np.isfinite(inhabitants) & (inhabitants >= 0)),
        Placement.UNINHABITED: inhabitants == 0,
        Placement.TOO_FEW_INHABITANTS: inhabitants < minimum,
        Placement.NO_VALUE: np.isnan(values),
    }
    chosen = np.select(list(reasons.values()), list(reasons), Placement.RANKED)
    return chosen.astype(np.uint8)


def _sign(direction: Direction) -> float:
    return -1.0 if direction is Direction.HIGHER_IS_BETTER else 1.0
