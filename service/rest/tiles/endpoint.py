"""Vector tiles as they were stored at publish: found, and sent on.

A raw ASGI endpoint: what it spends beside Postgres is less than a request object costs. It refuses
what `service.rest.door` refuses, in the same words.
"""

import gzip
from collections.abc import Callable, Container, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from cachetools import LRUCache
from starlette.types import Receive, Scope, Send

from db.core.errors import PublicationWithdrawn, UnknownPublication
from db.core.levels import Level
from db.core.publication import WithdrawnPublication
from db.repository.tiles import Limit, Place, StoredTile
from service.coding import Coding, acceptable
from service.conditional import etag, is_any, matched
from service.headers import Field, received
from service.representation import REVALIDATE
from service.rest import conditions, invalid, refusals
from service.rest.common import PUBLICATION, format_parameter
from service.rest.door import refused
from service.rest.invalid import Invalid
from service.rest.operation import Answer, Faulty, Format
from service.rest.parameter import Malformed
from service.rest.sending import FOR_EVER, Body, nothing
from service.rest.tiles import places
from service.rest.wishes import wished

KEPT_BYTES = 16 * 1024 * 1024
MVT = Format("mvt", "application/vnd.mapbox-vector-tile")
FORMAT = format_parameter([MVT])

_MEDIA = (b"content-type", MVT.sent_as)
_VARY = (b"vary", b"Accept-Encoding")
_GZIPPED = (b"content-encoding", b"gzip")
_CODINGS = (Coding.GZIP, Coding.IDENTITY)
_ANYTHING = (None, b"*/*")
_QUERY = {each.name: each for each in (PUBLICATION, FORMAT)}
_ENTRY = 1000
"""Bytes that keeping a tile takes beside its body."""


class Tiles(Protocol):
    """Where tiles come from: db.repository.tiles.TileStore."""

    async def tile(self, publication: int, place: Place) -> StoredTile | None: ...

    async def has_map(self, publication: int, level: Level, vintage: int) -> bool: ...

    async def limits(
        self, publication: int, level: Level, vintage: int, matrix_set: str
    ) -> Sequence[Limit]: ...


@dataclass(frozen=True, slots=True)
class Opened:
    """The publication being served, and where its tiles are."""

    number: int
    edition: Hashable
    """Tells it from every other publication, also of another store."""
    tiles: Tiles
    publications: Container[int] = ()
    """Numbers of the publications that a request may name."""
    withdrawn: Mapping[int, WithdrawnPublication] = field(default_factory=dict)
    """Of these, those that must not be answered from any more."""


Current = Callable[[], Opened | None]
"""What is served now; None before there is anything."""


@dataclass(frozen=True, slots=True)
class _Ready:
    """A tile as it is sent; without a tag where no area lies in it."""

    digest: str
    body: bytes
    """Gzipped."""
    changed: datetime | None = None
    """When a publication last drew another one here."""

    @property
    def nbytes(self) -> int:
        return len(self.body) + _ENTRY


class TileEndpoint:
    """Keeps what was asked for last, in bytes at most `kept_bytes`."""

    def __init__(self, current: Current, kept_bytes: int = KEPT_BYTES) -> None:
        self._current = current
        self._kept_bytes = kept_bytes
        self._edition: Hashable = None
        self._kept = self._empty()

    def _empty(self) -> "LRUCache[tuple[int, str], _Ready]":
        return LRUCache(self._kept_bytes, getsizeof=lambda ready: ready.nbytes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in ("GET", "HEAD"):
            await refusals.method(scope, receive, send)
            return
        headers = received(scope["headers"])
        try:
            pin, faults = _asked(scope["query_string"], headers.get(b"accept"))
            ready = await self._find(scope, pin, faults)
        except Exception as error:
            await refused(error)(scope, receive, send)
            return
        # Of a numbered publication nothing ever changes.
        lifetime = REVALIDATE if pin is None else FOR_EVER
        await _send(ready, scope, headers, lifetime, send)

    async def _find(self, scope: Scope, pin: int | None, faults: list[Invalid]) -> _Ready:
        if faults:
            raise _faulty(faults, places.read(scope["path_params"])[1])
        opened = self._current()
        if opened is None:
            raise TimeoutError
        if pin is not None and pin in opened.withdrawn:
            raise PublicationWithdrawn(opened.withdrawn[pin])
        kept = self._of(opened.edition)
        key = (opened.number if pin is None else pin, scope["path"])
        ready = kept.get(key)
        if ready is None:
            ready = await _read(opened, key[0], scope["path_params"])
            if ready.nbytes <= self._kept_bytes:
                kept[key] = ready
        return ready

    def _of(self, edition: Hashable) -> "LRUCache[tuple[int, str], _Ready]":
        """What is kept while an edition is served; who still reads from an earlier one fills
        nothing here.
        """
        if edition != self._edition:
            self._edition, self._kept = edition, self._empty()
        return self._kept


def _asked(query: bytes, accept: bytes | None) -> tuple[int | None, list[Invalid]]:
    """The publication that is named, and what is wrong with all but the path."""
    if not query and accept in _ANYTHING:
        return None, []
    texts, faults = invalid.read(query, list(_QUERY), ())
    values = {}
    for name, given in texts.items():
        try:
            values[name] = _QUERY[name].read(given)
        except Malformed as wrong:
            faults.append(refusals.invalid(_QUERY[name], wrong))
    if FORMAT.name not in texts and wished(accept, [MVT]) is None:
        faults.append(refusals.not_acceptable([MVT]))
    pin = values.get(PUBLICATION.name)
    return (pin if isinstance(pin, int) else None), faults


def _faulty(faults: list[Invalid], in_path: list[Invalid]) -> Faulty:
    """All that is wrong with a request at once."""
    only_header = not in_path and all(each.where == "header" for each in faults)
    return Faulty([*faults, *in_path], 406 if only_header else 400)


async def _read(opened: Opened, publication: int, given: Mapping[str, str]) -> _Ready:
    """What the store has at an address; how the address is wrong where it has nothing."""
    values, faults = places.read(given)
    if faults:
        raise Faulty(faults)
    place = places.place(values)
    if publication != opened.number and publication not in opened.publications:
        raise UnknownPublication(publication)
    found = await opened.tiles.tile(publication, place)
    if found is not None:
        changed = found.drawn_at and conditions.changed_at(found.drawn_at)
        return _Ready(found.checksum[:12].hex(), found.body, changed)
    if await opened.tiles.has_map(publication, place.level, place.vintage):
        return _Ready("", b"")
    raise places.not_drawn(places.Drawn(place.level, place.vintage))


async def _send(
    ready: _Ready, scope: Scope, headers: dict[bytes, bytes], lifetime: Field, send: Send
) -> None:
    if not ready.body:
        # A valid tile in which no area lies.
        await _answer(send, 204, [lifetime])
        return
    taken = acceptable(headers.get(b"accept-encoding"))
    coding = next((each for each in taken if each in _CODINGS), Coding.IDENTITY)
    tag = etag(ready.digest, coding)
    if conditions.refused(headers, tag, ready.changed):
        await refusals.precondition_failed()(scope, nothing, send)
        return
    moment = conditions.last_modified(ready.changed, datetime.now(UTC))
    asked = headers.get(b"if-none-match")
    held = matched(asked, ready.digest, taken) if asked is not None else None
    if held is not None or is_any(asked) or (moment and conditions.held(headers, ready.changed)):
        await _answer(send, 304, [(b"etag", held or tag), lifetime, _VARY])
        return
    if coding is Coding.IDENTITY:
        # What reads a tile as a file asks for parts of it.
        answer = Answer(gzip.decompress(ready.body), moment)
        await Body(answer, MVT.sent_as, coding, tag, lifetime, _VARY)(scope, nothing, send)
        return
    length = (b"content-length", b"%d" % len(ready.body))
    fields = [_MEDIA, (b"etag", tag), lifetime, _VARY, *moment, _GZIPPED, length]
    await _answer(send, 200, fields, b"" if scope["method"] == "HEAD" else ready.body)


async def _answer(send: Send, status: int, fields: list[Field], body: bytes = b"") -> None:
    await send({"type": "http.response.start", "status": status, "headers": fields})
    await send({"type": "http.response.body", "body": body})
