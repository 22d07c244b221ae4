"""To whom a webhook connects, and what comes of it; sending imports more (`sending.py`)."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from service.webhooks.address import is_public

HTTPS = 443

Resolve = Callable[[str], Awaitable[Sequence[str]]]
"""The addresses of a name, in order of preference."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The status that was answered, or why there was none; never what was answered."""

    status: int | None
    problem: str | None = None

    @property
    def is_delivered(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Connecting:
    """What a test may replace: names, what is allowed, where to connect, whom to trust."""

    resolve: Resolve
    allowed: Callable[[str], bool] = is_public
    port: int = HTTPS
    trust: ssl.SSLContext | None = None


async def resolved(name: str) -> list[str]:
    """The addresses of a name as this machine knows them."""
    found = await asyncio.get_running_loop().getaddrinfo(
        name, HTTPS, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG
    )
    return [str(address[0]) for *_, address in found]


PUBLIC = Connecting(resolved)
