"""Tile matrix sets: how the country is cut into square tiles, and which scales are stored.

Two registered sets: WebMercatorQuad, which web maps expect, and NetherlandsRDNewQuad, which PDOK's
do. A scale is a zoom of the latter; the former has about the same scale five zooms further.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from db.core.crs import CRS84, RD, transform
from db.core.figures import Floats
from db.core.levels import Level

EXTENT = 4096
"""Units along the side of a tile."""

_EQUATOR = 6_378_137.0
_HALF = np.pi * _EQUATOR


@dataclass(frozen=True, slots=True)
class TileMatrixSet:
    """Square tiles, one at zoom 0 and four times as many at each further zoom."""

    id: str
    epsg: int
    left: float
    top: float
    side: float
    """Of the tile at zoom 0, in the set's own metres."""
    zoom_of_scale_0: int
    project: Callable[[Floats], Floats]
    """From RD to the set's own metres."""

    def on_grid(self, rd: Floats, zoom: int) -> Floats:
        """RD points in units of a tile, from the top left of the whole set, y downwards."""
        units = EXTENT * 2**zoom / self.side
        points = self.project(rd)
        grid: Floats = np.column_stack([points[:, 0] - self.left, self.top - points[:, 1]]) * units
        return grid


def _to_web_mercator(rd: Floats) -> Floats:
    longitude, latitude = np.radians(transform(rd, RD, CRS84)).T
    return np.column_stack([longitude, np.arcsinh(np.tan(latitude))]) * _EQUATOR


def _as_it_is(rd: Floats) -> Floats:
    return rd


WEB_MERCATOR = TileMatrixSet("WebMercatorQuad", 3857, -_HALF, _HALF, 2 * _HALF, 5, _to_web_mercator)
RD_NEW = TileMatrixSet(
    "NetherlandsRDNewQuad", 28992, -285_401.92, 903_401.92, 880_803.84, 0, _as_it_is
)
SETS = {one.id: one for one in (WEB_MERCATOR, RD_NEW)}

SCALES = {Level.GEMEENTE: range(-1, 6), Level.WIJK: range(7), Level.BUURT: range(1, 7)}
"""Scales at which each level is stored; a reader enlarges the last one for closer views.

At the first, the whole country lies in one to four tiles; at the last, a tile of buurten is 13.8 km
wide, in 4,096 steps of 3.4 m.
"""

LAYERS = {Level.GEMEENTE: "gemeenten", Level.WIJK: "wijken", Level.BUURT: "buurten"}
"""Name of each level's layer, and of its collection in addresses."""


def zooms(matrix_set: TileMatrixSet, level: Level) -> range:
    """Zooms at which tiles of a level are stored."""
    scales, first = SCALES[level], matrix_set.zoom_of_scale_0
    return range(max(0, scales.start + first), scales.stop + first)


def tolerance(scale: int) -> float:
    """Metres, as in db.core.simplify: eight units of a tile, one pixel on a usual screen."""
    return 8 * RD_NEW.side / EXTENT / 2.0**scale
