"""Whether the client is still there: what nobody waits for any more is not made.

A server goes on calling for the next piece of a file whose client has left, and throws it away: of
a million values that is seconds of work for whoever only asks and hangs up.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager

from starlette.types import Receive


class Left(Exception):
    """The client hung up before the end. No fault: there is nobody to tell."""


class Client:
    """Who waits for an answer."""

    has_left = False

    def waiting_for(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The pieces, for as long as somebody waits for them; Left after that. Also in a thread."""
        for piece in pieces:
            if self.has_left:
                raise Left
            yield piece

    async def _watch(self, receive: Receive) -> None:
        # What is left of the request first: of GET it is a message that says that there is none.
        while (message := await receive())["type"] == "http.request":
            if not message.get("more_body", False):
                message = await receive()
                break
        self.has_left = message["type"] == "http.disconnect"


@asynccontextmanager
async def watched(receive: Receive) -> AsyncIterator[Client]:
    """A client that is watched until the block ends."""
    client = Client()
    watching = asyncio.create_task(client._watch(receive))
    try:
        yield client
    finally:
        watching.cancel()
