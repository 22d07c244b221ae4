"""Parquet and Arrow: typed files, written piece by piece. A file that is cut lacks its end."""

from collections.abc import Iterator

from schema.export import Extracts
from service.feeds import table


class _Sink:
    """A file that gives away what was written to it."""

    closed = False

    def __init__(self) -> None:
        self._written: list[bytes] = []
        self._at = 0

    def write(self, data: bytes) -> int:
        self._written.append(bytes(data))
        self._at += len(data)
        return len(data)

    def tell(self) -> int:
        return self._at

    def flush(self) -> None:
        pass

    def close(self) -> None:
        self.closed = True

    def taken(self) -> bytes:
        taken = b"".join(self._written)
        self._written.clear()
        return taken


def parquet(extracts: Extracts) -> Iterator[bytes]:
    """Parquet with zstd; a row group for each table."""
    import pyarrow as pa  # noqa: PLC0415
    from pyarrow import parquet as pq  # noqa: PLC0415

    sink = _Sink()
    writer = pq.ParquetWriter(
        pa.PythonFile(sink, "w"), table.schema(extracts), compression="zstd", version="2.6"
    )
    for batch in table.tables(extracts):
        writer.write_batch(batch)
        yield sink.taken()
    writer.close()
    yield sink.taken()


def stream(extracts: Extracts) -> Iterator[bytes]:
    """The Arrow streaming format, which ends with a mark of its own."""
    import pyarrow as pa  # noqa: PLC0415

    sink = _Sink()
    writer = pa.ipc.new_stream(pa.PythonFile(sink, "w"), table.schema(extracts))
    for batch in table.tables(extracts):
        writer.write_batch(batch)
        yield sink.taken()
    writer.close()
    yield sink.taken()
