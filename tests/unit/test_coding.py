"""Which content codings answer which Accept-Encoding, and that each gives the body back."""

import gzip
import random
from concurrent.futures import ThreadPoolExecutor

import brotli
import pytest
import zstandard

from service.coding import Coding, acceptable, encoded

ZSTD, BR, GZIP, IDENTITY = Coding.ZSTD, Coding.BR, Coding.GZIP, Coding.IDENTITY
DECODERS = {
    ZSTD: lambda body: zstandard.ZstdDecompressor().decompress(body),
    BR: brotli.decompress,
    GZIP: gzip.decompress,
    IDENTITY: lambda body: body,
}


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, (IDENTITY,)),
        (b"", (IDENTITY,)),
        (b"deflate", (IDENTITY,)),
        (b"gzip", (GZIP, IDENTITY)),
        (b"x-gzip", (GZIP, IDENTITY)),
        (b"gzip, deflate, br, zstd", (ZSTD, BR, GZIP, IDENTITY)),
        (b"GZIP;Q=0.5 , BR ; q=0.8", (BR, GZIP, IDENTITY)),
        (b"br;q=0.9, gzip;q=1.0, zstd;q=0", (GZIP, BR, IDENTITY)),
        (b"*", (ZSTD, BR, GZIP, IDENTITY)),
        (b"*;q=0.5, gzip", (GZIP, ZSTD, BR, IDENTITY)),
        (b"gzip;q=0.5, identity", (IDENTITY, GZIP)),
        (b"gzip, identity;q=0", (GZIP,)),
        (b"gzip, *;q=0", (GZIP,)),
        (b"identity;q=0", (IDENTITY,)),
        (b"*;q=0", (IDENTITY,)),
        (b"gzip;q=nan, br;q=2, zstd;q=nonsense", (IDENTITY,)),
        (b"\xff\xfe;;,,q=1", (IDENTITY,)),
    ],
)
def test_the_clients_wishes_count_and_then_ours(
    header: bytes | None, expected: tuple[Coding, ...]
) -> None:
    assert acceptable(header) == expected


def test_a_header_of_any_length_is_read_in_bounded_time_and_not_remembered() -> None:
    assert acceptable(b"x;q=1," * 10_000) == (IDENTITY,)
    assert acceptable(b" " * 1000 + b"gzip") == (GZIP, IDENTITY)


def _body(size: int) -> bytes:
    chance = random.Random(size)
    return b"".join(b'{"code":"WK%06d"},' % chance.randrange(999) for _ in range(size // 19))


@pytest.mark.parametrize("dense", [False, True])
@pytest.mark.parametrize("coding", list(Coding))
@pytest.mark.parametrize("size", [0, 19, 5000, 300_000])
def test_every_coding_gives_the_body_back(coding: Coding, size: int, dense: bool) -> None:
    body = _body(size)

    coded = encoded(body, coding, dense=dense)

    assert DECODERS[coding](coded) == body
    assert coded == encoded(body, coding, dense=dense)


@pytest.mark.parametrize("coding", [ZSTD, BR, GZIP])
def test_dense_is_smaller(coding: Coding) -> None:
    body = _body(300_000)

    assert len(encoded(body, coding, dense=True)) < len(encoded(body, coding)) < len(body) / 3


def test_threads_do_not_disturb_each_other() -> None:
    bodies = [_body(100_000 + n) for n in range(40)]
    with ThreadPoolExecutor(4) as threads:
        coded = list(threads.map(lambda body: encoded(body, ZSTD), bodies))

    assert [DECODERS[ZSTD](each) for each in coded] == bodies
