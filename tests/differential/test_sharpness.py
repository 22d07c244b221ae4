"""The differential test would notice: each wrong executor is found, and each kind of difference."""

import asyncio

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.differential import comparison, torture
from tests.differential.asking import is_different
from tests.differential.budget import COROUTINES_LEFT_BEHIND
from tests.differential.comparison import differences
from tests.differential.documents import Case, Documents
from tests.differential.executors import Answer, Told
from tests.differential.wrong import MISTAKES

pytestmark = COROUTINES_LEFT_BEHIND

_SUBJECT = torture.subject()
_RELAXED = comparison.relaxed(torture.build)
_DOCUMENTS = Documents(_SUBJECT.schema, torture.POOLS)


class Found(Exception):
    """The executor gave itself away."""


def _nothing() -> None:
    return None


@pytest.mark.parametrize("mistake", list(MISTAKES))
async def test_a_mistake_is_found(mistake: str) -> None:
    @settings(
        max_examples=600, derandomize=True, database=None, deadline=None,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(_DOCUMENTS.cases())
    def look(case: Case) -> None:
        wrong = MISTAKES[mistake](_SUBJECT, _nothing, _RELAXED)
        if asyncio.run(is_different(wrong, _SUBJECT, case, _nothing)):
            raise Found

    with pytest.raises(Found):
        await asyncio.to_thread(look)


def _failed(*path: str | int, message: str = "failed") -> Told:
    return Told(path, "INTERNAL", message)


_RIGHT = Answer(
    b'{"a":{"b":null,"c":[1,{"d":2.5}]},"e":null}', (_failed("a", "b"), _failed("e", "f"))
)


@pytest.mark.parametrize(
    ("data", "difference"),
    [
        (b'{"e":null,"a":{"b":null,"c":[1,{"d":2.5}]}}', "keys"),
        (b'{"a":{"b":null,"c":[1,{"d":2.6}]},"e":null}', "2.6 is not 2.5"),
        (b'{"a":{"b":null,"c":[1.0,{"d":2.5}]},"e":null}', "1.0 is not 1"),
        (b'{"a":{"b":null,"c":[1]},"e":null}', "1 items are not 2"),
        (b'{"a":{"b":"","c":[1,{"d":2.5}]},"e":null}', "'' is not None"),
        (b'{"a":{"b":null,"c":[1,{"d":2.5}],"g":1},"e":null}', "keys"),
        (b"null", "is not"),
    ],
)
def test_other_data_is_a_difference(data: bytes, difference: str) -> None:
    (found,) = differences(Answer(data, _RIGHT.errors), _RIGHT)

    assert difference in found


def test_the_same_answer_written_with_other_spaces_is_none() -> None:
    assert _RIGHT.data is not None
    spaced = _RIGHT.data.replace(b",", b", ")

    assert differences(Answer(spaced, _RIGHT.errors), _RIGHT) == []


@pytest.mark.parametrize(
    ("errors", "difference"),
    [
        ([_failed("e", "f")], "an error is missing"),
        ([_failed("a", "b")], "nothing explains the null at ('e',)"),
        ([_failed("a", "b", message="other"), _failed("e", "f")], "not an error of the reference"),
        ([_failed("a", "b"), _failed("a", "b"), _failed("e", "f")], "told twice"),
        ([_failed("a", "b"), _failed("a", "c", 0), _failed("e", "f")], "not an error"),
        ([_failed("a", "b"), _failed("e", "f"), _failed("e")], "not an error"),
    ],
)
def test_other_errors_are_a_difference(errors: list[Told], difference: str) -> None:
    found = differences(Answer(_RIGHT.data, tuple(errors)), _RIGHT)

    assert any(difference in each for each in found)


def test_below_a_null_that_spread_another_error_may_be_told() -> None:
    ours = Answer(_RIGHT.data, (_failed("a", "b"), _failed("e", "g", 1)))
    unbound = Answer(b'{"a":{"b":null},"e":{"f":null,"g":[0,null]}}', (_failed("e", "g", 1),))

    assert differences(ours, _RIGHT, unbound) == []


def test_below_a_null_that_spread_an_invented_error_is_a_difference() -> None:
    ours = Answer(_RIGHT.data, (_failed("a", "b"), _failed("e", "g", 1)))
    unbound = Answer(b'{"a":{"b":null},"e":{"f":null,"g":[0,1]}}', (_failed("e", "f"),))

    (found,) = differences(ours, _RIGHT, unbound)
    assert found.startswith("an error that never happened")


def test_an_answer_is_not_a_refusal() -> None:
    assert differences(Answer(None, _RIGHT.errors), Answer(b"null", _RIGHT.errors)) != []
