"""What benchmarks say of one group, and how far a value lies from it."""

from dataclasses import dataclass

import numpy as np

from db.core.benchmarks import Benchmarks, WeighedBy, gaps
from db.core.figures import known
from db.core.indicator import Kind
from schema.comparison_enums import BenchmarkRefusal

_REASONS = {each.value: each for each in BenchmarkRefusal}


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One group of those that benchmarks were worked out for; of none of them, nothing is known."""

    found: Benchmarks | None = None
    at: int = -1
    why: BenchmarkRefusal | None = None
    """Why nothing was worked out."""

    def number(self, name: str) -> float | None:
        return None if self.found is None else known(getattr(self.found, name).item(self.at))

    def count(self, name: str) -> int:
        return 0 if self.found is None else int(getattr(self.found, name).item(self.at))

    def refusal(self, name: str) -> BenchmarkRefusal | None:
        if self.found is None:
            return self.why
        return _REASONS.get(getattr(self.found, name).item(self.at))

    @property
    def weighed_by(self) -> WeighedBy | None:
        return None if self.found is None else self.found.weighed_by


def gap(name: str, value: float | None, against: float | None, kind: Kind) -> float | None:
    """One of the gaps of a value to what it is compared with; None where either is not known."""
    if value is None or against is None:
        return None
    return known(getattr(gaps(np.array([value]), np.array([against]), kind), name).item(0))
