"""Fields of many areas of one table at once; each says what its resolver in `areas` says of one."""

from collections.abc import Sequence

from db.core.area import AreaTable
from db.core.codes import gemeente_code
from db.core.levels import Level, Terrain
from schema.batch import Linked, Same, Texts, together
from schema.context import Context
from schema.place import ABOVE, Place, Places

NULL = "null"


@together(Places, "id")
def _ids(places: Places, context: Context) -> Texts:
    texts = context.roster(places.table).id_texts
    return [texts[ordinal] for ordinal in places.ordinals]


@together(Places, "code")
def _codes(places: Places, context: Context) -> Texts:
    texts = context.roster(places.table).code_texts
    return [texts[ordinal] for ordinal in places.ordinals]


@together(Places, "name")
def _names(places: Places, context: Context) -> Texts:
    texts = context.roster(places.table).name_texts
    return [texts[ordinal] for ordinal in places.ordinals]


@together(Places, "level")
def _level(places: Places, _: Context) -> Texts:
    return Same(f'"{places.table.level.name}"')


@together(Places, "vintage")
def _vintage(places: Places, _: Context) -> Texts:
    return Same(str(places.table.vintage))


@together(Places, "valid_from")
def _valid_from(places: Places, _: Context) -> Texts:
    return Same(f'"{Place(places.table, 0).valid_from.isoformat()}"')


@together(Places, "valid_until")
def _valid_until(places: Places, _: Context) -> Texts:
    return Same(f'"{Place(places.table, 0).valid_until.isoformat()}"')


@together(Places, "terrain")
def _terrains(places: Places, _: Context) -> Texts:
    terrains, texts = places.table.terrains, {each: f'"{each.name}"' for each in Terrain}
    return [texts[terrains[ordinal]] for ordinal in places.ordinals]


@together(Places, "parent_code")
def _parent_codes(places: Places, _: Context) -> Texts:
    parents = [places.table.parents[ordinal] for ordinal in places.ordinals]
    return [NULL if parent is None else f'"{parent}"' for parent in parents]


@together(Places, "gemeente_code")
def _gemeente_codes(places: Places, _: Context) -> Texts:
    codes = [gemeente_code(places.table.codes[ordinal]) for ordinal in places.ordinals]
    return [f'"{code}"' if code else NULL for code in codes]


@together(Places, "gemeente")
def _gemeenten(places: Places, context: Context) -> Linked:
    return _containing(places, context, Level.GEMEENTE)


@together(Places, "parent")
def _parents(places: Places, context: Context) -> Linked:
    return _containing(places, context, ABOVE.get(places.table.level))


def _containing(places: Places, context: Context, level: Level | None) -> Linked:
    """The areas of the same vintage that these lie in."""
    vintage = places.table.vintage
    if level is None or vintage not in context.vintages(level):
        return Linked([], [-1] * len(places))
    table = context.table(level, vintage)
    roster = context.roster(places.table)
    rows = roster.rows_in.get(level)
    if rows is None or rows.table is not table:
        rows = roster.rows_in[level] = _rows(places.table, table)
    return Linked(rows.all, [rows.rows[ordinal] for ordinal in places.ordinals], lasting=True)


class Containing:
    """The areas one or more levels up, and in which of them each area of a table lies."""

    __slots__ = ("all", "rows", "table")

    def __init__(self, table: AreaTable, rows: list[int]) -> None:
        self.table = table
        self.all = Places(table, range(len(table)))
        self.rows = rows


def _rows(table: AreaTable, above: AreaTable) -> Containing:
    codes: Sequence[str | None] = table.parents
    if ABOVE.get(table.level) is not above.level:
        codes = [gemeente_code(code) for code in table.codes]
    return Containing(above, [above.ordinals.get(code or "", -1) for code in codes])
