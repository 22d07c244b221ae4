"""Every named query is understood by Postgres on the migrated store, and every one is used."""

import re
from pathlib import Path

import asyncpg

from db.sql import all_queries

_PACKAGES = Path(__file__).resolve().parents[2]


async def test_every_named_query_can_be_prepared(connection: asyncpg.Connection) -> None:
    async with connection.transaction():
        await connection.execute(dict(_named())["observations.create_closing"])
        for name, text in _named():
            try:
                await connection.prepare(text)
            except asyncpg.PostgresError as error:
                raise AssertionError(f"{name}: {error}") from error


def test_every_named_query_is_called_somewhere() -> None:
    source = "\n".join(
        path.read_text()
        for package in ("db", "service")
        for path in (_PACKAGES / package).rglob("*.py")
    )
    looped = {"shapes", "demo"}
    unused = [
        name
        for name, _ in _named()
        if name.split(".")[0] not in looped
        and not re.search(rf"""\["{name.split(".")[1]}"\]|\.{name.split(".")[1]}\b""", source)
        and not re.search(rf'"{name.split(".")[1]}"', source)
    ]
    assert unused == []


def _named() -> list[tuple[str, str]]:
    return [(f"{noun}.{name}", text) for noun, name, text in all_queries()]
