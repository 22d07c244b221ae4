"""Mode `peers`: every question to every service, our cache of whole answers off."""

from collections.abc import Sequence
from contextlib import ExitStack

from tests.load.agreement import Disagreement, NotAnswered, agree
from tests.load.bench import Bench, Outcome, Rounds
from tests.load.documents import OURS
from tests.load.rounds import Figures, medians
from tests.load.services import Ground, PeerMissing, Service, started
from tests.load.table import MISSED, print_question, verdict


def run(bench: Bench) -> Outcome:
    measured: Rounds = {}
    skipped: list[str] = []
    with ExitStack() as stack:
        services = _started(stack, bench.ground, bench.peers)
        for question in bench.questions:
            answering = [service for service in services if question.knows(service.name)]
            try:
                agree(question, answering, bench.course.codes)
            except (NotAnswered, Disagreement) as why:
                print(f"\n{question.name} is skipped: {why}", flush=True)
                skipped.append(f"{question.name}: {MISSED}, {why}")
                continue
            measured[question.name] = bench.course.ask(question, answering)
            print_question(question, _medians(measured))
    found = _medians(measured)
    asked = [question for question in bench.questions if question.name in measured]
    said = [f"{q.name}: {verdict(q, bar, found)}" for q in asked for bar in q.bars]
    return Outcome(measured, [*said, *skipped])


def _started(stack: ExitStack, ground: Ground, peers: Sequence[str]) -> list[Service]:
    services = []
    for name in (OURS, *peers):
        try:
            services.append(stack.enter_context(started(ground, name)))
        except PeerMissing as why:
            if name == OURS:
                raise
            print(f"without {name}: {why}")
    return services


def _medians(measured: Rounds) -> dict[str, dict[str, Figures]]:
    return {
        question: {name: medians(rounds) for name, rounds in found.items()}
        for question, found in measured.items()
    }
