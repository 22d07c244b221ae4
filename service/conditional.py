"""ETags and If-None-Match (RFC 9110, 8.8.3 and 13.1.2). Pure.

A tag is the digest of the request and the publication, then how the body was coded. The digest
needs no answer to be made, so a tag that comes back is known to be current without making one.
"""

import re

from service.coding import Coding

_TAG = re.compile(r'(?:W/)?"([0-9a-f]+)(?:\.([a-z]+)(\+?))?"')
_DENSE = "+"


def etag(digest: str, coding: Coding | None, *, dense: bool = False) -> bytes:
    """The strong tag of one body; `coding` is None where a body is never coded."""
    suffix = "" if coding is None else f".{coding}{_DENSE if dense else ''}"
    return f'"{digest}{suffix}"'.encode()


def matched(if_none_match: bytes, digest: str, taken: tuple[Coding, ...]) -> bytes | None:
    """The tag a client holds of this very answer, in a coding it takes; None where it has none."""
    if digest.encode() not in if_none_match:
        return None
    for found in _TAG.finditer(if_none_match.decode("latin-1")):
        its_digest, coding, dense = found.groups()
        if its_digest != digest:
            continue
        if coding is None:
            return etag(digest, None)
        if coding in taken:
            return etag(digest, Coding(coding), dense=bool(dense))
    return None


def is_any(if_none_match: bytes | None) -> bool:
    """Whether the client wants an answer only if there is none, which takes asking to know."""
    return if_none_match is not None and if_none_match.strip() == b"*"
