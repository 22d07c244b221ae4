"""Coordinates in RD (EPSG 28992, metres) and CRS84 (degrees, longitude first).

CRS84 is taken to be ETRS89, as Dutch publishers do. Refuses coordinates outside the Netherlands
with its waters (swapped axes, the wrong system) and never guesses where a file states a system.
"""

import re
import warnings
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import shapely

from db.core.errors import UnknownSystem
from db.core.figures import Floats
from db.core.geometry import Repaired, Shapes, bounds, repair

# Imported by who first needs it: 20 MB and 0.1 s that most processes that serve do without.
if TYPE_CHECKING:
    from pyproj import Transformer

RD = 28992
CRS84 = 4326
_ETRS89 = 4258

EXTENT: dict[int, tuple[float, float, float, float]] = {
    RD: (-10_000.0, 280_000.0, 300_000.0, 650_000.0),
    CRS84: (2.9, 50.5, 7.6, 53.9),
}
"""West, south, east, north of the Netherlands with its waters, in each system."""

_BATCH = 2000
_STATED = re.compile(r"EPSG:+(?:\d+(?:\.\d+)*:)?(\d+)$|/EPSG/[^/]+/(\d+)$", re.IGNORECASE)


def epsg_of(stated: str) -> int:
    """28992 or 4326 from a URN, an http address, a Content-Crs header, `EPSG:n` or WKT."""
    text = stated.strip().strip("<>")
    if text.upper().endswith("CRS84"):
        return CRS84
    match = _STATED.search(text)
    number = int(next(filter(None, match.groups()))) if match else _looked_up(text)
    if number in (CRS84, _ETRS89):
        return CRS84
    if number in (RD, 7415):
        # 7415 is RD with the NAP height, which loaders drop.
        return RD
    raise UnknownSystem(f"coordinate system {text[:60]!r} is neither RD (EPSG 28992) nor degrees")


def guess_crs(box: Floats) -> int:
    """The system that bounds (west, south, east, north) lie in, where a file states none."""
    for system in (RD, CRS84):
        if _inside(box, system):
            return system
    raise UnknownSystem(
        f"bounds {box.round(3).tolist()} are neither RD metres nor degrees in the Netherlands"
    )


def check_extent(shapes: Shapes, codes: list[str], system: int) -> None:
    """Refuse shapes that are not in the Netherlands, naming the first areas."""
    boxes = bounds(shapes)
    present = ~np.isnan(boxes[:, 0])
    outside = [codes[i] for i in np.flatnonzero(present) if not _inside(boxes[i], system)]
    if outside:
        raise UnknownSystem(
            f"{len(outside)} areas lie outside the Netherlands in EPSG {system} "
            f"(axes swapped, or another system?): {', '.join(outside[:3])}"
        )


def transform_shapes(shapes: Shapes, source: int, target: int) -> Shapes:
    """Shapes with every vertex brought from one system to the other; None stays None."""
    if source == target:
        return shapes
    result = np.empty(len(shapes), object)
    for start in range(0, len(shapes), _BATCH):
        result[start : start + _BATCH] = shapely.transform(
            shapes[start : start + _BATCH], lambda xy: transform(xy, source, target)
        )
    return result


def in_rd(shapes: Shapes, system: int) -> Repaired:
    """Valid shapes in RD: moving degrees to metres can flatten a sliver, so it is checked again."""
    return repair(transform_shapes(shapes, system, RD))


def transform(points: Floats, source: int, target: int) -> Floats:
    """Points (n, 2), x or longitude first, from one system to the other."""
    if {source, target} != {RD, CRS84}:
        raise UnknownSystem(f"no transformation from EPSG {source} to EPSG {target}")
    direction = "FORWARD" if source == RD else "INVERSE"
    x, y = _transformer().transform(points[:, 0], points[:, 1], direction=direction, errcheck=True)
    return np.column_stack([x, y])


def make_ready() -> None:
    """Load what `transform` needs, which takes 0.1 s once; any thread may do it for all."""
    _transformer().transform(155_000.0, 463_000.0)


def is_ready() -> bool:
    """Whether `transform` does without loading anything."""
    return _transformer.cache_info().currsize > 0


def transformation_name() -> str:
    """The transformation in use, with its accuracy: RDNAPTRANS where PROJ has the grid."""
    used = _transformer()
    return f"{used.description} (accuracy {used.accuracy:g} m)"


@cache
def _transformer() -> "Transformer":
    """The best one PROJ can do here; without the grid nl_nsgi_rdtrans2018 it is 0.25 m."""
    from pyproj.transformer import TransformerGroup  # noqa: PLC0415

    with warnings.catch_warnings():
        # PROJ warns that the grid is not installed; transformation_name says so instead.
        warnings.simplefilter("ignore", UserWarning)
        return TransformerGroup(RD, _ETRS89, always_xy=True).transformers[0]


def _looked_up(text: str) -> int | None:
    from pyproj import CRS  # noqa: PLC0415
    from pyproj.exceptions import CRSError  # noqa: PLC0415

    try:
        found = CRS.from_user_input(text).to_epsg(min_confidence=20)
    except CRSError:
        return None
    return int(found) if found is not None else None


def _inside(box: Floats, system: int) -> bool:
    west, south, east, north = EXTENT[system]
    return bool(box[0] >= west and box[1] >= south and box[2] <= east and box[3] <= north)
