"""Whether the process lives, and whether it can answer: for load balancers and people."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_PATIENCE = 1.5


@dataclass(frozen=True, slots=True)
class Readiness:
    """What answering needs: a store that answers and a publication that is loaded."""

    database: bool
    publication: int | None

    @property
    def ready(self) -> bool:
        return self.database and self.publication is not None


Ready = Callable[[], Awaitable[Readiness]]


def routes(ready: Ready) -> list[Route]:
    """The two addresses, unversioned and never cached."""

    async def live(request: Request) -> Response:
        return _answer(200, {"status": "live"})

    async def is_ready(request: Request) -> Response:
        found = await _ask(ready)
        body = {
            "status": "ready" if found.ready else "not ready",
            "database": found.database,
            "publication": found.publication,
        }
        return _answer(200 if found.ready else 503, body)

    return [Route("/health/live", live), Route("/health/ready", is_ready)]


async def _ask(ready: Ready) -> Readiness:
    """A store that hangs is a store that is away."""
    asked = asyncio.ensure_future(ready())
    done, _ = await asyncio.wait({asked}, timeout=_PATIENCE)
    if not done:
        # Not awaited: taking leave of a frozen server has no bound.
        asked.cancel()
        return Readiness(database=False, publication=None)
    return asked.result() if asked.exception() is None else Readiness(False, None)


def _answer(status: int, body: Mapping[str, object]) -> Response:
    headers = {"cache-control": "no-store"} | ({"retry-after": "1"} if status == 503 else {})
    return Response(orjson.dumps(body), status, headers, "application/json")
