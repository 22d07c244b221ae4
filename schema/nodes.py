"""The Node interface: everything that has an id."""

from typing import Any

import strawberry
from graphql import GraphQLResolveInfo

from schema.fields import field
from schema.ids import global_id, type_name


@strawberry.interface(description="Anything that can be asked for by its id.")
class Node:
    id: strawberry.ID = field(
        "Opaque id, the same in every publication. For an area: its level, vintage and code.",
        global_id,
    )

    @classmethod
    def resolve_type(cls, value: object, info: "GraphQLResolveInfo[Any]", kind: Any) -> str:
        return type_name(value)
