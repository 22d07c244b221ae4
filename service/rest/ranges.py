"""A part of a file (RFC 9110, 14): one range of bytes of what the client has begun to fetch."""

import re

_ONE = re.compile(rb"bytes=(\d{0,18})-(\d{0,18})")


class Unsatisfiable(Exception):
    """The part that is asked for lies outside the file."""


def part(asked: bytes | None, if_range: bytes | None, tag: bytes, length: int) -> range | None:
    """Which bytes to send; None for all of them.

    Several ranges, another unit, and a file that is no longer the one the client began with
    (If-Range) are answered whole, as the standard allows.
    """
    if asked is None or (if_range is not None and if_range.strip() != tag):
        return None
    found = _ONE.fullmatch(asked.strip())
    if found is None or found[1] == found[2] == b"":
        return None
    if found[1] == b"":
        wanted = range(max(0, length - int(found[2])), length)
    else:
        first, last = int(found[1]), int(found[2] or length)
        if found[2] and last < first:
            return None
        wanted = range(first, min(last + 1, length))
    if not wanted:
        raise Unsatisfiable
    return wanted
