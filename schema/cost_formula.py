"""The price of an operation as a formula, compiled once: each request only fills in its variables.

What no variable decides is added up when the document is planned. What is left is a tree of fields
that multiply: by `first`, by the length of a list, by the detail of a shape.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    ListValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    value_from_ast_untyped,
)

Variables = Mapping[str, Any]
Arguments = Callable[[str], Any]
"""The value of an argument by its name; None where it is not given."""
Size = Callable[[str, Arguments, int | None], tuple[int, int]]
"""Of a field: how often what is below it is answered, and its own rows each time. The number is
that of the units of the composed area that it is asked of; None where it is asked of none."""


class Around(NamedTuple):
    """What a field can mean for the fields below it, however deep."""

    units: Callable[[str, Arguments], int | None]
    """Of a field that is an area made of units: how many; None for other fields."""
    per_unit: frozenset[str]
    """Fields whose length follows from that."""
    within: frozenset[str] = frozenset()
    """Fields that are known by the field around them too, as `parts.indicators`."""


class Price(NamedTuple):
    rows: int
    fields: int


class Formula:
    """The price of one operation, by its variables."""

    def __init__(
        self, document: DocumentNode, operation: OperationDefinitionNode, size: Size, around: Around
    ) -> None:
        fragments = {
            node.name.value: node
            for node in document.definitions
            if isinstance(node, FragmentDefinitionNode)
        }
        self._defaults = {
            node.variable.name.value: value_from_ast_untyped(node.default_value)
            for node in operation.variable_definitions or ()
            if node.default_value is not None
        }
        self._sum = _Compiler(fragments, size, around).sum(operation.selection_set, "")

    def __call__(self, variables: Variables) -> Price:
        return self._sum.price({**self._defaults, **variables}, None, {})


class Sum:
    """What is asked of one object: so much in any case, and parts that variables decide."""

    __slots__ = ("always", "parts")

    def __init__(self) -> None:
        self.always = Price(0, 0)
        self.parts: list[Sum | Times] = []

    def add(self, part: "Sum | Times") -> None:
        if part.is_constant:
            price = part.price({}, None, {})
            self.always = Price(self.always.rows + price.rows, self.always.fields + price.fields)
        else:
            self.parts.append(part)

    @property
    def is_constant(self) -> bool:
        return not self.parts

    def price(self, variables: Variables, units: int | None, known: "Known") -> Price:
        """Costs are linear in how often a selection is answered, so each is worked out once."""
        if not self.parts:
            return self.always
        found = known.get((self, units))
        if found is None:
            rows, fields = self.always
            for part in self.parts:
                price = part.price(variables, units, known)
                rows, fields = rows + price.rows, fields + price.fields
            found = known[self, units] = Price(rows, fields)
        return found


class Times:
    """A field: what is below it, as often as it is answered."""

    __slots__ = ("_arguments", "_inside", "_name", "_size", "_units", "is_constant")

    def __init__(self, name: str, node: FieldNode, inside: Sum, size: Size, around: Around) -> None:
        self._name = name
        self._arguments = {each.name.value: each.value for each in node.arguments or ()}
        self._inside = inside
        self._size = size
        self._units = around.units
        varying = self._name in around.per_unit or any(map(_varies, self._arguments.values()))
        self.is_constant = inside.is_constant and not varying

    def price(self, variables: Variables, units: int | None, known: "Known") -> Price:
        def argument(name: str) -> Any:
            return _value(self._arguments.get(name), variables)

        times, own = self._size(self._name, argument, units)
        below = self._units(self._name, argument)
        inside = self._inside.price(variables, units if below is None else below, known)
        return Price(times * (own + inside.rows), 1 + times * inside.fields)


Known = dict[tuple[Sum, int | None], Price]
"""What selections cost, by the number of units around them."""


class _Compiler:
    def __init__(
        self, fragments: Mapping[str, FragmentDefinitionNode], size: Size, around: Around
    ) -> None:
        self._fragments = fragments
        self._size = size
        self._around = around
        self._known: dict[tuple[str, str], Sum] = {}
        self._parents = {each.partition(".")[0] for each in around.within}

    def sum(self, selections: SelectionSetNode | None, parent: str) -> Sum:
        found = Sum()
        for node in selections.selections if selections else ():
            if isinstance(node, FieldNode):
                found.add(self._times(node, parent))
            elif isinstance(node, FragmentSpreadNode):
                found.add(self._fragment(node.name.value, parent))
            elif isinstance(node, InlineFragmentNode):
                found.add(self.sum(node.selection_set, parent))
        return found

    def _times(self, node: FieldNode, parent: str) -> Times:
        name = node.name.value
        inside = self.sum(node.selection_set, name if name in self._parents else "")
        known = f"{parent}.{name}"
        named = known if known in self._around.within else name
        return Times(named, node, inside, self._size, self._around)

    def _fragment(self, name: str, parent: str) -> Sum:
        # Validation has refused cycles; a fragment counts zero inside itself all the same.
        if (name, parent) not in self._known:
            self._known[name, parent] = Sum()
            found = self._fragments.get(name)
            self._known[name, parent] = self.sum(found.selection_set if found else None, parent)
        return self._known[name, parent]


def _varies(node: ValueNode) -> bool:
    if isinstance(node, ListValueNode):
        return any(map(_varies, node.values))
    return isinstance(node, VariableNode)


def _value(node: ValueNode | None, variables: Variables) -> Any:
    if isinstance(node, VariableNode):
        return variables.get(node.name.value)
    if isinstance(node, ListValueNode):
        return [_value(item, variables) for item in node.values]
    return None if node is None else value_from_ast_untyped(node)
