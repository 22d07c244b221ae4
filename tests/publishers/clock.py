"""A clock that only moves when somebody sleeps on it, and remembers for how long."""

from datetime import UTC, datetime, timedelta

from db.sources.retry import Clock

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class StoodClock:
    def __init__(self) -> None:
        self.waits: list[float] = []
        self.seconds = 0.0

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.seconds += seconds

    def clock(self) -> Clock:
        return Clock(
            monotonic=lambda: self.seconds,
            now=lambda: START + timedelta(seconds=self.seconds),
            sleep=self.sleep,
            chance=lambda: 1.0,
        )
