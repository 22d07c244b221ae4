"""Headers that every answer has: safety, and that scripts of any site may read open data.

An answer that needs another policy sets its own first. Not Starlette's CORS middleware: that
varies every answer by Origin (1.10), and a cache in front would keep one copy for each site.
"""

from collections.abc import Iterable, Sequence

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# One header as ASGI has it: the name in lower case.
Field = tuple[bytes, bytes]

_SAFETY = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "strict-origin-when-cross-origin",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}
_OTHER_SITES = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "Retry-After, ETag, Link",
}
VERSIONED = "/v1"
"""Where the REST contract begins: every answer below it names its version, errors too."""
API_VERSION = "1.0.0"
_REST = {
    "api-version": API_VERSION,
    "access-control-expose-headers": (
        "API-Version, Accept-Ranges, Content-Crs, Content-Disposition, Content-Range, ETag, "
        "Last-Modified, Link, Repr-Digest, Retry-After"
    ),
}
_HTTPS_ONLY = {"strict-transport-security": "max-age=31536000"}
_PREFLIGHT = {
    "access-control-allow-methods": "GET, HEAD, POST, OPTIONS",
    "access-control-allow-headers": (
        "Accept, Content-Type, If-Match, If-None-Match, If-Range, Range, Want-Repr-Digest"
    ),
    "cache-control": "no-store",
    "access-control-max-age": "86400",
}


def common_fields(*, https: bool, content: bool = True) -> list[Field]:
    """What every answer has; of a 304, which has no content, only what is not about content."""
    safety = _SAFETY if content else {}
    return _fields(safety | _OTHER_SITES | (_HTTPS_ONLY if https else {}))


def _fields(headers: dict[str, str]) -> list[Field]:
    return [(name.encode(), value.encode()) for name, value in headers.items()]


def with_common(own: Iterable[Field], common: Sequence[Field]) -> list[Field]:
    """Headers of one answer, completed by those it does not set itself."""
    own = list(own)
    named = {name for name, _ in own}
    return [*own, *(each for each in common if each[0] not in named)]


def received(headers: Sequence[Field]) -> dict[bytes, bytes]:
    """What a client sent, by name; fields sent more than once are one list, as RFC 9110 has it."""
    found = dict(headers)
    if len(found) == len(headers):
        return found
    found = {}
    for name, value in headers:
        found[name] = found[name] + b", " + value if name in found else value
    return found


class CommonHeaders:
    """Adds the headers an answer does not set itself, and answers browsers' preflights."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        always, in_rest = common_fields(https=https, content=False), _fields(_REST)
        safety = _fields(_SAFETY)
        self._kept = {False: always, True: with_common(in_rest, always)}
        """Of a 304: a browser would put what it says of content over what it has of that, and
        keep a page from loading its own scripts."""
        self._whole = {rest: [*kept, *safety] for rest, kept in self._kept.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        in_rest = scope["path"].startswith(VERSIONED)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                common = self._kept if message["status"] == 304 else self._whole
                message["headers"] = with_common(message.get("headers", ()), common[in_rest])
            await send(message)

        app = Response(status_code=204, headers=_PREFLIGHT) if _is_preflight(scope) else self._app
        await app(scope, receive, send_with_headers)


def _is_preflight(scope: Scope) -> bool:
    return scope["method"] == "OPTIONS" and "access-control-request-method" in Headers(scope=scope)
