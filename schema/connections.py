"""Relay connections: the GraphQL face of pages."""

from typing import Generic, TypeVar

import strawberry

from schema.fields import field

T = TypeVar("T")


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    has_next_page: bool = field("Whether the list goes on after this page.")
    has_previous_page: bool = field("Whether the list has items before this page.")
    start_cursor: str | None = field("Cursor of the first item; null on an empty page.")
    end_cursor: str | None = field("Cursor of the last item; null on an empty page.")


@strawberry.type(description="An item of a page.")
class Edge(Generic[T]):
    cursor: str = field(
        "Names this item in this list: opaque, good for the same publication, filter and order."
    )
    node: T = field("The item.")


@strawberry.type(description="A code of the filter that is not among the areas of the vintage.")
class CodeProblem:
    code: str = field("The code as it was asked for.")
    reason: str = field("UNKNOWN_CODE or CODE_NOT_VALID_IN_VINTAGE.")
    message: str = field("What is wrong with it, in English.")
    message_nl: str = field("What is wrong with it, in Dutch.")


@strawberry.type(
    name="Connection",
    description="A page of areas of one level and one vintage, in a total order.",
)
class AreaConnection(Generic[T]):
    vintage: int = field("Year of the boundaries of all areas in the list.")
    complete: bool = field(
        "Whether all areas of this level and vintage are loaded. False: only some of them are, so "
        "that `totalCount` is not the number that exist."
    )
    total_count: int = field("How many areas the whole list has.")
    nodes: list[T] = field("The areas of this page.")
    edges: list[Edge[T]] = field("The areas of this page, each with its cursor.")
    page_info: PageInfo = field("Where this page stands in the list.")
    missing: list[CodeProblem] = field(
        "Codes of `filter.codes` that are not among the areas loaded for this vintage; the others "
        "are not lost.",
        name="missingCodes",
    )
