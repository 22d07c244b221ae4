"""Files of lines: a row is a text of its area, a text of its year and state, and its numbers.

Written column by column, for thousands of rows share the first two. How texts and numbers look, and
what stands between them, a dialect says.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256

import numpy as np
import orjson
from numpy.typing import NDArray

from db.core.absence import Reason
from db.core.figures import Floats
from db.core.programme import Source
from schema.export import Extract

SEAL = "inhoud_sha256"
"""The last column: the digest of the file without it, so that a file says in itself what it is."""
# Some 200 kB: made in a fifth of a millisecond, coded in two; more at once is slower (caches).
_ROWS = 2000
# Above, a float64 may stand for more than one whole number.
_MOST_WHOLE = 2.0**53


@dataclass(frozen=True, slots=True)
class State:
    """What thousands of cells have in common."""

    year: int
    reason: Reason
    provisional: bool
    source: Source | None

    def words(self) -> tuple[str, ...]:
        """Year, status, reason, whether provisional, whose: as both dialects of CSV have them."""
        source = self.source
        whose = (source.slug, source.licence, source.attribution_nl) if source else ("", "", "")
        provisional = "true" if self.provisional else "false"
        return (str(self.year), self.reason.status.name, self.reason.name, provisional, *whose)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a row is written, from its begin to its end."""

    names: bytes
    """The line before all rows, up to its end; empty where each row names its own cells."""
    areas: Callable[[Extract, slice], list[str]]
    """What the rows of each area begin with, up to the year."""
    state: Callable[[State], str]
    """From the year up to the value."""
    lower: bytes
    """What stands between the value and the lower margin."""
    upper: bytes
    """And before the upper one."""
    seal: bytes
    """The last cell with what stands before it, `%b` for its text, where a file says its digest."""
    end: bytes
    absent: bytes = b""
    decimal: bytes = b"."

    def width(self, rows: int) -> int:
        """How many bytes longer a file of so many rows is when it says its digest."""
        head = len(self.seal % SEAL.encode()) if self.names else 0
        return head + rows * len(self.seal % bytes(2 * sha256().digest_size))


def lines(
    extracts: Iterable[Extract], dialect: Dialect, digest: str | None = None
) -> Iterator[bytes]:
    """The whole file, in pieces that begin and end with a line.

    Without a digest it is the file that the digest is of.
    """
    names, end = dialect.names, dialect.end
    if digest is not None:
        names += dialect.seal % SEAL.encode()
        dialect = replace(dialect, end=dialect.seal % digest.encode() + end)
    if dialect.names:
        yield names + end
    for extract in extracts:
        writer = _Writer(extract, dialect)
        step = max(1, _ROWS // max(1, len(extract.years)))
        for start in range(0, len(extract.codes), step):
            yield writer.rows(slice(start, start + step))


class _Writer:
    def __init__(self, extract: Extract, dialect: Dialect) -> None:
        self._extract = extract
        self._dialect = dialect
        self._margins = [
            None if each is None else _Numbers(each, dialect)
            for each in (extract.lower, extract.upper)
        ]
        self._has_margins = any(self._margins)
        none = dialect.lower + dialect.absent + dialect.upper + dialect.absent
        # What ends the row before begins each row: one text less for every row.
        self._end = dialect.end if self._has_margins else none + dialect.end
        self._values = _Numbers(extract.values, dialect)
        self._states = _States(extract, dialect)

    def rows(self, areas: slice) -> bytes:
        """The lines of some areas."""
        dialect, end = self._dialect, self._end
        begins = [end + each.encode() for each in dialect.areas(self._extract, areas)]
        columns = [
            np.array(begins, object).repeat(len(self._extract.years)).tolist(),
            self._states.texts[self._states.places[areas].ravel()].tolist(),
            self._values.texts(areas),
        ]
        count = len(columns[0])
        if not count:
            return b""
        if self._has_margins:
            for before, margin in zip((dialect.lower, dialect.upper), self._margins, strict=True):
                texts = margin.texts(areas) if margin else [dialect.absent] * count
                columns += [[before] * count, texts]
        every = len(columns)
        parts = [b""] * (every * count)
        for place, column in enumerate(columns):
            parts[place::every] = column
        parts[0] = parts[0][len(end) :]
        parts.append(end)
        return b"".join(parts)


class _Numbers:
    """Numbers as JSON writes them; whole ones as 1234 where all of a file are whole."""

    def __init__(self, numbers: Floats, dialect: Dialect) -> None:
        self._dialect = dialect
        self._numbers: NDArray[np.float64] | NDArray[np.int64] = numbers
        absent = np.isnan(numbers)
        known = np.where(absent, 0.0, numbers)
        self._absent: NDArray[np.bool_] | None = None
        if np.abs(known).max(initial=0.0) <= _MOST_WHOLE:
            whole = known.astype(np.int64)
            if (whole == known).all():
                self._numbers, self._absent = whole, absent

    def texts(self, areas: slice) -> list[bytes]:
        nothing, decimal = self._dialect.absent, self._dialect.decimal
        numbers = self._numbers[areas].ravel()
        text = orjson.dumps(numbers, option=orjson.OPT_SERIALIZE_NUMPY)[1:-1]
        if self._absent is None:
            if decimal != b".":
                text = text.replace(b",", b" ").replace(b".", decimal)
                return text.replace(b"null", nothing).split(b" ")
            return text.replace(b"null", nothing).split(b",")
        texts = text.split(b",")
        for place in np.flatnonzero(self._absent[areas]).tolist():
            texts[place] = nothing
        return texts


class _States:
    """Year, status, reason, whether provisional, source and licence of every cell as one text.

    Cells have these in a handful of combinations, so that thousands share a text.
    """

    def __init__(self, extract: Extract, dialect: Dialect) -> None:
        keys = extract.reasons.astype(np.int32)
        if extract.provisional.any():
            keys |= extract.provisional.astype(np.int32) << 8
        keys |= extract.loads.astype(np.int32) << 9
        distinct = np.flatnonzero(np.bincount(keys.ravel()))
        place = np.zeros(int(distinct.max(initial=0)) + 1, np.intp)
        place[distinct] = np.arange(len(distinct))
        states = [_state(extract, year, key) for year in extract.years for key in distinct.tolist()]
        self.texts = np.array([dialect.state(each).encode() for each in states], object)
        self.places = place[keys] + len(distinct) * np.arange(len(extract.years))


def _state(extract: Extract, year: int, key: int) -> State:
    source = extract.sources.get(key >> 9)
    return State(year, Reason(key & 0xFF), bool(key >> 8 & 1), source)
