"""One question to every service in turns, round after round, so that a busy moment hits them all.

CPU time is what counts: a machine that does other things makes answers later, not dearer.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import uvloop

from tests.load.client import Tally, load
from tests.load.measuring import cpu_milliseconds, memory
from tests.load.questions import Question
from tests.load.services import Service

_WARM_TIMES = 3
"""So many times a measurement's length each service is asked first: V8 compiles for seconds."""
_AGAIN_SECONDS = 0.3
"""Before each measurement, after others had their turn."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What one service did in one round; times in milliseconds, per request where not a latency."""

    requests: int
    per_second: float
    p50: float
    p99: float
    service: float
    postgres: float
    kilobytes: float
    resident: float
    shared_fairly: float
    bad: int

    @property
    def cpu(self) -> float:
        return self.service + self.postgres


def medians(rounds: Sequence[Figures]) -> Figures:
    """The median of each figure by itself, except that every bad answer counts."""
    return Figures(
        requests=sum(one.requests for one in rounds),
        per_second=median(one.per_second for one in rounds),
        p50=median(one.p50 for one in rounds),
        p99=median(one.p99 for one in rounds),
        service=median(one.service for one in rounds),
        postgres=median(one.postgres for one in rounds),
        kilobytes=median(one.kilobytes for one in rounds),
        resident=median(one.resident for one in rounds),
        shared_fairly=median(one.shared_fairly for one in rounds),
        bad=sum(one.bad for one in rounds),
    )


@dataclass(frozen=True, slots=True)
class Turn:
    """What is asked of whom, again and again."""

    name: str
    service: Service
    requests: Sequence[bytes]
    connections: int = 32
    status: int = 200
    postgres: int | None = None
    """Process id of the server that it reads from, where that is not the course's."""


@dataclass(frozen=True, slots=True)
class Course:
    """How long, how often, and on which server."""

    codes: Mapping[str, Sequence[str]]
    postgres: int
    """Process id of the server."""
    rounds: int
    seconds: float

    def ask(
        self, question: Question, services: Sequence[Service], connections: int | None = None
    ) -> dict[str, list[Figures]]:
        """The question to each service, with codes drawn at random."""
        return self.turns(
            [
                Turn(service.name, service, question.requests(service.name, self.codes),
                     connections or question.connections)
                for service in services
            ]
        )  # fmt: skip

    def turns(self, turns: Sequence[Turn]) -> dict[str, list[Figures]]:
        found: dict[str, list[Figures]] = {turn.name: [] for turn in turns}
        for turn in turns:
            # Plans are made, statements prepared and code compiled before anything is measured.
            _asked(turn, _WARM_TIMES * self.seconds)
        for _ in range(self.rounds):
            for turn in turns:
                found[turn.name].append(self.measured(turn))
        return found

    def measured(self, turn: Turn) -> Figures:
        service, postgres = turn.service, turn.postgres or self.postgres
        _asked(turn, min(_AGAIN_SECONDS, self.seconds))
        service_before = cpu_milliseconds(service.pid)
        postgres_before = cpu_milliseconds(postgres)
        tally = _asked(turn, self.seconds)
        service_after = cpu_milliseconds(service.pid)
        postgres_after = cpu_milliseconds(postgres)
        count, used = len(tally.latencies), memory(service.pid)
        ordered = sorted(tally.latencies)
        return Figures(
            requests=count,
            per_second=count / tally.seconds,
            p50=ordered[count // 2],
            p99=ordered[min(count - 1, int(count * 0.99))],
            service=(service_after - service_before) / count,
            postgres=(postgres_after - postgres_before) / count,
            kilobytes=tally.size / count / 1000,
            resident=used.resident,
            shared_fairly=used.shared_fairly,
            bad=tally.bad,
        )


def _asked(turn: Turn, seconds: float) -> Tally:
    work = load(
        turn.service.port,
        turn.requests,
        connections=turn.connections,
        seconds=seconds,
        status=turn.status,
    )
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)
