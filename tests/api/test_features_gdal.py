"""GDAL as people have it (the wheel of pyogrio, which geopandas reads with) over a real socket."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from urllib.parse import quote

import numpy as np
import pyogrio
import pytest
import shapely
import uvicorn

from db.core.crs import CRS84, RD, transform
from tests.api.mapped import MappedStore
from tests.api.resting import Held, rest_app
from tests.api.sample import open_sample


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where the sample country is served."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        found = f"http://127.0.0.1:{listening.getsockname()[1]}"
        store = MappedStore()
        app = rest_app(Held(store, asyncio.run(open_sample(store))), found)
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
