"""Boundary files of any publisher: GeoJSON, TopoJSON, GeoPackage, shapefile, dbf, or a CSV whose
cells hold GeoJSON. Local files in, areas with shapes and figures out.
"""

import csv
import re
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson

from db.core.errors import BrokenLoad, RefusedFile
from db.core.figures import Parsed
from db.sources import geojson, topojson, vector_file
from db.sources.area_rows import parsed
from db.sources.dataset import Dataset, Payload
from db.sources.files import inflated, open_bytes, open_text
from db.sources.layer import Layer, LayerBuilder

MAX_CELL = 64_000_000
"""Characters of one CSV cell; a water buurt of 2025 takes 600,000, five times Python's limit."""

_TOPOLOGY = re.compile(rb'^\s*\{\s*("arcs"|"objects"|"transform")|"type"\s*:\s*"Topology"')


def load(dataset: Dataset, payload: Payload) -> Parsed:
    """Areas and figures of part 'data'; options layer, crs, key, name, period, figures ('no')."""
    return parsed(dataset, read_layers(dataset, payload.parts["data"]))


def read_layers(dataset: Dataset, paths: tuple[Path, ...]) -> list[Layer]:
    """One layer for each text file, or those of the one GDAL source among the files."""
    by_kind = {_kind(path): path for path in paths}
    for kind in ("gpkg", "shp", "dbf"):
        if kind in by_kind:
            with TemporaryDirectory() as folder:
                local = {path: inflated(path, Path(folder)) for path in paths}
                return vector_file.read(local[by_kind[kind]], dataset.options.get("layer"))
    return [_text_layer(path) for path in paths]


def _text_layer(path: Path) -> Layer:
    read = _READERS.get(_kind(path))
    if read is None:
        raise RefusedFile(f"{path.name}: not a map format that is read here")
    return read(path)


def _kind(path: Path) -> str:
    return path.name.removesuffix(".gz").rpartition(".")[2].lower()


def _json(path: Path) -> Layer:
    with open_bytes(path) as stream:
        if _TOPOLOGY.search(stream.read(1000)):
            return topojson.read(path)
    builder = LayerBuilder()
    members = geojson.read(path, builder)
    return builder.layer(geojson.stated_crs(members))


def _csv(path: Path) -> Layer:
    """A table with a `geometry` column; the limit on cells is the process's, and only raised."""
    csv.field_size_limit(max(MAX_CELL, csv.field_size_limit()))
    builder = LayerBuilder()
    with open_text(path, whole_lines=True) as stream:
        for record in csv.DictReader(stream):
            text = record.pop("geometry", None)
            builder.add(record, geojson.polygons(_geometry(text, path.name), path.name))
    return builder.layer(None)


def _geometry(text: str | None, name: str) -> geojson.Record | None:
    if not text:
        return None
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise BrokenLoad(f"{name}: a geometry cell that is no GeoJSON") from None
    return found if isinstance(found, dict) else None


_READERS: dict[str, Callable[[Path], Layer]] = {
    "geojson": _json,
    "json": _json,
    "topojson": topojson.read,
    "csv": _csv,
}
