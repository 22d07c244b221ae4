"""The map as a person sees it: drawn by MapLibre in Chromium from our tiles, pixel by pixel."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import httpx
import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from db.core.crs import CRS84, RD, transform
from service.example import QUERY
from service.serving import application
from tests.api.listening import listening
from tests.api.small import settings
from tests.browser.chromium import NoBrowser, installed
from tests.browser.devtools import Page, browsing
from tests.browser.png import pixels
from tests.database.country import dataset, parsed, publish

FILL, POINTED, PAPER = (0x9F, 0xC9, 0xE8), (0x00, 0x53, 0x8F), (255, 255, 255)
_PADDING, _BELOW = 20, 48
"""Pixels of room around a map, and under it, where the line of sources is."""
_NAMES = {"WK900100": "Haak", "WK900101": "Driehoek", "WK900102": "Eilanden"}
_X, _Y = 150_000, 450_000
# One with a corner cut out and a hole, one without right angles, one in two parts: a map that is
# mirrored, turned or moved differs.
_HOOK = shapely.Polygon(
    [(0, 0), (9000, 0), (9000, 3000), (3000, 3000), (3000, 12000), (0, 12000)],
    [[(1000, 1000), (1000, 2000), (2500, 2000), (2500, 1000)]],
)
_TRIANGLE = shapely.Polygon([(9000, 0), (16000, 2000), (9000, 3000)])
_ISLANDS = shapely.MultiPolygon(
    [shapely.box(6000, 7000, 8000, 12000), shapely.box(12000, 8000, 16000, 9000)]
)
SHAPES = shapely.transform(
    np.array([_HOOK, _TRIANGLE, _ISLANDS]), lambda points: points + np.array([_X, _Y])
)


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The browser; where it cannot be had, its tests skip and say why.

    With LEEFBAARHEID_REQUIRE_BROWSER set, as .ci/run does, they fail instead.
    """
    try:
        return installed()
    except NoBrowser as why:
        if os.environ.get("LEEFBAARHEID_REQUIRE_BROWSER"):
            pytest.fail(str(why))
        pytest.skip(str(why))


@dataclass(frozen=True)
class View:
    """What the page shows of the world: all of the map's bounds, with room around them."""

    left: float
    top: float
    width: float
    height: float
    bounds: list[float]

    def degrees(self, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> NDArray[np.float64]:
        """Longitude and latitude of the middle of pixels of the screenshot."""
        west, south, east, north = np.radians(self.bounds)
        low, high = np.arcsinh(np.tan([south, north]))
        height = self.height - _PADDING - _BELOW
        size = max((east - west) / (self.width - 2 * _PADDING), (high - low) / height)
        x = (west + east) / 2 + (columns + 0.5 - self.left - self.width / 2) * size
        y = (low + high) / 2 - (rows + 0.5 - self.top - _PADDING - height / 2) * size
        found: NDArray[np.float64] = np.degrees(np.column_stack([x, np.arctan(np.sinh(y))]))
        return found


@asynccontextmanager
async def _serving(dsn: str) -> AsyncIterator[str]:
    app = application(settings(), dsn, QUERY)
    async with listening(application=app) as port:
        yield f"http://127.0.0.1:{port}"


async def _publish(connection: asyncpg.Connection) -> None:
    made = parsed({}, names=_NAMES, shapes=True)
    made.areas[0].shapes = SHAPES
    await publish(connection, (dataset(), made), fictional=True)


async def test_maplibre_draws_every_area_where_it_is(
    chromium: Path, database: str, connection: asyncpg.Connection
) -> None:
    await _publish(connection)
    async with _serving(database) as address:
        async with httpx.AsyncClient() as client:
            tilejson = "/v1/collections/wijken-2024/tiles/WebMercatorQuad?f=tilejson"
            bounds = (await client.get(address + tilejson)).json()["bounds"]
        await asyncio.to_thread(_look, chromium, address, bounds)


def _look(home: Path, address: str, bounds: list[float]) -> None:
    with browsing(home) as page:
        page.go(f"{address}/v1/kaart")
        page.until("document.title.includes('Wijken 2024 (fictief')")
        view = _view(page, bounds)
        assert "fictief" in page.evaluate("document.querySelector('.notice').textContent")
        seen = pixels(page.screenshot())
        inside, areas = _expected(seen, view)
        # Half of the pixels could not be mistaken for those of an empty map.
        assert 0.1 < (areas[inside] >= 0).mean() < 0.6
        assert set(areas[inside].tolist()) == {-1, 0, 1, 2}
        _agree(seen, inside, areas >= 0, FILL)
        _agree(seen, inside, areas < 0, PAPER)
        _point_at(page, view, inside, areas)
        _point_with_keys(page)
        # Held by now: what was not sent again must not take away what may be loaded.
        page.go(f"{address}/v1/kaart")
        page.until("document.title.includes('Wijken 2024 (fictief')")
        page.go(f"{address}/v1/kaart?lang=en")
        page.until("document.title.includes('Wijken 2024 (fictional')")
        assert page.complaints == []


def _point_at(page: Page, view: View, inside: NDArray[np.bool_], areas: NDArray[np.int64]) -> None:
    """Pointing at one island colours both, by code, and says what it is."""
    row, column = np.argwhere(inside & (areas == 2))[0].tolist()
    page.tell("Input.dispatchMouseEvent", type="mouseMoved", x=column, y=row)
    page.until("document.getElementById('area').textContent.includes('Eilanden (WK900102)')")
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    seen = pixels(page.screenshot())
    _agree(seen, inside, areas == 2, POINTED)
    _agree(seen, inside, (areas == 0) | (areas == 1), FILL)


def _point_with_keys(page: Page) -> None:
    """Who has no mouse points with the middle of the map, which lies above the hook."""
    key = {"key": "ArrowDown", "code": "ArrowDown", "windowsVirtualKeyCode": 40}
    page.evaluate("document.querySelector('canvas').focus({focusVisible: true})")
    for _ in range(4):
        page.tell("Input.dispatchKeyEvent", type="keyDown", **key)
        page.tell("Input.dispatchKeyEvent", type="keyUp", **key)
        page.evaluate("new Promise(done => setTimeout(done, 500))")
        if "Haak" in page.evaluate("document.getElementById('area').textContent"):
            return
    raise AssertionError(page.evaluate("document.getElementById('area').textContent"))


def _agree(
    seen: NDArray[np.uint8],
    inside: NDArray[np.bool_],
    chosen: NDArray[np.bool_],
    colour: tuple[int, int, int],
) -> None:
    """Every one of the chosen pixels has a colour, give or take how a renderer rounds."""
    found = seen[inside & chosen].astype(int)
    off = np.abs(found - np.array(colour)).max(axis=1) > 2
    assert not off.any(), f"{off.sum()} of {len(off)} pixels are other, as {found[off][:3]}"


def _view(page: Page, bounds: list[float]) -> View:
    left, top, width, height = page.evaluate(
        "(({x, y, width, height}) => [x, y, width, height])"
        "(document.getElementById('map').getBoundingClientRect())"
    )
    return View(left, top, width, height, bounds)


def _expected(seen: NDArray[np.uint8], view: View) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Which pixels show the map, away from borders and buttons; of which area each is, or -1."""
    height, width = seen.shape[:2]
    rows, columns = np.mgrid[0:height, 0:width]
    points = transform(view.degrees(rows.ravel(), columns.ravel()), CRS84, RD)
    points_there = shapely.points(points)
    areas = np.full(height * width, -1)
    for number, shape in enumerate(SHAPES):
        shapely.prepare(shape)
        areas[shapely.contains(shape, points_there)] = number
    metres = np.hypot(*(points[1] - points[0]))
    borders = shapely.union_all(shapely.boundary(SHAPES)).buffer(3 * metres)
    shapely.prepare(borders)
    away = ~shapely.contains(borders, points_there).reshape(height, width)
    inside = away & (rows > view.top + 2) & (rows < height - 40)
    # The buttons to come closer are at the top right.
    inside &= (columns < width - 60) | (rows > view.top + 120)
    return inside, areas.reshape(height, width)
