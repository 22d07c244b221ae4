"""The same features in RD, as a publisher gives them when asked for EPSG:28992."""

from collections.abc import Mapping, Sequence

import numpy as np
import orjson
import shapely

from db.core.crs import CRS84, RD, transform_shapes


def in_rd(lines: Sequence[bytes]) -> list[bytes]:
    """Features with their shapes in metres; a feature without a shape stays without one."""
    features: list[dict[str, object]] = [orjson.loads(line) for line in lines]
    shapes = np.array([_shape(feature) for feature in features], dtype=object)
    moved = shapely.to_geojson(transform_shapes(shapes, CRS84, RD))
    for feature, text in zip(features, moved, strict=True):
        feature["geometry"] = None if text is None else orjson.loads(text)
    return [orjson.dumps(feature) for feature in features]


def _shape(feature: Mapping[str, object]) -> object:
    geometry = feature["geometry"]
    return None if geometry is None else shapely.from_geojson(orjson.dumps(geometry))
