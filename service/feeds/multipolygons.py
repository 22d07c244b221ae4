"""GeoJSON texts of areas as WKB of one type, which formats state once for a whole layer.

All numbers are read at once and the brackets say what they are of; what stands between them in WKB
is put there. Read one by one with GEOS, the shapes were most of the price of a file.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

_PLAIN = re.compile(r'\{"type":"(Multi)?Polygon","coordinates":(\[\[\[[][0-9.,eE+-]+\])\}')
_POLYGON, _MANY = '{"type":"Polygon","coordinates":[[[', '{"type":"MultiPolygon","coordinates":[[[['
_OPEN = ord("[")
_IN_NUMBERS = b"0123456789.,eE+-"
_DEPTH_OF_POLYGON, _DEPTH_OF_RING, _DEPTH_OF_CORNER = 2, 3, 4
"""Where an area is a multipolygon."""
_WKB_MANY, _WKB_POLYGON = b"\1\6\0\0\0", b"\1\3\0\0\0"
"""How they begin, lowest byte first, before how many parts they have."""
_WKB_OF_ONE = _WKB_MANY + b"\1\0\0\0" + _WKB_POLYGON + b"\1\0\0\0"
"""Of one polygon of one ring, as most areas are."""
_LEAST_CORNERS = 4
_ROWS = 1000


@dataclass(frozen=True, slots=True, eq=False)
class Multipolygons:
    """Shapes in the order of their texts."""

    wkb: list[bytes | None]
    boxes: NDArray[np.float64]
    """Least x and y and most x and y; NaN where there is no shape."""


def multipolygons(texts: Sequence[str | None]) -> Multipolygons:
    """A polygon is a multipolygon of one; None stays None."""
    found = Multipolygons([None] * len(texts), np.full((len(texts), 4), np.nan))
    for start in range(0, len(texts), _ROWS):
        some = {at: text for at, text in enumerate(texts[start : start + _ROWS], start) if text}
        read = _together({at: body for at, text in some.items() if (body := _body(text))})
        if read is None:
            read = _together({at: body for at, text in some.items() if (body := _sure(text))})
        places, wkb, boxes = read or ([], [], None)
        for at, text in zip(places, wkb, strict=True):
            found.wkb[at] = text
        if boxes is not None:
            found.boxes[places] = boxes
        for at in some.keys() - places:
            shape = _alone(some[at])
            found.wkb[at] = shapely.to_wkb(shape, flavor="iso", byte_order=1)
            found.boxes[at] = shapely.bounds(shape)
    return found


def _body(text: str) -> str | None:
    """The coordinates of a multipolygon, if the text begins and ends like one of nothing else."""
    if text.startswith(_POLYGON) and text.endswith("]]]}"):
        return f"[{text[len(_POLYGON) - 3 : -1]}]"
    if text.startswith(_MANY) and text.endswith("]]]]}"):
        return text[len(_MANY) - 4 : -1]
    return None


def _sure(text: str) -> str | None:
    """The same, if the text has indeed nothing but them."""
    return _body(text) if _PLAIN.fullmatch(text) else None


def _alone(text: str) -> shapely.Geometry:
    shape = shapely.from_geojson(text)
    return shapely.multipolygons([shape]) if isinstance(shape, shapely.Polygon) else shape


Read = tuple[list[int], list[bytes], NDArray[np.float64]]
"""Of some areas: which, their WKB and their boxes."""


def _together(bodies: dict[int, str]) -> Read | None:
    """None where a body has more than plain numbers, two of each corner, in rings that close."""
    text = ",".join(bodies.values()).encode()
    brackets = text.translate(None, _IN_NUMBERS)
    if not bodies or brackets.translate(None, b"[]"):
        return None
    numbers, signs = _numbers(text), np.frombuffer(brackets, np.uint8)
    # One sign up for each that opens, one down for each that closes: their codes are two apart.
    depths = np.cumsum(_OPEN + 1 - signs.astype(np.int8), dtype=np.int8)
    depths *= signs == _OPEN
    corner = depths == _DEPTH_OF_CORNER
    if len(numbers) != 2 * np.count_nonzero(corner):
        return None
    corners = numbers.reshape(-1, 2)
    # Where each ring begins among the corners, each polygon among the rings, and so on.
    deeper, offsets = corner, []
    for depth in (_DEPTH_OF_RING, _DEPTH_OF_POLYGON, 1):
        begins = depths == depth
        offsets.append(np.append(np.cumsum(deeper)[begins], np.count_nonzero(deeper)))
        deeper = begins
    rings, polygons, areas = offsets
    closed = (corners[rings[:-1]] == corners[rings[1:] - 1]).all()
    if not closed or np.diff(rings).min() < _LEAST_CORNERS:
        return None
    starts = rings[polygons[areas[:-1]]]
    boxes = np.hstack([np.minimum.reduceat(corners, starts), np.maximum.reduceat(corners, starts)])
    return list(bodies), _written(corners, rings, polygons, areas), boxes


def _numbers(text: bytes) -> NDArray[np.float64]:
    """All numbers between commas and brackets."""
    import pyarrow as pa  # noqa: PLC0415

    plain = text.translate(None, b"[]")
    commas = np.flatnonzero(np.frombuffer(plain, np.uint8) == ord(","))
    ends = np.append(commas, len(plain)) - np.arange(len(commas) + 1)
    offsets = np.append(0, ends).astype(np.int32)
    digits = pa.py_buffer(plain.translate(None, b","))
    texts = pa.StringArray.from_buffers(len(ends), pa.py_buffer(offsets), digits)
    found: NDArray[np.float64] = texts.cast(pa.float64()).to_numpy()
    return found


def _written(corners: NDArray[np.float64], *offsets: NDArray[np.int64]) -> list[bytes]:
    """WKB of each area: so many polygons, each of so many rings, each of so many corners."""
    counts = [_counts(np.diff(each)) for each in offsets]
    rings, polygons, areas = (each.tolist() for each in offsets)
    of_rings, of_polygons, of_areas = counts
    data = corners.astype("<f8", copy=False).tobytes()
    texts = []
    for area, (first, beyond) in enumerate(pairwise(areas)):
        ring, after = polygons[first], polygons[beyond]
        if after - ring == 1:
            head = _WKB_OF_ONE + of_rings[ring]
            texts.append(head + data[16 * rings[ring] : 16 * rings[after]])
            continue
        parts = [_WKB_MANY, of_areas[area]]
        for polygon in range(first, beyond):
            parts += (_WKB_POLYGON, of_polygons[polygon])
            for ring in range(polygons[polygon], polygons[polygon + 1]):
                parts += (of_rings[ring], data[16 * rings[ring] : 16 * rings[ring + 1]])
        texts.append(b"".join(parts))
    return texts


def _counts(numbers: NDArray[np.int64]) -> list[bytes]:
    """Each in four bytes, the lowest first."""
    data = numbers.astype("<u4").tobytes()
    return [data[at : at + 4] for at in range(0, len(data), 4)]
