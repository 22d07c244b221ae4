"""How much an operation asks for: its levels, its names of its own and its fields.

Told when the operation is planned, and kept with it. Every condition is taken to hold and every
type to be met, so that the size is the same for each of the operation's plans and for graphql-core,
which runs what has none. A fragment is counted where it is spread, and worked out once.
"""

from collections.abc import Mapping
from typing import NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

_INTROSPECTION = ("__schema", "__type")


class Size(NamedTuple):
    """What one question asks for, its fragments spread out."""

    depth: int = 0
    """Fields inside each other, introspection left out: that has a bound of its own."""
    aliases: int = 0
    fields: int = 0


def size_of(document: DocumentNode, operation: OperationDefinitionNode) -> Size:
    """The size of one operation of a valid document."""
    fragments = {
        each.name.value: each.selection_set
        for each in document.definitions
        if isinstance(each, FragmentDefinitionNode)
    }
    return _Sizes(fragments).of(operation.selection_set)


class _Sizes:
    def __init__(self, fragments: Mapping[str, SelectionSetNode]) -> None:
        self._fragments = fragments
        self._known: dict[str, Size] = {}

    def of(self, selections: SelectionSetNode | None) -> Size:
        depth = aliases = fields = 0
        for node in selections.selections if selections else ():
            found = self._selection(node)
            depth = max(depth, found.depth)
            aliases += found.aliases
            fields += found.fields
        return Size(depth, aliases, fields)

    def _selection(self, node: SelectionNode) -> Size:
        if isinstance(node, FragmentSpreadNode):
            return self._fragment(node.name.value)
        if isinstance(node, InlineFragmentNode):
            return self.of(node.selection_set)
        assert isinstance(node, FieldNode)
        inside = self.of(node.selection_set)
        depth = 0 if node.name.value in _INTROSPECTION else 1 + inside.depth
        return Size(depth, (node.alias is not None) + inside.aliases, 1 + inside.fields)

    def _fragment(self, name: str) -> Size:
        found = self._known.get(name)
        if found is None:
            found = self._known[name] = self.of(self._fragments[name])
        return found
