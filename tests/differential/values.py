"""Input values of any type: as literals of a document, and as JSON for variables.

A literal is a list of tokens. A token may have a twin: the same document with other values in it.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    Undefined,
    get_named_type,
    is_required_input_field,
)
from graphql.language.block_string import is_printable_as_block_string, print_block_string
from hypothesis import strategies as st

from tests.differential.choices import Choices


class Twin(NamedTuple):
    """A token that differs between a document and its twin."""

    left: str
    right: str


Token: TypeAlias = str | Twin
Tokens: TypeAlias = list[Token]
Lend: TypeAlias = Callable[[GraphQLInputType, str, bool], str | None]
"""A variable for a place of this type and name, with or without a default there; or None."""


@dataclass(frozen=True)
class Pools:
    """Values worth asking for, by `field.argument`, by argument or by the name of a scalar."""

    values: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    refused: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    """By the name of a scalar: what only a variable can hold, and is refused there."""
    rare: frozenset[str] = frozenset()
    """Arguments that are mostly left out, because with them little is answered."""

    def of(self, place: str, scalar: str) -> Sequence[Any] | None:
        for name in (place, place.rpartition(".")[2], scalar):
            if name in self.values:
                return self.values[name]
        return None


_TEXTS = (
    "", "a", "WK900101", 'say "hi"', "back\\slash", "two\nlines", "tab\there", "\r\n", "é", "日本",
    "😀", " leading", "  indented\n    more\n", '"""', "null", "$a", "{}", "# no comment", "\x07",
    "\u2028", "\ufeff", "0", "'", "a\\u0041",
)  # fmt: skip
_INTS = (0, 1, -1, 2, 3, 7, 42, 100, 2024, 2**31 - 1, -(2**31))
_FLOATS = (0.0, 1.0, -1.5, 0.1, 1e-7, 1.5e300, -0.0, 3, -2, 12345678901234567890, 5e-324)
_TEXT = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=6
)
_SHORT = {"\n": "\\n", "\t": "\\t", "\b": "\\b", "\f": "\\f", "\r": "\\r", "/": "\\/"}
_REFUSED: Mapping[str, Sequence[Any]] = {
    "Int": (2**31, 1.5, "1", True),
    "Float": ("1.0", False, [1.0]),
    "String": (1, True, ["a"], {"a": 1}),
    "Boolean": ("true", 0),
    "ID": (1.5, True, {}),
}


def has_default(given: GraphQLArgument | GraphQLInputField) -> bool:
    """Whether leaving it out means something; Strawberry still sets the older attribute."""
    return given.default is not None or given.default_value is not Undefined


class Values:
    """Draws values; `pools` says which are worth asking for."""

    def __init__(self, choices: Choices, pools: Pools) -> None:
        self._choices = choices
        self._pools = pools

    def is_given(self, name: str) -> bool:
        """Whether an argument is given that need not be."""
        return self._choices.chance(5 if name in self._pools.rare else 30)

    def literal(
        self, kind: GraphQLInputType, place: str, lend: Lend | None = None, default: bool = False
    ) -> Tokens:
        """Tokens of a value that is valid at a place; with `lend` there may be variables in it."""
        name = lend(kind, place, default) if lend and self._choices.chance(30) else None
        if name is not None:
            return [f"${name}"]
        if isinstance(kind, GraphQLNonNull):
            return self._present(kind.of_type, place, lend)
        if self._choices.chance(8):
            return ["null"]
        return self._present(kind, place, lend)

    def _present(self, kind: Any, place: str, lend: Lend | None) -> Tokens:
        if isinstance(kind, GraphQLList):
            if self._choices.chance(15):
                # One value where a list is expected stands for a list of one.
                return self._present(get_named_type(kind), place, None)
            items = [self.literal(kind.of_type, place, lend) for _ in range(self._length())]
            return ["[", *(token for item in items for token in item), "]"]
        if isinstance(kind, GraphQLInputObjectType):
            tokens: Tokens = ["{"]
            for name, given in self._fields(kind):
                tokens += [name, ":"]
                tokens += self.literal(given.type, f"{kind.name}.{name}", lend, has_default(given))
            return [*tokens, "}"]
        left = self._leaf_token(kind, place)
        if self._choices.chance(50):
            return [Twin(left, self._leaf_token(kind, place))]
        return [left]

    def _length(self) -> int:
        return self._choices.pick((1, 2, 0, 3, 1, 2))

    def _fields(self, kind: GraphQLInputObjectType) -> list[tuple[str, Any]]:
        chosen = [
            (name, given)
            for name, given in kind.fields.items()
            if is_required_input_field(given) or self._choices.chance(35)
        ]
        return chosen[::-1] if self._choices.chance(20) else chosen

    def json(self, kind: GraphQLInputType, place: str, wrong: bool = False) -> Any:
        """The same as JSON; when `wrong`, likely something that coercion refuses."""
        if not isinstance(kind, GraphQLNonNull):
            if self._choices.chance(8):
                return None
        else:
            kind = kind.of_type
            if wrong and self._choices.chance(10):
                return None
        if isinstance(kind, GraphQLList):
            if self._choices.chance(15):
                named: Any = get_named_type(kind)
                return self.json(GraphQLNonNull(named), place, wrong)
            return [self.json(kind.of_type, place, wrong) for _ in range(self._length())]
        if isinstance(kind, GraphQLInputObjectType):
            given: dict[str, Any] = {
                name: self.json(each.type, f"{kind.name}.{name}", wrong)
                for name, each in self._fields(kind)
            }
            return {**given, "unknown": 1} if wrong and self._choices.chance(20) else given
        if wrong:
            refused = {**_REFUSED, **self._pools.refused}.get(kind.name, ("NOT_A_MEMBER",))
            return self._choices.pick(refused)
        return self._leaf(kind, place)

    def _leaf(self, kind: Any, place: str) -> Any:
        if isinstance(kind, GraphQLEnumType):
            return self._choices.pick(list(kind.values))
        pool = self._pools.of(place, kind.name)
        if pool is not None and not self._choices.chance(2 if kind.name in _GENERAL else 0):
            return self._choices.pick(pool)
        return self._choices.pick(_GENERAL[kind.name]) if kind.name != "String" else self._text()

    def _text(self) -> str:
        if self._choices.chance(20):
            text: str = self._choices.draw(_TEXT)
            return text
        return self._choices.pick(_TEXTS)

    def _leaf_token(self, kind: Any, place: str) -> str:
        value = self._leaf(kind, place)
        if isinstance(kind, GraphQLEnumType):
            return str(value)
        if kind.name == "ID" and isinstance(value, str) and value.isdigit():
            is_number = str(int(value)) == value and self._choices.chance(50)
            return value if is_number else f'"{value}"'
        return self.token(value)

    def token(self, value: Any) -> str:
        """A JSON value as GraphQL writes it, in one of the ways there are."""
        match value:
            case None:
                return "null"
            case bool():
                return "true" if value else "false"
            case int():
                return str(value)
            case float():
                return self._float(value)
            case str():
                return self._string(value)
            case list():
                return "[" + " ".join(map(self.token, value)) + "]"
        return "{" + " ".join(f"{name}: {self.token(each)}" for name, each in value.items()) + "}"

    def _float(self, value: float) -> str:
        forms = [repr(value), f"{value:.17e}", f"{value:.17E}".replace("E+", "E")]
        if value.is_integer() and abs(value) < 1e15 and math.copysign(1, value) > 0:
            forms.append(str(int(value)))
        return self._choices.pick(forms)

    def _string(self, value: str) -> str:
        form = self._choices.number(8)
        if form in (4, 5) and is_printable_as_block_string(value):
            return print_block_string(value, minimize=form == 5)
        escape = self._choices.number(6) if form in (6, 7) else 6
        return '"' + "".join(_escaped(letter, escape) for letter in value) + '"'


_GENERAL: Mapping[str, Sequence[Any]] = {
    "Int": _INTS,
    "Float": _FLOATS,
    "String": _TEXTS,
    "Boolean": (True, False),
    "ID": ("1", "a", "0", "007", "-5", "x y"),
}


def _escaped(letter: str, form: int) -> str:
    """A character inside quotes; below 6 characters are escaped that need not be."""
    if letter in '"\\':
        return "\\" + letter
    if form < 6 and (code := ord(letter)) % 6 >= form:
        return f"\\u{{{code:x}}}" if code > 0xFFFF or form % 2 else f"\\u{code:04X}"
    if letter in _SHORT and letter != "/":
        return _SHORT[letter]
    return letter if letter >= " " and letter != "\x7f" else f"\\u{ord(letter):04x}"
