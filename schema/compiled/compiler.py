"""From a valid document to a plan: fields by type, fragments spread, conditions applied."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import strawberry
from graphql import (
    BooleanValueNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLAbstractType,
    GraphQLInterfaceType,
    GraphQLLeafType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    GraphQLUnionType,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
    is_leaf_type,
)
from strawberry.types.field import StrawberryField

from schema.compiled.answer import Answer, Leaf
from schema.compiled.arguments import Arguments
from schema.compiled.field import Field, TypeName
from schema.compiled.lists import ListOf
from schema.compiled.objects import Object
from schema.compiled.plan import Plan, Selection
from schema.compiled.run import NotCovered

_DEFINITION = "strawberry-definition"
_MOST_SELECTIONS = 1000
"""Fields merged along ever other types multiply with every level: such plans are not made."""
Conditions = Mapping[str, bool] | None
"""Values of the variables that decide what is included; None: all is included."""


class Compiler:
    """Plans one operation of one document."""

    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, conditions: Conditions
    ) -> None:
        self._schema = schema
        self._conditions = conditions
        self._fragments = {
            each.name.value: each
            for each in document.definitions
            if isinstance(each, FragmentDefinitionNode)
        }
        owner = schema.extensions[_DEFINITION]
        assert isinstance(owner, strawberry.Schema)
        self._config = owner.config
        self._scalars = owner.schema_converter.scalar_registry
        self._selections: dict[tuple[str, tuple[int, ...]], Selection] = {}
        self._planned = 0
        self.merges_arguments = False
        """Whether fields with arguments are one in the answer: then their values must be equal."""

    def plan(self, operation: OperationDefinitionNode) -> Plan:
        """The plan; NotCovered for what graphql-core must run."""
        query = self._schema.query_type
        if operation.operation is not OperationType.QUERY or query is None:
            raise NotCovered
        return Plan(self._selection([operation.selection_set], query.name))

    def _selection(self, sets: Sequence[SelectionSetNode], type_name: str) -> Selection:
        # Objects of a type that are asked for the same share what is planned for them, which
        # also keeps a chain of interfaces from growing with every type at every level.
        key = (type_name, tuple(id(each) for each in sets))
        found = self._selections.get(key)
        if found is None:
            self._planned += 1
            if self._planned > _MOST_SELECTIONS:
                raise NotCovered
            declared = self._schema.type_map[type_name]
            assert isinstance(declared, GraphQLObjectType)
            collected: dict[str, list[FieldNode]] = {}
            seen: set[str] = set()
            for each in sets:
                self._collect(each, declared, collected, seen)
            found = self._selections[key] = Selection(
                [self._field(declared, key, nodes) for key, nodes in collected.items()]
            )
        return found

    def _collect(
        self,
        selections: SelectionSetNode,
        declared: GraphQLObjectType,
        collected: dict[str, list[FieldNode]],
        seen: set[str],
    ) -> None:
        for node in selections.selections:
            if not self._included(node.directives or ()):
                continue
            if isinstance(node, FieldNode):
                name = node.alias or node.name
                collected.setdefault(name.value, []).append(node)
                continue
            fragment: FragmentDefinitionNode | InlineFragmentNode
            if isinstance(node, FragmentSpreadNode):
                if node.name.value in seen:
                    continue
                seen.add(node.name.value)
                fragment = self._fragments[node.name.value]
            else:
                assert isinstance(node, InlineFragmentNode)
                fragment = node
            if self._applies(fragment, declared):
                self._collect(fragment.selection_set, declared, collected, seen)

    def _applies(
        self, fragment: FragmentDefinitionNode | InlineFragmentNode, declared: GraphQLObjectType
    ) -> bool:
        if fragment.type_condition is None:
            return True
        wanted = self._schema.type_map[fragment.type_condition.name.value]
        if isinstance(wanted, GraphQLInterfaceType | GraphQLUnionType):
            return self._schema.is_sub_type(wanted, declared)
        return wanted is declared

    def _included(self, directives: Sequence[DirectiveNode]) -> bool:
        for each in directives if self._conditions is not None else ():
            if each.name.value in ("skip", "include"):
                assert each.arguments
                value = each.arguments[0].value
                if isinstance(value, BooleanValueNode):
                    holds = value.value
                else:
                    assert isinstance(value, VariableNode)
                    holds = (self._conditions or {})[value.name.value]
                if holds is (each.name.value == "skip"):
                    return False
        return True

    def _field(
        self, parent: GraphQLObjectType, key: str, nodes: Sequence[FieldNode]
    ) -> Field | TypeName:
        name = nodes[0].name.value
        if name == "__typename":
            return TypeName(key, parent.name)
        if name.startswith("__"):
            raise NotCovered
        declared = parent.fields[name]
        source = declared.extensions.get(_DEFINITION)
        if not isinstance(source, StrawberryField):
            raise NotCovered
        if len(nodes) > 1 and nodes[0].arguments:
            self.merges_arguments = True
        arguments = None
        if declared.args:
            arguments = Arguments(declared, nodes[0], source, self._config, self._scalars)
        answer = self._answer(declared.type, f"{parent.name}.{name}", nodes)
        return Field(key, nodes, source, arguments, answer)

    def _answer(self, declared: GraphQLOutputType, name: str, nodes: Sequence[FieldNode]) -> Answer:
        nullable = not isinstance(declared, GraphQLNonNull)
        inner: Any = declared.of_type if isinstance(declared, GraphQLNonNull) else declared
        if isinstance(inner, GraphQLList):
            item = self._answer(inner.of_type, name, nodes)
            return ListOf(item, name, nodes, nullable=nullable)
        if is_leaf_type(inner):
            leaf: GraphQLLeafType = inner
            return Leaf(leaf, name, nodes, nullable=nullable)
        sets = [node.selection_set for node in nodes if node.selection_set is not None]
        found = Object(inner, partial(self._selection, sets), name, nodes, nullable=nullable)
        # Planned now and not when it is first met: what is not covered must be known before.
        possible = [inner] if isinstance(inner, GraphQLObjectType) else self._possible(inner)
        for each in possible:
            found.selection(each.name)
        return found

    def _possible(self, declared: GraphQLAbstractType) -> Sequence[GraphQLObjectType]:
        return self._schema.get_possible_types(declared)


def conditions(document: DocumentNode) -> set[str]:
    """Names of the variables that decide what is included."""
    return {
        argument.value.name.value
        for node in _directives(document)
        if node.name.value in ("skip", "include")
        for argument in node.arguments or ()
        if isinstance(argument.value, VariableNode)
    }


def _directives(node: Any) -> Iterator[DirectiveNode]:
    yield from getattr(node, "directives", None) or ()
    for name in ("definitions", "selections"):
        for child in getattr(node, name, None) or ():
            yield from _directives(child)
    if getattr(node, "selection_set", None) is not None:
        yield from _directives(node.selection_set)
