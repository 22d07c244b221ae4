"""Pieces of a file that are made while others have their turn."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable

_TURN_SECONDS = 0.001


async def sharing(pieces: Iterable[bytes]) -> AsyncIterator[bytes]:
    """The pieces; others have their turn every few of them, also where nothing is waited for."""
    begun = time.perf_counter()
    for piece in pieces:
        if piece:
            yield piece
        if time.perf_counter() - begun > _TURN_SECONDS:
            await asyncio.sleep(0)
            begun = time.perf_counter()


async def aside(pieces: Iterable[bytes]) -> AsyncIterator[bytes]:
    """The pieces, each made in a thread: of formats whose pieces take longer than a turn."""
    made = iter(pieces)
    while (piece := await asyncio.to_thread(next, made, None)) is not None:
        if piece:
            yield piece
