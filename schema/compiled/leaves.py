"""JSON texts of scalars and enums, a whole column at a time.

Values of the expected Python type are written at once; whatever else a resolver gives is left to
the GraphQL type, value by value.
"""

from collections.abc import Callable, Sequence
from json import encoder
from math import isfinite
from typing import Any, TypeAlias

import orjson
from graphql import GraphQLEnumType, GraphQLLeafType, Undefined
from graphql.pyutils import inspect

Column: TypeAlias = Callable[[Sequence[Any]], "list[str] | None"]
"""Texts of values that are all of the expected type; None when they are not."""

_MOST, _LEAST = 2**31 - 1, -(2**31)
# The C function behind json.dumps for text: JSON as orjson writes it, in half the time.
_text: Callable[[str], str] = encoder.encode_basestring


def written(value: object) -> str:
    """JSON of a value that is ready to be written."""
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()


def one(leaf: GraphQLLeafType, value: object) -> str:
    """The JSON text of one value, or what the type raises of it."""
    coerced = leaf.coerce_output_value(value)
    if coerced is Undefined or coerced is None:
        raise TypeError(
            f"Expected `{inspect(leaf)}.coerce_output_value({inspect(value)})` to return "
            f"non-nullable value, returned: {inspect(coerced)}"
        )
    return written(coerced)


def column(leaf: GraphQLLeafType) -> Column:
    """How to write a column of a type."""
    if isinstance(leaf, GraphQLEnumType):
        return _enum(leaf)
    return _BUILT_IN.get(leaf.name, lambda values: None)


def _enum(leaf: GraphQLEnumType) -> Column:
    texts: dict[Any, str] = {}

    def write(values: Sequence[Any]) -> list[str] | None:
        try:
            return [texts[value] for value in values]
        except (KeyError, TypeError):
            pass
        try:
            # An enum has few members; what is none of them raises here, and below says why.
            for value in values:
                texts[value] = one(leaf, value)
        except Exception:
            return None
        return [texts[value] for value in values]

    return write


def _strings(values: Sequence[Any]) -> list[str] | None:
    return list(map(_text, values)) if set(map(type, values)) == {str} else None


def _booleans(values: Sequence[Any]) -> list[str] | None:
    if set(map(type, values)) != {bool}:
        return None
    return ["true" if value else "false" for value in values]


def _ints(values: Sequence[Any]) -> list[str] | None:
    if set(map(type, values)) != {int} or max(values) > _MOST or min(values) < _LEAST:
        return None
    return list(map(str, values))


def _floats(values: Sequence[Any]) -> list[str] | None:
    if set(map(type, values)) != {float} or not all(map(isfinite, values)):
        return None
    return orjson.dumps(values).decode()[1:-1].split(",")


_BUILT_IN: dict[str, Column] = {
    "String": _strings,
    "ID": _strings,
    "Boolean": _booleans,
    "Int": _ints,
    "Float": _floats,
}
