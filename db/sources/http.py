"""Asking publishers over HTTP: bounded, retried, resumed, conditional, and only at allowed hosts.

Nothing is handed out before it is whole: a short body, a wrong kind of content, a redirect to
another host or a bomb ends in an error, with no part of the answer left behind.
"""

import asyncio
import zlib
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx

from db.core.errors import (
    BrokenDownload,
    PublisherRefused,
    PublisherTooSlow,
    PublisherUnavailable,
    UntrustedAddress,
    UntrustedRedirect,
)
from db.sources.ask import Ask
from db.sources.conditional import Fetched, Store
from db.sources.download import Download
from db.sources.policy import FetchPolicy, check_address, host_of, joined
from db.sources.retry import RETRIED_STATUSES, Clock, Transient, parse_retry_after, persist

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ERROR_BODY = 4_096

OnBytes = Callable[[int], None]


class Client:
    """Use open_client(); one client serves all datasets of an ingest."""

    def __init__(self, http: httpx.AsyncClient, policy: FetchPolicy, clock: Clock) -> None:
        self.policy = policy
        self.clock = clock
        self._http = http
        self._slots: defaultdict[str, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(policy.per_host)
        )

    async def fetch(self, ask: Ask, store: Store, on_bytes: OnBytes | None = None) -> Fetched:
        """The whole answer on disk, or an error; a 304 gives the body of the earlier run."""
        check_address(ask.url, self.policy, ask.what)
        download = Download(ask, store.part(ask), self.policy)
        # The place is kept while waiting to retry: a struggling host gets less, not more.
        async with self._slots[host_of(ask.url)]:
            deadline = self.clock.monotonic() + self.policy.total_seconds
            try:
                return await persist(
                    lambda: self._attempt(download, store, deadline, on_bytes),
                    policy=self.policy,
                    clock=self.clock,
                    what=ask.what,
                )
            finally:
                download.discard()

    async def _attempt(
        self, download: Download, store: Store, deadline: float, on_bytes: OnBytes | None
    ) -> Fetched:
        ask = download.ask
        resume = download.resume_headers()
        known = None if resume else store.known(ask.url)
        headers = resume or (known.validators() if known else {})
        try:
            async with self._answer(ask, headers) as response:
                if response.status_code == 304 and known:
                    return store.unchanged(ask, known)
                await self._refuse_errors(ask, response, download)
                download.begin(response)
                await self._receive(response, download, deadline, on_bytes)
        except httpx.TransportError as failure:
            raise _transient(failure, download) from failure
        download.finish()
        return store.keep(download)

    async def _receive(
        self,
        response: httpx.Response,
        download: Download,
        deadline: float,
        on_bytes: OnBytes | None,
    ) -> None:
        async for raw in response.aiter_raw():
            download.accept(raw)
            if on_bytes is not None:
                on_bytes(download.received)
            if self.clock.monotonic() > deadline:
                raise PublisherTooSlow(
                    f"{download.ask.what}: not complete after {self.policy.total_seconds:.0f} s, "
                    f"{download.received} bytes had arrived"
                )

    async def _refuse_errors(self, ask: Ask, response: httpx.Response, download: Download) -> None:
        status = response.status_code
        if status in (200, 206) and (status == 200 or download.received):
            return
        if status == 416 and download.received:
            download.reset()
            raise Transient(BrokenDownload(f"{ask.what}: the rest of the download is gone"))
        hopeless = ask.hopeless and ask.hopeless in await _beginning(response)
        if status not in RETRIED_STATUSES or hopeless:
            raise PublisherRefused(ask.what, status)
        wait = parse_retry_after(response.headers.get("retry-after"), self.clock.now())
        raise Transient(
            PublisherUnavailable(
                f"{ask.what}: the publisher still answers HTTP {status} "
                f"after {self.policy.attempts} attempts"
            ),
            wait,
        )

    @asynccontextmanager
    async def _answer(self, ask: Ask, headers: dict[str, str]) -> AsyncIterator[httpx.Response]:
        """The response, after at most a few redirects that each lead to an allowed host."""
        url = ask.url
        for _ in range(self.policy.max_redirects + 1):
            response = await self._send(ask, url, headers)
            try:
                if response.status_code not in _REDIRECTS:
                    yield response
                    return
                url = self._redirected(ask, url, response.headers.get("location", ""))
            finally:
                await response.aclose()
        raise UntrustedRedirect(f"{ask.what}: more than {self.policy.max_redirects} redirects")

    async def _send(self, ask: Ask, url: str, headers: dict[str, str]) -> httpx.Response:
        try:
            request = self._http.build_request(
                "GET", url, headers={"Accept": ask.kind.value, **headers}
            )
        except httpx.InvalidURL as malformed:
            raise UntrustedAddress(f"{ask.what}: a malformed address") from malformed
        return await self._http.send(request, stream=True)

    def _redirected(self, ask: Ask, url: str, location: str) -> str:
        target = joined(url, location)
        try:
            check_address(target, self.policy, ask.what)
        except UntrustedAddress as refused:
            raise UntrustedRedirect(
                f"{ask.what}: redirects to {host_of(target)[:60] or 'nowhere'}, not allowed"
            ) from refused
        return target


@asynccontextmanager
async def open_client(
    policy: FetchPolicy | None = None, clock: Clock | None = None
) -> AsyncIterator[Client]:
    policy = policy or FetchPolicy()
    timeout = httpx.Timeout(
        policy.read_seconds, connect=policy.connect_seconds, pool=policy.total_seconds
    )
    headers = {"User-Agent": policy.user_agent, "Accept-Encoding": "gzip"}
    async with httpx.AsyncClient(
        timeout=timeout, headers=headers, trust_env=not policy.allow_http
    ) as http:
        yield Client(http, policy, clock or Clock())


async def _beginning(response: httpx.Response) -> bytes:
    """The first bytes of an error's body, inflated no further than needed."""
    raw = b""
    async for piece in response.aiter_raw():
        raw += piece
        if len(raw) >= _ERROR_BODY:
            break
    if response.headers.get("content-encoding", "") != "gzip":
        return raw[:_ERROR_BODY]
    try:
        return zlib.decompressobj(wbits=31).decompress(raw, _ERROR_BODY)
    except zlib.error:
        return b""


def _transient(failure: httpx.TransportError, download: Download) -> Transient:
    what = download.ask.what
    if download.received:
        return Transient(
            BrokenDownload(f"{what}: the download broke off after {download.received} bytes")
        )
    return Transient(PublisherUnavailable(f"{what}: no answer ({type(failure).__name__})"))
