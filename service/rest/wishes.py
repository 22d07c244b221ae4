"""Which format an Accept header likes best."""

from collections.abc import Sequence

from db.core.bounded import Bounded
from service.quality import wishes
from service.rest.operation import Format

_KEPT = 64
_LONGEST_KEPT = 256


class Wishes:
    """What headers ask for of some formats. Those of some headers are kept: programs have few."""

    def __init__(self, formats: Sequence[Format]) -> None:
        self._formats = formats
        self._kept: Bounded[bytes, Format] = Bounded(_KEPT)

    def __call__(self, accept: bytes | None) -> Format | None:
        """The first of ours among equals; None where none is accepted."""
        if accept is None:
            return self._formats[0]
        found = self._kept.get(accept)
        if found is None:
            found = wished(accept, self._formats)
            if found is not None and len(accept) <= _LONGEST_KEPT:
                self._kept.keep(accept, found)
        return found

    def __len__(self) -> int:
        return len(self._kept)


def wished(accept: bytes | None, formats: Sequence[Format]) -> Format | None:
    """The first of ours among equals; None where none is accepted. Pure."""
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
