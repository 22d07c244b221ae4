"""What the README shows is what the service answers."""

import json
import re
from pathlib import Path

import asyncpg

from service.example import QUERY
from service.loading import load_demonstration
from tests.api.demonstration import ask, served
from tests.quiet import Quiet

_README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    """The first block of a language in the README."""
    found = re.search(rf"```{language}\n(.*?)```", _README, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_query_in_the_readme_is_the_one_the_command_line_prints() -> None:
    assert block("graphql") == QUERY


async def test_the_answer_in_the_readme_is_the_real_one(
    database: str, connection: asyncpg.Connection, tmp_path: Path
) -> None:
    await load_demonstration(connection, Quiet())
    async with served(database, tmp_path, QUERY) as client:
        assert await ask(client, QUERY) == json.loads(block("json"))


async def test_the_first_request_after_the_start_is_answered(
    database: str, connection: asyncpg.Connection, tmp_path: Path
) -> None:
    await load_demonstration(connection, Quiet())
    async with served(database, tmp_path, QUERY) as client:
        answer = await ask(client, "{ publication { number } }")
    assert answer["data"]["publication"] == {"number": 1}
