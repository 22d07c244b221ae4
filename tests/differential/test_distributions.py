"""Distributions of the sample country: the same on both executors, at hand or read first."""

from typing import Any

import orjson
import pytest
from graphql import GraphQLSchema

from db.snapshot.snapshot import Memory, open_snapshot
from schema.context import Context
from tests.api.test_schema_distribution import DISTRIBUTION, GIVEN, country
from tests.differential.asking import compare
from tests.differential.budget import COROUTINES_LEFT_BEHIND
from tests.differential.countries import subject
from tests.differential.documents import Request

pytestmark = COROUTINES_LEFT_BEHIND

_ON_BOTH: list[dict[str, Any]] = [
    {},
    {"within": "GM9001", "rankedBy": "income", "language": "NL"},
    {"indicator": "crime_total"},
    {"first": 0, "programme": "toen", "rankedBy": "births"},
    {"indicator": "income"},
    {"within": "GM9002"},
]


@pytest.mark.parametrize("changed", _ON_BOTH, ids=str)
@pytest.mark.parametrize("room", [10_000_000, 1], ids=["memory", "no-memory"])
async def test_both_executors_give_one_answer(
    changed: dict[str, Any], room: int, relaxed: GraphQLSchema
) -> None:
    store = country(income=[20, 25, 30, 28], crime_total=[1, 2, 3, 300])
    snapshot = await open_snapshot(store, Memory(room))
    request = Request(DISTRIBUTION, {**GIVEN, **changed})

    def context() -> Context:
        return Context(snapshot)

    answer = await subject().engine(context)(request)

    await compare(subject(), request, answer, context, relaxed)
    assert answer.data is not None
    assert "distribution" in orjson.loads(answer.data)
