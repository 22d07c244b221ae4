"""GET /v1/waarnemingen: every area of a level and vintage, and every year of one indicator.

The answer is written while it is sent and coded in chunks, so that a connection that is cut never
looks complete. Everything that can fail has been done before the first byte.
"""

import asyncio
import hashlib
import re
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from typing import TypeVar
from urllib.parse import quote

from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from db.core.levels import Level
from schema.context import Context, patiently
from schema.errors import code_of
from schema.export import Extract, Fault, Wanted, extract, wanted
from service.coding import Coding, acceptable
from service.conditional import etag, is_any, matched
from service.feeds.formats import BY_NAME, FORMATS, Format, accepted
from service.feeds.streaming import coded
from service.headers import Field, received
from service.problems import problem
from service.representation import REVALIDATE, VARY_CODED
from service.rest.invalid import Invalid, read, refusal

T = TypeVar("T")
PATH = "/v1/waarnemingen"

_INDICATOR, _LEVEL, _VINTAGE, _FORMAT = "indicator", "niveau", "indeling", "formaat"
_PARAMETERS = (_INDICATOR, _LEVEL, _VINTAGE, _FORMAT)
_NAMES = {"indicator": _INDICATOR, "level": _LEVEL, "vintage": _VINTAGE}
_LEVELS = {level.value: level for level in Level}
_YEAR = re.compile(r"[0-9]{4}")
_SECONDS = 10.0
_TURN_SECONDS = 0.001
_URL = ":/?#[]@!$&'()*+,;=%~"
"""What an address may have unquoted; without the signs that would end it in a header."""

_AGAIN = {"retry-after": "1"}

# One publication, read from beginning to end; raises while there is none.
ContextFactory = Callable[[], Context]


def routes(context: ContextFactory) -> list[Route]:
    """The address of observations; `context` opens what is served now."""
    return [Route(PATH, ObservationsEndpoint(context))]


@dataclass(frozen=True, slots=True)
class _Asked:
    indicator: str | None
    level: Level | None
    vintage: int | None
    format: Format | None


class ObservationsEndpoint:
    """A raw ASGI endpoint, because it sends in pieces."""

    def __init__(self, context: ContextFactory) -> None:
        self._context = context
        self._software = version("leefbaarheid")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in ("GET", "HEAD"):
            allowed = {"allow": "GET, HEAD"}
            answer = problem(405, "this address does not take that method", allowed)
            await answer(scope, receive, send)
            return
        try:
            reply = await self._reply(scope)
        except Exception as error:
            known = code_of(error)
            if known is None or known[0] not in ("UNAVAILABLE", "UNKNOWN_PUBLICATION"):
                raise
            reply = problem(503, "there is nothing to answer from just now; try again", _AGAIN)
        # Outside the try: what fails from here on must break the answer off, not begin another.
        await reply(scope, receive, send)

    async def _reply(self, scope: Scope) -> ASGIApp:
        """What sends the file, or why there is none."""
        context = self._context()
        headers = received(scope["headers"])
        asked, faults = _read(scope["query_string"], headers.get(b"accept"))
        found = await _soon(lambda: wanted(context, asked.indicator, asked.level, asked.vintage))
        if isinstance(found, list):
            faults = _merged(faults, found)
        format_ = asked.format
        if faults or isinstance(found, list) or format_ is None:
            only_accept = all(each.where == "header" for each in faults)
            return refusal(406 if only_accept else 400, faults, {})
        coding, *others = acceptable(headers.get(b"accept-encoding"))
        digest = self._digest(context, found, format_)
        tag, known = etag(digest, coding), headers.get(b"if-none-match")
        if known is not None:
            held = tag if is_any(known) else matched(known, digest, (coding, *others))
            if held is not None:
                return _Unchanged(held)
        data = await _soon(lambda: extract(context, found))
        fields = _fields(data, format_, coding, tag)
        return _File(fields, lambda: coded(format_.chunks(data), coding))

    def _digest(self, context: Context, wanted: Wanted, format_: Format) -> str:
        table = wanted.table
        words = (
            self._software, *format_.columns, format_.name, repr(context.facts.edition),
            wanted.indicator.slug, table.level.value, str(table.vintage),
        )  # fmt: skip
        return hashlib.blake2b("\0".join(words).encode(), digest_size=12).hexdigest()


def _read(query_string: bytes, accept: bytes | None) -> tuple[_Asked, list[Invalid]]:
    """What is asked, as far as it can be read without the data."""
    given, faults = read(query_string, _PARAMETERS, required=(_INDICATOR, _LEVEL))
    level, vintage, named = (given.get(name) for name in (_LEVEL, _VINTAGE, _FORMAT))
    if level is not None and level not in _LEVELS:
        faults.append(_not_one_of(_LEVEL, level, list(_LEVELS)))
    if vintage is not None and not _YEAR.fullmatch(vintage):
        en, nl = "a vintage is a year of four digits", "een indeling is een jaar van vier cijfers"
        faults.append(Invalid(_VINTAGE, "MALFORMED_VINTAGE", en, nl))
        vintage = None
    if named is not None and named not in BY_NAME:
        faults.append(_not_one_of(_FORMAT, named, list(BY_NAME)))
    format_ = accepted(accept) if named is None else BY_NAME.get(named)
    if named is None and format_ is None and not any(each.name == _FORMAT for each in faults):
        media = [each.media for each in FORMATS]
        listed = ", ".join(media)
        en, nl = f"files come as {listed}; accept one of them", f"bestanden zijn er als {listed}"
        faults.append(Invalid("Accept", "NOT_ACCEPTABLE", en, nl, allowed=media, where="header"))
    asked = _Asked(
        given.get(_INDICATOR),
        _LEVELS.get(level or ""),
        int(vintage) if vintage else None,
        format_,
    )
    return asked, faults


def _not_one_of(name: str, value: str, allowed: list[str]) -> Invalid:
    listed, shown = ", ".join(allowed), value[:60]
    return Invalid(
        name,
        "NOT_ONE_OF",
        f"{name} is {shown!r}; it must be one of: {listed}",
        f"{name} is {shown!r}; het moet een zijn van: {listed}",
        allowed=allowed,
    )


def _merged(faults: list[Invalid], found: list[Fault]) -> list[Invalid]:
    """What is wrong in itself, then what this publication does not have."""
    return faults + [
        Invalid(_NAMES[f.about], f.code, f.en, f.nl, f.allowed, f.suggestions) for f in found
    ]


async def _soon(ask: Callable[[], T]) -> T:
    """The answer, once everything that it reads is in memory."""
    async with asyncio.timeout(_SECONDS):
        return await patiently(ask)


def _fields(data: Extract, format_: Format, coding: Coding, tag: bytes) -> list[Field]:
    fields = [
        (b"content-type", format_.content_type),
        (b"content-disposition", f'attachment; filename="{_file_name(data, format_)}"'.encode()),
        (b"etag", tag),
        REVALIDATE,
        VARY_CODED,
    ]
    if coding is not Coding.IDENTITY:
        fields.append((b"content-encoding", coding.encode()))
    links = list(dict.fromkeys(_links(data)))
    if links:
        fields.append((b"link", ", ".join(links).encode()))
    return fields


def _file_name(data: Extract, format_: Format) -> str:
    table = data.wanted.table
    part = "" if data.wanted.complete else "-deels"
    slug = quote(data.wanted.indicator.slug, safe="")
    area = f"{table.level.value}-{table.vintage}{part}"
    return f"{slug}-{area}-publicatie-{data.publication}.{format_.name}"


def _links(data: Extract) -> Iterator[str]:
    """Whose the figures are and under which terms (RFC 8288); titles may have any letter."""
    for source in data.sources.values():
        title = quote(source.attribution_nl, safe="")
        yield f"<{quote(source.url, safe=_URL)}>; rel=\"via\"; title*=UTF-8'nl'{title}"
        if source.licence_url:
            yield f'<{quote(source.licence_url, safe=_URL)}>; rel="license"'


@dataclass(frozen=True, slots=True)
class _Unchanged:
    """What the client holds under this tag is still what we would send."""

    tag: bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await _start(send, 304, [(b"etag", self.tag), REVALIDATE, VARY_CODED])
        await _end(send)


@dataclass(frozen=True, slots=True)
class _File:
    """A file that is written while it is sent."""

    fields: list[Field]
    pieces: Callable[[], Iterable[bytes]]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        fields = self.fields
        if scope["method"] == "HEAD":
            await _start(send, 200, fields)
            await _end(send)
            return
        if scope["http_version"] == "1.0":
            # That version has no chunks, and without a length a cut connection looks complete.
            # Made twice rather than held whole.
            length = sum([len(piece) async for piece in _sharing(self.pieces())])
            fields = [*fields, (b"content-length", b"%d" % length)]
        await _start(send, 200, fields)
        async for piece in _sharing(self.pieces()):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await _end(send)


async def _sharing(pieces: Iterable[bytes]) -> AsyncIterator[bytes]:
    """The pieces; others have their turn every few of them, also where nothing is waited for."""
    begun = time.perf_counter()
    for piece in pieces:
        if piece:
            yield piece
        if time.perf_counter() - begun > _TURN_SECONDS:
            await asyncio.sleep(0)
            begun = time.perf_counter()


async def _start(send: Send, status: int, fields: list[Field]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": fields})


async def _end(send: Send) -> None:
    await send({"type": "http.response.body", "body": b""})
