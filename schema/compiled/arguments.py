"""The arguments of a field as its resolver gets them, worked out once a request.

What no variable is in is worked out when the document is planned. A variable that is an argument by
itself, or an item of a list of texts or numbers, is handed on; the rest is left to graphql-core and
Strawberry.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    ListValueNode,
    Node,
    ValueNode,
    VariableNode,
    get_argument_values,
)
from graphql.execution.values import VariableValues
from strawberry.schema.config import StrawberryConfig
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField

Variables: TypeAlias = Mapping[str, Any]
Reader: TypeAlias = Callable[[Variables], Any]
_PLAIN = frozenset({"String", "ID", "Int", "Float", "Boolean"})


class Unread(Exception):
    """A value that the quick way cannot tell."""


class Arguments:
    """How to work out the arguments of one field."""

    def __init__(
        self,
        declared: GraphQLField,
        node: FieldNode,
        field: StrawberryField,
        config: StrawberryConfig,
        scalars: Mapping[object, Any],
    ) -> None:
        self._declared = declared
        self._node = node
        self._field = field
        self._config = config
        self._scalars = scalars
        self.names = frozenset(name for each in node.arguments or () for name in variables_in(each))
        """Variables that decide what the arguments are."""
        self.constant = not self.names
        self._kept: dict[str, Any] | None = None
        """What no variable is in, worked out when it is first asked for."""
        self._alone: list[tuple[str, str, bool]] = []
        """Arguments that are a plain variable: by Python name, and whether one must be given."""
        self._readers = self._quick()

    def __call__(self, variables: Variables) -> dict[str, Any]:
        """By Python name; raises what is wrong with them."""
        if self.constant:
            if self._kept is None:
                self._kept = self._thorough(self._declared, self._node, variables)
            return self._kept
        if self._readers is not None:
            if self._kept is None:
                self._kept = self._constants(variables)
            found = self._kept.copy()
            try:
                for name, variable, required in self._alone:
                    value = variables.get(variable)
                    if value is None and (required or variable not in variables):
                        raise Unread
                    found[name] = value
                for name, read in self._readers:
                    found[name] = read(variables)
            except Unread:
                pass
            else:
                return found
        return self._thorough(self._declared, self._node, variables)

    def _thorough(
        self, declared: GraphQLField, node: FieldNode, variables: Variables
    ) -> dict[str, Any]:
        values = get_argument_values(declared, node, VariableValues({}, dict(variables)))
        return convert_arguments(
            values, self._field.arguments, scalar_registry=self._scalars, config=self._config
        )

    def _constants(self, variables: Variables) -> dict[str, Any]:
        given = [each for each in self._node.arguments or () if not any(variables_in(each))]
        varying = {each.name.value for each in self._node.arguments or () if each not in given}
        declared = GraphQLField(
            self._declared.type,
            args={k: each for k, each in self._declared.args.items() if k not in varying},
        )
        node = FieldNode(name=self._node.name, arguments=tuple(given), loc=self._node.loc)
        return self._thorough(declared, node, variables)

    def _quick(self) -> list[tuple[str, Reader]] | None:
        """A reader for each other argument with a variable in it, where all of them are plain."""
        names = {
            self._config.name_converter.from_argument(each): each.python_name
            for each in self._field.arguments
        }
        readers = []
        for each in self._node.arguments or ():
            if any(variables_in(each)):
                name = each.name.value
                declared = self._declared.args[name].type
                read = _reader(each.value, declared)
                if read is None:
                    return None
                if isinstance(each.value, VariableNode):
                    required = isinstance(declared, GraphQLNonNull)
                    self._alone.append((names[name], each.value.name.value, required))
                else:
                    readers.append((names[name], read))
        return readers


def variables_in(node: Node) -> Iterator[str]:
    """Names of the variables in a value, however deep."""
    if isinstance(node, VariableNode):
        yield node.name.value
        return
    for key in node.keys:
        child = getattr(node, key, None)
        for each in child if isinstance(child, list | tuple) else (child,):
            if isinstance(each, Node):
                yield from variables_in(each)


def _reader(value: ValueNode, declared: GraphQLInputType) -> Reader | None:
    required = isinstance(declared, GraphQLNonNull)
    inner = declared.of_type if isinstance(declared, GraphQLNonNull) else declared
    if isinstance(value, VariableNode):
        return _variable(value.name.value, required) if _is_plain(inner) else None
    if isinstance(value, ListValueNode) and isinstance(inner, GraphQLList):
        readers = [_reader(each, inner.of_type) for each in value.values]
        if None in readers:
            return None
        return lambda variables: [read(variables) for read in readers if read is not None]
    return None


def _variable(name: str, required: bool) -> Reader:
    def read(variables: Variables) -> Any:
        value = variables.get(name)
        if value is None and (required or name not in variables):
            raise Unread
        return value

    return read


def _is_plain(declared: GraphQLInputType) -> bool:
    """Whether Strawberry hands values of a type on as they are."""
    while isinstance(declared, GraphQLList | GraphQLNonNull):
        declared = declared.of_type
    return getattr(declared, "name", None) in _PLAIN
