"""Selection sets: fields under keys, fragments of every kind, directives, all within a budget."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from graphql import (
    GraphQLBoolean,
    GraphQLField,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)

from tests.differential.choices import Choices
from tests.differential.types import Composite, Types, list_depth
from tests.differential.values import Token, Tokens, Twin, Values, has_default
from tests.differential.variables import Variables, names_in

_ALIASES = ("a", "b", "code", "name", "id", "A", "_", "null", "true", "on")
_FRAGMENTS = ("F", "fragment", "code", "_f", "true", *(f"F{n}" for n in range(5, 12)))
_BOOLEAN = GraphQLNonNull(GraphQLBoolean)


@dataclass(frozen=True)
class Budget:
    """How large one document may become."""

    depth: int = 6
    fields: int = 60
    aliases: int = 60
    answers: int = 2000
    """Fields that an answer may have by the lengths below."""
    page: int = 20
    """Objects on a page of which nothing says how long it is."""
    length: int = 3
    """Items of any other list."""
    favoured: frozenset[str] = frozenset()
    """Fields asked for more often than others, because much happens below them."""


@dataclass
class Part:
    """An operation or a fragment while it is written: what it uses and how large it is."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    answers: int = 0
    variables: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class _Meaning:
    """What stands under a response key."""

    name: str
    shape: str
    arguments: Tokens


@dataclass(frozen=True)
class _Fragment:
    name: str
    kind: Composite
    part: Part
    tokens: Tokens


@dataclass(frozen=True)
class _Spot:
    """Where a selection set stands."""

    kind: Composite
    part: Part
    depth: int
    times: int
    nesting: int = 0
    """Inline fragments around it, since the field it belongs to."""


class Selections:
    """Writes the selection sets of one document."""

    def __init__(
        self,
        types: Types,
        choices: Choices,
        values: Values,
        variables: Variables,
        budget: Budget,
    ) -> None:
        self._types = types
        self._choices = choices
        self._values = values
        self._variables = variables
        self._budget = budget
        self._meanings: dict[tuple[str, str], _Meaning] = {}
        self._fragments: list[_Fragment] = []
        self._begun = 0
        self._total = Part()

    def root(self, kind: GraphQLObjectType) -> tuple[Part, Tokens]:
        """An operation's selections."""
        part = Part()
        return part, self._set(_Spot(kind, part, 1, 1))

    def fragments(self) -> Tokens:
        """The definitions of all fragments that were spread."""
        return [
            token
            for each in self._fragments
            for token in ["fragment", each.name, "on", each.kind.name, *each.tokens]
        ]

    def _set(self, spot: _Spot) -> Tokens:
        tokens: Tokens = []
        for _ in range(1 + self._choices.pick((2, 1, 3, 0, 4))):
            tokens += self._selection(spot)
        return ["{", *(tokens or ["__typename"]), "}"]

    def _selection(self, spot: _Spot) -> Tokens:
        if self._is_spent(spot):
            return []
        form = self._choices.number(20)
        if isinstance(spot.kind, GraphQLUnionType) and form < 15:
            form = 15 if spot.nesting > 3 else 19
        if form >= 18 and spot.nesting <= 3:
            return self._inline(spot)
        if form >= 16:
            return self._spread(spot)
        return self._typename(spot) if form == 15 else self._field(spot)

    def _typename(self, spot: _Spot) -> Tokens:
        self._count(spot, 1)
        key = self._choices.pick(("__typename", "_type", "typename__"))
        return [*([] if key == "__typename" else [key, ":"]), "__typename", *self._directives(spot)]

    def _inline(self, spot: _Spot) -> Tokens:
        if self._choices.chance(25):
            kind, condition = spot.kind, []
        else:
            kinds = self._types.overlapping(spot.kind)
            if self._choices.chance(50):
                kinds = [each for each in kinds if isinstance(each, GraphQLObjectType)]
            kind = self._choices.pick(kinds)
            condition = ["on", kind.name]
        inside = _Spot(kind, spot.part, spot.depth, spot.times, spot.nesting + 1)
        return ["...", *condition, *self._directives(spot), *self._set(inside)]

    def _spread(self, spot: _Spot) -> Tokens:
        found = self._fragment(spot)
        if found is None:
            return self._typename(spot)
        part = found.part
        for each in (spot.part, self._total):
            each.fields += part.fields
            each.aliases += part.aliases
            each.answers += spot.times * part.answers
        spot.part.depth = max(spot.part.depth, spot.depth - 1 + part.depth)
        spot.part.variables |= part.variables
        return ["...", found.name, *self._directives(spot)]

    def _fragment(self, spot: _Spot) -> _Fragment | None:
        """One written before, or a new one."""
        overlapping = {each.name for each in self._types.overlapping(spot.kind)}
        fitting = [
            each
            for each in self._fragments
            if each.kind.name in overlapping and self._is_affordable(spot, each.part)
        ]
        if fitting and self._choices.chance(60):
            return self._choices.pick(fitting)
        if self._begun == len(_FRAGMENTS):
            return None
        kind = self._choices.pick(self._types.overlapping(spot.kind))
        name = _FRAGMENTS[self._begun]
        self._begun += 1
        before = (self._total.fields, self._total.aliases, self._total.answers)
        part = Part()
        tokens = self._set(_Spot(kind, part, spot.depth, spot.times))
        # Counted where it is spread.
        self._total.fields, self._total.aliases, self._total.answers = before
        part.depth -= spot.depth - 1
        part.answers = -(-part.answers // spot.times)
        made = _Fragment(name, kind, part, tokens)
        self._fragments.append(made)
        return made

    def _field(self, spot: _Spot) -> Tokens:
        assert not isinstance(spot.kind, GraphQLUnionType)
        leaves_only = spot.depth >= self._budget.depth or spot.times >= self._budget.answers // 4
        names = [
            name
            for name, each in spot.kind.fields.items()
            if not leaves_only or is_leaf_type(get_named_type(each.type))
        ]
        if not names:
            return self._typename(spot)
        favoured = [name for name in names if name in self._budget.favoured]
        if favoured and self._choices.chance(25):
            names = favoured
        name = self._choices.pick(names)
        chosen = spot.kind.fields[name]
        key, meaning = self._meaning(spot, name, chosen)
        self._count(spot, int(key != name))
        spot.part.variables |= names_in(meaning.arguments)
        tokens: Tokens = [key, ":", name] if key != name else [name]
        tokens += [*meaning.arguments, *self._directives(spot)]
        named = get_named_type(chosen.type)
        if not is_leaf_type(named):
            times = spot.times * self._length(chosen, meaning.arguments)
            tokens += self._set(_Spot(named, spot.part, spot.depth + 1, times))
        return tokens

    def _meaning(self, spot: _Spot, name: str, chosen: GraphQLField) -> tuple[str, _Meaning]:
        """A key that can mean this field here: one that does already, or a free one."""
        shape = self._types.shape(chosen)
        family = self._types.family(spot.kind)
        is_leaf = is_leaf_type(get_named_type(chosen.type))
        if is_leaf and isinstance(spot.kind, GraphQLObjectType) and self._choices.chance(5):
            # Objects of different types may mean different things by a key with one shape.
            key = "own_" + "".join(_NAMED.get(each, each) for each in shape.split(") ")[1])
            found = self._meanings.get((spot.kind.name, key))
            if found is None:
                found = _Meaning(name, shape, self._arguments(name, chosen))
                self._meanings[spot.kind.name, key] = found
            if found.name == name and found.shape == shape:
                return key, found
        wanted = [name] if not self._choices.chance(25) else []
        wanted += [self._choices.pick(_ALIASES), f"{name}_", *(f"k{n}" for n in range(500))]
        for key in wanted:
            found = self._meanings.get((family, key))
            if found is None:
                found = _Meaning(name, shape, self._arguments(name, chosen))
                self._meanings[family, key] = found
                return key, found
            # Arguments are the very same, so that both selections become one.
            if found.name == name and found.shape == shape and not self._wants_other(found):
                return key, found
        raise AssertionError("no key is free")

    def _wants_other(self, found: _Meaning) -> bool:
        return bool(found.arguments) and self._choices.chance(40)

    def _arguments(self, name: str, chosen: GraphQLField) -> Tokens:
        tokens: Tokens = []
        given = list(chosen.args.items())
        for argument, each in given[::-1] if self._choices.chance(15) else given:
            if is_required_argument(each) or self._values.is_given(argument):
                tokens += [argument, ":"]
                place = f"{name}.{argument}"
                tokens += self._values.literal(
                    each.type, place, self._variables.lend, has_default(each)
                )
        return ["(", *tokens, ")"] if tokens else []

    def _length(self, chosen: GraphQLField, arguments: Sequence[Token]) -> int:
        """How many objects a field may give, counted carefully."""
        if "first" in chosen.args:
            given = [arguments[n + 2] for n, each in enumerate(arguments) if each in _PAGING]
            sizes = [_number(side) for each in given for side in _sides(each)]
            return max(1, *sizes) if sizes else self._budget.page
        return int(self._budget.length ** list_depth(chosen.type))

    def _directives(self, spot: _Spot) -> Tokens:
        if not self._choices.chance(8):
            return []
        names = self._choices.pick(_DIRECTIVES)
        tokens: Tokens = []
        for name in names:
            given = self._condition(name)
            spot.part.variables |= names_in(given)
            tokens += [f"@{name}", "(", "if", ":", *given, ")"]
        return tokens

    def _condition(self, name: str) -> Tokens:
        if self._choices.chance(50):
            return [f"${self._variables.lend(_BOOLEAN, 'if', False)}"]
        usual, other = ("false", "true") if name == "skip" else ("true", "false")
        tokens: Tokens = [usual, usual, other, Twin(usual, other)]
        return [self._choices.pick(tokens)]

    def _count(self, spot: _Spot, aliases: int) -> None:
        for each in (spot.part, self._total):
            each.fields += 1
            each.aliases += aliases
            each.answers += spot.times
        spot.part.depth = max(spot.part.depth, spot.depth)

    def _is_spent(self, spot: _Spot) -> bool:
        return (
            self._total.fields >= self._budget.fields
            or self._total.aliases >= self._budget.aliases
            or self._total.answers + spot.times > self._budget.answers
        )

    def _is_affordable(self, spot: _Spot, part: Part) -> bool:
        return (
            self._total.fields + part.fields <= self._budget.fields
            and self._total.aliases + part.aliases <= self._budget.aliases
            and self._total.answers + spot.times * part.answers <= self._budget.answers
            and spot.depth + part.depth <= 12
        )


_DIRECTIVES = (("include",), ("skip",), ("skip", "include"), ("include", "skip"))
_PAGING = ("first", "last")
_NAMED = {"!": "_strict", "[": "_list", "]": ""}


def _sides(token: Token) -> tuple[str, ...]:
    return (token.left, token.right) if isinstance(token, Twin) else (token,)


def _number(text: str) -> int:
    """A literal number; what a variable holds is not known here."""
    return int(text) if text.lstrip("-").isdigit() else 100
