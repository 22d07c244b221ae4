"""A block as a file: what it is in JSON, then its arrays, each at a multiple of 64 bytes."""

from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from db.core.block import Block, SeriesKey

_ALIGNMENT = 64
_ARRAYS = {
    "values": np.float64,
    "reasons": np.uint8,
    "provisional": np.bool_,
    "loads": np.uint8,
    "lower": np.float64,
    "upper": np.float64,
}


def to_bytes(block: Block) -> bytes:
    """The whole file."""
    given = {name: getattr(block, name) for name in _ARRAYS}
    arrays = {name: array for name, array in given.items() if array is not None}
    head = orjson.dumps(
        {
            "key": _named(block.key),
            "periods": block.periods,
            "load_ids": block.load_ids,
            "areas": len(block.values),
            "arrays": list(arrays),
        }
    )
    parts = [_padded(len(head).to_bytes(4, "little") + head)]
    parts += [_padded(np.ascontiguousarray(array).tobytes()) for array in arrays.values()]
    return b"".join(parts)


def from_bytes(key: SeriesKey, data: NDArray[np.uint8]) -> Block:
    """The block in a file, its arrays views of `data`; ValueError for what is not a whole file."""
    try:
        end = 4 + int.from_bytes(data[:4].tobytes(), "little")
        head = orjson.loads(data[4:end].tobytes())
        if head["key"] != _named(key):
            raise ValueError("another series")
        return _block(key, head, data, end)
    except (KeyError, TypeError) as error:
        raise ValueError("not a block") from error


def _block(key: SeriesKey, head: dict[str, Any], data: NDArray[np.uint8], end: int) -> Block:
    shape = (head["areas"], len(head["periods"]))
    arrays: dict[str, NDArray[Any]] = {}
    for name in head["arrays"]:
        kind = np.dtype(_ARRAYS[name])
        start = end + -end % _ALIGNMENT
        end = start + shape[0] * shape[1] * kind.itemsize
        arrays[name] = data[start:end].view(kind).reshape(shape)
    return Block(
        key=key, periods=tuple(head["periods"]), load_ids=tuple(head["load_ids"]), **arrays
    )


def _named(key: SeriesKey) -> list[str | int]:
    return [key.indicator, key.level.value, key.vintage]


def _padded(part: bytes) -> bytes:
    return part + bytes(-len(part) % _ALIGNMENT)
