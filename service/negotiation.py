"""Which media type answers an Accept header. Pure; refuses to guess when nothing fits."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from service.quality import wishes

# Browsers send 130 bytes; what a stranger makes up must not be kept whatever its length.
_LONGEST_KEPT = 512


class Media(StrEnum):
    """What the GraphQL address can answer with."""

    GRAPHQL = "application/graphql-response+json"
    JSON = "application/json"
    HTML = "text/html"

    @property
    def content_type(self) -> str:
        return f"{self.value}; charset=utf-8"


@dataclass(frozen=True, slots=True)
class _Range:
    kind: str
    quality: float

    def covers(self, media: Media) -> int:
        """How precisely this range names a media type; 0 is not at all."""
        if self.kind == media.value:
            return 3
        if self.kind == media.value.partition("/")[0] + "/*":
            return 2
        return 1 if self.kind == "*/*" else 0


def negotiate(accept: str | None, *, html: bool = False) -> Media | None:
    """The best of what we offer, or None when the client accepts none of it.

    A client that does not name the newer GraphQL type gets application/json, as the draft asks
    of servers that also serve older clients.
    """
    if accept is None or not accept.strip():
        return Media.JSON
    ranges = list(_ranges(accept))
    offers = [Media.GRAPHQL, Media.JSON, Media.HTML] if html else [Media.GRAPHQL, Media.JSON]
    rated = [(_quality(ranges, offer), offer) for offer in offers]
    # max keeps the first among equals: named types in our order, JSON for a mere wildcard.
    best = max(rated, key=lambda rating: rating[0])
    return best[1] if best[0] > (0.0, 0) else None


def accepted(accept: bytes | None, *, html: bool) -> Media | None:
    """The same of a header as it came; one of ordinary length is worked out once."""
    if accept is not None and len(accept) > _LONGEST_KEPT:
        return negotiate(accept.decode("latin-1"), html=html)
    return _accepted(accept, html)


@lru_cache(maxsize=256)
def _accepted(accept: bytes | None, html: bool) -> Media | None:
    return negotiate(None if accept is None else accept.decode("latin-1"), html=html)


def _quality(ranges: list[_Range], media: Media) -> tuple[float, int]:
    """The client's wish; among equal wishes JSON comes first where none is named outright."""
    found = [(each.covers(media), each.quality) for each in ranges if each.covers(media)]
    if not found:
        return 0.0, 0
    precision, quality = max(found)
    if quality == 0:
        return 0.0, 0
    if precision == 3:
        return quality, 3
    # A wildcard asks for nothing in particular: JSON before the newer type, and never the page.
    rank = {Media.JSON: 2, Media.GRAPHQL: 1, Media.HTML: 0}[media]
    return (quality, rank) if rank else (0.0, 0)


def _ranges(accept: str) -> Iterator[_Range]:
    for kind, quality, parameters in wishes(accept):
        if parameters.get("charset", "utf-8").strip('"') in ("utf-8", "utf8"):
            yield _Range(kind, quality)
