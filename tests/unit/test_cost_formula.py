"""A price is compiled once and worked out for the variables of each request."""

import time
from typing import Any

import pytest
from graphql import OperationDefinitionNode, parse

from schema.cost import formula, price
from schema.cost_formula import Formula


def _formula(text: str) -> Formula:
    document = parse(text)
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    return formula(document, operation)


@pytest.mark.parametrize(
    ("text", "variables", "rows", "fields"),
    [
        ("query ($n: Int) { wijken(first: $n) { nodes { code } } }", {"n": 7}, 7, 15),
        ("query ($n: Int) { wijken(first: $n) { nodes { code } } }", {}, 100, 201),
        ("query ($n: Int = 3) { wijken(last: $n) { nodes { code } } }", {}, 3, 7),
        (
            "query ($s: [String!]!) { gemeenten(first: 2) { nodes { code ...F } } }"
            " fragment F on Gemeente { observations(indicators: $s) { __typename } }",
            {"s": ["a", "b", "c"]},
            2 * (1 + 3),
            1 + 2 * (1 + 1 + 1 + 3),
        ),
        (
            'query ($a: ID!) { wijk(code: "x") { series(indicators: [$a, "b"]) { vintage } } }',
            {"a": "c"},
            40,
            4,
        ),
    ],
)
def test_variables_multiply_what_is_below_them(
    text: str, variables: dict[str, Any], rows: int, fields: int
) -> None:
    compiled = _formula(text)

    assert compiled(variables) == compiled(variables) == (rows, fields)


def test_one_formula_serves_requests_one_after_another() -> None:
    inner = "children(first: $m) { nodes { code } }"
    text = f"query ($n: Int, $m: Int) {{ gemeenten(first: $n) {{ nodes {{ {inner} }} }} }}"
    compiled, document = _formula(text), parse(text)
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    given = [{"n": n, "m": m} for n in (1, 5, 70) for m in (2, 100)]

    found = [compiled(each) for each in given]

    assert found == [price(document, operation, each) for each in given]
    assert [each.rows for each in found] == [each["n"] * (1 + each["m"]) for each in given]


def test_fragments_that_multiply_with_a_variable_in_them_cost_no_time() -> None:
    levels = " ".join(f"fragment f{n} on X {{ ...f{n + 1} ...f{n + 1} }}" for n in range(60))
    last = "fragment f60 on X { wijken(first: $n) { totalCount } }"
    compiled = _formula(f"query ($n: Int) {{ ...f0 }} {levels} {last}")
    began = time.process_time()

    assert compiled({"n": 2}).rows == 2**61
    assert time.process_time() - began < 0.1
