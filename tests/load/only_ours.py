"""What no peer answers, asked of the told nation, and the milliseconds of CPU it may cost."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.load.client import post
from tests.load.nation import CARRIED, FIRST
from tests.load.programmes import PROGRAMME

_SLUGS = "[" + ", ".join(f'"{slug}"' for slug in FIRST[:5]) + "]"
_CARRIED = "[" + ", ".join(f'"{slug}"' for slug in CARRIED) + "]"
SOUGHT = "Molenberg Haven"
"""A name that some wijk has, or nearly."""
_DOMAINS = {
    "education": ("education_high_share", "education_high"),
    "schooling": ("education_low",),
    "energy": ("electricity_use", "gas_use"),
    "renting": ("electricity_use_rented", "gas_use_rented"),
    "owning": ("electricity_use_owner_occupied", "gas_use_owner_occupied"),
    "prospects": ("solar_share", "public_charging_points"),
}
"""Six domains of indicators of the nation that have a direction."""
_OWN = (
    "own: { domains: ["
    + ", ".join(
        f'{{ slug: "{domain}", indicators: ['
        + ", ".join(f'{{ slug: "{slug}" }}' for slug in slugs)
        + "] }"
        for domain, slugs in _DOMAINS.items()
    )
    + "] }"
)
_WIJK = "query ($c: String!) {{ wijk(code: $c) {{ {} }} }}"
_MOVES = " ".join(
    f"{name} {{ count inhabitants moves {{ area {{ code }} beforeMin afterMin afterMax }} }}"
    for name in ("enters", "leaves", "unsaid", "near")
)


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
            f"series(indicators: {_CARRIED}, harmonised: true) {{ ... on HarmonisedSeries {{ points"
            " { year value status lower upper sourceVintage methods } } }"
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
        "what stacks up in a wijk",
        _WIJK.format(
            f"stacking({_OWN}) {{ eligible count countMin countMax parts {{ domain percentile"
            " exceeded } }"
        ),
        3.0,
    ),
    Lonely(
        "who enters and leaves when thresholds move",
        f"{{ stackingChange(level: WIJK, {_OWN}, threshold: 80, atLeast: 3) {{ {_MOVES} }} }}",
        8.0,
    ),
    Lonely(
        "the next twenty outside a programme",
        f'{{ nextAreas(level: WIJK, outsideProgramme: "{PROGRAMME}", {_OWN}) {{ cut'
        " surely { ...group } tied { ...group } perhaps { ...group } } }"
        " fragment group on NextGroup { count inhabitants bySize { below count inhabitants }"
        " listed { area { code } countMin countMax } }",
        8.0,
    ),
    Lonely(
        "wijken outside a programme as bad as four others",
        "query ($four: [String!]!) { areasAsBadAs(reference: { codes: $four },"
        f' outsideProgramme: "{PROGRAMME}", {_OWN}, required: 5) {{ totals {{ judged asBad'
        " cannotBeSaid better } asBad { ...one } cannotBeSaid { ...one } } }"
        " fragment one on AreaAsBad { area { code name } margin domains { percentile standing } }",
        12.0,
    ),
    Lonely(
        "the money of a programme, by focus area",
        f'{{ programme(slug: "{PROGRAMME}") {{ fundingStreams {{ slug amounts {{ kind euros split'
        " document { title } parts { focusArea { slug } euros perInhabitant { euros } } } } }"
        f' fundingEnding(programme: "{PROGRAMME}", by: "2027-01-01") {{ ending {{ amount {{ euros'
        " } } continuing { amount { euros } } } }",
        4.0,
    ),
    Lonely(
        "three pilots, each beside ten wijken alike",
        '{ interventions { slug againstMatched(indicators: ["solar_share", "cars_per_household"],'
        ' matchedOn: ["population_density", "households", "single_person_households_share"]) {'
        " ... on InterventionComparison { change matchedChange difference lower upper coverage"
        " matched { area { code } distance } } } } }",
        20.0,
        connections=1,
    ),
    Lonely(
        "what papers claim and this publication finds",
        "{ statements { findings { basis count outOf claimed agrees names unknown absence } } }",
        2.0,
    ),
    Lonely(
        "a search", f'{{ search(text: "{SOUGHT}", levels: [WIJK]) {{ area {{ code }} }} }}', 10.0
    ),
)
