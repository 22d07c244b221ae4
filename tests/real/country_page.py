"""The page docs/country.md: questions about the Netherlands with the answers that it shows."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_PAGE = Path(__file__).resolve().parents[2] / "docs" / "country.md"
_TITLED = re.compile(r"^## (.+?)$(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_BLOCK = re.compile(
    r"^```(graphql|json variables|json answer)\n(.*?)^```$", re.MULTILINE | re.DOTALL
)
_SHOWN = ("code", "unknownDomains")
"""Of an error the page shows these, and where it is."""


@dataclass(frozen=True, slots=True)
class Question:
    """A document with its variables, and what is answered."""

    title: str
    document: str
    variables: dict[str, Any]
    answer: dict[str, Any]


def questions() -> tuple[Question, ...]:
    return tuple(_read(_PAGE.read_text(encoding="utf-8")))


def _read(page: str) -> Iterator[Question]:
    for title, text in _TITLED.findall(page):
        blocks = dict(_BLOCK.findall(text))
        yield Question(
            title,
            blocks["graphql"],
            json.loads(blocks.get("json variables", "{}")),
            json.loads(blocks["json answer"]),
        )


def shown(body: dict[str, Any]) -> dict[str, Any]:
    """An answer as the page shows it: without extensions, and of errors what they are of."""
    errors = [
        {
            "path": each["path"],
            "extensions": {key: each["extensions"][key] for key in _SHOWN},
        }
        for each in body.get("errors", [])
    ]
    return {**({"errors": errors} if errors else {}), "data": body["data"]}


def differences(told: object, found: object, at: str = "") -> list[str]:
    """Where an answer is not what the page tells; numbers stand there with two decimals."""
    if isinstance(told, dict) and isinstance(found, dict) and list(told) == list(found):
        pairs = [(key, told[key], found[key]) for key in told]
    elif isinstance(told, list) and isinstance(found, list) and len(told) == len(found):
        pairs = [(str(row), *each) for row, each in enumerate(zip(told, found, strict=True))]
    elif isinstance(told, int | float) and isinstance(found, int | float):
        return [] if abs(told - found) <= 0.0051 else [f"{at}: {told} is {found}"]
    else:
        return [] if told == found else [f"{at}: {told} is {found}"]
    return [each for key, one, other in pairs for each in differences(one, other, f"{at}/{key}")]
