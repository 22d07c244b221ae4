"""Bounds on what arrives over HTTP: how large a body may be and how long it may take."""

import asyncio
from collections.abc import Coroutine, Generator
from dataclasses import dataclass
from typing import Any, cast

from starlette.types import Message, Receive

from service.request import Refused

# Ten thousand points in degrees, with every digit that a program writes of a double, take 510 kB.
LARGEST_BODY = 640 * 1024
BODY_SECONDS = 10.0


class ClientGone(Exception):
    """Nobody waits for the answer any more."""


async def read_body(announced: bytes | None, receive: Receive) -> bytes:
    """The whole body, refused as soon as it is announced or grows too large, or drips."""
    if announced is not None and (
        not announced.isdigit() or len(announced) > 12 or int(announced) > LARGEST_BODY
    ):
        raise _too_large()
    # Nearly every body has arrived with its head. A timer would cost 3 microseconds, a tenth of
    # a small answer, so it is set only where there is something to wait for.
    call = cast("Coroutine[Any, Any, Message]", receive())
    try:
        waiting_for = call.send(None)
    except StopIteration as arrived:
        message: Message = arrived.value
        if not message.get("more_body", False):
            return _part(message, 0)
        first = None
    else:
        first = _Begun(call, waiting_for)
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await _rest(message if first is None else await first, receive)
    except TimeoutError:
        raise Refused(
            f"the body did not arrive within {BODY_SECONDS:.0f} seconds",
            status=408,
            code="REQUEST_TIMEOUT",
            headers={"connection": "close"},
        ) from None


@dataclass(slots=True)
class _Begun:
    """The rest of a call that was begun and found that it has to wait."""

    call: Coroutine[Any, Any, Message]
    waiting_for: Any

    def __await__(self) -> Generator[Any, Any, Message]:
        yield self.waiting_for
        return (yield from self.call.__await__())


async def _rest(message: Message, receive: Receive) -> bytes:
    received = bytearray(_part(message, 0))
    while message.get("more_body", False):
        message = await receive()
        received += _part(message, len(received))
    return bytes(received)


def _part(message: Message, before: int) -> bytes:
    if message["type"] == "http.disconnect":
        raise ClientGone
    part: bytes = message.get("body", b"")
    if before + len(part) > LARGEST_BODY:
        raise _too_large()
    return part


def _too_large() -> Refused:
    return Refused(
        f"the body may have {LARGEST_BODY} bytes at most",
        status=413,
        code="PAYLOAD_TOO_LARGE",
        headers={"connection": "close"},
    )
