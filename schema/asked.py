"""What is asked of every area of a table: which columns, of which year, and what has no answer."""

from collections.abc import Iterable, Sequence
from functools import cached_property

from db.core.area import AreaTable
from schema.context import Context
from schema.figures import Answers, Column, Problem, Question, columns, newest_year, worked_out
from schema.place import Places
from schema.spread import Figures, Spread


class Asked(Answers[Column]):
    """What is asked of every area of a table: columns and problems in the order of the slugs."""

    @cached_property
    def spread(self) -> Spread:
        return Spread(tuple(self.given))

    def figures(self, context: Context, places: Places) -> Figures:
        return Figures(self.spread, context.blocks(self.spread.keys), places)


def asked_of(
    context: Context, table: AreaTable, indicators: Sequence[str], year: int | None
) -> Asked:
    """What is asked of every area of a table in one year, or in the newest of each indicator."""
    return worked_out(
        context,
        table,
        indicators,
        ("observations", year),
        lambda asked: Asked(tuple(_items(context, asked, year))),
    )


def _items(context: Context, asked: Question, year: int | None) -> Iterable[Column | Problem]:
    at = (asked.level, asked.vintage)
    for item in asked.items:
        if isinstance(item, Problem):
            yield item
        else:
            wanted = newest_year(context, *at, item) if year is None else year
            yield from columns(context, *at, item, [wanted])
