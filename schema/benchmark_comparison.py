"""One value beside one group of areas: the source of a Benchmark, read only as far as asked."""

from collections.abc import Sequence

import numpy as np

from db.core.benchmarks import Rule, WeighedBy, gaps
from db.core.figures import known
from db.core.indicator import Aggregation
from schema.benchmark_groups import Compared
from schema.comparison_enums import BenchmarkBase, BenchmarkGroup, BenchmarkRefusal
from schema.figures import Figure
from schema.peers import Peers

_REASONS = {each.value: each for each in BenchmarkRefusal}


class Comparison:
    """The source of a Benchmark: one value and one group."""

    __slots__ = ("_compared", "_entry", "_refused", "figure", "group", "peers", "programme")

    def __init__(
        self,
        figure: Figure,
        group: BenchmarkGroup,
        programme: str | None,
        found: Compared | BenchmarkRefusal,
        peers: Peers | None = None,
    ) -> None:
        self.figure = figure
        self.group = group
        self.programme = programme
        self._refused = found if isinstance(found, BenchmarkRefusal) else None
        self._compared = found if isinstance(found, Compared) else None
        self._entry = -1
        self.peers = peers
        if self._compared is not None:
            # What peers say is worked out for the one area.
            self._entry = 0 if peers else self._compared.group.entries.item(figure.area.ordinal)

    def _number(self, name: str) -> float | None:
        if self._compared is None:
            return None
        value: float = getattr(self._compared.found, name).item(self._entry)
        return known(value)

    def _count(self, name: str) -> int:
        if self._compared is None:
            return 0
        count: int = getattr(self._compared.found, name).item(self._entry)
        return count

    def _why(self, name: str) -> BenchmarkRefusal | None:
        if self._compared is None:
            return self._refused
        return _REASONS.get(getattr(self._compared.found, name).item(self._entry))

    @property
    def aggregate(self) -> float | None:
        return self._number("aggregates")

    @property
    def lower_quartile(self) -> float | None:
        return self._number("lower_quartiles")

    @property
    def median(self) -> float | None:
        return self._number("medians")

    @property
    def upper_quartile(self) -> float | None:
        return self._number("upper_quartiles")

    @property
    def lowest(self) -> float | None:
        return self._number("lowest")

    @property
    def highest(self) -> float | None:
        return self._number("highest")

    @property
    def compared_with(self) -> BenchmarkBase | None:
        if self.aggregate is not None:
            return BenchmarkBase.AGGREGATE
        return None if self.median is None else BenchmarkBase.MEDIAN

    @property
    def difference(self) -> float | None:
        return self._gap("differences")

    @property
    def ratio(self) -> float | None:
        return self._gap("ratios")

    @property
    def against(self) -> float | None:
        """What the value is compared with."""
        return self.median if self.aggregate is None else self.aggregate

    @property
    def summed(self) -> bool:
        return Rule.of(self.figure.indicator).aggregates_by(Aggregation.SUM)

    def _gap(self, name: str) -> float | None:
        against, value = self.against, self.figure.value
        if value is None or against is None:
            return None
        found = gaps(np.array([value]), np.array([against]), self.figure.indicator.kind)
        gap: float = getattr(found, name).item(0)
        return known(gap)

    @property
    def known(self) -> int:
        return self._count("known")

    @property
    def unknown(self) -> int:
        return self._count("unknown")

    @property
    def left_out(self) -> int:
        return self._count("left_out")

    @property
    def partial_members(self) -> Sequence[str]:
        return () if self._compared is None else self._compared.group.partial

    @property
    def coverage(self) -> float | None:
        return self._number("coverage")

    @property
    def weighed_by(self) -> WeighedBy | None:
        return None if self._compared is None else self._compared.found.weighed_by

    @property
    def weights_indicator(self) -> str | None:
        weights = None if self._compared is None else self._compared.weights
        return None if weights is None else weights.indicator.slug

    @property
    def weights_year(self) -> int | None:
        weights = None if self._compared is None else self._compared.weights
        return None if weights is None else weights.year

    @property
    def refusal(self) -> BenchmarkRefusal | None:
        return self._why("refusals")

    @property
    def quartile_refusal(self) -> BenchmarkRefusal | None:
        return self._why("quartile_refusals")

    @property
    def complete(self) -> bool:
        return self._compared is not None and self._compared.complete

    @property
    def published_withheld(self) -> bool:
        compared = self._compared
        return compared is not None and compared.revealing.item(self._entry)
