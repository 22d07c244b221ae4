"""Faults to switch on: each is an ASGI application around the healthy one."""

import asyncio
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Fault = Callable[[ASGIApp], ASGIApp]


@dataclass(slots=True)
class Rule:
    """A fault for requests whose path and query match, `times` times, skipping the first few."""

    pattern: str
    fault: Fault
    times: int = 1_000_000
    skip: int = 0

    def applies(self, target: str) -> bool:
        if not re.search(self.pattern, target) or self.times == 0:
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.times -= 1
        return True


@dataclass(slots=True)
class Faults:
    rules: list[Rule] = field(default_factory=list)

    def add(self, pattern: str, fault: Fault, *, times: int = 1_000_000, skip: int = 0) -> None:
        self.rules.append(Rule(pattern, fault, times, skip))

    def clear(self) -> None:
        self.rules.clear()

    def around(self, app: ASGIApp, scope: Scope) -> ASGIApp:
        target = unquote(f"{scope['path']}?{scope['query_string'].decode()}")
        for rule in self.rules:
            if rule.applies(target):
                app = rule.fault(app)
        return app


def status(code: int, *, retry_after: str | None = None, body: str = "no") -> Fault:
    headers = {"retry-after": retry_after} if retry_after else {}
    return lambda _: Response(body, status_code=code, headers=headers)


def html() -> Fault:
    page = "<!DOCTYPE html><html><body>Onderhoud</body></html>"
    return lambda _: Response(page, media_type="text/html")


def redirect(location: str) -> Fault:
    return lambda _: Response(status_code=302, headers={"location": location})


def bomb(inflated: int) -> Fault:
    """A JSON list of blanks: a kilobyte for each megabyte it becomes."""
    packer = zlib.compressobj(9, wbits=31)
    blank = b" " * 1_000_000
    packed = packer.compress(b'{"value":[')
    packed += b"".join(packer.compress(blank) for _ in range(inflated // len(blank)))
    packed += packer.compress(b"]}") + packer.flush()
    headers = {"content-encoding": "gzip", "content-type": "application/json"}
    return lambda _: Response(packed, headers=headers)


def cut(after: int) -> Fault:
    """The connection breaks once so many bytes of the body have left."""

    def fault(app: ASGIApp) -> ASGIApp:
        async def broken(scope: Scope, receive: Receive, send: Send) -> None:
            left = after

            async def passed(message: Message) -> None:
                nonlocal left
                if message["type"] == "http.response.body":
                    body = message.get("body", b"")[:left]
                    left -= len(body)
                    message = {**message, "body": body, "more_body": True}
                await send(message)

            await app(scope, receive, passed)

        return broken

    return fault


def drip(size: int, seconds: float) -> Fault:
    """A few bytes at a time, for ever if need be."""

    def fault(app: ASGIApp) -> ASGIApp:
        async def slow(scope: Scope, receive: Receive, send: Send) -> None:
            async def passed(message: Message) -> None:
                body = message.get("body", b"")
                for start in range(0, len(body), size):
                    piece = body[start : start + size]
                    await send({"type": message["type"], "body": piece, "more_body": True})
                    await asyncio.sleep(seconds)
                if message["type"] == "http.response.start":
                    await send(message)
                else:
                    await send({"type": message["type"], "body": b""})

            await app(scope, receive, passed)

        return slow

    return fault


def headers_of(change: Callable[[MutableHeaders], None]) -> Fault:
    """The answer as it is, under other headers."""

    def fault(app: ASGIApp) -> ASGIApp:
        async def changed(scope: Scope, receive: Receive, send: Send) -> None:
            async def passed(message: Message) -> None:
                if message["type"] == "http.response.start":
                    change(MutableHeaders(scope=message))
                await send(message)

            await app(scope, receive, passed)

        return changed

    return fault


def body_of(change: Callable[[bytes], bytes]) -> Fault:
    """Another body, of the length it announces."""

    def fault(app: ASGIApp) -> ASGIApp:
        async def changed(scope: Scope, receive: Receive, send: Send) -> None:
            start: Message = {}
            whole = b""

            async def held(message: Message) -> None:
                nonlocal start, whole
                if message["type"] == "http.response.start":
                    start = message
                whole += message.get("body", b"")

            await app(_plainly(scope), receive, held)
            body = change(whole)
            MutableHeaders(scope=start)["content-length"] = str(len(body))
            await send(start)
            await send({"type": "http.response.body", "body": body})

        return changed

    return fault


def deaf_to(*parameters: str) -> Fault:
    """A server that overlooks these query parameters: the first page, whatever page is asked."""

    def fault(app: ASGIApp) -> ASGIApp:
        async def changed(scope: Scope, receive: Receive, send: Send) -> None:
            pairs = scope["query_string"].decode().split("&")
            heard = [pair for pair in pairs if unquote(pair).partition("=")[0] not in parameters]
            await app({**scope, "query_string": "&".join(heard).encode()}, receive, send)

        return changed

    return fault


def _plainly(scope: Scope) -> Scope:
    """The request for a whole, uncompressed body."""
    spoilers = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")
    headers = [pair for pair in scope["headers"] if pair[0] not in spoilers]
    return {**scope, "headers": headers}
