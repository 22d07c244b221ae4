"""Loaders run in a process of their own: a crash of a native library is a failed load, no more.

Shapes are drawn in a second one, which knows no loader and so has memory for a country's vertices.
Both are replaced after a large file, so that its memory does not stay.
"""

import asyncio
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from typing import TypeVar

import pyarrow as pa

from db.core.errors import BrokenLoad
from db.core.figures import Parsed
from db.ingest.drawing import Drawn, Prepared, draw
from db.sources.dataset import Dataset, Payload

T = TypeVar("T")
_LARGE = 8_000_000
AT_ONCE = 2
"""Maps in work at a time: to draw the largest takes 460 MB and 30 seconds."""


class Parser:
    """Runs one loader at a time, then draws the shapes that it found."""

    def __init__(self) -> None:
        self._loading, self._drawing = Worker(), Worker()

    async def parse(self, dataset: Dataset, payload: Payload) -> Prepared:
        size = sum(path.stat().st_size for paths in payload.parts.values() for path in paths)
        parsed = await self._loading.run(partial(_load, dataset, payload), dataset.id)
        if size > _LARGE:
            self._loading.replace()
        drawn: list[Drawn | None] = []
        for areas in parsed.areas:
            if areas.shapes is None or areas.crs is None:
                drawn.append(None)
            else:
                work = partial(draw, areas.shapes, areas.crs)
                drawn.append(await self._drawing.run(work, dataset.id))
        if size > _LARGE:
            self._drawing.replace()
        return Prepared(parsed, drawn)

    def close(self) -> None:
        self._loading.close()
        self._drawing.close()


class Worker:
    """One child process; a fresh one takes the place of one that died or grew."""

    def __init__(self) -> None:
        self._pool = _fresh_pool()

    async def run(self, work: Callable[[], T], dataset: str) -> T:
        try:
            return await asyncio.wrap_future(self._pool.submit(work))
        except BrokenProcessPool:
            self.replace()
            raise BrokenLoad(f"{dataset}: the loader's process died on this file") from None

    def replace(self) -> None:
        self._pool.shutdown(wait=False)
        self._pool = _fresh_pool()

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def parser() -> Iterator[Parser]:
    running = Parser()
    try:
        yield running
    finally:
        running.close()


@contextmanager
def workers(jobs: int) -> Iterator[list[Worker]]:
    """Processes for jobs of which the largest take half a gigabyte: no more than AT_ONCE."""
    children = [Worker() for _ in range(min(jobs, AT_ONCE, os.cpu_count() or 1))]
    try:
        yield children
    finally:
        for child in children:
            child.close()


def _load(dataset: Dataset, payload: Payload) -> Parsed:
    # Arrow's own allocator keeps what it has freed: 50 MB of a KWB table, measured.
    pa.set_memory_pool(pa.system_memory_pool())
    parsed = dataset.loader(dataset, payload)
    parsed.account.check()
    return parsed


def _fresh_pool() -> ProcessPoolExecutor:
    """A pool of one process that does not import the command line.

    A spawned process runs the parent's main script again, for the sake of what is defined there:
    nothing we send, a second and 70 MB.
    """
    pool = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
    main = sys.modules["__main__"]
    file, main.__file__ = getattr(main, "__file__", None), None
    try:
        pool.submit(int)
    finally:
        main.__file__ = file
    return pool
