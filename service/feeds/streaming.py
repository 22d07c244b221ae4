"""Files in a content coding, piece by piece: no more of one than a piece is ever held."""

import zlib
from collections.abc import Callable, Iterable, Iterator

import brotli
import zstandard

from service.coding import Coding

Step = Callable[[bytes], bytes]
End = Callable[[], bytes]
# A gzip header and trailer around the stream, without a time: the same bytes every time.
_GZIP = 31


def coded(chunks: Iterable[bytes], coding: Coding) -> Iterator[bytes]:
    """The same pieces coded; what a coder holds back comes with a later one, so some are empty.

    The levels are those that `coding.py` has for answers made a moment ago.
    """
    if coding is Coding.IDENTITY:
        yield from chunks
        return
    step, end = _coder(coding)
    for chunk in chunks:
        yield step(chunk)
    yield end()


def _coder(coding: Coding) -> tuple[Step, End]:
    if coding is Coding.GZIP:
        gzip = zlib.compressobj(5, zlib.DEFLATED, _GZIP)
        return gzip.compress, gzip.flush
    if coding is Coding.ZSTD:
        zstd = zstandard.ZstdCompressor(level=3).compressobj()
        return zstd.compress, zstd.flush
    br = brotli.Compressor(quality=4)
    return br.process, br.finish
