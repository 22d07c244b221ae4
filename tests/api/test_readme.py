"""What the README shows is what the service answers."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from service.example import QUERY
from tests.api.demonstration import ask, served
from tests.databases import copied

_README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    """The first block of a language in the README."""
    found = re.search(rf"```{language}\n(.*?)```", _README, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_query_in_the_readme_is_the_one_the_command_line_prints() -> None:
    assert block("graphql") == QUERY


@pytest.fixture(scope="module")
async def store(postgres: str, demonstration: str) -> AsyncIterator[str]:
    async with copied(postgres, "readme", demonstration) as dsn:
        yield dsn


async def test_the_answer_in_the_readme_is_the_real_one(store: str, tmp_path: Path) -> None:
    async with served(store, tmp_path, QUERY) as client:
        assert await ask(client, QUERY) == json.loads(block("json"))


async def test_the_first_request_after_the_start_is_answered(store: str, tmp_path: Path) -> None:
    async with served(store, tmp_path, QUERY) as client:
        answer = await ask(client, "{ publication { number } }")
    assert answer["data"]["publication"] == {"number": 1}
