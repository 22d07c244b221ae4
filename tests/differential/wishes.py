"""What the torture schema can be given: input objects with defaults, enums and picky scalars."""

from datetime import date
from enum import Enum
from typing import NewType

import strawberry
from strawberry.scalars import JSON

BigInt = NewType("BigInt", int)
Picky = NewType("Picky", str)
"""Refuses to be written when it is 'no', and to be read when it is 'never'."""


def write_picky(value: object) -> str:
    if value == "no":
        raise ValueError("this cannot be written")
    return f"<{value}>"


def read_picky(value: object) -> object:
    if not isinstance(value, str) or value == "never":
        raise ValueError("this cannot be read")
    return value.upper()


@strawberry.enum
class Colour(Enum):
    RED = "red"
    GREEN = 2
    BLUE = (0, 0, 255)
    LAST = strawberry.enum_value("last", description="The last.")


@strawberry.input
class Spot:
    x: float = 0
    y: float | None = None
    label: str | None = strawberry.UNSET
    id: strawberry.ID | None = None


@strawberry.input
class Wish:
    spot: Spot
    name: str
    spots: list[Spot] | None = strawberry.field(default_factory=lambda: [Spot(x=1), Spot()])
    colour: Colour = Colour.GREEN
    colours: list[Colour | None] | None = None
    deeper: "Wish | None" = None
    matrix: list[list[int | None]] | None = None
    day: date | None = None
    picky: Picky | None = None
    anything: JSON | None = strawberry.UNSET
    at_most: int | None = 5


def seen(value: object) -> str:
    """What a resolver was given, as text: left out is not null."""
    if value is strawberry.UNSET:
        return "unset"
    if isinstance(value, Spot | Wish):
        parts = (f"{name}={seen(each)}" for name, each in vars(value).items())
        return f"{type(value).__name__}({', '.join(parts)})"
    if isinstance(value, list):
        return f"[{', '.join(map(seen, value))}]"
    return repr(value)
