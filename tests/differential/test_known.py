"""Rules of the specification, each in one small document: what the answer is, on both executors."""

from typing import Any

import orjson
import pytest

from tests.differential import comparison, torture
from tests.differential.asking import compare
from tests.differential.budget import COROUTINES_LEFT_BEHIND
from tests.differential.documents import Request

pytestmark = COROUTINES_LEFT_BEHIND

_SUBJECT = torture.subject()
_RELAXED = comparison.relaxed(torture.build)


def _nothing() -> None:
    return None


async def _asked(text: str, operation_name: str | None = None, **variables: Any) -> Any:
    """Data and the paths of errors, once both executors have said the same."""
    request = Request(text, variables, operation_name)
    answer = await _SUBJECT.engine(_nothing)(request)
    await compare(_SUBJECT, request, answer, _nothing, _RELAXED)
    assert answer.data is not None, answer.errors
    return orjson.loads(answer.data), [each.path for each in answer.errors]


async def _data(text: str, operation_name: str | None = None, **variables: Any) -> Any:
    data, errors = await _asked(text, operation_name, **variables)
    assert errors == []
    return data


async def test_a_null_spreads_to_the_nearest_position_that_may_be_null() -> None:
    data, errors = await _asked("{ tree(number: 3) { sure { child { missingStrictly } number } } }")

    assert data == {"tree": {"sure": {"child": {"missingStrictly": 4}, "number": 7}}}
    assert errors == []
    data, errors = await _asked("{ tree(number: 3) { sure { sure { missingStrictly } } } }")
    assert (data, errors) == ({"tree": None}, [("tree", "sure", "sure", "missingStrictly")])


async def test_a_null_spreads_to_the_top() -> None:
    data, errors = await _asked("{ tree(number: 1) { number } sure(number: 5) { failsStrictly } }")

    assert (data, errors) == (None, [("sure", "failsStrictly")])


async def test_a_null_spreads_out_of_a_list_of_what_must_be_there() -> None:
    data, errors = await _asked("{ tree(number: 3) { lost { number } number } }")

    assert (data, errors) == ({"tree": {"lost": None, "number": 3}}, [("tree", "lost", 1)])


async def test_a_null_stays_in_a_list_of_what_may_be_null() -> None:
    data, errors = await _asked("{ tree(number: 5) { some { failsStrictly } } }")

    assert data == {"tree": {"some": [None, None, {"failsStrictly": "well"}]}}
    assert errors == [("tree", "some", 0, "failsStrictly")]


async def test_a_null_spreads_through_a_list_in_a_list() -> None:
    data, errors = await _asked("{ tree(number: 4) { forest { failsStrictly } strictMatrix } }")

    assert data == {
        "tree": {
            "forest": [[{"failsStrictly": "well"}], [], None, None],
            "strictMatrix": None,
        }
    }
    assert errors == [("tree", "forest", 3, 1, "failsStrictly"), ("tree", "strictMatrix", 1, 0)]


async def test_an_exception_as_an_item_is_the_error_of_that_item() -> None:
    data, errors = await _asked("{ tree { failingItems cursed { number } } }")

    assert data["tree"]["failingItems"] == [1, None, 3]
    assert data["tree"]["cursed"] == [{"number": 3}, None, {"number": 1}]
    assert errors == [("tree", "cursed", 1), ("tree", "failingItems", 1)]


async def test_errors_have_the_key_of_the_answer_and_not_the_name_of_the_field() -> None:
    _, errors = await _asked("{ one: tree(number: 3) { two: fails } }")

    assert errors == [("one", "two")]


async def test_fields_of_one_key_from_two_fragments_become_one() -> None:
    data = await _data(
        "{ tree { ...A ...B sure { number } } }"
        " fragment A on Tree { sure { uuid sure { number } } }"
        " fragment B on Tree { sure { sure { text number } decimal } number }"
    )

    assert orjson.dumps(data["tree"]) == (
        b'{"sure":{"uuid":"00000000-0000-0000-0000-000000000003",'
        b'"sure":{"number":7,"text":"</script>"},"decimal":"0.375","number":3},"number":1}'
    )


async def test_keys_are_in_the_order_in_which_they_are_first_asked_for() -> None:
    data = await _data(
        "{ b: __typename tree { z: number ...F a: number z: number } a: __typename }"
        " fragment F on Tree { m: number a: number }"
    )

    assert list(data) == ["b", "tree", "a"]
    assert list(data["tree"]) == ["z", "m", "a"]


async def test_a_skipped_field_takes_no_place_in_the_order() -> None:
    data = await _data("{ tree { a: number @skip(if: true) b: number a: number } }")

    assert list(data["tree"]) == ["b", "a"]


async def test_skipping_everything_gives_an_empty_object() -> None:
    document = """query ($no: Boolean!) {
      tree @include(if: $no) { number } ... @skip(if: true) { a: __typename } }"""

    assert await _data(document, no=False) == {}
    assert await _data("{ tree { ... @include(if: false) { number } } }") == {"tree": {}}


@pytest.mark.parametrize(
    ("skip", "include", "shown"),
    [(False, True, True), (True, True, False), (False, False, False), (True, False, False)],
)
async def test_both_directives_must_agree(skip: bool, include: bool, shown: bool) -> None:
    document = """query ($s: Boolean!, $i: Boolean! = false) {
      tree {
        number @skip(if: $s) @include(if: $i)
        ... on Tree @include(if: $i) @skip(if: $s) { id: number }
      } }"""

    assert (await _data(document, s=skip, i=include) == {"tree": {}}) != shown


async def test_an_omitted_variable_leaves_the_argument_to_its_default() -> None:
    document = "query ($f: Float, $i: Int) { tree { echo(b: true, f: $f, i: $i) } }"

    omitted = await _data(document)
    given = await _data(document, f=None, i=None)
    assert omitted["tree"]["echo"].startswith("[unset, 1.5, ")
    assert given["tree"]["echo"].startswith("[None, None, ")


async def test_a_variable_with_the_default_null_is_null_when_omitted() -> None:
    document = "query ($f: Float = null) { tree { echo(f: $f) } }"

    assert (await _data(document))["tree"]["echo"].startswith("[unset, None, ")


async def test_null_for_what_must_be_there_is_the_error_of_the_field() -> None:
    document = "query ($b: Boolean = true) { tree { echo(b: $b) } number: __typename }"

    data, errors = await _asked(document, b=None)
    assert (data, errors) == ({"tree": None, "number": "Query"}, [("tree", "echo")])


async def test_variables_inside_lists_and_input_objects() -> None:
    document = """query ($x: Float, $name: String!, $n: Int, $label: String) { tree { wish(
      wish: {name: $name, spot: {x: 2, y: $x, label: $label}, matrix: [[1], [$n, 3]]}) } }"""

    wished = (await _data(document, name='"q"', n=2))["tree"]["wish"]
    assert "Spot(x=2.0, y=None, label=unset, id=None)" in wished
    assert "matrix=[[1], [2, 3]]" in wished
    assert "label=None" in (await _data(document, name="", n=2, label=None))["tree"]["wish"]


async def test_one_value_stands_for_a_list_of_one() -> None:
    data = await _data(
        'query ($c: [Colour!]) { tree { echo(colours: RED, texts: "a") b: echo(colours: $c) } }',
        c="GREEN",
    )

    assert "[<Colour.RED: 'red'>], [['a']]" in data["tree"]["echo"]
    assert "[<Colour.GREEN: 2>]" in data["tree"]["b"]


async def test_the_named_operation_is_run() -> None:
    document = "query A($n: Int = 1) { tree(number: $n) { number } } query B { b: __typename ...F }"
    document += " fragment F on Query { tree(number: 9) { text } }"

    assert await _data(document, "A") == {"tree": {"number": 1}}
    assert await _data(document, "B", n=4) == {"b": "Query", "tree": {"text": "\ufeff"}}


async def test_conditions_on_interfaces_unions_and_objects_hold() -> None:
    data = await _data(
        """{ tree(number: 3) {
          things { __typename ... on Being { id } ... on Rock { r: number }
            ... on Thing { ... on Plant { food } } }
          beings { __typename ...P ... on Animal { mate { id } } }
        } }
        fragment P on Plant { eatenBy { ... on Being { name } } }"""
    )

    assert data["tree"] == {
        "things": [
            {"__typename": "Rock", "r": 3},
            {"__typename": "Animal", "id": "Animal:4"},
            {"__typename": "Plant", "id": "Plant:5", "food": "light"},
        ],
        "beings": [
            {"__typename": "Animal", "mate": {"id": "Animal:6"}},
            {"__typename": "Plant", "eatenBy": {"name": "being 5"}},
            {"__typename": "Animal", "mate": {"id": "Animal:8"}},
        ],
    }


async def test_one_key_means_different_fields_on_different_types() -> None:
    data = await _data(
        "{ tree(number: 3) { beings { ... on Animal { k: shade } ... on Plant { k: name } } } }"
    )

    assert [each["k"] for each in data["tree"]["beings"]] == ["RED 3", "being 4", "RED 5"]


async def test_an_object_that_is_not_in_the_union_is_an_error_there() -> None:
    data, errors = await _asked("{ tree(number: 7) { things { __typename } } }")

    assert data["tree"]["things"] == [{"__typename": "Rock"}, None, {"__typename": "Plant"}]
    assert errors == [("tree", "things", 1)]


async def test_a_number_that_is_no_int_is_an_error_there() -> None:
    data, errors = await _asked(
        "{ tree { big: integer(of: 5) half: integer(of: 9) whole: integer(of: 8) } }"
    )

    assert data == {"tree": {"big": None, "half": None, "whole": 3}}
    assert errors == [("tree", "big"), ("tree", "half")]


async def test_text_comes_through_whatever_is_in_it() -> None:
    document = """query ($s: String) { tree { a: echo(s: $s) b: echo(s: "\\u{1F600}\\n\\"\\\\")
      c: echo(s: \"\"\"
        x
         y
      \"\"\") } }"""

    data = (await _data(document, s="é\u2028\x01"))["tree"]
    assert repr("é\u2028\x01") in data["a"]
    assert repr('😀\n"\\') in data["b"]
    assert repr("x\n y") in data["c"]


async def test_values_of_one_document_do_not_stay_for_the_next() -> None:
    ask = _SUBJECT.engine(_nothing)
    for number in (1, 2, 1, -3):
        for text in ('"a"', '"b"', "null", '"""a"""'):
            request = Request(f"{{ tree(number: {number}) {{ number echo(s: {text}) }} }}")
            await compare(_SUBJECT, request, await ask(request), _nothing, _RELAXED)


async def test_a_document_is_asked_again_with_other_variables() -> None:
    ask = _SUBJECT.engine(_nothing)
    document = """query ($n: Int! = 2, $s: Boolean = false) {
      sure(number: $n) { number @skip(if: $s) fails } }"""
    for variables in ({}, {"n": 3}, {"s": True}, {"n": 3, "s": True}, {}, {"s": None}):
        request = Request(document, variables)
        await compare(_SUBJECT, request, await ask(request), _nothing, _RELAXED)


async def test_what_comes_later_comes_in_its_place() -> None:
    data, errors = await _asked(
        "{ tree(number: 2) { later { laterStrictly } number later2: later { number } } }"
    )

    assert orjson.dumps(data) == b'{"tree":{"later":null,"number":2,"later2":{"number":3}}}'
    assert errors == [("tree", "later", "laterStrictly")]


async def test_a_variable_of_the_wrong_type_is_refused_before_anything_is_read() -> None:
    request = Request("query ($n: Int!) { sure(number: $n) { number } }", {"n": "1"})

    answer = await _SUBJECT.engine(_nothing)(request)
    assert answer.is_refused
    await compare(_SUBJECT, request, answer, _nothing, _RELAXED)
