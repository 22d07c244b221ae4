"""The matrix layout of a StatLine export: topics as rows, regions as columns.

It ends with a line 'Bron: CBS'; without that line the file was cut off and is refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from db.core.errors import BrokenLoad, RefusedFile
from db.core.figures import Bytes, Column, Figures, Floats, Parsed
from db.sources.admission import Admission, Entry, Region
from db.sources.csv_text import Row, refuse_repeats
from db.sources.dataset import Dataset
from db.sources.decimal_mark import DecimalMark
from db.sources.rectangle import parse_cells
from db.sources.statline_topic import Role, is_end_mark, matrix_topic, role_of

_LABELS = 2
"""Cells before the first region: the topic and its unit."""
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b", re.ASCII)


@dataclass(slots=True)
class _Matrix:
    title: str | None
    names: list[str]
    texts: dict[Role, list[str]] = field(default_factory=dict)
    columns: list[Column] = field(default_factory=list)
    values: list[Floats] = field(default_factory=list)
    reasons: list[Bytes] = field(default_factory=list)
    text_rows: int = 0


def load_matrix(dataset: Dataset, rows: Iterator[Row], file: str) -> Parsed:
    matrix = _read(rows, file, DecimalMark(file, dataset.options.get("decimal")))
    _check_title(matrix.title, dataset, file)
    admission = Admission(dataset, file, changes=Role.CHANGE in matrix.texts)
    taken = [
        (i, entry)
        for i in range(len(matrix.names))
        if (entry := admission.admit(_region(matrix, i))) is not None
    ]
    account = admission.close()
    if matrix.text_rows:
        account.notes["text-column"] = matrix.text_rows
    return Parsed(
        account, admission.gazetteer.areas(), [_figures(matrix, taken)], title=matrix.title
    )


def _read(rows: Iterator[Row], file: str, mark: DecimalMark) -> _Matrix:
    matrix = _head(rows, file)
    width = len(matrix.names) + _LABELS
    ended = False
    for row in rows:
        if ended:
            raise BrokenLoad(f"{file}, line {row.line}: there is text after the end mark")
        if is_end_mark(row.cells):
            ended = True
        elif len(row.cells) != width:
            raise BrokenLoad(
                f"{file}, line {row.line}: {len(row.cells)} cells where the header has {width}"
            )
        else:
            _topic(matrix, row, mark)
    if not ended:
        raise BrokenLoad(f"{file} ends without the line 'Bron: CBS': it was cut off")
    return _checked(matrix, file, mark)


def _head(rows: Iterator[Row], file: str) -> _Matrix:
    """Everything down to the line 'Onderwerp', which names the regions."""
    title = None
    for row in rows:
        filled = [cell.strip() for cell in row.cells if cell.strip()]
        if row.cells[0].strip() == "Onderwerp":
            return _Matrix(title, row.cells[_LABELS:])
        if len(filled) > 1:
            raise RefusedFile(
                f"{file}, line {row.line}: a second dimension stands above the regions; "
                "export one period and one category at a time"
            )
        title = title or (filled[0] if filled else None)
    raise BrokenLoad(f"{file}: no line 'Onderwerp' above the topics")


def _topic(matrix: _Matrix, row: Row, mark: DecimalMark) -> None:
    column = matrix_topic(row.cells[0], row.cells[1])
    role, cells = role_of(column), row.cells[_LABELS:]
    match role:
        case Role.CODE | Role.LEVEL | Role.CHANGE:
            matrix.texts.setdefault(role, cells)
        case Role.TEXT:
            matrix.text_rows += 1
        case _:
            values, reasons = parse_cells(cells, mark, column=column.key)
            matrix.columns.append(column)
            matrix.values.append(values)
            matrix.reasons.append(reasons)


def _checked(matrix: _Matrix, file: str, mark: DecimalMark) -> _Matrix:
    mark.settle()
    refuse_repeats([column.key for column in matrix.columns], file)
    if Role.CODE not in matrix.texts:
        raise RefusedFile(
            f"{file} names regions without their codes, and names are not unique; "
            "export it again with the topic 'Codering'"
        )
    if not matrix.columns:
        raise BrokenLoad(f"{file}: no topic with figures")
    return matrix


def _region(matrix: _Matrix, i: int) -> Region:
    def text(role: Role) -> str | None:
        return matrix.texts[role][i] if role in matrix.texts else None

    return Region(
        where=f"column {i + _LABELS + 1}",
        code=matrix.texts[Role.CODE][i],
        name=matrix.names[i],
        level=text(Role.LEVEL),
        change=text(Role.CHANGE),
    )


def _figures(matrix: _Matrix, taken: list[tuple[int, Entry]]) -> Figures:
    kept = [i for i, _ in taken]
    return Figures(
        codes=[entry.code for _, entry in taken],
        periods=np.array([entry.year for _, entry in taken], np.int32),
        columns=matrix.columns,
        values=np.stack([row[kept] for row in matrix.values], axis=1),
        reasons=np.stack([row[kept] for row in matrix.reasons], axis=1),
    )


def _check_title(title: str | None, dataset: Dataset, file: str) -> None:
    """The title ends in the year of the figures; another year means another table."""
    years = set(_YEAR.findall(title or ""))
    expected = dataset.options.get("period", str(dataset.vintage))
    if len(years) == 1 and expected not in years:
        raise BrokenLoad(f"{file} is about {years.pop()} by its title, not about {expected}")
