"""CSV exports of StatLine in their three layouts: quoted with symbols, plain, and matrix.

Layout and decimal mark are read off the content; options are `period` (year of an export
without Perioden), `decimal` and `nature` ('modelled'). Refuses exports that name regions
without their codes: a name such as 'Centrum' stands for dozens of wijken.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

import numpy as np

from db.core.absence import Reason
from db.core.errors import BrokenLoad, RefusedFile
from db.core.figures import Account, Column, Figures, Parsed
from db.sources.admission import Admission, Region
from db.sources.csv_text import Row, read_rows, refuse_repeats
from db.sources.dataset import Dataset, Payload
from db.sources.decimal_mark import DecimalMark
from db.sources.rectangle import Rectangle, finish
from db.sources.statline_matrix import load_matrix
from db.sources.statline_topic import Role, flat_topic, is_end_mark, role_of

_PREAMBLE = 12
"""A matrix export has its title, blank lines and dimension names above the regions."""


def load(dataset: Dataset, payload: Payload) -> Parsed:
    """Areas and figures of one export; the part is called 'data'."""
    path = payload.one("data")
    # The plain export of 84583NED has no line end after its last row; the other two layouts have
    # quotes, which show a cut.
    rows = read_rows(path, whole_lines=False)
    top = list(islice(rows, _PREAMBLE))
    every = chain(top, rows)
    if any(row.cells[0].strip() == "Onderwerp" for row in top):
        parsed = load_matrix(dataset, every, path.name)
    elif len(top) > 1 and len(top[0].cells) > 1:
        parsed = _load_flat(dataset, every, path.name)
    else:
        raise BrokenLoad(f"{path.name} is no StatLine export: no header and no 'Onderwerp' line")
    for figures in parsed.figures:
        _doubt_negative_distances(figures, parsed.account)
        finish(figures, dataset, parsed.account)
    return parsed


@dataclass(frozen=True, slots=True)
class _Header:
    """Where things stand in a flat export."""

    columns: list[Column]
    places: dict[Role, list[int]]

    def text(self, row: Row, role: Role) -> str | None:
        """The cell of a role that an export has at most once."""
        return row.cells[self.places[role][0]] if role in self.places else None

    def region(self, row: Row) -> Region:
        return Region(
            where=f"line {row.line}",
            code=row.cells[self.places[Role.CODE][0]],
            name=self.text(row, Role.NAME),
            level=self.text(row, Role.LEVEL),
            change=self.text(row, Role.CHANGE),
            period=self.text(row, Role.PERIOD),
        )


def _load_flat(dataset: Dataset, rows: Iterator[Row], file: str) -> Parsed:
    header = _header(next(rows).cells, file)
    figures_at = header.places.get(Role.FIGURE, [])
    rectangle = Rectangle(
        [header.columns[i] for i in figures_at], DecimalMark(file, dataset.options.get("decimal"))
    )
    admission = Admission(dataset, file, changes=Role.CHANGE in header.places)
    first: list[str] = []
    for row in _body(rows, len(header.columns), file):
        first = first or row.cells
        _check_dimensions(header, first, row, file)
        entry = admission.admit(header.region(row))
        if entry is not None:
            cells = [row.cells[i] for i in figures_at]
            rectangle.add(entry.code, entry.year, cells, provisional=entry.provisional)
    account = admission.close()
    if texts := header.places.get(Role.TEXT):
        account.notes["text-column"] = len(texts)
    return Parsed(account, admission.gazetteer.areas(), [rectangle.figures()])


def _header(cells: Sequence[str], file: str) -> _Header:
    refuse_repeats([cell.strip() for cell in cells], file)
    columns = [flat_topic(cell) for cell in cells]
    places: dict[Role, list[int]] = {}
    for i, column in enumerate(columns):
        places.setdefault(role_of(column), []).append(i)
    if Role.CODE not in places and Role.NAME not in places:
        raise BrokenLoad(f"{file} is no StatLine export: no column with regions")
    if Role.CODE not in places:
        raise RefusedFile(
            f"{file} names regions without their codes, and names are not unique; "
            "export it again with the topic 'Codering' or 'Regiocode'"
        )
    if Role.FIGURE not in places:
        raise BrokenLoad(f"{file}: no column with figures")
    return _Header(columns, places)


def _body(rows: Iterator[Row], width: int, file: str) -> Iterator[Row]:
    """The rows up to the end mark, which a flat export may have and nothing may follow."""
    ended = False
    for row in rows:
        if ended:
            raise BrokenLoad(f"{file}, line {row.line}: there is text after the end mark")
        ended = width > 1 and is_end_mark(row.cells)
        if not ended and len(row.cells) != width:
            raise BrokenLoad(
                f"{file}, line {row.line}: {len(row.cells)} cells where the header has {width}"
            )
        if not ended:
            yield row


def _check_dimensions(header: _Header, first: Sequence[str], row: Row, file: str) -> None:
    """A second value of an age or a margin would give the same area twice."""
    for i in header.places.get(Role.DIMENSION, ()):
        if row.cells[i] != first[i]:
            raise RefusedFile(
                f"{file}, line {row.line}: {header.columns[i].key!r} has more than one value; "
                "export one value at a time"
            )


def _doubt_negative_distances(figures: Figures, account: Account) -> None:
    """83765NED carried -1 km for a dot until November 2020, and may again."""
    for i, column in enumerate(figures.columns):
        if column.unit == "km":
            negative = np.flatnonzero(figures.values[:, i] < 0)
            figures.values[negative, i] = np.nan
            figures.reasons[negative, i] = Reason.MISSING_CODE
            if len(negative):
                account.notes["negative-distance"] += len(negative)
