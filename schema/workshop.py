"""What takes longer than other requests may be held up: made in a thread, once however many ask.

One thing at a time, so that the memory which making takes is that of one. What is made sees only
what it is given: nothing of a request, and nothing that changes.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Work(Generic[T]):
    """Something to make; of one name there is one thing in a publication."""

    name: Hashable
    make: Callable[[], T] = field(compare=False, repr=False)
    """Called in a thread."""
    keep: Callable[[T], None] = field(compare=False, repr=False)
    """Called with what was made, not in a thread; it need not stay there."""


class Workshop:
    """Makes what requests of one publication wait for."""

    def __init__(self) -> None:
        self._being_made: dict[Hashable, asyncio.Task[object]] = {}
        self._one = asyncio.Lock()

    def made(self, work: Work[T]) -> Awaitable[T]:
        """What work makes; whoever gives up waiting takes it from nobody else."""
        task = self._being_made.get(work.name)
        if task is None:
            task = asyncio.ensure_future(self._make(work))
            self._being_made[work.name] = task
            task.add_done_callback(lambda _: self._being_made.pop(work.name))
        return asyncio.shield(task)  # type: ignore[arg-type]

    async def _make(self, work: Work[T]) -> T:
        async with self._one:
            made = await asyncio.to_thread(work.make)
        work.keep(made)
        return made
