"""Answers in zstd, br and gzip: each decodes to the same bytes and says its own length."""

import asyncio
import gzip
import threading

import brotli
import httpx
import pytest
import zstandard

from service.coding import Coding, encoded
from tests.api.counted import LARGE, QUERY, Counted

DECODED = {
    "zstd": lambda body: zstandard.ZstdDecompressor().decompress(body),
    "br": brotli.decompress,
    "gzip": gzip.decompress,
}
SIZES = pytest.mark.parametrize("length", [1500, 60_000, 100_000, 900_000])


async def _raw(
    http: httpx.AsyncClient, query: str, encoding: str, method: str = "GET"
) -> tuple[httpx.Response, bytes]:
    """An answer and its body as it came over the line."""
    parameters = {"params": {"query": query}} if method == "GET" else {"json": {"query": query}}
    headers = {"accept-encoding": encoding}
    async with http.stream(method, "/graphql", headers=headers, **parameters) as answer:  # type: ignore[arg-type]
        return answer, b"".join([part async for part in answer.aiter_raw()])


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("encoding", list(DECODED))
@SIZES
async def test_every_coding_gives_the_bytes_of_the_plain_answer(
    method: str, encoding: str, length: int
) -> None:
    query = f"{{ text(length: {length}) }}"
    async with Counted.open() as (_, http):
        _, plain = await _raw(http, query, "identity", method)
        for _ in range(3):
            answer, coded = await _raw(http, query, encoding, method)

            assert answer.headers["content-encoding"] == encoding
            assert int(answer.headers["content-length"]) == len(coded) < len(plain) / 2
            assert answer.headers["vary"] == "Accept, Accept-Encoding"
            assert DECODED[encoding](coded) == plain


async def test_a_small_answer_is_the_same_for_everybody() -> None:
    async with Counted.open() as (_, http):
        seen = [await _raw(http, QUERY, encoding) for encoding in ("", "gzip", "br, zstd")]

    assert len({body for _, body in seen}) == 1
    assert len({answer.headers["etag"] for answer, _ in seen}) == 1
    assert all("content-encoding" not in answer.headers for answer, _ in seen)
    assert all(answer.headers["vary"] == "Accept" for answer, _ in seen)


async def test_the_best_wish_counts() -> None:
    async with Counted.open() as (_, http):
        chosen = [
            (await _raw(http, LARGE, encoding))[0].headers.get("content-encoding")
            for encoding in ("gzip, deflate, br, zstd", "gzip, br", "zstd;q=0.1, gzip", "deflate")
        ]

    assert chosen == ["zstd", "br", "gzip", None]


async def test_a_large_answer_asked_for_often_is_sent_smaller_under_another_tag() -> None:
    async with Counted.open() as (_, http):
        _, plain = await _raw(http, LARGE, "identity")
        first, fast = await _raw(http, LARGE, "gzip")
        for _ in range(200):
            last, dense = await _raw(http, LARGE, "gzip")
            if len(dense) < len(fast):
                break
            await asyncio.sleep(0.01)
        tags = [first.headers["etag"], last.headers["etag"]]
        known = [
            (
                await http.get(
                    "/graphql",
                    params={"query": LARGE},
                    headers={"if-none-match": tag, "accept-encoding": "gzip"},
                )
            ).status_code
            for tag in tags
        ]

    assert len(dense) < len(fast)
    assert DECODED["gzip"](dense) == DECODED["gzip"](fast) == plain
    assert tags[0] != tags[1]
    assert known == [304, 304]


async def test_while_a_large_answer_is_coded_others_are_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def slowly(body: bytes, coding: Coding, *, dense: bool = False) -> bytes:
        begun.set()
        may_end.wait(10)
        return encoded(body, coding, dense=dense)

    monkeypatch.setattr("service.coder.encoded", slowly)
    async with Counted.open() as (_, http):
        large = asyncio.create_task(_raw(http, "{ text(length: 1000000) }", "br"))
        while not begun.is_set():  # noqa: ASYNC110
            await asyncio.sleep(0.001)
        others = [await http.get("/graphql", params={"query": QUERY}) for _ in range(5)]
        still_coded = not large.done()
        may_end.set()
        answer, _ = await large

    assert answer.headers["content-encoding"] == Coding.BR
    assert [other.status_code for other in others] == [200] * 5
    assert still_coded


async def test_many_who_want_one_coding_at_once_get_one_piece_of_work() -> None:
    query = "{ text(length: 3000000) }"
    async with Counted.open() as (_, http):
        for _ in range(2):
            await _raw(http, query, "identity")
        transport = http._transport
        assert isinstance(transport, httpx.ASGITransport)
        coder = transport.app.graphql._answering._coder  # type: ignore[attr-defined]
        asked = [asyncio.create_task(_raw(http, query, "br")) for _ in range(10)]
        most = 0
        while not all(task.done() for task in asked):
            most = max(most, len(coder._coding))
            await asyncio.sleep(0.001)
        bodies = {body for _, body in await asyncio.gather(*asked)}

    assert (most, len(bodies), len(coder._coding)) == (1, 1, 0)
