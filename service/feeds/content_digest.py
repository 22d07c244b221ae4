"""A digest of what is in a table of areas, the same in every format and whatever order it has.

A file cannot hold the digest of its own bytes; of its rows it can, and who has read them can make
it again. The README says how, for readers in any language.
"""

import hashlib
from binascii import hexlify
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson

from service.feeds.cells import cells

if TYPE_CHECKING:
    import pyarrow as pa

CONTENT = "inhoud-sha-256"
"""What it is called in a file: `sha-256` is of bytes."""
_KEY = "code"
_ROWS = 2000
_ABSENT = 0x7FF8_6E6F_7468_696E
"""Bits that no number has: one of the many ways to write that something is none."""


def content_digest(table: "pa.Table") -> str:
    """SHA-256 in hex of a line for each column: its name and its cells, areas in order of code."""
    digest, table = hashlib.sha256(), _by_code(table)
    for name in sorted(table.column_names):
        digest.update(b"[" + orjson.dumps(name))
        column = table[name]
        for start in range(0, len(column), _ROWS):
            digest.update(b"," + _json(column.slice(start, _ROWS).combine_chunks()))
        digest.update(b"]\n")
    return digest.hexdigest()


def _by_code(table: "pa.Table") -> "pa.Table":
    codes = table[_KEY].to_pylist()
    order = sorted(range(len(codes)), key=codes.__getitem__)
    return table if order == list(range(len(codes))) else table.take(order)


def _json(column: Any) -> bytes:
    """Texts, true, false and null between commas: numbers and shapes are texts of hexadecimals."""
    import pyarrow as pa  # noqa: PLC0415

    kind = column.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return _numbers(column)
    found = cells(column)
    if pa.types.is_binary(kind):
        return b",".join([b"null" if each is None else b'"%b"' % hexlify(each) for each in found])
    return orjson.dumps(found)[1:-1]


def _numbers(column: Any) -> bytes:
    """As float64, highest byte first: what JSON, SQLite and readers do to `1.0` leaves it alone."""
    # SQLite keeps no minus zero.
    known = np.asarray(column.fill_null(0).to_numpy(), np.float64) + 0.0
    if column.null_count:
        known.view(np.uint64)[column.is_null().to_numpy(zero_copy_only=False)] = _ABSENT
    every = known.astype(">f8").tobytes().hex(",", 8).replace(",", '","')
    return f'"{every}"'.replace(f'"{_ABSENT:016x}"', "null").encode()
