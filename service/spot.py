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
    """uvicorn's HTTP/1.1, for applications that have `on_the_spot`."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._answer = getattr(self.app, "on_the_spot", None)
        self._body: list[bytes] | None = None
        """What has come of the body of a request that may be answered on the spot."""
        self._answered = False
        """Whether the newest request was."""

    def data_received(self, data: bytes) -> None:
        HttpToolsProtocol.data_received(self, data)
        if self._body is not None:
            # The rest is still on its way: waiting for it has bounds, which are not here.
            self._take_ordinary_way()

    def on_headers_complete(self) -> None:
        self._answered = False
        if self._answer is not None and self._is_plain():
            self._body = []
        else:
            HttpToolsProtocol.on_headers_complete(self)

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
                self.on_response_complete()
                return
            self._take_ordinary_way()
        HttpToolsProtocol.on_message_complete(self)

    def _is_plain(self) -> bool:
        """Whether nothing but the answer decides what happens on this connection."""
        return (
            self.url.startswith(b"/graphql")
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
        HttpToolsProtocol.on_headers_complete(self)
        if body:
            HttpToolsProtocol.on_body(self, body)

    def _write(self, sent: Sent) -> None:
        parts = [sent.head]
        for name, value in self.server_state.default_headers:
            parts += (name, b": ", value, b"\r\n")
        parts.append(b"\r\n")
        if len(sent.body) <= _LARGEST_JOINED:
            parts.append(sent.body)
            self.transport.write(b"".join(parts))
        else:
            self.transport.write(b"".join(parts))
            self.transport.write(sent.body)
