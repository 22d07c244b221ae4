"""Mode `memory`: how soon our service is ready, and what it holds after everything was touched.

With one process, and with two and three workers: what a further one takes is the difference
between these, in which a page that several use counts for its part. (Between one process and two
workers also lie the two processes that look after workers.)
"""

import asyncio

from tests.load.bench import Bench, Outcome
from tests.load.client import load, post
from tests.load.documents import OURS
from tests.load.measuring import Memory, memory
from tests.load.nation import build_indicators
from tests.load.services import PeerMissing, started
from tests.load.table import at_most

_READY_SECONDS, _ONE_MEGABYTES, _FURTHER_MEGABYTES = 3.0, 200.0, 80.0
_AT_ONCE = 20
"""Indicators in one request: all wijken with more would cost more than one request may."""


def run(bench: Bench) -> Outcome:
    seconds, one = _used(bench, [])
    verdicts = [
        at_most("ready after", seconds, _READY_SECONDS, "s"),
        at_most("memory of one process", one.resident, _ONE_MEGABYTES, "MB"),
    ]
    try:
        _, two = _used(bench, ["--workers", "2"])
        _, three = _used(bench, ["--workers", "3"])
    except PeerMissing as why:
        verdicts.append(f"two workers are not measured: {why}")
    else:
        further = three.shared_fairly - two.shared_fairly
        verdicts.append(at_most("memory of a further worker", further, _FURTHER_MEGABYTES, "MB"))
    return Outcome({}, verdicts)


def _used(bench: Bench, words: list[str]) -> tuple[float, Memory]:
    with started(bench.ground, OURS, words) as service:
        fresh = memory(service.pid)
        for request in _everything(bench):
            # Several connections, so that every worker gets its share.
            asyncio.run(load(service.port, [request], connections=8, seconds=0.2))
        touched = memory(service.pid)
    for state, found in ("fresh", fresh), ("all touched", touched):
        print(
            f"{' '.join(words) or 'one process'}, {state}: "
            f"RSS {found.resident:.0f} MB, PSS {found.shared_fairly:.0f} MB"
        )
    return service.seconds, touched


def _everything(bench: Bench) -> list[bytes]:
    """Every question, every indicator on all wijken, and every shape in every detail."""
    asked = [
        request
        for question in bench.questions
        for request in question.requests(OURS, bench.course.codes)[:1]
    ]
    slugs = [indicator.slug for indicator in build_indicators()[: bench.size.indicators]]
    for start in range(0, len(slugs), _AT_ONCE):
        some = ", ".join(f'"{slug}"' for slug in slugs[start : start + _AT_ONCE])
        fields = f"observations(indicators: [{some}]) {{ ... on Observation {{ value }} }}"
        asked.append(post(f"{{ wijken(first: {bench.size.wijken}) {{ nodes {{ {fields} }} }} }}"))
    for detail in ("OVERVIEW", "MEDIUM", "FULL"):
        fields = f"geometry(detail: {detail}) {{ geojson }}"
        asked.append(post(f"{{ wijken(first: {bench.size.wijken}) {{ nodes {{ {fields} }} }} }}"))
    return asked
