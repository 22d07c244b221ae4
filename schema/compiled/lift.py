"""Literals taken out of a document, so that documents that differ in a code share a plan.

`wijk(code: "WK034403")` and `wijk(code: "WK036305")` become the same text with a hole, and the
literals become values of that hole. Which values a hole may take is known when the text is planned.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import (
    DirectiveNode,
    DocumentNode,
    FloatValueNode,
    GraphQLInputType,
    GraphQLNonNull,
    GraphQLSchema,
    IntValueNode,
    NameNode,
    StringValueNode,
    TypeInfo,
    TypeInfoVisitor,
    Undefined,
    ValueNode,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    visit,
)
from graphql.utilities import coerce_input_value

# Text without escapes, and numbers that are not part of a name.
_LITERAL = re.compile(
    r'("[^"\\\n\r]*"|(?<![\w$.-])-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,15})?(?![\w.]))'
)
# Where these are, quotes may not be what they seem.
_UNUSUAL = re.compile(r'#|"""|\\')
_MOST, _LEAST = 2**31 - 1, -(2**31)

Coerce: TypeAlias = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Lifted:
    """A document with holes; `key` is the same for all documents that may share a plan."""

    key: str
    parts: list[str]

    @property
    def literals(self) -> list[str]:
        return self.parts[1::2]

    def starts(self) -> list[int]:
        """Where in the document each literal begins."""
        starts, at = [], 0
        for i, part in enumerate(self.parts):
            if i % 2:
                starts.append(at)
            at += len(part)
        return starts


def lift(text: str) -> Lifted | None:
    """The document with holes, None where it has no literal or is written unusually."""
    parts = _LITERAL.split(text)
    if len(parts) == 1 or _UNUSUAL.search(text):
        return None
    kinds = "".join([_kind(each) for each in parts[1::2]])
    return Lifted("\0".join([kinds, *parts[::2]]), parts)


def _kind(literal: str) -> str:
    return "s" if literal[0] == '"' else "f" if "." in literal else "i"


def value_of(literal: str) -> Any:
    """What a literal says, as a variable would hold it."""
    if literal[0] == '"':
        return literal[1:-1]
    return float(literal) if "." in literal else int(literal)


@dataclass(frozen=True, slots=True)
class Holes:
    """The document with a variable in each hole, and how each takes its value."""

    document: DocumentNode
    coerce: Sequence[tuple[str, Coerce]]

    def filled(self, literals: Sequence[str]) -> dict[str, Any] | None:
        """A value for each hole, None where a literal is not one that its hole takes."""
        values = {}
        for (name, coerce), literal in zip(self.coerce, literals, strict=True):
            value = coerce(value_of(literal))
            if value is Undefined:
                return None
            values[name] = value
        return values


def holes(schema: GraphQLSchema, document: DocumentNode, lifted: Lifted) -> Holes | None:
    """The holes of a valid document; None where a literal decides more than a value."""
    finder = _Finder(TypeInfo(schema), lifted.starts())
    changed = visit(document, TypeInfoVisitor(finder.types, finder))
    if finder.fixed or len(finder.found) != len(lifted.literals):
        return None
    return Holes(changed, [(str(i), _coerce(finder.found[i])) for i in range(len(finder.found))])


class _Finder(Visitor):
    """Puts variables in the place of literals. A name that begins with a digit is nobody's."""

    def __init__(self, types: TypeInfo, starts: Sequence[int]) -> None:
        super().__init__()
        self.types = types
        self.found: dict[int, GraphQLInputType] = {}
        self.fixed = False
        self._index = {start: i for i, start in enumerate(starts)}

    def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
        self.fixed = self.fixed or any(
            isinstance(each.value, StringValueNode | IntValueNode | FloatValueNode)
            for each in node.arguments or ()
        )

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: Any) -> None:
        self.fixed = self.fixed or node.default_value is not None

    def enter_string_value(self, node: StringValueNode, *_: Any) -> Any:
        return self._variable(node)

    def enter_int_value(self, node: IntValueNode, *_: Any) -> Any:
        return self._variable(node)

    def enter_float_value(self, node: FloatValueNode, *_: Any) -> Any:
        return self._variable(node)

    def _variable(self, node: ValueNode) -> Any:
        index = None if node.loc is None else self._index.get(node.loc.start)
        declared = self.types.get_input_type()
        if index is None or declared is None:
            self.fixed = True
            return None
        self.found[index] = declared
        return VariableNode(name=NameNode(value=str(index)), loc=node.loc)


def _coerce(declared: GraphQLInputType) -> Coerce:
    named = declared.of_type if isinstance(declared, GraphQLNonNull) else declared
    quick = _QUICK.get(getattr(named, "name", ""))
    return quick or (lambda value: coerce_input_value(value, declared))


def _string(value: Any) -> Any:
    return value if isinstance(value, str) else Undefined


def _int(value: Any) -> Any:
    return value if isinstance(value, int) and _LEAST <= value <= _MOST else Undefined


def _float(value: Any) -> Any:
    return float(value) if isinstance(value, int | float) else Undefined


_QUICK: dict[str, Coerce] = {"String": _string, "Int": _int, "Float": _float}
