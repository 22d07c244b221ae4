"""Variables of an operation, coerced quickly where they are what they should be.

Whatever is not plainly right is left to graphql-core, which says what is wrong with it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from graphql import (
    GraphQLError,
    GraphQLSchema,
    ListTypeNode,
    NamedTypeNode,
    NonNullTypeNode,
    TypeNode,
    VariableDefinitionNode,
    get_variable_values,
)

_MOST, _LEAST = 2**31 - 1, -(2**31)
_MOST_ERRORS = 20

IsRight: TypeAlias = Callable[[Any], bool]


class Variables:
    """The variables that an operation declares."""

    def __init__(
        self, schema: GraphQLSchema, definitions: Sequence[VariableDefinitionNode]
    ) -> None:
        self._schema = schema
        self._definitions = definitions
        self._quick = [
            (each.variable.name.value, check)
            for each in definitions
            if each.default_value is None and (check := _check(each.type)) is not None
        ]
        self._all_quick = len(self._quick) == len(definitions)

    def coerced(self, given: Mapping[str, Any]) -> dict[str, Any] | list[GraphQLError]:
        """Values by name, or everything that is wrong with them."""
        if not self._definitions:
            return {}
        if self._all_quick:
            values = {}
            for name, is_right in self._quick:
                value = given.get(name)
                if not is_right(value):
                    break
                values[name] = value
            else:
                return values
        found = get_variable_values(self._schema, self._definitions, dict(given), _MOST_ERRORS)
        return found if isinstance(found, list) else found.coerced


def _check(declared: TypeNode) -> IsRight | None:
    """Whether a value needs no coercion; None for types where that cannot be told quickly."""
    if isinstance(declared, NonNullTypeNode):
        declared = declared.type
    if isinstance(declared, NamedTypeNode):
        return _CHECKS.get(declared.name.value)
    assert isinstance(declared, ListTypeNode)
    item = _check(declared.type)
    if item is None:
        return None
    check = item
    return lambda value: type(value) is list and all(map(check, value))


def _is_string(value: Any) -> bool:
    return type(value) is str


def _is_int(value: Any) -> bool:
    return type(value) is int and _LEAST <= value <= _MOST


def _is_float(value: Any) -> bool:
    return type(value) is float


def _is_boolean(value: Any) -> bool:
    return type(value) is bool


_CHECKS: dict[str, IsRight] = {
    "String": _is_string,
    "ID": _is_string,
    "Int": _is_int,
    "Float": _is_float,
    "Boolean": _is_boolean,
}
