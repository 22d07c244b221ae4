"""Requests that are answered on the spot: whole when they arrive, answered from what is in memory.

An ordinary request becomes a task, an event, a scope and two messages, which cost more than a small
answer itself. One whose body has come with its head is first offered to the application as it is;
what cannot be answered without waiting takes the ordinary way, from the beginning.
"""

from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from service.representation import Sent

_METHODS = (b"GET", b"POST")
# Above, joining head and body would copy more than it saves.
_LARGEST_JOINED = 64 * 1024


class OnTheSpot(HttpToolsProtocol):
    """uvicorn's HTTP/1.1, for applications that have `on_the_spot`.

    What uvicorn makes for every request and only its own way needs is left until it is needed: the
    scope, and a timer that is set after each answer and unset by the next request.
    """

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._answer = getattr(self.app, "on_the_spot", None)
        self._body: list[bytes] | None = None
        """What has come of the body of a request that may be answered on the spot."""
        self._answered = False
        """Whether the newest request was, out of what has just arrived."""
        self._idle_since: float | None = None
        """When the last answer was given; None while a request is being read or answered."""
        self._default_headers: list[tuple[bytes, bytes]] = []
        self._default_lines = b""

    def connection_lost(self, exc: Exception | None) -> None:
        self._end_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._answered = False
        HttpToolsProtocol.data_received(self, data)
        if self._body is not None:
            # The rest is still on its way: waiting for it has bounds, which are not here.
            self._take_ordinary_way()

    def on_message_begin(self) -> None:
        self.url = b""
        self.expect_100_continue = False
        self.headers = []

    def on_headers_complete(self) -> None:
        self._answered = False
        # It may come with the last of another request, after which the connection was idle.
        self._idle_since = None
        if self._answer is not None and self._is_plain():
            self._body = []
        else:
            self._begin_ordinary_way()

    def on_body(self, body: bytes) -> None:
        if self._body is None:
            HttpToolsProtocol.on_body(self, body)
        else:
            self._body.append(body)

    def on_message_complete(self) -> None:
        if self._body is not None:
            body = b"".join(self._body)
            sent = self._answer(self.parser.get_method(), self.url, self.headers, body)  # type: ignore[misc]
            if sent is not None:
                self._body = None
                self._answered = True
                self._write(sent)
                self.server_state.total_requests += 1
                self._await_next()
                return
            self._take_ordinary_way()
        HttpToolsProtocol.on_message_complete(self)

    def _is_plain(self) -> bool:
        """Whether nothing but the answer decides what happens on this connection."""
        return (
            self.url.startswith(b"/graphql")
            and b"#" not in self.url
            and self.parser.get_method() in _METHODS
            and (self.cycle is None or self.cycle.response_complete)
            and not self.pipeline
            and not self.expect_100_continue
            and not self.flow.write_paused
            and self.parser.get_http_version() == "1.1"
            and self.parser.should_keep_alive()
            and not self.parser.should_upgrade()
            and not self.transport.is_closing()
            and (
                self.limit_concurrency is None
                or max(len(self.connections), len(self.tasks)) < self.limit_concurrency
            )
        )

    def _take_ordinary_way(self) -> None:
        body = b"".join(self._body or ())
        self._body = None
        self._begin_ordinary_way()
        if body:
            HttpToolsProtocol.on_body(self, body)

    def _begin_ordinary_way(self) -> None:
        url, headers, expects = self.url, self.headers, self.expect_100_continue
        HttpToolsProtocol.on_message_begin(self)
        self.url, self.expect_100_continue = url, expects
        self.headers.extend(headers)
        HttpToolsProtocol.on_headers_complete(self)

    def on_response_complete(self) -> None:
        self._end_timer()
        super().on_response_complete()
        if self.timeout_keep_alive_task is not None:
            self._idle_since = self.loop.time()

    def _unset_keepalive_if_required(self) -> None:
        """uvicorn calls it for all that arrives: the timer goes on and finds out when it ends."""
        self._idle_since = None

    def _await_next(self) -> None:
        self._idle_since = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self._set_timer(self.timeout_keep_alive)

    def timeout_keep_alive_handler(self) -> None:
        self.timeout_keep_alive_task = None
        if self._idle_since is None or self.transport.is_closing():
            return
        left = self._idle_since + self.timeout_keep_alive - self.loop.time()
        if left > 0.001:
            self._set_timer(left)
        else:
            self.transport.close()

    def _set_timer(self, seconds: float) -> None:
        handler = self.timeout_keep_alive_handler
        self.timeout_keep_alive_task = self.loop.call_later(seconds, handler)

    def _end_timer(self) -> None:
        if self.timeout_keep_alive_task is not None:
            self.timeout_keep_alive_task.cancel()
            self.timeout_keep_alive_task = None

    def _write(self, sent: Sent) -> None:
        if self.server_state.default_headers is not self._default_headers:
            # uvicorn makes them anew every second.
            self._default_headers = self.server_state.default_headers
            lines = [b"%b: %b\r\n" % each for each in self._default_headers]
            self._default_lines = b"".join(lines) + b"\r\n"
        head = sent.head + self._default_lines
        if len(sent.body) <= _LARGEST_JOINED:
            self.transport.write(head + sent.body)
        else:
            self.transport.write(head)
            self.transport.write(sent.body)
