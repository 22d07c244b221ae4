"""What a page of JSON says about itself, without building its rows.

Counts the objects in one top-level array, hashes that array and parses the rest of the document,
in bounded memory: a page of shapes takes 80 MB as text and ten times that as Python objects.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO

import numpy as np
import numpy.typing as npt
import orjson

from db.core.errors import TruncatedAnswer

_CHUNK = 1 << 20
_REST_LIMIT = 4_000_000
_QUOTE, _BACKSLASH = ord('"'), ord("\\")
_STEPS = np.zeros(256, dtype=np.int8)
_STEPS[[ord("["), ord("{")]] = 1
_STEPS[[ord("]"), ord("}")]] = -1

Positions = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Outline:
    rows: int
    digest: str
    """Of the array's bytes alone: equal for the same page sent twice under other time stamps."""
    members: Mapping[str, object]
    """The document's other members: the link to the next page, what the publisher counted."""


def outline(stream: IO[bytes], member: str, what: str) -> Outline:
    """TruncatedAnswer unless the stream is one JSON object with an array of that name."""
    scan = _Scan(member, what)
    while chunk := stream.read(_CHUNK):
        scan.feed(_to_whole_escape(chunk, stream, what))
    return scan.finish()


def _to_whole_escape(chunk: bytes, stream: IO[bytes], what: str) -> bytes:
    """The chunk, a little longer where it would cut an escape in two."""
    for _ in range(64):
        if not chunk.endswith(b"\\"):
            return chunk
        chunk += stream.read(1)
    raise TruncatedAnswer(f"{what}: the answer is not JSON")


class _Scan:
    def __init__(self, member: str, what: str) -> None:
        self._what = what
        self._member = member
        self._opening = re.compile(rb'"' + re.escape(member.encode()) + rb'"\s*:\s*\[$')
        self._rest = bytearray()
        self._hash = hashlib.blake2b(digest_size=16)
        self._depth = 0
        self._in_string = False
        self._inside = False
        self._rows = 0

    def feed(self, chunk: bytes) -> None:
        text = np.frombuffer(chunk, dtype=np.uint8)
        quotes = _unescaped(text, np.flatnonzero(text == _QUOTE))
        brackets = np.flatnonzero(_STEPS[text])
        in_string = (np.searchsorted(quotes, brackets) + self._in_string) % 2 == 1
        brackets = brackets[~in_string]
        depth = self._depth + np.cumsum(_STEPS[text[brackets]], dtype=np.int64)
        if depth.size and depth.min() < 0:
            raise self._malformed()
        self._cut(chunk, text[brackets], brackets, depth)
        self._in_string = bool((len(quotes) + self._in_string) % 2)
        self._depth = int(depth[-1]) if depth.size else self._depth

    def finish(self) -> Outline:
        try:
            members = orjson.loads(self._rest)
        except orjson.JSONDecodeError as broken:
            raise self._malformed() from broken
        if not isinstance(members, dict) or members.pop(self._member, None) != []:
            raise TruncatedAnswer(f"{self._what}: the answer has no list {self._member!r}")
        return Outline(self._rows, self._hash.hexdigest(), members)

    def _cut(
        self,
        chunk: bytes,
        signs: npt.NDArray[np.uint8],
        at: Positions,
        depth: npt.NDArray[np.int64],
    ) -> None:
        """Split the chunk at the edges of top-level arrays: rows to the hash, the rest aside."""
        opens = np.cumsum((signs == ord("{")) & (depth == 3))
        edges = np.flatnonzero(
            ((signs == ord("[")) & (depth == 2)) | ((signs == ord("]")) & (depth == 1))
        )
        position = counted = 0
        for edge in edges:
            upto = int(at[edge]) + (signs[edge] == ord("["))
            self._take(chunk[position:upto], int(opens[edge]) - counted)
            position, counted = upto, int(opens[edge])
            self._inside = signs[edge] == ord("[") and bool(self._opening.search(self._rest[-200:]))
        self._take(chunk[position:], int(opens[-1]) - counted if opens.size else 0)

    def _take(self, piece: bytes, rows: int) -> None:
        if self._inside:
            self._hash.update(piece)
            self._rows += rows
            return
        self._rest += piece
        if len(self._rest) > _REST_LIMIT:
            raise TruncatedAnswer(f"{self._what}: the answer has no list {self._member!r}")

    def _malformed(self) -> TruncatedAnswer:
        return TruncatedAnswer(f"{self._what}: the JSON ends too early or is malformed")


def _unescaped(text: npt.NDArray[np.uint8], quotes: Positions) -> Positions:
    """The quotes that open or close a string: those after an even number of backslashes."""
    suspects = quotes[(quotes > 0) & (text[quotes - 1] == _BACKSLASH)]
    if not suspects.size:
        return quotes
    plain = np.flatnonzero(text != _BACKSLASH)
    before = np.searchsorted(plain, suspects) - 1
    last = np.where(before >= 0, plain[before], -1)
    escaped = suspects[(suspects - 1 - last) % 2 == 1]
    return np.setdiff1d(quotes, escaped, assume_unique=True)
