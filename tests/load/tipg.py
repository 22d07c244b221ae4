"""tipg over the wijken of a PostgreSQL with PostGIS."""

from contextlib import AbstractContextManager

from tests.load.client import get
from tests.load.postgis import PostGis
from tests.load.python_peers import installed
from tests.load.services import Command, Ground, Service, running

TIPG = "tipg"
_PACKAGES = ("tipg==1.6.1", "uvicorn==0.54.*", "uvloop", "httptools")


def running_tipg(ground: Ground, found: PostGis) -> AbstractContextManager[Service]:
    """tipg over the wijken, ready to answer."""
    program = installed(ground.folder / TIPG, _PACKAGES)

    def made(ground: Ground, port: int) -> Command:
        words = [
            str(program), "-m", "uvicorn", "tipg.main:app", "--port", str(port), "--loop", "uvloop",
            "--http", "httptools", "--no-access-log", "--log-level", "warning",
        ]  # fmt: skip
        variables = {
            "DATABASE_URL": found.dsn,
            "TIPG_DB_SCHEMAS": '["nb"]',
            "TIPG_MAX_FEATURES_PER_QUERY": "100000",
        }
        return Command(words, variables)

    return running(ground, TIPG, made, get("/healthz"))
