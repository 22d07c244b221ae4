"""All vector tiles of one level and vintage, simplified for each scale so that borders stay shared.

Pure: shapes in, tiles out. They are gzipped here, once, because that is how nearly all are sent.
"""

import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from db.core.geometry import Shapes
from db.core.levels import Level
from db.core.simplify import simplified
from db.core.tile_encoding import encode, feature
from db.core.tile_matrix import LAYERS, SCALES, SETS, tolerance, zooms
from db.core.tile_pieces import pieces

RECIPE = "2"
"""Raise when the same shapes become other tiles: all are then made again."""


@dataclass(frozen=True, slots=True)
class Tile:
    matrix_set: str
    zoom: int
    column: int
    row: int
    body: bytes
    """Mapbox Vector Tile 2.1, gzipped."""


def tiles(
    level: Level, vintage: int, codes: Sequence[str], names: Sequence[str], shapes_rd: Shapes
) -> Iterator[Tile]:
    """Tiles of both matrix sets, finest scale first; each is simplified from the one before."""
    features = [feature(code, name) for code, name in zip(codes, names, strict=True)]
    shapes = shapes_rd
    for scale in reversed(SCALES[level]):
        shapes = simplified(shapes, tolerance(scale))
        for matrix_set in SETS.values():
            zoom = scale + matrix_set.zoom_of_scale_0
            if zoom not in zooms(matrix_set, level):
                continue
            found = pieces(shapes, matrix_set, zoom)
            for made in encode(found, features, layer=LAYERS[level], vintage=vintage):
                body = gzip.compress(made.body, mtime=0)
                yield Tile(matrix_set.id, zoom, made.column, made.row, body)
