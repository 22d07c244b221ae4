"""Which content codings a client takes (RFC 9110, 12.5.3), and bodies in them. Pure.

Fast levels for an answer made a moment ago, dense ones for an answer that is asked again and
again; levels by measurement, see the README.
"""

import gzip
import threading
from enum import StrEnum
from functools import lru_cache

import brotli
import zstandard

from service.quality import wishes


class Coding(StrEnum):
    """What a body can be sent in, in the order we would choose: cheapest for us to make first."""

    ZSTD = "zstd"
    BR = "br"
    GZIP = "gzip"
    IDENTITY = "identity"


_AS_IT_IS = (Coding.IDENTITY,)


# Browsers send 24 bytes; what a stranger makes up must not be kept whatever its length.
_LONGEST_KEPT = 256


def acceptable(accept_encoding: bytes | None) -> tuple[Coding, ...]:
    """What may be sent, best first. Never empty: who takes nothing at all gets it as it is."""
    if accept_encoding is None:
        return _AS_IT_IS
    if len(accept_encoding) > _LONGEST_KEPT:
        return _rank(accept_encoding)
    return _acceptable(accept_encoding)


@lru_cache(maxsize=256)
def _acceptable(accept_encoding: bytes) -> tuple[Coding, ...]:
    return _rank(accept_encoding)


def _rank(accept_encoding: bytes) -> tuple[Coding, ...]:
    wished = {name: weight for name, weight, _ in wishes(accept_encoding.decode("latin-1"))}
    rated = {coding: _quality(coding, wished) for coding in Coding}
    # sorted keeps the order of equals, which is ours.
    taken = sorted((c for c in Coding if rated[c] > 0), key=lambda coding: -rated[coding])
    return tuple(taken) or _AS_IT_IS


def _quality(coding: Coding, wished: dict[str, float]) -> float:
    if coding.value in wished:
        return wished[coding.value]
    if coding is Coding.GZIP and "x-gzip" in wished:
        return wished["x-gzip"]
    if "*" in wished:
        return wished["*"]
    # Not named, the body as it is stays acceptable, but only where nothing else is.
    return 0.0001 if coding is Coding.IDENTITY else 0.0


class _Own(threading.local):
    """What each thread has for itself, because it must not be shared."""

    zstd: zstandard.ZstdCompressor | None = None


_own = _Own()


def _fast_zstd() -> zstandard.ZstdCompressor:
    """Made once a thread: making one costs more than coding a small answer."""
    if _own.zstd is None:
        _own.zstd = zstandard.ZstdCompressor(level=3)
    return _own.zstd


def encoded(body: bytes, coding: Coding, *, dense: bool = False) -> bytes:
    """A body in a coding; the same bytes every time. Safe in any thread."""
    if coding is Coding.ZSTD:
        return (zstandard.ZstdCompressor(level=12) if dense else _fast_zstd()).compress(body)
    if coding is Coding.BR:
        coded: bytes = brotli.compress(body, quality=9 if dense else 4)
        return coded
    if coding is Coding.GZIP:
        return gzip.compress(body, 9 if dense else 5, mtime=0)
    return body
