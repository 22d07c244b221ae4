"""The formats that files come in, and which of them a request asks for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from schema.export import Extract
from service.feeds import csv
from service.quality import wishes


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write an extract."""

    name: str
    """As the parameter `formaat` has it, and how the name of the file ends."""
    media: str
    content_type: bytes
    columns: tuple[str, ...]
    chunks: Callable[[Extract], Iterator[bytes]]


FORMATS = (
    Format("csv", "text/csv", b"text/csv; charset=utf-8; header=present", csv.COLUMNS, csv.chunks),
)
BY_NAME = {each.name: each for each in FORMATS}


def accepted(accept: bytes | None) -> Format | None:
    """The format that an Accept header likes best, the first of ours among equals; or None."""
    if accept is None or not accept.strip():
        return FORMATS[0]
    ranges = {kind: weight for kind, weight, _ in wishes(accept.decode("latin-1"))}
    best = max(FORMATS, key=lambda each: _quality(ranges, each.media))
    return best if _quality(ranges, best.media) > 0 else None


def _quality(ranges: dict[str, float], media: str) -> float:
    for named in (media, media.partition("/")[0] + "/*", "*/*"):
        if named in ranges:
            return ranges[named]
    return 0.0
