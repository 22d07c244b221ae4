"""Reads a spreadsheet from standard input, writes its rows as JSON lines; runs as a script.

calamine panics on some damaged .xls files and makes room for every cell up to the outermost one;
in a process of its own, with a limit on memory, neither reaches the service.
"""

import io
import math
import sys

import orjson
from python_calamine import CalamineSheet, CalamineWorkbook

if sys.platform != "win32":
    import resource

MEMORY_BYTES = 1 << 30


def main(column: str) -> int:
    """First a line with the number of the row after the header, then header and rows."""
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        header = next(iter(sheet.iter_rows()), [])
        if column in (str(cell).strip().casefold() for cell in header):
            _write(sheet)
            return 0
    return 2


def _write(sheet: CalamineSheet) -> None:
    top = sheet.start[0] if sheet.start else 0
    sys.stdout.buffer.write(b"%d\n" % (top + 2))
    for row in sheet.iter_rows():
        sys.stdout.buffer.write(orjson.dumps([_cell(cell) for cell in row]) + b"\n")


def _cell(cell: object) -> object:
    """Text, number or null; what is neither comes as [type, text]."""
    if isinstance(cell, str):
        return cell if cell.strip() else None
    if isinstance(cell, int | float) and not isinstance(cell, bool) and math.isfinite(cell):
        return cell
    return [type(cell).__name__, str(cell)[:20]]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
