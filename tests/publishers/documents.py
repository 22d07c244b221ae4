"""Real files as Python values: JSON, gzipped or not, and the tables that hold metadata."""

import gzip
from collections.abc import Mapping, Sequence
from pathlib import Path

import orjson
import pyarrow.parquet as pq

Rows = Sequence[Mapping[str, object]]


def value_of(path: Path) -> Rows:
    return objects(document(path)["value"])


def document(path: Path) -> dict[str, object]:
    content = path.read_bytes()
    read = orjson.loads(gzip.decompress(content) if path.suffix == ".gz" else content)
    return read if isinstance(read, dict) else {}


def objects(value: object) -> list[dict[str, object]]:
    return value if isinstance(value, list) else []


def kwb_properties(root: Path) -> Rows:
    rows = pq.read_table(root / "kwb/84799NED_2020_DataProperties.parquet").to_pylist()
    named = [{"odata.type": row.pop("odata_type"), **row} for row in rows]
    return [{name: value for name, value in row.items() if value is not None} for row in named]
