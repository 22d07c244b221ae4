"""Pages of lists by keyset: a cursor names an item, never an offset.

A limit outside its range is refused, not clamped; a cursor holds for one list of one publication.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, Protocol, TypeVar

import numpy as np

from db.core.area import AreaTable
from db.core.cursor import Cursor, MalformedCursor, list_digest, read_cursor, write_cursor
from db.core.publication import Publication
from schema.batch import Batch, grouped
from schema.context import Context
from schema.errors import (
    BadArgument,
    LimitOutOfRange,
)
from schema.ground import Chosen
from schema.handle_errors import BadCursor, CursorOfAnotherList, CursorOfAnotherPublication
from schema.place import Place, Places
from schema.roster import Order, Ordinals, Roster
from schema.shelf import Shelf

DEFAULT_PAGE = 100
LARGEST_PAGE = 5000
_PAGE_BYTES, _ROW_BYTES = 1000, 180
T = TypeVar("T")


class Listing(Protocol):
    """A finite list in a total order, with a unique key for every item."""

    def __len__(self) -> int: ...

    @property
    def shelf(self) -> Shelf | None:
        """The ground that pages of this list are rows of, where there is one."""
        ...

    def rows(self, start: int, stop: int) -> Sequence[int]:
        """The rows of the shelf's items that stand there."""
        ...

    def node(self, place: int) -> Any: ...

    def nodes(self, start: int, stop: int) -> Sequence[Any]: ...

    def key(self, place: int) -> str: ...

    def places(self, key: str) -> tuple[int, int]:
        """How many items come before the key, and how many up to and including it."""
        ...


@dataclass(frozen=True, slots=True)
class AreaListing:
    """Chosen areas of one table in an order."""

    roster: Roster
    ordinals: Ordinals
    order: Order

    def __len__(self) -> int:
        return len(self.ordinals)

    @property
    def table(self) -> AreaTable:
        return self.roster.table

    @property
    def complete(self) -> bool:
        """Whether all areas of the table's level and vintage are loaded."""
        return self.roster.complete

    @property
    def shelf(self) -> Shelf:
        return self.roster.shelf

    def rows(self, start: int, stop: int) -> Sequence[int]:
        found: list[int] = self.ordinals[start:stop].tolist()
        # Rows side by side are cut out of columns in one go.
        beside = range(found[0], found[-1] + 1) if found else range(0)
        return beside if found == list(beside) else found

    def node(self, place: int) -> Place:
        return Place(self.table, int(self.ordinals[place]))

    def nodes(self, start: int, stop: int) -> Places:
        return Places(self.table, self.ordinals[start:stop].tolist())

    def key(self, place: int) -> str:
        return self.table.codes[int(self.ordinals[place])]

    def places(self, key: str) -> tuple[int, int]:
        ordinal = self.table.ordinals.get(key)
        if ordinal is None:
            raise MalformedCursor
        ranks, rank = self.order.rank[self.ordinals], self.order.rank[ordinal]
        return int(np.searchsorted(ranks, rank)), int(np.searchsorted(ranks, rank, side="right"))


@dataclass(frozen=True, slots=True)
class ItemListing(Generic[T]):
    """Items that are all there, in order; each kind of list says what their keys are."""

    items: Sequence[T]
    shelf = None

    def __len__(self) -> int:
        return len(self.items)

    def rows(self, start: int, stop: int) -> range:
        return range(start, stop)

    def node(self, place: int) -> T:
        return self.items[place]

    def nodes(self, start: int, stop: int) -> Sequence[T]:
        return self.items[start:stop]


class PublicationListing(ItemListing[Publication]):
    """Publications, newest first."""

    __slots__ = ()

    def key(self, place: int) -> str:
        return str(self.items[place].number)

    def places(self, key: str) -> tuple[int, int]:
        numbers = [str(each.number) for each in self.items]
        if key not in numbers:
            raise MalformedCursor
        return numbers.index(key), numbers.index(key) + 1


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list is asked for, as the four arguments of a connection say."""

    first: int | None
    after: str | None
    last: int | None
    before: str | None

    def check(self) -> None:
        for name, given in (("first", self.first), ("last", self.last)):
            if given is not None and not 1 <= given <= LARGEST_PAGE:
                raise LimitOutOfRange(name, given, 1, LARGEST_PAGE)
        if self.first is not None and self.last is not None:
            raise BadArgument(
                "give `first` or `last`, not both",
                "geef `first` of `last`, niet allebei",
                argument="last",
            )


@dataclass(frozen=True, slots=True)
class Edge:
    """An item of a page with its cursor, which is made only when asked for."""

    page: "Page"
    place: int

    @property
    def node(self) -> Any:
        return self.page.listing.node(self.place)

    @property
    def cursor(self) -> str:
        return self.page.cursor(self.place)


@dataclass(frozen=True)
class Page:
    """The source of every connection, and of its `pageInfo`."""

    listing: Listing
    publication: int
    definition: Callable[[], Sequence[object]]
    """What makes the list this list; worked out only where a cursor is written or read."""
    start: int
    stop: int
    missing: Sequence[Any] = ()
    """Items named in the question that the list cannot have, with why."""

    @property
    def vintage(self) -> int:
        return self.listing.table.vintage  # type: ignore[attr-defined, no-any-return]

    @property
    def complete(self) -> bool:
        return self.listing.complete  # type: ignore[attr-defined, no-any-return]

    @property
    def total_count(self) -> int:
        return len(self.listing)

    @property
    def nodes(self) -> Sequence[Any]:
        return self.listing.nodes(self.start, self.stop)

    @property
    def edges(self) -> list[Edge]:
        return [Edge(self, place) for place in range(self.start, self.stop)]

    @property
    def page_info(self) -> "Page":
        return self

    @property
    def has_next_page(self) -> bool:
        return self.stop < len(self.listing)

    @property
    def has_previous_page(self) -> bool:
        return self.start > 0

    @property
    def start_cursor(self) -> str | None:
        return self.cursor(self.start) if self.start < self.stop else None

    @property
    def end_cursor(self) -> str | None:
        return self.cursor(self.stop - 1) if self.start < self.stop else None

    @cached_property
    def _digest(self) -> str:
        return list_digest(*self.definition())

    def cursor(self, place: int) -> str:
        return write_cursor(Cursor(self.publication, self._digest, self.listing.key(place)))

    @property
    def weight(self) -> int:
        """Bytes that it takes, with all it may come to keep."""
        return _PAGE_BYTES + _ROW_BYTES * (self.stop - self.start)

    def standing_on(self, context: Context) -> tuple[Shelf, "Page"] | None:
        """The ground of pages like this one, and the row that it is there."""
        shelf = None if self.missing else self.listing.shelf
        return None if shelf is None else (shelf, self)

    @staticmethod
    def batches(pages: Sequence["Page"]) -> list[tuple[Batch, list[int]]]:
        return [
            (Pages([pages[row] for row in rows]), rows)
            for rows in grouped(id(page.listing.shelf) for page in pages).values()
        ]

    @property
    def chosen(self) -> Chosen:
        """The rows of its items."""
        # A cached property takes a lock (Python 3.11), which costs as much as all of this.
        known: Chosen | None = self.__dict__.get("chosen")
        if known is None:
            known = self.__dict__["chosen"] = Chosen(self.listing.rows(self.start, self.stop))
        return known

    @cached_property
    def cursor_texts(self) -> list[str]:
        """The cursors of its items as JSON texts."""
        return [f'"{self.cursor(place)}"' for place in range(self.start, self.stop)]


class PageRows(Chosen):
    """The items of a page, where more than their rows is asked for."""

    __slots__ = ("page",)

    def __init__(self, page: Page) -> None:
        super().__init__(page.chosen.rows)
        self.page = page


class Pages(Batch):
    """Pages of lists of one kind."""

    __slots__ = ("ordinals",)
    type_name = "Connection"

    def __init__(self, pages: Sequence[Page]) -> None:
        self.ordinals = pages  # type: ignore[assignment]

    def ground(self, context: Context) -> Shelf | None:
        if any(page.missing for page in self):
            return None
        first: Page = self[0]
        return first.listing.shelf

    def __len__(self) -> int:
        return len(self.ordinals)

    def __getitem__(self, row: Any) -> Any:
        return self.ordinals[row]


def cut(
    listing: Listing,
    window: Window,
    *,
    publication: int,
    definition: Callable[[], Sequence[object]],
    missing: Sequence[Any] = (),
) -> Page:
    """The page of a list that a window shows; `definition` is what makes the list this list."""
    window.check()
    start, stop = 0, len(listing)
    if window.after is not None:
        start = _places(listing, "after", window.after, publication, definition())[1]
    if window.before is not None:
        stop = _places(listing, "before", window.before, publication, definition())[0]
    stop = max(start, stop)
    if window.last is not None:
        start = max(start, stop - window.last)
    else:
        stop = min(stop, start + (window.first or DEFAULT_PAGE))
    return Page(listing, publication, definition, start, stop, missing)


def _places(
    listing: Listing, argument: str, text: str, publication: int, definition: Sequence[object]
) -> tuple[int, int]:
    """Where the item of a cursor is, or would be; the argument is named in what is refused."""
    try:
        cursor = read_cursor(text)
        # First the publication: a newer one may also have a newer vintage, and so another list.
        if cursor.publication != publication:
            raise CursorOfAnotherPublication(cursor.publication, publication, argument=argument)
        if cursor.list != list_digest(*definition):
            raise CursorOfAnotherList(argument)
        return listing.places(cursor.key)
    except MalformedCursor:
        raise BadCursor(argument) from None
