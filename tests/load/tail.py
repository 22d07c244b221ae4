"""Mode `tail`: how much later the slowest answers come than the usual ones, of our own service."""

from tests.load.agreement import NotAnswered, agree
from tests.load.bench import Bench, Outcome, Rounds
from tests.load.documents import OURS
from tests.load.rounds import medians
from tests.load.services import started
from tests.load.table import at_most

_CONNECTIONS = 32
_MOST = 8.0


def run(bench: Bench) -> Outcome:
    measured: Rounds = {}
    verdicts = []
    with started(bench.ground, OURS) as service:
        for question in bench.questions:
            try:
                agree(question, [service], bench.course.codes)
            except NotAnswered as why:
                print(f"{question.name} is skipped: {why}")
                continue
            found = bench.course.ask(question, [service], _CONNECTIONS)
            one = medians(found[OURS])
            measured[question.name] = found
            said = at_most(f"{question.name}, p99 against p50", one.p99 / one.p50, _MOST, "x")
            print(f"p50 {one.p50:9.2f} ms  p99 {one.p99:9.2f} ms  {said}", flush=True)
            verdicts.append(said)
    return Outcome(measured, verdicts)
