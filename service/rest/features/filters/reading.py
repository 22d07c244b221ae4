"""The text of a filter as a tree of CQL2-JSON; whatever the language, the same tree.

The parser of CQL2-Text calls itself for what is nested and would end the process on thousands of
levels, so a text is bounded before it is read.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from enum import Enum
from typing import Any, TypeAlias

import cql2
import orjson

from service.rest.parameter import Malformed

Tree: TypeAlias = Any
"""Objects with `op` and `args`, properties, literals: as JSON has them."""

MOST_CHARACTERS = 16_000
MOST_NESTED = 400
"""Signs that may nest something, all together: the parser holds out over a thousand."""
_NESTING = re.compile(r"[(\[^=<>]|\b(?:not|and|or)\b|-\s*(?=-)", re.IGNORECASE)
_ILIKE = re.compile(
    r"""'(?:[^']|'')*'|(?P<name>[A-Za-z_]\w*|"[^"]*")\s+ILIKE\s+(?P<text>'(?:[^']|'')*')""",
    re.IGNORECASE,
)
_SHORT = re.compile(
    r"""'(?:[^']|'')*'|"[^"]*"|(?<![\w.:])(?P<number>\.\d+|(?:\d+\.?\d*|\.\d+)[eE][+-]?\d{1,2})(?!\w)""",
    re.ASCII,
)
"""Numbers of CQL2 that the parser does not know, or not inside a geometry: `.5` and `5e1`."""
_PLACE = re.compile(r"--> (\d+):(\d+)")
_EXPECTED = re.compile(r"= (expected .*)")
_SHOWN = 200


class Language(Enum):
    TEXT = "cql2-text"
    JSON = "cql2-json"
    DRAFT = "cql-text"
    """The text of the drafts, which GDAL writes."""


def tree_of(text: str, language: Language) -> Tree:
    """The tree of a filter; Malformed where it cannot be read."""
    if len(text) > MOST_CHARACTERS:
        raise unreadable(
            f"it has {len(text)} characters; at most {MOST_CHARACTERS} are read",
            f"het heeft {len(text)} tekens; er worden er hoogstens {MOST_CHARACTERS} gelezen",
        )
    return _READERS[language](text)


def unreadable(en: str, nl: str) -> Malformed:
    """A refusal of a filter as a whole."""
    return Malformed(
        "UNREADABLE_FILTER",
        f"filter cannot be read: {en}",
        f"filter is niet te lezen: {nl}",
    )


def _of_text(text: str) -> Tree:
    found = sum(1 for _ in _NESTING.finditer(text))
    if found > MOST_NESTED:
        raise unreadable(
            f"it has {found} operators and brackets; at most {MOST_NESTED} are read",
            f"het heeft {found} operatoren en haken; er worden er hoogstens {MOST_NESTED} gelezen",
        )
    if "\0" in text:
        raise unreadable("it has a character that is none", "het heeft een teken dat er geen is")
    try:
        return cql2.parse_text(_SHORT.sub(_in_full, text)).to_json()
    except Exception as why:
        place, expected = _PLACE.search(str(why)), _EXPECTED.search(str(why))
        at_en = f"at line {place[1]}, character {place[2]}" if place else "as CQL2-Text"
        at_nl = f"op regel {place[1]}, teken {place[2]}" if place else "als CQL2-Text"
        wanted = f": {expected[1][:_SHOWN]}" if expected else ""
        raise unreadable(f"{at_en}{wanted}", f"{at_nl}{wanted}") from None


def _in_full(found: re.Match[str]) -> str:
    number = found["number"]
    return found[0] if number is None else f"{Decimal(number):f}"


def _of_draft(text: str) -> Tree:
    """The drafts had an ILIKE, which CQL2 spells with CASEI; in a text it means nothing."""
    return _of_text(_ILIKE.sub(_without_case, text))


def _without_case(found: re.Match[str]) -> str:
    if found["name"] is None:
        return found[0]
    return f"CASEI({found['name']}) LIKE CASEI({found['text']})"


def _of_json(text: str) -> Tree:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as why:
        raise unreadable(f"it is not JSON: {why}", f"het is geen JSON: {why}") from None


_READERS: dict[Language, Callable[[str], Tree]] = {
    Language.TEXT: _of_text,
    Language.JSON: _of_json,
    Language.DRAFT: _of_draft,
}
