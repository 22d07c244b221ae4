"""A GraphQL request out of bytes, or the reason why there is none."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.request import (
    GraphQLRequest,
    Refused,
    check_body_headers,
    from_body,
    from_query_string,
)


def test_a_whole_request_is_read() -> None:
    body = (
        b'{"query": "{a}", "operationName": "A", "variables": {"n": [1]}, "extensions": {"e": 1}}'
    )

    assert from_body(body) == GraphQLRequest("{a}", "A", {"n": [1]}, {"e": 1})


def test_both_ways_of_asking_give_the_same_request() -> None:
    posted = from_body(b'{"query": "{a}", "variables": {"n": "\\u00e9"}}')

    assert from_query_string(b"query=%7Ba%7D&variables=%7B%22n%22:%22%C3%A9%22%7D") == posted


def test_a_plus_in_a_url_is_a_space() -> None:
    assert from_query_string(b"query={+a+}").query == "{ a }"


def test_other_parameters_of_a_url_are_not_ours() -> None:
    assert from_query_string(b"query={a}&utm_source=mail") == GraphQLRequest("{a}")


def _status(read: Callable[[bytes], GraphQLRequest], body: bytes) -> int:
    try:
        read(body)
    except Refused as refusal:
        return refusal.status
    return 200


@given(st.binary(max_size=200))
def test_any_bytes_are_a_request_or_refused_with_a_4xx(body: bytes) -> None:
    assert _status(from_body, body) in (200, 400)
    assert _status(from_query_string, body) in (200, 400)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from(["query", "operationName", "variables", "x"]), _VALUES))
def test_any_object_is_a_request_or_refused_with_400(members: dict[str, object]) -> None:
    body = json.dumps(members).encode()
    whole = isinstance(members.get("query"), str)

    assert _status(from_body, body) in ((200, 400) if whole else (400,))


@pytest.mark.parametrize(("depth", "taken"), [(31, True), (32, False), (500, False)])
def test_variables_may_be_nested_so_deep_and_no_deeper(depth: int, taken: bool) -> None:
    body = b'{"query": "{a}", "variables": {"v": %s}}' % (b"[" * depth + b"]" * depth)
    if taken:
        assert from_body(body).variables
    else:
        with pytest.raises(Refused, match="nested"):
            from_body(body)


@pytest.mark.parametrize("charset", ["", "; charset=utf-8", ";charset=UTF8", "; boundary=x"])
def test_json_is_taken(charset: str) -> None:
    check_body_headers({"content-type": f"application/json{charset}"})


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"content-type": "text/plain"},
        {"content-type": "application/json; charset=utf-16"},
        {"content-type": "application/json", "content-encoding": "br"},
    ],
)
def test_anything_else_is_415(headers: dict[str, str]) -> None:
    with pytest.raises(Refused) as raised:
        check_body_headers(headers)

    assert raised.value.status == 415
