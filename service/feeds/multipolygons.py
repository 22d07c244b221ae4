"""GeoJSON texts of areas as shapes of one type, which formats state once for a whole layer.

All numbers are read at once and the brackets say what they are of: read one by one with GEOS, the
shapes were most of the price of a file.
"""

import re
from collections.abc import Sequence

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

_PLAIN = re.compile(r'\{"type":"(Multi)?Polygon","coordinates":(\[\[\[[][0-9.,eE+-]+\])\}')
_OPEN, _CLOSE = b"[]"
_AREA, _POLYGON, _RING, _CORNER = range(1, 5)
"""How deep the brackets of each are, where an area is a multipolygon."""
_ROWS = 1000


def multipolygons(texts: Sequence[str | None]) -> NDArray[np.object_]:
    """A polygon is a multipolygon of one; None stays None."""
    shapes = np.full(len(texts), None, object)
    for start in range(0, len(texts), _ROWS):
        some = [(place, text) for place, text in enumerate(texts[start : start + _ROWS], start)]
        bodies = {place: body for place, text in some if text and (body := _body(text))}
        together = _together(list(bodies.values()))
        if together is None:
            bodies = {}
        else:
            shapes[list(bodies)] = together
        others = [(place, text) for place, text in some if text and place not in bodies]
        for place, text in others:
            shapes[place] = _alone(text)
    return shapes


def _body(text: str) -> str | None:
    """The coordinates of a multipolygon, if the text has nothing but them and flat corners."""
    found = _PLAIN.fullmatch(text)
    if found is None:
        return None
    return found[2] if found[1] else f"[{found[2]}]"


def _alone(text: str) -> shapely.Geometry:
    shape = shapely.from_geojson(text)
    return shapely.multipolygons([shape]) if isinstance(shape, shapely.Polygon) else shape


def _together(bodies: list[str]) -> NDArray[np.object_] | None:
    """None where there is nothing to read, or a corner has other than two numbers."""
    text = ",".join(bodies).encode()
    numbers = np.array(orjson.loads(b"[" + text.translate(None, b"[]") + b"]"), np.float64)
    signs = np.frombuffer(text, np.uint8)
    signs = signs[(signs == _OPEN) | (signs == _CLOSE)]
    depths = np.cumsum(np.where(signs == _OPEN, 1, -1))
    begins = [(signs == _OPEN) & (depths == depth) for depth in range(_AREA, _CORNER + 1)]
    if not bodies or len(numbers) != 2 * begins[-1].sum():
        return None
    offsets = tuple(
        np.append(np.cumsum(inner)[outer], inner.sum())
        for outer, inner in zip(begins[::-1][1:], begins[::-1], strict=False)
    )
    kind = shapely.GeometryType.MULTIPOLYGON
    made: NDArray[np.object_] = shapely.from_ragged_array(kind, numbers.reshape(-1, 2), offsets)
    return made
