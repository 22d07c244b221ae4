"""Hypothesis strategies for valid documents of any schema, with variables, and twins of both.

Valid by construction: within a family of types a response key has one meaning in one document.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLSchema
from hypothesis import strategies as st

from tests.differential.choices import Choices, Draw
from tests.differential.selections import Budget, Part, Selections
from tests.differential.types import Types
from tests.differential.values import Pools, Token, Twin, Values
from tests.differential.variables import Variables

_SEPARATORS = (
    " ", "\n", "  ", "\n\t", ", ", " ,,\n", "\r\n", " # comment\n", "\n#\" { } ) $x '''\n",
    " \ufeff", "\t", '\n# """\n',
)  # fmt: skip
_NAMES = ("First", "query", "second", "fragment", "_3", "Query")
_INTROSPECTIONS: tuple[list[Token], ...] = (
    ["__schema", "{", "queryType", "{", "name", "}", "}"],
    ["__type", "(", "name", ":", '"Query"', ")", "{", "kind", "name", "}"],
)


@dataclass(frozen=True)
class Request:
    """What a client sends."""

    text: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    operation_name: str | None = None


@dataclass(frozen=True)
class Case:
    """Requests to one executor, in this order: the same document in several ways."""

    requests: tuple[Request, ...]


class Documents:
    """Everything that is kept between documents of one schema."""

    def __init__(
        self, schema: GraphQLSchema, pools: Pools | None = None, budget: Budget | None = None
    ) -> None:
        self.types = Types(schema)
        self.pools = pools or Pools()
        self.budget = budget or Budget()

    def cases(self) -> st.SearchStrategy[Case]:
        """One document with one request or more."""
        return st.composite(self._case)()

    def _case(self, draw: Draw) -> Case:
        return _Document(self, Choices(draw)).case()


@dataclass
class _Operation:
    name: str | None
    part: Part
    tokens: list[Token]


class _Document:
    """One document while it is written."""

    def __init__(self, documents: Documents, choices: Choices) -> None:
        self._choices = choices
        self._values = Values(choices, documents.pools)
        self._variables = Variables(documents.types.schema, choices, self._values)
        self._selections = Selections(
            documents.types, choices, self._values, self._variables, documents.budget
        )
        self._query = documents.types.schema.query_type

    def case(self) -> Case:
        operations = self._operations()
        order = operations[::-1] if self._choices.chance(20) else operations
        tokens = [token for each in order for token in each.tokens]
        fragments = self._selections.fragments()
        tokens = fragments + tokens if self._choices.chance(30) else tokens + fragments
        separators = [" "]
        if self._choices.chance(40):
            separators += [self._choices.pick(_SEPARATORS) for _ in range(5)]
        text, twin = (_joined(tokens, separators, side) for side in (0, 1))
        requests = [self._request(text, operations, operations[0])]
        if twin != text and self._choices.chance(70):
            requests.append(Request(twin, requests[0].variables, requests[0].operation_name))
        if operations[0].part.variables and self._choices.chance(50):
            requests.append(self._request(text, operations, operations[0]))
        requests += [
            self._request(text, operations, each)
            for each in operations[1:]
            if self._choices.chance(70)
        ]
        return Case(tuple(requests))

    def _operations(self) -> list[_Operation]:
        count = self._choices.pick((1, 1, 1, 1, 1, 1, 2, 3))
        anonymous = count == 1 and self._choices.chance(50)
        return [self._operation(None if anonymous else _NAMES[n]) for n in range(count)]

    def _operation(self, name: str | None) -> _Operation:
        assert self._query is not None
        part, selected = self._selections.root(self._query)
        if self._choices.chance(3):
            selected = [*selected[:-1], *self._choices.pick(_INTROSPECTIONS), "}"]
        declared = self._variables.declarations(part.variables)
        if name is None and not declared and self._choices.chance(60):
            return _Operation(None, part, selected)
        head: list[Token] = ["query"] if name is None else ["query", name]
        return _Operation(name, part, [*head, *declared, *selected])

    def _request(self, text: str, all_of_them: list[_Operation], one: _Operation) -> Request:
        given = self._variables.given(one.part.variables)
        named = len(all_of_them) > 1 or self._choices.chance(30)
        return Request(text, given, one.name if named else None)


def _joined(tokens: list[Token], separators: list[str], side: int) -> str:
    """The document, or its twin."""
    pieces = []
    for number, token in enumerate(tokens):
        pieces.append(token[side] if isinstance(token, Twin) else token)
        pieces.append(separators[number % len(separators)])
    return "".join(pieces)
