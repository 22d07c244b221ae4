"""Named queries out of db/queries/*.sql, so that SQL is written, read and tried as SQL.

Refuses a name given twice, text before the first name, and a query nobody wrote.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

_NAME = re.compile(r"^--\s*name:\s*(?P<name>[a-z][a-z0-9_]*)\s*$", re.MULTILINE)


class QueryUnknown(LookupError):
    """A name that no query bears: a mistake in our own code."""


class Queries(Mapping[str, str]):
    """The queries of one noun; `queries("areas").by_code` is the text under that name."""

    def __init__(self, noun: str, texts: Mapping[str, str]) -> None:
        self._noun = noun
        self._texts = dict(texts)

    def __getitem__(self, name: str) -> str:
        try:
            return self._texts[name]
        except KeyError:
            raise QueryUnknown(f"db/queries/{self._noun}.sql has no query {name}") from None

    def __getattr__(self, name: str) -> str:
        if name.startswith("__"):
            raise AttributeError(name)
        return self[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)


@cache
def queries(noun: str) -> Queries:
    """The queries in db/queries/<noun>.sql."""
    source = files("db") / "queries" / f"{noun}.sql"
    if not source.is_file():
        raise QueryUnknown(f"db/queries/{noun}.sql does not exist")
    return parse(noun, source.read_text(encoding="utf-8"))


def all_queries() -> Iterator[tuple[str, str, str]]:
    """Every (noun, name, text), for a test that prepares them all."""
    for entry in sorted((files("db") / "queries").iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".sql"):
            noun = entry.name.removesuffix(".sql")
            yield from ((noun, name, text) for name, text in queries(noun).items())


def parse(noun: str, text: str) -> Queries:
    """Cut a file into its queries; comments under a name stay with the query."""
    marks = list(_NAME.finditer(text))
    before = text[: marks[0].start()] if marks else text
    if any(line.strip() and not line.lstrip().startswith("--") for line in before.splitlines()):
        raise ValueError(f"db/queries/{noun}.sql has SQL before its first name")
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    texts: dict[str, str] = {}
    for mark, end in zip(marks, ends, strict=True):
        name = mark["name"]
        if name in texts:
            raise ValueError(f"db/queries/{noun}.sql has two queries {name}")
        if hasattr(Queries, name):
            raise ValueError(f"db/queries/{noun}.sql: no query can be called {name}")
        texts[name] = text[mark.end() : end].strip().rstrip(";").rstrip()
        if not texts[name]:
            raise ValueError(f"db/queries/{noun}.sql has nothing under {name}")
    return Queries(noun, texts)
