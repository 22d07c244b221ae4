"""Parts of files that are written while they are sent: resumed, joined, and never of two files."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from random import Random
from typing import Any

import httpx
import pytest

from service.feeds import sealed
from service.feeds.formats import FORMATS
from service.feeds.lines import lines
from service.feeds.slate import Slate
from tests.api.large_file import large_store
from tests.api.listening import listening
from tests.api.resting import Held, rest_app, rest_client
from tests.api.sample import SampleStore, open_sample

_CSV = "/v1/waarnemingen?indicator=population&niveau=wijk&f=csv"
_STREAMED = [_CSV.removesuffix("csv") + each.name for each in FORMATS if not each.whole]
_ZIPS = [
    "/v1/bewijzen/minstens-even-slecht?referentie=WK9002A1",
    "/v1/bewijzen/stapeling?niveau=wijk",
]
_PLAIN = {"accept-encoding": "identity"}


def _range(asked: str, **more: str) -> dict[str, str]:
    return {**_PLAIN, "range": f"bytes={asked}", **more}


def _store(address: str) -> SampleStore:
    """Of observations so many that a file has many pieces."""
    return SampleStore() if address in _ZIPS else large_store(300, 40)


@pytest.mark.parametrize("address", [*_STREAMED, *_ZIPS])
async def test_a_download_that_broke_off_anywhere_goes_on_where_it_was(address: str) -> None:
    async with rest_client(_store(address)) as (client, _):
        whole = await client.get(address, headers=_PLAIN)
        length, tag = len(whole.content), whole.headers["etag"]
        assert whole.headers["accept-ranges"] == "bytes"
        for cut in (1, length - 1, *Random(address).sample(range(2, length - 1), 3)):
            begin = await client.get(address, headers=_range(f"0-{cut - 1}"))
            rest = await client.get(address, headers=_range(f"{cut}-", **{"if-range": tag}))
            assert (begin.status_code, rest.status_code) == (206, 206)
            assert begin.headers["content-range"] == f"bytes 0-{cut - 1}/{length}"
            assert rest.headers["content-range"] == f"bytes {cut}-{length - 1}/{length}"
            assert rest.headers["content-length"] == str(length - cut)
            assert rest.headers["etag"] == tag
            assert begin.content + rest.content == whole.content


@pytest.mark.parametrize("address", [*_STREAMED, *_ZIPS])
async def test_after_a_new_publication_the_rest_of_the_old_file_is_not_given(address: str) -> None:
    store = SampleStore()
    async with rest_client(store) as (client, held):
        held.snapshot = await open_sample(store, 2)
        begin = await client.get(address, headers=_range("0-99"))
        old = begin.headers["etag"]
        held.snapshot = await open_sample(store, 3)
        rest = await client.get(address, headers=_range("100-", **{"if-range": old}))
        insisting = await client.get(address, headers=_range("100-", **{"if-match": old}))
        newest = await client.get(address, headers=_PLAIN)
    assert (begin.status_code, rest.status_code, insisting.status_code) == (206, 200, 412)
    assert "content-range" not in rest.headers
    assert rest.content == newest.content
    assert rest.headers["etag"] == newest.headers["etag"] != old


@pytest.mark.parametrize("address", [_CSV, _ZIPS[0]])
async def test_the_end_alone_is_given_and_nothing_beyond_it(address: str) -> None:
    async with rest_client() as (client, _):
        whole = (await client.get(address, headers=_PLAIN)).content
        end = await client.get(address, headers=_range("-7"))
        more = await client.get(address, headers=_range(f"5-{10 * len(whole)}"))
        beyond = await client.get(address, headers=_range(f"{len(whole)}-"))
    assert (end.status_code, end.content) == (206, whole[-7:])
    assert (more.status_code, more.content) == (206, whole[5:])
    assert more.headers["content-range"] == f"bytes 5-{len(whole) - 1}/{len(whole)}"
    assert beyond.status_code == 416
    assert beyond.headers["content-range"] == f"bytes */{len(whole)}"
    assert beyond.headers["content-type"] == "application/problem+json"


async def test_several_parts_other_units_and_codings_are_answered_whole() -> None:
    async with rest_client() as (client, _):
        whole = await client.get(_CSV, headers=_PLAIN)
        several = await client.get(_CSV, headers=_range("0-3,5-6"))
        rows = await client.get(_CSV, headers={**_PLAIN, "range": "rows=0-3"})
        coded = await client.get(_CSV, headers={**_range("0-3"), "accept-encoding": "gzip"})
        head = await client.head(_CSV, headers=_range("0-3"))
    for each in (several, rows, coded):
        assert (each.status_code, each.content) == (200, whole.content)
    assert "accept-ranges" not in coded.headers
    assert (head.status_code, dict(head.headers)) == (200, dict(whole.headers))


async def test_a_part_may_come_with_the_digest_of_the_whole() -> None:
    wish = {"want-repr-digest": "sha-256=10"}
    async with rest_client() as (client, _):
        whole = await client.get(_CSV, headers={**_PLAIN, **wish})
        some = await client.get(_CSV, headers=_range("3-9", **wish))
    assert some.headers["repr-digest"] == whole.headers["repr-digest"]
    assert some.content == whole.content[3:10]


@dataclass
class _Writing:
    """How often the file was written, and how it is next."""

    times: int = 0
    broken: bool = False


@pytest.fixture
def writing(monkeypatch: pytest.MonkeyPatch) -> _Writing:
    done = _Writing()

    def written(*given: Any) -> Iterator[bytes]:
        done.times += 1
        content = b"".join(lines(*given))
        yield content[:-10]
        if done.broken:
            raise RuntimeError("while the rows are written")
        yield content[-10:]

    monkeypatch.setattr(sealed, "lines", written)
    monkeypatch.setattr(sealed, "SLATE", Slate(0))
    return done


async def test_the_length_is_counted_once_for_all_parts_of_a_file(writing: _Writing) -> None:
    async with rest_client() as (client, _):
        made = []
        for asked in ("0-9", "10-19", "-5", "9999999-"):
            await client.get(_CSV, headers=_range(asked))
            made.append(writing.times)
    assert made == [2, 3, 4, 4]


@asynccontextmanager
async def _on_a_socket() -> AsyncIterator[httpx.AsyncClient]:
    store = SampleStore()
    app = rest_app(Held(store, await open_sample(store)))
    async with (
        listening(application=app) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client,
    ):
        yield client


async def test_a_part_that_is_cut_is_never_taken_for_a_whole_one(writing: _Writing) -> None:
    async with _on_a_socket() as client:
        whole = await client.get(_CSV, headers=_range("5-"))
        writing.broken = True
        begin = await client.get(_CSV, headers=_range("5-9"))
        with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message"):
            await client.get(_CSV, headers=_range("5-"))
    assert begin.content == whole.content[:5]
    assert int(whole.headers["content-length"]) == len(whole.content)
