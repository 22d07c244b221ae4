"""Run as a process of its own: a million values as a file of each format, and what memory it takes.

Prints for each format the bytes sent, the megabytes of memory more than before any of them, and the
longest that the loop was held up, in milliseconds.
"""

import asyncio
import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from starlette.types import Message

from db.core.block import SeriesKey
from db.core.levels import Level, Terrain
from tests.api.resting import Held, rest_app
from tests.api.sample import SampleStore, open_sample

AREAS, YEARS = 25_000, 40
_KEY = SeriesKey("population", Level.WIJK, 2024)


def large_store(areas: int = AREAS, years: int = YEARS) -> SampleStore:
    """The sample country with so many wijken, each with a value of so many years."""
    store = SampleStore()
    table, block = store.tables[Level.WIJK, 2024], store.blocks[_KEY]
    nowhere = np.full((areas, 4), np.nan)
    store.tables[Level.WIJK, 2024] = replace(
        table,
        ids=np.arange(areas, dtype=np.int32),
        codes=tuple(f"WK{i:06d}" for i in range(areas)),
        names=tuple(f"Wijk {i}" for i in range(areas)),
        terrains=(Terrain.LAND,) * areas,
        parents=tuple(f"GM{i // 100:04d}" for i in range(areas)),
        bounds=nowhere, centroids=nowhere[:, :2],
        changes=(1,) * areas, loads=(1,) * areas, shape_loads=(1,) * areas, ordinals={},
    )  # fmt: skip
    shape = (areas, years)
    store.blocks = {
        _KEY: replace(
            block,
            periods=tuple(range(2025 - years, 2025)),
            values=np.arange(areas * years, dtype=np.float64).reshape(shape) / 4,
            reasons=np.zeros(shape, np.uint8),
            provisional=np.zeros(shape, np.bool_),
            loads=np.zeros(shape, np.uint8),
        )
    }
    return store


def resident() -> float:
    """Megabytes of this process now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


class _Watch:
    """The longest that others had to wait for their turn, in milliseconds."""

    def __init__(self) -> None:
        self.longest = 0.0

    async def run(self) -> None:
        while True:
            begun = time.perf_counter()
            await asyncio.sleep(0.001)
            self.longest = max(self.longest, (time.perf_counter() - begun) * 1000 - 1)


async def _fetched(app: Any, query: str) -> tuple[int, float]:
    """How many bytes came, and the most memory there was while they came."""
    size, most = 0, 0.0

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal size, most
        assert message.get("status", 200) == 200, message
        size += len(message.get("body", b""))
        most = max(most, resident())

    path = "/v1/waarnemingen"
    scope = {
        "type": "http", "http_version": "1.1", "method": "GET", "path": path, "root_path": "",
        "raw_path": path.encode(), "query_string": query.encode(), "scheme": "http",
        "headers": [], "server": ("service.test", 80), "client": ("test", 1), "state": {},
    }  # fmt: skip
    await app(scope, receive, send)
    return size, most


async def measured(formats: list[str]) -> dict[str, dict[str, float]]:
    store = large_store()
    app = rest_app(Held(store, await open_sample(store)))
    query = "indicator=population&niveau=wijk&f="
    # What is loaded once for all: libraries, and the table of areas.
    for name in formats:
        await _fetched(app, f"{query}{name}&gemeenteCode=GM0001&jaar=2024")
    found, before = {}, resident()
    for name in formats:
        watch = _Watch()
        task = asyncio.ensure_future(watch.run())
        begun = time.perf_counter()
        size, most = await _fetched(app, query + name)
        seconds = time.perf_counter() - begun
        task.cancel()
        found[name] = {
            "bytes": size, "more": most - before, "held_up": watch.longest, "seconds": seconds,
        }  # fmt: skip
    return found


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measured(sys.argv[1:]))))
