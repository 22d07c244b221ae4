"""A strict reader of Mapbox Vector Tiles, after the specification and not after our writer."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import shapely

Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Feature:
    id: int
    properties: dict[str, Any]
    geometry: shapely.Geometry


@dataclass(frozen=True, slots=True)
class Layer:
    name: str
    version: int
    extent: int
    features: list[Feature]


def layer_of(body: bytes) -> Layer:
    """The only layer of a tile, gzipped or not; AssertionError on whatever 4.1 to 4.4 forbid."""
    raw = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
    ((number, content),) = _fields(raw)
    assert number == 3
    fields = list(_fields(content))
    keys = [value.decode() for number, value in fields if number == 3]
    values = [_value(value) for number, value in fields if number == 4]
    assert len(set(values)) == len(values)
    (name,), (version,), (extent,) = (
        [v for n, v in fields if n == wanted] for wanted in (1, 15, 5)
    )
    features = [_feature(value, keys, values) for number, value in fields if number == 2]
    return Layer(name.decode(), version, extent, features)


def _feature(content: bytes, keys: list[str], values: list[Any]) -> Feature:
    fields = dict(_fields(content))
    assert set(fields) == {1, 2, 3, 4}
    assert fields[3] == 3
    tags = list(_integers(fields[2]))
    assert len(tags) % 2 == 0
    properties = {keys[k]: values[v] for k, v in zip(tags[::2], tags[1::2], strict=True)}
    return Feature(fields[1], properties, _polygons(list(_integers(fields[4]))))


def _polygons(integers: list[int]) -> shapely.Geometry:
    polygons: list[tuple[list[Point], list[list[Point]]]] = []
    for ring in _rings(integers):
        area = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise([*ring, ring[0]]))
        assert area != 0
        if area > 0:
            polygons.append((ring, []))
        else:
            polygons[-1][1].append(ring)
    made = [shapely.Polygon(outer, inner) for outer, inner in polygons]
    return made[0] if len(made) == 1 else shapely.MultiPolygon(made)


def _rings(integers: list[int]) -> Iterator[list[Point]]:
    at, x, y = 0, 0, 0
    while at < len(integers):
        assert integers[at] == 9, "a ring begins with MoveTo, of one point"
        x, y = x + _signed(integers[at + 1]), y + _signed(integers[at + 2])
        ring = [(x, y)]
        command, count = integers[at + 3] & 7, integers[at + 3] >> 3
        assert command == 2, "and goes on with LineTo"
        assert count >= 2
        at += 4
        for _ in range(count):
            step = _signed(integers[at]), _signed(integers[at + 1])
            assert step != (0, 0)
            x, y = x + step[0], y + step[1]
            ring.append((x, y))
            at += 2
        assert integers[at] == 15, "and ends with ClosePath"
        assert ring[0] != ring[-1]
        at += 1
        yield ring


def _signed(number: int) -> int:
    return (number >> 1) ^ -(number & 1)


def _value(content: bytes) -> Any:
    ((number, value),) = _fields(content)
    assert number in (1, 5)
    return value.decode() if number == 1 else value


def _fields(content: bytes) -> Iterator[tuple[int, Any]]:
    at = 0
    while at < len(content):
        key, at = _integer(content, at)
        value, at = _integer(content, at)
        if key & 7 == 2:
            assert at + value <= len(content)
            yield key >> 3, content[at : at + value]
            at += value
        else:
            assert key & 7 == 0
            yield key >> 3, value


def _integers(content: bytes) -> Iterator[int]:
    at = 0
    while at < len(content):
        number, at = _integer(content, at)
        yield number


def _integer(content: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = content[at]
        number |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return number, at


def union(layers: list[Layer]) -> shapely.Geometry:
    """All that the features of some layers cover."""
    return shapely.union_all(np.array([f.geometry for one in layers for f in one.features], object))
