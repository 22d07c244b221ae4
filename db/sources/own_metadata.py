"""The metadata file of somebody's own indicators: TOML, read strictly, all problems at once.

Says nothing of the areas or the store; db.ingest holds the figures against those.
"""

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import Enum
from pathlib import PurePosixPath
from typing import TypeVar

from db.core.absence import Reason
from db.core.errors import InvalidReference
from db.core.indicator import Indicator, Matcher, Origin
from db.core.levels import Level
from db.core.own import ABSENT, OWN_PREFIX, OwnColumn, OwnData, OwnTable, Problems
from db.core.programme import Source
from db.reference.entries import Entry
from db.reference.indicators import SLUG, indicator_of

MAX_METADATA = 1_000_000
OLDEST, NEWEST = 1990, 2100
"""Vintages that the store can hold."""
_T = TypeVar("_T")
_Choice = TypeVar("_Choice", bound=Enum)
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_URL = re.compile(r"https?://\S+|about:blank")
FAMILY = "own"
_LONGEST_ID = 60
_LONGEST_PLACE = 100
_LONGEST_TEXT = 2_000
_HIGHEST_NUMBER = 1_000_000
_MOST_DECIMALS = 10
_NOT_OURS = ("source", "availability", "columns", "origin")
"""Keys of the catalogue that say how publishers' columns are recognised."""


class Encoding(Enum):
    UTF_8 = "utf-8"
    UTF_16 = "utf-16"
    WINDOWS = "windows-1252"
    LATIN = "iso-8859-1"


class Separator(Enum):
    SEMICOLON = ";"
    COMMA = ","
    TAB = "\t"
    BAR = "|"


class Decimal(Enum):
    COMMA = ","
    POINT = "."


class _Sheet(Entry):
    """An entry that notes what is wrong and reads on, with a stand-in that nobody gets to see."""

    def __init__(
        self, file: str, place: str, values: Mapping[str, object], problems: Problems
    ) -> None:
        super().__init__(file, place[:_LONGEST_PLACE], values)
        self.problems = problems
        self.noted: set[str] = set()

    def note(self, key: str, problem: str) -> None:
        """Once for a key: what follows from it being wrong is not told apart."""
        if key not in self.noted:
            self.noted.add(key)
            self.problems.add(self.file, None, f"{self.place or 'the file'}: {problem}")

    def text(self, key: str) -> str:
        found = self._or(key, lambda: Entry.text(self, key), "?")
        if len(found) > _LONGEST_TEXT:
            self.note(key, f"{key} has more than {_LONGEST_TEXT} characters")
        if any(unicodedata.category(mark) in ("Cc", "Cs") for mark in found):
            self.note(key, f"{key} has characters that cannot be shown")
        return found

    def number(self, key: str) -> int:
        found = self._or(key, lambda: Entry.number(self, key), 1)
        if abs(found) <= _HIGHEST_NUMBER:
            return found
        self.note(key, f"{key} is not between -{_HIGHEST_NUMBER} and {_HIGHEST_NUMBER}")
        return 1

    def choice(self, key: str, options: type[_Choice]) -> _Choice:
        return self._or(key, lambda: Entry.choice(self, key, options), next(iter(options)))

    def mark(self, key: str, options: type[_Choice]) -> _Choice:
        """A choice among texts that may be no more than a tab."""
        given = self._or(key, lambda: self._typed(key, str, "text"), "")
        for option in options:
            if option.value == given:
                return option
        shown = ", ".join(repr(option.value) for option in options)
        self.note(key, f"{key} is {given[:20]!r}; expected one of {shown}")
        return next(iter(options))

    def below(self, key: str) -> dict[str, object]:
        """The tables in a table."""
        return self._or(key, lambda: self._typed(key, dict, "a table"), {})

    def entries(self, key: str, name: str) -> Iterator["_Sheet"]:
        listed: list[Entry] = self._or(key, lambda: list(Entry.entries(self, key, name)), [])
        if not listed:
            self.note(key, f"{key} needs at least one table")
        for each in listed:
            yield _Sheet(self.file, each.place, each.values, self.problems)

    def close(self) -> None:
        self._or("unknown key", lambda: Entry.close(self), None)

    def _or(self, key: str, read: Callable[[], _T], otherwise: _T) -> _T:
        try:
            return read()
        except InvalidReference as error:
            self.note(key, error.problem)
            return otherwise


def read_metadata(file: str, content: bytes, problems: Problems) -> OwnData | None:
    """What a metadata file states; None, and why, where anything in it is wrong."""
    values = _parsed(file, content, problems)
    if values is None:
        return None
    before = problems.total
    top = _Sheet(file, "", values, problems)
    name = _id(top)
    source = _source(_Sheet(file, "source", top.below("source"), problems), OWN_PREFIX + name)
    indicators = tuple(_indicators(top, source.slug))
    tables = tuple(_table(each) for each in top.entries("tables", "file"))
    top.close()
    _check_tables(top, tables, top.below("indicators"))
    if problems.total > before:
        return None
    return OwnData(name, file, source, indicators, tables)


def _parsed(file: str, content: bytes, problems: Problems) -> dict[str, object] | None:
    if len(content) > MAX_METADATA:
        problems.add(file, None, f"a metadata file has at most {MAX_METADATA:,} bytes")
        return None
    try:
        return tomllib.loads(content.decode("utf-8"))
    except UnicodeDecodeError:
        problems.add(file, None, "the text is not UTF-8, as TOML is")
    except RecursionError:
        problems.add(file, None, "is no TOML: lists or tables lie too deep in each other")
    except ValueError as error:
        # Also of numbers too long to read, which tomllib passes on as they are.
        problems.add(file, None, f"is no TOML: {error}")
    return None


def _id(top: _Sheet) -> str:
    found = top.text("id")
    if len(found) > _LONGEST_ID or not _ID.fullmatch(found):
        top.note(
            "id",
            f"id must be small letters, digits and hyphens, at most {_LONGEST_ID}, such as "
            "kwakelhaven-inflow",
        )
    return found


def _source(sheet: _Sheet, slug: str) -> Source:
    name_nl, name_en = sheet.both("name")
    attribution_nl, attribution_en = sheet.both("attribution")
    note_nl, note_en = sheet.both_or_none("note")
    source = Source(
        slug=slug,
        publisher=sheet.text("publisher"),
        name_nl=name_nl,
        name_en=name_en,
        url=sheet.text("url"),
        licence=sheet.text("licence"),
        licence_url=sheet.text_or_none("licence_url"),
        attribution_nl=attribution_nl,
        attribution_en=attribution_en,
        note_nl=note_nl,
        note_en=note_en,
        origin=Origin.OWN,
    )
    for key, url in (("url", source.url), ("licence_url", source.licence_url)):
        if url is not None and not _URL.fullmatch(url):
            sheet.note(key, f"{key} must begin with https:// or http://, or be about:blank")
    sheet.close()
    return source


def _indicators(top: _Sheet, source: str) -> Iterator[Indicator]:
    tables = top.below("indicators")
    if not tables:
        top.note("indicators", "indicators needs at least one table, such as [indicators.my_slug]")
    for slug, values in tables.items():
        sheet = _Sheet(
            top.file, f"indicators.{slug}", values if isinstance(values, dict) else {}, top.problems
        )
        found = _indicator(sheet, slug, source)
        if found is not None:
            yield found


def _indicator(sheet: _Sheet, slug: str, source: str) -> Indicator | None:
    if not SLUG.fullmatch(slug) or len(slug) > _LONGEST_ID:
        sheet.note("slug", "a slug has small letters, digits and underscores, such as low_advice")
    for key in _NOT_OURS:
        if sheet.has(key):
            sheet.note(key, f"unknown key {key}")
    if not sheet.has("measures"):
        sheet.note("measures", "measures is missing; stock: what there is; flow: what came")
    sheet.values = {k: v for k, v in sheet.values.items() if k not in _NOT_OURS}
    sheet.values["source"] = source
    try:
        found = indicator_of(sheet)
    except InvalidReference as error:
        # What contradicts itself may do so because something in it could not be read.
        if not sheet.noted:
            sheet.note("", error.problem)
        return None
    if not 0 <= found.decimals <= _MOST_DECIMALS:
        sheet.note("decimals", f"decimals must be from 0 to {_MOST_DECIMALS}")
    if found.rounding is not None and found.rounding < 1:
        sheet.note("rounding", "rounding must be at least 1")
    return replace(found, slug=slug, origin=Origin.OWN, matchers=(Matcher(FAMILY, short=slug),))


def _table(sheet: _Sheet) -> OwnTable:
    table = OwnTable(
        file=_file(sheet),
        level=sheet.choice("level", Level),
        vintage=sheet.number("vintage"),
        encoding=sheet.choice("encoding", Encoding).value,
        separator=sheet.mark("separator", Separator).value,
        decimal=sheet.mark("decimal", Decimal).value,
        code=sheet.text("code"),
        year=sheet.text_or_none("year"),
        absent=_absent(sheet),
        columns=tuple(_column(each) for each in sheet.entries("columns", "indicator")),
    )
    if not OLDEST <= table.vintage <= NEWEST:
        sheet.note("vintage", f"vintage must be a year from {OLDEST} to {NEWEST}")
    if table.separator == table.decimal:
        sheet.note("decimal", "decimal and separator cannot be the same mark")
    told = {column.year is not None for column in table.columns}
    if told != {table.year is None}:
        sheet.note("year", "either the table names a column `year`, or each of columns has a year")
    sheet.close()
    return table


def _file(sheet: _Sheet) -> str:
    """A name below the folder of the metadata file."""
    name = sheet.text("file")
    parts = PurePosixPath(name).parts
    if PurePosixPath(name).is_absolute() or ".." in parts or "\\" in name:
        sheet.note("file", "file must lie in the folder of the metadata file, or below it")
    return name


def _absent(sheet: _Sheet) -> dict[str, Reason]:
    if not sheet.has("absent"):
        return {}
    found = {}
    for text, word in sheet.below("absent").items():
        if not isinstance(word, str) or word not in ABSENT:
            known = ", ".join(ABSENT)
            sheet.note(f"absent {text}", f"absent.{text[:20]!r} must be one of {known}")
        else:
            found[text.strip()] = ABSENT[word]
    return found


def _column(sheet: _Sheet) -> OwnColumn:
    column = OwnColumn(
        indicator=sheet.text("indicator"),
        value=sheet.text("value"),
        year=sheet.number_or_none("year"),
        lower=sheet.text_or_none("lower"),
        upper=sheet.text_or_none("upper"),
        status=sheet.text_or_none("status"),
    )
    if (column.lower is None) != (column.upper is None):
        sheet.note("lower", "give lower and upper, or neither")
    sheet.close()
    return column


def _check_tables(top: _Sheet, tables: Sequence[OwnTable], slugs: Collection[str]) -> None:
    """What tables say together must hold: one file for a level and vintage, all slugs in use."""
    for (level, vintage), times in Counter((t.level, t.vintage) for t in tables).items():
        if times > 1:
            top.note(
                f"{level} {vintage}",
                f"{times} tables are of {level.value} {vintage}; put their years in one file",
            )
    used = Counter(column.indicator for table in tables for column in table.columns)
    for slug in used.keys() - set(slugs):
        top.note(f"column {slug}", f"columns name {slug[:60]!r}, which indicators does not have")
    for slug in set(slugs) - used.keys():
        top.note(f"table {slug}", f"no table has figures of {slug[:60]!r}")
    for table in tables:
        places = Counter((column.indicator, column.year) for column in table.columns)
        for (slug, year), times in places.items():
            if times > 1:
                where = "" if year is None else f" for {year}"
                top.note(
                    f"{table.file} {slug} {year}",
                    f"tables {table.file}: {times} columns give {slug[:60]!r}{where}",
                )
