"""GDAL, which knows nothing of us, reads the same areas out of tiles of both matrix sets.

It takes every tile for one of web Mercator. Of RD the numbers are therefore laid back first: both
sets are squares cut in four.
"""

from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely

from db.core.figures import Floats
from db.core.levels import Level
from db.core.tile_matrix import EXTENT, RD_NEW, WEB_MERCATOR, TileMatrixSet
from db.core.tiles import tiles

CODES, NAMES = ["WK000100", "WK0001A1"], ["Een", ""]
SHAPES = np.array(
    [
        shapely.box(150_000, 450_000, 159_000, 459_000)
        - shapely.box(152_000, 452_000, 154_000, 457_000),
        shapely.Polygon([(160_000, 450_000), (170_000, 452_000), (160_000, 455_000)]),
    ]
)


@pytest.mark.parametrize("matrix_set", [RD_NEW, WEB_MERCATOR])
def test_gdal_reads_every_area_where_it_is(tmp_path: Path, matrix_set: TileMatrixSet) -> None:
    zoom = 6 + matrix_set.zoom_of_scale_0
    found: dict[str, list[shapely.Geometry]] = {}
    for tile in tiles(Level.WIJK, 2024, CODES, NAMES, SHAPES):
        if tile.matrix_set != matrix_set.id or tile.zoom != zoom:
            continue
        # GDAL reads the place of a tile from its path.
        path = tmp_path / str(zoom) / str(tile.column) / f"{tile.row}.mvt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(tile.body)
        about, _, shapes, columns = pyogrio.raw.read(f"MVT:{path}", METADATA_FILE="")
        fields = dict(zip(about["fields"], columns, strict=True))
        assert set(fields["indeling"].tolist()) == {2024}
        names = fields.get("naam", np.full(len(shapes), None))
        for code, name, shape in zip(fields["code"], names, shapes, strict=True):
            assert name == (NAMES[CODES.index(code)] or None)
            found.setdefault(code, []).append(shapely.from_wkb(shape))
    unit = matrix_set.side / EXTENT / 2**zoom
    assert sorted(found) == CODES
    for code, shape in zip(CODES, SHAPES, strict=True):
        read = shapely.transform(shapely.union_all(found[code]), lambda p: _laid(p, matrix_set))
        drawn = shapely.transform(shapely.segmentize(shape, 100), matrix_set.project)
        assert shapely.hausdorff_distance(read, drawn) < 9 * unit
        assert read.symmetric_difference(drawn).area < 9 * unit * drawn.length


def _laid(points: Floats, matrix_set: TileMatrixSet) -> Floats:
    """Points that GDAL placed in web Mercator, in metres of the set they are of."""
    corner = np.array([WEB_MERCATOR.left, WEB_MERCATOR.top])
    share = (points - corner) / WEB_MERCATOR.side
    laid: Floats = np.array([matrix_set.left, matrix_set.top]) + share * matrix_set.side
    return laid
