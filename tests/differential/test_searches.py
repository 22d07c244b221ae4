"""Search and locate: the same on both executors, in memory or read from the store."""

from typing import Any

import pytest
from graphql import GraphQLSchema

from db.snapshot.snapshot import Memory, open_snapshot
from schema.context import Context
from tests.api import test_schema_locate as locating
from tests.api import test_schema_search as searching
from tests.differential.asking import compare
from tests.differential.budget import COROUTINES_LEFT_BEHIND
from tests.differential.countries import subject
from tests.differential.documents import Request

pytestmark = COROUTINES_LEFT_BEHIND

_WRITTEN = """{ found: search(text: "noord aadorp", levels: [WIJK]) { code area { name } }
  held: locate(level: WIJK, crs: RD, points: [{x: 150500, y: 460500.5}, {x: "a"}, {}]) {
    placement area { code ... on Wijk { gemeenteCode } } } }"""
_ASKED: list[tuple[str, dict[str, Any]]] = [
    (searching.QUERY, {"text": "centrum"}),
    (searching.QUERY, {"text": "centurm", "levels": ["WIJK"], "limit": 1}),
    (searching.QUERY, {"text": "binnenstad", "language": "EN"}),
    (searching.QUERY, {"text": ""}),
    (searching.QUERY, {"text": "a", "limit": 0}),
    (searching.QUERY, {"text": "a", "levels": []}),
    (locating.QUERY, {"points": [{"x": 150_500, "y": 460_500}, {"x": 153_040, "y": 460_500}]}),
    (locating.QUERY, {"points": [{"x": 5.1, "y": 52.1}, {}, "a", {"x": "1", "y": None}]}),
    (locating.QUERY, {"points": {"x": 5.1, "y": 52.1}, "crs": "CRS84", "level": "GEMEENTE"}),
    (locating.QUERY, {"points": [None]}),
    (locating.QUERY, {"points": [], "vintage": 2024, "at": "2024-01-01"}),
    (locating.QUERY, {"points": [], "vintage": 1999}),
    (_WRITTEN, {}),
]


@pytest.mark.parametrize(("query", "variables"), _ASKED, ids=str)
@pytest.mark.parametrize("room", [10_000_000, 1], ids=["memory", "no-memory"])
async def test_both_executors_give_one_answer(
    query: str, variables: dict[str, Any], room: int, relaxed: GraphQLSchema
) -> None:
    snapshot = await open_snapshot(locating._Mapped(), Memory(room))
    request = Request(query, variables)

    def context() -> Context:
        return Context(snapshot)

    answer = await subject().engine(context)(request)

    await compare(subject(), request, answer, context, relaxed)


async def test_points_written_in_a_document_find_their_areas_on_a_plan_that_is_shared() -> None:
    snapshot = await open_snapshot(locating._Mapped(), Memory(10_000_000))
    ask = subject().engine(lambda: Context(snapshot))

    for x, code in ((150_500, "WK9002A1"), (151_500, "WK900101"), (152_500, "WK900102")):
        point = f"{{x: {x}, y: 460500}}"
        query = f"{{ locate(level: WIJK, crs: RD, points: [{point}]) {{ area {{ code }} }} }}"
        answer = await ask(Request(query, {}))
        assert answer.data == f'{{"locate":[{{"area":{{"code":"{code}"}}}}]}}'.encode()
