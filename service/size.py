"""What validating a GraphQL document would cost, its fragments spread out. Pure.

Fragments make a few lines stand for any number of fields (CVE-2026-47707), so spreading stops
at a budget: a document over it is too large, whatever its exact size. How much a valid question
asks for is told by its plan (`schema/compiled/size.py`).
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
    print_ast,
)

_INTROSPECTION = ("__schema", "__type")


@dataclass(frozen=True, slots=True)
class Size:
    """Pairs are summed over all operations; the rest is the deepest of any."""

    # Fields and fragments inside each other: validation recurses once for each, or more.
    levels: int = 0
    introspection_depth: int = 0
    # Pairs of fields with one name in one place: validation compares each with each. One whose
    # fields hold others, or are not the same, counts for five.
    pairs: int = 0


_DEAR = 5


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
    return Size(walk.levels, walk.introspection_depth, walk.pairs)


@dataclass(frozen=True, slots=True)
class _Step:
    """A set of selections still to visit, and where in the answer it stands."""

    selections: SelectionSetNode
    place: int
    levels: int = 0
    depth: int = 0
    in_schema: bool = False
    within: frozenset[str] = frozenset()

    def fragment(self, selections: SelectionSetNode, within: frozenset[str]) -> "_Step":
        """What a fragment holds, in the place where it is spread."""
        return _Step(selections, self.place, self.levels + 1, self.depth, self.in_schema, within)


@dataclass(slots=True)
class _Walk:
    """Visits without recursion: the deepest document must not be the one that fails."""

    fragments: Mapping[str, SelectionSetNode]
    budget: int
    steps: int = 0
    levels: int = 0
    introspection_depth: int = 0
    pairs: int = 0
    _places: dict[tuple[int, str], int] = field(default_factory=dict)
    _times: dict[int, int] = field(default_factory=dict)
    _first: dict[int, FieldNode] = field(default_factory=dict)

    def visit(self, first: _Step) -> None:
        waiting = [first]
        while waiting and self.steps <= self.budget:
            step = waiting.pop()
            self.levels = max(self.levels, step.levels)
            for selection in step.selections.selections:
                self.steps += 1
                if isinstance(selection, FieldNode):
                    found = self._field(selection, step)
                elif isinstance(selection, InlineFragmentNode):
                    found = step.fragment(selection.selection_set, step.within)
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
        first = self._first.setdefault(place, node)
        is_cheap = times == 0 or (node.selection_set is None and _same(first, node))
        self.pairs += times if is_cheap else _DEAR * times
        in_schema = step.in_schema or node.name.value in _INTROSPECTION
        depth = step.depth + 1
        if in_schema:
            self.introspection_depth = max(self.introspection_depth, depth)
        if node.selection_set is None:
            return None
        return _Step(node.selection_set, place, step.levels + 1, depth, in_schema, step.within)

    def _spread(self, name: str, step: _Step) -> _Step | None:
        """What a fragment holds; one inside itself is left to validation to refuse."""
        held = self.fragments.get(name)
        if held is None or name in step.within:
            return None
        return step.fragment(held, step.within | {name})


def _same(one: FieldNode, other: FieldNode) -> bool:
    """Whether one field is asked twice with one spelling of its arguments."""
    return one.name.value == other.name.value and _arguments(one) == _arguments(other)


def _arguments(node: FieldNode) -> list[str]:
    return [print_ast(each) for each in node.arguments or ()]
