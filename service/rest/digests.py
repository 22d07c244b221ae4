"""Digests of what is sent (RFC 9530): of what is written on the way, by having it made twice.

Such a file has no digest at its begin, and hardly any client reads trailers.
"""

import hashlib
import re
from base64 import b64encode

from service.headers import Field

_WISH = re.compile(r"([a-z0-9-]+)=([0-9]|10)")
_MOST = 8


def is_wanted(want_repr_digest: bytes | None) -> bool:
    """Whether a client asks for a SHA-256; a preference of 0 says that it wants none."""
    if want_repr_digest is None:
        return False
    wishes = (each.strip() for each in want_repr_digest.decode("latin-1").split(",")[:_MOST])
    found = (_WISH.fullmatch(each) for each in wishes)
    return any(each and each[1] == "sha-256" and each[2] != "0" for each in found)


def field(digest: bytes) -> Field:
    """The header, of the representation as it is coded."""
    return b"repr-digest", b"sha-256=:" + b64encode(digest) + b":"


def of(body: bytes) -> Field:
    return field(hashlib.sha256(body).digest())
