"""One answer as a publisher sends it: validators, ranges, gzip where the client takes it."""

import gzip
import hashlib

from starlette.requests import Request
from starlette.responses import Response

JSON = "application/json; charset=utf-8"


def answer(
    request: Request,
    body: bytes,
    media: str = JSON,
    *,
    headers: dict[str, str] | None = None,
    validators: bool = True,
) -> Response:
    """The body, or 304, or the part asked for."""
    packed = "gzip" in request.headers.get("accept-encoding", "") and len(body) > 500
    sent = gzip.compress(body, 1, mtime=0) if packed else body
    extra = {"content-type": media, "vary": "Accept-Encoding", **(headers or {})}
    if packed:
        extra["content-encoding"] = "gzip"
    if not validators:
        return Response(sent, headers=extra)
    etag = f'"{hashlib.sha256(sent).hexdigest()[:16]}"'
    extra |= {"etag": etag, "accept-ranges": "bytes"}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers={"etag": etag})
    return _ranged(request, sent, etag, extra)


def _ranged(request: Request, body: bytes, etag: str, headers: dict[str, str]) -> Response:
    wanted = request.headers.get("range", "")
    if not wanted.startswith("bytes=") or request.headers.get("if-range", etag) != etag:
        return Response(body, headers=headers)
    first = int(wanted.removeprefix("bytes=").partition("-")[0])
    if first >= len(body):
        return Response(status_code=416, headers={"content-range": f"bytes */{len(body)}"})
    span = f"bytes {first}-{len(body) - 1}/{len(body)}"
    return Response(body[first:], status_code=206, headers={**headers, "content-range": span})
