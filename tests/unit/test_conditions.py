"""Preconditions of requests: a tag must be the very one, a moment only where no tag is given."""

from datetime import UTC, datetime, timedelta

import pytest

from service.rest import conditions

TAG = b'"0123.gzip"'
CHANGED = datetime(2026, 11, 21, 12, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "value", "refused"),
    [
        (b"if-match", b'"0123.gzip"', False),
        (b"if-match", b'"x", "0123.gzip"', False),
        (b"if-match", b" * ", False),
        (b"if-match", b'"0123.br"', True),
        (b"if-match", b'W/"0123.gzip"', True),
        (b"if-match", b"0123.gzip", True),
        (b"if-match", b"", True),
        (b"if-unmodified-since", b"Sat, 21 Nov 2026 12:00:04 GMT", True),
        (b"if-unmodified-since", b"Sat, 21 Nov 2026 12:00:05 GMT", False),
        (b"if-unmodified-since", b"Saturday, 21-Nov-26 12:00:04 GMT", True),
        (b"if-unmodified-since", b"Sat Nov 21 12:00:04 2026", True),
        (b"if-unmodified-since", b"gisteren", False),
        (b"if-unmodified-since", b"9" * 30_000, False),
    ],
)
def test_what_a_client_insists_on_is_the_very_answer(
    name: bytes, value: bytes, refused: bool
) -> None:
    assert conditions.refused({name: value}, TAG, CHANGED) is refused


@pytest.mark.parametrize(
    ("value", "held"),
    [
        (b"Sat, 21 Nov 2026 12:00:04 GMT", False),
        (b"Sat, 21 Nov 2026 12:00:05 GMT", True),
        (b"Sun, 22 Nov 2026 00:00:00 GMT", True),
        (b"", False),
        (b"nooit", False),
        (b"Sat, 99 Nov 2026 12:00:05 GMT", False),
    ],
)
def test_a_client_holds_what_has_not_changed_since(value: bytes, held: bool) -> None:
    assert conditions.held({b"if-modified-since": value}, CHANGED) is held


def test_a_moment_counts_for_nothing_beside_a_tag() -> None:
    late = b"Sun, 22 Nov 2026 00:00:00 GMT"
    assert not conditions.held({b"if-modified-since": late, b"if-none-match": b'"x"'}, CHANGED)
    early = b"Sat, 21 Nov 2020 00:00:00 GMT"
    asked = {b"if-unmodified-since": early, b"if-match": TAG}
    assert not conditions.refused(asked, TAG, CHANGED)


def test_two_publications_in_one_second_are_never_told_apart_by_it_and_so_not_dated() -> None:
    begun = CHANGED - timedelta(days=1)
    first, second = CHANGED.replace(microsecond=200_000), CHANGED.replace(microsecond=900_000)
    changed = conditions.changed_at(first, begun)
    assert changed == conditions.changed_at(second, begun) > second
    assert conditions.last_modified(changed, second) == ()
    (field,) = conditions.last_modified(changed, changed + timedelta(milliseconds=1))
    assert field == (b"last-modified", b"Sat, 21 Nov 2026 12:00:06 GMT")


def test_new_software_may_answer_otherwise_so_its_start_counts() -> None:
    assert conditions.changed_at(CHANGED, CHANGED + timedelta(hours=2)).hour == 14
