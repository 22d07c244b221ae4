"""The bytes of one answer on their way to disk."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from db.core.errors import NotWhatWasAsked
from db.sources.ask import Ask, Kind
from db.sources.download import Download
from db.sources.policy import FetchPolicy
from db.sources.retry import Transient


@pytest.fixture
def download(tmp_path: Path) -> Iterator[Download]:
    ask = Ask("", "data", "example", Kind.FILE)
    begun = Download(ask, tmp_path / "body", FetchPolicy())
    yield begun
    begun.discard()


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 3 * 65_536, 1_000_003])
@pytest.mark.parametrize("chunk", [1, 7, 100_000])
def test_a_gzip_body_is_counted_to_its_last_byte(download: Download, size: int, chunk: int) -> None:
    packed = gzip.compress(b"x" * size) + gzip.compress(b"second member")
    download.begin(httpx.Response(200, headers={"content-encoding": "gzip"}))
    for start in range(0, len(packed), chunk):
        download.accept(packed[start : start + chunk])
    download.finish()

    assert download.inflated == size + len(b"second member")
    assert download.part.read_bytes() == packed


def test_a_body_shorter_than_announced_is_not_finished(download: Download) -> None:
    download.begin(httpx.Response(200, headers={"content-length": "10"}))
    download.accept(b"12345")

    with pytest.raises(Transient, match="5 of 10 bytes"):
        download.finish()


def test_bytes_that_are_no_gzip_are_asked_for_again_from_the_start(download: Download) -> None:
    download.begin(httpx.Response(200, headers={"content-encoding": "gzip", "etag": '"1"'}))

    with pytest.raises(Transient, match="inflate"):
        download.accept(b"plain text")

    assert download.resume_headers() == {}
    assert not download.part.exists()


def test_an_encoding_that_was_not_offered_is_refused(download: Download) -> None:
    with pytest.raises(NotWhatWasAsked, match="br"):
        download.begin(httpx.Response(200, headers={"content-encoding": "br"}))
