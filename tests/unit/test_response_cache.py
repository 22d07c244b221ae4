"""The response cache: what it keeps, what pushes what out, and that its bytes have a bound."""

import random

from schema.cost import Price
from service.coding import Coding
from service.edition import Edition
from service.engine import Cost
from service.representation import HEADERS_BYTES, Common, Representation
from service.response_cache import Key, ResponseCache

COST = Cost(lambda *_: Price(1, 2), 3, 4)
EDITION = Edition(1, {"publication": 1}, COST, b"")


def _answer(size: int = 100) -> Representation:
    answer = Representation(b"x" * size, (b"content-type", b"application/json"), Common([]))
    answer.plain(Coding.IDENTITY)
    return answer


def _key(raw: bytes) -> Key:
    return (True, "application/json", raw)


def _kept(cache: ResponseCache, raw: bytes, size: int = 100) -> Representation:
    """Offer an answer twice, as when its request is seen for the second time."""
    answer = _answer(size)
    for _ in range(2):
        cache.get(EDITION, _key(raw))
        cache.offer(EDITION, _key(raw), answer)
    return answer


def test_an_answer_is_kept_when_its_request_is_seen_again() -> None:
    cache, answer = ResponseCache(10**6), _answer()
    cache.get(EDITION, _key(b"a"))

    cache.offer(EDITION, _key(b"a"), answer)
    first = cache.get(EDITION, _key(b"a"))
    cache.offer(EDITION, _key(b"a"), answer)

    assert first is None
    assert cache.get(EDITION, _key(b"a")) is answer


def test_method_media_type_and_request_all_count() -> None:
    cache = ResponseCache(10**6)
    _kept(cache, b"a")

    others: list[Key] = [
        (False, "application/json", b"a"),
        (True, "application/graphql-response+json", b"a"),
        (True, "application/json", b"a "),
    ]

    assert [cache.get(EDITION, other) for other in others] == [None] * 3


def test_a_new_publication_empties_it_and_what_was_asked_often_comes_back_at_once() -> None:
    cache, newer = ResponseCache(10**6), Edition(2, {"publication": 2}, COST, b"")
    _kept(cache, b"a")

    found = cache.get(newer, _key(b"a"))
    held = (len(cache), cache.bytes)
    cache.offer(newer, _key(b"a"), _answer())

    assert (found, held) == (None, (0, 0))
    assert cache.get(newer, _key(b"a")) is not None


def test_an_answer_of_an_earlier_publication_that_comes_late_is_not_kept() -> None:
    cache, newer = ResponseCache(10**6), Edition(2, {"publication": 2}, COST, b"")
    cache.get(EDITION, _key(b"a"))
    cache.offer(EDITION, _key(b"a"), _answer())
    cache.get(newer, _key(b"a"))

    cache.offer(EDITION, _key(b"a"), _answer())

    assert (len(cache), cache.get(newer, _key(b"a"))) == (0, None)


def test_the_least_recently_asked_goes_first() -> None:
    cache = ResponseCache(4 * 4000)
    for raw in (b"a", b"b", b"c"):
        _kept(cache, raw, 1000)
    cache.get(EDITION, _key(b"a"))

    for raw in (b"d", b"e"):
        _kept(cache, raw, 1000)

    assert cache.get(EDITION, _key(b"a")) is not None
    assert cache.get(EDITION, _key(b"b")) is None


def test_one_answer_may_take_a_quarter_at_most() -> None:
    cache = ResponseCache(100_000)

    _kept(cache, b"a", 30_000)

    assert (len(cache), cache.bytes) == (0, 0)


def test_turned_off_it_keeps_nothing() -> None:
    cache = ResponseCache(0)

    _kept(cache, b"a")

    assert (len(cache), cache.bytes) == (0, 0)


def test_codings_that_are_added_count_too() -> None:
    cache = ResponseCache(100_000)
    answer = _kept(cache, b"a", 5000)
    before = cache.bytes

    answer.add(Coding.GZIP, b"y" * 700)
    cache.weigh(answer)
    grown = cache.bytes - before
    answer.add(Coding.BR, b"y" * 30_000)
    cache.weigh(answer)

    assert grown == 700 + HEADERS_BYTES
    assert (len(cache), cache.bytes) == (0, 0)


def test_whatever_is_asked_the_bytes_stay_under_the_bound() -> None:
    chance, cache = random.Random(1), ResponseCache(300_000)
    for _ in range(20_000):
        answer = _kept(cache, b"q" * chance.randrange(200), chance.randrange(20_000))
        if chance.random() < 0.3:
            answer.add(chance.choice([Coding.GZIP, Coding.BR]), b"y" * chance.randrange(9000))
            cache.weigh(answer)
        assert 0 <= cache.bytes <= 300_000

    assert len(cache) > 5
    assert len(cache._keys) == len(cache._kept)
    assert cache.bytes == sum(weight for _, weight in cache._kept.values())
