"""Pages bound to the lists they are cut from say what graphql-core says of them."""

from collections.abc import Iterator

import orjson
import pytest
from graphql import GraphQLSchema

from db.core.levels import Level
from db.snapshot.snapshot import Snapshot
from schema.compiled.bound import Bound
from schema.context import Context
from schema.enums import RankingOrder
from schema.facts import facts_of
from schema.paging import Page
from schema.standing import Asked, standing_of
from tests.api.sample import open_sample
from tests.differential.asking import compare
from tests.differential.budget import COROUTINES_LEFT_BEHIND
from tests.differential.countries import subject
from tests.differential.documents import Request

pytestmark = COROUTINES_LEFT_BEHIND

_INFO = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor __typename }"
_PAGES = {
    "counts": "vintage complete totalCount missingCodes { code } __typename",
    "nodes": "nodes { code name }",
    "edges": "edges { cursor __typename node { code name __typename } }",
    "where it stands": _INFO,
    "everything": f"{_INFO} edges {{ cursor node {{ id }} c: cursor }} n: nodes {{ id }}",
    "constants": "nodes { vintage } edges { __typename }",
    "values": 'nodes { code observations(indicators: ["population", "households"]) '
    "{ ... on Observation { value year status } ... on IndicatorProblem { slug } } }",
    "an error in a node": 'nodes { code observations(indicators: ["population"]) '
    "{ ... on Observation { percentile(minimumInhabitants: 0) { value } } } }",
    "lists in lists": f"nodes {{ code children(first: 2, terrain: null) {{ totalCount {_INFO} "
    "edges { cursor node { name } } nodes { code ... on Buurt { gemeente { code } } } } }",
}
_WINDOWS = [
    "",
    "(first: 1)",
    "(first: 2, orderBy: {field: NAME, direction: DESC})",
    "(last: 2)",
    "(first: 0)",
    "(first: 1, last: 1)",
    '(filter: {codes: ["WK900101", "WK9009XX", "WK900999"]})',
    '(filter: {parent: "GM9001", terrain: null}, first: 3)',
    '(after: "no cursor")',
    "(vintage: 1999)",
]
_RANKING = (
    "level vintage year order within tieRule complete ranked unranked uninhabited totalCount "
    f"indicator {{ slug name }} {_INFO} edges {{ cursor node {{ rank tied }} }} "
    "nodes { rank value area { code ... on Wijk { gemeente { code } } } }"
)
_CODES = {"gemeente": "GM9001", "wijk": "WK900101", "buurt": "BU90010101"}


@pytest.fixture
async def snapshot() -> Snapshot:
    return await open_sample()


async def _same_each_time(
    snapshot: Snapshot, relaxed: GraphQLSchema, requests: list[Request], language: str = "nl"
) -> list[bytes]:
    ask = subject().engine(lambda: Context(snapshot, language))
    given = []
    for request in requests * 4:
        answer = await ask(request)
        await compare(subject(), request, answer, lambda: Context(snapshot, language), relaxed)
        given.append(answer.data or b"null")
    return given


def _connections(data: object) -> Iterator[dict[str, object]]:
    if isinstance(data, dict):
        if "pageInfo" in data:
            yield data
        for each in data.values():
            yield from _connections(each)
    if isinstance(data, list):
        for each in data:
            yield from _connections(each)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("page", _PAGES.values(), ids=_PAGES.keys())
async def test_pages_of_areas_are_those_of_graphql_core_each_time(
    snapshot: Snapshot, relaxed: GraphQLSchema, page: str, language: str
) -> None:
    requests = [Request(f"{{ wijken{window} {{ {page} }} }}") for window in _WINDOWS]
    requests += [Request(f"{{ gemeenten {{ {page} }} w: wijken(first: 1) {{ {page} }} }}")]

    await _same_each_time(snapshot, relaxed, requests, language)


@pytest.mark.parametrize("page", _PAGES.values(), ids=_PAGES.keys())
@pytest.mark.parametrize("window", ["", "(first: 1)", "(last: 1, terrain: null)", "(first: 0)"])
async def test_children_are_those_of_graphql_core_each_time(
    snapshot: Snapshot, relaxed: GraphQLSchema, page: str, window: str
) -> None:
    asked = page.replace(" missingCodes { code }", "")
    children = f"code children{window} {{ {asked} }}"
    requests = [Request(f"{{ land {{ {children} }} }}")]
    requests += [
        Request(f'{{ {k}(code: "{code}") {{ {children} }} }}') for k, code in _CODES.items()
    ]
    requests += [Request(f"{{ gemeenten(first: 20) {{ nodes {{ {children} }} }} }}")]

    await _same_each_time(snapshot, relaxed, requests)


async def test_pages_from_one_cursor_to_the_next_are_those_of_graphql_core(
    snapshot: Snapshot, relaxed: GraphQLSchema
) -> None:
    document = (
        "query ($first: Int, $after: String, $last: Int, $before: String) {"
        " wijken(first: $first, after: $after, last: $last, before: $before) {"
        f' totalCount nodes {{ code }} {_INFO} }} gemeente(code: "GM9001") {{'
        " children(first: $first, after: $after, last: $last, before: $before) {"
        f" totalCount edges {{ cursor node {{ code }} }} {_INFO} }} }} }}"
    )
    (first, *_) = await _same_each_time(snapshot, relaxed, [Request(document, {"first": 1})])
    found = [each["pageInfo"] for each in _connections(orjson.loads(first))]
    cursors = [info["endCursor"] for info in found if isinstance(info, dict)]
    assert len(cursors) == 2

    # A cursor of one of the lists is refused by the other, beside the page that it belongs to.
    for cursor in cursors:
        for given in ({"first": 1, "after": cursor}, {"last": 1, "before": cursor}):
            answers = await _same_each_time(snapshot, relaxed, [Request(document, given)])
            assert len(set(answers)) == 1


@pytest.mark.parametrize(
    "window", ["", ", first: 2", ", last: 1", ", first: 1, order: LOWEST_FIRST"]
)
async def test_pages_of_rankings_are_those_of_graphql_core_each_time(
    snapshot: Snapshot, relaxed: GraphQLSchema, window: str
) -> None:
    requests = [
        Request(f'{{ ranking(indicator: "{slug}", level: WIJK{window}) {{ {asked} }} }}')
        for slug in ("population", "lonely", "no_such")
        for asked in (_RANKING, "ranked", "nodes { rank }", "nodes { observation { value } }")
    ]

    await _same_each_time(snapshot, relaxed, requests)


async def _pages_bound(snapshot: Snapshot) -> int:
    facts = facts_of(snapshot)
    table = await snapshot.areas(Level.WIJK, facts.head.vintages[Level.WIJK][-1])
    held = facts.roster(table).bound.held
    return sum(isinstance(b, Bound) and "pages" in str(key) for key, b in held.items())


async def test_pages_of_rankings_are_bound_when_they_are_asked_again(snapshot: Snapshot) -> None:
    ask = subject().engine(lambda: Context(snapshot))
    for first in (1, 2, 3):
        ranking = f'ranking(indicator: "lonely", level: WIJK, first: {first})'
        await ask(Request(f"{{ {ranking} {{ {_RANKING} }} }}"))
    context = Context(snapshot)
    table = context.table(Level.WIJK)
    asked = Asked("lonely", Level.WIJK, table.vintage, 2020, RankingOrder.HIGHEST_FIRST, None)

    held = standing_of(context, table, asked, None).bound.held

    assert sum(isinstance(b, Bound) and "pages" in str(key) for key, b in held.items()) == 1


@pytest.mark.parametrize("name", sorted(_PAGES.keys() - {"an error in a node"}))
async def test_pages_are_bound_when_they_are_asked_again(snapshot: Snapshot, name: str) -> None:
    ask = subject().engine(lambda: Context(snapshot))
    for first in (1, 2, 3):
        await ask(Request(f"{{ wijken(first: {first}) {{ {_PAGES[name]} }} }}"))

    assert await _pages_bound(snapshot) == 1


async def test_pages_are_kept_only_where_no_cursor_cuts_them(snapshot: Snapshot) -> None:
    facts = facts_of(snapshot)
    roster = facts.roster(await snapshot.areas(Level.WIJK, facts.head.vintages[Level.WIJK][-1]))
    ask = subject().engine(lambda: Context(snapshot))
    answer = await ask(Request("{ wijken(first: 1) { pageInfo { endCursor } } }"))
    cursor = orjson.loads(answer.data or b"")["wijken"]["pageInfo"]["endCursor"]
    await ask(Request(f'{{ wijken(first: 1, after: "{cursor}") {{ totalCount }} }}'))

    kept = list(roster.pages.held.values())

    assert all(isinstance(page, Page) for page in kept)
    assert [(page.start, page.stop) for page in kept] == [(0, 1)]
