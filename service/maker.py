"""Makes the application; what it takes is imported when somebody serves, beside the store's start.

Importing it is most of a start and 60 MB, which other commands and the process that only looks
after workers do without.
"""

from importlib import import_module
from pathlib import Path
from types import ModuleType

from starlette.types import ASGIApp

from service.footing import without_collecting
from service.settings import Settings


class Maker:
    """The application of these settings, over a store that need not be there yet."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def prepare(self) -> None:
        """Import what the application is made of; also in a thread of its own."""
        with without_collecting():
            _serving()

    def __call__(self, dsn: str, example: str, *, shared: Path | None = None) -> ASGIApp:
        with without_collecting():
            made: ASGIApp = _serving().application(self._settings, dsn, example, shared=shared)
        return made


def _serving() -> ModuleType:
    return import_module("service.serving")
