"""A file that is cut on its way is never taken for a whole one, in any format, on a real socket."""

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pyarrow as pa
import pytest
from pyarrow import parquet

from service.feeds import sealed
from service.feeds.area_formats import AREA_FORMATS
from service.feeds.formats import BY_NAME, FORMATS
from service.feeds.lines import Dialect, lines
from service.feeds.slate import Slate
from service.rest.files import File
from tests.api.listening import listening
from tests.api.resting import Held, rest_app, rest_client
from tests.api.sample import SampleStore, open_sample

_OBSERVATIONS = "/v1/waarnemingen?indicator=population&niveau=wijk&f="
_MADE_FIRST = [
    *("/v1/gebieden?niveau=wijk&f=" + each.name for each in AREA_FORMATS),
    *(_OBSERVATIONS + each.name for each in FORMATS if each.whole),
]


async def _asked(address: str, coding: str) -> httpx.Response:
    store = SampleStore()
    app = rest_app(Held(store, await open_sample(store)))
    async with listening(application=app) as port, httpx.AsyncClient() as client:
        headers = {"accept-encoding": coding}
        return await client.get(f"http://127.0.0.1:{port}{address}", headers=headers)


def _break(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written while it is sent fails near its end; not when its digest is made before."""
    writing = BY_NAME[name].writing
    write = lines if isinstance(writing, Dialect) else writing

    def broken(*given: Any) -> Iterator[bytes]:
        every = b"".join(write(*given))
        yield every[:-10]
        if write is not lines or len(given) > 2:
            raise RuntimeError("while the rows are written")
        yield every[-10:]

    if write is lines:
        monkeypatch.setattr(sealed, "lines", broken)
        monkeypatch.setattr(sealed, "SLATE", Slate(0))
    else:
        monkeypatch.setitem(BY_NAME, name, replace(BY_NAME[name], writing=broken))


@pytest.mark.parametrize("coding", ["identity", "gzip"])
@pytest.mark.parametrize("name", [each.name for each in FORMATS if not each.whole])
async def test_a_fault_while_observations_are_written_breaks_the_connection(
    name: str, coding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await _asked(_OBSERVATIONS + name, coding)).status_code == 200
    _break(name, monkeypatch)
    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message body"):
        await _asked(_OBSERVATIONS + name, coding)


@pytest.mark.parametrize("address", _MADE_FIRST)
async def test_a_fault_while_a_file_that_was_made_is_sent_breaks_the_connection(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await _asked(address, "identity")).status_code == 200
    every = File.pieces

    def broken(file: File, part: range | None = None) -> Iterator[bytes]:
        yield b"".join(every(file, part))[:-10]
        raise OSError("the disk is gone")

    monkeypatch.setattr(File, "pieces", broken)
    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message body"):
        await _asked(address, "identity")


async def test_a_parquet_file_without_its_end_cannot_be_read() -> None:
    async with rest_client() as (client, _):
        content = (await client.get(_OBSERVATIONS + "parquet")).content
    assert parquet.read_table(io.BytesIO(content)).num_rows == 15
    for length in (len(content) - 1, len(content) // 2, 10):
        with pytest.raises(pa.ArrowInvalid):
            parquet.read_table(io.BytesIO(content[:length]))
