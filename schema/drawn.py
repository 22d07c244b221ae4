"""Whether the areas of a vintage have shapes: without them nobody says where something lies."""

import numpy as np
from numpy.typing import NDArray

from db.core.area import AreaTable
from db.core.levels import Level, Terrain
from schema.context import Context
from schema.errors import VintageNotDrawn


def has_any_shape(table: AreaTable) -> bool:
    return bool(_shaped(table).any())


def has_gaps(table: AreaTable) -> bool:
    """Whether an area of this publication that is not abroad has no shape."""
    shaped = _shaped(table)
    return not all(
        shaped[row] for row in table.ordinals.values() if table.terrains[row] is not Terrain.ABROAD
    )


def drawn_table(context: Context, level: Level, vintage: int | None) -> AreaTable:
    """The areas of a vintage that has shapes; where none is named, the first meant that has."""
    table = context.table(level, vintage)
    if has_any_shape(table):
        return table
    drawn = {each.vintage: each for each in context.tables(level) if has_any_shape(each)}
    meant = context.facts.default_vintage.among((level, each) for each in drawn)
    if vintage is None and meant is not None:
        return drawn[meant]
    raise VintageNotDrawn(level, table.vintage, list(drawn))


def _shaped(table: AreaTable) -> NDArray[np.bool_]:
    shaped: NDArray[np.bool_] = ~np.isnan(table.bounds[:, 0])
    return shaped
