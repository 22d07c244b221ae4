"""One year of a harmonised series of one area, read only as far as asked."""

from dataclasses import dataclass

from db.core.absence import Reason, Status
from db.core.area_links import Method
from db.core.figures import known
from schema.figures import ROUNDED_LEVELS
from schema.harmonised import HarmonisedTable
from schema.place import Place

_REASONS = {int(reason): reason for reason in Reason}
DECIMALS = 6
"""Of shares of areas."""


@dataclass(frozen=True, slots=True, eq=False)
class HarmonisedFigure:
    """The source of a HarmonisedPoint, read only as far as asked."""

    of: HarmonisedTable
    area: Place
    column: int

    @property
    def year(self) -> int:
        return self.of.found.years[self.column]

    @property
    def value(self) -> float | None:
        return known(self.of.found.values.item(self.area.ordinal, self.column))

    @property
    def reason(self) -> Reason:
        return _REASONS[self.of.found.reasons.item(self.area.ordinal, self.column)]

    @property
    def status(self) -> Status:
        return self.reason.status

    @property
    def source_vintage(self) -> int | None:
        return self.of.vintage_of(self.area.ordinal, self.column)

    @property
    def own(self) -> bool:
        return self.source_vintage == self.of.table.vintage

    @property
    def lower(self) -> float | None:
        return self._bound(0)

    @property
    def upper(self) -> float | None:
        return self._bound(1)

    @property
    def coverage(self) -> float | None:
        found = known(self.of.found.coverage.item(self.area.ordinal, self.column))
        return None if found is None else round(found, DECIMALS)

    @property
    def methods(self) -> list[Method]:
        return methods_in(self.of.methods_of(self.area.ordinal, self.column))

    @property
    def rounding(self) -> int | None:
        fine = self.area.level in ROUNDED_LEVELS and self.value is not None
        return self.of.indicator.rounding if fine else None

    def _bound(self, side: int) -> float | None:
        if self.own or self.value is None:
            return None
        if self.reason is not Reason.ESTIMATED:
            return self.value
        place = self.area.ordinal * len(self.of.found.years) + self.column
        found = self.of.found.bounds.at(place)
        return None if found is None else known(found[side])


def methods_in(bits: int) -> list[Method]:
    return [method for method in Method if bits >> method & 1]
