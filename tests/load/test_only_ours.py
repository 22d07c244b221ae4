"""What only we answer is measured on answers with figures in them, not on refusals or nulls."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import asyncpg

from db.core.levels import Level
from tests.api.demonstration import served
from tests.load.nation import VINTAGE, Size, build_nation
from tests.load.only_ours import QUESTIONS, SOUGHT
from tests.load.store import publish

_TINY = Size(
    gemeenten=6, wijken=90, years=tuple(range(VINTAGE - 12, VINTAGE + 1)), focus_areas=2,
    members=2, told=True,
)  # fmt: skip
_ASKED = 12
"""Of each question, with as many codes."""


def _every(value: Any, key: str) -> Iterator[Any]:
    """What stands under a key, wherever in an answer."""
    if isinstance(value, dict):
        for name, below in value.items():
            if name == key:
                yield below
            yield from _every(below, key)
    elif isinstance(value, list):
        for below in value:
            yield from _every(below, key)


def _any(key: str, test: Callable[[Any], bool] = bool) -> Callable[[Any], bool]:
    return lambda data: any(test(each) for each in _every(data, key))


_SAID: dict[str, Callable[[Any], bool]] = {
    "percentiles of five values": _any("rank"),
    "a percentile of every wijk": _any("rank"),
    "benchmarks of five values": _any("aggregate"),
    "trends of five series": _any("slope"),
    "harmonised series of five": _any("status", lambda status: status == "ESTIMATED"),
    "ten comparable wijken": _any("nearest"),
    "twenty peers of a value": _any("aggregate"),
    "five sentences, each with its test": _any("sentence"),
    "how a share is spread over the country": _any("gini"),
    "what there is of wijken": _any("known"),
    "focus areas as areas, with five values and a series each": _any("lower"),
    "the shape and values of four wijken as one area": _any("geojson"),
    "where absent values are known": _any("value"),
    "what stacks up in a wijk": _any("count"),
    "who enters and leaves when thresholds move": _any("moves"),
    "the next twenty outside a programme": _any("listed"),
    "wijken outside a programme as bad as four others": _any("asBad", lambda areas: bool(areas)),
    "the money of a programme, by focus area": _any("perInhabitant"),
    "three pilots, each beside ten wijken alike": _any("matchedChange"),
    "what papers claim and this publication finds": _any("count"),
    "a search": _any("code"),
}
"""By question, what some answer to it must have."""


async def test_every_question_that_only_we_answer_has_figures_in_its_answers(
    database: str, connection: asyncpg.Connection, tmp_path: Path
) -> None:
    nation = build_nation(_TINY)
    await publish(connection, nation)
    wijken = next(areas for areas in nation.loads[0][1].areas if areas.level is Level.WIJK)
    empty = []
    async with served(database, tmp_path, "{ __typename }") as client:
        for question in QUESTIONS:
            answers = []
            for request in question.requests(wijken.codes)[:_ASKED]:
                body = (
                    request.partition(b"\r\n\r\n")[2].decode().replace(SOUGHT, str(wijken.names[0]))
                )
                response = await client.post("/graphql", json=json.loads(body))
                answers.append(response.json())
            assert not any("errors" in each for each in answers), (question.name, answers[-1])
            if not any(_SAID[question.name](each["data"]) for each in answers):
                empty.append(question.name)
    assert empty == []
