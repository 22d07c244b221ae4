"""One question to a publisher: where, what kind of answer, and for whom messages name it.

Recognises by its first bytes whether an answer is of the kind asked for.
"""

from dataclasses import dataclass
from enum import Enum
from urllib.parse import quote, urlencode, urlsplit

from db.core.errors import NotWhatWasAsked

_SAFE = "$,():'"


class Kind(Enum):
    JSON = "application/json, application/geo+json;q=0.9"
    XML = "application/xml, text/xml;q=0.9"
    TEXT = "text/plain, */*;q=0.1"
    ZIP = "application/zip, application/octet-stream;q=0.9, */*;q=0.1"
    FILE = "*/*"


@dataclass(frozen=True, slots=True)
class Ask:
    url: str
    name: str
    """Role of the answer in the payload; becomes part of the file name."""
    what: str
    """Publisher's host and dataset, as messages name them."""
    kind: Kind = Kind.JSON
    limit: int | None = None
    """Inflated bytes, where less than the policy's own limit is enough."""
    hopeless: bytes = b""
    """Text in an error's body that makes trying again pointless."""


def with_query(address: str, pairs: dict[str, str]) -> str:
    """The address with a query of its own; %20 for a space, because OData takes + literally."""
    base = address.partition("?")[0]
    return f"{base}?{urlencode(pairs, quote_via=quote, safe=_SAFE)}" if pairs else base


def suffix_of(url: str, kind: Kind) -> str:
    """File name suffix for the answer: loaders and GDAL go by it."""
    match kind:
        case Kind.JSON:
            return ".json"
        case Kind.XML:
            return ".xml"
        case Kind.TEXT:
            return ".txt"
        case Kind.ZIP:
            return ".zip"
        case Kind.FILE:
            last = urlsplit(url).path.rpartition("/")[2]
            dotted = last.lower().removesuffix(".gz").rpartition(".")[2]
            known = dotted.isalnum() and "." in last and len(dotted) <= 8
            return f".{dotted}" if known else ".bin"


def check_kind(ask: Ask, content_type: str, head: bytes) -> None:
    """NotWhatWasAsked when header or first bytes show another kind of content."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:64].lower()
    html = content_type.lower().startswith("text/html") or start.startswith(
        (b"<!doctype html", b"<html")
    )
    fits = {
        Kind.JSON: start[:1] in (b"{", b"["),
        Kind.XML: start[:1] == b"<",
        Kind.ZIP: head[:2] == b"PK",
    }
    if html or not fits.get(ask.kind, True):
        got = "a page of HTML" if html else content_type.partition(";")[0][:40] or "something else"
        raise NotWhatWasAsked(f"{ask.what}: asked for {ask.kind.name}, the answer is {got}")
