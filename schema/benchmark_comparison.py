"""One value beside one group of areas: the source of a Benchmark, read only as far as asked."""

from collections.abc import Sequence

from db.core.benchmarks import Rule, WeighedBy
from db.core.indicator import Aggregation
from schema.benchmark_entry import Entry, gap
from schema.benchmark_groups import Compared
from schema.comparison_enums import BenchmarkBase, BenchmarkGroup, BenchmarkRefusal
from schema.figures import Figure
from schema.peers import Peers


class Comparison:
    """The source of a Benchmark: one value and one group."""

    __slots__ = ("_compared", "_entry", "figure", "group", "peers", "programme")

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
        self.peers = peers
        if isinstance(found, BenchmarkRefusal):
            self._compared, self._entry = None, Entry(why=found)
        else:
            # What peers say is worked out for the one area.
            at = 0 if peers else found.group.entries.item(figure.area.ordinal)
            self._compared, self._entry = found, Entry(found.found, at)

    @property
    def aggregate(self) -> float | None:
        return self._entry.number("aggregates")

    @property
    def lower_quartile(self) -> float | None:
        return self._entry.number("lower_quartiles")

    @property
    def median(self) -> float | None:
        return self._entry.number("medians")

    @property
    def upper_quartile(self) -> float | None:
        return self._entry.number("upper_quartiles")

    @property
    def lowest(self) -> float | None:
        return self._entry.number("lowest")

    @property
    def highest(self) -> float | None:
        return self._entry.number("highest")

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
        return gap(name, self.figure.value, self.against, self.figure.indicator.kind)

    @property
    def known(self) -> int:
        return self._entry.count("known")

    @property
    def unknown(self) -> int:
        return self._entry.count("unknown")

    @property
    def left_out(self) -> int:
        return self._entry.count("left_out")

    @property
    def partial_members(self) -> Sequence[str]:
        return () if self._compared is None else self._compared.group.partial

    @property
    def coverage(self) -> float | None:
        return self._entry.number("coverage")

    @property
    def weighed_by(self) -> WeighedBy | None:
        return self._entry.weighed_by

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
        return self._entry.refusal("refusals")

    @property
    def quartile_refusal(self) -> BenchmarkRefusal | None:
        return self._entry.refusal("quartile_refusals")

    @property
    def complete(self) -> bool:
        return self._compared is not None and self._compared.complete

    @property
    def published_withheld(self) -> bool:
        compared = self._compared
        return compared is not None and compared.revealing.item(self._entry.at)
