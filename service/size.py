"""How much a GraphQL document asks for once its fragments are spread out. Pure.

Fragments make a few lines stand for any number of fields (CVE-2026-47707), so spreading stops
at a budget: a document over it is too large, whatever its exact size.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

_INTROSPECTION = ("__schema", "__type")


@dataclass(frozen=True, slots=True)
class Size:
    """Summed over all operations; the depths are the deepest of any."""

    depth: int = 0
    introspection_depth: int = 0
    aliases: int = 0
    fields: int = 0
    # Pairs of fields with one name in one place: validation compares each with each.
    pairs: int = 0


def measure(document: DocumentNode, budget: int) -> Size | None:
    """The size, or None when more than `budget` fields and fragments were met."""
    walk = _Walk(
        {
            each.name.value: each.selection_set
            for each in document.definitions
            if isinstance(each, FragmentDefinitionNode)
        },
        budget,
    )
    for number, each in enumerate(document.definitions):
        if isinstance(each, OperationDefinitionNode):
            walk.visit(_Step(each.selection_set, place=-1 - number))
    if walk.steps > budget:
        return None
    return Size(walk.depth, walk.introspection_depth, walk.aliases, walk.fields, walk.pairs)


@dataclass(frozen=True, slots=True)
class _Step:
    """A set of selections still to visit, and where in the answer it stands."""

    selections: SelectionSetNode
    place: int
    depth: int = 0
    in_schema: bool = False
    within: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Walk:
    """Visits without recursion: the deepest document must not be the one that fails."""

    fragments: Mapping[str, SelectionSetNode]
    budget: int
    steps: int = 0
    depth: int = 0
    introspection_depth: int = 0
    aliases: int = 0
    fields: int = 0
    pairs: int = 0
    _places: dict[tuple[int, str], int] = field(default_factory=dict)
    _times: dict[int, int] = field(default_factory=dict)

    def visit(self, first: _Step) -> None:
        waiting = [first]
        while waiting and self.steps <= self.budget:
            step = waiting.pop()
            for selection in step.selections.selections:
                self.steps += 1
                if isinstance(selection, FieldNode):
                    found = self._field(selection, step)
                elif isinstance(selection, InlineFragmentNode):
                    found = _Step(
                        selection.selection_set,
                        step.place,
                        step.depth,
                        step.in_schema,
                        step.within,
                    )
                elif isinstance(selection, FragmentSpreadNode):
                    found = self._spread(selection.name.value, step)
                else:
                    continue
                if found is not None:
                    waiting.append(found)

    def _field(self, node: FieldNode, step: _Step) -> _Step | None:
        name = node.name.value if node.alias is None else node.alias.value
        place = self._places.setdefault((step.place, name), len(self._places))
        times = self._times.get(place, 0)
        self._times[place] = times + 1
        self.pairs += times
        self.fields += 1
        self.aliases += node.alias is not None
        in_schema = step.in_schema or node.name.value in _INTROSPECTION
        depth = step.depth + 1
        if in_schema:
            self.introspection_depth = max(self.introspection_depth, depth)
        else:
            self.depth = max(self.depth, depth)
        if node.selection_set is None:
            return None
        return _Step(node.selection_set, place, depth, in_schema, step.within)

    def _spread(self, name: str, step: _Step) -> _Step | None:
        """What a fragment holds; one inside itself is left to validation to refuse."""
        held = self.fragments.get(name)
        if held is None or name in step.within:
            return None
        return _Step(held, step.place, step.depth, step.in_schema, step.within | {name})
