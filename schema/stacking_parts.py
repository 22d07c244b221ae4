"""What is said alike of a domain and of its indicators, whichever area is held against them."""

from dataclasses import dataclass

import strawberry

from db.core.indicator import Indicator
from db.core.stacking_definition import StackingDefinition, StackingDomain
from schema.context import Info
from schema.language import LanguageArgument, said
from schema.stacked import Part


class DomainRow:
    """One domain of a definition, by its place there."""

    __slots__ = ("at", "definition")

    def __init__(self, definition: StackingDefinition, at: int) -> None:
        self.definition = definition
        self.at = at

    @property
    def stated(self) -> StackingDomain:
        return self.definition.domains[self.at]

    @property
    def domain(self) -> str:
        return self.stated.slug

    @property
    def threshold(self) -> float:
        return self.definition.thresholds[self.at]


@dataclass(frozen=True, slots=True, eq=False)
class WeighedRow:
    """One indicator of a domain, with what it weighs there."""

    part: Part

    @property
    def indicator(self) -> Indicator:
        return self.part.indicator

    @property
    def weight(self) -> float:
        return self.part.weight


def row_name(
    source: strawberry.Parent[DomainRow], info: Info, language: LanguageArgument = None
) -> str:
    return said((source.stated.name_nl, source.stated.name_en), info.context, language)
