"""A head that was read before is not read again, and means what it meant."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest

from service.app import Application
from service.headers import Field
from service.heads import Head, Heads
from tests.api.listening import listening
from tests.api.small import app

_HEAD = b"POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n"
_HELLO, _LATER = b'{"query":"{hello}"}', b'{"query":"{later}"}'


def _post(body: bytes, *lines: bytes, length: int | None = None) -> bytes:
    length = len(body) if length is None else length
    fields = b"".join([each + b"\r\n" for each in lines])
    return _HEAD + fields + b"content-length: %d\r\n\r\n" % length + body


@pytest.fixture
async def service() -> AsyncIterator[tuple[Application, int]]:
    application = app()
    assert isinstance(application, Application)
    async with listening(application=application) as port:
        yield application, port


async def _talk(port: int, *parts: bytes) -> bytes:
    """Everything that comes back until nothing has come for a while."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = b""
    try:
        for part in parts:
            writer.write(part)
            await asyncio.sleep(0.05)
        while True:
            more = await asyncio.wait_for(reader.read(2**16), 0.3)
            if not more:
                return answer
            answer += more
    except TimeoutError:
        return answer
    finally:
        writer.close()


def _same(answer: bytes) -> list[bytes]:
    """The answers, without the moment they were given."""
    return re.sub(rb"\r\ndate: [^\r]+", b"", answer).split(b"HTTP/1.1 ")[1:]


async def test_the_same_head_again_brings_the_same_answer(
    service: tuple[Application, int],
) -> None:
    application, port = service

    answers = _same(await _talk(port, _post(_HELLO), _post(_HELLO), _post(_HELLO)))
    heard = len(application.heads)
    others = _same(await _talk(port, _post(_HELLO), _post(b"{", length=len(_HELLO))))

    assert heard == 1
    assert len(answers) == 3
    assert set(answers) == {answers[0]} == {others[0]}


async def test_a_known_head_with_another_body_is_answered_by_that_body(
    service: tuple[Application, int],
) -> None:
    _, port = service
    wrong = b'{"query":"{hell_}"}'

    answers = _same(await _talk(port, *[_post(b) for b in (_HELLO, _LATER, wrong, _HELLO)]))

    assert [each[:3] for each in answers] == [b"200"] * 4
    assert [b"GRAPHQL_VALIDATION_FAILED" in each for each in answers] == [False, False, True, False]
    assert answers[0] == answers[3] != answers[1]


@pytest.mark.parametrize("cut", [1, 30, len(_post(_HELLO)) - len(_HELLO), len(_post(_HELLO)) - 1])
async def test_a_known_head_may_come_in_parts_and_with_others(
    service: tuple[Application, int], cut: int
) -> None:
    _, port = service
    asked = _post(_HELLO)

    parts = _same(await _talk(port, asked, asked[:cut], asked[cut:], asked + asked))

    assert len(parts) == 4
    assert set(parts) == {parts[0]}


async def test_what_is_still_body_is_never_taken_for_a_request(
    service: tuple[Application, int],
) -> None:
    _, port = service
    inner = _post(_HELLO)
    refused = _post(b"", b"x: y", length=len(inner)).replace(b"application/json", b"text/plain")

    answers = _same(await _talk(port, inner, refused, inner))

    assert [each[:3] for each in answers] == [b"200", b"415"]


async def test_heads_with_secrets_or_with_what_is_asked_are_not_kept(
    service: tuple[Application, int],
) -> None:
    application, port = service
    get = b"GET /graphql?query={hello} HTTP/1.1\r\nhost: a\r\n\r\n"
    asked = [_post(_HELLO, b"cookie: a=b"), _post(_HELLO, b"Authorization: Bearer x"), get]
    asked.append(_post(_HELLO).replace(b"/graphql", b"/graphql?query={hello}"))

    answers = await _talk(port, *asked, *asked)

    assert answers.count(b"HTTP/1.1 200 OK") == len(asked) * 2
    assert len(application.heads) == 0


def test_no_more_heads_are_kept_than_their_bound() -> None:
    fields: list[Field] = []
    heads = Heads(lambda *_: None)

    for number in range(1000):
        heads.learn(b"%d" % number + b"x" * 1000, fields, Head(0, lambda _: None))
    heads.learn(b"y" * 3000, fields, Head(0, lambda _: None))

    assert 0 < len(heads) < 200
    assert heads.get(b"y" * 3000) is None
