"""The text of one cell, or of a column of them, to a value and the reason it is there or absent.

A dot, a blank, a null and a code such as -99997 mean four different things and stay four.
Refuses text that is no finite decimal number: a figure is never guessed from a spelling.
"""

import re
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from db.core.absence import Reason
from db.core.errors import BrokenLoad
from db.core.figures import Bytes, Floats

HIGHEST_SENTINEL = -99990.0
"""PDOK and dbf files write -99995, -99997, -99999 and -99999999; -1 is an ordinary number."""

# CBS legend: a dot is unknown, unreliable or secret; x is secret; blank cannot occur.
SYMBOLS = {".": Reason.DOT, "x": Reason.CONFIDENTIAL, "": Reason.IMPOSSIBLE}
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def parse_cell(text: str | None, *, decimal: str = ".", column: str = "") -> tuple[float, Reason]:
    """Value and reason of one text cell; NaN exactly where the reason has no value."""
    if text is None:
        return np.nan, Reason.NO_FIGURE
    stripped = text.strip()
    if (symbol := SYMBOLS.get(stripped)) is not None:
        return np.nan, symbol
    value = _number(stripped, decimal)
    if value is None:
        raise _no_number(text, column)
    return (np.nan, Reason.MISSING_CODE) if value <= HIGHEST_SENTINEL else (value, Reason.OBSERVED)


def parse_column(
    texts: Sequence[str | None] | pa.Array | pa.ChunkedArray,
    *,
    decimal: str = ".",
    column: str = "",
) -> tuple[Floats, Bytes]:
    """`parse_cell` for a whole column at once: values and reasons."""
    trimmed = pc.utf8_trim_whitespace(_as_strings(texts))
    reasons = np.full(len(trimmed), Reason.OBSERVED, np.uint8)
    reasons[_mask(pc.is_null(trimmed))] = Reason.NO_FIGURE
    for symbol, reason in SYMBOLS.items():
        reasons[_mask(pc.equal(trimmed, symbol))] = reason
    present = np.flatnonzero(reasons == Reason.OBSERVED)
    values = np.full(len(trimmed), np.nan)
    values[present] = _cast(trimmed.take(pa.array(present)), decimal, column)
    return _without_sentinels(values, reasons)


def numbers(values: NDArray[np.float64], *, column: str = "") -> tuple[Floats, Bytes]:
    """Values and reasons of a typed column, where the publisher writes null for every absence."""
    if np.isinf(values).any():
        raise _no_number("Infinity", column)
    reasons = np.full(values.shape, Reason.OBSERVED, np.uint8)
    reasons[np.isnan(values)] = Reason.NO_FIGURE
    return _without_sentinels(values.astype(np.float64), reasons)


def _without_sentinels(values: Floats, reasons: Bytes) -> tuple[Floats, Bytes]:
    sentinel = values <= HIGHEST_SENTINEL
    reasons[sentinel] = Reason.MISSING_CODE
    values[sentinel] = np.nan
    return values, reasons


def _number(stripped: str, decimal: str) -> float | None:
    """None where the text is no finite number; '1.234' with a decimal comma is ambiguous."""
    if decimal != ".":
        if "." in stripped:
            return None
        stripped = stripped.replace(decimal, ".")
    if not _NUMBER.fullmatch(stripped):
        return None
    value = float(stripped)
    return value if np.isfinite(value) else None


def _cast(texts: pa.Array, decimal: str, column: str) -> Floats:
    """Arrow's cast, ten times faster than a loop; what it will not take is judged one by one."""
    try:
        if decimal != ".":
            if pc.any(pc.match_substring(texts, ".")).as_py():
                raise pa.ArrowInvalid("dot beside a decimal comma")
            texts_with_point = pc.replace_substring(texts, decimal, ".")
        else:
            texts_with_point = texts
        values: Floats = pc.cast(texts_with_point, pa.float64()).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        return _one_by_one(texts, decimal, column)
    return values if np.isfinite(values).all() else _one_by_one(texts, decimal, column)


def _one_by_one(texts: pa.Array, decimal: str, column: str) -> Floats:
    values = np.empty(len(texts))
    for i, text in enumerate(texts.to_pylist()):
        value = _number(text, decimal)
        if value is None:
            raise _no_number(text, column)
        values[i] = value
    return values


def _as_strings(texts: Sequence[str | None] | pa.Array | pa.ChunkedArray) -> pa.Array:
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    if not isinstance(texts, pa.Array):
        return pa.array(texts, pa.string())
    return texts if pa.types.is_string(texts.type) else texts.cast(pa.string())


def _mask(condition: pa.Array) -> NDArray[np.bool_]:
    return np.asarray(pc.fill_null(condition, False).to_numpy(zero_copy_only=False), np.bool_)


def _no_number(text: str, column: str) -> BrokenLoad:
    where = f"column {column}: " if column else ""
    return BrokenLoad(f"{where}{text.strip()[:40]!r} is neither a number nor a known symbol")
