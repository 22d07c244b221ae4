"""What is read of areas beside a reference: the sources of the types in `as_bad.py`."""

from dataclasses import dataclass

from db.core.figures import known
from db.core.stacking_definition import StackingDefinition, StackingDomain
from schema.belonging import Belonging, Members
from schema.dominance import Compared, Standing
from schema.place import Place
from schema.reference_area import Reference
from schema.stacked import Stacked


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The source of an AreasAsBad."""

    reference: Reference
    stacked: Stacked
    compared: Compared
    members: Members | None
    required: int
    first: int

    @property
    def definition(self) -> StackingDefinition:
        return self.stacked.definition

    @property
    def programme(self) -> str | None:
        return None if self.members is None else self.members.programme

    @property
    def members_carried_from(self) -> list[int]:
        return [] if self.members is None else self.members.vintages

    @property
    def not_stated(self) -> list[str]:
        return [] if self.members is None else list(self.members.not_stated)

    @property
    def totals(self) -> "Found":
        return self

    @property
    def as_bad(self) -> list["Row"]:
        return [Row(self, row) for row in self.compared.yes[: self.first].tolist()]

    @property
    def cannot_be_said(self) -> list["Row"]:
        return [Row(self, row) for row in self.compared.cannot[: self.first].tolist()]

    @property
    def profile(self) -> list["DomainRow"]:
        return [DomainRow(self, None, at) for at in range(len(self.definition.domains))]


class Row:
    """The source of an AreaAsBad: one area beside the reference."""

    __slots__ = ("found", "ordinal")

    def __init__(self, found: Found, ordinal: int) -> None:
        self.found = found
        self.ordinal = ordinal

    @property
    def area(self) -> Place:
        return Place(self.found.reference.table, self.ordinal)

    @property
    def standing(self) -> Standing:
        return Standing(self.found.compared.standings.item(self.ordinal))

    @property
    def belonging(self) -> Belonging | None:
        members = self.found.members
        return None if members is None else Belonging(members.codes.item(self.ordinal))

    @property
    def margin(self) -> float | None:
        return known(self.found.compared.margins.item(self.ordinal))

    @property
    def domains(self) -> list["DomainRow"]:
        return [
            DomainRow(self.found, self.ordinal, at)
            for at in range(len(self.found.definition.domains))
        ]

    @property
    def count_min(self) -> int:
        return sum(each.standing is Standing.YES for each in self.domains)

    @property
    def count_max(self) -> int:
        return sum(each.standing is not Standing.NO for each in self.domains)

    @property
    def unknown_domains(self) -> list[str]:
        return [each.domain for each in self.domains if each.standing is Standing.CANNOT_BE_SAID]


@dataclass(frozen=True, slots=True)
class UnitRow:
    """The source of a ReferenceUnit."""

    area: Place
    percentile: float | None


class DomainRow:
    """The source of an AreaAsBadDomain, or without an area of a ReferenceDomain."""

    __slots__ = ("_at", "_found", "_row")

    def __init__(self, found: Found, row: int | None, at: int) -> None:
        self._found = found
        self._row = row
        self._at = at

    @property
    def of(self) -> StackingDomain:
        return self._found.definition.domains[self._at]

    @property
    def domain(self) -> str:
        return self.of.slug

    @property
    def reference(self) -> float | None:
        return known(self._found.compared.profile.percentiles.item(self._at))

    @property
    def score(self) -> float | None:
        return known(self._found.compared.profile.scores.item(self._at))

    @property
    def each_unit(self) -> list[UnitRow]:
        reference, found = self._found.reference, self._found.stacked.found
        return [
            UnitRow(Place(reference.table, row), known(found.percentiles.item(row, self._at)))
            for row in reference.rows
        ]

    @property
    def known(self) -> float:
        return self._found.compared.profile.known.item(self._at)

    @property
    def percentile(self) -> float | None:
        if self._row is None:
            return self.reference
        return known(self._found.stacked.found.percentiles.item(self._row, self._at))

    @property
    def margin(self) -> float | None:
        own, other = self.percentile, self.reference
        return None if own is None or other is None else own - other

    @property
    def standing(self) -> Standing:
        margin = self.margin
        if margin is None:
            return Standing.CANNOT_BE_SAID
        return Standing.YES if margin >= 0 else Standing.NO
