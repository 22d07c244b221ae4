"""Answers on their way out: whole with a length, or in pieces that are made while they are sent."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass

from starlette.types import Message, Receive, Scope, Send

from service.coding import Coding, encoded
from service.feeds.streaming import coded
from service.headers import Field, received
from service.representation import REVALIDATE, SMALLEST_CODED, VARY_CODED
from service.rest import refusals
from service.rest.operation import Answer
from service.rest.ranges import Unsatisfiable, part

FOR_EVER = (b"cache-control", b"public, max-age=31536000, immutable")
_RANGES: tuple[Field, ...] = ((b"accept-ranges", b"bytes"),)
_TURN_SECONDS = 0.001


def _lifetime(*, pinned: bool) -> Field:
    """Of a numbered publication nothing ever changes; of the newest one it may at any moment."""
    return FOR_EVER if pinned else REVALIDATE


@dataclass(frozen=True, slots=True)
class Unchanged:
    """What the client holds under this tag is still what we would send."""

    tag: bytes
    pinned: bool

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        fields = [(b"etag", self.tag), _lifetime(pinned=self.pinned), VARY_CODED]
        await _start(send, 304, fields)
        await _end(send)


class Body:
    """An answer and all that its headers say."""

    def __init__(
        self, answer: Answer, content_type: bytes, coding: Coding, tag: bytes, *, pinned: bool
    ) -> None:
        self._answer = answer
        self._coding = coding
        self._tag = tag
        self._fields: list[Field] = [
            (b"content-type", content_type),
            (b"etag", tag),
            _lifetime(pinned=pinned),
            VARY_CODED,
            *answer.fields,
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = self._answer.body
        if isinstance(body, bytes):
            await self._whole(body, scope, send)
        else:
            await self._piecewise(scope, send)

    async def _whole(self, body: bytes, scope: Scope, send: Send) -> None:
        fields = [*self._fields, *_RANGES]
        if self._coding is Coding.IDENTITY:
            asked = received(scope["headers"])
            try:
                some = part(asked.get(b"range"), asked.get(b"if-range"), self._tag, len(body))
            except Unsatisfiable:
                await refusals.no_such_part(len(body))(scope, _nothing, send)
                return
            if some is not None:
                await self._some(body, some, fields, scope, send)
                return
        if self._coding is not Coding.IDENTITY and len(body) >= SMALLEST_CODED:
            body = await _coded(body, self._coding)
            fields = [*fields, (b"content-encoding", self._coding.encode())]
        fields = [*fields, (b"content-length", b"%d" % len(body))]
        await _start(send, self._answer.status, fields)
        await _end(send, b"" if scope["method"] == "HEAD" else body)

    async def _some(
        self, body: bytes, some: range, fields: list[Field], scope: Scope, send: Send
    ) -> None:
        place = b"bytes %d-%d/%d" % (some.start, some.stop - 1, len(body))
        length = (b"content-length", b"%d" % len(some))
        await _start(send, 206, [*fields, (b"content-range", place), length])
        await _end(send, b"" if scope["method"] == "HEAD" else body[some.start : some.stop])

    async def _piecewise(self, scope: Scope, send: Send) -> None:
        fields = self._fields
        if self._coding is not Coding.IDENTITY:
            fields = [*fields, (b"content-encoding", self._coding.encode())]
        if scope["method"] == "HEAD":
            await _start(send, self._answer.status, fields)
            await _end(send)
            return
        if scope["http_version"] == "1.0":
            # That version has no chunks, and without a length a cut connection looks complete.
            # Made twice rather than held whole.
            length = sum([len(piece) async for piece in sharing(self._pieces())])
            fields = [*fields, (b"content-length", b"%d" % length)]
        await _start(send, self._answer.status, fields)
        async for piece in sharing(self._pieces()):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await _end(send)

    def _pieces(self) -> Iterable[bytes]:
        assert not isinstance(self._answer.body, bytes)
        return coded(self._answer.body(), self._coding)


async def _coded(body: bytes, coding: Coding) -> bytes:
    """A large body is coded in a thread, so that others are answered meanwhile."""
    if len(body) < 32 * SMALLEST_CODED:
        return encoded(body, coding)
    return await asyncio.to_thread(encoded, body, coding)


async def sharing(pieces: Iterable[bytes]) -> AsyncIterator[bytes]:
    """The pieces; others have their turn every few of them, also where nothing is waited for."""
    begun = time.perf_counter()
    for piece in pieces:
        if piece:
            yield piece
        if time.perf_counter() - begun > _TURN_SECONDS:
            await asyncio.sleep(0)
            begun = time.perf_counter()


async def _nothing() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


async def _start(send: Send, status: int, fields: list[Field]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": fields})


async def _end(send: Send, body: bytes = b"") -> None:
    await send({"type": "http.response.body", "body": body})
