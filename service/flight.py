"""Work that callers wait for: done once for all who ask the same, ended when nobody waits."""

import asyncio
from collections.abc import Awaitable, Hashable
from typing import Any, Generic, TypeVar

from starlette.types import Receive

from service.limits import ClientGone
from service.request import Refused

T = TypeVar("T")


class Flights(Generic[T]):
    """What is under way, by the question it answers."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.flying: dict[Hashable, Flight[T]] = {}

    def under_way(self, key: Hashable) -> "Flight[T] | None":
        found = self.flying.get(key)
        return None if found is None or found.ended else found

    def begin(self, work: Awaitable[T], key: Hashable | None = None) -> "Flight[T]":
        """Start work; without a key nobody else joins it."""
        flight = Flight(work, self._seconds)
        if key is not None:
            self.flying[key] = flight
            flight.task.add_done_callback(lambda _: self._landed(key, flight))
        return flight

    def _landed(self, key: Hashable, flight: "Flight[T]") -> None:
        if self.flying.get(key) is flight:
            del self.flying[key]


class Flight(Generic[T]):
    """One piece of work and how many wait for it; all have the deadline of the first."""

    def __init__(self, work: Awaitable[T], seconds: float) -> None:
        self.task: asyncio.Future[T] = asyncio.ensure_future(work)
        # Whoever asked may have left before it fails.
        self.task.add_done_callback(_forget)
        self._seconds = seconds
        self._until = asyncio.get_running_loop().time() + seconds
        self._waiting = 0
        self.ended = False
        """Nobody waited any more: it brings nothing to those who come now."""

    async def landed(self, receive: Receive) -> T:
        """Until done, until the deadline, or until this caller no longer waits.

        Cancelled work is not waited for: taking leave of a frozen database has no bound.
        """
        self._waiting += 1
        gone = asyncio.ensure_future(_gone(receive))
        try:
            left = max(0.0, self._until - asyncio.get_running_loop().time())
            both: set[asyncio.Future[Any]] = {self.task, gone}
            done, _ = await asyncio.wait(both, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            if self.task in done:
                return self.task.result()
            raise ClientGone if done else _deadline_passed(self._seconds)
        finally:
            self._waiting -= 1
            _end(gone)
            if not self._waiting:
                self.ended = True
                _end(self.task)


async def _gone(receive: Receive) -> None:
    """Returns when the client has left; what it still sends is not ours."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _end(task: "asyncio.Future[Any]") -> None:
    if not task.done():
        task.cancel()
        task.add_done_callback(_forget)


def _forget(task: "asyncio.Future[Any]") -> None:
    """Take note of how cancelled work ended, so that nothing is logged about it."""
    if not task.cancelled():
        task.exception()


def _deadline_passed(seconds: float) -> Refused:
    return Refused(
        f"the answer took longer than {seconds:g} seconds; ask for less at once",
        status=503,
        code="DEADLINE_EXCEEDED",
        headers={"retry-after": "5"},
    )
