"""The cells of an Arrow array as Python's values, quicker than `to_pylist` where that is slow."""

from typing import Any

import numpy as np


def cells(column: Any) -> list[Any]:
    """Absent as None."""
    import pyarrow as pa  # noqa: PLC0415

    if pa.types.is_dictionary(column.type):
        words = np.array([*column.dictionary.to_pylist(), None], object)
        return list(words[column.indices.fill_null(-1).to_numpy()])
    if pa.types.is_boolean(column.type) and not column.null_count:
        return list(column.to_numpy(zero_copy_only=False).tolist())
    return list(column.to_pylist())
