"""Cursors are read back exactly, and nothing else is read at all."""

from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.core.cursor import Cursor, MalformedCursor, list_digest, read_cursor, write_cursor

_CURSOR = Cursor(7, list_digest("wijk", 2024), "WK034403")


@given(
    st.builds(
        Cursor,
        publication=st.integers(1, 10**9),
        list=st.binary(min_size=8, max_size=8).map(bytes.hex),
        key=st.text(
            st.characters(exclude_characters="|\0\n", exclude_categories=["Cs"]),
            min_size=1,
            max_size=20,
        ),
    )
)
def test_a_cursor_reads_back_as_it_was_written(cursor: Cursor) -> None:
    assert read_cursor(write_cursor(cursor)) == cursor


@given(st.text(max_size=80))
def test_no_other_text_is_a_cursor(text: str) -> None:
    with pytest.raises(MalformedCursor):
        read_cursor(text)


@given(st.integers(0, 10**6), st.characters(codec="ascii"))
def test_a_cursor_with_one_character_changed_is_refused(place: int, other: str) -> None:
    text = write_cursor(_CURSOR)
    at = place % len(text)
    changed = text[:at] + other + text[at + 1 :]
    if changed != text:
        with pytest.raises(MalformedCursor):
            read_cursor(changed)


@pytest.mark.parametrize(
    "body", ["1|0|0123456789abcdef|A", "2|7|0123456789abcdef|A", "1|7|0123|A", "1|7||A", ""]
)
def test_a_text_of_another_form_is_refused(body: str) -> None:
    text = urlsafe_b64encode(b"\0\0\0\0" + body.encode()).decode().rstrip("=")

    with pytest.raises(MalformedCursor):
        read_cursor(text)


def test_an_endless_text_is_refused_unread() -> None:
    with pytest.raises(MalformedCursor):
        read_cursor("A" * 1_000_000)


def test_lists_that_differ_in_anything_have_different_digests() -> None:
    digests = {list_digest("wijk", 2024), list_digest("wijk", 2023), list_digest("wijk", "2024")}

    assert len(digests) == 3
