"""A page of a list: where it begins, the links out of it, and all of one publication.

A cursor names the list it was given out for and the key of the last item, so that it holds
whatever else changes. The link `next` names the publication: a walk along it sees one state of the
data, whatever is published meanwhile.
"""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from service.rest.common import CURSOR, LANGUAGE, LIMIT, PUBLICATION
from service.rest.invalid import Invalid
from service.rest.operation import Asked, Faulty
from service.rest.query import query_of
from service.rest.record import ADDRESS, TEXT, WHOLE, Member, Record, list_of

T = TypeVar("T")
_DIGEST = 8


@dataclass(frozen=True, slots=True)
class Link:
    rel: str
    href: str
    type: str = "application/json"


LINK: Record[Link] = Record(
    "Link",
    "Een adres, en hoe het zich verhoudt tot dit antwoord.",
    [
        Member("rel", TEXT, "De verhouding: self, next, …", lambda link, _: link.rel),
        Member("href", ADDRESS, "Het adres.", lambda link, _: link.href),
        Member("type", TEXT, "Het mediatype dat daar te halen is.", lambda link, _: link.type),
    ],
)


@dataclass(frozen=True, slots=True, eq=False)
class Page(Generic[T]):
    """Some items of a list that lies in order of its keys."""

    items: Sequence[T]
    total: int
    next: str | None
    """The cursor of the next page; None on the last one."""


def cut(asked: Asked, items: Sequence[T], key: Callable[[T], str]) -> Page[T]:
    """The page that is asked for of items in ascending order of their keys, which are unique."""
    start = 0
    cursor = asked.get(CURSOR)
    if cursor is not None:
        start = bisect_right(items, _key(cursor, _list_of(asked)), key=key)
    page = items[start : start + asked[LIMIT]]
    more = start + len(page) < len(items)
    return Page(page, len(items), _cursor(_list_of(asked), key(page[-1])) if more else None)


def in_order(asked: Asked, name: str, items: Iterable[T], key: Callable[[T], str]) -> list[T]:
    """All items of a list in order of their keys, put so once a publication; `items` must be those
    of the publication whatever is asked.
    """
    return asked.context.facts.remember(("in order", name), lambda: sorted(items, key=key))


def cursor_faults(asked: Asked) -> Sequence[Invalid]:
    """What is wrong with the cursor, to be said with what else is."""
    cursor = asked.get(CURSOR)
    try:
        if cursor is not None:
            _key(cursor, _list_of(asked))
    except Faulty as wrong:
        return wrong.faults
    return ()


def links(asked: Asked, page: Page[Any], *, by_query: bool = True) -> list[Link]:
    """To this page and to the next, of this publication; not `by_query` where the path names it."""
    found = [Link("self", _href(asked, asked.given))]
    if page.next is not None:
        following = {**asked.given, CURSOR.name: page.next}
        if by_query:
            following[PUBLICATION.name] = str(asked.context.number)
        found.append(Link("next", _href(asked, following)))
    return found


def _href(asked: Asked, given: Any) -> str:
    query = query_of(sorted(given.items()))
    return f"{asked.public_url}{asked.path}" + (f"?{query}" if query else "")


def _list_of(asked: Asked) -> str:
    """What tells a list from every other: its address and all that chooses its items."""
    chosen = {n: v for n, v in asked.given.items() if n not in _OF_A_PAGE}
    text = repr((asked.path, sorted(chosen.items())))
    return hashlib.blake2b(text.encode(), digest_size=_DIGEST).hexdigest()


_OF_A_PAGE = (CURSOR.name, LIMIT.name, PUBLICATION.name, LANGUAGE.name, "f")


def _cursor(digest: str, key: str) -> str:
    return urlsafe_b64encode(f"{digest}{key}".encode()).decode().rstrip("=")


def _key(cursor: str, digest: str) -> str:
    try:
        raw = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (NotBase64, UnicodeError):
        raw = ""
    found, key = raw[: 2 * _DIGEST], raw[2 * _DIGEST :]
    if found != digest or _cursor(found, key) != cursor:
        en = "this cursor is of another list; keep all parameters but `limit` the same, or leave it"
        nl = "deze cursor hoort bij een andere lijst; houd alle parameters behalve `limit` gelijk"
        raise Faulty(
            [
                Invalid(
                    CURSOR.name,
                    "CURSOR_OF_ANOTHER_LIST",
                    f"{en} out to begin at the first item",
                    f"{nl}, of laat hem weg om vooraan te beginnen",
                )
            ],
            404,
        )
    return key


def paged(name: str, nl: str, items: Record[T]) -> "Record[Listed[T]]":
    """The record of a page of these."""
    return Record(
        name,
        nl,
        [
            Member("publicatie", WHOLE, "Uit welke publicatie.", lambda _, context: context.number),
            Member("aantal", WHOLE, "Hoeveel de hele lijst er heeft.", lambda it, _: it.page.total),
            Member(
                "resultaten",
                list_of(items),
                "Wat op deze bladzijde staat.",
                lambda page, context: [items.write(each, context) for each in page.page.items],
            ),
            Member(
                "links",
                list_of(LINK),
                "Deze bladzijde, en als er meer is de volgende.",
                lambda page, context: [LINK.write(each, context) for each in page.links],
            ),
        ],
        uses=(items, LINK),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Listed(Generic[T]):
    """A page with its links: the source of a paged record."""

    page: Page[T]
    links: list[Link]


def listed(asked: Asked, items: Sequence[T], key: Callable[[T], str]) -> Listed[T]:
    """The page that is asked for, ready to be written."""
    page = cut(asked, items, key)
    return Listed(page, links(asked, page))
