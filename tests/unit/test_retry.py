"""When an attempt is repeated, and after how long."""

from datetime import timedelta
from email.utils import format_datetime

import pytest

from db.core.errors import PublisherAsksToWait, PublisherUnavailable
from db.sources.policy import FetchPolicy
from db.sources.retry import Clock, Transient, backoff, parse_retry_after, persist
from tests.publishers.clock import START, StoodClock

POLICY = FetchPolicy(attempts=4, backoff_seconds=1.0, retry_after_cap=60.0)


class Attempts:
    """Fails a number of times, then succeeds."""

    def __init__(self, failures: int, retry_after: float | None = None) -> None:
        self.made = 0
        self._failures = failures
        self._retry_after = retry_after

    async def __call__(self) -> str:
        self.made += 1
        if self.made <= self._failures:
            raise Transient(PublisherUnavailable("example"), self._retry_after)
        return "done"


async def tried(attempts: Attempts, stood: StoodClock, policy: FetchPolicy = POLICY) -> str:
    return await persist(attempts, policy=policy, clock=stood.clock(), what="example")


async def test_a_passing_failure_is_repeated_with_growing_waits() -> None:
    stood = StoodClock()

    assert await tried(Attempts(3), stood) == "done"

    assert stood.waits == [1.0, 2.0, 4.0]


async def test_the_last_failure_is_raised_as_what_it_means() -> None:
    attempts = Attempts(9)

    with pytest.raises(PublisherUnavailable):
        await tried(attempts, StoodClock())

    assert attempts.made == 4


async def test_retry_after_lengthens_the_wait() -> None:
    stood = StoodClock()

    await tried(Attempts(1, retry_after=30.0), stood)

    assert stood.waits == [30.0]


async def test_a_retry_after_over_the_cap_fails_at_once_and_says_until_when() -> None:
    stood = StoodClock()

    with pytest.raises(PublisherAsksToWait, match="2026-03-01T13:00"):
        await tried(Attempts(1, retry_after=3_600.0), stood)

    assert stood.waits == []


async def test_no_wait_is_begun_that_would_pass_the_total_time() -> None:
    stood = StoodClock()
    policy = FetchPolicy(attempts=50, total_seconds=10.0)

    with pytest.raises(PublisherUnavailable):
        await tried(Attempts(99), stood, policy)

    assert stood.seconds <= 10.0


def test_half_of_a_wait_is_chance_so_that_clients_do_not_march_in_step() -> None:
    shortest = backoff(3, POLICY, Clock(chance=lambda: 0.0))
    longest = backoff(3, POLICY, Clock(chance=lambda: 1.0))

    assert (shortest, longest) == (2.0, 4.0)


def test_waits_stop_growing_at_the_cap() -> None:
    assert backoff(1_000, POLICY, Clock(chance=lambda: 1.0)) == POLICY.backoff_cap


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (format_datetime(START + timedelta(seconds=90), usegmt=True), 90.0),
        (format_datetime(START - timedelta(seconds=90), usegmt=True), 0.0),
        ("soon", None),
        ("-5", None),
        (None, None),
    ],
)
def test_retry_after_is_read_in_both_its_forms(value: str | None, seconds: float | None) -> None:
    assert parse_retry_after(value, START) == seconds
