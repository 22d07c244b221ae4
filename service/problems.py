"""Errors outside GraphQL as problem+json (RFC 9457), and the code that masks our own faults."""

import logging
import uuid
from http import HTTPStatus

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from service.headers import API_VERSION, common_fields

_MEDIA = "application/problem+json"
_logger = logging.getLogger("leefbaarheid.http")
_DETAILS = {
    404: ("there is nothing at this address", "op dit adres is niets"),
    405: ("this address does not take that method", "dit adres neemt die methode niet"),
}


def problem(
    status: int, detail: str, headers: dict[str, str] | None = None, *, nl: str | None = None
) -> Response:
    """One error in the shape every client of a Dutch API expects."""
    body = {"status": status, "title": HTTPStatus(status).phrase, "detail": detail}
    if nl is not None:
        body["detailNl"] = nl
    return Response(
        orjson.dumps(body),
        status,
        headers={"cache-control": "no-store", **(headers or {})},
        media_type=_MEDIA,
    )


def unread(status: int, en: str, nl: str) -> bytes:
    """The whole answer to what is no request, or too much of one: no application ever saw it."""
    body = orjson.dumps(
        {"status": status, "title": HTTPStatus(status).phrase, "detail": en, "detailNl": nl}
    )
    fields = [
        (b"content-type", _MEDIA.encode()),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
        (b"connection", b"close"),
        (b"api-version", API_VERSION.encode()),
        *common_fields(https=False),
    ]
    lines = b"".join(b"%b: %b\r\n" % each for each in fields)
    return f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n".encode() + lines + b"\r\n" + body


async def on_http_exception(request: Request, error: Exception) -> Response:
    """The framework's own 404 and 405."""
    if not isinstance(error, HTTPException):
        return await on_fault(request, error)
    en, nl = _DETAILS.get(error.status_code, (error.detail, None))
    headers = {"api-version": API_VERSION, **(error.headers or {})}
    return problem(error.status_code, en, headers, nl=nl)


async def on_fault(request: Request, error: Exception) -> Response:
    """A fault of ours: what happened goes to the log, the caller gets its number."""
    return problem(500, f"internal error; mention {log_fault(error)} when you report it")


def log_fault(error: BaseException) -> str:
    """Write a fault to the log with its traceback; the number to find it by."""
    number = uuid.uuid4().hex[:12]
    _logger.error("fault %s", number, exc_info=error)
    return number
