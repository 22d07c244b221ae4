"""Files of areas have a digest inside, which whoever read one finds again, in any format."""

import hashlib
import io
import json
import sqlite3
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet
from pyogrio import raw, read_info

from service.feeds.area_formats import AREA_FORMATS
from service.feeds.content_digest import content_digest
from tests.api.resting import rest_client

_RD = "http://www.opengis.net/def/crs/EPSG/0/28992"
_ASKED = [
    {"niveau": "wijk", "indicatoren": "population,lonely"},
    {"niveau": "gemeente", "indicatoren": "thefts", "crs": _RD},
    {"niveau": "buurt", "geometrie": "volledig"},
]
_NAME = "inhoud-sha-256"
Rows = list[dict[str, Any]]


def _geojson(path: Path) -> tuple[str, Rows]:
    whole = json.loads(path.read_bytes())
    rows = []
    for feature in whole["features"]:
        shape = feature["geometry"]
        if shape is not None:
            # A polygon is a multipolygon of one.
            parts = shape["coordinates"]
            parts = [parts] if shape["type"] == "Polygon" else parts
            many = {"type": "MultiPolygon", "coordinates": parts}
            shape = shapely.to_wkb(shapely.from_geojson(json.dumps(many)), byte_order=1)
        rows.append({**feature["properties"], "geometry": shape})
    return whole[_NAME], rows


def _geoparquet(path: Path) -> tuple[str, Rows]:
    table = parquet.read_table(path)
    return table.schema.metadata[_NAME.encode()].decode(), table.drop("bbox").to_pylist()


def _geopackage(path: Path) -> tuple[str, Rows]:
    with sqlite3.connect(path) as package:
        ((text,),) = package.execute("SELECT metadata FROM gpkg_metadata").fetchall()
    said = {each.get("key"): each.text for each in ElementTree.fromstring(text).iter("MDI")}
    return str(said[_NAME]), _by_gdal(path)


def _flatgeobuf(path: Path) -> tuple[str, Rows]:
    return read_info(path)["layer_metadata"][_NAME], _by_gdal(path)


def _by_gdal(path: Path) -> Rows:
    meta, _, shapes, columns = raw.read(path)
    # Its frames have no null among numbers; files here have no NaN.
    lists = [[None if each != each else each for each in column.tolist()] for column in columns]
    names = [*meta["fields"], "geometry"]
    return [dict(zip(names, row, strict=True)) for row in zip(*lists, shapes, strict=True)]


_READERS: dict[str, Callable[[Path], tuple[str, Rows]]] = {
    "geojson": _geojson,
    "geoparquet": _geoparquet,
    "gpkg": _geopackage,
    "fgb": _flatgeobuf,
}


def _digest(rows: Rows) -> str:
    """As the README of service/feeds says it, by what a reader has."""
    rows = sorted(rows, key=lambda row: row["code"])
    lines = [[name, *(_cell(row[name]) for row in rows)] for name in sorted(rows[0])]
    text = "".join(
        json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines
    )
    return hashlib.sha256(text.encode()).hexdigest()


def _cell(cell: Any) -> Any:
    if isinstance(cell, bytes):
        return cell.hex()
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return struct.pack(">d", float(cell) + 0.0).hex()
    return cell


async def _files(asked: dict[str, str], folder: Path) -> dict[str, Path]:
    paths = {name: folder / f"a.{name}" for name in _READERS}
    async with rest_client() as (client, _):
        for name, path in paths.items():
            answer = await client.get("/v1/gebieden", params={**asked, "f": name})
            assert answer.status_code == 200
            path.write_bytes(answer.content)
    return paths


@pytest.mark.parametrize("asked", _ASKED)
async def test_what_was_read_has_the_digest_that_stands_inside_and_it_is_the_same_in_all(
    asked: dict[str, str], tmp_path: Path
) -> None:
    paths = await _files(asked, tmp_path)
    found = {name: read(paths[name]) for name, read in _READERS.items()}
    for name, (said, rows) in found.items():
        assert _digest(rows) == said, name
    assert len({said for said, _ in found.values()}) == 1


async def test_a_cell_that_was_changed_a_row_that_was_lost_and_a_moved_corner_are_noticed(
    tmp_path: Path,
) -> None:
    paths = await _files(_ASKED[0], tmp_path)
    for name, read in _READERS.items():
        said, rows = read(paths[name])
        assert _digest(rows[1:]) != said
        for column, cell in rows[0].items():
            other = [{**rows[0], column: _other(cell)}, *rows[1:]]
            assert _digest(other) != said, (name, column)


def _other(cell: Any) -> Any:
    if isinstance(cell, bytes):
        return cell[:-1] + bytes([cell[-1] ^ 1])
    if isinstance(cell, str):
        return cell + " "
    if isinstance(cell, bool):
        return not cell
    return 0 if cell is None else cell + 1


async def test_other_areas_and_another_publication_have_another_digest(tmp_path: Path) -> None:
    digests = set()
    for more in ({}, {"gemeenteCode": "GM9001"}, {"publicatie": "2"}):
        paths = await _files({**_ASKED[0], **more}, tmp_path)
        digests.add(_geojson(paths["geojson"])[0])
    assert len(digests) == 3


def test_every_format_is_read_here() -> None:
    assert set(_READERS) == {each.name for each in AREA_FORMATS}


_CELLS = st.tuples(
    st.none() | st.text(max_size=5),
    st.none() | st.floats(allow_nan=False, allow_infinity=False),
    st.none() | st.booleans(),
    st.none() | st.binary(max_size=4),
)


@settings(max_examples=50, deadline=None)
@given(rows=st.dictionaries(st.text("AB12", min_size=1, max_size=3), _CELLS, min_size=1))
def test_any_rows_have_one_digest_in_any_order_and_after_any_file(
    rows: dict[str, tuple[Any, ...]],
) -> None:
    names = ("naam", "getal", "waar", "geometry")
    types = {"code": pa.string(), "naam": pa.string(), "getal": pa.float64(), "waar": pa.bool_()}
    listed = [{"code": code, **dict(zip(names, row, strict=True))} for code, row in rows.items()]
    table = pa.Table.from_pylist(listed, schema=pa.schema({**types, "geometry": pa.binary()}))
    packed = table.set_column(1, "naam", table["naam"].dictionary_encode())
    file = io.BytesIO()
    parquet.write_table(packed, file)
    read = parquet.read_table(file)
    assert content_digest(read) == content_digest(packed) == _digest(listed)
    assert content_digest(table.take(list(reversed(range(len(table)))))) == _digest(listed)
