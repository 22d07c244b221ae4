"""Whatever valid document is asked, both executors give one answer."""

import pytest
from graphql import GraphQLSchema
from hypothesis import given
from hypothesis import strategies as st

from db.snapshot.snapshot import Memory, Snapshot, open_snapshot
from schema.context import Context
from service.document import Limits, read
from tests.api.asking import graphql_schema
from tests.api.sample import SampleStore, open_sample
from tests.differential import comparison, torture
from tests.differential.asking import compare_all, compare_at_once
from tests.differential.budget import COROUTINES_LEFT_BEHIND, examples
from tests.differential.countries import BUDGET, pools_of, subject
from tests.differential.documents import Case, Documents

pytestmark = COROUTINES_LEFT_BEHIND

_TORTURED = torture.subject()
_TORTURES = Documents(_TORTURED.schema, torture.POOLS).cases()
_RELAXED_TORTURE = comparison.relaxed(torture.build)


def _nothing() -> None:
    return None


@given(_TORTURES)
@examples(1.0)
async def test_where_everything_goes_wrong(case: Case) -> None:
    await compare_all(_TORTURED, case, _nothing, _RELAXED_TORTURE)


@given(st.lists(_TORTURES, min_size=2, max_size=3))
@examples(0.1)
async def test_documents_on_one_engine_do_not_know_each_other(cases: list[Case]) -> None:
    requests = tuple(request for case in cases for request in case.requests)
    again = Case(requests + requests[::-1])

    await compare_all(_TORTURED, again, _nothing, _RELAXED_TORTURE)


@pytest.fixture(scope="session")
async def warm() -> Snapshot:
    return await open_sample()


@pytest.fixture(scope="session")
async def sample_documents(warm: Snapshot) -> Documents:
    return Documents(graphql_schema(), await pools_of(warm), BUDGET)


@pytest.fixture(scope="session")
async def demonstration_documents(voorbeeldland: Snapshot) -> Documents:
    return Documents(graphql_schema(), await pools_of(voorbeeldland), BUDGET)


@given(data=st.data())
@examples(0.8)
async def test_on_the_sample_country(
    sample_documents: Documents, warm: Snapshot, relaxed: GraphQLSchema, data: st.DataObject
) -> None:
    case = data.draw(sample_documents.cases())

    await compare_all(subject(), case, lambda: Context(warm), relaxed)


@given(data=st.data(), room=st.sampled_from([10_000_000, 1]))
@examples(0.3)
async def test_on_a_country_of_which_nothing_is_in_memory_yet(
    sample_documents: Documents, relaxed: GraphQLSchema, data: st.DataObject, room: int
) -> None:
    case = data.draw(sample_documents.cases())
    cold = await open_snapshot(SampleStore(), Memory(room))

    await compare_at_once(subject(), case, lambda: Context(cold, "en"), relaxed)


@given(data=st.data())
@examples(0.4)
async def test_on_voorbeeldland(
    demonstration_documents: Documents,
    voorbeeldland: Snapshot,
    relaxed: GraphQLSchema,
    data: st.DataObject,
) -> None:
    case = data.draw(demonstration_documents.cases())

    await compare_all(subject(), case, lambda: Context(voorbeeldland), relaxed)


@given(data=st.data(), is_torture=st.booleans())
@examples(0.2)
async def test_documents_are_valid_and_within_the_limits(
    sample_documents: Documents, data: st.DataObject, is_torture: bool
) -> None:
    schema = _TORTURED.schema if is_torture else graphql_schema()
    case = data.draw(_TORTURES if is_torture else sample_documents.cases())

    for text in {request.text for request in case.requests}:
        assert read(text, schema, Limits()).invalid == (), text
