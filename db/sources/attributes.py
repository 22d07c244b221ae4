"""The figures among the attributes of a map: which columns are numbers, and their cells.

Every numeric attribute is passed on under its own name; the indicator catalogue decides what it
means. Text is no figure: it is noted by name. Text that is a number throughout is one (maps
exported by way of a shapefile).
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from db.core.figures import Bytes, Column, Floats
from db.sources.cells import numbers, parse_column
from db.sources.keys import fold, is_area_key, is_identity

_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?")
"""No leading zero: '0123' is a code."""

Columns = Mapping[str, Sequence[Any]]


def figures_in(
    columns: Columns, rows: NDArray[np.int64], notes: Counter[str]
) -> tuple[list[Column], Floats, Bytes]:
    """Columns, values and reasons of the numeric attributes, in the given rows."""
    found: list[Column] = []
    values: list[Floats] = []
    reasons: list[Bytes] = []
    for name, cells in columns.items():
        if not name or is_area_key(name):
            continue
        parsed = None if is_identity(name) else _numeric(name, [cells[row] for row in rows])
        if parsed is None:
            notes[f"not-a-figure: {name}"] += len(rows)
            continue
        found.append(Column(key=name))
        values.append(parsed[0])
        reasons.append(parsed[1])
    if not found:
        return [], np.empty((len(rows), 0)), np.empty((len(rows), 0), np.uint8)
    return found, np.column_stack(values), np.column_stack(reasons)


def _numeric(name: str, cells: list[Any]) -> tuple[Floats, Bytes] | None:
    """None for a column that is not numeric; a column of nulls may yet be filled."""
    kinds = {type(cell) for cell in cells} - {type(None)}
    if kinds <= {int, float}:
        return numbers(np.array(cells, np.float64), column=name)
    if kinds == {str} and not fold(name).endswith("code") and all(map(_spells_number, cells)):
        return parse_column(cells, column=name)
    return None


def _spells_number(cell: str | None) -> bool:
    return cell is None or bool(_NUMBER.fullmatch(cell.strip()))
