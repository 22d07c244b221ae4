"""Some areas of a table as a list by code, no longer than was asked for."""

from typing import Annotated, TypeAlias

from db.core.area import AreaTable
from db.core.ranking import Rows
from schema.errors import LimitOutOfRange
from schema.fields import argument

MOST_LISTED = 1000
FirstArgument: TypeAlias = Annotated[int, argument("At most so many, by code: 1 to 1000.")]


def first_by_code(table: AreaTable, rows: Rows, first: int) -> list[int]:
    """The first of these rows in order of code; refuses a number that is out of range."""
    if not 1 <= first <= MOST_LISTED:
        raise LimitOutOfRange("first", first, 1, MOST_LISTED)
    return sorted(rows.tolist(), key=table.codes.__getitem__)[:first]
