"""Figures of all areas of a table as arrays, for what is worked out over the whole of it.

Values are those of one year on the table's own boundaries: nothing is joined from another vintage.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from db.core.area import AreaTable
from db.core.block import Block, SeriesKey
from db.core.figures import Floats
from db.core.indicator import Indicator
from db.core.levels import Terrain
from schema.context import Context
from schema.figures import Column, columns

POPULATION = "population"
"""Slug of the indicator that holds inhabitants."""


@dataclass(frozen=True, slots=True)
class Inhabitants:
    """Inhabitants of all areas of a table; NaN where they are not known."""

    values: Floats
    year: int
    """The year of the boundaries where there is one, or else the newest."""


def column_of(context: Context, table: AreaTable, indicator: Indicator, year: int) -> Column:
    """Where the values of one year of an indicator lie on the areas of a table."""
    (found,) = columns(context, table.level, table.vintage, indicator, [year])
    return found


def values_of(context: Context, table: AreaTable, asked: Sequence[Column]) -> list[Floats]:
    """Values of all rows of a table for each column, NaN where there is none; one load for all."""
    keys = list(dict.fromkeys(each.key for each in asked if each.place >= 0))
    blocks = dict(zip(keys, context.blocks(keys), strict=True))
    return [_values(table, each, blocks) for each in asked]


def _values(table: AreaTable, column: Column, blocks: dict[SeriesKey, Block]) -> Floats:
    # Areas that joined after the block was made lie past its end.
    values = np.full(len(table), np.nan)
    if column.place >= 0:
        found = blocks[column.key].values[: len(table), column.place]
        values[: len(found)] = found
    return values


def inhabitants_column(context: Context, table: AreaTable) -> Column | None:
    """Where the inhabitants on exactly these boundaries lie; None where none are loaded."""
    indicator = context.facts.head.indicators.get(POPULATION)
    years = context.facts.own_years(POPULATION, table.level, table.vintage)
    if not years or indicator is None:
        return None
    year = table.vintage if table.vintage in years else years[-1]
    return column_of(context, table, indicator, year)


def inhabitants_of(context: Context, table: AreaTable) -> Inhabitants | None:
    """Inhabitants on exactly these boundaries; None where none are loaded."""
    column = inhabitants_column(context, table)
    if column is None:
        return None
    return Inhabitants(values_of(context, table, [column])[0], column.year)


def on_land(context: Context, table: AreaTable) -> NDArray[np.bool_]:
    """Rows that take part in comparisons: areas of this publication, neither water nor abroad."""
    roster = context.roster(table)
    present = np.zeros(len(table), np.bool_)
    present[roster.by_code.ordinals] = True
    return present & roster.terrains[Terrain.LAND]
