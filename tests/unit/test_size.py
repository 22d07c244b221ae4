"""How much a document holds, and a question asks for, when fragments are spread out."""

import time

import pytest
from graphql import OperationDefinitionNode, parse

from schema.compiled.size import Size, size_of
from service.size import measure

_SPREAD = "{ a { ...F } } fragment F on Query { a { ...G } } fragment G on Query { x: b y: b }"


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("{ b }", Size(depth=1, fields=1)),
        ("{ x: b a { y: b } }", Size(depth=2, aliases=2, fields=3)),
        ("{ ... { a { ... on Query { b } } } }", Size(depth=2, fields=2)),
        ("query A { b } query B { a { b } }", Size(depth=1, fields=1)),
        ("{ ...F ...F } fragment F on Query { x: b }", Size(depth=1, aliases=2, fields=2)),
        (_SPREAD, Size(depth=3, aliases=2, fields=4)),
        ("{ b @skip(if: true) x: b @include(if: $x) }", Size(depth=1, aliases=1, fields=2)),
        ("{ b __schema { types { name } } }", Size(depth=1, fields=4)),
        ("{ a { __typename } }", Size(depth=2, fields=2)),
    ],
)
def test_a_question_is_as_large_as_it_is_with_its_fragments_spread_out(
    text: str, size: Size
) -> None:
    document = parse(text)
    first = document.definitions[0]
    assert isinstance(first, OperationDefinitionNode)

    assert size_of(document, first) == size


@pytest.mark.parametrize(
    ("text", "levels", "introspection"),
    [
        ("{ b }", 0, 0),
        ("{ a { a { b } } b }", 2, 0),
        ("{ ... { a { ... on Query { b } } } }", 3, 0),
        (_SPREAD, 4, 0),
        ("query A { b } query B { a { b } }", 1, 0),
        ("{ ...F } fragment F on Query { b ...F }", 1, 0),
        ("{ ...Nobody }", 0, 0),
        ("{ __schema { types { name } } }", 2, 3),
        ("{ ...F } fragment F on Query { __schema { types { name } } }", 3, 3),
    ],
)
def test_levels_are_counted_before_a_document_is_validated(
    text: str, levels: int, introspection: int
) -> None:
    size = measure(parse(text), budget=100)

    assert size is not None
    assert (size.levels, size.introspection_depth) == (levels, introspection)


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("{ b a { b } }", 0),
        ("{ b b b }", 3),
        ("{ x: b b }", 0),
        ("{ ... { b } ...F } fragment F on Query { b }", 1),
        ("{ a { b } a { b } }", 6),
        ("{ x: b x: c }", 5),
        ("{ b(n: 1) b(n: 1) }", 1),
        ("{ b(n: 1) b(n: 2) }", 5),
        ("{ b b b(n: $n) }", 11),
        ("{ a { x: b } ...F } fragment F on Query { a { x: c } }", 10),
        ("{ x: a { b } y: a { b } }", 0),
        ("query A { b } query B { b }", 0),
    ],
)
def test_fields_with_one_name_in_one_place_are_counted_in_pairs(text: str, pairs: int) -> None:
    size = measure(parse(text), budget=100)

    assert size is not None
    assert size.pairs == pairs


@pytest.mark.parametrize(
    "inner", ["x: a {{ ...F{n} }} y: a {{ ...F{n} }}", "...F{n} ... {{ ...F{n} }}"]
)
def test_fragments_that_double_stop_at_the_budget(inner: str) -> None:
    doubling = " ".join(f"fragment F{n} on Query {{ {inner.format(n=n + 1)} }}" for n in range(60))
    document = parse(f"{{ ...F0 }} {doubling} fragment F60 on Query {{ b }}")
    began = time.process_time()

    assert measure(document, budget=4000) is None
    assert time.process_time() - began < 0.1


def test_a_chain_of_any_length_is_followed() -> None:
    chain = " ".join(f"fragment F{n} on Query {{ ...F{n + 1} }}" for n in range(3000))
    document = parse(f"{{ ...F0 }} {chain} fragment F3000 on Query {{ b }}")
    size = measure(document, budget=4000)

    assert size is not None
    assert size.levels == 3001
