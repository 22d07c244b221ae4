"""Everything REST says no with, as problem+json (RFC 9457) in both languages."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from db.core.errors import PublicationWithdrawn
from service.rest.invalid import Invalid
from service.rest.operation import Faulty, Format, Missing
from service.rest.parameter import Malformed, Parameter

MEDIA = "application/problem+json"
_NOT_THERE = {"CODE_NOT_VALID_IN_VINTAGE", "VINTAGE_NOT_LOADED", "WITHDRAWN"}
_AWAY = "UNAVAILABLE"


def refuse(
    status: int,
    code: str,
    en: str,
    nl: str,
    *,
    more: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """One problem."""
    body = {
        "status": status,
        "title": HTTPStatus(status).phrase,
        "detail": en,
        "detailNl": nl,
        "code": code,
        **(more or {}),
    }
    return Response(
        orjson.dumps(body), status, {"cache-control": "no-store", **(headers or {})}, MEDIA
    )


async def method(scope: Scope, receive: Receive, send: Send) -> None:
    """Any method but GET and HEAD."""
    answer = refuse(
        405,
        "METHOD_NOT_ALLOWED",
        "this address takes GET and HEAD",
        "dit adres neemt GET en HEAD",
        headers={"allow": "GET, HEAD"},
    )
    await answer(scope, receive, send)


def invalid(parameter: Parameter[Any], wrong: Malformed) -> Invalid:
    """What is wrong with the text of a parameter."""
    return Invalid(
        parameter.name, wrong.code, wrong.en, wrong.nl, wrong.allowed, wrong.suggestions,
        parameter.where,
    )  # fmt: skip


def not_acceptable(formats: Sequence[Format]) -> Invalid:
    """No format of ours is among those that Accept names."""
    media = [each.media for each in formats]
    listed = ", ".join(media)
    return Invalid(
        "Accept",
        "NOT_ACCEPTABLE",
        f"this address answers {listed}; accept one of them",
        f"dit adres antwoordt {listed}; accepteer een daarvan",
        allowed=media,
        where="header",
    )


def faulty(error: Faulty) -> Response:
    """All that is wrong with a request."""
    return refuse(
        error.status,
        "INVALID_REQUEST",
        "; ".join(each.en for each in error.faults),
        "; ".join(each.nl for each in error.faults),
        more={"errors": [each.shown for each in error.faults]},
    )


def missing(error: Missing, about: Invalid | None = None) -> Response:
    return refuse(404, error.code, error.en, error.nl, more={**error.more, **_named(about)})


def _named(about: Invalid | None) -> dict[str, object]:
    """Which parameter asked for what is not there, as among faults."""
    return {} if about is None else {"errors": [about.shown]}


def no_such_part(length: int) -> Response:
    """A range outside the file."""
    return refuse(
        416,
        "RANGE_NOT_SATISFIABLE",
        f"this file has {length} bytes; ask for a part of those",
        f"dit bestand heeft {length} bytes; vraag een deel daarvan",
        headers={"content-range": f"bytes */{length}"},
    )


def gone(error: PublicationWithdrawn, about: Invalid | None = None) -> Response:
    """The publication that is named was withdrawn."""
    return refuse(
        410,
        "PUBLICATION_WITHDRAWN",
        str(error),
        error.message_nl,
        more={"publicatie": error.number, **_named(about)},
    )


def precondition_failed() -> Response:
    """What the client insists on (If-Match, If-Unmodified-Since) is not what is here."""
    return refuse(
        412,
        "PRECONDITION_FAILED",
        "what is here is not what the request insists on; ask without If-Match and "
        "If-Unmodified-Since for what there is",
        "wat hier is, is niet wat het verzoek eist; vraag zonder If-Match en If-Unmodified-Since "
        "wat er wel is",
    )


def away() -> Response:
    return refuse(
        503,
        _AWAY,
        "there is nothing to answer from just now; try again",
        "er is nu niets om uit te antwoorden; probeer het zo weer",
        headers={"retry-after": "1"},
    )


def fault(number: str) -> Response:
    return refuse(
        500,
        "INTERNAL",
        f"internal error; mention {number} when you report it",
        f"interne fout; noem {number} als u hem meldt",
    )


def known(en: str, code: str, more: Mapping[str, object], about: Invalid | None = None) -> Response:
    """An error that the domain has a code for."""
    if code == _AWAY:
        return away()
    rest = {name: value for name, value in more.items() if name != "messageNl"}
    nl = str(more.get("messageNl", en))
    absent = code in _NOT_THERE or code.startswith("UNKNOWN_")
    return refuse(404 if absent else 400, code, en, nl, more={**rest, **_named(about)})
