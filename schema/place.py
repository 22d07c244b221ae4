"""One area as the resolvers pass it on: a row of a table. And how a code becomes one.

A code is looked for in exactly one vintage; whatever else it may mean is said, never assumed.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from db.core.area import AreaTable
from db.core.codes import parse_code
from db.core.errors import MalformedCode
from db.core.levels import Level, Terrain
from db.core.suggest import nearest_codes, respelt
from schema.batch import Batch, grouped
from schema.code_errors import (
    CodeNotValidInVintage,
    CodeOfAnotherLevel,
    NoAreaCode,
    Suggestions,
    UnknownCode,
)
from schema.context import Context
from schema.node_key import TYPE_NAMES
from schema.roster import Roster

BELOW = {Level.LAND: Level.GEMEENTE, Level.GEMEENTE: Level.WIJK, Level.WIJK: Level.BUURT}
ABOVE = {below: above for above, below in BELOW.items()}


class Place:
    """The source of every GraphQL type that is an area."""

    __slots__ = ("ordinal", "table")

    def __init__(self, table: AreaTable, ordinal: int) -> None:
        self.table = table
        self.ordinal = ordinal

    @staticmethod
    def batches(places: Sequence["Place"]) -> list[tuple[Batch, list[int]]]:
        """The same areas as batches, each with the rows that its areas had."""
        if len(places) == 1:
            return [(Places(places[0].table, [places[0].ordinal]), [0])]
        by_table = grouped(id(each.table) for each in places)
        return [
            (Places(places[rows[0]].table, [places[row].ordinal for row in rows]), rows)
            for rows in by_table.values()
        ]

    def standing_on(self, context: Context) -> tuple[Roster, int]:
        """The ground that it is a row of, and which."""
        return context.facts.roster(self.table), self.ordinal

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


class Places(Batch):
    """Areas of one table."""

    __slots__ = ("ordinals", "table")

    def __init__(self, table: AreaTable, ordinals: Sequence[int]) -> None:
        self.table = table
        self.ordinals = ordinals

    @property
    def type_name(self) -> str:  # type: ignore[override]
        return TYPE_NAMES[self.table.level]

    @classmethod
    def joined(cls, batches: Sequence[Batch]) -> "Places | None":
        places = [each for each in batches if isinstance(each, Places)]
        if len({id(each.table) for each in places}) != 1:
            return None
        return Places(places[0].table, [i for each in places for i in each.ordinals])

    def ground(self, context: Context) -> Roster:
        return context.facts.roster(self.table)

    def __len__(self) -> int:
        return len(self.ordinals)

    def __getitem__(self, row: Any) -> Any:
        if isinstance(row, slice):
            return Places(self.table, self.ordinals[row])
        return Place(self.table, self.ordinals[row])

    def __iter__(self) -> Iterator[Place]:
        table = self.table
        return (Place(table, ordinal) for ordinal in self.ordinals)


def read_code(
    text: str, expected: Level | None = None, argument: str = "code"
) -> tuple[Level, str]:
    """Level and code of a text, refused where it is no code, or one of another level.

    `argument` is where it was given.
    """
    try:
        level, code = parse_code(text)
    except MalformedCode:
        near_codes = [{"code": each} for each in respelt(text)]
        raise NoAreaCode(text, near_codes, argument=argument) from None
    if expected is not None and level is not expected:
        raise CodeOfAnotherLevel(code, level, expected, argument=argument)
    return level, code


def find(
    context: Context, level: Level, text: str, vintage: int | None, argument: str = "code"
) -> Place:
    """The area of a code in a vintage; which one where none is named, `Context.table` says."""
    if (level, vintage) in context.facts.table_keys:
        table = context.table(level, vintage)
        ordinal = table.ordinals.get(text)
        if ordinal is not None:
            return Place(table, ordinal)
    code = read_code(text, level, argument)[1]
    table = context.table(level, vintage)
    ordinal = table.ordinals.get(code)
    if ordinal is None:
        raise not_found(context, table, code, argument=argument)
    return Place(table, ordinal)


def find_if_loaded(
    context: Context, level: Level, code: str | None, vintage: int | None
) -> Place | None:
    """The area that a stored fact names; None where this publication does not have it."""
    if code is None or vintage is None or vintage not in context.vintages(level):
        return None
    table = context.table(level, vintage)
    ordinal = table.ordinals.get(code)
    return None if ordinal is None else Place(table, ordinal)


def not_found(
    context: Context,
    table: AreaTable,
    code: str,
    *,
    suggest: bool = True,
    argument: str = "code",
) -> UnknownCode | CodeNotValidInVintage:
    """Why a well-formed code is not in a table: of another vintage, of none, or not loaded."""
    level = table.level
    tables = context.tables(level)
    valid_in = [each.vintage for each in tables if code in each.ordinals]
    if valid_in:
        complete = context.facts.is_complete(level, table.vintage)
        return CodeNotValidInVintage(
            code, table.vintage, valid_in, complete=complete, argument=argument
        )
    return UnknownCode(code, near(table, code) if suggest else [], argument=argument)


def near(table: AreaTable, code: str) -> Suggestions:
    """The codes of a table that resemble one it does not have."""
    return [
        {"code": each, "name": table.names[table.ordinals[each]], "vintage": table.vintage}
        for each in nearest_codes(code, list(table.ordinals))
    ]
