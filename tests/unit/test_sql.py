"""Cutting files of SQL into named queries."""

import pytest

from db.sql import QueryUnknown, all_queries, parse, queries


def test_a_query_is_found_by_its_name() -> None:
    found = parse("areas", "-- name: one\nSELECT 1;\n\n-- name: two\nSELECT 2\n")

    assert dict(found) == {"one": "SELECT 1", "two": "SELECT 2"}
    assert found.two == "SELECT 2"


def test_a_comment_under_the_name_stays_with_the_query() -> None:
    found = parse("areas", "-- name: one\n-- Newest first.  $1 code\nSELECT $1\n")

    assert found.one == "-- Newest first.  $1 code\nSELECT $1"


def test_a_semicolon_inside_a_query_is_kept() -> None:
    found = parse("areas", "-- name: one\nSELECT ';' AS a;\n")

    assert found.one == "SELECT ';' AS a"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("-- name: one\nSELECT 1\n-- name: one\nSELECT 2", "two queries one"),
        ("SELECT 1\n-- name: one\nSELECT 2", "before its first name"),
        ("SELECT 1", "before its first name"),
        ("-- name: one\n\n-- name: two\nSELECT 2", "nothing under one"),
        ("-- name: items\nSELECT 1", "can be called items"),
    ],
)
def test_a_file_that_cannot_be_read_one_way_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        parse("areas", text)


def test_an_unknown_name_is_an_error_that_names_the_file() -> None:
    with pytest.raises(QueryUnknown, match=r"db/queries/migrations\.sql has no query nothing"):
        _ = queries("migrations").nothing


def test_an_unknown_file_is_an_error() -> None:
    with pytest.raises(QueryUnknown, match=r"db/queries/nobody\.sql does not exist"):
        queries("nobody")


def test_every_query_of_ours_can_be_read() -> None:
    found = [(noun, name) for noun, name, _ in all_queries()]

    assert ("migrations", "applied") in found
    assert len(found) == len(set(found))
