"""Bounds on GraphQL documents: refused before they cost anything, answered up to the bound."""

import json
import time
from collections.abc import AsyncIterator

import pytest
from graphql import get_introspection_query

from schema.cost import Price
from service.graphql import Cost
from tests.api.small import Small, code


@pytest.fixture
async def small() -> AsyncIterator[Small]:
    async with Small.open() as opened:
        yield opened


def _doubling(levels: int) -> str:
    """2^levels fields out of a text of a few lines."""
    spread = "".join(
        f"fragment F{n} on Tree {{ a{n}: child {{ ...F{n + 1} }} b{n}: child {{ ...F{n + 1} }} }}"
        for n in range(levels)
    )
    return f"{{ tree {{ ...F0 }} }} {spread} fragment F{levels} on Tree {{ name }}"


HOSTILE = {
    "long": "{ hello(name: " + json.dumps("x" * 33_000) + ") }",
    "multi-byte": "{ hello(name: " + json.dumps("é" * 20_000, ensure_ascii=False) + ") }",
    "comments": "#" * 40_000 + "\n{ hello }",
    "tokens": "{ " + "a " * 5000 + "}",
    "nested": "{ tree " + "{ child " * 100 + "}" * 101,
    "deep": "{ tree " + "{ child " * 18 + "{ name }" + "}" * 19,
    "braces": "{" * 15_000,
    "lists": "{ hello(name: " + "[" * 5000 + "]" * 5000 + ") }",
    "types": "query ($a: " + "[" * 500 + "Int" + "]" * 500 + ") { hello }",
    "operations": " ".join(f"query Q{n} {{ hello }}" for n in range(11)),
    "aliases": "{ " + " ".join(f"a{n}: hello" for n in range(101)) + " }",
    "aliases through fragments": _doubling(12),
    "far more aliases": _doubling(40),
    "chain of fragments": "{ tree { ...F0 } }"
    + "".join(f"fragment F{n} on Tree {{ ...F{n + 1} }}" for n in range(400))
    + "fragment F400 on Tree { name }",
    "fields": "{ tree { " + "name " * 2500 + "} }",
    "introspection": "{ __schema { types "
    + "{ fields { type " * 12
    + "{ name }"
    + "} }" * 12
    + "} }",
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_document_over_its_bounds_is_refused_quickly(small: Small, name: str) -> None:
    began = time.process_time()
    answer = await small.query(HOSTILE[name])

    assert (answer.status_code, code(answer)) == (400, "COST_LIMIT_EXCEEDED")
    assert time.process_time() - began < 0.5


_ASIDE = "... { " * 60 + "...F{} " + "} " * 60


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (HOSTILE["deep"], "15 levels of fields"),
        (HOSTILE["aliases"], "100 aliases, fragments spread out"),
        (HOSTILE["far more aliases"], "2000 fields, fragments spread out"),
        (
            "{ " + "...F " * 70 + "} fragment F on Query { " + "hello later count " * 10 + "}",
            "20000 pairs of fields with one name in one place",
        ),
        (
            "{ ...F0 }"
            + "".join(
                f"fragment F{n} on Query {{ {_ASIDE.replace('{}', str(n + 1))} }}" for n in range(3)
            )
            + "fragment F3 on Query { hello }",
            "128 levels of fields and fragments",
        ),
    ],
)
async def test_a_refusal_names_the_bound(small: Small, document: str, message: str) -> None:
    for _ in range(2):
        answer = await small.query(document)
        [error] = answer.json()["errors"]

        assert error["message"] == f"a document may have {message} at most"


async def test_only_the_question_that_is_asked_is_bounded_by_its_size(small: Small) -> None:
    document = f"query Small {{ hello }} query Deep {HOSTILE['deep']}"
    answers = [await small.query(document, operationName=name) for name in ("Small", "Deep")]

    assert [each.status_code for each in answers] == [200, 400]


_WORST = {
    "unknown fields": "{ " + " ".join(f"a{n}" for n in range(1990)) + " }",
    "unknown fields of other names": "{ " + " ".join(f"a{n}: b" for n in range(1330)) + " }",
    "one name for many": "{ tree { " + " ".join(f"x: y{n}" for n in range(88)) + " } }",
    "one name for many below": "{ tree { "
    + " ".join(f"x: child {{ x: child {{ y: z{n} }} }}" for n in range(50))
    + " } }",
    "one name for too many below": "{ tree { "
    + " ".join(f"x: child {{ x: child {{ y: z{n} }} }}" for n in range(99))
    + " } }",
    "long ways": "{ tree { " + ("child { " * 40 + "nope" + " }" * 40 + " ") * 14 + " } }",
}


@pytest.mark.parametrize("name", _WORST)
async def test_the_worst_invalid_documents_are_refused_in_a_tenth_of_a_second(name: str) -> None:
    took = []
    for _ in range(3):
        async with Small.open() as small:
            await small.query("{ hello }")
            began = time.process_time()
            answer = await small.query(_WORST[name])
            took.append(time.process_time() - began)
        assert answer.status_code == 400

    assert min(took) < 0.1


@pytest.mark.parametrize(
    "document",
    [
        "{ tree { ...F } } fragment F on Tree { child { ...F } }",
        "{ tree { ...F } } fragment F on Tree { ...G } fragment G on Tree { ...F }",
    ],
)
async def test_fragments_in_a_circle_are_a_validation_error(small: Small, document: str) -> None:
    answer = await small.query(document)

    assert (answer.status_code, code(answer)) == (400, "GRAPHQL_VALIDATION_FAILED")


async def test_brackets_inside_text_and_comments_do_not_count(small: Small) -> None:
    text = json.dumps("{[(" * 100)
    answer = await small.query(f"# {'{' * 200}\n{{ hello(name: {text}) later }}")

    assert answer.json()["data"]["hello"] == f"hello {'{[(' * 100}"


@pytest.mark.parametrize(
    "document",
    [
        "{ " + " ".join(f"a{n}: hello" for n in range(100)) + " }",
        "{ tree " + "{ child " * 13 + "{ name }" + "}" * 14,
    ],
    ids=["100 aliases", "15 levels"],
)
async def test_a_document_at_its_bounds_is_answered(small: Small, document: str) -> None:
    answer = await small.query(document)

    assert answer.status_code == 200
    assert "errors" not in answer.json()


async def test_overlapping_fields_within_the_bounds_are_cheap(small: Small) -> None:
    fields = " ".join(f"... on Tree {{ a{n % 50}: name }}" for n in range(100))
    began = time.process_time()
    answer = await small.query(f"{{ tree {{ {fields} }} }}")

    assert answer.status_code == 200
    assert time.process_time() - began < 0.5


async def test_tools_can_read_the_whole_schema(small: Small) -> None:
    document = get_introspection_query(input_value_deprecation=True)
    first, again = await small.query(document), await small.query(document)

    assert first.status_code == 200
    assert first.json()["data"]["__schema"]["queryType"] == {"name": "Query", "kind": "OBJECT"}
    assert again.content == first.content


async def test_200_introspections_take_less_than_5_seconds(small: Small) -> None:
    document = get_introspection_query()
    began = time.process_time()
    for _ in range(200):
        await small.query(document)

    assert time.process_time() - began < 5


@pytest.mark.parametrize("price", [Price(4, 1), Price(1, 5)])
async def test_a_request_for_too_many_rows_or_fields_is_refused_before_it_runs(
    price: Price,
) -> None:
    async with Small.open(cost=Cost(lambda *_: price, 3, 4)) as small:
        answer = await small.query("{ hello }")
    assert "data" not in answer.json()
    [error] = answer.json()["errors"]
    assert error["extensions"]["code"] == "COST_LIMIT_EXCEEDED"
    assert error["extensions"]["cost"]["rows"] == price.rows
