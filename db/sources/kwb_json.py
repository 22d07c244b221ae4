"""Kerncijfers wijken en buurten as one JSON object keyed by area code: {"WK168000": {...}, ...}.

A few chosen columns of the v3 table, typed, without names; described by its DataProperties.
Refuses areas that do not have the same columns.
"""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from db.core.errors import BrokenLoad
from db.core.figures import Parsed
from db.sources.cbs_odata3 import parse
from db.sources.dataset import Dataset, Payload
from db.sources.odata_answer import Pages, page_table, read_json

_REGION = "WijkenEnBuurten"


def load(dataset: Dataset, payload: Payload) -> Parsed:
    return parse(dataset, payload, Pages(payload.get("data"), tables_of=_tables))


def _tables(path: Path) -> Iterator[pa.Table]:
    document = read_json(path)
    if not isinstance(document, dict) or not all(isinstance(v, dict) for v in document.values()):
        raise BrokenLoad(f"{path.name} is no object of objects keyed by area code")
    if document:
        rows = [{_REGION: code, **cells} for code, cells in document.items()]
        yield page_table(rows, path.name)
