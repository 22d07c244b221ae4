"""A part of a file (RFC 9110, 14): one range of bytes of what the client has begun to fetch."""

import re
from collections.abc import Iterable, Iterator

_ONE = re.compile(rb"bytes=(\d{0,18})-(\d{0,18})")

Wish = tuple[int | None, int | None]
"""First and last byte as asked for; without a first the last so many, without a last all."""


class Unsatisfiable(Exception):
    """The part that is asked for lies outside the file, which has this length."""

    def __init__(self, length: int) -> None:
        super().__init__(length)
        self.length = length


def wish(asked: bytes | None, if_range: bytes | None, tag: bytes) -> Wish | None:
    """The range that is asked for, whatever the length; None for all bytes.

    Several ranges, another unit, and a file that is no longer the one the client began with
    (If-Range) are answered whole, as the standard allows.
    """
    if asked is None or (if_range is not None and if_range.strip() != tag):
        return None
    found = _ONE.fullmatch(asked.strip())
    if found is None or found[1] == found[2] == b"":
        return None
    first, last = (int(each) if each else None for each in found.groups())
    return None if first is not None and last is not None and last < first else (first, last)


def part(asked: bytes | None, if_range: bytes | None, tag: bytes, length: int) -> range | None:
    """Which bytes of so many to send; None for all of them."""
    wanted = wish(asked, if_range, tag)
    if wanted is None:
        return None
    first, last = wanted
    if first is None:
        found = range(max(0, length - (last or 0)), length)
    else:
        found = range(first, length if last is None else min(last + 1, length))
    if not found:
        raise Unsatisfiable(length)
    return found


def only(pieces: Iterable[bytes], wanted: range) -> Iterator[bytes]:
    """These bytes of all pieces, some empty; no piece is made after the last that is needed."""
    at = 0
    for piece in pieces:
        yield piece[max(0, wanted.start - at) : wanted.stop - at]
        at += len(piece)
        if at >= wanted.stop:
            return
