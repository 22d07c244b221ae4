"""Requests that are answered on the spot: whole when they arrive, answered from what is in memory.

An ordinary request becomes a task, an event, a scope and two messages, which cost more than a small
answer itself. One whose body has come with its head is first offered to the application as it is;
what cannot be answered without waiting takes the ordinary way, from the beginning.
"""

import os
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from service.heads import Answer, Head, Heads
from service.representation import Sent

_METHODS = (b"GET", b"POST")
_END = b"\r\n\r\n"
# Above, joining head and body would copy more than it saves.
_LARGEST_JOINED = 64 * 1024


class OnTheSpot(HttpToolsProtocol):
    """uvicorn's HTTP/1.1, for applications that have `on_the_spot`.

    What uvicorn makes for every request and only its own way needs is left until it is needed: the
    scope, and a timer that is set after each answer and unset by the next request.
    """

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._answer: Heads | None = getattr(self.app, "heads", None)
        """Who may answer on the spot."""
        self._of_body: Answer | None = None
        """Who answers the body of the request that is being read."""
        self._between = True
        """Whether nothing is being read: what comes next begins a request."""
        self._offered = False
        """Whether the request that is being read was already found to need the ordinary way."""
        self._messages = 0
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
        whole, self._messages = self._between, 0
        HttpToolsProtocol.data_received(self, data)
        self._offered = False
        if self._body is not None:
            # The rest is still on its way: waiting for it has bounds, which are not here.
            self._take_ordinary_way()
        elif self._answered and whole and self._between and self._messages == 1:
            self._learn(data)

    def answer_known(self, data: bytes) -> bool:
        """Answer a request whose head was read before, and which is here whole and alone."""
        assert self._answer is not None
        end = data.find(_END) + len(_END)
        known = self._answer.get(data[:end])
        if known is None or known.length != len(data) - end or not self._is_free():
            return False
        sent = known.answer(data[end:])
        if sent is None:
            self._offered = True
            return False
        self._reply(sent)
        return True

    def _learn(self, data: bytes) -> None:
        assert self._answer is not None
        assert self._of_body is not None
        end = data.find(_END) + len(_END)
        # What is asked by GET stands in the head.
        if self.parser.get_method() == b"POST" and self.url == b"/graphql" and end >= len(_END):
            self._answer.learn(data[:end], self.headers, Head(len(data) - end, self._of_body))

    def on_message_begin(self) -> None:
        self._between = False
        self.url = b""
        self.expect_100_continue = False
        self.headers = []

    def on_headers_complete(self) -> None:
        self._answered = False
        # It may come with the last of another request, after which the connection was idle.
        self._idle_since = None
        self._of_body = self._heard()
        if self._of_body is not None:
            self._body = []
        else:
            self._begin_ordinary_way()

    def on_body(self, body: bytes) -> None:
        if self._body is None:
            HttpToolsProtocol.on_body(self, body)
        else:
            self._body.append(body)

    def on_message_complete(self) -> None:
        self._between = True
        self._messages += 1
        if self._body is not None:
            body = b"".join(self._body)
            sent = None if self._offered or self._of_body is None else self._of_body(body)
            if sent is not None:
                self._body = None
                self._answered = True
                self._reply(sent)
                return
            self._take_ordinary_way()
        HttpToolsProtocol.on_message_complete(self)

    def _reply(self, sent: Sent) -> None:
        self._write(sent)
        self.server_state.total_requests += 1
        self._idle_since = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self._set_timer(self.timeout_keep_alive)

    def _heard(self) -> Answer | None:
        """Who answers the body, where nothing but the answer decides what happens then."""
        parser, method = self.parser, self.parser.get_method()
        if (
            self._answer is None
            or not self.url.startswith(b"/graphql")
            or b"#" in self.url
            or method not in _METHODS
            or self.expect_100_continue
            or parser.get_http_version() != "1.1"
            or not parser.should_keep_alive()
            or parser.should_upgrade()
            or not self._is_free()
        ):
            return None
        return self._answer.hear(method, self.url, self.headers)

    def _is_free(self) -> bool:
        """Whether no other answer is under way on this connection, and there is room for one."""
        return (
            (self.cycle is None or self.cycle.response_complete)
            and not self.pipeline
            and not self.flow.write_paused
            and not self.transport.is_closing()
            and (
                (most := self.limit_concurrency) is None
                or len(self.connections) < most > len(self.tasks)
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
            self._write_large(head, sent.body)

    def _write_large(self, head: bytes, body: bytes) -> None:
        """Hand a large answer to the system in one go, as far as that takes it.

        The loop would send it in several, which costs three times as much (1.7 MB: 0.5 ms against
        0.15); nothing is copied here either way.
        """
        rest = memoryview(body)
        socket = self.transport.get_extra_info("socket")
        if socket is not None and self.scheme == "http" and not self._is_writing():
            try:
                taken = os.writev(socket.fileno(), [head, body])
            except OSError:
                # No room at all, or the client has left: the loop finds out which.
                taken = 0
            head, rest = head[taken:], rest[max(0, taken - len(head)) :]
        if head:
            self.transport.write(head)
        if rest:
            self.transport.write(rest)

    def _is_writing(self) -> bool:
        """Whether something that was written before is still on its way to the system."""
        return bool(self.transport.get_write_buffer_size())
