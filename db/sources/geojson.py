"""GeoJSON feature collections of any size, read feature by feature while they are inflated.

GDAL and a whole-file JSON parse both need many times the file in memory; this needs one feature.
Refuses what is no complete feature collection: HTML with status 200, a cut-off body, a topology.
"""

import re
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import IO, Any

import numpy as np
import orjson

from db.core.crs import epsg_of
from db.core.errors import AnswerTooLarge, BrokenLoad, TruncatedAnswer
from db.core.geometry import Ring
from db.sources.files import open_bytes
from db.sources.layer import LayerBuilder

Record = dict[str, Any]

MAX_FEATURE = 64_000_000
"""Bytes of one feature; the largest area takes about 1 MB at full detail."""

_SIMPLE = ("Polygon", "MultiPolygon")
_POLYGONAL = (*_SIMPLE, "GeometryCollection")
_CHUNK = 1 << 20
_MARGIN = 64
"""A token this close to the end of what is read may go on in the next chunk."""

_STRING = rb'"(?:[^"\\]++|\\.)*+"'
_BEGIN = re.compile(rb"(?:\xef\xbb\xbf)?\s*+(\{)")
_AT_ROOT = re.compile(rb'[^{}"]*+("features"\s*+:\s*+\[|' + _STRING + rb"|[{}])", re.DOTALL)
_IN_LIST = re.compile(rb"[\s,]*+([{\]])")
_BRACE = re.compile(rb'[^{}"]*+(?:' + _STRING + rb'[^{}"]*+)*+([{}])', re.DOTALL)


def properties(feature: Record) -> Record:
    found = feature.get("properties")
    return found if isinstance(found, dict) else {}


def read(
    path: Path, builder: LayerBuilder, attributes: Callable[[Record], Record] = properties
) -> Record:
    """Add every feature of the file to the builder; returns the members beside the features."""
    with open_bytes(path) as stream:
        text = _Text(stream, path.name)
        for feature in text.features():
            geometry = feature.get("geometry")
            kind = geometry.get("type") if isinstance(geometry, dict) else geometry
            if kind is not None and kind not in _POLYGONAL:
                builder.notes[f"not-an-area: {kind}"[:60]] += 1
            builder.add(attributes(feature), polygons(geometry, path.name))
        return text.envelope()


def stated_crs(members: Record) -> int | None:
    """EPSG code of the old `crs` member, which may come after the features; None without one."""
    match members.get("crs"):
        case {"type": "name", "properties": {"name": str(name)}}:
            return epsg_of(name)
        case {"type": "EPSG", "properties": {"code": int(code)}}:
            return epsg_of(f"EPSG:{code}")
    return None


def polygons(geometry: Record | None, name: str) -> list[list[Ring]]:
    """Rings of a Polygon, MultiPolygon or collection; empty for null and other kinds."""
    match geometry:
        case {"type": "Polygon", "coordinates": list(rings)}:
            return [_rings(rings, name)]
        case {"type": "MultiPolygon", "coordinates": list(parts)}:
            return [_rings(rings, name) for rings in parts]
        case {"type": "GeometryCollection", "geometries": list(members)}:
            simple = (m for m in members if isinstance(m, dict) and m.get("type") in _SIMPLE)
            return [rings for member in simple for rings in polygons(member, name)]
    return []


def _rings(rings: Any, name: str) -> list[Ring]:
    if not isinstance(rings, list):
        raise BrokenLoad(f"{name}: a polygon that is no list of rings")
    return [_ring(ring, name) for ring in rings]


def _ring(points: Any, name: str) -> Ring:
    """Vertices as an array; a height is dropped, anything else that is no position refused."""
    try:
        width = len(points[0]) if points else 2
        flat = np.fromiter(chain.from_iterable(points), np.float64)
        if len(flat) != width * len(points) or width not in (2, 3):
            raise ValueError
    except (TypeError, ValueError, KeyError):
        raise BrokenLoad(f"{name}: a ring that is no list of positions") from None
    return flat.reshape(-1, width)[:, :2]


class _Text:
    """A window on the text: what is read and not yet consumed."""

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self._stream = stream
        self._name = name
        self._window = b""
        self._at = 0
        self._ended = False
        self._outside: list[bytes] = []

    def features(self) -> Iterator[Record]:
        self._begin()
        while (token := self._outside_token()) != b"}":
            if token == b"{":
                self._outside.append(self._object()[1:])
            elif token.endswith(b"["):
                while self._next(_IN_LIST).endswith(b"{"):
                    yield self._parsed(self._object())
                self._outside.append(b"]")

    def envelope(self) -> Record:
        """The members beside `features`, when these are read; refused if no FeatureCollection."""
        members = self._parsed(b"".join(self._outside))
        if members.get("type") != "FeatureCollection" or "features" not in members:
            kind = members.get("type")
            raise BrokenLoad(f"{self._name}: a FeatureCollection was expected, not {kind!r}")
        return members

    def _begin(self) -> None:
        self._fill()
        if not _BEGIN.match(self._window):
            start = self._window[:40].decode("utf-8", "replace")
            raise BrokenLoad(f"{self._name}: no JSON object, it begins with {start!r}")
        self._outside.append(self._next(_BEGIN)[-1:])

    def _outside_token(self) -> bytes:
        text = self._next(_AT_ROOT)
        self._outside.append(text)
        return text if text.endswith(b"[") else text[-1:]

    def _next(self, pattern: re.Pattern[bytes]) -> bytes:
        """Consume what the pattern matches here, reading on until it does."""
        while True:
            match = pattern.match(self._window, self._at)
            if match and (self._ended or match.end() < len(self._window) - _MARGIN):
                self._at = match.end()
                return match.group()
            self._fill_or_refuse()

    def _object(self) -> bytes:
        """The text of the object whose opening brace was consumed last."""
        self._at -= 1
        depth, done = 1, 1
        while depth:
            match = _BRACE.match(self._window, self._at + done)
            if match is None:
                self._fill_or_refuse()
            else:
                depth += 1 if match.group(1) == b"{" else -1
                done = match.end() - self._at
        start, self._at = self._at, self._at + done
        return self._window[start : self._at]

    def _fill_or_refuse(self) -> None:
        if self._ended:
            raise TruncatedAnswer(f"{self._name}: the JSON ends in the middle")
        if len(self._window) - self._at > MAX_FEATURE:
            raise AnswerTooLarge(f"{self._name}: a feature of more than {MAX_FEATURE:,} bytes")
        self._fill()

    def _fill(self) -> None:
        # Doubling keeps the rescan of a long feature linear.
        wanted = max(_CHUNK, len(self._window) - self._at)
        more = self._stream.read(wanted)
        self._ended = not more
        self._window = self._window[self._at :] + more
        self._at = 0

    def _parsed(self, text: bytes) -> Record:
        try:
            found = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            raise TruncatedAnswer(f"{self._name}: malformed JSON ({error})") from None
        return found if isinstance(found, dict) else {}
