"""One operation of a document, planned: for every way that its conditions can turn out, a plan."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLSchema,
    NamedTypeNode,
    NonNullTypeNode,
    OperationDefinitionNode,
    VariableDefinitionNode,
)

from db.core.bounded import Bounded
from schema.compiled.compiler import Compiler, conditions
from schema.compiled.plan import Plan
from schema.compiled.run import NotCovered
from schema.compiled.size import size_of
from schema.compiled.variables import Variables

_LONGEST_ENUM = 40
_UNSIZED = frozenset({"String", "ID", "Boolean", "Float"})
_MOST_PLANS = 4
"""Plans of one operation: its conditions may turn out in twice as many ways with each variable."""


class Operation:
    """Plans an operation when it is first run."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        holes: Sequence[int] = (),
    ) -> None:
        self._schema = schema
        self.document = document
        self.syntax = operation
        self.size = size_of(document, operation)
        """What is asked for at most, whichever of the plans is run."""
        self._conditions = sorted(conditions(document))
        self._plans: Bounded[tuple[Any, ...], Plan | None] = Bounded(_MOST_PLANS)
        definitions = operation.variable_definitions or ()
        self.sized = [*_sized(definitions), *map(str, holes)]
        """Variables that may decide the price."""
        self.sized_by_variables = len(self.sized) > len(holes)
        """Whether not only literals that were lifted out may."""
        self.variables = Variables(schema, definitions)

    def merges_arguments(self) -> bool:
        """Whether fields with arguments are one in the answer: then their values must be equal."""
        compiler = Compiler(self._schema, self.document, None)
        compiler.plan(self.syntax)
        return compiler.merges_arguments

    def sizes(self, variables: Mapping[str, Any]) -> tuple[object, ...]:
        """What may decide the price among variables: numbers, lengths of lists, enums."""
        return tuple([_size(variables.get(name)) for name in self.sized])

    def plan(self, variables: Mapping[str, Any]) -> Plan:
        """The plan for these variables; NotCovered for what graphql-core must run."""
        names = self._conditions
        given = tuple([variables.get(name) for name in names]) if names else ()
        found = self._plans.get(given)
        if found is None and given not in self._plans.held:
            found = self._planned(given)
        if found is None:
            raise NotCovered
        return found

    def _planned(self, given: tuple[Any, ...]) -> Plan | None:
        """A plan, or None where there can be none; either is kept."""
        plan = None
        if all(isinstance(each, bool) for each in given):
            values = dict(zip(self._conditions, given, strict=True))
            with suppress(NotCovered):
                plan = Compiler(self._schema, self.document, values).plan(self.syntax)
        self._plans.keep(given, plan)
        return plan


def _sized(definitions: Sequence[VariableDefinitionNode]) -> Iterator[str]:
    for each in definitions:
        declared = each.type.type if isinstance(each.type, NonNullTypeNode) else each.type
        if not isinstance(declared, NamedTypeNode) or declared.name.value not in _UNSIZED:
            yield each.variable.name.value


def _size(value: object) -> object:
    if isinstance(value, list):
        return len(value)
    if isinstance(value, str):
        return value if len(value) <= _LONGEST_ENUM else None
    return value if isinstance(value, int) else None
