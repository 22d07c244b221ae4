"""Mode `alone`: what no peer answers, of our own service only: CPU time per request by question."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.load.bench import Bench, Outcome, Rounds
from tests.load.client import post
from tests.load.documents import OURS
from tests.load.nation import FIRST
from tests.load.rounds import Turn, medians
from tests.load.services import started
from tests.load.table import at_most

_SLUGS = "[" + ", ".join(f'"{slug}"' for slug in FIRST[:5]) + "]"
_WIJK = "query ($c: String!) {{ wijk(code: $c) {{ {} }} }}"


def _values(fields: str) -> str:
    return f"observations(indicators: {_SLUGS}) {{ ... on Observation {{ {fields} }} }}"


@dataclass(frozen=True, slots=True)
class Lonely:
    """A question that only we answer, and the milliseconds that it may cost."""

    name: str
    document: str
    most: float
    connections: int = 32

    def requests(self, codes: Sequence[str]) -> list[bytes]:
        """One for every wijk that can be drawn, or for every four that follow each other."""
        if "$four" in self.document:
            fours = [list(codes[at : at + 4]) for at in range(0, len(codes), 4)]
            return [post(self.document, {"four": four}) for four in fours]
        if "$c" in self.document:
            return [post(self.document, {"c": code}) for code in codes]
        return [post(self.document)]


QUESTIONS = (
    Lonely("percentiles of five values", _WIJK.format(_values("percentile { value rank }")), 0.5),
    Lonely(
        "a percentile of every wijk",
        f'{{ wijken(first: 3400) {{ nodes {{ code observations(indicators: ["{FIRST[0]}"])'
        " { ... on Observation { value percentile { value rank } } } } } }",
        10.0,
        connections=1,
    ),
    Lonely("benchmarks of five values", _WIJK.format(_values("benchmarks { aggregate }")), 2.0),
    Lonely(
        "trends of five series",
        _WIJK.format(f"series(indicators: {_SLUGS}) {{ ... on Series {{ trend {{ slope p }} }} }}"),
        10.0,
    ),
    Lonely(
        "harmonised series of five",
        _WIJK.format(
            f"series(indicators: {_SLUGS}, harmonised: true) {{ ... on HarmonisedSeries {{ points"
            " { year value status lower upper sourceVintage } } }"
        ),
        2.0,
    ),
    Lonely(
        "ten comparable wijken",
        _WIJK.format(
            f"comparable(indicators: {_SLUGS}) {{ nearest {{ distance area {{ code }} }} }}"
        ),
        5.0,
    ),
    Lonely(
        "twenty peers of a value",
        _WIJK.format(
            f'observations(indicators: ["{FIRST[0]}"]) {{ ... on Observation {{ benchmarks('
            f"against: [PEERS], peers: {{ indicators: {_SLUGS} }}) {{ aggregate known }} }} }}"
        ),
        6.0,
    ),
    Lonely(
        "five sentences, each with its test",
        _WIJK.format(
            _values("sentence(language: NL) benchmarks { significance { significantlyWorse } }")
        ),
        4.0,
    ),
    Lonely(
        "how a share is spread over the country",
        f'{{ distribution(indicator: "{FIRST[1]}", level: WIJK) {{ areas coverage gini }} }}',
        10.0,
    ),
    Lonely(
        "what there is of wijken",
        "{ availability(level: WIJK) { nodes { indicator { slug } vintage completeness { year"
        " areas known suppressed unknown notApplicable notPublished } } } }",
        20.0,
    ),
    Lonely(
        "focus areas as areas, with five values and a series each",
        f"{{ focusAreas {{ slug observations(indicators: {_SLUGS}) {{ ... on Aggregate {{"
        " value lower upper status coverage blockedBy { area { code } } } }"
        f' series(indicators: ["{FIRST[0]}"])'
        " { ... on AggregateSeries { values statuses } } } }",
        20.0,
        connections=1,
    ),
    Lonely(
        "the shape and values of four wijken as one area",
        "query ($four: [String!]!) { composedArea(codes: $four) { geometry(detail: MEDIUM) {"
        f" complete geojson }} observations(indicators: {_SLUGS})"
        " { ... on Aggregate { value } } } }",
        12.0,
    ),
    Lonely(
        "where absent values are known",
        _WIJK.format(_values("value knownIn { value area { code } }")),
        2.0,
    ),
    Lonely(
        "a search", '{ search(text: "Molenberg Haven", levels: [WIJK]) { area { code } } }', 10.0
    ),
)


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
