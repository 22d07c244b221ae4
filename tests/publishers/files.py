"""Plain files with validators and ranges, as download sites serve them."""

from collections.abc import Mapping
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.publishers.answers import answer


class Files:
    """Bodies by host and path: 'download.cbs.nl/regionale-kaarten/x.zip'."""

    def __init__(self, bodies: Mapping[str, bytes | Path], media: str = "text/csv") -> None:
        self._bodies = {f"/{path}": body for path, body in bodies.items()}
        self._media = media

    def routes(self) -> list[Route]:
        return [Route(path, self._file) for path in self._bodies]

    def _file(self, request: Request) -> Response:
        body = self._bodies[request.url.path]
        content = body if isinstance(body, bytes) else body.read_bytes()
        return answer(request, content, self._media)
