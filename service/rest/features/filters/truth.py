"""Truth of a condition for every row: yes, no, or not known.

A comparison with what is absent is neither true nor false, and so is its opposite.
"""

from dataclasses import dataclass

import numpy as np

from service.rest.features.layer import Mask


@dataclass(frozen=True, slots=True)
class Truth:
    yes: Mask
    no: Mask

    @classmethod
    def of(cls, true: Mask, known: Mask) -> "Truth":
        """What holds, among the rows of which it can be said."""
        return cls(true & known, ~true & known)

    @classmethod
    def always(cls, size: int, *, true: bool) -> "Truth":
        return cls(np.full(size, true), np.full(size, not true))

    @property
    def opposite(self) -> "Truth":
        return Truth(self.no, self.yes)

    def both(self, other: "Truth") -> "Truth":
        return Truth(self.yes & other.yes, self.no | other.no)

    def either(self, other: "Truth") -> "Truth":
        return Truth(self.yes | other.yes, self.no & other.no)
