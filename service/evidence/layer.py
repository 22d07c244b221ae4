"""The table of a bundle and its shapes as a GeoPackage; a publication gives the same bytes."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import orjson

from schema.enums import Crs
from service.evidence.kit import Kind, Kit
from service.feeds.area_formats import Sheet, geopackage

if TYPE_CHECKING:
    import pyarrow as pa

_PIECE = 1 << 18


def geopackage_of(about: Mapping[str, Any], kit: Kit) -> Iterator[bytes]:
    """The file in pieces; `about` stands in its metadata. SQLite needs a file to write in."""
    sheet = Sheet(
        table=_table(kit),
        shapes=[kit.metres[ordinal] for ordinal in kit.order],
        crs=Crs.RD,
        layer=kit.name.replace("-", "_"),
        title=kit.title_nl,
        metadata={name: _text(said) for name, said in about.items()},
        published=kit.published_at,
    )
    with TemporaryDirectory(prefix="leefbaarheid-") as folder:
        path = Path(folder) / "kaart.gpkg"
        geopackage(sheet, path)
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece


def _text(said: object) -> str:
    return said if isinstance(said, str) else orjson.dumps(said, option=orjson.OPT_UTC_Z).decode()


def _table(kit: Kit) -> "pa.Table":
    """Typed, so that a column in which all is absent is one of numbers all the same."""
    import pyarrow as pa  # noqa: PLC0415

    types: dict[Kind, Any] = {str: pa.string(), int: pa.int64(), float: pa.float64()}
    rows = [kit.row(ordinal) for ordinal in kit.order]
    schema = pa.schema([(name, types[kind]) for name, kind in kit.kinds.items()])
    columns = zip(*rows, strict=True) if rows else ([] for _ in schema)
    return pa.table(
        [pa.array(each, field.type) for each, field in zip(columns, schema, strict=True)],
        schema=schema,
    )
