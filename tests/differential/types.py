"""What a generator must know of a schema: which types can meet in one place of an answer."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_leaf_type,
)
from graphql.utilities.type_comparators import do_types_overlap

Composite = GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType


class Types:
    """The composite types of a schema, and their families.

    Types that can be asked for in one place of an answer are of one family: there one key must
    mean one thing, whichever of them the object turns out to be.
    """

    def __init__(self, schema: GraphQLSchema) -> None:
        self.schema = schema
        self._overlapping: dict[str, Sequence[Composite]] = {}

    @cached_property
    def composites(self) -> Sequence[Composite]:
        return [
            each
            for name, each in self.schema.type_map.items()
            if is_composite_type(each) and not name.startswith("__")
        ]

    @cached_property
    def _families(self) -> dict[str, str]:
        families = {each.name: each.name for each in self.composites}
        for abstract in filter(is_abstract_type, self.composites):
            for possible in self.schema.get_possible_types(abstract):
                old, new = families[possible.name], families[abstract.name]
                families = {k: new if v == old else v for k, v in families.items()}
        return families

    def family(self, kind: Composite) -> str:
        return self._families[kind.name]

    def overlapping(self, kind: Composite) -> Sequence[Composite]:
        """Types that a fragment may be on where an object of `kind` is asked for."""
        if kind.name not in self._overlapping:
            self._overlapping[kind.name] = [
                each for each in self.composites if do_types_overlap(self.schema, kind, each)
            ]
        return self._overlapping[kind.name]

    def shape(self, field: GraphQLField) -> str:
        """What two fields under one key must have in common, as text."""
        named: Any = get_named_type(field.type)
        meant = named.name if is_leaf_type(named) else f"<{self.family(named)}>"
        arguments = ", ".join(f"{name}: {each.type}" for name, each in field.args.items())
        return f"({arguments}) {_wrapped(field.type, meant)}"


def _wrapped(kind: Any, name: str) -> str:
    if isinstance(kind, GraphQLNonNull):
        return _wrapped(kind.of_type, name) + "!"
    if isinstance(kind, GraphQLList):
        return f"[{_wrapped(kind.of_type, name)}]"
    return name


def list_depth(kind: Any) -> int:
    """How many lists are around the named type."""
    if isinstance(kind, GraphQLNonNull):
        return list_depth(kind.of_type)
    return 1 + list_depth(kind.of_type) if isinstance(kind, GraphQLList) else 0
