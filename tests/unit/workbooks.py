"""Writes the smallest .xlsx and .xls files that a spreadsheet reader accepts.

Real downloads cannot be kept here, and a writer library would be a dependency for two files.
"""

import io
import struct
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

Value = str | float | None
_NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SECTOR = 512
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def xlsx(*sheets: Sequence[Sequence[Value]], far: str = "") -> bytes:
    """A workbook of inline text and numbers; None leaves the cell out, `far` adds one."""
    numbers = range(1, len(sheets) + 1)
    links = "".join(
        f'<Relationship Id="r{n}" Type="{_DOCUMENT}/worksheet" Target="worksheets/s{n}.xml"/>'
        for n in numbers
    )
    listed = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="r{n}"/>' for n in numbers)
    members = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": _relations(
            f'<Relationship Id="r1" Type="{_DOCUMENT}/officeDocument" Target="xl/workbook.xml"/>'
        ),
        "xl/workbook.xml": (
            f'<workbook {_NS} xmlns:r="{_DOCUMENT}"><sheets>{listed}</sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": _relations(links),
        **{f"xl/worksheets/s{n}.xml": _sheet(sheets[n - 1], far) for n in numbers},
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return target.getvalue()


def xls(rows: Sequence[Sequence[Value]]) -> bytes:
    """A BIFF8 workbook of one sheet in an OLE compound file."""
    start = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    place = len(start) + len(_bound_sheet(0)) + 4
    sheet = [_record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))]
    sheet += [_biff_cell(r, c, cell) for r, row in enumerate(rows) for c, cell in enumerate(row)]
    stream = b"".join([start, _bound_sheet(place), _record(0x0A, b""), *sheet, _record(0x0A, b"")])
    return _compound(stream.ljust(4096, b"\0"))


def _sheet(rows: Sequence[Sequence[Value]], far: str) -> str:
    body = "".join(_row(r, row) for r, row in enumerate(rows, start=1))
    body += f'<row><c r="{far}"><v>1</v></c></row>' if far else ""
    return f"<worksheet {_NS}><sheetData>{body}</sheetData></worksheet>"


def _row(number: int, row: Sequence[Value]) -> str:
    cells = "".join(_cell(f"{_letters(c)}{number}", cell) for c, cell in enumerate(row))
    return f'<row r="{number}">{cells}</row>'


def _cell(place: str, cell: Value) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
    if isinstance(cell, bool):
        return f'<c r="{place}" t="b"><v>{int(cell)}</v></c>'
    return f'<c r="{place}"><v>{cell}</v></c>'


def _letters(column: int) -> str:
    return chr(ord("A") + column)


def _relations(links: str) -> str:
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _bound_sheet(place: int) -> bytes:
    return _record(0x0085, struct.pack("<IHBB", place, 0, 2, 0) + b"S1")


def _biff_cell(row: int, column: int, cell: Value) -> bytes:
    where = struct.pack("<HHH", row, column, 0)
    if cell is None:
        return b""
    if isinstance(cell, str):
        text = cell.encode("latin-1")
        return _record(0x0204, where + struct.pack("<HB", len(text), 0) + text)
    return _record(0x0203, where + struct.pack("<d", cell))


def _compound(stream: bytes) -> bytes:
    """Sector 0 is the allocation table, 1 the directory, the stream follows."""
    sectors = -(-len(stream) // _SECTOR)
    chain = [*range(3, 2 + sectors), _END]
    table = struct.pack(f"<{2 + sectors}I", _FAT, _END, *chain).ljust(_SECTOR, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<109I", 0, *[_FREE] * 108)
    directory = _entry("Root Entry", 5, 1, _END, 0) + _entry("Workbook", 2, _FREE, 2, len(stream))
    return header + table + directory.ljust(_SECTOR, b"\0") + stream.ljust(sectors * _SECTOR, b"\0")


def _entry(name: str, kind: int, child: int, sector: int, size: int) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    links = struct.pack("<HBBIII", len(text), kind, 1, _FREE, _FREE, child)
    return text.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", sector, size)
