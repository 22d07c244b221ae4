"""Rankings of the sample country: the same on both executors, in memory or read from the store."""

from typing import Any

import orjson
import pytest
from graphql import GraphQLSchema

from db.snapshot.snapshot import Memory, open_snapshot
from schema.context import Context
from tests.api.sample import SampleStore
from tests.api.test_schema_ranking import LONELY, RANKING
from tests.differential.asking import compare
from tests.differential.budget import COROUTINES_LEFT_BEHIND
from tests.differential.countries import subject
from tests.differential.documents import Request

pytestmark = COROUTINES_LEFT_BEHIND

_ON_BOTH = [
    {},
    {"order": "LOWEST_FIRST"},
    {"first": 1},
    {"last": 1},
    {"within": "GM9001"},
    {"within": "GM9002"},
    {"within": "NL00"},
    {"vintage": 2023},
    {"indicator": "population"},
    {"indicator": "population", "year": 2023},
    {"indicator": "population", "level": "GEMEENTE"},
    {"indicator": "thefts", "level": "GEMEENTE", "within": "GM9002"},
    {"indicator": "thefts"},
    {"indicator": "nothing"},
    {"indicator": "population", "level": "LAND"},
    {"level": "BUURT"},
    {"year": 2016},
    {"within": "WK900101"},
    {"within": "GM9003"},
    {"first": 0},
    {"first": 1, "last": 1},
    {"after": "x"},
]


@pytest.mark.parametrize("changed", _ON_BOTH, ids=str)
@pytest.mark.parametrize("room", [10_000_000, 1], ids=["memory", "no-memory"])
async def test_both_executors_give_one_answer(
    changed: dict[str, Any], room: int, relaxed: GraphQLSchema
) -> None:
    snapshot = await open_snapshot(SampleStore(), Memory(room))
    request = Request(RANKING, {**LONELY, **changed})

    def context() -> Context:
        return Context(snapshot)

    answer = await subject().engine(context)(request)

    await compare(subject(), request, answer, context, relaxed)
    assert answer.data is not None
    assert bool(answer.errors) == (orjson.loads(answer.data)["ranking"] is None)
