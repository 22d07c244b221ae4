"""All addresses of the contract as one route: only those that look like a request are tried.

Starlette tries its routes one after another, some forty before what most clients ask for; that took
longer than many answers. Which one answers stays what the list would have said.
"""

from collections import defaultdict
from collections.abc import Sequence

from starlette.routing import BaseRoute, Match, Route
from starlette.types import Receive, Scope, Send

_REST = ":path}"


class Addresses(BaseRoute):
    """Routes whose endpoints are ASGI applications, the first that matches before the others."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self.routes = list(routes)
        self._alike: defaultdict[tuple[int, str], list[Route]] = defaultdict(list)
        """By the number of segments and the one after the version."""
        for route in self.routes:
            if not route.path.endswith(_REST):
                self._alike[_kind(route.path)].append(route)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        alike = [] if scope.get("root_path") else self._alike.get(_kind(scope["path"]), [])
        for routes in (alike, self.routes):
            for route in routes:
                match, found = route.matches(scope)
                if match is not Match.NONE:
                    return match, found
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await scope["endpoint"](scope, receive, send)


def _kind(path: str) -> tuple[int, str]:
    parts = path.split("/", 3)
    return path.count("/"), parts[2] if len(parts) > 2 else ""
