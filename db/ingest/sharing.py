"""Work that is divided by size: the small here and now, the large among processes."""

import asyncio
from typing import Protocol, TypeVar

from db.ingest.parsing import Worker, workers

T = TypeVar("T")


class Shared(Protocol[T]):
    """Work of which anybody takes the next that waits."""

    waiting: list[T]

    async def go_on(self, worker: Worker | None) -> None:
        """Do one after the other until none waits."""


async def share_out(work: Shared[T], large: list[T]) -> None:
    """Do what waits, then the large; the first fault is raised when all have ended."""
    await work.go_on(None)
    work.waiting = large
    with workers(len(large)) as children:
        ended = await asyncio.gather(*map(work.go_on, children), return_exceptions=True)
    for why in ended:
        if why is not None:
            raise why
