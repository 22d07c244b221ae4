"""Parquet and Arrow: typed files, written piece by piece. A file that is cut lacks its end."""

import hashlib
from collections.abc import Iterator

from schema.export import Extracts
from service.feeds import table

BYTES, DIGEST = "bytes", "sha-256"
"""In a file: how many bytes of it lie before the place that says so, and their SHA-256 in hex.
That place is the footer of Parquet, and the last batch of Arrow, which has no rows."""


class _Sink:
    """A file that gives away what was written to it."""

    closed = False

    def __init__(self) -> None:
        self._written: list[bytes] = []
        self._at = 0
        self._digest = hashlib.sha256()

    @property
    def said(self) -> dict[str, str]:
        """How much was written until now, and its digest."""
        return {BYTES: str(self._at), DIGEST: self._digest.hexdigest()}

    def write(self, data: bytes) -> int:
        self._written.append(bytes(data))
        self._digest.update(data)
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
    """Parquet with zstd; a row group for each table. The footer has the digest of all before it."""
    import pyarrow as pa  # noqa: PLC0415
    from pyarrow import parquet as pq  # noqa: PLC0415

    sink = _Sink()
    writer = pq.ParquetWriter(
        pa.PythonFile(sink, "w"), table.schema(extracts), compression="zstd", version="2.6"
    )
    for batch in table.tables(extracts):
        writer.write_batch(batch)
        yield sink.taken()
    writer.add_key_value_metadata(sink.said)
    writer.close()
    yield sink.taken()


def stream(extracts: Extracts) -> Iterator[bytes]:
    """The Arrow streaming format. Readers do without its end mark, so `rijen` in its metadata says
    how many rows there are, and the metadata of a last batch without rows what all before it is.
    """
    import pyarrow as pa  # noqa: PLC0415

    sink = _Sink()
    schema = table.schema(extracts)
    writer = pa.ipc.new_stream(pa.PythonFile(sink, "w"), schema)
    for batch in table.tables(extracts):
        writer.write_batch(batch)
        yield sink.taken()
    last = pa.RecordBatch.from_pylist([], schema=schema)
    writer.write_batch(last, custom_metadata=sink.said)
    writer.close()
    yield sink.taken()
