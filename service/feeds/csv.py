"""CSV (RFC 4180): comma, dot, CRLF, UTF-8 without a mark, a header line; quoted where needed.

Written column by column: a row is a text of its area, a text of its year and state that thousands
share, and its numbers. What is absent is empty, and its status and reason say why.
"""

from collections.abc import Iterable, Iterator

import numpy as np
import orjson
from numpy.typing import NDArray

from db.core.absence import Reason
from db.core.figures import Floats
from schema.export import Extract

COLUMNS = (
    "publicatie", "indicator", "niveau", "indeling", "code", "naam", "jaar", "status", "reden",
    "voorlopig", "bron", "licentie", "waarde", "ondergrens", "bovengrens",
)  # fmt: skip

# Some 200 kB: made in a fifth of a millisecond, coded in two; more at once is slower (caches).
_ROWS = 2000
_SPECIAL = '",\r\n'
_LINE = b"\r\n"
_NO_MARGINS = b",,\r\n"
# Above, a float64 may stand for more than one whole number.
_MOST_WHOLE = 2.0**53


def chunks(extracts: Iterable[Extract]) -> Iterator[bytes]:
    """The whole file, in pieces that begin and end with a line."""
    yield ",".join(COLUMNS).encode() + _LINE
    for extract in extracts:
        writer = _Writer(extract)
        step = max(1, _ROWS // max(1, len(extract.years)))
        for start in range(0, len(extract.codes), step):
            yield writer.rows(slice(start, start + step))


class _Writer:
    def __init__(self, extract: Extract) -> None:
        self._extract = extract
        self._margins = [
            None if each is None else _Numbers(each) for each in (extract.lower, extract.upper)
        ]
        self._has_margins = any(self._margins)
        # What ends the row before begins each row: one text less for every row.
        self._end = _LINE if self._has_margins else _NO_MARGINS
        self._values = _Numbers(extract.values)
        self._states = _States(extract)

    def rows(self, areas: slice) -> bytes:
        """The lines of some areas."""
        columns = [
            np.array(self._areas(areas), object).repeat(len(self._extract.years)).tolist(),
            self._states.texts[self._states.places[areas].ravel()].tolist(),
            self._values.texts(areas),
        ]
        count = len(columns[0])
        if not count:
            return b""
        if self._has_margins:
            for margin in self._margins:
                columns += [[b","] * count, margin.texts(areas) if margin else [b""] * count]
        every = len(columns)
        parts = [b""] * (every * count)
        for place, column in enumerate(columns):
            parts[place::every] = column
        parts[0] = parts[0][len(self._end) :]
        parts.append(self._end)
        return b"".join(parts)

    def _areas(self, areas: slice) -> list[bytes]:
        """What the rows of each area begin with."""
        extract, table = self._extract, self._extract.table
        place = (extract.indicator.slug, table.level.value, table.vintage)
        common = ",".join(_quoted(str(each)) for each in (extract.publication, *place))
        begin = self._end.decode() + common
        codes, names = extract.codes[areas], extract.names[areas]
        together = "".join(names)
        if any(sign in together for sign in _SPECIAL):
            names = [_quoted(name) for name in names]
        return [f"{begin},{code},{name},".encode() for code, name in zip(codes, names, strict=True)]


class _Numbers:
    """Numbers as JSON writes them, nothing for NaN; whole ones as 1234 where all are whole."""

    def __init__(self, numbers: Floats) -> None:
        self._numbers: NDArray[np.float64] | NDArray[np.int64] = numbers
        absent = np.isnan(numbers)
        known = np.where(absent, 0.0, numbers)
        self._absent: NDArray[np.bool_] | None = None
        if np.abs(known).max(initial=0.0) <= _MOST_WHOLE:
            whole = known.astype(np.int64)
            if (whole == known).all():
                self._numbers, self._absent = whole, absent

    def texts(self, areas: slice) -> list[bytes]:
        numbers = self._numbers[areas].ravel()
        text = orjson.dumps(numbers, option=orjson.OPT_SERIALIZE_NUMPY)[1:-1]
        if self._absent is None:
            return text.replace(b"null", b"").split(b",")
        texts = text.split(b",")
        for place in np.flatnonzero(self._absent[areas]).tolist():
            texts[place] = b""
        return texts


class _States:
    """Year, status, reason, whether provisional, source and licence of every cell as one text.

    Cells have these in a handful of combinations, so that thousands share a text.
    """

    def __init__(self, extract: Extract) -> None:
        keys = extract.reasons.astype(np.int32)
        if extract.provisional.any():
            keys |= extract.provisional.astype(np.int32) << 8
        keys |= extract.loads.astype(np.int32) << 9
        distinct = np.flatnonzero(np.bincount(keys.ravel()))
        place = np.zeros(int(distinct.max(initial=0)) + 1, np.intp)
        place[distinct] = np.arange(len(distinct))
        said = [_said(extract, key) for key in distinct.tolist()]
        self.texts = np.array(
            [f"{year},{each}".encode() for year in extract.years for each in said], object
        )
        self.places = place[keys] + len(said) * np.arange(len(extract.years))


def _said(extract: Extract, key: int) -> str:
    reason, provisional, load = Reason(key & 0xFF), key >> 8 & 1, key >> 9
    source = extract.sources.get(load)
    whose = (source.slug, source.licence) if source else ("", "")
    texts = (reason.status.name, reason.name, "true" if provisional else "false", *whose, "")
    return ",".join(map(_quoted, texts))


def _quoted(text: str) -> str:
    if not any(sign in text for sign in _SPECIAL):
        return text
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
