"""What the server asks of a publisher: the paths that it answers, below its host's name."""

from typing import Protocol

from starlette.routing import Route


class Publisher(Protocol):
    def routes(self) -> list[Route]: ...
