"""Mapbox Vector Tile 2.1: pieces of areas as the bytes of tiles.

Written for numpy: all vertices of a zoom become commands at once, and a tile is then put together
from ready parts.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from db.core.geometry import Shapes, orient
from db.core.tile_matrix import EXTENT
from db.core.tile_pieces import Pieces

_MOVE_TO_ONE, _LINE_TO, _CLOSE_PATH = (1 << 3) | 1, 2, (1 << 3) | 7


class Encoded(NamedTuple):
    column: int
    row: int
    body: bytes


class Feature(NamedTuple):
    """What a tile says of an area beside its shape, each written as a field already."""

    id: bytes
    code: bytes
    name: bytes
    """Empty for an area without a name."""


def feature(code: str, name: str) -> Feature:
    """The id is the code after GM, WK or BU in base 36: codes have letters since 2023.

    It is the same in every vintage and below 2 ** 53, so that JavaScript can hold it.
    """
    return Feature(_varint_field(1, int(code[2:], 36)), _text(code), _text(name) if name else b"")


def encode(
    found: Pieces, features: Sequence[Feature], *, layer: str, vintage: int
) -> Iterator[Encoded]:
    """One tile for each column and row that has pieces, in that order."""
    origins = np.column_stack([found.columns, found.rows]) * EXTENT
    geometries = _geometries(found.shapes, origins)
    tiles: dict[tuple[int, int], list[int]] = defaultdict(list)
    for i in np.lexsort([found.owners, found.rows, found.columns]).tolist():
        tiles[int(found.columns[i]), int(found.rows[i])].append(i)
    for (column, row), members in tiles.items():
        content = [(features[found.owners[i]], geometries[i]) for i in members]
        yield Encoded(column, row, _tile(content, layer, vintage))


def _tile(content: list[tuple[Feature, bytes]], layer: str, vintage: int) -> bytes:
    """A tile of one layer; every value is written once, and features point at it by number."""
    values = {_field(4, _varint_field(5, vintage)): 0}
    parts = [_varint_field(15, 2), _field(1, layer.encode())]
    for about, geometry in content:
        tags = b"\0" + _varint(values.setdefault(about.code, len(values)))
        if about.name:
            tags += b"\1" + _varint(values.setdefault(about.name, len(values)))
        tags += b"\2\0"
        parts.append(_field(2, about.id + _field(2, tags) + _IS_POLYGON + _field(4, geometry)))
    parts += [_field(3, key) for key in (b"code", b"naam", b"indeling")]
    parts += values
    parts.append(_varint_field(5, EXTENT))
    return _field(3, b"".join(parts))


@lru_cache(1 << 16)
def _varint(number: int) -> bytes:
    """Seven bits a byte, lowest first; the eighth says that more follow."""
    written = bytearray()
    while number > 0x7F:
        written.append(number & 0x7F | 0x80)
        number >>= 7
    written.append(number)
    return bytes(written)


def _varint_field(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _text(text: str) -> bytes:
    return _field(4, _field(1, text.encode()))


_IS_POLYGON = _varint_field(3, 3)


def _geometries(shapes: Shapes, origins: NDArray[np.int64]) -> list[bytes]:
    """The commands that draw each shape, relative to its origin."""
    if not len(shapes):
        return []
    # In tile coordinates y points down, so that counter-clockwise is the specification's positive.
    polygons, owners = shapely.get_parts(orient(shapes), return_index=True)
    _, points, (rings, starts) = shapely.to_ragged_array(polygons)
    owner_of_ring = np.repeat(owners, np.diff(starts))
    # A ring's last point repeats its first; ClosePath says so instead.
    lengths = np.diff(rings) - 1
    open_points = np.delete(points, rings[1:] - 1, axis=0).astype(np.int64)
    ring_of_point = np.repeat(np.arange(len(lengths)), lengths)
    owner_of_point = owner_of_ring[ring_of_point]
    moves = _moves(open_points - origins[owner_of_point], owner_of_point)
    integers, first = _commands(moves, lengths, ring_of_point)
    written, offsets = _varints(integers)
    shape_starts = np.searchsorted(owner_of_ring, np.arange(len(shapes) + 1))
    ends = np.append(offsets, len(written))[np.append(first, len(integers))[shape_starts]]
    whole = written.tobytes()
    return [whole[a:b] for a, b in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True)]


def _moves(points: NDArray[np.int64], owners: NDArray[np.int64]) -> NDArray[np.int64]:
    """Each point relative to the one before it in the same shape, also across rings; zigzag."""
    moves = points.copy()
    moves[1:] -= np.where((owners[1:] == owners[:-1])[:, None], points[:-1], 0)
    return (moves << 1) ^ (moves >> 63)


def _commands(
    moves: NDArray[np.int64], lengths: NDArray[np.int64], ring_of_point: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """MoveTo a point, LineTo the others, ClosePath: for all rings; and where each ring begins."""
    sizes = 2 * lengths + 3
    first = np.cumsum(sizes) - sizes
    integers = np.empty(int(sizes.sum()), np.int64)
    integers[first] = _MOVE_TO_ONE
    integers[first + 3] = (lengths - 1) << 3 | _LINE_TO
    integers[first + sizes - 1] = _CLOSE_PATH
    place = np.arange(len(moves)) - (np.cumsum(lengths) - lengths)[ring_of_point]
    # After the first point comes the command of the others.
    at = first[ring_of_point] + 1 + 2 * place + (place > 0)
    integers[at], integers[at + 1] = moves[:, 0], moves[:, 1]
    return integers, first


def _varints(numbers: NDArray[np.int64]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """All numbers as varints, and where each begins."""
    sizes = np.ones(len(numbers), np.int64)
    for bits in (7, 14, 21, 28):
        sizes += numbers >= 1 << bits
    offsets = np.cumsum(sizes) - sizes
    written = np.empty(int(sizes.sum()), np.uint8)
    for byte in range(int(sizes.max(initial=0))):
        has = np.flatnonzero(sizes > byte)
        more = (sizes[has] > byte + 1).astype(np.int64) << 7
        written[offsets[has] + byte] = (numbers[has] >> 7 * byte) & 0x7F | more
    return written, offsets
