"""The formats that files come in, and which of them a request asks for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from schema.export import Extract
from service.feeds import csv


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
    ranges = dict(_range(part) for part in accept.decode("latin-1").lower().split(",")[:32])
    best = max(FORMATS, key=lambda each: _quality(ranges, each.media))
    return best if _quality(ranges, best.media) > 0 else None


def _quality(ranges: dict[str, float], media: str) -> float:
    for named in (media, media.partition("/")[0] + "/*", "*/*"):
        if named in ranges:
            return ranges[named]
    return 0.0


def _range(part: str) -> tuple[str, float]:
    kind, *parameters = (piece.strip() for piece in part.split(";"))
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            return kind, _number(value)
    return kind, 1.0


def _number(text: str) -> float:
    try:
        quality = float(text)
    except ValueError:
        return 0.0
    return quality if 0 <= quality <= 1 else 0.0
