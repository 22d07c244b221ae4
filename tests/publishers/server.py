"""The server itself: the publishers' paths below their host names, on a free loopback port.

`mirror` turns a publisher's address into the one here; `log` remembers what was sent.
"""

import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import unquote

import uvicorn
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.routing import Router
from starlette.types import Message, Receive, Scope, Send

from db.sources.dataset import Dataset
from db.sources.policy import FetchPolicy
from tests.publishers.faults import Faults
from tests.publishers.publisher import Publisher
from tests.publishers.real import publishers_from


@dataclass(slots=True)
class Request:
    target: str
    headers: dict[str, str]
    status: int = 0
    sent: int = 0


class PublisherServer:
    def __init__(self, *publishers: Publisher) -> None:
        self.faults = Faults()
        self.log: list[Request] = []
        self.busy = 0
        self.busiest = 0
        """The most requests that were ever in progress at once."""
        self.bugs: list[Exception] = []
        """Errors of this server itself, which must not pass for a publisher's status 500."""
        routes = [route for one in publishers for route in one.routes()]
        self._router = ExceptionMiddleware(Router(routes))
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        port = self._socket.getsockname()[1]
        self.base_url = f"http://127.0.0.1:{port}"
        self.elsewhere = f"http://localhost:{port}"
        config = uvicorn.Config(
            self._app,
            log_level="error",
            lifespan="off",
            http="h11",
            ws="none",
            interface="asgi3",
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True
        )

    @classmethod
    def from_folder(cls, root: Path, *, wijken: int | None = None) -> Self:
        """All that the real files in this folder allow to be served, or a map of few wijken."""
        return cls(*publishers_from(root, wijken=wijken))

    def __enter__(self) -> Self:
        self._thread.start()
        while not self._server.started:
            if not self._thread.is_alive():
                raise RuntimeError("the publisher server did not start")
            time.sleep(0.005)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=10)
        self._socket.close()
        if self.bugs and error is None:
            raise self.bugs[0]

    def mirror(self, address: str) -> str:
        """This server's address for a publisher's: the host becomes the first folder."""
        return f"{self.base_url}/{address.partition('://')[2]}"

    def dataset(self, dataset: Dataset) -> Dataset:
        return replace(dataset, address=self.mirror(dataset.address or ""))

    @property
    def policy(self) -> FetchPolicy:
        """Loopback only, and no waiting worth mentioning."""
        return FetchPolicy(
            hosts=frozenset({"127.0.0.1"}),
            allow_http=True,
            backoff_seconds=0.01,
            read_seconds=30.0,
            total_seconds=120.0,
        )

    def requests(self, fragment: str) -> Sequence[Request]:
        return [request for request in self.log if fragment in request.target]

    @property
    def sent(self) -> int:
        return sum(request.sent for request in self.log)

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        target = unquote(f"{scope['path']}?{scope['query_string'].decode()}").removesuffix("?")
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        request = Request(target, headers)
        self.log.append(request)

        async def noted(message: Message) -> None:
            request.status = message.get("status", request.status)
            request.sent += len(message.get("body", b""))
            await send(message)

        self.busy += 1
        self.busiest = max(self.busy, self.busiest)
        try:
            await self.faults.around(self._router, scope)(scope, receive, noted)
        except Exception as bug:
            self.bugs.append(bug)
            raise
        finally:
            self.busy -= 1
