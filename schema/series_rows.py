"""Series of every area of a table at once, told by the row; each says what its resolver says."""

from collections.abc import Sequence
from itertools import accumulate, pairwise, starmap

from db.core.area import AreaTable
from schema.batch import Cycle, Linked, Same
from schema.context import Context
from schema.ground import Ground, Items, reads
from schema.roster import Roster
from schema.series import Asked, asked_of
from schema.span import Span
from schema.spread import CellReader, Cells, NumberReader, cell_by_cell, status_texts


class Outlines(Ground):
    """The series that are asked of every area of a table."""

    type_name = "Series"

    def __init__(self, asked: Asked, table: AreaTable) -> None:
        self.asked = asked
        self.table = table
        self.width = len(asked.outlines)

    @property
    def cells(self) -> Cells:
        """The points of all series."""
        return Cells(self.asked.spread, self.table)

    @property
    def spans(self) -> list[slice]:
        """Which of them are of each series."""
        ends = accumulate(self.asked.widths, initial=0)
        return list(starmap(slice, pairwise(ends)))


@reads(Roster, "series")
def _series_of_rows(
    roster: Roster,
    context: Context,
    indicators: Sequence[str],
    from_: int | None = None,
    to: int | None = None,
    harmonised: bool = False,
) -> Items | None:
    if harmonised:
        return None
    asked = asked_of(context, roster.table, indicators, Span(from_, to))
    return Items(Outlines(asked, roster.table), [slice(None)], asked.fixed)


@reads(Outlines, "points")
def _points_of_rows(outlines: Outlines, _: Context) -> Items:
    return Items(outlines.cells, outlines.spans)


@reads(Outlines, "values")
def _values_of_rows(outlines: Outlines, _: Context) -> list[list[CellReader]]:
    values = cell_by_cell(outlines.cells, NumberReader, "values")
    return [values[span] for span in outlines.spans]


@reads(Outlines, "statuses")
def _statuses_of_rows(outlines: Outlines, _: Context) -> list[list[CellReader]]:
    statuses = cell_by_cell(outlines.cells, CellReader, status_texts)
    return [statuses[span] for span in outlines.spans]


@reads(Outlines, "indicator")
def _indicator_of_rows(outlines: Outlines, _: Context) -> Linked:
    return outlines.asked.indicators


@reads(Outlines, "years")
def _years_of_rows(outlines: Outlines, _: Context) -> Cycle:
    return outlines.asked.years


@reads(Outlines, "vintage")
def _vintage_of_rows(outlines: Outlines, _: Context) -> Same:
    return Same(str(outlines.table.vintage))
