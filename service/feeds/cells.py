"""The cells of an Arrow array as Python's values, quicker than `to_pylist` where that is slow."""

from typing import Any

import numpy as np


def cells(column: Any) -> list[Any]:
    """Absent as None."""
    import pyarrow as pa  # noqa: PLC0415

    if pa.types.is_dictionary(column.type):
        words = np.array([*column.dictionary.to_pylist(), None], object)
        return list(words[column.indices.fill_null(-1).to_numpy()])
    if pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
        return with_absent(column.fill_null(0).to_numpy().tolist(), column)
    if pa.types.is_boolean(column.type) and not column.null_count:
        return list(column.to_numpy(zero_copy_only=False).tolist())
    return list(column.to_pylist())


def with_absent(found: list[Any], column: Any) -> list[Any]:
    """The same list, with None where the column has nothing."""
    if column.null_count:
        for place in np.flatnonzero(column.is_null().to_numpy(zero_copy_only=False)).tolist():
            found[place] = None
    return found
