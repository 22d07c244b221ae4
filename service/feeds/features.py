"""Areas as features of GeoJSON, written column by column: thousands of rows share a word."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson

if TYPE_CHECKING:
    import pyarrow as pa

_NULL = b"null"


def features(table: "pa.Table", shapes: Sequence[str | None]) -> bytes:
    """One for each row, with its cells as properties; a comma and a line between them."""
    named = [
        (orjson.dumps(name) + b":", column.combine_chunks())
        for name, column in zip(table.column_names, table.columns, strict=True)
    ]
    columns = [_heads(_texts(b"", table["code"].combine_chunks()), shapes)]
    for place, (name, column) in enumerate(named):
        columns += _cells(b"," * (place > 0) + name, column)
    count, every = len(table), len(columns)
    parts = [b""] * (count * every)
    for place, texts in enumerate(columns):
        parts[place::every] = texts
    # What ends a row begins the one after it.
    return b"".join(parts)[len(_BETWEEN) :] + _END


_END = b"}}"
_BETWEEN = _END + b",\n"


def _heads(codes: list[bytes], shapes: Sequence[str | None]) -> list[bytes]:
    """From the end of the row before to the begin of the properties."""
    return [
        b'%b{"type":"Feature","id":%b,"geometry":%b,"properties":{'
        % (_BETWEEN, code, _NULL if shape is None else shape.encode())
        for code, shape in zip(codes, shapes, strict=True)
    ]


def _cells(before: bytes, column: Any) -> list[list[bytes]]:
    """The cells with what stands before each: of numbers two texts, of others one."""
    import pyarrow as pa  # noqa: PLC0415

    kind = column.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return [[before] * len(column), _numbers(column)]
    if pa.types.is_dictionary(kind):
        words = column.dictionary.to_pylist()
        return [_chosen(before, words, column.indices.fill_null(len(words)).to_numpy())]
    if pa.types.is_boolean(kind):
        places = column.cast(pa.int8()).fill_null(2).to_numpy()
        return [_chosen(before, [False, True], places)]
    return [_texts(before, column)]


def _texts(before: bytes, column: Any) -> list[bytes]:
    return [before + orjson.dumps(cell) for cell in column.to_pylist()]


def _chosen(before: bytes, words: Sequence[str | bool], places: Any) -> list[bytes]:
    """The word at each place; beyond the last there is none."""
    texts = [before + orjson.dumps(word) for word in (*words, None)]
    found: list[bytes] = np.array(texts, object)[places].tolist()
    return found


def _numbers(column: Any) -> list[bytes]:
    known = column.fill_null(0).to_numpy()
    texts = orjson.dumps(known, option=orjson.OPT_SERIALIZE_NUMPY)[1:-1].split(b",")
    if column.null_count:
        for place in np.flatnonzero(column.is_null().to_numpy(zero_copy_only=False)).tolist():
            texts[place] = _NULL
    return texts
