"""Rows of a delimited text file, each with its line number, read as a stream.

Refuses bytes that are not UTF-8, quotes that do not close, rows of another width than the header
and a last line without an end: a half-downloaded table must not pass for a small one.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple

from db.core.errors import BrokenLoad
from db.sources.files import open_text

MAX_LINE = 8_000_000
"""A matrix export of the whole country has 18,000 regions on a line."""


class Row(NamedTuple):
    """One record; `line` is where it ends, as a record may hold quoted newlines."""

    line: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the rows below it, all as wide as the header."""

    name: str
    header: list[str]
    rows: Iterator[Row]

    def index(self, title: str) -> int | None:
        """Position of a column by its title, any case."""
        folded = [cell.casefold() for cell in self.header]
        return folded.index(title.casefold()) if title.casefold() in folded else None


def read_rows(path: Path, delimiter: str = ";", *, whole_lines: bool = True) -> Iterator[Row]:
    """Every record that is not an empty line."""
    line = 0
    with open_text(path, whole_lines=whole_lines) as text:
        try:
            lines = iter(lambda: _line(text, path.name), "")
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            for cells in reader:
                line = reader.line_num
                if cells:
                    yield Row(line, cells)
        except (csv.Error, UnicodeDecodeError, OSError) as error:
            raise BrokenLoad(f"{path.name}, after line {line}: {_fact(error)}") from error


def _line(text: IO[str], name: str) -> str:
    line = text.readline(MAX_LINE)
    if len(line) == MAX_LINE:
        raise BrokenLoad(f"{name} has a line of more than {MAX_LINE} characters")
    return line


def read_table(path: Path, delimiters: str = ";") -> Table:
    """The table of a file whose first record is its header.

    With several `delimiters`, the one that cuts the header into most cells is taken.
    """
    header = max((_header(path, mark) for mark in delimiters), key=lambda found: len(found[1]))
    rows = read_rows(path, header[0])
    next(rows)
    titles = [cell.strip() for cell in header[1]]
    return Table(path.name, titles, same_width(rows, len(titles), path.name))


def same_width(rows: Iterator[Row], width: int, name: str) -> Iterator[Row]:
    for row in rows:
        if len(row.cells) != width:
            raise BrokenLoad(
                f"{name}, line {row.line}: {len(row.cells)} cells where the header has {width}"
            )
        yield row


def refuse_repeats(titles: Sequence[str], name: str) -> None:
    """Two columns of one name cannot be told apart."""
    repeated = sorted({title for title in titles if titles.count(title) > 1})
    if repeated:
        raise BrokenLoad(f"{name}: column {repeated[0][:60]!r} occurs more than once")


def _header(path: Path, delimiter: str) -> tuple[str, list[str]]:
    first = next(read_rows(path, delimiter), None)
    if first is None:
        raise BrokenLoad(f"{path.name} is empty")
    return delimiter, first.cells


def _fact(error: Exception) -> str:
    """What happened, without a path of this machine."""
    if isinstance(error, UnicodeDecodeError):
        return "the text is not UTF-8"
    if isinstance(error, csv.Error):
        return f"no proper CSV ({error})"
    return "the file cannot be read"
