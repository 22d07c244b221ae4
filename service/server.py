"""Runs the application on uvicorn, with the bounds uvicorn itself does not have.

uvicorn limits neither the size of a request's head nor the time it may take to arrive.
"""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable
from types import FrameType
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from db.core.errors import AddressTaken
from service import problems
from service.footing import settle
from service.headers import CommonHeaders
from service.settings import Settings
from service.spot import OnTheSpot

_HEAD_BYTES = 32 * 1024
_HEAD_FIELDS = 100
_HEAD_SECONDS = 10.0
_CONNECTIONS = 1000
_BACKLOG = 2048
_UNREADABLE = problems.unread(
    400,
    "this is no HTTP request that can be read",
    "dit is geen HTTP-verzoek dat te lezen is",
)
_TOO_LARGE = problems.unread(
    431,
    f"the head of this request is too large: at most {_HEAD_BYTES} bytes and {_HEAD_FIELDS} fields",
    f"de kop van dit verzoek is te groot: hoogstens {_HEAD_BYTES} bytes en {_HEAD_FIELDS} velden",
)
_FULL = CommonHeaders(
    problems.problem(
        503, "too many are being served; try again", {"retry-after": "1", "connection": "close"}
    ),
    https=False,
)


class BoundedHttp(OnTheSpot):
    """HTTP/1.1 whose requests' heads have a largest size and a last moment to arrive.

    Nearly every head arrives whole in one piece, and then costs two flags and a few comparisons:
    a timer runs, and sizes are added up, only for one that did not. What every request passes
    calls its parent by name, because `super()` costs a third of what is left (Python 3.11).
    """

    head_seconds = _HEAD_SECONDS
    _head_expected = True
    _head_bytes = 0
    _head_timer: asyncio.TimerHandle | None = None
    _too_large = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_arrived()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._between and self._answer is not None and self.answer_known(data):
            self._head_expected = False
            if self._head_timer is not None:
                self._head_arrived()
            return
        # At most what the head that is being read can have in it.
        self._head_bytes += len(data)
        OnTheSpot.data_received(self, data)
        if self._head_expected:
            self._bound_rest()
        else:
            self._head_bytes = 0
            if not self._answered and self.cycle.response_complete:
                # uvicorn stopped its own timer for bytes that then began no request.
                self._await_head()

    def on_message_begin(self) -> None:
        OnTheSpot.on_message_begin(self)
        self._head_expected = True

    def on_headers_complete(self) -> None:
        if len(self.headers) > _HEAD_FIELDS or (
            self._head_bytes > _HEAD_BYTES and self._head_size() > _HEAD_BYTES
        ):
            self._too_large = True
            # The parser reports any exception as a broken request, which ends in the 431 below.
            raise ValueError("request head too large")
        OnTheSpot.on_headers_complete(self)
        self._head_expected = False
        if self._head_timer is not None:
            self._head_arrived()

    def send_400_response(self, msg: str) -> None:
        self.transport.write(_TOO_LARGE if self._too_large else _UNREADABLE)
        self.transport.close()

    def _begin_ordinary_way(self) -> None:
        if not self._is_full:
            super()._begin_ordinary_way()
            return
        # uvicorn has an answer of its own for this, in plain text.
        app, most = self.app, self.limit_concurrency
        self.app, self.limit_concurrency = _FULL, None
        try:
            super()._begin_ordinary_way()
        finally:
            self.app, self.limit_concurrency = app, most

    @property
    def _is_full(self) -> bool:
        most = self.limit_concurrency
        return most is not None and max(len(self.connections), len(self.tasks)) >= most

    def _bound_rest(self) -> None:
        if self.transport.is_closing():
            return
        if self._head_bytes > _HEAD_BYTES:
            self._too_large = True
            self.send_400_response("")
        else:
            self._await_head()

    def _head_size(self) -> int:
        return len(self.url) + sum(len(name) + len(value) for name, value in self.headers)

    def _await_head(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(self.head_seconds, self._close_late)

    def _head_arrived(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _close_late(self) -> None:
        self._head_timer = None
        if not self.transport.is_closing():
            self.transport.close()


class _Server(uvicorn.Server):
    """Ends by returning, so that whoever runs it can stop what else it started."""

    def __init__(self, config: uvicorn.Config, on_started: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_started = on_started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            settle()
            self._on_started()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        # uvicorn would send the signal again after draining, and SIGTERM would then kill us
        # before the embedded PostgreSQL is stopped.
        if self.should_exit and sig == signal.SIGINT:
            self.force_exit = True
        self.should_exit = True


def listen(settings: Settings) -> socket.socket:
    """The socket to serve on, or AddressTaken; bound before anything slow is started."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    return _bound(socket.socket(family, socket.SOCK_STREAM), (settings.host, settings.port))


def listen_beside(listener: socket.socket) -> socket.socket:
    """One more socket on the same address; Linux divides new connections between them.

    Only the first is bound without SO_REUSEPORT. So a second service is refused, not joined.
    """
    other = socket.socket(listener.family, socket.SOCK_STREAM)
    for each in (listener, other):
        each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    return _bound(other, listener.getsockname())


def _bound(listener: socket.socket, address: tuple[Any, ...]) -> socket.socket:
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise AddressTaken(f"{address[0]}:{address[1]}", f"{error.strerror}") from error
    return listener


def address_of(listener: socket.socket) -> str:
    """Where people on this machine reach it, as http://host:port."""
    host, port = listener.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def run(
    app: ASGIApp, listener: socket.socket, *, on_started: Callable[[], None] = lambda: None
) -> None:
    """Serve until SIGINT or SIGTERM, let running requests end, and return."""
    with contextlib.closing(listener):
        _Server(config(app), on_started).run(sockets=[listener])


def config(app: ASGIApp, http: type[BoundedHttp] = BoundedHttp) -> uvicorn.Config:
    """uvicorn as we run it."""
    return uvicorn.Config(
        app,
        http=http,
        loop="auto",
        ws="none",
        lifespan="on",
        log_level="warning",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=10,
        limit_concurrency=_CONNECTIONS,
    )
