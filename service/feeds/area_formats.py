"""The formats that files of areas come in: all have the same areas, columns and shapes.

Each is written to a file in a thread: GDAL's formats are finished by going back to their begin.
The same question gives the same bytes, whenever it is asked.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
from numpy.typing import NDArray

from schema.enums import Crs
from service.feeds.content_digest import CONTENT, content_digest
from service.feeds.features import features
from service.feeds.multipolygons import multipolygons
from service.rest.operation import Format
from service.rest.record import ANY_OBJECT, Schema

if TYPE_CHECKING:
    import pyarrow as pa

_ROWS = 1000
_GDAL = Lock()
"""Its settings are those of the process: one file at a time."""
_BINARY: Schema = {"type": "string", "format": "binary"}


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """What a file is written of."""

    table: "pa.Table"
    shapes: Sequence[str | None]
    """GeoJSON texts, in the order of the rows."""
    crs: Crs
    layer: str
    title: str
    metadata: dict[str, str]
    published: datetime


@dataclass(frozen=True, slots=True)
class AreaFormat:
    """One way to write a sheet."""

    name: str
    media: str
    ending: str
    """How the name of the file ends."""
    write: Callable[[Sheet, Path], None]
    schema: Schema = field(default_factory=lambda: _BINARY)
    dense: bool = True
    """Whether coding it makes it hardly smaller."""

    @property
    def described(self) -> Format:
        return Format(self.name, self.media, schema=self.schema, dense=self.dense)


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """A sheet with its shapes as columns have them."""

    table: "pa.Table"
    """With the column `geometry`: multipolygons as WKB."""
    boxes: NDArray[np.float64]
    """Of each shape; NaN where there is none."""
    said: dict[str, str]
    """What is known of the whole, with the digest of the table."""


def _drawn(sheet: Sheet) -> _Drawn:
    import pyarrow as pa  # noqa: PLC0415

    shapes = multipolygons(sheet.shapes)
    table = sheet.table.append_column("geometry", pa.array(shapes.wkb, pa.binary()))
    return _Drawn(table, shapes.boxes, {**sheet.metadata, CONTENT: content_digest(table)})


def geojson(sheet: Sheet, path: Path) -> None:
    """A FeatureCollection; what is known of the whole stands before the features."""
    whole: dict[str, object] = {"type": "FeatureCollection", "name": sheet.layer}
    if sheet.crs is not Crs.CRS84:
        # Not of RFC 7946, but what GDAL reads.
        name = f"urn:ogc:def:crs:EPSG::{sheet.crs.value}"
        whole["crs"] = {"type": "name", "properties": {"name": name}}
    whole |= _drawn(sheet).said
    with path.open("wb") as file:
        file.write(orjson.dumps(whole)[:-1] + b',"features":[')
        for start in range(0, len(sheet.shapes), _ROWS):
            part, shapes = sheet.table.slice(start, _ROWS), sheet.shapes[start : start + _ROWS]
            file.write((b",\n" if start else b"\n") + features(part, shapes))
        file.write(b"]}\n")


def geoparquet(sheet: Sheet, path: Path) -> None:
    """GeoParquet 1.1: WKB, with the box of each shape as a covering."""
    import pyarrow as pa  # noqa: PLC0415
    from pyarrow import parquet  # noqa: PLC0415

    drawn = _drawn(sheet)
    boxes, absent = drawn.boxes, np.array([shape is None for shape in sheet.shapes])
    sides = [pa.array(side) for side in boxes.T]
    covering = pa.StructArray.from_arrays(
        sides, names=["xmin", "ymin", "xmax", "ymax"], mask=pa.array(absent)
    )
    table = drawn.table.add_column(sheet.table.num_columns, "bbox", covering)
    said = {**drawn.said, "geo": orjson.dumps(_geo(sheet.crs, boxes[~absent])).decode()}
    parquet.write_table(
        table.replace_schema_metadata(said), path, compression="zstd", row_group_size=4096
    )


def _geo(crs: Crs, boxes: NDArray[np.float64]) -> dict[str, Any]:
    from pyproj import CRS  # noqa: PLC0415

    column: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": ["MultiPolygon"] if len(boxes) else [],
        "crs": CRS("OGC:CRS84" if crs is Crs.CRS84 else crs.value).to_json_dict(),
        "orientation": "counterclockwise",
        "edges": "planar",
        "covering": {
            "bbox": {side: ["bbox", side] for side in ("xmin", "ymin", "xmax", "ymax")},
        },
    }
    if len(boxes):
        column["bbox"] = [*boxes[:, :2].min(axis=0).tolist(), *boxes[:, 2:].max(axis=0).tolist()]
    return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}


def geopackage(sheet: Sheet, path: Path) -> None:
    """GeoPackage; what is known of the whole stands in its tables of metadata."""
    # Of what later versions added nothing is in it, and programs of some years ago warn of them.
    version = {"VERSION": "1.2"}
    names = {"IDENTIFIER": sheet.title, "GEOMETRY_NAME": "geometry"}
    _by_gdal(sheet, path, "GPKG", names, dataset_options=version)


def flatgeobuf(sheet: Sheet, path: Path) -> None:
    """FlatGeobuf; with an index where every area has a shape, which it can be made of only. What is
    known of the whole stands in the metadata of its header, which GDAL shows from 3.9, and in the
    description.
    """
    index = "NO" if None in sheet.shapes else "YES"
    _by_gdal(sheet, path, "FlatGeobuf", {"TITLE": sheet.title, "SPATIAL_INDEX": index})


def _in_words(said: dict[str, str]) -> str:
    return "\n".join(f"{name}: {text}" for name, text in said.items())


def _by_gdal(
    sheet: Sheet, path: Path, driver: str, options: dict[str, str], **more: dict[str, str]
) -> None:
    from pyogrio import raw, set_gdal_config_options  # noqa: PLC0415

    drawn = _drawn(sheet)
    with _GDAL:
        set_gdal_config_options({"OGR_CURRENT_DATE": f"{sheet.published:%Y-%m-%dT%H:%M:%S.000Z}"})
        raw.write_arrow(
            drawn.table.replace_schema_metadata(None),
            str(path),
            layer=sheet.layer,
            driver=driver,
            geometry_name="geometry",
            geometry_type="MultiPolygon",
            crs=f"EPSG:{sheet.crs.value}",
            layer_options={**options, "DESCRIPTION": _in_words(drawn.said)},
            layer_metadata=drawn.said,
            **more,
        )


AREA_FORMATS = (
    AreaFormat(
        "geojson", "application/geo+json", "geojson", geojson, ANY_OBJECT, dense=False
    ),
    AreaFormat("geoparquet", "application/vnd.apache.parquet", "parquet", geoparquet),
    AreaFormat("gpkg", "application/geopackage+sqlite3", "gpkg", geopackage),
    AreaFormat("fgb", "application/flatgeobuf", "fgb", flatgeobuf),
)  # fmt: skip
AREA_FORMATS_BY_NAME = {each.name: each for each in AREA_FORMATS}
