"""Bounds on what arrives over HTTP: how large a body may be and how long it may take."""

import asyncio
from collections.abc import Mapping

from starlette.types import Receive

from service.request import Refused

LARGEST_BODY = 256 * 1024
BODY_SECONDS = 10.0


class ClientGone(Exception):
    """Nobody waits for the answer any more."""


async def read_body(headers: Mapping[str, str], receive: Receive) -> bytes:
    """The whole body, refused as soon as it is announced or grows too large, or drips."""
    announced = headers.get("content-length", "0")
    if not announced.isdecimal() or len(announced) > 12 or int(announced) > LARGEST_BODY:
        raise _too_large()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await _read(receive)
    except TimeoutError:
        raise Refused(
            f"the body did not arrive within {BODY_SECONDS:.0f} seconds",
            status=408,
            code="REQUEST_TIMEOUT",
            headers={"connection": "close"},
        ) from None


async def _read(receive: Receive) -> bytes:
    received = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        received += message.get("body", b"")
        if len(received) > LARGEST_BODY:
            raise _too_large()
        if not message.get("more_body", False):
            return bytes(received)


def _too_large() -> Refused:
    return Refused(
        f"the body may have {LARGEST_BODY} bytes at most",
        status=413,
        code="PAYLOAD_TOO_LARGE",
        headers={"connection": "close"},
    )
