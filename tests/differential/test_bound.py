"""Selections bound to a table say of every row what graphql-core says of it."""

from itertools import permutations

import orjson
import pytest
from graphql import GraphQLSchema

from db.core.levels import Level
from db.snapshot.snapshot import Snapshot
from schema.column_texts import ColumnTexts
from schema.compiled.bound import Bound
from schema.context import Context
from schema.facts import facts_of
from tests.api.sample import open_sample
from tests.differential.asking import compare
from tests.differential.budget import COROUTINES_LEFT_BEHIND
from tests.differential.countries import subject
from tests.differential.documents import Request

pytestmark = COROUTINES_LEFT_BEHIND

_OWN = "id code name terrain parentCode gemeenteCode level vintage validFrom validUntil __typename"
_SELECTIONS = {
    "its own": _OWN,
    "under other names": "a: name b: name code c: code",
    "one field": "name",
    "per cent": "d: code x: vintage name",
    "gemeente": "code gemeente { code name vintage }",
    "parent": "code parent { __typename code ... on Gemeente { name } }",
    "geometry": "code geometry { geojson detail crs __typename }",
    "geometry in RD": "geometry(crs: RD, detail: FULL) { geojson crs }",
    "values": 'observations(indicators: ["population", "households"]) '
    "{ ... on Observation { __typename year value status lower upper indicator { slug } } }",
    "other years": 'observations(indicators: ["population"], year: 2021) '
    "{ ... on Observation { year value status } }",
    "a problem": 'code observations(indicators: ["population", "no_such"]) '
    "{ ... on Observation { value } ... on IndicatorProblem { slug code } }",
    "nothing asked": "code observations(indicators: []) { __typename }",
    "series": 'series(indicators: ["population", "households"]) { ... on Series '
    "{ vintage years indicator { slug } points { year value status } } }",
    "lists of series": 'code series(indicators: ["population", "lonely"]) { ... on Series '
    "{ years values statuses } }",
    "a span of series": 'name series(indicators: ["population"], from: 2023) { ... on Series '
    "{ points { value } } }",
    "stacking": 'code stacking(definition: "alone@1") { eligible count countMin countMax judged '
    "parts { domain threshold score percentile exceeded } }",
    "an unknown stacking": 'code stacking(definition: "nope") { count }',
    "what is refused": 'code series(indicators: ["population"], from: 2024, to: 2020) '
    "{ ... on Series { years } }",
    "comparable": 'code comparable(indicators: ["population", "lonely", "no_such"], first: 2) { '
    "measure candidates notJudged notJudgedAreas { code } used { indicator { slug } scale } "
    "notUsed { reason text } problems { slug code } nearest { distance area { code name } "
    "domains { domain part } differences { difference part } } }",
    "percentiles": 'observations(indicators: ["population", "lonely"]) { ... on Observation { '
    "percentile { value rank placement oriented direction ranked unknown leftOut weighting "
    "minimumInhabitants inhabitantsYear within } } }",
    "other percentiles": 'code observations(indicators: ["lonely"]) { ... on Observation { value '
    'percentile(weighting: AREAS, minimumInhabitants: 1, within: "GM9001") { value rank } } }',
    "harmonised": 'code series(indicators: ["population", "lonely"], harmonised: true) { '
    "... on HarmonisedSeries { years values statuses vintage rule points { year value status own "
    "sourceVintage lower upper coverage methods blockedBy { area { code } } } breaks { year } "
    "trend { slope estimatedLeftOut } } }",
    "in time": "code lineage validity { vintages first last absentBefore absentFrom } "
    "predecessors { area { code vintage } shareOfOld shareOfNew kind method } "
    "successors { area { code } kind methodOfNew fromVintage toVintage }",
    "a minimum that is refused": 'observations(indicators: ["population"]) { ... on Observation '
    "{ value percentile(minimumInhabitants: 0) { value } } }",
    "benchmarks": 'code observations(indicators: ["population", "lonely"]) { ... on Observation { '
    "benchmarks(against: [GEMEENTE, REST_OF_GEMEENTE, NATIONAL, FOCUS_AREAS, OUTSIDE_FOCUS_AREAS, "
    'PEERS], peers: { indicators: ["population", "households", "lonely"], count: 2 }) '
    "{ peers { number definition { id } compared { candidates used { indicator { slug } } "
    "notUsed { reason } nearest { area { code } distance } } } "
    "group programme aggregate median lowest highest comparedWith difference ratio known unknown "
    "leftOut partialMembers coverage weighedBy weightsYear refusal refusalText quartileRefusal "
    "publishedWithheld published { year value } } } }",
    "what is significant": 'code observations(indicators: ["population", "lonely"]) { '
    "... on Observation { value sentence english: sentence(against: GEMEENTE, language: EN) "
    "percentile { rank limits { lower upper rankFrom rankTo basis level } } "
    "benchmarks { significance(level: 0.9) { significantlyWorse ground basis lower upper level "
    "text method } } } }",
    "where it is known": 'code observations(indicators: ["population", "lonely"]) { '
    "... on Observation { value knownIn { value year area { code level } } } }",
    "not all by place": 'code reason: observations(indicators: ["population"]) '
    "{ ... on Observation { value reasonText provenance { dataset } } }",
    "children": "code name children(first: 2) { totalCount nodes { code name } }",
    "two of one kind": "a: "
    'observations(indicators: ["population"]) { ... on Observation { value } }'
    ' b: observations(indicators: ["households"]) { ... on Observation { value year } }',
}
_NEVER = {
    "harmonised",
    "in time",
    "benchmarks",
    "comparable",
    "what is significant",
    "an unknown stacking",
    "not all by place",
    "where it is known",
    "what is refused",
    "a minimum that is refused",
}
_MANY = "{ wijken(first: %d, filter: {terrain: null}) { nodes { %s } } }"
_ONE = '{ wijk(code: "%s") { %s } }'


@pytest.fixture
async def snapshot() -> Snapshot:
    return await open_sample()


async def _bounds(snapshot: Snapshot, level: Level) -> list[Bound]:
    facts = facts_of(snapshot)
    found: list[Bound] = []
    for vintage in facts.head.vintages[level]:
        table = await snapshot.areas(level, vintage)
        found += [b for b in facts.roster(table).bound.held.values() if isinstance(b, Bound)]
    return found


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("selection", _SELECTIONS.values(), ids=_SELECTIONS.keys())
async def test_one_and_many_rows_are_those_of_graphql_core_each_time(
    snapshot: Snapshot, relaxed: GraphQLSchema, selection: str, language: str
) -> None:
    ask = subject().engine(lambda: Context(snapshot, language))
    one = [Request(_ONE % (code, selection)) for code in ("WK900101", "WK900102", "WK9001XX")]
    many = [Request(_MANY % (count, selection)) for count in (3, 60, 1)]

    for request in [*one, *many] * 3:
        answer = await ask(request)
        await compare(subject(), request, answer, lambda: Context(snapshot, language), relaxed)


@pytest.mark.parametrize("name", sorted(_SELECTIONS.keys() - _NEVER))
async def test_what_can_be_told_by_place_is_bound_when_it_is_asked_again(
    snapshot: Snapshot, name: str
) -> None:
    ask = subject().engine(lambda: Context(snapshot))
    document = _ONE % ("WK900101", _SELECTIONS[name])

    await ask(Request(document))
    await ask(Request(document))
    await ask(Request(document.replace("WK900101", "WK900102")))

    assert len(await _bounds(snapshot, Level.WIJK)) == 1


async def test_what_is_asked_once_is_not_bound(snapshot: Snapshot) -> None:
    ask = subject().engine(lambda: Context(snapshot))

    # What is not in memory is asked for and then asked again: that is not a second time.
    await ask(Request(_ONE % ("WK900101", _SELECTIONS["values"])))
    before = await _bounds(snapshot, Level.WIJK)
    for slug in ("population", "households"):
        values = f'observations(indicators: ["{slug}"]) {{ ... on Observation {{ value }} }}'
        await ask(Request(_ONE % ("WK900101", f"{slug}: name {values}")))

    assert await _bounds(snapshot, Level.WIJK) == before


@pytest.mark.parametrize("order", list(permutations(["population", "households"])), ids=str)
async def test_other_indicators_in_the_same_place_are_bound_apart(
    snapshot: Snapshot, relaxed: GraphQLSchema, order: tuple[str, str]
) -> None:
    ask = subject().engine(lambda: Context(snapshot))
    document = (
        "query ($s: [String!]!, $year: Int) { wijken { nodes { code"
        " observations(indicators: $s, year: $year) { ... on Observation { value year } } } } }"
    )
    requests = [Request(document, {"s": [slug]}) for slug in order]
    requests += [Request(document, {"s": list(order)}), Request(document, {"s": [order[0]]})]
    requests += [Request(document, {"s": list(order), "year": year}) for year in (2023, None)]

    for request in requests * 3:
        answer = await ask(request)
        await compare(subject(), request, answer, lambda: Context(snapshot), relaxed)


async def test_columns_that_are_read_again_and_again_keep_their_texts_and_say_the_same(
    snapshot: Snapshot, relaxed: GraphQLSchema, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The process's own may have texts of a block that is gone, whose address this one has now.
    kept = ColumnTexts()
    monkeypatch.setattr("schema.spread.TEXTS", kept)
    ask = subject().engine(lambda: Context(snapshot))
    values = 'observations(indicators: ["population"]) { ... on Observation { value } }'
    request = Request(_MANY % (5000, f"code {values}"))

    answers = [await ask(request) for _ in range(6)]

    assert len(kept) == 1
    assert len({each.data for each in answers}) == 1
    await compare(subject(), request, answers[-1], lambda: Context(snapshot), relaxed)


@pytest.mark.parametrize(
    "fields",
    [
        "share level code vintage unitName extent counts certainty validFrom validUntil legalBasis",
        "share area { __typename code name vintage }",
        'area { code ... on Wijk { observations(indicators: ["population"])'
        " { ... on Observation { value status } } } }",
        "code source focusArea { slug } area { name }",
    ],
)
async def test_memberships_of_any_level_and_vintage_are_those_of_graphql_core(
    snapshot: Snapshot, relaxed: GraphQLSchema, fields: str
) -> None:
    ask = subject().engine(lambda: Context(snapshot))
    document = "{ focusAreas { slug members(candidates: %s) { %s } } }"
    for request in [Request(document % (each, fields)) for each in ("true", "false")] * 4:
        answer = await ask(request)
        await compare(subject(), request, answer, lambda: Context(snapshot), relaxed)
        assert any(area["members"] for area in orjson.loads(answer.data or b"")["focusAreas"])


@pytest.mark.parametrize("order", ["HIGHEST_FIRST", "LOWEST_FIRST"])
async def test_rankings_bound_to_their_order_are_those_of_graphql_core(
    snapshot: Snapshot, relaxed: GraphQLSchema, order: str
) -> None:
    ask = subject().engine(lambda: Context(snapshot))
    document = (
        '{ ranking(indicator: "population", level: WIJK, order: %s, first: %d) { nodes'
        " { rank value %s area { code name ... on Wijk { gemeente { code } } } } } }"
    )
    requests = [
        Request(document % (order, count, more)) for count in (1, 2, 100) for more in ("", "tied")
    ]

    for request in requests * 4:
        answer = await ask(request)
        await compare(subject(), request, answer, lambda: Context(snapshot), relaxed)
        assert orjson.loads(answer.data or b"")["ranking"]["nodes"]
