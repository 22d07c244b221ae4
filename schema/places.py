"""Fields of many areas of one table at once; each says what its resolver in `areas` says of one."""

from collections.abc import Callable, Sequence

from db.core.area import AreaTable
from db.core.codes import gemeente_code
from db.core.levels import Level
from schema.batch import Linked, Same, Texts, together
from schema.context import Context
from schema.ground import Listed, Made, reads
from schema.place import ABOVE, Place, Places
from schema.roster import Roster

NULL = "null"


def _by_row(field: str, texts: Callable[[Roster], Sequence[str]]) -> None:
    """A field whose texts stand in a sequence by row."""

    @reads(Roster, field)
    def _(roster: Roster, _: Context) -> list[Listed]:
        return [Listed(texts(roster))]

    @together(Places, field)
    def _(places: Places, context: Context) -> Texts:
        found = texts(context.roster(places.table))
        return [found[ordinal] for ordinal in places.ordinals]


def _same(field: str, text: Callable[[AreaTable], str]) -> None:
    """A field that says the same of every area of a table."""

    @reads(Roster, field)
    def _(roster: Roster, _: Context) -> Same:
        return Same(text(roster.table))

    @together(Places, field)
    def _(places: Places, _: Context) -> Same:
        return Same(text(places.table))


def _terrains(roster: Roster) -> Sequence[str]:
    terrains = roster.table.terrains
    return Made(lambda row: f'"{terrains[row].name}"', len(terrains))


def _parent_codes(roster: Roster) -> Sequence[str]:
    parents = roster.table.parents
    return Made(lambda row: _quoted(parents[row]), len(parents))


def _gemeente_codes(roster: Roster) -> Sequence[str]:
    codes = roster.table.codes
    return Made(lambda row: _quoted(gemeente_code(codes[row])), len(codes))


def _quoted(code: str | None) -> str:
    return f'"{code}"' if code else NULL


_by_row("id", lambda roster: roster.id_texts)
_by_row("code", lambda roster: roster.code_texts)
_by_row("name", lambda roster: roster.name_texts)
_by_row("terrain", _terrains)
_by_row("parent_code", _parent_codes)
_by_row("gemeente_code", _gemeente_codes)
_same("level", lambda table: f'"{table.level.name}"')
_same("vintage", lambda table: str(table.vintage))
_same("valid_from", lambda table: f'"{Place(table, 0).valid_from.isoformat()}"')
_same("valid_until", lambda table: f'"{Place(table, 0).valid_until.isoformat()}"')


@together(Places, "gemeente")
def _gemeenten(places: Places, context: Context) -> Linked:
    return _of_these(places, _containing(context.roster(places.table), context, Level.GEMEENTE))


@together(Places, "parent")
def _parents(places: Places, context: Context) -> Linked:
    above = ABOVE.get(places.table.level)
    return _of_these(places, _containing(context.roster(places.table), context, above))


@reads(Roster, "gemeente")
def _gemeente_of_rows(roster: Roster, context: Context) -> Linked | Same:
    return _of_all(_containing(roster, context, Level.GEMEENTE))


@reads(Roster, "parent")
def _parent_of_rows(roster: Roster, context: Context) -> Linked | Same:
    return _of_all(_containing(roster, context, ABOVE.get(roster.table.level)))


def _of_these(places: Places, found: "Containing | None") -> Linked:
    if found is None:
        return Linked([], [-1] * len(places))
    return Linked(found.all, [found.rows[ordinal] for ordinal in places.ordinals], lasting=True)


def _of_all(found: "Containing | None") -> Linked | Same:
    return Same(NULL) if found is None else Linked(found.all, found.rows, lasting=True)


def _containing(roster: Roster, context: Context, level: Level | None) -> "Containing | None":
    """The areas of the same vintage that those of a table lie in; None where none is loaded."""
    vintage = roster.table.vintage
    if level is None or vintage not in context.vintages(level):
        return None
    table = context.table(level, vintage)
    rows = roster.rows_in.get(level)
    if rows is None or rows.table is not table:
        rows = roster.rows_in[level] = _rows(roster.table, table)
    return rows


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
