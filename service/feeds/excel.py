"""CSV for Dutch Excel: semicolons, decimal commas, a byte order mark, and no cell that computes.

A dialect of its own that must be asked for by name; machines read the other one.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from schema.export import Extract
from service.feeds import table
from service.feeds.csv import COLUMNS

_MARK = b"\xef\xbb\xbf"
_COMPUTES = ("=", "+", "-", "@", "\t", "\r")
_ROWS = 2000


def chunks(extracts: Iterable[Extract]) -> Iterator[bytes]:
    """The whole file, in pieces that begin and end with a line."""
    yield _MARK + _lines([dict(zip(COLUMNS, COLUMNS, strict=True))])
    for batch in table.tables(extracts):
        for start in range(0, batch.num_rows, _ROWS):
            yield _lines(batch.slice(start, _ROWS).to_pylist())


def _lines(rows: list[dict[str, Any]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([_cell(row[name]) for name in COLUMNS] for row in rows)
    return text.getvalue().encode()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return (repr(int(value)) if value.is_integer() else repr(value)).replace(".", ",")
    text = str(value)
    # Excel would take such a name for a formula; an apostrophe before it makes it a text.
    return f"'{text}" if text.startswith(_COMPUTES) else text
