"""Vector tiles as they were stored at publish: found, and sent on.

/v1/tegels/{tileMatrixSet}/{level}/{vintage}/{zoom}/{row}/{column}, in the order of OGC API Tiles.
A raw ASGI endpoint: what it spends beside Postgres is less than a request object costs.
"""

import gzip
import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Protocol

from cachetools import LRUCache
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from db.core.levels import Level
from db.core.tile_matrix import LAYERS, SETS, zooms
from db.repository.tiles import Place, StoredTile
from schema.errors import AWAY
from service.coding import Coding, acceptable
from service.conditional import etag, is_any, matched
from service.headers import Field, received
from service.problems import problem
from service.representation import REVALIDATE

PATH = "/v1/tegels/{matrix_set}/{level}/{vintage}/{zoom}/{row}/{column}"
KEPT_BYTES = 16 * 1024 * 1024

_MEDIA = (b"content-type", b"application/vnd.mapbox-vector-tile")
_VARY = (b"vary", b"Accept-Encoding")
_GZIPPED = (b"content-encoding", b"gzip")
_CODINGS = (Coding.GZIP, Coding.IDENTITY)
_LEVELS = {name: level for level, name in LAYERS.items()}
_NUMBER = re.compile(r"0|[1-9][0-9]{0,8}")
_ENTRY = 1000
"""Bytes that keeping a tile takes beside its body."""


class Tiles(Protocol):
    """Where tiles come from: db.repository.tiles.TileStore."""

    async def tile(self, publication: int, place: Place) -> StoredTile | None: ...

    async def has_map(self, publication: int, level: Level, vintage: int) -> bool: ...


@dataclass(frozen=True, slots=True)
class Opened:
    """The publication being served, and where its tiles are."""

    number: int
    edition: Hashable
    """Tells it from every other publication, also of another store."""
    tiles: Tiles


Current = Callable[[], Opened | None]


def routes(current: Current, *, kept_bytes: int = KEPT_BYTES) -> list[Route]:
    """The address of tiles; `current` says what is served now, None before there is anything."""
    return [Route(PATH, TileEndpoint(current, kept_bytes))]


@dataclass(frozen=True, slots=True)
class _Ready:
    """A tile as it is sent; without a tag where no area lies in it."""

    digest: str
    body: bytes
    """Gzipped."""

    @property
    def nbytes(self) -> int:
        return len(self.body) + _ENTRY


class _Missing(Exception):
    """There is no tile at an address, and never is one in this publication."""


class TileEndpoint:
    """Keeps what was asked for last, in bytes at most `kept_bytes`, of one publication only."""

    def __init__(self, current: Current, kept_bytes: int) -> None:
        self._current = current
        self._kept_bytes = kept_bytes
        self._edition: Hashable = None
        self._kept = self._empty()

    def _empty(self) -> "LRUCache[str, _Ready]":
        return LRUCache(self._kept_bytes, getsizeof=lambda ready: ready.nbytes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in ("GET", "HEAD"):
            refused = problem(405, "this address does not take that method", {"allow": "GET, HEAD"})
            await refused(scope, receive, send)
            return
        try:
            ready = await self._find(scope["path"], scope["path_params"])
        except _Missing as missing:
            await problem(404, str(missing))(scope, receive, send)
        except AWAY:
            refused = problem(503, "the store does not answer; try again", {"retry-after": "1"})
            await refused(scope, receive, send)
        else:
            await _send(ready, scope, send)

    async def _find(self, path: str, given: Mapping[str, str]) -> _Ready:
        opened = self._current()
        if opened is None:
            raise TimeoutError
        kept = self._of(opened.edition)
        ready = kept.get(path)
        if ready is None:
            ready = await _read(opened, _place(given))
            if ready.nbytes <= self._kept_bytes:
                kept[path] = ready
        return ready

    def _of(self, edition: Hashable) -> "LRUCache[str, _Ready]":
        """What is kept of a publication; who still reads from an earlier one fills nothing here."""
        if edition != self._edition:
            self._edition, self._kept = edition, self._empty()
        return self._kept


async def _read(opened: Opened, place: Place) -> _Ready:
    found = await opened.tiles.tile(opened.number, place)
    if found is not None:
        return _Ready(found.checksum[:12].hex(), found.body)
    if await opened.tiles.has_map(opened.number, place.level, place.vintage):
        return _Ready("", b"")
    raise _Missing(f"there is no map of {LAYERS[place.level]} of {place.vintage}")


def _place(given: Mapping[str, str]) -> Place:
    matrix_set, level = SETS.get(given["matrix_set"]), _LEVELS.get(given["level"])
    if matrix_set is None:
        raise _Missing(f"tile matrix sets are {', '.join(SETS)}")
    if level is None:
        raise _Missing(f"maps are {', '.join(_LEVELS)}")
    vintage, zoom, row, column = (_number(given[n]) for n in ("vintage", "zoom", "row", "column"))
    stored = zooms(matrix_set, level)
    if zoom not in stored:
        raise _Missing(
            f"{given['level']} have tiles at zoom {stored.start} to {stored.stop - 1} "
            f"of {matrix_set.id}; enlarge the last for closer views"
        )
    if max(row, column) >= 2**zoom:
        raise _Missing(f"rows and columns at zoom {zoom} go from 0 to {2**zoom - 1}")
    if vintage > 9999:
        raise _Missing("a vintage is a year")
    return Place(level, vintage, matrix_set.id, zoom, row, column)


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise _Missing("year, zoom, row and column are whole numbers, without leading zeros")
    return int(text)


async def _send(ready: _Ready, scope: Scope, send: Send) -> None:
    if not ready.body:
        # A valid tile in which no area lies.
        await _answer(send, 204, [REVALIDATE])
        return
    headers = received(scope["headers"])
    taken = acceptable(headers.get(b"accept-encoding"))
    coding = next((each for each in taken if each in _CODINGS), Coding.IDENTITY)
    asked = headers.get(b"if-none-match")
    if asked is not None:
        tag = etag(ready.digest, coding) if is_any(asked) else matched(asked, ready.digest, taken)
        if tag is not None:
            await _answer(send, 304, [(b"etag", tag), REVALIDATE, _VARY])
            return
    fields = [_MEDIA, (b"etag", etag(ready.digest, coding)), REVALIDATE, _VARY]
    if coding is Coding.GZIP:
        body = ready.body
        fields.append(_GZIPPED)
    else:
        body = gzip.decompress(ready.body)
    fields.append((b"content-length", b"%d" % len(body)))
    await _answer(send, 200, fields, b"" if scope["method"] == "HEAD" else body)


async def _answer(send: Send, status: int, fields: list[Field], body: bytes = b"") -> None:
    await send({"type": "http.response.start", "status": status, "headers": fields})
    await send({"type": "http.response.body", "body": body})
