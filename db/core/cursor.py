"""Cursors of lists: the key of an item, bound to one list of one publication.

A cursor is opaque to callers and strictly read: whatever was not written here is refused. It holds
a key and no offset, and guards against damage, not against forgery: nothing in it is secret.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from hashlib import blake2s

from db.core.errors import LeefbaarheidError

_VERSION = "1"
_LONGEST = 300
_FORM = re.compile(r"1\|(?P<number>[1-9]\d{0,9})\|(?P<list>[0-9a-f]{16})\|(?P<key>[^|\0]{1,100})")
_CHECK = 4


class MalformedCursor(LeefbaarheidError):
    """Text that was never given out as a cursor."""

    def __init__(self) -> None:
        super().__init__(
            "this is no cursor; use `endCursor`, `startCursor` or the `cursor` of an edge as it "
            "was given, or leave it out to begin at the first item"
        )


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place of one item in one list."""

    publication: int
    list: str
    """Digest of everything that decides which items the list has and in which order."""
    key: str
    """Unique key of the item in its list, such as a code."""


def list_digest(*parts: object) -> str:
    """Digest of what defines a list; `parts` must have a stable `repr`."""
    return blake2s(repr(parts).encode(), digest_size=8).hexdigest()


def write_cursor(cursor: Cursor) -> str:
    """The text of a cursor."""
    text = f"{_VERSION}|{cursor.publication}|{cursor.list}|{cursor.key}".encode()
    return urlsafe_b64encode(_check(text) + text).decode().rstrip("=")


def read_cursor(text: str) -> Cursor:
    """The cursor of a text; MalformedCursor for anything that `write_cursor` does not write."""
    match = _FORM.fullmatch(_body(text))
    if match is None:
        raise MalformedCursor
    cursor = Cursor(int(match["number"]), match["list"], match["key"])
    if write_cursor(cursor) != text:
        raise MalformedCursor
    return cursor


def _body(text: str) -> str:
    if len(text) > _LONGEST:
        raise MalformedCursor
    try:
        raw = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        return raw[_CHECK:].decode()
    except (NotBase64, UnicodeError):
        raise MalformedCursor from None


def _check(text: bytes) -> bytes:
    return blake2s(text, digest_size=_CHECK).digest()
