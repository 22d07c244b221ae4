"""What an OData server sent, read from local files: metadata as records, data as Arrow tables.

Reads JSON answers and the ';' CSV and parquet conversions of them that mirror folders hold.
Refuses an answer that is cut off, is a web page, or names a next page that is not there.
"""

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from db.core.errors import BrokenLoad, CountMismatch, NotWhatWasAsked, TruncatedAnswer
from db.sources.files import open_bytes, open_lines, open_text, read_bytes

Record = Mapping[str, object]

_MAX_JSON = 256_000_000
"""Parsed JSON takes some eight times its size; the largest page known (v4) is 15 MB."""
_BATCH = 8_192
_NEXT = ("odata.nextLink", "@odata.nextLink")
_COUNT = ("odata.count", "@odata.count", "count", "Count")


@dataclass(frozen=True, slots=True)
class Answer:
    """One JSON answer: its rows, and what it says about the rest."""

    rows: Sequence[Record]
    has_next: bool = False
    announced: int | None = None


class Pages:
    """The pages of one entity set in order; counts what it hands out."""

    def __init__(
        self,
        paths: Sequence[Path],
        *,
        text_cells: bool = False,
        tables_of: Callable[[Path], Iterator[pa.Table]] | None = None,
    ) -> None:
        self.received = 0
        self.announced: int | None = None
        self._paths = paths
        self._text_cells = text_cells
        self._tables_of = tables_of or self._by_kind

    def tables(self) -> Iterator[pa.Table]:
        """Tables with the same columns, at least one of them with rows."""
        names: list[str] | None = None
        for path in self._paths:
            for table in self._tables_of(path):
                if table.num_rows == 0:
                    continue
                names = names or table.column_names
                if sorted(table.column_names) != sorted(names):
                    raise BrokenLoad(f"{path.name} has other columns than the page before it")
                self.received += table.num_rows
                yield table
        if self.received == 0:
            # A filter on a key of the wrong width gets an empty list and status 200.
            raise BrokenLoad("the answer has no rows; are the keys in its filter padded?")

    def check(self, what: str, announced: int | None) -> bool:
        """Whether a total was announced; CountMismatch where it is not what was received."""
        totals = [total for total in (announced, self.announced) if total is not None]
        for total in totals:
            if total != self.received:
                raise CountMismatch(what, total, self.received)
        return bool(totals)

    def _by_kind(self, path: Path) -> Iterator[pa.Table]:
        match _kind(path):
            case "parquet":
                return _parquet_tables(path)
            case "csv":
                return _csv_tables(path, text_cells=self._text_cells)
            case _:
                return self._json_tables(path)

    def _json_tables(self, path: Path) -> Iterator[pa.Table]:
        answer = read_answer(path)
        if answer.announced is not None:
            self.announced = answer.announced
        if answer.has_next and path == self._paths[-1]:
            raise BrokenLoad(f"{path.name} names a next page that was not received")
        if answer.rows:
            table = page_table(answer.rows, path.name)
            del answer  # a page of dicts is 60 MB, and the reader may take its time
            yield table


def read_records(paths: Sequence[Path]) -> list[Record]:
    """All rows of a metadata entity set; a lone object counts as one row."""
    records: list[Record] = []
    for path in paths:
        if _kind(path) == "parquet":
            records.extend(row for table in _parquet_tables(path) for row in table.to_pylist())
            continue
        answer = read_answer(path)
        if answer.has_next and path == paths[-1]:
            raise BrokenLoad(f"{path.name} names a next page that was not received")
        records.extend(answer.rows)
    return records


def read_answer(path: Path) -> Answer:
    """A JSON answer: {"value": [...]}, the bare list, or one bare metadata object."""
    content = read_json(path)
    if isinstance(content, dict) and "value" not in content and "Identifier" in content:
        content = [content]
    rows = content.get("value") if isinstance(content, dict) else content
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BrokenLoad(f"{path.name} is no OData answer: it has no list of rows named 'value'")
    if not isinstance(content, dict):
        return Answer(rows)
    return Answer(rows, any(content.get(key) for key in _NEXT), _total(content))


def read_json(path: Path) -> object:
    """Any JSON document, inflated and bounded."""
    content = _content(path).removeprefix(b"\xef\xbb\xbf").strip()
    if content.startswith(b"<"):
        raise NotWhatWasAsked(f"{path.name} is a web page or XML, not JSON")
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise TruncatedAnswer(
            f"{path.name} is cut off or no JSON (line {error.lineno}, column {error.colno})"
        ) from None


def read_count(paths: Sequence[Path]) -> int | None:
    """The total that `$count` gave, as bare digits or in an OData object; None if not asked."""
    if not paths:
        return None
    content = _content(paths[0]).removeprefix(b"\xef\xbb\xbf").strip()
    if re.fullmatch(rb"\d{1,12}", content):
        return int(content)
    document = read_json(paths[0])
    total = _total(document) if isinstance(document, dict) else None
    if total is None:
        raise BrokenLoad(f"{paths[0].name} holds no count")
    return total


def text(record: Record, key: str) -> str | None:
    """A text of a metadata record without padding or no-break spaces; None when blank."""
    value = record.get(key)
    return " ".join(str(value).split()) or None if value is not None else None


def whole(record: Record, key: str) -> int | None:
    """A count of a metadata record, or None; OData writes 64-bit numbers as text."""
    value = record.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return int(value) if isinstance(value, str) and value.strip().isdecimal() else None


def _total(document: Record) -> int | None:
    return next((n for key in _COUNT if (n := whole(document, key)) is not None), None)


def _kind(path: Path) -> str:
    return path.name.lower().removesuffix(".gz").rpartition(".")[2]


def _content(path: Path) -> bytes:
    try:
        return read_bytes(path, _MAX_JSON)
    except OSError:
        raise TruncatedAnswer(f"{path.name} cannot be read") from None


def page_table(rows: Sequence[Record], name: str) -> pa.Table:
    """Columns of a page; Arrow's own conversion would drop what the first row does not have."""
    keys = [key for key in rows[0] if "odata." not in key]
    width = len(rows[0])
    if any(len(row) != width for row in rows):
        raise BrokenLoad(f"{name}: rows have different columns")
    try:
        return pa.table({key: pa.array([row[key] for row in rows]) for key in keys})
    except KeyError as error:
        raise BrokenLoad(f"{name}: a row has no column {error.args[0]!r}") from None
    except (pa.ArrowException, OverflowError) as error:
        raise BrokenLoad(f"{name}: a column mixes kinds of values ({str(error)[:80]})") from None


def _parquet_tables(path: Path) -> Iterator[pa.Table]:
    try:
        with open_bytes(path) as handle, pq.ParquetFile(pa.PythonFile(handle)) as file:
            for batch in file.iter_batches(_BATCH):
                yield pa.Table.from_batches([batch])
    except (pa.ArrowException, OSError):
        raise TruncatedAnswer(f"{path.name} is damaged or no parquet") from None


def _csv_tables(path: Path, *, text_cells: bool) -> Iterator[pa.Table]:
    """Every cell as text. In a conversion of a typed table an empty cell was a null."""
    convert = pacsv.ConvertOptions(
        column_types=dict.fromkeys(_header(path), pa.string()),
        null_values=[""],
        strings_can_be_null=not text_cells,
    )
    try:
        with (
            open_lines(path) as handle,
            pacsv.open_csv(
                handle,
                read_options=pacsv.ReadOptions(block_size=1 << 22),
                parse_options=pacsv.ParseOptions(delimiter=";"),
                convert_options=convert,
            ) as reader,
        ):
            for batch in reader:
                yield pa.Table.from_batches([batch])
    except pa.ArrowException as error:
        raise BrokenLoad(f"{path.name} is no proper CSV ({str(error)[:80]})") from None
    except OSError:
        raise TruncatedAnswer(f"{path.name} cannot be read") from None


def _header(path: Path) -> list[str]:
    try:
        with open_text(path, whole_lines=True) as lines:
            header = next(csv.reader(lines, delimiter=";"), [])
    except (UnicodeDecodeError, OSError, csv.Error):
        raise NotWhatWasAsked(f"{path.name} does not begin with a CSV header") from None
    if len(set(header)) != len(header) or len(header) < 2:
        raise BrokenLoad(f"{path.name}: the header needs at least two columns, each named once")
    return header
