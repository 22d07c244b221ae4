"""Answers on their way out: whole with a length, or in pieces that are made while they are sent."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterable, MutableMapping
from dataclasses import dataclass

from starlette.types import Message, Receive, Scope, Send

from service.coding import Coding, encoded
from service.feeds.sealed import Sealed
from service.feeds.streaming import coded
from service.feeds.turns import aside, sharing
from service.headers import Field, received
from service.representation import REVALIDATE, SMALLEST_CODED, VARY_CODED
from service.rest import digests, refusals
from service.rest.files import File
from service.rest.leaving import Client, Left, watched
from service.rest.operation import Answer
from service.rest.ranges import Unsatisfiable, only, part, wish

FOR_EVER = (b"cache-control", b"public, max-age=31536000, immutable")
VARY_SPOKEN = (b"vary", VARY_CODED[1] + b", Accept-Language")
"""Of an answer that is in the language of its reader."""
_RANGES: tuple[Field, ...] = ((b"accept-ranges", b"bytes"),)
Measure = tuple[int, bytes]
"""Length and SHA-256 of all that is sent under a tag."""


def lifetime(*, pinned: bool) -> Field:
    """Of a numbered publication nothing ever changes; of the newest one it may at any moment."""
    return FOR_EVER if pinned else REVALIDATE


@dataclass(frozen=True, slots=True)
class Unchanged:
    """What the client holds under this tag is still what we would send."""

    tag: bytes
    lifetime: Field
    vary: Field = VARY_CODED

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        fields = [(b"etag", self.tag), self.lifetime, self.vary]
        await _start(send, 304, fields)
        await _end(send)


class Body:
    """An answer and all that its headers say."""

    def __init__(
        self,
        answer: Answer,
        content_type: bytes,
        coding: Coding,
        tag: bytes,
        lifetime: Field,
        vary: Field = VARY_CODED,
        *,
        measures: MutableMapping[bytes, Measure] | None = None,
    ) -> None:
        self._answer = answer
        self._coding = coding
        self._tag = tag
        self._measures = {} if measures is None else measures
        self._client = Client()
        self._fields: list[Field] = [
            (b"content-type", content_type),
            (b"etag", tag),
            lifetime,
            vary,
            *answer.fields,
        ]

    async def prepare(self, scope: Scope, receive: Receive) -> None:
        """What may take long before the first byte; not for who asks for nothing but headers.

        Left where the client does not wait for it.
        """
        body = self._answer.body
        if isinstance(body, Sealed) and (not _is_head(scope) or self._must_measure(scope)):
            async with watched(receive) as client:
                await body.made(client.waiting_for)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = self._answer.body
        try:
            if isinstance(body, bytes):
                await self._whole(body, scope, send)
                return
            async with watched(receive) as self._client:
                if isinstance(body, File) and self._coding is Coding.IDENTITY:
                    await self._file(body, scope, send)
                else:
                    await self._piecewise(scope, send)
        except Left:
            return
        except Unsatisfiable as outside:
            # Found out before the first byte.
            await refusals.no_such_part(outside.length)(scope, nothing, send)
        finally:
            if isinstance(body, Sealed):
                body.let_go()

    async def _whole(self, body: bytes, scope: Scope, send: Send) -> None:
        fields = self._fields
        if self._coding is Coding.IDENTITY:
            fields = [*fields, *_RANGES]
            fields += [digests.of(body)] if _wants_digest(scope) else []
            some = self._part(len(body), scope)
            if some is not None:
                await _start(send, 206, [*fields, *_of_part(some, len(body))])
                await _end(send, body[some.start : some.stop])
                return
        if self._coding is not Coding.IDENTITY and len(body) >= SMALLEST_CODED:
            body = await _coded(body, self._coding)
            fields = [*fields, (b"content-encoding", self._coding.encode())]
        if self._coding is not Coding.IDENTITY and _wants_digest(scope):
            fields = [*fields, digests.of(body)]
        fields = [*fields, (b"content-length", b"%d" % len(body))]
        await _start(send, self._answer.status, fields)
        await _end(send, b"" if _is_head(scope) else body)

    def _wants_part(self, scope: Scope) -> bool:
        """Parts are of GET only (RFC 9110, 14.2), and here of what is not coded."""
        if _is_head(scope) or self._coding is not Coding.IDENTITY:
            return False
        asked = received(scope["headers"])
        return wish(asked.get(b"range"), asked.get(b"if-range"), self._tag) is not None

    def _part(self, length: int, scope: Scope) -> range | None:
        if not self._wants_part(scope):
            return None
        asked = received(scope["headers"])
        return part(asked.get(b"range"), asked.get(b"if-range"), self._tag, length)

    async def _file(self, file: File, scope: Scope, send: Send) -> None:
        """As it is, with a length and a digest: what is cut is known to be."""
        fields = [*self._fields, *_RANGES, digests.field(file.digest)]
        some = self._part(file.length, scope)
        if some is None:
            length = (b"content-length", b"%d" % file.length)
            await _start(send, self._answer.status, [*fields, length])
        else:
            await _start(send, 206, [*fields, *_of_part(some, file.length)])
        if not _is_head(scope):
            async for piece in sharing(self._client.waiting_for(file.pieces(some))):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await _end(send)

    async def _piecewise(self, scope: Scope, send: Send) -> None:
        """Written while it is sent; of a part only the asked bytes are passed on."""
        fields, status, some = self._fields, self._answer.status, None
        if self._coding is Coding.IDENTITY:
            fields = [*fields, *_RANGES]
        else:
            fields = [*fields, (b"content-encoding", self._coding.encode())]
        if self._must_measure(scope):
            if _wants_digest(scope):
                fields.append(digests.field((await self._measured())[1]))
            length = await self._length()
            some = self._part(length, scope)
            if some is None:
                fields.append((b"content-length", b"%d" % length))
            else:
                status, fields = 206, [*fields, *_of_part(some, length)]
        await _start(send, status, fields)
        if not _is_head(scope):
            async for piece in self._shared(some):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await _end(send)

    def _must_measure(self, scope: Scope) -> bool:
        """Whether the length is needed at the begin: all is then made twice, not held whole.

        Version 1.0 has no chunks, and without a length a cut connection looks complete. A part
        says its last byte, which nobody knows before the end has been seen.
        """
        old = scope["http_version"] == "1.0" and not _is_head(scope)
        return old or _wants_digest(scope) or self._wants_part(scope)

    async def _length(self) -> int:
        body = self._answer.body
        if isinstance(body, Sealed) and self._coding is Coding.IDENTITY:
            return body.seal.length
        return (await self._measured())[0]

    async def _measured(self) -> Measure:
        """Of all pieces; what was found is remembered by tag, which means these bytes."""
        found = self._measures.get(self._tag)
        if found is None:
            length, digest = 0, hashlib.sha256()
            async for piece in self._shared():
                length += len(piece)
                digest.update(piece)
            found = self._measures[self._tag] = length, digest.digest()
        return found

    def _shared(self, some: range | None = None) -> AsyncIterator[bytes]:
        pieces = self._pieces() if some is None else only(self._pieces(), some)
        return aside(pieces) if self._answer.heavy else sharing(pieces)

    def _pieces(self) -> Iterable[bytes]:
        body = self._answer.body
        assert not isinstance(body, bytes)
        pieces = body.pieces() if isinstance(body, File | Sealed) else body()
        return self._client.waiting_for(coded(pieces, self._coding))


def _wants_digest(scope: Scope) -> bool:
    return digests.is_wanted(received(scope["headers"]).get(b"want-repr-digest"))


def _is_head(scope: Scope) -> bool:
    return bool(scope["method"] == "HEAD")


def _of_part(some: range, length: int) -> tuple[Field, Field]:
    place = b"bytes %d-%d/%d" % (some.start, some.stop - 1, length)
    return (b"content-range", place), (b"content-length", b"%d" % len(some))


async def _coded(body: bytes, coding: Coding) -> bytes:
    """A large body is coded in a thread, so that others are answered meanwhile."""
    if len(body) < 32 * SMALLEST_CODED:
        return encoded(body, coding)
    return await asyncio.to_thread(encoded, body, coding)


async def nothing() -> Message:
    """What an endpoint that reads no body has received."""
    return {"type": "http.request", "body": b"", "more_body": False}


async def _start(send: Send, status: int, fields: list[Field]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": fields})


async def _end(send: Send, body: bytes = b"") -> None:
    await send({"type": "http.response.body", "body": body})
