"""Where an absent value is known: the smallest area around it that has a value of its own.

A suggestion of where to look, with the code of that area beside it; it fills nothing in.
"""

from typing import Any

import strawberry

from db.core.codes import COUNTRY
from db.core.levels import Level
from schema.context import Context, Info
from schema.figures import Column, Figure
from schema.place import ABOVE, Place, find_if_loaded
from schema.whole_table import column_of


def known_in(source: strawberry.Parent[Figure], info: Info) -> Any:
    if source.value is not None:
        return None
    context = info.context
    place: Place | None = source.area
    while place is not None:
        place = _around(context, place)
        figure = None if place is None else _figure(context, source, place)
        if figure is not None and figure.value is not None:
            return figure
    return None


def _around(context: Context, place: Place) -> Place | None:
    """The area one level up, same vintage; None above the country and where it is not loaded."""
    above = ABOVE.get(place.level)
    if above is None:
        return None
    code = COUNTRY if above is Level.LAND else place.parent_code
    return find_if_loaded(context, above, code, place.vintage)


def _figure(context: Context, source: Figure, place: Place) -> Figure | None:
    column = _column(context, source, place)
    if column.place < 0:
        return None
    (block,) = context.blocks([column.key])
    return Figure(column, block, place)


def _column(context: Context, source: Figure, place: Place) -> Column:
    """The same year of the same indicator there; looked up once for all areas of a list."""
    key = ("known in", source.indicator.slug, source.year, place.level, place.vintage)
    found: Column | None = context.memo.get(key)
    if found is None:
        found = column_of(context, place.table, source.indicator, source.year)
        context.memo[key] = found
    return found
