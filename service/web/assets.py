"""The files our pages load, out of the package; a fixed list, no paths of the caller's."""

import asyncio
import gzip
import hashlib
from collections.abc import Awaitable, Callable
from functools import cached_property
from importlib.resources import files

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from service.coding import Coding, acceptable
from service.conditional import etag, is_any, matched
from service.headers import Field, received
from service.representation import REVALIDATE
from service.rest import conditions, refusals
from service.rest.sending import FOR_EVER, Unchanged

_JAVASCRIPT = "text/javascript; charset=utf-8"
_CSS = "text/css; charset=utf-8"
_FILES = (
    ("graphiql.min.js", "vendor/graphiql.min.js", _JAVASCRIPT),
    ("graphiql.min.css", "vendor/graphiql.min.css", _CSS),
    ("react.min.js", "vendor/react.production.min.js", _JAVASCRIPT),
    ("react-dom.min.js", "vendor/react-dom.production.min.js", _JAVASCRIPT),
    ("explorer.js", "explorer.js", _JAVASCRIPT),
    ("swagger-ui.js", "vendor/swagger-ui-bundle.js", _JAVASCRIPT),
    ("swagger-ui.css", "vendor/swagger-ui.css", _CSS),
    ("api.js", "api.js", _JAVASCRIPT),
    ("maplibre-gl.js", "vendor/maplibre-gl.js", _JAVASCRIPT),
    ("maplibre-gl-worker.js", "vendor/maplibre-gl-worker.js", _JAVASCRIPT),
    ("maplibre-gl.css", "vendor/maplibre-gl.css", _CSS),
    ("map.js", "map.js", _JAVASCRIPT),
    ("page.css", "page.css", _CSS),
)
_WEB = files("service") / "web"
_CODINGS = (Coding.GZIP, Coding.IDENTITY)
_VARY: Field = (b"vary", b"Accept-Encoding")
# A worker has the policy that it came with, not that of its page.
_POLICIES = {"maplibre-gl-worker.js": "default-src 'none'; connect-src 'self'"}


class Asset:
    """One file, named by its content so that browsers may keep it for good."""

    def __init__(self, name: str, path: str, content_type: str) -> None:
        self.name = name
        self._file = _WEB.joinpath(path)
        self._content_type = content_type
        self.digest = hashlib.sha256(self._file.read_bytes()).hexdigest()[:16]

    @cached_property
    def _compressed(self) -> bytes:
        return gzip.compress(self._file.read_bytes(), 6, mtime=0)

    @property
    def address(self) -> str:
        return f"/assets/{self.name}?v={self.digest}"

    def answer(self, request: Request) -> ASGIApp:
        """Read anew, and kept only compressed: 5 MB of which most processes never send any.

        Compressing takes 60 ms for the largest, so this is for a thread.
        """
        headers = received(request.headers.raw)
        taken = acceptable(headers.get(b"accept-encoding"))
        coding = next((each for each in taken if each in _CODINGS), Coding.IDENTITY)
        tag = etag(self.digest, coding)
        if conditions.refused(headers, tag, None):
            return refusals.precondition_failed()
        # Under the name of another content this is only what is there now.
        lifetime = FOR_EVER if request.query_params.get("v") == self.digest else REVALIDATE
        known = headers.get(b"if-none-match")
        held = matched(known, self.digest, taken) if known is not None else None
        if held is not None or is_any(known):
            return Unchanged(held or tag, lifetime, _VARY)
        return self._whole(coding, [(b"etag", tag), lifetime, _VARY])

    def _whole(self, coding: Coding, fields: list[Field]) -> Response:
        named = {name.decode(): value.decode() for name, value in fields}
        if self.name in _POLICIES:
            named["content-security-policy"] = _POLICIES[self.name]
        if coding is Coding.GZIP:
            named["content-encoding"] = "gzip"
        content = self._compressed if coding is Coding.GZIP else self._file.read_bytes()
        return Response(content, headers=named, media_type=self._content_type)


ASSETS = {name: Asset(name, path, content_type) for name, path, content_type in _FILES}


def endpoint() -> Callable[[Request], Awaitable[ASGIApp]]:
    async def asset(request: Request) -> ASGIApp:
        found = ASSETS.get(request.path_params["name"])
        if found is None:
            raise HTTPException(404)
        return await asyncio.to_thread(found.answer, request)

    return asset
