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
    called = _called()
    # Chosen by a name made at run time, or called one and all.
    looped = {"shapes", "demo"}
    unused = [
        f"{noun}.{name}"
        for noun, name, _ in all_queries()
        if name not in called.get(noun, set()) and not (noun in looped and noun in called)
    ]
    assert unused == []


def _called() -> dict[str, set[str]]:
    """By noun, the names that are taken from `queries(noun)` or from the variable that holds it."""
    called: dict[str, set[str]] = {}
    for path in (path for d in ("db", "service") for path in (_PACKAGES / d).rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        for variable, noun in re.findall(r'(\w+) = queries\("(\w+)"\)', text):
            taken = re.findall(rf'\b{variable}(?:\["(\w+)|\.(\w+))', text)
            called.setdefault(noun, set()).update(a or b for a, b in taken)
        for noun, name in re.findall(r'queries\("(\w+)"\)\.(\w+)', text):
            called.setdefault(noun, set()).add(name)
    return called


def _named() -> list[tuple[str, str]]:
    return [(f"{noun}.{name}", text) for noun, name, text in all_queries()]
