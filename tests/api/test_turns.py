"""Nothing holds up other requests: long work takes turns, or is done by a thread."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from schema import context as contexts
from schema import turns
from schema.context import Context, Paused
from schema.facts import facts_of
from service import document, prepared
from service.rest import turtle
from service.rest.resources import checksums, publications
from tests.api.sample import open_sample

_DOCUMENTS = Path(__file__).parent / "stories"


class _Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> _Clock:
    made = _Clock()
    monkeypatch.setattr(turns, "perf_counter", made)
    return made


async def test_after_its_turn_a_request_waits_for_others_and_then_goes_on(clock: _Clock) -> None:
    context = Context(await open_sample())
    context.let_others()
    clock.now += 0.02
    with pytest.raises(Paused) as paused:
        context.let_others()
    others: list[str] = []
    asyncio.get_running_loop().call_soon(others.append, "went on")
    await context.load(paused.value.keys)
    assert others == ["went on"]
    context.let_others()


async def test_a_turn_is_never_spent_on_what_was_done_before_alone(clock: _Clock) -> None:
    context = Context(await open_sample())
    context.let_others()
    clock.now += 0.02
    with pytest.raises(Paused) as paused:
        context.let_others()
    await context.load(paused.value.keys)
    clock.now += 1.0
    context.let_others()
    clock.now += 0.001
    context.let_others()


async def test_turns_come_to_an_end(clock: _Clock) -> None:
    context = Context(await open_sample())
    for _ in range(turns._MOST_TURNS):
        context.let_others()
        clock.now += 0.02
        with pytest.raises(Paused) as paused:
            context.let_others()
        await context.load(paused.value.keys)
    context.let_others()
    clock.now += 0.02
    context.let_others()


@pytest.mark.parametrize(
    ("name", "variables"),
    [
        ("as_bad_outside_the_programme", {}),
        ("focus_areas_as_areas", {"indicators": ["population", "poverty_share"]}),
        ("spread_within_a_gemeente", {"gemeente": "GM9001"}),
    ],
)
async def test_an_answer_in_many_turns_is_the_answer_in_one(
    stories: httpx.AsyncClient, name: str, variables: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = {
        "query": (_DOCUMENTS / f"{name}.graphql").read_text("utf-8"),
        "variables": {"at": "2024-01-01", **variables},
    }
    in_one = (await stories.post("/graphql", json=body)).json()
    counted: list[object] = []

    class Counted(Paused):
        def __init__(self, *given: Any) -> None:
            super().__init__(*given)
            counted.append(given)

    monkeypatch.setattr(contexts, "Paused", Counted)
    monkeypatch.setattr(turns, "_TURN_SECONDS", -1.0)
    monkeypatch.setattr(turns, "_WORK_SECONDS", -1.0)
    monkeypatch.setattr(contexts, "facts_of", facts_of.__wrapped__)
    in_many = (await stories.post("/graphql", json=body)).json()
    assert "data" in in_one
    assert in_many == in_one
    assert counted


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any, str], list[bool]]:
    """Whether the calls of a function of a module are made on the event loop's own thread."""

    def watched(module: Any, name: str) -> list[bool]:
        on_loop: list[bool] = []
        given, here = getattr(module, name), threading.get_ident()

        def called(*args: Any, **named: Any) -> Any:
            on_loop.append(threading.get_ident() == here)
            return given(*args, **named)

        monkeypatch.setattr(module, name, called)
        return on_loop

    return watched


async def test_a_long_new_document_is_read_by_a_thread_and_only_once(
    stories: httpx.AsyncClient, threads: Callable[[Any, str], list[bool]]
) -> None:
    on_loop = threads(document, "read")
    long = "{ " + " ".join(f"a{i}: __typename" for i in range(60)) + " }"
    answers = [(await stories.post("/graphql", json={"query": long})).json() for _ in range(2)]
    assert answers[0]["data"]["a59"] == "Query"
    assert answers[1] == answers[0]
    assert on_loop == [False]


async def test_a_long_document_that_is_wrong_says_what_a_short_one_would(
    stories: httpx.AsyncClient,
) -> None:
    long = "{ " + " ".join(f"a{i}: nothing" for i in range(60)) + " }"
    answer = await stories.post("/graphql", json={"query": long})
    said = answer.json()["errors"][0]
    assert said["message"].startswith("Cannot query field 'nothing' on type 'Query'")
    assert said["locations"] == [{"line": 1, "column": 3}]


@pytest.mark.parametrize(
    ("module", "name", "address"),
    [
        (turtle, "turtle", "/v1/catalogus?f=ttl"),
        (publications, "package", "/v1/publicaties/1/gegevenspakket"),
        (checksums, "_summed", "/v1/publicaties/1/controlesommen?limit=1"),
    ],
)
async def test_what_takes_long_to_write_is_written_by_a_thread(
    stories: httpx.AsyncClient,
    threads: Callable[[Any, str], list[bool]],
    module: Any,
    name: str,
    address: str,
) -> None:
    on_loop = threads(module, name)
    assert (await stories.get(address)).status_code == 200
    assert on_loop == [False]


async def test_the_schema_is_described_by_a_thread(
    stories: httpx.AsyncClient, threads: Callable[[Any, str], list[bool]]
) -> None:
    on_loop = threads(prepared, "execute")
    answer = await stories.post("/graphql", json={"query": "{ __schema { queryType { name } } }"})
    assert answer.json()["data"] == {"__schema": {"queryType": {"name": "Query"}}}
    assert on_loop == [False]
