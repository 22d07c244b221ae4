"""Health: alive without conditions, ready only with a store and a publication."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest

from service.health import Readiness
from tests.api.small import client


async def _broken() -> Readiness:
    raise OSError("connection to /var/run refused for user secret")


async def _hanging() -> Readiness:
    await asyncio.sleep(60)
    return Readiness(database=True, publication=1)


def _always(readiness: Readiness) -> Callable[[], Awaitable[Readiness]]:
    async def ready() -> Readiness:
        return readiness

    return ready


async def test_the_process_lives_even_when_the_store_does_not() -> None:
    async with client(ready=_broken) as http:
        answer = await http.get("/health/live")

    assert (answer.status_code, answer.json()) == (200, {"status": "live"})
    assert answer.headers["cache-control"] == "no-store"


async def test_ready_names_the_publication_served() -> None:
    async with client(ready=_always(Readiness(database=True, publication=12))) as http:
        answer = await http.get("/health/ready")

    assert answer.status_code == 200
    assert answer.json() == {"status": "ready", "database": True, "publication": 12}
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "readiness",
    [Readiness(database=True, publication=None), Readiness(database=False, publication=12)],
)
async def test_without_store_or_publication_it_is_not_ready(readiness: Readiness) -> None:
    async with client(ready=_always(readiness)) as http:
        answer = await http.get("/health/ready")

    assert (answer.status_code, answer.json()["status"]) == (503, "not ready")
    assert answer.headers["retry-after"] == "1"


async def test_a_store_that_fails_is_not_ready_and_says_nothing_of_why() -> None:
    async with client(ready=_broken) as http:
        answer = await http.get("/health/ready")

    assert answer.json() == {"status": "not ready", "database": False, "publication": None}


async def test_a_store_that_hangs_is_not_ready_within_two_seconds() -> None:
    began = time.monotonic()
    async with client(ready=_hanging) as http:
        answer = await http.get("/health/ready")

    assert answer.status_code == 503
    assert time.monotonic() - began < 2
