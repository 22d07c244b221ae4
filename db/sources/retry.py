"""When to try again: exponential back-off with jitter that obeys Retry-After.

The clock is passed in, so a test of ten minutes of waiting takes no time.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TypeVar

from db.core.errors import FetchFailed, PublisherAsksToWait
from db.sources.policy import FetchPolicy

T = TypeVar("T")

RETRIED_STATUSES = frozenset({408, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Clock:
    monotonic: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = random.random


class Transient(Exception):
    """An attempt that may succeed when repeated; `final` is what to raise when it never does."""

    def __init__(self, final: FetchFailed, retry_after: float | None = None) -> None:
        super().__init__(str(final))
        self.final = final
        self.retry_after = retry_after


def parse_retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds to wait, from either form of RFC 9110 10.2.3; None when absent or nonsense."""
    if value is None:
        return None
    if value.strip().isdecimal():
        return float(value.strip())
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def backoff(attempt: int, policy: FetchPolicy, clock: Clock) -> float:
    """Seconds before the attempt after this one (counted from 1): half fixed, half chance."""
    full = min(policy.backoff_cap, policy.backoff_seconds * 2.0 ** (attempt - 1))
    return full * (0.5 + 0.5 * clock.chance())


async def persist(
    attempt: Callable[[], Awaitable[T]], *, policy: FetchPolicy, clock: Clock, what: str
) -> T:
    """Repeat `attempt` while it is Transient, within the policy's attempts and total time."""
    deadline = clock.monotonic() + policy.total_seconds
    tried = 0
    while True:
        tried += 1
        try:
            return await attempt()
        except Transient as failure:
            wait = max(backoff(tried, policy, clock), _asked(failure, policy, clock, what))
            if tried >= policy.attempts or clock.monotonic() + wait > deadline:
                raise failure.final from failure.__cause__
            await clock.sleep(wait)


def _asked(failure: Transient, policy: FetchPolicy, clock: Clock, what: str) -> float:
    seconds = failure.retry_after or 0.0
    if seconds > policy.retry_after_cap:
        # A year is as far as a date can sensibly lie; more is a publisher's mistake.
        until = clock.now() + timedelta(seconds=min(seconds, 31_536_000.0))
        raise PublisherAsksToWait(what, until.isoformat(timespec="minutes")) from failure
    return seconds
