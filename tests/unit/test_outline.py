"""Counting the rows of a JSON page without building them."""

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.core.errors import TruncatedAnswer
from db.sources.protocols.outline import outline

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.text(alphabet='"\\[]{}:, aé\n'),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(alphabet='"\\[]{}value', max_size=6), inner, max_size=3)
    ),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.text(max_size=4), VALUES, max_size=4)


class Drops(io.BytesIO):
    """A stream that gives a few bytes at a time."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(min(size or 7, 7) if size != 1 else 1)


@settings(deadline=None)
@given(rows=st.lists(OBJECTS, max_size=5), rest=OBJECTS, ascii_only=st.booleans())
def test_rows_and_members_are_what_a_full_parse_finds(
    rows: list[object], rest: dict[str, object], ascii_only: bool
) -> None:
    document = {**rest, "value": rows}
    text = json.dumps(document, ensure_ascii=ascii_only).encode()

    found = outline(Drops(text), "value", "example")

    assert found.rows == len(rows)
    assert {**found.members, "value": rows} == document


@settings(deadline=None)
@given(rows=st.lists(OBJECTS, min_size=1, max_size=3), data=st.data())
def test_a_page_cut_anywhere_is_noticed(rows: list[object], data: st.DataObject) -> None:
    text = json.dumps({"a": 1, "value": rows}).encode()
    cut = data.draw(st.integers(0, len(text) - 1))

    with pytest.raises(TruncatedAnswer):
        outline(io.BytesIO(text[:cut]), "value", "example")


def test_the_digest_is_of_the_rows_alone() -> None:
    pages = [
        b'{"timeStamp":"1","features":[{"a":1}]}',
        b'{"timeStamp":"2","features":[{"a":1}]}',
        b'{"timeStamp":"1","features":[{"a":2}]}',
    ]

    first, again, other = (outline(io.BytesIO(p), "features", "x").digest for p in pages)

    assert first == again != other


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"null",
        b'{"value":{}}',
        b'{"rows":[]}',
        b'{"a":{"value":[{}]}}',
        b"]",
        b'{"value":[]}}',
        b"\\" * 200,
    ],
)
def test_a_document_without_the_list_is_refused(text: bytes) -> None:
    with pytest.raises(TruncatedAnswer):
        outline(io.BytesIO(text), "value", "example")
