"""NDJSON: one object a line, every line complete in itself; what is absent is null."""

from collections.abc import Iterable, Iterator

import orjson

from schema.export import Extract
from service.feeds import table

_ROWS = 2000


def chunks(extracts: Iterable[Extract]) -> Iterator[bytes]:
    """The whole file, in pieces that begin and end with a line."""
    for batch in table.tables(extracts):
        for start in range(0, batch.num_rows, _ROWS):
            rows = batch.slice(start, _ROWS).to_pylist()
            yield b"".join([orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows])
