"""Files that are kept: however many are asked for, a process holds no more open than it says."""

import asyncio
import os
from pathlib import Path

import pytest

from service.rest import files
from service.rest.files import Shelf


def _open_files() -> int:
    return len(os.listdir("/proc/self/fd"))


def _making(length: int) -> files.Making:
    return lambda path: asyncio.to_thread(_write, path, length)


def _write(path: Path, length: int) -> None:
    path.write_bytes(bytes(length))


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts open files as Linux does")
async def test_many_small_files_do_not_all_stay_open() -> None:
    shelf, before = Shelf(), _open_files()

    for name in range(200):
        file = await shelf.held(name, "txt", _making(5))
    assert _open_files() - before <= 64
    assert await shelf.held(199, "txt", _making(5)) is file


async def test_large_files_push_each_other_out_by_their_bytes() -> None:
    shelf, made = Shelf(kept_bytes=10_000), list[str]()

    async def held(name: str, length: int) -> files.File:
        async def make(path: Path) -> None:
            made.append(name)
            await _making(length)(path)

        return await shelf.held(name, "bin", make)

    for name, length in (("one", 6000), ("two", 3000), ("one", 6000), ("three", 3000)):
        assert (await held(name, length)).length == length
    await held("too large to keep", 20_000)
    await held("one", 6000)
    await held("two", 3000)
    assert made == ["one", "two", "three", "too large to keep", "two"]
