"""The figures that a stacking was worked out from, so that it can be done again without us."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from db.core.area import AreaTable
from db.core.block import Block
from db.core.figures import Floats
from schema.context import Context
from schema.figures import Column
from schema.stacked import Stacked
from schema.whole_table import column_of, inhabitants_column
from service.evidence.kit import Cell
from service.evidence.shown import known

_HEADER = (
    "publicatie", "niveau", "indeling", "code", "indicator", "jaar", "waarde", "status", "reden",
    "percentiel",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Used:
    """A year of an indicator that took part, with the places that its values got."""

    column: Column
    block: Block
    percentiles: Floats | None
    """None for what areas are weighed by."""


@dataclass(frozen=True, slots=True, eq=False)
class Basis:
    """All figures that were used, the inhabitants that areas are weighed by first."""

    publication: int
    table: AreaTable
    used: Sequence[Used]

    @property
    def header(self) -> Sequence[str]:
        return _HEADER

    def rows(self, ordinal: int) -> Iterator[Sequence[Cell]]:
        """Of one area, a row for each indicator; what is absent says why."""
        table = self.table
        place = (self.publication, table.level.value, table.vintage, table.codes[ordinal])
        for each in self.used:
            cell = each.block.cell(ordinal, each.column.year)
            percentile = None if each.percentiles is None else known(each.percentiles[ordinal])
            why = (cell.reason.status.name, cell.reason.name)
            slug, year = each.column.indicator.slug, each.column.year
            yield (*place, slug, year, cell.value, *why, percentile)


def basis_of(context: Context, table: AreaTable, stacked: Stacked) -> Basis:
    """Indicators without figures on these boundaries are not in it: the definition says which."""
    taken: dict[str, tuple[Column, Floats | None]] = {}
    for part in (each for parts in stacked.parts for each in parts):
        if part.judged is not None:
            column = column_of(context, table, part.indicator, part.judged.asked.year)
            taken[part.indicator.slug] = (column, part.judged.found.percentiles)
    inhabitants = inhabitants_column(context, table)
    weighed = [] if inhabitants is None else [(inhabitants, None)]
    every = [*weighed, *taken.values()]
    blocks = context.blocks([column.key for column, _ in every])
    used = [Used(column, block, at) for (column, at), block in zip(every, blocks, strict=True)]
    return Basis(context.number, table, used)
