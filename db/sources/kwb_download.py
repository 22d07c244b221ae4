"""Kerncijfers wijken en buurten as CBS offers them for download: kwb-<year>.csv, .xls, .xlsx.

Keyed on `gwb_code_10`, the one column that keeps prefix and leading zeros; a file without it is
refused. The attribute tables of the map (WK_CODE, AANT_INW) go to db.sources.kwb_attributes.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from db.core.errors import BrokenLoad, RefusedFile
from db.core.figures import Column, Parsed
from db.sources import kwb_attributes
from db.sources.admission import Admission, Region
from db.sources.csv_text import read_table, refuse_repeats
from db.sources.dataset import Dataset, Payload
from db.sources.decimal_mark import DecimalMark
from db.sources.rectangle import Cell, Rectangle, finish
from db.sources.spreadsheet import is_spreadsheet, read_sheet

_CODE = "gwb_code_10"
_CHANGE = ("ind_wbz", "ind_wbi")
_NO_FIGURES = {_CODE, "gwb_code_8", "gwb_code", "regio", "gm_naam", "recs", *_CHANGE}
_YEAR_IN_NAME = re.compile(r"kwb[-_](\d{4})")


def load(dataset: Dataset, payload: Payload) -> Parsed:
    """Areas and figures of one year; the part is called 'data'."""
    path = payload.one("data")
    if is_spreadsheet(path):
        header, lines = read_sheet(path, _CODE)
        return _parsed(dataset, path, header, lines)
    table = read_table(path, delimiters=";,")
    if table.index(_CODE) is None and kwb_attributes.code_column(table) is not None:
        return kwb_attributes.load(dataset, payload)
    return _parsed(dataset, path, table.header, table.rows)


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the columns that identify a row stand."""

    code: int
    name: int | None
    level: int | None
    change: int | None

    def region(self, line: int, cells: Sequence[Cell], file: str) -> Region:
        code = cells[self.code]
        if isinstance(code, int | float):
            raise RefusedFile(
                f"{file}, row {line}: {_CODE} holds a number; leading zeros and prefix are lost"
            )
        return Region(
            where=f"line {line}",
            code=code or "",
            name=_text(cells, self.name),
            level=_text(cells, self.level),
            change=None if self.change is None else cells[self.change],
        )


def _parsed(
    dataset: Dataset, path: Path, header: list[str], lines: Iterable[tuple[int, Sequence[Cell]]]
) -> Parsed:
    _check_year(path.name, dataset.vintage)
    places, figures_at = _places(header, path.name)
    mark = DecimalMark(path.name, dataset.options.get("decimal"))
    rectangle = Rectangle([Column(key=header[i]) for i in figures_at], mark)
    admission = Admission(dataset, path.name, changes=places.change is not None)
    for line, cells in _complete(lines, len(header), path.name):
        entry = admission.admit(places.region(line, cells, path.name))
        if entry is not None:
            rectangle.add(entry.code, entry.year, [cells[i] for i in figures_at])
    account = admission.close()
    figures = rectangle.figures()
    finish(figures, dataset, account)
    return Parsed(account, admission.gazetteer.areas(), [figures])


def _places(header: list[str], file: str) -> tuple[_Places, list[int]]:
    titles = [title.casefold() for title in header]
    refuse_repeats([title for title in titles if title], file)
    if _CODE not in titles:
        raise RefusedFile(
            f"{file} has no column {_CODE}; the other code columns lose prefix and leading zeros"
        )
    at = {title: i for i, title in enumerate(titles)}
    change = next((at[title] for title in _CHANGE if title in at), None)
    figures_at = [i for i, title in enumerate(titles) if title and title not in _NO_FIGURES]
    if not figures_at:
        raise BrokenLoad(f"{file}: no column with figures")
    return _Places(at[_CODE], at.get("regio"), at.get("recs"), change), figures_at


def _complete(
    lines: Iterable[tuple[int, Sequence[Cell]]], width: int, file: str
) -> Iterator[tuple[int, Sequence[Cell]]]:
    """Rows with anything in them; spreadsheets end in rows that are only formatted."""
    for line, cells in lines:
        if len(cells) != width:
            raise BrokenLoad(
                f"{file}, line {line}: {len(cells)} cells where the header has {width}"
            )
        if any(cell not in (None, "") for cell in cells):
            yield line, cells


def _check_year(file: str, vintage: int) -> None:
    named = _YEAR_IN_NAME.search(file.casefold())
    if named is not None and int(named[1]) != vintage:
        raise BrokenLoad(f"{file} is of {named[1]} by its name, not of {vintage}")


def _text(cells: Sequence[Cell], place: int | None) -> str | None:
    cell = None if place is None else cells[place]
    return None if cell is None else str(cell)
