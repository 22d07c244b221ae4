"""How much a document asks for when its fragments are spread out."""

import time

import pytest
from graphql import parse

from service.size import Size, measure


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("{ b }", Size(depth=1, fields=1)),
        ("{ x: b a { y: b } }", Size(depth=2, aliases=2, fields=3)),
        ("{ ... { a { ... on Query { b } } } }", Size(depth=2, fields=2)),
        ("query A { b } query B { a { b } }", Size(depth=2, fields=3)),
        ("{ ...F ...F } fragment F on Query { x: b }", Size(depth=1, aliases=2, fields=2, pairs=1)),
        (
            "{ a { ...F } } fragment F on Query { a { ...G } } fragment G on Query { x: b y: b }",
            Size(depth=3, aliases=2, fields=4),
        ),
        ("{ ...F } fragment F on Query { b ...F }", Size(depth=1, fields=1)),
        ("{ ...Nobody }", Size()),
        ("{ __schema { types { name } } }", Size(introspection_depth=3, fields=3)),
    ],
)
def test_a_document_is_measured_with_its_fragments_spread_out(text: str, size: Size) -> None:
    assert measure(parse(text), budget=100) == size


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("{ b a { b } }", 0),
        ("{ b b b }", 3),
        ("{ x: b b }", 0),
        ("{ ... { b } ...F } fragment F on Query { b }", 1),
        ("{ a { b } a { b } }", 2),
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

    assert measure(document, budget=4000) == Size(depth=1, fields=1)
