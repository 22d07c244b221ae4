"""One POST to a subscriber: resolved once, connected to what was judged, and hardly listened to.

httpcore and not httpx: it follows no redirect and takes no proxy from the environment, and lets us
say what to connect to while the certificate is still held against the name.
"""

import asyncio
import ssl
from collections.abc import Iterable, Mapping
from typing import Any

import httpcore

from service.webhooks.address import ForbiddenAddress, Target
from service.webhooks.connecting import PUBLIC, Connecting, Outcome

_SECONDS = 15.0
"""For all of it: a subscriber should answer first and work afterwards."""
_FAILURES = (
    OSError, httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException,
)  # fmt: skip


async def post(
    target: Target,
    body: bytes,
    headers: Mapping[str, str],
    connecting: Connecting = PUBLIC,
    *,
    seconds: float = _SECONDS,
) -> Outcome:
    """Send a body; whatever goes wrong is an outcome, without any word of the other side."""
    try:
        async with asyncio.timeout(seconds):
            return await _sent(target, body, headers, connecting)
    except ForbiddenAddress as error:
        return Outcome(None, str(error))
    except TimeoutError:
        return Outcome(None, f"no answer within {seconds:g} s")
    except ssl.SSLError as error:
        return Outcome(None, f"TLS: {type(error).__name__}")
    except _FAILURES as why:
        cause = why.__cause__ or why.__context__
        return Outcome(None, type(cause if isinstance(cause, ssl.SSLError) else why).__name__)


async def _sent(
    target: Target, body: bytes, headers: Mapping[str, str], connecting: Connecting
) -> Outcome:
    # Reading the certificates of this machine takes 20 ms: others are answered meanwhile.
    trust = connecting.trust or await asyncio.to_thread(ssl.create_default_context)
    async with httpcore.AsyncConnectionPool(
        ssl_context=trust, network_backend=_Backend(connecting, target), retries=0
    ) as pool:
        fields = {"host": target.authority, "content-length": str(len(body)), **headers}
        # Left before the body of the answer is read: nothing in it is for us.
        async with pool.stream(
            "POST", target.url, headers=list(fields.items()), content=body
        ) as answer:
            return Outcome(answer.status)


class _Backend(httpcore.AsyncNetworkBackend):
    """Connects to what the name resolves to, if all of that may be connected to."""

    def __init__(self, connecting: Connecting, target: Target) -> None:
        self._connecting = connecting
        self._inside = target.inside
        self._port = target.port if target.inside else connecting.port
        self._plain = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        addresses = list(dict.fromkeys(await self._connecting.resolve(host)))
        if not addresses or not (self._inside or all(map(self._connecting.allowed, addresses))):
            raise ForbiddenAddress("the name does not lead to public addresses only")
        for address in addresses[:-1]:
            try:
                return await self._connect(address)
            except httpcore.ConnectError:
                continue
        return await self._connect(addresses[-1])

    async def _connect(self, address: str) -> httpcore.AsyncNetworkStream:
        return await self._plain.connect_tcp(address, self._port, timeout=5.0)

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        raise ForbiddenAddress("no webhook goes to a socket of this machine")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
