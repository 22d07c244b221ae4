"""Documents that differ in literals, on one engine: what was asked before changes no answer."""

from collections.abc import Sequence
from itertools import permutations

import orjson
import pytest
from graphql import GraphQLSchema, GraphQLSyntaxError, parse, validate
from hypothesis import given
from hypothesis import strategies as st

from db.snapshot.snapshot import Snapshot
from schema.context import Context
from tests.api.asking import graphql_schema
from tests.api.sample import open_sample
from tests.api.test_engine_bounds import chains
from tests.differential.asking import compare
from tests.differential.budget import COROUTINES_LEFT_BEHIND, examples
from tests.differential.countries import subject
from tests.differential.documents import Request
from tests.differential.executors import Answer

pytestmark = COROUTINES_LEFT_BEHIND

_WIJKEN = [f"V2lqazoyMDI0OldLOTAwMTA{end}" for end in ("x", "y", "z")]
"""Ids of WK900101, WK900102 and WK900103 of 2024."""
_POINTS = """query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Wijk {
  series(indicators: ["population"]%s) { ... on Series { points { %s } } } } } }"""


@pytest.fixture(scope="module")
async def snapshot() -> Snapshot:
    return await open_sample()


async def _all_equal(
    snapshot: Snapshot, relaxed: GraphQLSchema, requests: Sequence[Request]
) -> list[Answer]:
    """The answers of one engine to all in turn, each compared with graphql-core's."""

    def context() -> Context:
        return Context(snapshot)

    ask, answers = subject().engine(context), []
    for request in requests:
        answer = await ask(request)
        if _is_refused(request.text):
            assert answer.is_refused, f"answered to {request}: {answer}"
        else:
            await compare(subject(), request, answer, context, relaxed)
        answers.append(answer)
    return answers


def _is_refused(text: str) -> bool:
    try:
        return bool(validate(graphql_schema(), parse(text)))
    except GraphQLSyntaxError:
        return True


@pytest.mark.parametrize("span", ["", ", from: 2024, to: 2024", ", from: 1800, to: 1801"])
@pytest.mark.parametrize("fields", ["value", "year value status", "year"])
@pytest.mark.parametrize("counts", list(permutations([1, 9, 60])), ids=str)
async def test_points_of_few_and_of_many_wijken_are_those_of_graphql_core(
    snapshot: Snapshot, relaxed: GraphQLSchema, span: str, fields: str, counts: tuple[int, ...]
) -> None:
    document = _POINTS % (span, fields)
    requests = [Request(document, {"ids": (_WIJKEN * 20)[:count]}) for count in counts]

    answers = await _all_equal(snapshot, relaxed, [*requests, *requests])

    found = [len(orjson.loads(each.data or b"")["nodes"]) for each in answers]
    assert found == [*counts, *counts]


@pytest.mark.parametrize("length", [3, 6, 13])
async def test_fields_merged_along_many_types_are_answered_as_by_graphql_core(
    snapshot: Snapshot, relaxed: GraphQLSchema, length: int
) -> None:
    (answer, _) = await _all_equal(snapshot, relaxed, [Request(chains(length))] * 2)

    parents = orjson.loads(answer.data or b"")["area"]["parent"]
    assert parents["parent"] is None


@pytest.mark.parametrize(
    ("document", "resembling"),
    [
        ('{ gemeente(code: "GM9001") { code } }', "s\0{ gemeente(code: \0) { code } }"),
        ("{ gemeenten(first: 2) { totalCount } }", "i\0{ gemeenten(first: \0) { totalCount } }"),
        ("{ gemeenten(first: 2) { totalCount } }", "{ gemeenten(first: 002) { totalCount } }"),
        ("{ gemeenten(first: 2) { totalCount } }", "{ gemeenten(first: -02) { totalCount } }"),
        ("{ gemeenten(first: 2) { totalCount } }", "{ gemeenten(first: \u0662) { totalCount } }"),
        ("{ gemeenten(first: 2) { totalCount } }", "{ gemeenten(first: 1\u0662) { totalCount } }"),
    ],
    ids=ascii,
)
async def test_what_only_resembles_a_document_is_a_syntax_error_before_it_and_after(
    snapshot: Snapshot, relaxed: GraphQLSchema, document: str, resembling: str
) -> None:
    odd = [Request(resembling), Request(resembling, {"0": "GM9001"})]
    asked = [*odd, Request(document), *odd, Request(document), *odd]

    answers = await _all_equal(snapshot, relaxed, asked)

    for request, answer in zip(asked, answers, strict=True):
        if request.text == document:
            assert answer.data is not None
            assert answer.errors == ()
        else:
            assert [each.message[:13] for each in answer.errors] == ["Syntax Error:"]


_TEXTS = ['"GM9001"', '"GM9002"', '"GM0000"', '"WK900101"', '""', '"%s"', '"é\\n"', '"""GM9001"""']
_NUMBERS = ["0", "1", "2", "5", "9", "-1", "002", "1.0", "1e1", "99999999999", "null", '"2"']
_YEARS = ["2023", "2024", "1800", "2100", "2024.0"]
_SLUGS = ['"population"', '"lonely"', '"thefts"', '"nothing"', '"100%"', "5"]
_FLOATS = ["4", "4.5", "-4.25", "5.015", "181", "5e0"]
_DAYS = ['"2024-01-01"', '"2024-01-02"', '"2024-99-01"', '"1900-01-01"', "2024"]
_WHICH = ['"V2lqazoyMDI0OldLOTAwMTAx"', '"V2lqazoyMDI0OldLOTAwMTAy"', '"x"', "5"]
_SHAPES: list[tuple[str, list[list[str]]]] = [
    ("{ gemeente(code: %s) { code name parent { code } } }", [_TEXTS]),
    ("{ a: gemeente(code: %s) { code } b: gemeente(code: %s) { code } }", [_TEXTS, _TEXTS]),
    ("{ gemeente(code: %s) { code } gemeente(code: %s) { name } }", [_TEXTS[:2], _TEXTS[:2]]),
    ("{ wijken(first: %s) { nodes { code parent { name } } } }", [_NUMBERS]),
    ("{ wijken { nodes { children(first: %s) { nodes { code } } } } }", [_NUMBERS]),
    ("{ wijken(filter: {bbox: {west: %s, south: 51, east: %s, north: 53}}) { totalCount } }",
     [_FLOATS, _FLOATS]),
    ("{ nodes(ids: [%s, %s]) { id } }", [_WHICH, _WHICH]),
    ("{ focusAreas(at: %s) { slug } }", [_DAYS]),
    ("{ wijken(first: %s) { nodes { series(indicators: [%s], from: %s) { __typename"
     " ... on Series { points { year value } } } } } }", [_NUMBERS[:5], _SLUGS, _YEARS]),
    ("{ wijken(first: %s) { nodes { observations(indicators: [%s, %s], year: %s) {"
     " ... on Observation { value indicator { name } } ... on IndicatorProblem { slug message }"
     " } } } }", [_NUMBERS[:5], _SLUGS, _SLUGS, _YEARS]),
    ("query ($c: String = %s) { gemeente(code: $c) { code } }", [_TEXTS]),
    ("{ gemeente(code: %s) { code name @skip(if: %s) } }", [_TEXTS[:3], ["true", "false", "0"]]),
]  # fmt: skip


def _documents() -> st.SearchStrategy[list[str]]:
    """Of two or three shapes, each with many literals, in any order."""
    shapes = st.lists(st.sampled_from(_SHAPES), min_size=1, max_size=3)
    return shapes.flatmap(
        lambda chosen: st.lists(st.one_of([_filled(*each) for each in chosen]), max_size=12)
    )


def _filled(shape: str, literals: list[list[str]]) -> st.SearchStrategy[str]:
    return st.tuples(*map(st.sampled_from, literals)).map(lambda chosen: shape % chosen)


@given(documents=_documents())
@examples(0.4)
async def test_documents_that_differ_in_literals_do_not_know_each_other(
    snapshot: Snapshot, relaxed: GraphQLSchema, documents: list[str]
) -> None:
    await _all_equal(snapshot, relaxed, [Request(text) for text in documents])
