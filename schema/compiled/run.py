"""One run of a plan: what it reads from, what went wrong, and what was not at hand."""

from collections.abc import Mapping, Sequence
from typing import Any

from graphql import FieldNode, GraphQLError, GraphQLSchema
from graphql.error import located_error

from schema.compiled.where import Where


class NotCovered(Exception):
    """Something that graphql-core must run."""


class Info:
    """What a resolver and a type may ask about the run; it holds no more than they need."""

    __slots__ = ("context", "field_name", "schema")

    def __init__(self, schema: GraphQLSchema, context: Any, field_name: str = "") -> None:
        self.schema = schema
        self.context = context
        self.field_name = field_name


class Run(Info):
    """Shared by all fields of one run; for resolvers it is nothing but their `Info`."""

    __slots__ = ("errors", "given", "lacking", "pieces", "variables")

    def __init__(self, schema: GraphQLSchema, context: Any, variables: Mapping[str, Any]) -> None:
        # What `Info` does too: this is made for every request.
        self.schema = schema
        self.context = context
        self.field_name = ""
        self.variables = variables
        self.errors: list[GraphQLError] = []
        self.given: dict[object, dict[str, Any]] = {}
        """Arguments by field, worked out once."""
        self.lacking = False
        """Something was not at hand: the answer is worth nothing, but what is lacking is known."""
        self.pieces: list[str] = []
        """The JSON text of `data` in pieces, once there is one."""

    def fail(self, where: Where, row: int, error: Exception, nodes: Sequence[FieldNode]) -> None:
        self.errors.append(located_error(error, list(nodes), where.path(row)))
