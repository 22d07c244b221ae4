"""One area as the resolvers pass it on: a row of a table. And how a code becomes one.

A code is looked for in exactly one vintage; whatever else it may mean is said, never assumed.
"""

from dataclasses import dataclass
from datetime import date

from db.core.area import AreaTable
from db.core.codes import parse_code
from db.core.errors import MalformedCode
from db.core.levels import Level, Terrain
from db.core.suggest import nearest_codes, respelt
from schema.context import Context
from schema.errors import (
    CodeNotValidInVintage,
    CodeOfAnotherLevel,
    NoAreaCode,
    Suggestions,
    UnknownCode,
)


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """The source of every GraphQL type that is an area."""

    table: AreaTable
    ordinal: int

    @property
    def level(self) -> Level:
        return self.table.level

    @property
    def vintage(self) -> int:
        return self.table.vintage

    @property
    def code(self) -> str:
        return self.table.codes[self.ordinal]

    @property
    def name(self) -> str:
        return self.table.names[self.ordinal]

    @property
    def terrain(self) -> Terrain:
        return self.table.terrains[self.ordinal]

    @property
    def parent_code(self) -> str | None:
        return self.table.parents[self.ordinal]

    @property
    def valid_from(self) -> date:
        return date(self.table.vintage, 1, 1)

    @property
    def valid_until(self) -> date:
        return date(self.table.vintage + 1, 1, 1)


def read_code(text: str, expected: Level | None = None) -> tuple[Level, str]:
    """Level and code of a text, refused where it is no code, or one of another level."""
    try:
        level, code = parse_code(text)
    except MalformedCode:
        raise NoAreaCode(text, [{"code": each} for each in respelt(text)]) from None
    if expected is not None and level is not expected:
        raise CodeOfAnotherLevel(code, level, expected)
    return level, code


async def find(context: Context, level: Level, text: str, vintage: int | None) -> Place:
    """The area of a code in a vintage; which one where none is named, `Context.table` says."""
    code = read_code(text, level)[1]
    table = await context.table(level, vintage)
    ordinal = table.ordinals.get(code)
    if ordinal is None:
        raise await not_found(context, table, code)
    return Place(table, ordinal)


async def find_if_loaded(
    context: Context, level: Level, code: str | None, vintage: int | None
) -> Place | None:
    """The area that a stored fact names; None where this publication does not have it."""
    if code is None or vintage is None or vintage not in context.vintages(level):
        return None
    table = await context.table(level, vintage)
    ordinal = table.ordinals.get(code)
    return None if ordinal is None else Place(table, ordinal)


async def not_found(
    context: Context, table: AreaTable, code: str, *, suggest: bool = True
) -> UnknownCode | CodeNotValidInVintage:
    """Why a well-formed code is not in a table: of another vintage, of none, or not loaded."""
    level = table.level
    tables = [await context.table(level, vintage) for vintage in context.vintages(level)]
    valid_in = [each.vintage for each in tables if code in each.ordinals]
    if valid_in:
        complete = context.facts.is_complete(level, table.vintage)
        return CodeNotValidInVintage(code, table.vintage, valid_in, complete=complete)
    return UnknownCode(code, near(table, code) if suggest else [])


def near(table: AreaTable, code: str) -> Suggestions:
    """The codes of a table that resemble one it does not have."""
    return [
        {"code": each, "name": table.names[table.ordinals[each]], "vintage": table.vintage}
        for each in nearest_codes(code, list(table.ordinals))
    ]
