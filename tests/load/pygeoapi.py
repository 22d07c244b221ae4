"""pygeoapi over the wijken of a PostgreSQL with PostGIS."""

import json
import subprocess
from contextlib import AbstractContextManager
from urllib.parse import urlsplit

from tests.load.client import get
from tests.load.postgis import PostGis
from tests.load.python_peers import installed
from tests.load.services import Command, Ground, PeerMissing, Service, running

PYGEOAPI = "pygeoapi"
_PACKAGES = (
    "pygeoapi==0.21.0; python_version < '3.12'", "pygeoapi==0.24.0; python_version >= '3.12'",
    "psycopg2-binary", "geoalchemy2", "SQLAlchemy", "uvicorn==0.54.*",
    "starlette", "uvloop", "httptools",
)  # fmt: skip


def running_pygeoapi(ground: Ground, found: PostGis) -> AbstractContextManager[Service]:
    """pygeoapi over the wijken, ready to answer."""
    program = installed(ground.folder / PYGEOAPI, _PACKAGES)

    def made(ground: Ground, port: int) -> Command:
        config = ground.folder / "pygeoapi.json"
        described = ground.folder / "pygeoapi-openapi.json"
        config.write_text(json.dumps(_configuration(found, port)))
        variables = {"PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(described)}
        words = ["openapi", "generate", str(config), "--output-file", str(described)]
        tool = str(program.with_name("pygeoapi"))
        done = subprocess.run([tool, *words], capture_output=True, text=True, check=False)
        if done.returncode:
            raise PeerMissing(f"pygeoapi refuses its settings: {done.stderr.strip()[-300:]}")
        serve = [
            str(program), "-m", "uvicorn", "pygeoapi.starlette_app:APP", "--port", str(port),
            "--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning",
        ]  # fmt: skip
        return Command(serve, variables)

    return running(ground, PYGEOAPI, made, get("/conformance?f=json"))


def _configuration(found: PostGis, port: int) -> dict[str, object]:
    """YAML reads JSON."""
    address = urlsplit(found.dsn)
    here = f"http://127.0.0.1:{port}"
    link = {"type": "text/html", "rel": "canonical", "title": "t", "href": here, "hreflang": "en"}
    contact = ("name", "position", "address", "city", "stateorprovince", "postalcode", "country",
               "phone", "fax", "email", "hours", "instructions")  # fmt: skip
    data = {
        "host": address.hostname, "port": address.port, "dbname": "postgres", "user": "tipg",
        "password": "-", "search_path": ["nb", "public"],
    }  # fmt: skip
    provider = {
        "type": "feature", "name": "PostgreSQL", "data": data, "id_field": "id", "table": "wijk",
        "geom_field": "geom",
    }  # fmt: skip
    world = {"bbox": [3, 50, 8, 54], "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": port}, "url": here, "encoding": "utf-8",
            "mimetype": "application/json; charset=UTF-8", "gzip": False, "languages": ["en-US"],
            "pretty_print": False,
            "limits": {"default_items": 100, "max_items": 100_000, "on_exceed": "throttle"},
            "map": {"url": f"{here}/{{z}}/{{x}}/{{y}}.png", "attribution": "-"},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {
                "title": "t", "description": "d", "keywords": ["k"], "keywords_type": "theme",
                "terms_of_service": "-", "url": here,
            },
            "license": {"name": "-", "url": here},
            "provider": {"name": "-", "url": here},
            "contact": {**dict.fromkeys(contact, "-"), "url": here, "role": "pointOfContact"},
        },
        "resources": {
            "wijk": {
                "type": "collection", "title": "wijk", "description": "wijk", "keywords": ["k"],
                "links": [link], "extents": {"spatial": world}, "providers": [provider],
            }
        },
    }  # fmt: skip
