"""GDAL (the wheel of pyogrio) reads tiles over a real socket, by two of its drivers."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from db.pool import connect
from service.example import QUERY
from service.serving import application
from service.settings import Settings
from tests.api.listening import listening
from tests.database.endless_maps import CODES, moved, publish_map

_RD = {"MINX": "-285401", "MINY": "22599", "MAXX": "595401", "MAXY": "903401"}
_WEB = {"MINX": "300000", "MINY": "6500000", "MAXX": "900000", "MAXY": "7200000"}


@pytest.fixture
async def service(database: str, tmp_path: Path) -> AsyncIterator[str]:
    """Where three wijken of a kilometre are served, with the links that lead there."""
    connection = await connect(database)
    await publish_map(connection, 0)
    await connection.close()
    apps: list[ASGIApp] = [Starlette()]

    async def later(scope: Scope, receive: Receive, send: Send) -> None:
        await apps[0](scope, receive, send)

    async with listening(application=later) as port:
        address = f"http://127.0.0.1:{port}"
        given = {"LEEFBAARHEID_DATA_DIR": str(tmp_path), "LEEFBAARHEID_PUBLIC_URL": address}
        app = application(Settings.from_environ(given), database, QUERY)
        async with app.router.lifespan_context(app):
            apps[0] = app
            yield f"{address}/v1/collections/wijken-2024"
            apps[0] = Starlette()


_READ = """
import json, sys, pyogrio, shapely
found = []
for source, asked in json.loads(sys.argv[1]):
    meta, table = pyogrio.read_arrow(source, **asked)
    shapes = shapely.from_wkb(table[meta["geometry_name"] or "wkb_geometry"].to_numpy())
    codes = sorted(set(table["code"].to_pylist()))
    found.append([meta["crs"], codes, shapely.total_bounds(shapes).tolist()])
print(json.dumps(found))
"""
"""In a process of its own: GDAL holds the interpreter while it waits for us."""


async def _read(*asked: tuple[str, dict[str, str]]) -> list[Any]:
    """Of each source the system, the codes and the box around all shapes."""
    reading = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _READ, json.dumps(asked),
        stdout=subprocess.PIPE, env={**os.environ, "NO_PROXY": "127.0.0.1"},
    )  # fmt: skip
    said, _ = await asyncio.wait_for(reading.communicate(), 60)
    found: list[Any] = json.loads(said)
    return found


async def test_gdal_reads_tiles_by_the_links_of_a_collection_and_by_their_address(
    service: str,
) -> None:
    linked, tile = f"OGCAPI:{service}", f"{service}/tiles/WebMercatorQuad/5/10/16?f=mvt"
    place = {"Z": "5", "Y": "10", "X": "16"}
    national, web, whole, in_parts = await _read(
        (linked, {"layer": "Zoom level 6", "TILEMATRIXSET": "NetherlandsRDNewQuad", **_RD}),
        (linked, {"layer": "Zoom level 11", "TILEMATRIXSET": "WebMercatorQuad", **_WEB}),
        (f"MVT:{tile}", place),
        (f"/vsicurl/{tile}", place),
    )
    shapes = moved(0).areas[0].shapes
    assert shapes is not None
    assert national[0] == "EPSG:28992"
    assert np.allclose(national[2], shapely.total_bounds(shapes), atol=4)
    assert {each[0] for each in (web, whole, in_parts)} == {"EPSG:3857"}
    for each in (national, web, whole, in_parts):
        assert each[1] == sorted(CODES)
