"""The formats that files of observations come in: all have the same rows and columns."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from schema.export import Extracts
from service.feeds import arrow, csv, excel, ndjson
from service.feeds.lines import Dialect
from service.rest.operation import Format
from service.rest.record import TEXT, Schema

_BINARY: Schema = {"type": "string", "format": "binary"}


@dataclass(frozen=True, slots=True)
class FileFormat:
    """One way to write extracts."""

    name: str
    media: str
    content_type: str
    ending: str
    """How the name of the file ends."""
    writing: Dialect | Callable[[Extracts], Iterator[bytes]]
    """How a file of lines is written, or what writes another."""
    schema: Schema = field(default_factory=lambda: TEXT)
    dense: bool = False
    heavy: bool = True
    """Whether a piece takes more than a turn of the loop."""
    whole: bool = False
    """Whether it is written before it is sent, so that parts of it can be read."""

    @property
    def described(self) -> Format:
        return Format(self.name, self.media, self.content_type, self.schema, dense=self.dense)


FORMATS = (
    FileFormat(
        "csv",
        "text/csv",
        "text/csv; charset=utf-8; header=present",
        "csv",
        csv.DIALECT,
        heavy=False,
    ),
    FileFormat(
        "csv-excel",
        "text/csv; dialect=excel-nl",
        "text/csv; charset=utf-8; header=present; dialect=excel-nl",
        "csv",
        excel.DIALECT,
    ),
    FileFormat("ndjson", "application/x-ndjson", "application/x-ndjson", "ndjson", ndjson.DIALECT),
    FileFormat(
        "parquet",
        "application/vnd.apache.parquet",
        "application/vnd.apache.parquet",
        "parquet",
        arrow.parquet,
        _BINARY,
        dense=True,
        whole=True,
    ),
    FileFormat(
        "arrow",
        "application/vnd.apache.arrow.stream",
        "application/vnd.apache.arrow.stream",
        "arrows",
        arrow.stream,
        _BINARY,
    ),
)
BY_NAME = {each.name: each for each in FORMATS}
