"""Answers that serve all requests of a publication: made once, bounded for each request."""

import pytest

from db.snapshot.snapshot import Snapshot
from schema.context import Context
from schema.errors import LimitOutOfRange
from schema.workings import Workings
from tests.api.sample import open_sample


class _Kitchen:
    """Makes texts, and remembers what it made."""

    def __init__(self, *, most_asked: int = 2, most_bytes: int = 100) -> None:
        self.made: list[int] = []
        self.texts: Workings[int, str] = Workings(
            "texts",
            ("different texts", "verschillende teksten"),
            "text",
            most_asked=most_asked,
            most_bytes=most_bytes,
        )

    def take(self, context: Context, asked: int) -> str:
        def make() -> str:
            self.made.append(asked)
            return str(asked)

        return self.texts.take(context, asked, make, lambda _: 40)


@pytest.fixture
async def snapshot() -> Snapshot:
    return await open_sample()


def test_what_one_request_had_made_is_there_for_the_next(snapshot: Snapshot) -> None:
    kitchen = _Kitchen()

    assert [kitchen.take(Context(snapshot), 7) for _ in range(3)] == ["7"] * 3
    assert kitchen.made == [7]


def test_of_what_weighs_too_much_together_the_oldest_is_made_again(snapshot: Snapshot) -> None:
    kitchen = _Kitchen()
    for asked in (1, 2, 3, 3, 2, 1):
        kitchen.take(Context(snapshot), asked)

    assert kitchen.made == [1, 2, 3, 1]


def test_a_request_is_refused_what_others_have_asked_already(snapshot: Snapshot) -> None:
    kitchen = _Kitchen(most_bytes=1000)
    for asked in (1, 2, 3):
        kitchen.take(Context(snapshot), asked)
    context = Context(snapshot)

    assert [kitchen.take(context, asked) for asked in (1, 2, 1)] == ["1", "2", "1"]
    told = "`text`: 3 different texts; it must be from 0 to 2"
    with pytest.raises(LimitOutOfRange, match=told) as refused:
        kitchen.take(context, 3)
    assert refused.value.nl.startswith("`text`: 3 verschillende teksten; het moet van 0 tot")


def test_what_was_refused_takes_no_place_of_what_was_answered(snapshot: Snapshot) -> None:
    kitchen, context = _Kitchen(most_asked=1), Context(snapshot)
    kitchen.take(context, 1)
    with pytest.raises(LimitOutOfRange):
        kitchen.take(context, 2)

    assert kitchen.take(context, 1) == "1"


def test_what_could_not_be_made_is_counted_once_however_often_it_is_asked_again(
    snapshot: Snapshot,
) -> None:
    kitchen, context = _Kitchen(most_asked=1), Context(snapshot)

    def broken() -> str:
        raise KeyError

    for _ in range(2):
        with pytest.raises(KeyError):
            kitchen.texts.take(context, 5, broken, len)

    assert kitchen.take(context, 5) == "5"
