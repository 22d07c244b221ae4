"""What the server publishes from a folder with real files: each table in its publisher's shape.

Built when first asked for. What a file does not hold (a dimension of periods, water or not) is
derived from what it does hold, never invented figures.
"""

import csv
import gzip
from collections.abc import Mapping, Sequence
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from tests.publishers.documents import Rows, document, kwb_properties
from tests.publishers.files import Files
from tests.publishers.odata import EntitySet, ODataV3, Table
from tests.publishers.publisher import Publisher
from tests.publishers.real_features import features_from
from tests.publishers.real_v4 import KWB, v4_from
from tests.publishers.tiny import police

HEALTH = "50090NED"
FILES_HOST = "download.cbs.nl"
_PERIODS = (2012, 2016, 2020)


def publishers_from(root: Path, *, wijken: int | None = None) -> list[Publisher]:
    return [
        ODataV3(
            Table(KWB, lambda: _kwb(root), skips=False),
            Table(HEALTH, lambda: _health(root), host="dataderden.cbs.nl"),
            Table("47018NED", lambda: police(areas=_overvecht(root)), host="dataderden.cbs.nl"),
        ),
        v4_from(root),
        *features_from(root, wijken=wijken),
        Files(
            {f"{FILES_HOST}/codes/{path.name}": path for path in sorted(root.glob("codes/*.csv"))}
        ),
    ]


def _overvecht(root: Path) -> list[str]:
    """Real areas of 2025 for the hand-made police figures: one wijk with all that it lies in."""
    lines = (root / "codes/buurt_2025.csv").read_text(encoding="utf-8-sig").splitlines()
    buurten = [f"BU{line[:8]}" for line in lines if line.startswith("034403")]
    return ["NL00", "GM0344", "WK034403", *buurten]


def _kwb(root: Path) -> dict[str, EntitySet]:
    typed = pq.read_table(root / f"kwb/{KWB}_2020_TypedDataSet.parquet")
    regions: list[str] = typed["WijkenEnBuurten"].to_pylist()
    columns = {"WijkenEnBuurten": regions}
    return {
        "TableInfos": EntitySet.of([document(root / f"kwb/{KWB}_2020_Metadata.json")]),
        "DataProperties": EntitySet.of(kwb_properties(root)),
        "CategoryGroups": EntitySet.of([]),
        "WijkenEnBuurten": EntitySet.of(
            pq.read_table(root / f"kwb/{KWB}_2020_WijkenEnBuurten.parquet").to_pylist()
        ),
        "TypedDataSet": EntitySet([orjson.dumps(row) for row in _rows(typed)], columns),
        "UntypedDataSet": EntitySet([_untyped(row) for row in _rows(typed)], columns),
    }


def _rows(table: pa.Table) -> list[dict[str, object]]:
    return [row for batch in table.to_batches(2_000) for row in batch.to_pylist()]


def _untyped(row: Mapping[str, object]) -> bytes:
    """Every cell as text, right-aligned; what is null here was '.' or blank, which is lost."""
    cells = {
        name: value if value is None or isinstance(value, str) or name == "ID" else f"{value:>8}"
        for name, value in row.items()
    }
    return orjson.dumps(cells)


def _health(root: Path) -> dict[str, EntitySet]:
    rows: list[dict[str, str]] = []
    for year in _PERIODS:
        path = root / f"health/{HEALTH}_{year}_18plus_UntypedDataSet.csv.gz"
        with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as lines:
            rows += csv.DictReader(lines, delimiter=";")
    rows.sort(key=lambda row: int(row["ID"]))
    names = ["Leeftijd", "Marges", "WijkenEnBuurten", "Perioden"]
    columns = {name: [row[name] for row in rows] for name in names}
    cells: Rows = [{**row, "ID": int(row["ID"])} for row in rows]
    titles = {row["WijkenEnBuurten"]: row["Gemeentenaam_1"].strip() for row in rows}
    return {
        "TableInfos": EntitySet.of([{"ID": 0, "Identifier": HEALTH, "Title": "Gezondheid"}]),
        "DataProperties": EntitySet.of(_health_properties(list(rows[0]), names)),
        "WijkenEnBuurten": EntitySet.of([{"Key": k, "Title": t} for k, t in titles.items()]),
        **{name: _dimension(columns[name]) for name in names if name != "WijkenEnBuurten"},
        "UntypedDataSet": EntitySet([orjson.dumps(row) for row in cells], columns),
        "TypedDataSet": EntitySet([orjson.dumps(_typed(row, names)) for row in cells], columns),
    }


def _dimension(values: Sequence[str]) -> EntitySet:
    return EntitySet.of([{"Key": key, "Title": key.strip()} for key in sorted(set(values))])


def _health_properties(columns: Sequence[str], dimensions: Sequence[str]) -> Rows:
    kinds = {"WijkenEnBuurten": "GeoDetail", "Perioden": "TimeDimension"}
    made = []
    for number, name in enumerate(columns[1:]):
        kind = kinds.get(name, "Dimension") if name in dimensions else "Topic"
        row = {"odata.type": f"Cbs.OData.{kind}", "ID": number, "Type": kind, "Key": name}
        row["Title"] = name.rpartition("_")[0] if kind == "Topic" else name
        made.append(row | ({"Unit": "%", "Datatype": "Double"} if kind == "Topic" else {}))
    return made


def _typed(row: Mapping[str, object], dimensions: Sequence[str]) -> dict[str, object]:
    return {
        name: value if name in dimensions or not isinstance(value, str) else _number(value)
        for name, value in row.items()
    }


def _number(text: str) -> float | str | None:
    bare = text.strip()
    if bare in ("", "."):
        return None
    try:
        return float(bare)
    except ValueError:
        return text
