"""Fields of pages by their place: each says of any page what `paging.Page` says of itself."""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any, cast

from db.core.levels import Terrain
from schema.batch import Same
from schema.context import Context
from schema.filters import AreaOrder
from schema.ground import Chosen, Elsewhere, Ground, Made, Many, Reader, reads
from schema.paging import Page, PageRows, Window
from schema.place import BELOW
from schema.roster import Roster
from schema.selection import Branches
from schema.shelf import Edges, PageInfos, Shelf
from schema.standing import RankingShelf

NULL = "null"
_CHOSEN: Callable[[Page], Chosen] = attrgetter("chosen")


class PageReader(Reader):
    """One text of each page."""

    def __init__(self, text: Callable[[Page], str]) -> None:
        self._text = text

    @property
    def kind(self) -> object:
        return self

    def row(self, context: Any, row: Any) -> Sequence[str]:
        return [self._text(row)]

    def columns(self, context: Any, chosen: Chosen) -> Sequence[list[str]]:
        return [list(map(self._text, chosen.rows))]


class CursorReader(Reader):
    """The cursor of each item of a page."""

    @property
    def kind(self) -> object:
        return self

    def columns(self, context: Any, chosen: Chosen) -> Sequence[list[str]]:
        return [cast(PageRows, chosen).page.cursor_texts]


def _text(ground: type[Ground], field: str, text: Callable[[Page], str]) -> None:
    @reads(ground, field)
    def _(_: Ground, __: Context) -> list[Reader]:
        return [PageReader(text)]


def _cursor(place: Callable[[Page], int]) -> Callable[[Page], str]:
    return lambda page: f'"{page.cursor(place(page))}"' if page.start < page.stop else NULL


def _truth(holds: Callable[[Page], bool]) -> Callable[[Page], str]:
    return lambda page: "true" if holds(page) else "false"


_text(PageInfos, "has_next_page", _truth(attrgetter("has_next_page")))
_text(PageInfos, "has_previous_page", _truth(attrgetter("has_previous_page")))
_text(PageInfos, "start_cursor", _cursor(attrgetter("start")))
_text(PageInfos, "end_cursor", _cursor(lambda page: page.stop - 1))

for kind in (Shelf, RankingShelf):
    _text(kind, "total_count", lambda page: str(page.total_count))

    @reads(kind, "nodes")
    def _nodes_of_pages(shelf: Shelf, _: Context) -> Many:
        return Many(shelf.items, _CHOSEN)

    @reads(kind, "edges")
    def _edges_of_pages(shelf: Shelf, _: Context) -> Many:
        return Many(Edges(shelf), PageRows)

    @reads(kind, "page_info")
    def _info_of_pages(shelf: Shelf, _: Context) -> Elsewhere:
        return Elsewhere([PageInfos()])


@reads(Edges, "node")
def _nodes_of_edges(edges: Edges, _: Context) -> Elsewhere:
    return Elsewhere([edges.items])


@reads(Edges, "cursor")
def _cursors_of_edges(_: Edges, __: Context) -> list[Reader]:
    return [CursorReader()]


@reads(Shelf, "vintage")
def _vintage_of_pages(shelf: Shelf, _: Context) -> Same:
    return Same(str(_roster(shelf).table.vintage))


@reads(Shelf, "complete")
def _whether_complete(shelf: Shelf, _: Context) -> Same:
    return Same("true" if _roster(shelf).complete else "false")


@reads(Shelf, "missing")
def _missing_of_pages(_: Shelf, __: Context) -> Same:
    # A page of a filter that names what is not there stands on no shelf.
    return Same("[]")


def _roster(shelf: Shelf) -> Roster:
    return cast(Roster, shelf.items)


@reads(Roster, "children")
def _children_of_rows(
    roster: Roster,
    context: Context,
    terrain: Terrain | None = Terrain.LAND,
    order_by: AreaOrder | None = None,
    **window: Any,
) -> Elsewhere | None:
    below = BELOW.get(roster.table.level)
    if below is None:
        return None
    inside = context.roster(context.table(below, roster.table.vintage))
    asked = Window(*[window.get(name) for name in ("first", "after", "last", "before")])
    branches = Branches(inside, context.number, terrain, order_by, asked)
    codes = roster.table.codes
    pages = Made(lambda row: branches.page(codes[row]), len(codes))
    return Elsewhere([inside.shelf], at=pages)
