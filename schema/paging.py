"""Pages of lists by keyset: a cursor names an item, never an offset.

A limit outside its range is refused, not clamped; a cursor holds for one list of one publication.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from db.core.area import AreaTable
from db.core.cursor import Cursor, MalformedCursor, list_digest, read_cursor, write_cursor
from db.core.publication import Publication
from schema.errors import (
    BadArgument,
    CursorOfAnotherList,
    CursorOfAnotherPublication,
    LimitOutOfRange,
)
from schema.place import Place, Places
from schema.roster import Order, Ordinals

DEFAULT_PAGE = 100
LARGEST_PAGE = 5000


class Listing(Protocol):
    """A finite list in a total order, with a unique key for every item."""

    def __len__(self) -> int: ...

    def node(self, place: int) -> Any: ...

    def nodes(self, start: int, stop: int) -> Sequence[Any]: ...

    def key(self, place: int) -> str: ...

    def places(self, key: str) -> tuple[int, int]:
        """How many items come before the key, and how many up to and including it."""
        ...


@dataclass(frozen=True, slots=True)
class AreaListing:
    """Chosen areas of one table in an order."""

    table: AreaTable
    ordinals: Ordinals
    order: Order
    complete: bool
    """Whether all areas of the table's level and vintage are loaded."""

    def __len__(self) -> int:
        return len(self.ordinals)

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
class PublicationListing:
    """Publications, newest first."""

    publications: Sequence[Publication]

    def __len__(self) -> int:
        return len(self.publications)

    def node(self, place: int) -> Publication:
        return self.publications[place]

    def nodes(self, start: int, stop: int) -> Sequence[Publication]:
        return self.publications[start:stop]

    def key(self, place: int) -> str:
        return str(self.publications[place].number)

    def places(self, key: str) -> tuple[int, int]:
        numbers = [str(each.number) for each in self.publications]
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
        start = listing.places(_key(window.after, publication, definition()))[1]
    if window.before is not None:
        stop = listing.places(_key(window.before, publication, definition()))[0]
    stop = max(start, stop)
    if window.last is not None:
        start = max(start, stop - window.last)
    else:
        stop = min(stop, start + (window.first or DEFAULT_PAGE))
    return Page(listing, publication, definition, start, stop, missing)


def _key(text: str, publication: int, definition: Sequence[object]) -> str:
    cursor = read_cursor(text)
    # First the publication: a newer one may also have a newer vintage, and so another list.
    if cursor.publication != publication:
        raise CursorOfAnotherPublication(cursor.publication, publication)
    if cursor.list != list_digest(*definition):
        raise CursorOfAnotherList
    return cursor.key
