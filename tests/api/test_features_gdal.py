"""GDAL as people have it (the wheel of pyogrio, which geopandas reads with) over a real socket."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from urllib.parse import quote, unquote_plus

import numpy as np
import pyogrio
import pytest
import shapely
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from db.core.crs import CRS84, RD, transform
from tests.api.mapped import MappedStore
from tests.api.resting import Held, rest_app
from tests.api.sample import open_sample

_ASKED: list[str] = []
"""The queries that came in, as they were sent."""


def _listening(app: ASGIApp) -> ASGIApp:
    async def heard(scope: Scope, receive: Receive, send: Send) -> None:
        _ASKED.append(unquote_plus(scope.get("query_string", b"").decode()))
        await app(scope, receive, send)

    return heard


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where the sample country is served."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        found = f"http://127.0.0.1:{listening.getsockname()[1]}"
        store = MappedStore()
        app = _listening(rest_app(Held(store, asyncio.run(open_sample(store))), found))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])))
        listening.listen()
        thread.start()
        yield found
        server.should_exit = True
        thread.join(10)


def _read(address: str, layer: str, **asked: object) -> dict[str, list[object]]:
    table = pyogrio.read_arrow(f"OAPIF:{address}", layer=layer, **asked)[1]
    found: dict[str, list[object]] = table.to_pydict()
    return found


def test_gdal_lists_every_collection(address: str) -> None:
    names = [name for name, _ in pyogrio.list_layers(f"OAPIF:{address}/v1/").tolist()]
    assert names == [
        "gemeenten-2024", "gemeenten-2023", "wijken-2024", "wijken-2023", "buurten-2024",
        "focusgebieden-2024", "focusgebieden-2023",
    ]  # fmt: skip


def test_gdal_reads_every_area_with_its_shape_in_the_system_of_storage(address: str) -> None:
    found = _read(f"{address}/v1", "wijken-2024")
    assert pyogrio.read_info(f"OAPIF:{address}/v1", layer="wijken-2024")["crs"] == "EPSG:28992"
    assert found["code"] == found["id"]
    assert sorted(map(str, found["code"])) == found["code"]
    shapes = dict(zip(found["code"], found["wkb_geometry"], strict=True))
    assert shapes["WK900103"] is None
    west, south = shapely.bounds(shapely.from_wkb(shapes["WK9002A1"]))[:2]
    expected = transform(np.array([[5.0, 52.0], [5.01, 52.0], [5.0, 52.01]]), CRS84, RD)
    assert np.allclose([west, south], expected.min(axis=0), atol=0.01)


def test_gdal_asks_for_a_box_in_metres(address: str) -> None:
    corner = transform(np.array([[5.001, 52.001]]), CRS84, RD)[0]
    box = (*corner, *(corner + 10))
    assert _read(f"{address}/v1", "wijken-2024", bbox=box)["code"] == ["WK9002A1"]


def test_gdal_shows_indicators_that_the_address_asks_for(address: str) -> None:
    chosen = f"{address}/v1/?indicatoren={quote('population,lonely')}"
    found = _read(chosen, "wijken-2024", where="population > 1000")
    assert (found["code"], found["population"]) == (["WK900101"], [1010.0])
    assert found["population_status"] == ["OBSERVED"]


@pytest.mark.parametrize(
    ("where", "sent", "found"),
    [
        ("population > 1000 AND terrein = 'land'",
         "(population > 1000) AND (terrein = 'land')", ["WK900101"]),
        ("naam ILIKE 'cent%'", "naam ILIKE 'cent%'", ["WK900101", "WK9002A1"]),
        ("population IS NULL", "(population IS NULL)", ["WK900103", "WK900199"]),
        ("stapeling_status = 'NOT_JUDGED'", "stapeling_status = 'NOT_JUDGED'",
         ["WK900102", "WK900103", "WK900199"]),
    ],
)  # fmt: skip
def test_gdal_has_the_service_work_out_its_filters(
    address: str, where: str, sent: str, found: list[str]
) -> None:
    chosen = f"{address}/v1/?indicatoren=population&stapeling=alone@1"
    _ASKED.clear()
    assert _read(chosen, "wijken-2024", where=where)["code"] == found
    (asked,) = [each for each in _ASKED if "filter=" in each]
    assert f"filter={sent}&filter-lang=cql-text" in asked


def test_gdal_knows_types_of_columns_that_have_nothing_yet(address: str) -> None:
    chosen = f"{address}/v1/?indicatoren=population,lonely"
    info = pyogrio.read_info(f"OAPIF:{chosen}", layer="focusgebieden-2023")
    kinds = dict(zip(info["fields"].tolist(), info["dtypes"].tolist(), strict=True))
    assert kinds["population"] == kinds["lonely"] == "float64"
    assert kinds["population_voorlopig"] == "bool"
    assert kinds["population_reden"] == "object"
    assert _read(chosen, "focusgebieden-2023")["population_reden"] == ["NO_UNITS"]
