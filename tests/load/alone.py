"""Mode `alone`: what no peer answers, of our own service only: CPU time per request by question."""

from tests.load.bench import Bench, Outcome, Rounds
from tests.load.documents import OURS
from tests.load.only_ours import QUESTIONS
from tests.load.rounds import Turn, medians
from tests.load.services import started
from tests.load.table import at_most


def run(bench: Bench) -> Outcome:
    measured: Rounds = {}
    verdicts = []
    with started(bench.ground, OURS) as service:
        for question in QUESTIONS:
            requests = question.requests(bench.course.codes["wijk"])
            found = bench.course.turns([Turn(OURS, service, requests, question.connections)])
            measured[question.name] = found
            one = medians(found[OURS])
            said = at_most(question.name, one.cpu, question.most, "ms")
            print(f"p50 {one.p50:9.2f} ms  p99 {one.p99:9.2f} ms  {said}", flush=True)
            verdicts.append(said)
    return Outcome(measured, verdicts)
