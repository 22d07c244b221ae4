"""A digest of what is in a table of areas, the same in every format and whatever order it has.

A file cannot hold the digest of its own bytes; of its rows it can, and who has read them can make
it again. The README says how, for readers in any language.
"""

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson

from service.feeds.cells import cells, with_absent

if TYPE_CHECKING:
    import pyarrow as pa

CONTENT = "inhoud-sha-256"
"""What it is called in a file: `sha-256` is of bytes."""
_KEY = "code"
_ROWS = 1000


def content_digest(table: "pa.Table") -> str:
    """SHA-256 in hex of a line for each column: its name and its cells, areas in order of code."""
    digest, table = hashlib.sha256(), _by_code(table)
    for name in sorted(table.column_names):
        digest.update(b"[" + orjson.dumps(name))
        column = table[name]
        for start in range(0, len(column), _ROWS):
            texts = _texts(column.slice(start, _ROWS).combine_chunks())
            digest.update(b"," + orjson.dumps(texts)[1:-1])
        digest.update(b"]\n")
    return digest.hexdigest()


def _by_code(table: "pa.Table") -> "pa.Table":
    codes = table[_KEY].to_pylist()
    order = sorted(range(len(codes)), key=codes.__getitem__)
    return table if order == list(range(len(codes))) else table.take(order)


def _texts(column: Any) -> list[str | bool | None]:
    """Texts, true and false, and null: numbers and shapes are texts of hexadecimal digits."""
    import pyarrow as pa  # noqa: PLC0415

    kind = column.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return _numbers(column)
    found = cells(column)
    if pa.types.is_binary(kind):
        return [None if each is None else each.hex() for each in found]
    return found


def _numbers(column: Any) -> list[str | bool | None]:
    """As float64, highest byte first: what JSON, SQLite and readers do to `1.0` leaves it alone."""
    known = np.asarray(column.fill_null(0).to_numpy(), np.float64)
    # SQLite keeps no minus zero.
    text = (known + 0.0).astype(">f8").tobytes().hex()
    return with_absent([text[at : at + 16] for at in range(0, len(text), 16)], column)
