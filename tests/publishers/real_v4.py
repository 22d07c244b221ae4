"""KWB as OData version 4: the metadata of 2017 as published, the figures of 2020 turned long."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from tests.publishers.documents import Rows, document, kwb_properties, value_of
from tests.publishers.odata import EntitySet, ODataV4, TableV4

KWB, KWB_V4 = "84799NED", "83765NED"


def v4_from(root: Path) -> ODataV4:
    return ODataV4(
        TableV4(KWB, lambda: _kwb_v4(root), _infos_v4(root, KWB)),
        TableV4(KWB_V4, lambda: _metadata_v4(root), _infos_v4(root, KWB_V4)),
    )


def _metadata_v4(root: Path) -> dict[str, EntitySet]:
    names = ["Dimensions", "MeasureCodes", "MeasureGroups"]
    names += ["WijkenEnBuurtenCodes", "WijkenEnBuurtenGroups"]
    return {
        name: EntitySet.of(value_of(root / f"kwb/{KWB_V4}_2017_v4_{name}.json.gz"))
        for name in names
    }


def _infos_v4(root: Path, identifier: str) -> Mapping[str, object]:
    if identifier == KWB_V4:
        return document(root / f"kwb/{KWB_V4}_2017_v4_Metadata.json")
    infos = document(root / f"kwb/{KWB}_2020_Metadata.json")
    modified = datetime.fromisoformat(str(infos["Modified"])).astimezone().isoformat()
    return {"Identifier": KWB, "Title": infos["Title"], "Modified": modified}


def _kwb_v4(root: Path) -> dict[str, EntitySet]:
    """The same table as version 4 would give it: measures by the codes of 2017 where they fit."""
    typed = pq.read_table(root / f"kwb/{KWB}_2020_TypedDataSet.parquet")
    earlier = {str(row["Title"]): row for row in value_of(_measures_2017(root))}
    topics = [row for row in kwb_properties(root) if row["Type"] == "Topic"]
    counts = typed.select([str(row["Key"]) for row in topics])
    filled = [row for row in topics if counts[str(row["Key"])].null_count < len(counts)]
    measures = _measures(filled, earlier)
    codes = [code.strip() for code in typed["WijkenEnBuurten"].to_pylist()]
    dimension = pq.read_table(root / f"kwb/{KWB}_2020_WijkenEnBuurten.parquet").to_pylist()
    return {
        "Dimensions": EntitySet.of(
            [{"Identifier": "WijkenEnBuurten", "Kind": "GeoDetail", "MapYear": "2020"}]
        ),
        "MeasureCodes": EntitySet.of(list(measures.values())),
        "WijkenEnBuurtenCodes": EntitySet.of(
            [_code_v4(row, index) for index, row in enumerate(dimension)]
        ),
        "Observations": EntitySet(
            Cells(typed, {k: str(m["Identifier"]) for k, m in measures.items()}, codes)
        ),
    }


def _measures_2017(root: Path) -> Path:
    return root / f"kwb/{KWB_V4}_2017_v4_MeasureCodes.json.gz"


def _measures(
    topics: Rows, earlier: Mapping[str, Mapping[str, object]]
) -> dict[str, dict[str, object]]:
    """Column of version 3 -> measure; a code is used once, a repeated title keeps its column."""
    made: dict[str, dict[str, object]] = {}
    used: set[object] = set()
    for topic in topics:
        code = earlier.get(str(topic["Title"]), topic).get("Identifier", topic["Key"])
        code = topic["Key"] if code in used else code
        used.add(code)
        kept = {name: topic.get(name) for name in ("Title", "Description", "Unit", "Decimals")}
        made[str(topic["Key"])] = {"Identifier": code, **kept, "DataType": topic.get("Datatype")}
    return made


def _code_v4(row: Mapping[str, object], index: int) -> dict[str, object]:
    code = str(row["Key"]).strip()
    return {
        "Identifier": code,
        "Index": index,
        "Title": row["Title"],
        "DimensionGroupId": row["Municipality"],
        "DetailRegionCode": row["DetailRegionCode"],
    }


class Cells:
    """Observations of a wide table, made a page at a time: the whole is a hundred megabytes.

    Version 4 leaves out cells that are null in version 3; '.' stays, as Confidential.
    """

    def __init__(self, table: pa.Table, measures: Mapping[str, str], codes: Sequence[str]) -> None:
        self._codes = codes
        self._measures = list(measures.values())
        self._columns = [table[name].to_pylist() for name in measures]
        filled = [~table[name].is_null().to_numpy() for name in measures]
        self._at: npt.NDArray[np.intp] = np.flatnonzero(np.stack(filled, axis=1))

    def __len__(self) -> int:
        return len(self._at)

    def __getitem__(self, span: slice) -> list[bytes]:
        first = span.start or 0
        return [self._line(first + i, int(at)) for i, at in enumerate(self._at[span])]

    def _line(self, number: int, at: int) -> bytes:
        row, column = divmod(at, len(self._measures))
        value = self._columns[column][row]
        text = isinstance(value, str)
        secret = text and value.strip() == "."
        return orjson.dumps(
            {
                "Id": number,
                "Measure": self._measures[column],
                "ValueAttribute": "Confidential" if secret else "None",
                "Value": None if text else float(value),
                "StringValue": value.strip() if text and not secret else None,
                "WijkenEnBuurten": self._codes[row],
            }
        )
