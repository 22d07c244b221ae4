"""The description of the contract in English: each Dutch text gives way to its twin.

The Dutch stands in the code, beside what it describes; its twin in a file of this folder, found by
the Dutch itself. A text is whatever stands behind a word that OpenAPI and JSON Schema keep for
people; names and values are the same in both languages.
"""

import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

_FOR_PEOPLE = ("title", "summary", "description")
_VALUES = ("default", "enum", "example", "examples")


def pairs() -> Iterator[tuple[str, str, str]]:
    """Every Dutch text with its twin, and the file that they are in."""
    for path in sorted(files("service").joinpath("rest/english").iterdir(), key=lambda it: it.name):
        if path.name.endswith(".toml"):
            for each in tomllib.loads(path.read_text(encoding="utf-8"))["text"]:
                yield each["nl"], each["en"], path.name


def in_english(described: Any) -> Any:
    """The same description; a text without a twin stays Dutch, which a test does not let happen."""
    return _replaced(described, {nl: en for nl, en, _ in pairs()})


def texts(described: Any) -> Iterator[str]:
    """Everything in a description that is for people."""
    for name, value in _entries(described):
        if _is_text(name, value):
            yield value
        elif name not in _VALUES:
            yield from texts(value)


def _replaced(described: Any, twins: Mapping[str, str]) -> Any:
    if isinstance(described, dict):
        return {name: _member(name, value, twins) for name, value in described.items()}
    if isinstance(described, list | tuple):
        return [_replaced(each, twins) for each in described]
    return described


def _member(name: str, value: Any, twins: Mapping[str, str]) -> Any:
    if _is_text(name, value):
        return twins.get(value, value)
    return value if name in _VALUES else _replaced(value, twins)


def _entries(described: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(described, dict):
        yield from described.items()
    elif isinstance(described, list | tuple):
        yield from (("", each) for each in described)


def _is_text(name: str, value: Any) -> bool:
    return name in _FOR_PEOPLE and isinstance(value, str)
