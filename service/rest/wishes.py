"""Which format an Accept header likes best. Pure."""

from collections.abc import Sequence

from service.quality import wishes
from service.rest.operation import Format


def wished(accept: bytes | None, formats: Sequence[Format]) -> Format | None:
    """The first of ours among equals; None where none is accepted."""
    if accept is None or not accept.strip():
        return formats[0]
    ranges = {kind: weight for kind, weight, _ in wishes(accept.decode("latin-1"))}
    best = max(formats, key=lambda each: _best(ranges, each))
    return best if _best(ranges, best) > 0 else None


def _best(ranges: dict[str, float], format_: Format) -> float:
    return max(_quality(ranges, media) for media in (format_.media, *format_.also))


def _quality(ranges: dict[str, float], media: str) -> float:
    plain = media.partition(";")[0]
    for named in (plain, plain.partition("/")[0] + "/*", "*/*"):
        if named in ranges:
            return ranges[named]
    return 0.0
