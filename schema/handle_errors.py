"""What is said of ids and cursors that come back otherwise than they were given out."""

from collections.abc import Sequence

from db.core.cursor import MalformedCursor
from schema.errors import BAD_CURSOR_NL
from schema.refusal import Refusal


class BadId(Refusal):
    """An id that was not given out by this service."""

    code = "BAD_ID"

    def __init__(self) -> None:
        super().__init__(
            "this is no id of this service; use the `id` of an object as it was given",
            "dit is geen id van deze dienst; gebruik de `id` van een object zoals die gegeven is",
            argument="id",
        )


class BadCursor(Refusal):
    """Text that is no cursor."""

    code = "BAD_CURSOR"

    def __init__(self, argument: str) -> None:
        super().__init__(
            str(MalformedCursor()),
            BAD_CURSOR_NL,
            argument=argument,
        )


class CursorOfAnotherList(Refusal):
    """A cursor given out for another filter, order, level or vintage."""

    code = "CURSOR_OF_ANOTHER_LIST"

    def __init__(self, argument: str) -> None:
        super().__init__(
            "this cursor is of another list; keep vintage, filter and orderBy the same from page "
            "to page, or leave the cursor out to begin at the first item",
            "deze cursor hoort bij een andere lijst; houd vintage, filter en orderBy gelijk van "
            "bladzijde tot bladzijde, of laat de cursor weg om vooraan te beginnen",
            argument=argument,
        )


class CursorOfAnotherPublication(Refusal):
    """A cursor given out for an earlier or later state of the data."""

    code = "CURSOR_OF_ANOTHER_PUBLICATION"

    def __init__(self, given: int, current: int, *, argument: str) -> None:
        super().__init__(
            f"this cursor is of publication {given}, and publication {current} is served; "
            "leave the cursor out to begin again, so that all pages are of one publication",
            f"deze cursor is van publicatie {given}, en publicatie {current} wordt getoond; laat "
            "de cursor weg om opnieuw te beginnen, zodat alle bladzijden uit één publicatie komen",
            argument=argument,
            cursorPublication=given,
            publication=current,
        )


class NoSuchPublication(Refusal):
    """The number of a publication that there is not, or not any more."""

    code = "UNKNOWN_PUBLICATION"

    def __init__(self, number: int, known: Sequence[int]) -> None:
        first, last = min(known), max(known)
        super().__init__(
            f"there is no publication {number}; there are {first} to {last}",
            f"er is geen publicatie {number}; er zijn {first} tot en met {last}",
            argument="number",
            minimum=first,
            maximum=last,
        )
