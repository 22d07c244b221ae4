"""Parts of files: what RFC 9110 says of one range, and everything else is the whole file."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.rest.ranges import Unsatisfiable, only, part

TAG = b'"abc"'


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        (b"bytes=0-0", range(1)),
        (b"bytes=2-", range(2, 10)),
        (b"bytes=-3", range(7, 10)),
        (b"bytes=-30", range(10)),
        (b"bytes=5-500", range(5, 10)),
        (b"bytes=0-3,5-6", None),
        (b"bytes=5-2", None),
        (b"bytes=-", None),
        (b"rows=0-3", None),
        (b"bytes=a-b", None),
        (None, None),
    ],
)
def test_one_range_is_a_part_and_anything_else_the_whole(
    asked: bytes | None, wanted: range | None
) -> None:
    assert part(asked, None, TAG, 10) == wanted


@pytest.mark.parametrize("asked", [b"bytes=10-", b"bytes=10-20", b"bytes=-0"])
def test_a_part_outside_the_file_cannot_be_given(asked: bytes) -> None:
    with pytest.raises(Unsatisfiable):
        part(asked, None, TAG, 10)


def test_a_file_that_changed_since_is_sent_whole() -> None:
    assert part(b"bytes=2-", b'"old"', TAG, 10) is None
    assert part(b"bytes=2-", TAG, TAG, 10) == range(2, 10)


@given(st.binary(max_size=40), st.integers(0, 100))
def test_whatever_is_asked_the_part_lies_within_the_file(asked: bytes, length: int) -> None:
    try:
        found = part(asked, None, TAG, length)
    except Unsatisfiable:
        return
    assert found is None or (0 <= found.start < found.stop <= length)


@given(st.lists(st.binary(max_size=5)), st.integers(0, 60), st.integers(1, 60))
def test_of_pieces_of_any_size_only_the_wanted_bytes_are_passed_on(
    pieces: list[bytes], start: int, length: int
) -> None:
    whole = b"".join(pieces)
    assert b"".join(only(pieces, range(start, start + length))) == whole[start : start + length]


def test_no_piece_is_made_after_the_last_that_is_wanted() -> None:
    def pieces() -> Iterator[bytes]:
        yield from (b"abc", b"def")
        raise AssertionError("made in vain")

    assert b"".join(only(pieces(), range(2, 6))) == b"cdef"
