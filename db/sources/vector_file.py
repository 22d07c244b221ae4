"""GeoPackage, shapefile and bare dbf, read by GDAL in batches: attributes and shapes by layer."""

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataSourceError
from pyogrio.raw import open_arrow

from db.core.crs import epsg_of
from db.core.errors import BrokenLoad
from db.core.geometry import Shapes
from db.sources.layer import Layer

_BATCH = 2000


def read(path: Path, wanted: str | None = None) -> list[Layer]:
    """The layers of the file, or the `wanted` ones ('wijken,buurten')."""
    try:
        names = [str(name) for name, _ in pyogrio.list_layers(path)]
    except DataSourceError:
        raise BrokenLoad(f"{path.name}: not a map file that GDAL can open") from None
    chosen = [name.strip() for name in wanted.split(",")] if wanted else names
    if missing := [name for name in chosen if name not in names]:
        raise BrokenLoad(f"{path.name}: no layer {missing[0]!r}, it has {', '.join(names)}")
    encoding = _encoding(path)
    return [_layer(path, name, encoding) for name in chosen]


def dbf_encoding(data: bytes) -> str:
    """UTF-8 if every byte of the records is, else cp1252.

    The tables of 2017 and 2023 are UTF-8 and say so nowhere; GDAL then assumes Latin-1.
    """
    (start,) = struct.unpack_from("<H", data, 8)
    try:
        data[start:].decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _encoding(path: Path) -> str | None:
    table = path.with_suffix(".dbf")
    if path.suffix == ".gpkg" or not table.exists() or path.with_suffix(".cpg").exists():
        return None
    return dbf_encoding(table.read_bytes())


def _layer(path: Path, name: str, encoding: str | None) -> Layer:
    columns: dict[str, list[Any]] = {}
    shapes: list[Shapes] = []
    with open_arrow(path, layer=name, encoding=encoding, use_pyarrow=True, batch_size=_BATCH) as (
        meta,
        batches,
    ):
        geometry = meta["geometry_name"] or "wkb_geometry"
        for batch in batches:
            for column in batch.schema.names:
                if column != geometry:
                    columns.setdefault(column, []).extend(batch[column].to_pylist())
                else:
                    wkb = np.array(batch[column].to_pylist(), object)
                    shapes.append(shapely.from_wkb(wkb))
    rows = len(next(iter(columns.values()), []))
    drawn = np.concatenate(shapes) if shapes else None
    return Layer(columns, drawn, rows, epsg_of(meta["crs"]) if meta["crs"] else None)
