"""What an address takes: how its text is read, and how OpenAPI describes it, in one place."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

T = TypeVar("T")
_SHOWN = 60
_WHOLE = re.compile(r"-?[0-9]{1,15}")
_GREATEST = 2**31 - 1
"""The greatest number that is read at all: clients take it from the description as 32 bits."""


class Malformed(Exception):
    """A text that a parameter does not take, and what it takes instead; in both languages."""

    def __init__(
        self,
        code: str,
        en: str,
        nl: str,
        *,
        allowed: Sequence[str | int] = (),
        suggestions: Sequence[str] = (),
    ) -> None:
        super().__init__(en)
        self.code = code
        self.en = en
        self.nl = nl
        self.allowed = allowed
        self.suggestions = suggestions


@dataclass(frozen=True, slots=True, eq=False)
class Parameter(Generic[T]):
    """One parameter of a path or a query."""

    name: str
    nl: str
    """What it means, for the description in OpenAPI."""
    schema: Mapping[str, Any]
    read: Callable[[str], T]
    """Raises Malformed."""
    where: str = "query"
    required: bool = False
    default: T | None = None
    example: object = None

    def needed(self) -> "Parameter[T]":
        """The same, required."""
        return replace(self, required=True)

    def in_path(self) -> "Parameter[T]":
        """The same as a part of the path."""
        return replace(self, where="path", required=True)

    @property
    def described(self) -> dict[str, Any]:
        """As OpenAPI has it."""
        schema = dict(self.schema)
        if "default" not in schema and isinstance(self.default, (str, int)):
            schema["default"] = self.default
        shown: dict[str, Any] = {
            "name": self.name,
            "in": self.where,
            "description": self.nl,
            "required": self.required,
            "schema": schema,
        }
        if schema.get("type") == "array":
            shown |= {"style": "form", "explode": False}
        if self.example is not None:
            shown["example"] = self.example
        return shown


def whole_number(
    name: str, nl: str, *, least: int, most: int, default: int | None = None, capped: bool = False
) -> Parameter[int]:
    """A whole number from `least` to `most`; with `capped` a higher one counts as `most`."""

    greatest = _GREATEST if capped else most

    def read(text: str) -> int:
        number = int(text) if _WHOLE.fullmatch(text) else least - 1
        if number < least or number > greatest:
            raise Malformed(
                "OUT_OF_RANGE",
                f"{name} is {text[:_SHOWN]!r}; it must be a whole number from {least} to {most}",
                f"{name} is {text[:_SHOWN]!r}; het moet een geheel getal zijn van {least} tot en "
                f"met {most}",
            )
        return min(number, most)

    schema: dict[str, Any] = {"type": "integer", "minimum": least, "maximum": greatest}
    return Parameter(name, nl, schema, read, default=default)


def one_of(
    name: str, nl: str, values: Mapping[str, T], *, default: str | None = None
) -> Parameter[T]:
    """One of a few words."""
    allowed = list(values)

    def read(text: str) -> T:
        if text not in values:
            listed = ", ".join(allowed)
            raise Malformed(
                "NOT_ONE_OF",
                f"{name} is {text[:_SHOWN]!r}; it must be one of: {listed}",
                f"{name} is {text[:_SHOWN]!r}; het moet een zijn van: {listed}",
                allowed=allowed,
            )
        return values[text]

    schema: dict[str, Any] = {"type": "string", "enum": allowed}
    if default is not None:
        schema["default"] = default
    return Parameter(name, nl, schema, read, default=None if default is None else values[default])


def text(
    name: str, nl: str, *, pattern: str, what_en: str, what_nl: str, example: str | None = None
) -> Parameter[str]:
    """A text of one form; `what` says in words which."""
    form = re.compile(pattern)

    def read(given: str) -> str:
        if not form.fullmatch(given):
            raise Malformed(
                "MALFORMED",
                f"{name} is {given[:_SHOWN]!r}; it must be {what_en}",
                f"{name} is {given[:_SHOWN]!r}; het moet {what_nl} zijn",
            )
        return given

    schema = {"type": "string", "pattern": f"^(?:{pattern})$"}
    return Parameter(name, nl, schema, read, example=example)


def words(name: str, nl: str, *, pattern: str, most: int, example: str) -> Parameter[list[str]]:
    """A list of words with commas between them, none twice."""
    form = re.compile(pattern)

    def read(given: str) -> list[str]:
        found = given.split(",")
        wrong = [each for each in found if not form.fullmatch(each)]
        if wrong:
            raise Malformed(
                "MALFORMED",
                f"{wrong[0][:_SHOWN]!r} in {name} is not of the form {pattern}",
                f"{wrong[0][:_SHOWN]!r} in {name} heeft niet de vorm {pattern}",
            )
        if len(set(found)) != len(found) or len(found) > most:
            raise Malformed(
                "OUT_OF_RANGE",
                f"{name} takes at most {most} words, each once, with commas between them",
                f"{name} neemt hoogstens {most} woorden, elk één keer, met komma's ertussen",
            )
        return found

    schema = {
        "type": "array",
        "items": {"type": "string", "pattern": f"^(?:{pattern})$"},
        "minItems": 1,
        "maxItems": most,
        "uniqueItems": True,
    }
    return Parameter(name, nl, schema, read, example=[example])
