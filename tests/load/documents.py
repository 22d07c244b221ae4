"""Every question in the words of each dialect: our schema, PostGraphile's, and that of the loaders.

The last is what the Strawberry and the Mercurius service have in common. Peers know an indicator
by its number, which is its place in `FIRST`, and the newest values of the first five as columns
of a wijk, as one designs such tables.
"""

from tests.load.nation import FIRST

OURS, POSTGRAPHILE, LOADERS, BARE = "leefbaarheid", "postgraphile", "loaders", "bare"
CODE = "@CODE@"
"""Where a code is written into a document that takes no variables."""
RANKED_YEAR = 2023
MOST = 3400
"""All wijken on one page; with `first: 5000` all their years would cost more than is allowed."""
_COLUMNS = "inhabitants households areaHa density urbanity"
_SIX = list(range(1, len(FIRST) + 1))


def _slugs(count: int) -> str:
    return "[" + ", ".join(f'"{slug}"' for slug in FIRST[:count]) + "]"


def _values(count: int, fields: str) -> str:
    return f"observations(indicators: {_slugs(count)}) {{ ... on Observation {{ {fields} }} }}"


def _latest(count: int) -> str:
    return " ".join(
        f"l{i}: latestObservations(condition: {{indicatorId: {i}}}) {{ nodes {{ year value }} }}"
        for i in _SIX[:count]
    )


def _years(count: int) -> str:
    return " ".join(
        f"s{i}: observations(condition: {{indicatorId: {i}}}, orderBy: [PRIMARY_KEY_ASC])"
        " { nodes { year value } }"
        for i in _SIX[:count]
    )


def _series(fields: str) -> str:
    return (
        f"{{ wijken(first: {MOST}) {{ nodes {{ code series(indicators: {_slugs(1)})"
        f" {{ ... on Series {{ {fields} }} }} }} }} }}"
    )


_FLAT = {
    POSTGRAPHILE: "{ observations(condition: {indicatorId: 1}, orderBy: [PRIMARY_KEY_ASC])"
    " { nodes { wijkId year value } } }",
    LOADERS: "{ observations(indicator: 1) { wijkId year value } }",
}
_DECLARED = "query ($c: String!) "


def _q1(declared: str, code: str) -> dict[str, str]:
    five = _values(5, "indicator { slug } value")
    columns = f"{{ code name {_COLUMNS} gemeente {{ code name }} }} }}"
    return {
        OURS: f"{declared}{{ wijk(code: {code}) {{ code name {five} gemeente {{ code name }} }} }}",
        POSTGRAPHILE: f"{declared}{{ wijkByCode(code: {code}) {columns}",
        LOADERS: f"{declared}{{ wijk(code: {code}) {columns}",
    }


DOCUMENTS: dict[str, dict[str, str]] = {
    "Q1": _q1(_DECLARED, "$c"),
    "Q1inline": _q1("", f'"{CODE}"'),
    "Q2": {
        OURS: f"{_DECLARED}{{ wijk(code: $c) {{ code name series(indicators: {_slugs(5)})"
        " { ... on Series { indicator { slug } points { year value } } } } }",
        POSTGRAPHILE: f"{_DECLARED}{{ wijkByCode(code: $c) {{ code name {_years(5)} }} }}",
        LOADERS: f"{_DECLARED}{{ wijk(code: $c) {{ code name series(indicators: {_SIX[:5]})"
        " { indicatorId points { year value } } } }",
    },
    "Q3": {
        OURS: f"{_DECLARED}{{ gemeente(code: $c) {{ code name children(first: 1000) {{ nodes"
        f" {{ code name {_values(3, 'indicator { slug } year value')} }} }} }} }}",
        POSTGRAPHILE: f"{_DECLARED}{{ gemeenteByCode(code: $c) {{ code name"
        f" wijks(orderBy: [CODE_ASC]) {{ nodes {{ code name {_latest(3)} }} }} }} }}",
        LOADERS: f"{_DECLARED}{{ gemeente(code: $c) {{ code name wijken {{ code name"
        f" latest(indicators: {_SIX[:3]}) {{ indicatorId year value }} }} }} }}",
    },
    "Q4": {
        OURS: "{ focusAreas { slug name members { share area { code name"
        f" {_values(6, 'indicator { slug } year value')} }} }} }} }}",
        POSTGRAPHILE: "{ focusAreas(orderBy: [PRIMARY_KEY_ASC]) { nodes { slug name"
        f" focusAreaMembers {{ nodes {{ share wijk {{ code name {_latest(6)} }} }} }} }} }} }}",
        LOADERS: "{ focusAreas { slug name members { share wijk { code name"
        f" latest(indicators: {_SIX}) {{ indicatorId year value }} }} }} }} }}",
    },
    "Q5": {
        OURS: "{ wijken(first: 100) { nodes { code name geometry { geojson } } } }",
        POSTGRAPHILE: "{ wijks(first: 100, orderBy: [PRIMARY_KEY_ASC])"
        " { nodes { code name geojson } } }",
        LOADERS: "{ wijken(first: 100) { code name geometry } }",
    },
    "Q5b": {
        OURS: "{ wijken(first: 5000) { nodes { code name geometry { geojson }"
        f" {_values(1, 'value')} }} }} }}",
        POSTGRAPHILE: "{ wijks(orderBy: [PRIMARY_KEY_ASC])"
        f" {{ nodes {{ code name geojson {_latest(1)} }} }} }}",
        LOADERS: "{ wijken { code name geometry latest(indicators: [1]) { value } } }",
    },
    "Q6": {
        OURS: f'{{ ranking(indicator: "{FIRST[0]}", year: {RANKED_YEAR}, level: WIJK, first: 100)'
        " { nodes { rank value area { code name } } } }",
        POSTGRAPHILE: "{ observations(first: 100, orderBy: [VALUE_DESC, WIJK_ID_ASC],"
        f" condition: {{indicatorId: 1, year: {RANKED_YEAR}}})"
        " { nodes { value wijk { code name } } } }",
        LOADERS: f"{{ ranking(indicator: 1, year: {RANKED_YEAR}, first: 100)"
        " { rank value wijk { code name } } }",
    },
    "Q7": {OURS: _series("points { year value }"), **_FLAT},
    "Q7lists": {OURS: _series("years values"), **_FLAT},
    "Q8": dict.fromkeys((OURS, POSTGRAPHILE, LOADERS, BARE), "{ __typename }"),
}
