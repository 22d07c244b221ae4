"""What is checked before a document is parsed, and which documents are kept."""

import pytest
from graphql import build_schema

from service.document import Documents, Limits, RequestRefused, check_text

_SCHEMA = build_schema("type Query { a: Query b(text: String, number: Float): String }")


@pytest.mark.parametrize(
    "text",
    [
        '"{{{{{{"',
        '"\\"{{{{{{"',
        '"""{{{{{{"""',
        '"""\\"""{{{{{{"""',
        '"""\\\\"""{{{{{{"""',
        "# {{{{{{\n",
        "{[(" + ")]}",
        "{}" * 10,
    ],
)
def test_only_open_brackets_outside_text_count_as_nesting(text: str) -> None:
    check_text(text, Limits(brackets=5))


@pytest.mark.parametrize(
    "text", ['""{{{{{{', '"""" """{{{{{{', '"\n{{{{{{', "#\n{{{{{{", '"\\\\"{{{{{{', "[[[{{{"]
)
def test_nesting_cannot_be_hidden_behind_quotes(text: str) -> None:
    with pytest.raises(RequestRefused):
        check_text(text, Limits(brackets=5))


def test_a_document_seen_before_is_not_read_again() -> None:
    documents = Documents(_SCHEMA)

    assert documents.get("{ b }") is documents.get("{ b }")
    assert documents.get("{ b }") is not documents.get("{ b } ")


def test_documents_are_kept_up_to_a_number_of_bytes() -> None:
    documents = Documents(_SCHEMA, kept_bytes=20_000)
    first = documents.get("{ b }")
    for n in range(100):
        documents.get(f"query Q{n} {{ b }}")

    assert documents.get("{ b }") is not first
    assert documents.get("{ b }").weight < 20_000


def test_a_document_larger_than_the_cache_is_answered_and_not_kept() -> None:
    documents = Documents(_SCHEMA, kept_bytes=100)

    assert documents.get("{ b }").invalid == ()
