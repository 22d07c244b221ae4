"""Blocks in a folder for several processes: whole or not there, bounded, never worse than none."""

import gc
import os
import resource
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from db.core.block import Block
from db.core.levels import Level
from db.snapshot.keys import SeriesKey, Version
from db.snapshot.sharing import Sharing

VERSION = Version(3, datetime(2026, 1, 1, tzinfo=UTC))
LATER = Version(4, datetime(2026, 1, 2, tzinfo=UTC))
SHAPE = (3_000, 2)


def block(indicator: str = "population", *, seed: int = 1) -> Block:
    random = np.random.default_rng(seed)
    return Block(
        key=SeriesKey(indicator, Level.WIJK, 2024),
        periods=(2020, 2024),
        values=random.random(SHAPE),
        reasons=random.integers(0, 9, SHAPE, np.uint8),
        provisional=random.random(SHAPE) > 0.5,
        loads=random.integers(0, 2, SHAPE, np.uint8),
        load_ids=(7, 9),
        upper=random.random(SHAPE),
    )


BLOCK = block()
FILE_BYTES = 115_000
"""A little more than the file of one block."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "blocks"
    made.mkdir(0o700)
    return made


@pytest.fixture
def sharing(folder: Path) -> Sharing:
    return Sharing(folder, 100 * FILE_BYTES)


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def mappings(folder: Path) -> list[str]:
    """How this process has mapped the files of a folder: readable, shared, and not removed."""
    lines = Path("/proc/self/maps").read_text().splitlines()
    return [line.split()[1] for line in lines if str(folder) in line and "(deleted)" not in line]


def same(a: Block, b: Block) -> bool:
    arrays = ("values", "reasons", "provisional", "loads", "upper")
    return (
        (a.key, a.periods, a.load_ids, a.lower) == (b.key, b.periods, b.load_ids, b.lower)
        and all(np.array_equal(getattr(a, name), getattr(b, name)) for name in arrays)
        and a.nbytes == b.nbytes
    )


def test_a_block_comes_back_as_it_was_put(sharing: Sharing) -> None:
    mapped = sharing.put(BLOCK, VERSION)
    found = sharing.find(BLOCK.key, VERSION)
    assert mapped is not BLOCK
    assert found is not None
    assert same(mapped, BLOCK)
    assert same(found, BLOCK)


def test_nobody_can_write_into_a_mapped_block(sharing: Sharing) -> None:
    mapped = sharing.put(BLOCK, VERSION)
    with pytest.raises(ValueError, match="read-only"):
        mapped.values[0, 0] = 1.0


def test_another_process_maps_the_same_file(sharing: Sharing, folder: Path) -> None:
    sharing.put(BLOCK, VERSION)
    program = (
        "from tests.unit.test_sharing import *\n"
        f"found = Sharing(Path({str(folder)!r}), 10**9).find(BLOCK.key, VERSION)\n"
        "assert same(found, BLOCK)\n"
        f"assert mappings(Path({str(folder)!r})) == ['r--s']\n"
    )
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", program], check=True, cwd=root)


def test_another_version_is_another_block(sharing: Sharing) -> None:
    sharing.put(BLOCK, VERSION)
    other = block(seed=2)
    sharing.put(other, LATER)
    found = sharing.find(BLOCK.key, VERSION), sharing.find(BLOCK.key, LATER)
    assert found[0] is not None
    assert found[1] is not None
    assert same(found[0], BLOCK)
    assert same(found[1], other)


def test_a_mapping_outlives_its_file_and_ends_with_its_last_array(
    sharing: Sharing, folder: Path
) -> None:
    cells = sharing.put(BLOCK, VERSION).values[0]
    sharing.sweep((), 3)
    assert files(folder) == []
    assert np.array_equal(cells, BLOCK.values[0])
    assert str(folder) in Path("/proc/self/maps").read_text()
    del cells
    gc.collect()
    assert str(folder) not in Path("/proc/self/maps").read_text()


def test_a_mapped_block_takes_no_file_descriptor(sharing: Sharing) -> None:
    before = len(os.listdir("/proc/self/fd"))
    mapped = [sharing.put(block(f"indicator-{i}"), VERSION) for i in range(20)]
    assert len(mapped) == 20
    assert len(os.listdir("/proc/self/fd")) == before


def test_sweeping_keeps_what_is_wanted_and_what_is_of_a_later_publication(
    sharing: Sharing, folder: Path
) -> None:
    gone = block("gone")
    for each, version in ((BLOCK, VERSION), (gone, VERSION), (gone, LATER)):
        sharing.put(each, version)
    sharing.sweep([(BLOCK.key, VERSION)], 3)
    assert len(files(folder)) == 2
    assert sharing.find(gone.key, VERSION) is None


def test_a_full_folder_loses_what_was_not_used_for_longest(folder: Path) -> None:
    sharing = Sharing(folder, 2 * FILE_BYTES)
    first, second, third = (block(name) for name in ("first", "second", "third"))
    sharing.put(first, VERSION)
    sharing.put(second, VERSION)
    sharing.find(first.key, VERSION)
    sharing.put(third, VERSION)
    found = [sharing.find(each.key, VERSION) is not None for each in (first, second, third)]
    assert found == [True, False, True]
    assert sum(path.stat().st_size for path in folder.iterdir()) <= 2 * FILE_BYTES


def test_a_block_larger_than_the_folder_may_be_stays_private(folder: Path) -> None:
    assert Sharing(folder, 1_000).put(BLOCK, VERSION) is BLOCK


def test_a_full_disk_leaves_the_block_private_and_no_half_file(
    sharing: Sharing, folder: Path
) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    # The nearest thing to a full disk that needs no disk: no file may pass 40 kB.
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, hard))
    try:
        put = sharing.put(BLOCK, VERSION)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert put is BLOCK
    assert files(folder) == []


def test_a_folder_that_is_gone_leaves_the_block_private(sharing: Sharing, folder: Path) -> None:
    folder.rmdir()
    assert sharing.put(BLOCK, VERSION) is BLOCK
    assert sharing.find(BLOCK.key, VERSION) is None


@pytest.mark.parametrize("damage", [b"", b"\xff" * 100, b"\x10\x00\x00\x00{}", None])
def test_a_damaged_file_is_removed_and_not_read(
    sharing: Sharing, folder: Path, damage: bytes | None
) -> None:
    sharing.put(BLOCK, VERSION)
    path = next(folder.iterdir())
    path.write_bytes(path.read_bytes()[:-64] if damage is None else damage)
    assert sharing.find(BLOCK.key, VERSION) is None
    assert files(folder) == []


def test_what_a_killed_process_left_is_cleared_when_it_is_old(
    sharing: Sharing, folder: Path
) -> None:
    abandoned, young = folder / "3-aa.1.0.part", folder / "3-bb.1.0.part"
    for path in (abandoned, young):
        path.write_bytes(b"half")
    os.utime(abandoned, (0, 0))
    sharing.sweep((), 3)
    assert files(folder) == [young.name]


def test_two_that_put_the_same_block_map_one_file(sharing: Sharing, folder: Path) -> None:
    blocks = [each.put(BLOCK, VERSION) for each in (sharing, Sharing(folder, 10**9))]
    assert same(*blocks)
    assert len(files(folder)) == 1
    assert mappings(folder) == ["r--s", "r--s"]


def test_small_blocks_are_not_worth_a_file(sharing: Sharing, folder: Path) -> None:
    one = np.ones((10, 1))
    small = Block(
        BLOCK.key, (2024,), one, one.astype(np.uint8), one > 0, one.astype(np.uint8), (1,)
    )
    assert sharing.put(small, VERSION) is small
    assert files(folder) == []


def test_a_folder_that_others_can_enter_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with pytest.raises(ValueError, match="0700"):
        Sharing(tmp_path, 1)


def test_a_link_in_place_of_the_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(folder)
    with pytest.raises(ValueError, match="must be a folder"):
        Sharing(link, 1)
