"""Every refusal names its argument, in both languages: each argument of the contract is spoiled.

The schema itself says which arguments there are. Of each field one at a time is given a value that
cannot be answered; what is refused must name exactly that one.
"""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from graphql import (
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
)

from schema.refusal import Refusal
from tests.api.asking import graphql_schema

_WIJK = '"WK900200"'
_VALID = {
    "code": _WIJK,
    "Query.gemeente.code": '"GM9002"',
    "Query.buurt.code": '"BU90020000"',
    "codes": f"[{_WIJK}]",
    "indicators": '["crime_total"]',
    "Wijk.comparable.indicators": '["population", "crime_total"]',
    "matchedOn": '["population", "crime_total"]',
    "indicator": '"crime_total"',
    "within": '"GM9002"',
    "level": "WIJK",
    "at": '"2024-06-01"',
    "by": '"2025-01-01"',
    "programme": '"vitale-wijken"',
    "outsideProgramme": '"vitale-wijken"',
    "streams": '["wijkfonds"]',
    "points": "[]",
    "text": '"Haven"',
    "reference": f"{{code: {_WIJK}}}",
    "id": '"x"',
    "ids": "[]",
    "slug": '"x"',
}
"""What must be given, and can be: by name, or for one field by its whole name."""
_OWN = '[{slug: "safe", indicators: [{slug: "crime_total"}]}]'
_FIELDS = {
    "StackingDefinitionInput": {"domains": _OWN},
    "StackingDomainInput": {"slug": '"safe"', "indicators": '[{slug: "crime_total"}]'},
    "WeightedIndicatorInput": {"slug": '"crime_total"'},
    "BoundingBoxInput": {"west": "5", "south": "52", "east": "6", "north": "53"},
    "AreaReferenceInput": {"code": _WIJK},
}
"""Of input objects, what is given beside the field that is spoiled."""
_INSTEAD = {"codes", "focusArea"}
"""Fields of a reference that take the place of its code."""
_BESIDE = {
    "Query.stackingChange": {"threshold": "80", "atLeast": "1"},
    "Query.stackingChange.other": {"atLeast": "1"},
}
"""What a field wants besides, where two of its arguments take each other's place."""
_OBSERVED = f'wijk(code: {_WIJK}) {{ observations(indicators: ["crime_total"]) {{ ...on Observation'
_SERIES = f'wijk(code: {_WIJK}) {{ series(indicators: ["crime_total"]'
_PLACES = {
    "Query": "%s",
    "Wijk": f"wijk(code: {_WIJK}) {{ %s }}",
    "Observation": f"{_OBSERVED} {{ %s }} }} }}",
    "Benchmark": f"{_OBSERVED} {{ benchmarks {{ %s }} }} }} }}",
    "Percentile": f"{_OBSERVED} {{ percentile {{ %s }} }} }} }}",
    "Series": f"{_SERIES}) {{ ...on Series {{ %s }} }} }}",
    "HarmonisedSeries": f"{_SERIES}, harmonised: true) {{ ...on HarmonisedSeries {{ %s }} }} }}",
    "ComposedArea": f"composedArea(codes: [{_WIJK}]) {{ %s }}",
    "Aggregate": f'composedArea(codes: [{_WIJK}]) {{ observations(indicators: ["population"]) '
    "{ ...on Aggregate { %s } } }",
    "Distribution": 'distribution(indicator: "crime_total", level: WIJK) { %s }',
    "AreasAsBad": f"areasAsBadAs(reference: {{code: {_WIJK}}}) {{ %s }}",
    "StackingGroup": "stackingChange(level: WIJK, threshold: 80, atLeast: 1) { enters { %s } }",
    "NextGroup": 'nextAreas(level: WIJK, outsideProgramme: "vitale-wijken") { surely { %s } }',
    "FocusArea": 'focusArea(slug: "kwakelhaven-havenkant") { %s }',
    "FocusAreaVersion": 'focusArea(slug: "kwakelhaven-havenkant") { compositions { %s } }',
    "Programme": 'programme(slug: "vitale-wijken") { %s }',
    "Intervention": "interventions { %s }",
    "MunicipalityGroup": 'municipalityGroup(slug: "kring-van-havens") { %s }',
    "Indicator": 'indicator(slug: "crime_total") { %s }',
}
"""How a question comes to a type whose fields have arguments."""
_SPOILED = {
    "String": ['"no-such-thing"'],
    "ID": ['"no-such-thing"'],
    "Int": ["-7", "100000"],
    "Float": ["-7.5", "99999.5"],
    "Date": ['"1000-01-01"'],
}
_SAME = {"Land", "Gemeente", "Buurt"}
"""Their fields are those of Wijk."""


def _spoiled(kind: GraphQLInputType, name: str) -> Iterator[tuple[str, str]]:
    """Values that cannot be answered, each with the name of what is wrong with it."""
    bare = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
    if isinstance(bare, GraphQLList):
        yield name, "[]"
        yield from ((about, f"[{value}]") for about, value in _spoiled(bare.of_type, name))
    elif isinstance(bare, GraphQLInputObjectType):
        for field, each in bare.fields.items():
            beside = {} if field in _INSTEAD else _FIELDS.get(bare.name, {})
            for about, value in _spoiled(each.type, f"{name}.{field}"):
                given = {**beside, field: value}
                yield about, f"{{{', '.join(f'{k}: {v}' for k, v in given.items())}}}"
        assert {n for n, f in bare.fields.items() if is_required_input_field(f)} <= {*beside}
    elif isinstance(bare, GraphQLScalarType):
        yield from ((name, value) for value in _SPOILED.get(bare.name, []))


def _questions(kind: str) -> Iterator[tuple[str, str]]:
    """Every field of a type with one argument spoiled, and the name of what is wrong."""
    found: Any = graphql_schema().type_map[kind]
    fields: dict[str, GraphQLField] = found.fields
    for name, field in fields.items():
        where = f"{kind}.{name}"
        needed = {
            each: _VALID.get(f"{where}.{each}") or _VALID[each]
            for each, meant in field.args.items()
            if is_required_argument(meant)
        }
        inner = "" if is_leaf_type(get_named_type(field.type)) else " { __typename }"
        for argument, meant in field.args.items():
            beside = _BESIDE.get(f"{where}.{argument}", _BESIDE.get(where, {}))
            for about, value in _spoiled(meant.type, argument):
                given = {**needed, **beside, argument: value}
                listed = ", ".join(f"{key}: {each}" for key, each in given.items())
                yield about, f"{{ {_PLACES[kind] % f'{name}({listed}){inner}'} }}"


async def _errors(client: httpx.AsyncClient, query: str) -> list[dict[str, Any]]:
    answer = (await client.post("/graphql", json={"query": query})).json()
    errors: list[dict[str, Any]] = answer.get("errors", [])
    return errors


def _wrong(about: str, error: dict[str, Any]) -> str | None:
    """What a refusal lacks; None where it says all that it must."""
    told = error["extensions"]
    argument = told.get("argument")
    if told["code"] == "REFERENCE_UNKNOWN":
        # Too little is known of it with this year and definition: it is the reference still.
        about = "reference"
    if argument is None or not (about == argument or about.startswith(f"{argument}.")):
        return f"names {argument}"
    texts = (error["message"], told["messageNl"])
    if not all(f"`{argument}`" in text for text in texts) or texts[0] == texts[1]:
        return "does not name it in both languages"
    return None


def test_every_type_whose_fields_have_arguments_is_asked() -> None:
    types = graphql_schema().type_map.items()
    closed = {"language", "detail", "crs"}
    asked = {
        name
        for name, kind in types
        if isinstance(kind, GraphQLObjectType) and not name.startswith("__")
        if any(set(field.args) - closed for field in kind.fields.values())
    }

    assert asked - _SAME == {*_PLACES}


@pytest.mark.parametrize("kind", _PLACES)
async def test_what_is_refused_names_the_argument_that_was_wrong(
    stories: httpx.AsyncClient, kind: str
) -> None:
    faults = []
    for about, query in _questions(kind):
        for error in await _errors(stories, query):
            wrong = _wrong(about, error)
            if wrong:
                faults.append(f"{about} {wrong}: {query[:300]} {error}")

    assert not faults, "\n".join(faults)


_CASES = {
    "MALFORMED_CODE": ('wijk(code: "WK9002")', "code", "suggestions"),
    "UNKNOWN_CODE": ('wijk(code: "WK900277")', "code", "suggestions"),
    "CODE_NOT_VALID_IN_VINTAGE": ('gemeente(code: "GM9008", vintage: 2024)', "code", "vintages"),
    "CODE_OF_ANOTHER_LEVEL": (
        'wijken(filter: { gemeente: "WK900200" })',
        "filter.gemeente",
        "expected",
    ),
    "VINTAGE_NOT_LOADED": ('area(code: "GM9002", at: "1999-01-01")', "at", "loadedVintages"),
    "NOT_STATED_FOR_VINTAGE": (
        'nextAreas(level: GEMEENTE, outsideProgramme: "vitale-wijken")',
        "outsideProgramme",
        "statedFor",
    ),
    "NO_LIST_ON_DATE": (
        'gemeenten(filter: { municipalityGroup: "kring-van-havens", at: "1999-01-01" })',
        "filter.at",
        "firstList",
    ),
    "LIMIT_OUT_OF_RANGE": ("wijken(first: 0)", "first", "maximum"),
    "BAD_USER_INPUT": (
        'nextAreas(level: WIJK, outsideProgramme: "vitale-wijken", sizeBounds: [9, 3])',
        "sizeBounds",
        "minimum",
    ),
    "UNKNOWN_SLUG": (
        'nextAreas(level: WIJK, outsideProgramme: "vitale-wijkn")',
        "outsideProgramme",
        "suggestions",
    ),
    "MALFORMED_DEFINITION": (
        "stackingChange(level: WIJK, threshold: 80, own: { domains: [] })",
        "own",
        "problems",
    ),
    "NOT_AVAILABLE_AT_LEVEL": (
        'ranking(indicator: "low_school_advice", level: WIJK)',
        "indicator",
        "problem",
    ),
    "NOT_AVAILABLE_IN_YEAR": (
        'ranking(indicator: "crime_total", level: WIJK, year: 1850)',
        "year",
        "years",
    ),
    "KIND_NOT_ALLOWED": (
        'distribution(indicator: "lbm_housing", level: WIJK)',
        "indicator",
        "allowedKinds",
    ),
    "REFERENCE_UNKNOWN": (
        'areasAsBadAs(reference: { code: "WK900200" }, year: 1850)',
        "reference",
        "unknownDomains",
    ),
    "BAD_ID": ('node(id: "x")', "id", None),
    "BAD_CURSOR": ('wijken(before: "x")', "before", None),
    "UNKNOWN_PUBLICATION": ("publication(number: 99)", "number", "maximum"),
}
"""By code: a question, the argument that its refusal names, and where it says what is allowed."""
_ELSEWHERE = {
    "WITHDRAWN",
    "CURSOR_OF_ANOTHER_LIST",
    "CURSOR_OF_ANOTHER_PUBLICATION",
    "VINTAGE_NOT_DRAWN",
}
"""They follow from what was given out before, or from a vintage without a map, which Voorbeeldland
does not have; their own tests ask them."""


def test_every_code_of_a_refusal_is_asked_for() -> None:
    assert {kind.code for kind in Refusal.__subclasses__()} == {*_CASES} | _ELSEWHERE


@pytest.mark.parametrize("code", _CASES)
async def test_a_refusal_names_its_argument_and_what_is_allowed(
    stories: httpx.AsyncClient, code: str
) -> None:
    field, argument, allowed = _CASES[code]

    (error,) = await _errors(stories, f"{{ {field} {{ __typename }} }}")

    assert (error["extensions"]["code"], error["extensions"]["argument"]) == (code, argument)
    assert _wrong(argument, error) is None
    assert allowed is None or error["extensions"][allowed] not in (None, [])


@pytest.mark.parametrize(
    "field",
    [
        'wijk(code: "WK900200") { series(indicators: ["crime_total"], from: 9, to: 3) { SO } }',
        'wijk(code: "WK900200") { series(indicators: ["crime_total"], from: 9, to: 3,'
        " harmonised: true) { SO } }",
        'wijk(code: "WK900200") { series(indicators: ["crime_total"]) { ...on Series {'
        " trend(from: 9, to: 3) { SO } } } }",
        'wijk(code: "WK900200") { series(indicators: ["crime_total"], harmonised: true) {'
        " ...on HarmonisedSeries { trend(from: 9, to: 3) { SO } } } }",
        'composedArea(codes: ["WK900200"]) { series(indicators: ["population"], from: 9, to: 3) {'
        " SO } }",
        'focusArea(slug: "kwakelhaven-havenkant") { series(indicators: ["population"], from: 9,'
        " to: 3) { SO } }",
        'interventions { againstMatched(indicators: ["crime_total"], from: 9, to: 3,'
        ' matchedOn: ["population", "households"]) { SO } }',
    ],
)
async def test_years_that_end_before_they_begin_are_refused_alike(
    stories: httpx.AsyncClient, field: str
) -> None:
    errors = await _errors(stories, f"{{ {field.replace('SO', '__typename')} }}")

    assert errors
    for error in errors:
        told = error["extensions"]
        assert (told["argument"], told["maximum"], _wrong("from", error)) == ("from", 3, None)
