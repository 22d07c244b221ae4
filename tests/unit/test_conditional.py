"""ETags and If-None-Match: what a client holds is recognised, and nothing else is."""

import time

import pytest

from service.coding import Coding
from service.conditional import etag, is_any, matched

ALL = tuple(Coding)
DIGEST = "0123456789abcdef01234567"


def test_every_coding_of_an_answer_has_a_tag_of_its_own() -> None:
    tags = {etag(DIGEST, coding, dense=dense) for coding in Coding for dense in (False, True)}

    assert len(tags | {etag(DIGEST, None)}) == 9


@pytest.mark.parametrize("coding", [*Coding, None])
@pytest.mark.parametrize("dense", [False, True])
def test_a_tag_that_was_given_is_recognised(coding: Coding | None, dense: bool) -> None:
    tag = etag(DIGEST, coding, dense=dense)

    assert matched(tag, DIGEST, ALL) == tag
    assert matched(b'"other", W/' + tag + b' , "x,y"', DIGEST, ALL) == tag


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"*",
        b"0123456789abcdef01234567",
        b'"0123456789abcdef01234567',
        b'"0123456789abcdef0123456"',
        b'"0123456789abcdef012345678"',
        b'"x0123456789abcdef01234567"',
        b'"0123456789abcdef01234567.deflate"',
        b'"0123456789abcdef01234567.gzip++"',
        b'"0123456789ABCDEF01234567"',
    ],
)
def test_what_is_not_the_tag_is_no_match(header: bytes) -> None:
    assert matched(header, DIGEST, ALL) is None


def test_a_coding_that_the_client_no_longer_takes_is_no_match() -> None:
    tags = etag(DIGEST, Coding.BR) + b", " + etag(DIGEST, Coding.GZIP)

    assert matched(tags, DIGEST, (Coding.GZIP, Coding.IDENTITY)) == etag(DIGEST, Coding.GZIP)
    assert matched(tags, DIGEST, (Coding.IDENTITY,)) is None


def test_a_star_is_any_answer() -> None:
    assert is_any(b" * ")
    assert not is_any(b'"*"')
    assert not is_any(None)


def test_a_header_of_any_length_is_read_in_bounded_time() -> None:
    began = time.process_time()
    for hostile in (b'"' * 32_000, b'W/"a.' * 6000, b'"' + b"a" * 32_000, b'"a.b+' * 6000):
        matched(hostile + DIGEST.encode(), DIGEST, ALL)

    assert time.process_time() - began < 0.2
