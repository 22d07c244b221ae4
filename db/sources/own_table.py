"""The CSV file of somebody's own figures, read strictly: every cell, or all that is wrong with it.

Nothing is guessed: encoding, separator, decimal mark and the texts for absence are stated in the
metadata file, and a file that is otherwise is told how it is.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from math import nan

from db.core.absence import Reason
from db.core.codes import parse_code
from db.core.errors import MalformedCode
from db.core.own import OwnCell, OwnColumn, OwnTable, Problems

MAX_TABLE = 64_000_000
"""Bytes; all buurten over twenty years with ten indicators are a third of it."""
FIRST_YEAR = 1990
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8"}
_WINDOWS = re.compile("[\x80-\x9f]")
_YEAR = re.compile(r"\d{4}", re.ASCII)
_NUMBERS = {
    ",": re.compile(r"-?\d{1,30}(,\d{1,30})?", re.ASCII),
    ".": re.compile(r"-?\d{1,30}(\.\d{1,30})?", re.ASCII),
}


def read_own_table(
    table: OwnTable, content: bytes, today: date, problems: Problems
) -> dict[str, list[OwnCell]]:
    """The cells of each indicator, in the order of the file; what is wrong goes to `problems`."""
    text = _decoded(table, content, problems)
    if text is None:
        return {}
    return _Reading(table, today, problems).cells(text)


def _decoded(table: OwnTable, content: bytes, problems: Problems) -> str | None:
    """The text of the file, where its bytes are what the metadata says."""
    if len(content) > MAX_TABLE:
        problems.add(table.file, None, f"a file has at most {MAX_TABLE:,} bytes")
        return None
    marked = next((name for mark, name in _MARKS.items() if content.startswith(mark)), None)
    if marked not in (None, table.encoding):
        problems.add(
            table.file, 1, f"the file says that it is {marked}; encoding says {table.encoding}"
        )
        return None
    if table.encoding == "utf-16" and marked is None:
        problems.add(table.file, 1, "the file does not begin as UTF-16 does")
        return None
    # A mark of UTF-8, as spreadsheets write it, is no part of the first title.
    known = {"utf-8": "utf-8-sig", "windows-1252": "cp1252"}.get(table.encoding, table.encoding)
    try:
        text = content.decode(known)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problems.add(
            table.file, line, f"the bytes are not {table.encoding}; a spreadsheet often saves CSV "
            "as windows-1252"
        )  # fmt: skip
        return None
    return _plain(table, text, problems)


def _plain(table: OwnTable, text: str, problems: Problems) -> str | None:
    for found, what in (
        (text.find("\0"), "an empty byte, which no text has"),
        (_first(_WINDOWS, text), "marks of windows-1252; state that encoding"),
    ):
        if found >= 0:
            problems.add(table.file, text.count("\n", 0, found) + 1, f"there is {what}")
            return None
    return text


def _first(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.search(text)
    return found.start() if found else -1


@dataclass(frozen=True, slots=True)
class _Places:
    """Positions of the columns of one indicator in a row."""

    of: OwnColumn
    value: int
    lower: int | None
    upper: int | None
    status: int | None


class _Reading:
    """One file being read."""

    def __init__(self, table: OwnTable, today: date, problems: Problems) -> None:
        self._table = table
        self._today = today
        self._problems = problems
        self._first: dict[tuple[str, str, int], int] = {}
        """Line on which an indicator has an area and year."""

    def cells(self, text: str) -> dict[str, list[OwnCell]]:
        found: dict[str, list[OwnCell]] = {}
        rows = self._rows(text)
        header = next(rows, None)
        if header is None:
            self._note(1, "the file is empty")
            return found
        stated = [each.year for each in self._table.columns if each.year is not None]
        told = [self._year(1, str(year)) is not None for year in dict.fromkeys(stated)]
        places = self._places(header[1])
        if places is None or not all(told):
            return found
        some = False
        for line, row in rows:
            some = True
            if len(row) != len(header[1]):
                self._note(line, f"{len(row)} cells, where the header has {len(header[1])}")
                continue
            self._row(line, row, places, found)
        if not some:
            self._note(1, "there are no rows below the header")
        return found

    def _rows(self, text: str) -> Iterator[tuple[int, list[str]]]:
        reader = csv.reader(
            io.StringIO(text, newline=""), delimiter=self._table.separator, strict=True
        )
        try:
            for row in reader:
                if row:
                    yield reader.line_num, row
        except csv.Error as error:
            self._note(reader.line_num, f"no proper CSV: {error}")

    def _places(self, header: list[str]) -> "tuple[int, int | None, list[_Places]] | None":
        """Where each column stands; None where one of them is missing or there twice."""
        table = self._table
        titles = [title.strip() for title in header]
        wanted = [table.code, *([table.year] if table.year else [])]
        wanted += [title for column in table.columns for title in column.titles]
        sound = True
        for title in dict.fromkeys(wanted):
            if (times := titles.count(title)) != 1:
                sound = False
                self._note(1, self._lacking(title, times, titles))
        if not sound:
            return None
        at = titles.index
        places = [
            _Places(
                each,
                at(each.value),
                None if each.lower is None else at(each.lower),
                None if each.upper is None else at(each.upper),
                None if each.status is None else at(each.status),
            )
            for each in table.columns
        ]
        return at(table.code), None if table.year is None else at(table.year), places

    def _lacking(self, title: str, times: int, titles: list[str]) -> str:
        if times:
            return f"{times} columns are called {title!r}"
        told = f"no column is called {title!r}; there are: {', '.join(map(repr, titles))}"
        others = [mark for mark in ";,\t|" if len(titles) == 1 and mark in titles[0]]
        return told[:300] + (f"; the separator seems to be {others[0]!r}" if others else "")

    def _row(
        self,
        line: int,
        row: list[str],
        places: tuple[int, int | None, list[_Places]],
        found: dict[str, list[OwnCell]],
    ) -> None:
        code, stated = self._code(line, row[places[0]]), None
        if places[1] is not None:
            stated = self._year(line, row[places[1]])
            if stated is None:
                return
        for place in places[2]:
            year = stated if place.of.year is None else place.of.year
            cell = self._cell(line, code or "", year or 0, row, place)
            if cell is None or code is None or year is None:
                continue
            slug = place.of.indicator
            earlier = self._first.setdefault((slug, code, year), line)
            if earlier != line:
                self._note(line, f"{slug} of {code} in {year} is on line {earlier} already")
            else:
                found.setdefault(slug, []).append(cell)

    def _code(self, line: int, text: str) -> str | None:
        try:
            level, code = parse_code(text)
        except MalformedCode as error:
            self._note(line, str(error))
            return None
        if level is not self._table.level:
            wanted = self._table.level.value
            self._note(line, f"{code} is the code of a {level.value}; this table is of {wanted}")
            return None
        return code

    def _year(self, line: int, text: str) -> int | None:
        last = self._today.year
        if _YEAR.fullmatch(text.strip()) and FIRST_YEAR <= int(text) <= last:
            return int(text)
        self._note(line, f"{text.strip()[:40]!r} is no year from {FIRST_YEAR} to {last}")
        return None

    def _cell(
        self, line: int, code: str, year: int, row: list[str], place: _Places
    ) -> OwnCell | None:
        text = row[place.value].strip()
        status = "" if place.status is None else row[place.status].strip()
        bounds = [row[at].strip() for at in (place.lower, place.upper) if at is not None]
        absent = self._table.absent
        if status:
            return self._explained(line, code, year, (text, status, bounds), place)
        if text in absent:
            if any(each and each not in absent for each in bounds):
                self._note(line, f"{place.of.indicator} is absent and has bounds")
                return None
            return OwnCell(line, code, year, nan, absent[text])
        if not any(bounds):
            bounds = []
        numbers = [self._number(line, each, place) for each in (text, *bounds)]
        if any(number is None for number in numbers):
            return None
        value, lower, upper = [number or 0.0 for number in numbers] + [nan] * (3 - len(numbers))
        return OwnCell(line, code, year, value, Reason.OBSERVED, lower, upper)

    def _explained(
        self,
        line: int,
        code: str,
        year: int,
        given: tuple[str, str, list[str]],
        place: _Places,
    ) -> OwnCell | None:
        """A cell of which the column of statuses says why it is absent."""
        text, status, bounds = given
        absent, slug = self._table.absent, place.of.indicator
        if status not in absent:
            known = ", ".join(map(repr, absent)) or "none"
            self._note(line, f"{status[:40]!r} is no status of {slug}; absent has: {known}")
            return None
        if any(each and absent.get(each) is not absent[status] for each in (text, *bounds)):
            self._note(line, f"{slug} has a figure and a status for its absence, {status[:40]!r}")
            return None
        return OwnCell(line, code, year, nan, absent[status])

    def _number(self, line: int, text: str, place: _Places) -> float | None:
        decimal = self._table.decimal
        if _NUMBERS[decimal].fullmatch(text):
            return float(text.replace(",", "."))
        known = ", ".join(map(repr, self._table.absent)) or "none"
        what = repr(text[:40]) if text else "an empty cell"
        self._note(
            line,
            f"{what} is no figure of {place.of.indicator}: digits with {decimal!r} before "
            f"decimals and nothing between thousands; texts for absence: {known}",
        )
        return None

    def _note(self, line: int, problem: str) -> None:
        self._problems.add(self._table.file, line, problem)
