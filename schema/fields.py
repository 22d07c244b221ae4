"""How a field is declared: always with a description, with a resolver or as an attribute.

The source of a GraphQL object is a value of the core, not an object of its own: types here are
declarations, and a field without a resolver is read off the source by its name. A resolver is a
plain function that reads what is in memory; who waits for the rest is decided here and in
`schema.compiled`, not in resolvers.
"""

from collections.abc import Callable
from datetime import date
from functools import partial, wraps
from typing import Annotated, Any, TypeAlias

import strawberry

from db.core.levels import Level

# Enums are described before a type uses them.
from schema import aggregate_enums, comparison_enums, fact_enums  # noqa: F401
from schema.context import NotAtHand, patiently
from schema.default_vintage import RULE

Resolver: TypeAlias = Callable[..., Any]


def field(description: str, resolver: Resolver | None = None, *, name: str | None = None) -> Any:
    """A described field; `name` where the contract's name is not the attribute's."""
    if resolver is None:
        return strawberry.field(description=description, name=name)
    return strawberry.field(resolver=_patient(resolver), description=description, name=name)


def _patient(resolver: Resolver) -> Resolver:
    """The resolver as graphql-core runs it, field by field: it waits for what is not at hand."""

    @wraps(resolver)
    def resolve(*args: Any, **given: Any) -> Any:
        try:
            return resolver(*args, **given)
        except NotAtHand:
            return patiently(partial(resolver, *args, **given))

    return resolve


def argument(description: str) -> Any:
    """The description of an argument."""
    return strawberry.argument(description=description)


CodeArgument: TypeAlias = Annotated[
    str,
    strawberry.argument(
        description="CBS code as text, with its prefix: GM0344, WK034403, BU03440301."
    ),
]
VintageArgument: TypeAlias = Annotated[
    int | None,
    strawberry.argument(
        description=f"Year of the boundaries (CBS indeling). Null: of this level {RULE}. The "
        "answer says which one it is."
    ),
]
LevelArgument: TypeAlias = Annotated[Level, strawberry.argument(description="Level of the areas.")]
ValuesYearArgument: TypeAlias = Annotated[
    int | None,
    strawberry.argument(
        description="Year of the values. Null: the newest with figures for this vintage."
    ),
]
SlugArgument: TypeAlias = Annotated[
    str, strawberry.argument(description="Short name that stays the same, as `slug` gives it.")
]
AtArgument: TypeAlias = Annotated[
    date | None,
    strawberry.argument(
        description="The date on which it must hold. Null: what has not ended, as last known."
    ),
]
FirstArgument: TypeAlias = Annotated[
    int | None,
    strawberry.argument(
        description="At most so many items from the beginning (or after `after`): 1 to 5000, "
        "otherwise an error. 100 where neither `first` nor `last` is given."
    ),
]
LastArgument: TypeAlias = Annotated[
    int | None,
    strawberry.argument(
        description="At most so many items from the end (or before `before`): 1 to 5000, "
        "otherwise an error."
    ),
]
AfterArgument: TypeAlias = Annotated[
    str | None, strawberry.argument(description="Only items after the one with this cursor.")
]
BeforeArgument: TypeAlias = Annotated[
    str | None, strawberry.argument(description="Only items before the one with this cursor.")
]
