"""Which publication a GraphQL request names: `"extensions": {"publication": 2}`, as answers do."""

from collections.abc import Awaitable, Callable

from graphql import GraphQLError

from db.core.errors import PublicationWithdrawn
from service.document import RequestRefused
from service.request import GraphQLRequest, Refused

OpenPublication = Callable[[int], Awaitable[object]]
"""A context of a publication by its number."""
_NAME = "publication"
_MOST = 2_000_000_000


def may_name(raw: bytes) -> bool:
    """Whether a request could name a publication, told before it is parsed."""
    return b"publication" in raw and b"extensions" in raw


def named(request: GraphQLRequest) -> int | None:
    """The number of the publication that a request wants to be answered from."""
    number = request.extensions.get(_NAME)
    if number is None:
        return None
    if number.__class__ is not int or not 1 <= number <= _MOST:
        raise Refused(
            "extensions.publication must be the number of a publication, as `publications` lists "
            "them and every answer names it",
            code="BAD_USER_INPUT",
        )
    return int(number)


def check_spelling(request: GraphQLRequest, raw: bytes) -> None:
    """A name that only shows once escapes are read would go unseen: it is refused."""
    if _NAME in request.extensions and not may_name(raw):
        raise Refused("write `extensions` and `publication` without escapes")


def withdrawn(error: PublicationWithdrawn) -> RequestRefused:
    """The publication was there, and must not be answered from any more."""
    more = {
        "code": "PUBLICATION_WITHDRAWN",
        "messageNl": error.message_nl,
        "argument": "extensions.publication",
    }
    return RequestRefused([GraphQLError(str(error), extensions=more)])


def unknown(number: int) -> RequestRefused:
    """There is no such publication."""
    en = f"there is no publication {number}; `publications` lists those that there are"
    nl = f"er is geen publicatie {number}; `publications` geeft welke er zijn"
    more = {"code": "UNKNOWN_PUBLICATION", "messageNl": nl, "argument": "extensions.publication"}
    return RequestRefused([GraphQLError(en, extensions=more)])
