"""The rows of the first sheet with a given column in an .xls or .xlsx file.

Numbers stay numbers and an empty cell stays None. Refuses dates and truth values: a spreadsheet
programme made those out of something else. db.sources.sheet_process does the reading.
"""

import io
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import orjson

from db.core.errors import BrokenLoad
from db.sources import sheet_process
from db.sources.files import open_bytes, read_bytes
from db.sources.rectangle import Cell

MAX_FILE = 100_000_000
MAX_INSIDE = 400_000_000
"""Bytes of all members of an .xlsx together; a national KWB table has about a quarter of it."""
_MAGIC = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_NO_SUCH_SHEET = 2


def is_spreadsheet(path: Path) -> bool:
    try:
        with open_bytes(path) as stream:
            return stream.read(4) in _MAGIC
    except OSError as error:
        raise BrokenLoad(f"{path.name} is damaged or cut off") from error


def read_sheet(path: Path, column: str) -> tuple[list[str], Iterator[tuple[int, list[Cell]]]]:
    """Header and numbered rows of the sheet whose header has `column` (in lower case)."""
    lines = _lines(path, column)
    first = int(next(lines))
    header = [str(cell or "").strip() for cell in orjson.loads(next(lines))]
    return header, _rows(enumerate(lines, start=first), path.name)


def _rows(lines: Iterator[tuple[int, bytes]], file: str) -> Iterator[tuple[int, list[Cell]]]:
    for number, line in lines:
        cells = orjson.loads(line)
        odd = next((cell for cell in cells if isinstance(cell, list)), None)
        if odd is not None:
            raise BrokenLoad(f"{file}, row {number}: a cell holds a {odd[0]}, {odd[1]!r}")
        yield number, cells


def _lines(path: Path, column: str) -> Iterator[bytes]:
    """What the reading process writes; BrokenLoad if it does not come to a good end."""
    content = read_bytes(path, MAX_FILE)
    _refuse_bomb(content, path.name)
    # -P: this folder must not come first on the path, it has modules named as the standard ones.
    command = [sys.executable, "-P", sheet_process.__file__, column]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        _feed(process.stdin, content)
        yield from process.stdout
    if process.returncode == _NO_SUCH_SHEET:
        raise BrokenLoad(f"{path.name}: no sheet begins with a row that has the column {column}")
    if process.returncode != 0:
        raise BrokenLoad(f"{path.name} is no readable spreadsheet")


def _feed(stdin: IO[bytes], content: bytes) -> None:
    try:
        with stdin:
            stdin.write(content)
    except BrokenPipeError:
        return  # The process ended early; its return code says more.


def _refuse_bomb(content: bytes, file: str) -> None:
    if not content.startswith(_MAGIC[0]):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            inside = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise BrokenLoad(f"{file} is no readable spreadsheet") from error
    if inside > MAX_INSIDE:
        raise BrokenLoad(f"{file} unpacks to {inside} bytes, past its size limit")
