"""An edition: its envelope is what a JSON writer would write, its digests are its own."""

from collections.abc import Mapping
from typing import Any

import orjson
import pytest

from schema.cost import Price
from service.answers import written
from service.edition import Edition, Editions
from service.engine import Cost

COST = Cost(lambda *_: Price(1, 2), 3, 4)


def _edition(key: object = 7, software: bytes = b"1", **said: object) -> Edition:
    return Edition(key, said or {"publication": 7}, COST, software)


@pytest.mark.parametrize(
    "said",
    [{"publication": 7}, {"publication": 7, "fictional": True, "note": 'é "x"'}, {"a": None}],
)
def test_the_envelope_is_the_answer_as_a_writer_writes_it(said: Mapping[str, Any]) -> None:
    price = Price(12, 345)
    data = orjson.dumps({"hello": "wereld"})

    body = Edition(7, said, COST, b"").envelope([data.decode()], price)

    assert body == written(data=data, extensions={**said, "cost": COST.bill(price)})


def test_without_words_of_its_own_the_envelope_still_says_the_cost() -> None:
    body = Edition(7, {}, COST, b"").envelope(["nu", "ll"], Price(1, 2))

    assert orjson.loads(body) == {"data": None, "extensions": {"cost": COST.bill(Price(1, 2))}}


def test_digests_differ_by_publication_moment_software_media_type_and_request() -> None:
    digests = [
        _edition(7).digest("a", b"query"),
        _edition(8).digest("a", b"query"),
        _edition((7, "2026-11-20")).digest("a", b"query"),
        _edition((7, "2026-11-21")).digest("a", b"query"),
        _edition(7, b"2").digest("a", b"query"),
        _edition(7).digest("b", b"query"),
        _edition(7).digest("a", b"query "),
        _edition(7).digest("a\0query", b""),
    ]

    assert len(set(digests)) == len(digests)


def test_digests_are_the_same_in_every_process() -> None:
    assert _edition(7).digest("a", b"query") == "e31f61ba7dee5cdf0b76f30f"


def test_an_edition_is_made_once_and_again_when_the_publication_changes() -> None:
    editions = Editions(lambda context: {"publication": context}, COST, key=None, software=b"1")

    first, again, next_one = (editions.of(number) for number in (7, 7, 8))

    assert first is again
    assert (first.said, next_one.said) == ({"publication": 7}, {"publication": 8})
