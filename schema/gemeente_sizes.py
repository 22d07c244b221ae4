"""Inhabitants of gemeenten on 1 January of a year, on the boundaries of that same year."""

from db.core.levels import Level
from schema.context import Context
from schema.whole_table import POPULATION, column_of, values_of

People = dict[str, tuple[str, float]]
"""By code: name and inhabitants; NaN where the number is not known."""


def people_of(context: Context, year: int) -> People | None:
    """Name and inhabitants of each gemeente; None where they are not loaded."""
    indicator = context.facts.head.indicators.get(POPULATION)
    own = context.facts.own_years(POPULATION, Level.GEMEENTE, year)
    if indicator is None or year not in own or year not in context.vintages(Level.GEMEENTE):
        return None
    table = context.table(Level.GEMEENTE, year)
    (values,) = values_of(context, table, [column_of(context, table, indicator, year)])
    return dict(zip(table.codes, zip(table.names, values.tolist(), strict=True), strict=True))
