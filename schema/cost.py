"""What a document would cost, in rows and in fields of answer, before anything is read. Pure.

A row is an object in a list, a value of an observation or a year of a series; a shape weighs by
its detail. A field is one key of the answer, six microseconds of graphql-core in which nobody else
is answered. Pages multiply down the nesting by what they ask for; lists without a page size count
by the length they are expected to have.
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

MOST_ROWS = 100_000
"""Rows that one request may ask for; more is what the bulk files are for."""

MOST_FIELDS = 200_000
"""Keys of the answer that one request may ask for: a little over a second."""

_YEARS = 20
_PAGE = 100
_PAGES = frozenset(
    {
        "gemeenten", "wijken", "buurten", "children", "publications", "ranking",
        "locationQuotients", "moves",
    }
)  # fmt: skip
_SHAPE = {"OVERVIEW": 1, "MEDIUM": 4, "FULL": 20}
# Lists without a page size: about as long as they are for the Netherlands.
_LENGTHS = {
    "benchmarks": 2, "compared": 20,
    "availability": 30, "breaks": 2, "changes": 10, "focusAreas": 25, "indicators": 400, "lists": 3,
    "loads": 60, "members": 100, "memberships": 2, "missingCodes": 1, "municipalityGroups": 5,
    "parts": 6, "points": _YEARS, "programmes": 5, "sensitivity": 3, "sources": 15,
    "stackingDefinitions": 5,
    "fundingStreams": 10, "amounts": 2, "statements": 10, "findings": 3,
    "compositions": 2, "added": 10, "absent": 10,
    "ending": 10, "continuing": 10, "endNotStated": 10,
    "asBad": 1, "differences": 20, "domains": 6, "nearest": 1, "notJudgedAreas": 2, "notUsed": 1,
    "problems": 1, "profile": 1, "used": 1,
    "was": 2, "became": 2, "uses": 3, "predecessors": 2, "successors": 2,
    "blockedBy": 1, "provenances": 2,
    "absenceRules": 25, "comparison": 2, "notDrawn": 2, "omitted": 2,
    "units": 10,
    "curve": 200, "cannotBeSaid": 1, "no": 1, "yes": 1,
}  # fmt: skip
# Thirds of the areas of the country and of a large gemeente, by level.
_COUNTRY = {"GEMEENTE": 115, "WIJK": 1150, "BUURT": 4900}
_GEMEENTE = {"WIJK": 15, "BUURT": 70}
# What is below these is answered at most so often as their `first` says, or as without it.
_FIRST = {"areasAsBadAs": 100, "comparable": 10}
Arguments = Callable[[str], Any]


class Price(NamedTuple):
    rows: int
    fields: int


def price(
    document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any]
) -> Price:
    """How many rows and fields the operation's answer may have."""
    fragments = {
        node.name.value: node
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    defaults = {
        node.variable.name.value: value_from_ast_untyped(node.default_value)
        for node in operation.variable_definitions or ()
        if node.default_value is not None
    }
    return _Count(fragments, {**defaults, **variables}).of(operation.selection_set)


class _Count:
    """Costs are linear in how often a selection is answered, so each is worked out once."""

    def __init__(
        self, fragments: Mapping[str, FragmentDefinitionNode], variables: Mapping[str, Any]
    ) -> None:
        self._fragments = fragments
        self._variables = variables
        self._known: dict[str, Price] = {}

    def of(self, selections: SelectionSetNode | None) -> Price:
        rows = fields = 0
        for node in selections.selections if selections else ():
            if isinstance(node, FieldNode):
                part = self._field(node)
            elif isinstance(node, FragmentSpreadNode):
                part = self._fragment(node.name.value)
            elif isinstance(node, InlineFragmentNode):
                part = self.of(node.selection_set)
            rows, fields = rows + part.rows, fields + part.fields
        return Price(rows, fields)

    def _fragment(self, name: str) -> Price:
        # Validation has refused cycles; a fragment counts zero inside itself all the same.
        if name not in self._known:
            self._known[name] = Price(0, 0)
            found = self._fragments.get(name)
            self._known[name] = self.of(found.selection_set if found else None)
        return self._known[name]

    def _field(self, node: FieldNode) -> Price:
        given = {argument.name.value: argument.value for argument in node.arguments or ()}
        times, own = _size(node.name.value, lambda name: self._value(given.get(name)))
        inside = self.of(node.selection_set)
        return Price(times * (own + inside.rows), 1 + times * inside.fields)

    def _value(self, node: ValueNode | None) -> Any:
        if isinstance(node, VariableNode):
            return self._variables.get(node.name.value)
        if isinstance(node, ListValueNode):
            return [self._value(item) for item in node.values]
        return None if node is None else value_from_ast_untyped(node)


def _size(field: str, argument: Arguments) -> tuple[int, int]:
    """How often what is below a field is answered, and the rows of the field itself each time."""
    if field in _PAGES:
        asked = argument("first") if argument("first") is not None else argument("last")
        return max(asked if isinstance(asked, int) else _PAGE, 1), 1
    if field in _FIRST:
        asked = argument("first")
        return max(asked if isinstance(asked, int) else _FIRST[field], 1), 1
    if field == "observations":
        return _length(argument("indicators")), 1
    if field == "series":
        return _length(argument("indicators")), _YEARS
    if field == "benchmarks":
        return _length(argument("against") or ["GEMEENTE", "NATIONAL"]), 1
    if field == "worseAndWorsening":
        return _length(argument("indicators")) * _judged(argument), 1
    if field == "nodes" and argument("ids") is not None:
        return _length(argument("ids")), 1
    if field == "search":
        asked = argument("limit")
        return max(asked if isinstance(asked, int) else 20, 1), 1
    if field == "locate":
        return _length(argument("points")), 1
    if field == "composedArea":
        return 1, _length(argument("codes"))
    if field == "geometry":
        return 1, _SHAPE.get(str(argument("detail") or "OVERVIEW"), 1)
    if field in _LENGTHS:
        return _LENGTHS[field], 1 if field != "points" else 0
    return 1, 0


def _judged(argument: Arguments) -> int:
    """A third of the areas: each of them is in one of three lists."""
    country = str(argument("within")).strip().startswith("NL")
    areas = _COUNTRY if country else _GEMEENTE
    return areas.get(str(argument("level")), 1)


def _length(items: Any) -> int:
    return max(len(items), 1) if isinstance(items, list) else 1
