"""The cost of a document is known before anything is read."""

from typing import Any

import pytest
from graphql import (
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    OperationDefinitionNode,
    parse,
)

from schema.cost import _LENGTHS, _PAGES, Price, price
from schema.root import build


def priced(query: str, **variables: Any) -> Price:
    document = parse(query)
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    return price(document, operation, variables)


def cost(query: str, **variables: Any) -> int:
    return priced(query, **variables).rows


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("{ __typename }", 1),
        ('{ wijk(code: "WK034403") { name code } }', 3),
        ("{ wijken(first: 10) { nodes { code name } totalCount } }", 1 + 10 * 4),
        ('{ wijk(code: "x") { observations(indicators: ["a", "b"]) { value status } } }', 2 + 4),
        ("{ wijken(first: 10) { ...f } } fragment f on X { nodes { code } }", 1 + 10 * 2),
    ],
)
def test_every_key_of_the_answer_counts_as_a_field(query: str, expected: int) -> None:
    assert priced(query).fields == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("{ __typename }", 0),
        ('{ wijk(code: "WK034403") { name } }', 0),
        ("{ wijken { nodes { code } } }", 100),
        ("{ wijken(first: 3400) { nodes { code } } }", 3400),
        ("{ wijken(last: 7) { nodes { code } } }", 7),
        ('{ ranking(indicator: "x", level: WIJK) { nodes { rank } } }', 100),
        ('{ ranking(indicator: "x", level: WIJK, first: 5) { edges { node { rank } } } }', 5),
        ("{ a: wijken(first: 5) { nodes { code } } b: wijken(first: 6) { totalCount } }", 11),
        ('{ wijk(code: "x") { observations(indicators: ["a", "b"]) { __typename } } }', 2),
        ('{ wijk(code: "x") { series(indicators: "a") { __typename } } }', 20),
        ("{ wijken(first: 10) { nodes { geometry(detail: FULL) { geojson } } } }", 10 * 21),
        ("{ gemeenten(first: 3) { nodes { children(first: 4) { nodes { code } } } } }", 3 * 5),
        ("{ wijken(first: 10) { ...f } } fragment f on X { nodes { geometry { geojson } } }", 20),
        ("{ wijken(first: 10) { ... { nodes { geometry { geojson } } } } }", 20),
    ],
)
def test_a_document_costs_the_rows_it_can_return(query: str, expected: int) -> None:
    assert cost(query) == expected


@pytest.mark.parametrize("below", ["stacking { parts { indicators { weight } } }", "...g"])
def test_indicators_of_a_domain_are_few_however_they_are_asked_for(below: str) -> None:
    query = f"""{{ wijken(first: 500) {{ nodes {{ {below} }} }} }}
      fragment g on X {{ stacking {{ parts {{ ...f }} }} }}
      fragment f on Y {{ indicators {{ weight }} }}
    """
    assert cost(query) == 500 * (1 + 6 * (1 + 4))
    assert cost(
        "{ indicators { ...f } parts { ...f } } fragment f on X { indicators { slug } }"
    ) == (400 * (1 + 400) + 6 * (1 + 4))


def test_variables_count_like_what_is_written_out() -> None:
    query = (
        "query($n: Int = 50, $s: [String!]!)"
        " { wijken(first: $n) { nodes { observations(indicators: $s) { __typename } } } }"
    )
    assert cost(query, s=["a", "b", "c"]) == 50 * (1 + 3)
    assert cost(query, s=["a"], n=200) == 200 * (1 + 1)


def test_fragments_that_multiply_are_counted_without_being_written_out() -> None:
    levels = " ".join(f"fragment f{n} on X {{ ...f{n + 1} ...f{n + 1} }}" for n in range(60))
    query = f"{{ ...f0 }} {levels} fragment f60 on X {{ wijken(first: 1) {{ totalCount }} }}"
    assert cost(query) == 2**60


def test_every_list_of_the_schema_has_a_known_length() -> None:
    plain = {"edges", "nodes", "observations", "series", "search", "locate", *_PAGES}
    unknown = set()
    for kind in build()._schema.type_map.values():
        if not isinstance(kind, GraphQLObjectType) or kind.name.startswith("__"):
            continue
        for name, field in kind.fields.items():
            inner = field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type
            if isinstance(inner, GraphQLList) and name not in plain and name not in _LENGTHS:
                item = inner.of_type
                item = item.of_type if isinstance(item, GraphQLNonNull) else item
                if isinstance(item, GraphQLObjectType):
                    unknown.add(f"{kind.name}.{name}")
    assert unknown == set()
