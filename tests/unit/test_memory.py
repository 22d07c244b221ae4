"""Memory stays under its bound, loads once, and lets go first of what is no longer served."""

import asyncio
from datetime import UTC, datetime

import pytest

from db.core.levels import Level
from db.core.simplify import Detail
from db.snapshot.keys import Key, ShapesKey, Version
from db.snapshot.memory import Memory, View
from db.snapshot.shape_pack import ShapePack

ONE = Version(1, datetime(2026, 1, 1, tzinfo=UTC))
TWO = Version(2, datetime(2026, 1, 2, tzinfo=UTC))
PACK_BYTES = 10_000
BOUND = 35_000
"""Room for three packs and what it takes to keep them."""


def key(number: int) -> ShapesKey:
    return ShapesKey(Level.WIJK, 2024, Detail.FULL, 4326, number)


async def pack(nbytes: int = PACK_BYTES) -> ShapePack:
    return ShapePack(("x" * nbytes,))


def view_of(memory: Memory, version: Version = ONE) -> View:
    return memory.view(lambda _: version)


def at_hand(view: View) -> list[int]:
    return sorted(each.pack for each in view.kept if isinstance(each, ShapesKey))


async def fill(memory: Memory, *numbers: int, version: Version = ONE) -> None:
    for number in numbers:
        await memory.get((key(number), version), pack)


async def test_it_never_holds_more_than_its_bound() -> None:
    memory = Memory(BOUND)
    view = view_of(memory)
    for number in range(10):
        await fill(memory, number)
        assert memory.nbytes <= BOUND
    assert at_hand(view) == [7, 8, 9]


async def test_what_is_larger_than_the_bound_is_answered_and_not_kept() -> None:
    memory = Memory(BOUND)
    view = view_of(memory)
    await fill(memory, 1)
    large = await memory.get((key(2), ONE), lambda: pack(BOUND))
    assert large.nbytes > BOUND
    assert at_hand(view) == [1]


async def test_what_was_used_outlives_what_was_not() -> None:
    memory = Memory(BOUND)
    view = view_of(memory)
    await fill(memory, 1, 2, 3)
    await fill(memory, 1)
    await fill(memory, 4)
    assert at_hand(view) == [1, 3, 4]


async def test_what_is_old_goes_before_what_is_served() -> None:
    memory = Memory(BOUND)
    old, new = view_of(memory, ONE), view_of(memory, TWO)
    await fill(memory, 1, 2, version=TWO)
    await fill(memory, 3, version=ONE)
    await fill(memory, 3, version=ONE)
    memory.serve(new)
    await fill(memory, 4, version=TWO)
    assert at_hand(old) == []
    assert at_hand(new) == [1, 2, 4]


async def test_warming_pushes_out_nothing_that_is_served() -> None:
    memory = Memory(BOUND)
    served, following = view_of(memory, ONE), view_of(memory, TWO)
    await fill(memory, 1, 2, 3)
    memory.serve(served)
    warmed = await memory.get((key(1), TWO), pack, push_out=False)
    assert isinstance(warmed, ShapePack)
    assert (at_hand(served), at_hand(following)) == ([1, 2, 3], [])


async def test_what_is_old_is_forgotten_when_swept() -> None:
    memory = Memory(BOUND)
    old = view_of(memory, ONE)
    await fill(memory, 1)
    memory.serve(view_of(memory, TWO))
    await memory.sweep((), 2)
    assert (at_hand(old), memory.nbytes) == ([], 0)


async def test_a_view_made_later_has_what_is_there_of_its_versions() -> None:
    memory = Memory(BOUND)
    await fill(memory, 1, 2)
    await fill(memory, 2, version=TWO)
    view = memory.view(lambda each: TWO if each == key(2) else ONE)
    assert at_hand(view) == [1, 2]
    assert view.kept[key(2)] is view_of(memory, TWO).kept[key(2)]


async def test_two_publications_of_one_number_share_nothing() -> None:
    memory = Memory(BOUND)
    await fill(memory, 1)
    restored = Version(ONE.publication, datetime(2026, 2, 1, tzinfo=UTC))
    assert at_hand(view_of(memory, restored)) == []


async def test_a_caller_that_goes_away_does_not_take_the_load_from_the_others() -> None:
    memory, may_load = Memory(BOUND), asyncio.Event()
    loads = 0

    async def slowly() -> ShapePack:
        nonlocal loads
        loads += 1
        await may_load.wait()
        return await pack()

    edition: tuple[Key, Version] = (key(1), ONE)
    callers = [asyncio.create_task(memory.get(edition, slowly)) for _ in range(3)]
    await asyncio.sleep(0)
    callers[0].cancel()
    may_load.set()
    left, *answered = await asyncio.gather(*callers, return_exceptions=True)
    assert isinstance(left, asyncio.CancelledError)
    assert (loads, {type(each) for each in answered}) == (1, {ShapePack})


async def test_a_load_that_failed_is_tried_again() -> None:
    memory = Memory(BOUND)

    async def fails() -> ShapePack:
        raise OSError("away")

    with pytest.raises(OSError, match="away"):
        await memory.get((key(1), ONE), fails)
    assert isinstance(await memory.get((key(1), ONE), pack), ShapePack)


async def test_what_a_late_request_loads_of_an_old_publication_goes_first() -> None:
    memory = Memory(BOUND)
    old, new = view_of(memory, ONE), view_of(memory, TWO)
    memory.serve(new)
    await fill(memory, 1, version=ONE)
    await fill(memory, 1, 2, 3, version=TWO)
    assert (at_hand(old), at_hand(new)) == ([], [1, 2, 3])
