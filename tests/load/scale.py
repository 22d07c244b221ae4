"""Mode `scale`: what an answer costs with 21 million values beside what it costs with 4 million.

Two stores, the second with four buurten in every wijk; the same questions about wijken to a service
on each, in turns. Blocks are loaded by series, so that what nobody asks for should cost nothing.
"""

import asyncio
from dataclasses import replace

from tests.load.bench import Bench, Outcome, Rounds
from tests.load.client import ask, post
from tests.load.documents import OURS
from tests.load.measuring import memory
from tests.load.nation import FINE, build_indicators
from tests.load.rounds import Turn, medians
from tests.load.services import Ground, started
from tests.load.store import codes, fill, opened
from tests.load.table import at_most

_MOST = 1.2
_MOST_MEGABYTES = 256.0 + 150.0
"""The default bound on blocks, and what a service may take beside it."""
_PAGE = 100
_LARGE = "21 million"


def run(bench: Bench) -> Outcome:
    store = bench.folder / "fine"
    with opened(store) as dsn:
        asyncio.run(fill(dsn, FINE))
        drawn = asyncio.run(codes(dsn))
        if drawn != dict(bench.course.codes):
            raise RuntimeError("the two nations have other wijken")
        with (
            started(bench.ground, OURS) as small,
            started(Ground(dsn, bench.ground.folder / _LARGE), OURS) as found,
        ):
            large = replace(found, name=_LARGE)
            measured: Rounds = {}
            verdicts = []
            for question in bench.questions:
                requests = question.requests(OURS, drawn)
                turns = [
                    Turn(service.name, service, requests, question.connections)
                    for service in (small, large)
                ]
                rounds = measured[question.name] = bench.course.turns(turns)
                one, other = medians(rounds[OURS]), medians(rounds[_LARGE])
                said = at_most(f"{question.name}, CPU", other.cpu / one.cpu, _MOST, "x")
                print(f"{one.cpu:9.3f} ms  {other.cpu:9.3f} ms  {said}", flush=True)
                verdicts.append(said)
            verdicts.append(_memory(bench, large.port, large.pid))
    return Outcome(measured, verdicts)


def _memory(bench: Bench, port: int, pid: int) -> str:
    """After every series of every buurt was asked for: more than the bound holds."""
    slugs = [each.slug for each in build_indicators()[: FINE.indicators]]
    for slug in slugs:
        document = (
            f'{{ buurten(first: {_PAGE}) {{ nodes {{ series(indicators: ["{slug}"])'
            " { ... on Series { values } } } } }"
        )
        answer = asyncio.run(ask(port, post(document)))
        if b'"errors"' in answer.body:
            raise RuntimeError(f"not answered: {answer.body[:200]!r}")
    return at_most("memory with 21 million values", memory(pid).resident, _MOST_MEGABYTES, "MB")
