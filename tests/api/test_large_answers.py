"""Large answers arrive whole, however slowly they are read and whatever comes after them."""

import asyncio

import orjson
import pytest

from tests.api.counted import Counted
from tests.api.listening import listening

_LENGTH = 9_000_000
_LARGE = orjson.dumps({"query": f"{{ text(length: {_LENGTH}) }}"})
_SMALL = b'{"query":"{ text(length: 20) }"}'


def _post(body: bytes) -> bytes:
    head = b"POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n"
    return head + b"content-length: %d\r\n\r\n" % len(body) + body


async def _answer(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    (length,) = [line for line in head.split(b"\r\n") if line.startswith(b"content-length")]
    return await reader.readexactly(int(length.split(b":")[1]))


def _text(answer: bytes) -> str:
    text: str = orjson.loads(answer)["data"]["text"]
    return text


@pytest.mark.parametrize("seconds", [0.0, 0.3], ids=["at once", "late"])
async def test_large_and_small_answers_on_one_connection_come_whole_and_in_order(
    seconds: float,
) -> None:
    async with listening(application=Counted.application()) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**16)
        writer.write(_post(_LARGE) + _post(_SMALL))
        await asyncio.sleep(seconds)
        first = [_text(await _answer(reader)), _text(await _answer(reader))]
        writer.write(_post(_LARGE))
        await asyncio.sleep(seconds)
        writer.write(_post(_SMALL))
        second = [_text(await _answer(reader)), _text(await _answer(reader))]
        writer.close()

    assert [len(text) for text in first] == [_LENGTH, 20]
    assert first == second


async def test_a_client_that_leaves_a_large_answer_takes_nobody_with_it() -> None:
    async with listening(application=Counted.application()) as port:
        for _ in range(3):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(_post(_LARGE))
            await writer.drain()
            writer.transport.abort()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(_post(_SMALL))
        answer = await asyncio.wait_for(_answer(reader), 5)
        writer.close()

    assert len(_text(answer)) == 20
