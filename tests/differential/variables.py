"""The variables of one document: lent to places that they fit, declared, and given values."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLInputType,
    GraphQLNonNull,
    GraphQLSchema,
    is_non_null_type,
    is_type_sub_type_of,
)

from tests.differential.choices import Choices
from tests.differential.values import Token, Tokens, Values

_NAMES = ("a", "b", "code", "first", "A", "_x", "null_", "c", "d", "e", "f", "g")


@dataclass(frozen=True)
class _Variable:
    name: str
    kind: GraphQLInputType
    place: str
    default: Tokens

    @property
    def is_required(self) -> bool:
        return is_non_null_type(self.kind) and not self.default

    @property
    def is_never_null(self) -> bool:
        return is_non_null_type(self.kind) or self.default not in ([], ["null"])


class Variables:
    """What was lent so far; names are numbered when the good ones are gone."""

    def __init__(self, schema: GraphQLSchema, choices: Choices, values: Values) -> None:
        self._schema = schema
        self._choices = choices
        self._values = values
        self._known: dict[str, _Variable] = {}

    def lend(self, kind: GraphQLInputType, place: str, default: bool) -> str:
        """The name of a variable that is allowed in a place; `default`: the place has one."""
        fitting = [each for each in self._known.values() if self._fits(each, kind, default)]
        same = [each for each in fitting if each.place == place] or fitting
        if same and self._choices.chance(50):
            return self._choices.pick(same).name
        made = self._made(kind, place, default)
        self._known[made.name] = made
        return made.name

    def _fits(self, variable: _Variable, kind: GraphQLInputType, default: bool) -> bool:
        if is_non_null_type(kind) and not is_non_null_type(variable.kind):
            if not variable.is_never_null and not default:
                return False
            kind = kind.of_type
        return is_type_sub_type_of(self._schema, variable.kind, kind)

    def _made(self, kind: GraphQLInputType, place: str, default: bool) -> _Variable:
        number = len(self._known)
        name = _NAMES[number] if number < len(_NAMES) else f"v{number}"
        is_strict = isinstance(kind, GraphQLNonNull)
        nullable = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
        strict = kind if isinstance(kind, GraphQLNonNull) else GraphQLNonNull(kind)
        form = self._choices.number(4)
        if form == 0:
            return _Variable(name, kind, place, [])
        if form == 1:
            # A nullable variable fits a strict place only with a default, its own or the place's.
            if is_strict and default:
                return _Variable(name, nullable, place, [])
            valued = strict if is_strict else nullable
            return _Variable(name, nullable, place, self._values.literal(valued, place))
        return _Variable(name, strict, place, self._default(strict, place, form == 2))

    def _default(self, kind: GraphQLInputType, place: str, given: bool) -> Tokens:
        return self._values.literal(kind, place) if given else []

    def declarations(self, names: Iterable[str]) -> Tokens:
        """What an operation that uses them says before its selections."""
        tokens: Tokens = []
        for each in self._sorted(names):
            tokens += [f"${each.name}", ":", str(each.kind)]
            if each.default:
                tokens += ["=", *each.default]
        return ["(", *tokens, ")"] if tokens else []

    def given(self, names: Iterable[str]) -> dict[str, Any]:
        """Values as a client sends them: some left out, some null, rarely something wrong."""
        given: dict[str, Any] = {}
        wrong = self._choices.chance(3)
        for each in self._sorted(names):
            if each.is_required or self._choices.chance(65):
                given[each.name] = self._values.json(each.kind, each.place, wrong)
            elif each.default and not is_non_null_type(each.kind) and self._choices.chance(30):
                given[each.name] = None
        if self._choices.chance(5):
            given["undeclared"] = 1
        return given

    def _sorted(self, names: Iterable[str]) -> list[_Variable]:
        chosen = set(names)
        return [each for name, each in self._known.items() if name in chosen]


def names_in(tokens: Iterable[Token]) -> set[str]:
    """Variables used among tokens of values."""
    return {each[1:] for each in tokens if isinstance(each, str) and each.startswith("$")}
