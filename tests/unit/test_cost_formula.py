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


_COMPOSED = """query ($c: [String!]!) { few: composedArea(codes: ["a", "b"]) { ...F }
  many: composedArea(codes: $c) { ...F } focusArea(slug: "x") { ...G } }
  fragment F on ComposedArea { units { share } ...G }
  fragment G on X { observations(indicators: ["p", "q"]) { blockedBy { area { code } } } }"""


def test_units_of_a_composed_area_are_as_many_as_its_codes_wherever_they_are_listed() -> None:
    """Any of two hundred units may block each of a hundred indicators, and is an area to ask on."""
    compiled = _formula(_COMPOSED)

    def of(units: int) -> tuple[int, int]:
        return units + units + 2 * (1 + units), 1 + 1 + units + 1 + 2 * (1 + units * 2)

    for many in (1, 7, 200):
        two, more, focus = of(2), of(many), (1 + 2 * 2, 2 + 2 * 3)
        found = compiled({"c": ["x"] * many})
        assert found.fields == two[1] + more[1] + focus[1]
        assert found.rows - compiled({"c": []}).rows == more[0] - of(1)[0]


def test_fragments_that_multiply_with_a_variable_in_them_cost_no_time() -> None:
    levels = " ".join(f"fragment f{n} on X {{ ...f{n + 1} ...f{n + 1} }}" for n in range(60))
    last = "fragment f60 on X { wijken(first: $n) { totalCount } }"
    compiled = _formula(f"query ($n: Int) {{ ...f0 }} {levels} {last}")
    began = time.process_time()

    assert compiled({"n": 2}).rows == 2**61
    assert time.process_time() - began < 0.1
