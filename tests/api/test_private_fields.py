"""Of a question about where somebody is nothing is kept: no text, no variables, no answer."""

import gc
from types import FunctionType, ModuleType
from typing import Any

import orjson
import pytest
import strawberry

from service.app import Application
from tests.api.small import app, client, settings

_WITH_VARIABLES = "query ($x: Float!) { locate(x: $x) }"
_WRITTEN = "{ locate(x: SECRET) }"


def _secret() -> str:
    """Stands nowhere in this module, whose names a schema holds on to."""
    return ".".join(map(str, (5, 387_431)))


@strawberry.type
class Query:
    @strawberry.field
    def locate(self, x: float) -> str:
        return "Overvecht" * 300

    @strawberry.field
    def other(self, x: float) -> str:
        return "Overvecht" * 300


def _given(**variables: str) -> dict[str, Any]:
    return {
        "schema": strawberry.Schema(Query),
        "settings": settings(**variables),
        "private": frozenset({"locate"}),
    }


def _holds(application: Application, text: str) -> bool:
    """Whether a text or body with it is reachable from anything that outlives a request."""
    answering = application.graphql._answering  # type: ignore[attr-defined]
    seen: set[int] = set()
    waiting: list[object] = [answering]
    while waiting:
        each = waiting.pop()
        # Code leads to everything, also to what is written in this test.
        if id(each) in seen or isinstance(each, type | FunctionType | ModuleType):
            continue
        seen.add(id(each))
        if isinstance(each, str) and text in each:
            return True
        if isinstance(each, bytes) and text.encode() in each:
            return True
        if isinstance(each, float) and str(each) == text:
            return True
        waiting += gc.get_referents(each)
    return False


def _ask(made: Application, document: str, variables: dict[str, Any], times: int = 4) -> None:
    body = orjson.dumps({"query": document.replace("SECRET", _secret()), "variables": variables})
    for _ in range(times):
        sent = made.on_the_spot(
            b"POST", b"/graphql", [(b"content-type", b"application/json")], body
        )
        assert sent is not None
        assert sent.status == 200


@pytest.mark.parametrize(
    "document",
    [
        _WRITTEN,
        "{ a: locate(x: SECRET) b: locate(x: 1) }",
        "query A { other(x: SECRET) locate(x: 2) }",
        "{ locate(x: SECRET) } # written unusually",
        '{ locate(x: SECRET) \n # a quote " and a backslash \\ \n }',
    ],
)
def test_nothing_of_a_private_question_is_kept(document: str) -> None:
    made = app(**_given())
    assert isinstance(made, Application)

    _ask(made, document, {})

    assert not _holds(made, _secret())


def test_nothing_of_the_variables_of_a_private_question_is_kept() -> None:
    made = app(**_given())
    assert isinstance(made, Application)

    _ask(made, _WITH_VARIABLES, {"x": float(_secret())})

    assert not _holds(made, _secret())


def test_the_same_question_about_nobody_is_kept() -> None:
    made = app(**_given())
    assert isinstance(made, Application)

    _ask(made, "{ other(x: SECRET) }", {})

    assert _holds(made, _secret())


async def test_a_private_question_is_answered_the_ordinary_way_too() -> None:
    async with client(**_given()) as http:
        for asked in (
            {"query": "{ locate(x: 1) }"},
            {"query": _WITH_VARIABLES, "variables": {"x": 5.5}},
        ):
            answer = await http.post("/graphql", json=asked)
            assert answer.json()["data"]["locate"].startswith("Overvecht")
