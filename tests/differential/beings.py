"""Interfaces and unions of the torture schema; every third being is a plant."""

import math
from typing import Annotated, Any

import strawberry

from tests.differential.wishes import Colour


class Trouble(Exception):
    """What a resolver raises."""


@strawberry.interface
class Being:
    number: strawberry.Private[int]

    @strawberry.field
    def id(self) -> strawberry.ID:
        return strawberry.ID(f"{type(self).__name__}:{self.number}")

    @strawberry.field
    def name(self) -> str:
        if self.number % 11 == 10:
            raise Trouble(f"no name {self.number}")
        return f"being {self.number}"

    @strawberry.field
    def friend(self, step: int = 1) -> "Being | None":
        return being(self.number + step)  # type: ignore[no-any-return]

    @strawberry.field
    def kin(self, count: int = 2) -> list["Being"]:
        return [being(self.number + n) for n in range(1, min(count, 3) + 1)]

    @strawberry.field
    def shade(self, colour: Colour = Colour.RED) -> str:
        return f"{colour.name} {self.number}"


@strawberry.type
class Animal(Being):
    @strawberry.field
    def legs(self) -> int:
        return self.number % 5

    @strawberry.field
    def food(self) -> list["Plant"] | None:
        return [Plant(number=self.number + 1)] if self.number % 2 else None

    @strawberry.field
    def mate(self) -> "Animal":
        if self.number % 4 == 2:
            raise Trouble("alone")
        return Animal(number=self.number + 3)


@strawberry.type
class Plant(Being):
    @strawberry.field
    def legs(self) -> str:
        return "none"

    @strawberry.field
    def food(self) -> str | None:
        return "light"

    @strawberry.field
    def eaten_by(self) -> Animal:
        return Animal(number=self.number + 1)

    @strawberry.field
    def shade(self, colour: Colour = Colour.RED) -> str:
        return f"shade of a plant in {colour.name}"


@strawberry.type
class Rock:
    number: int

    @strawberry.field
    def weight(self) -> float:
        return (1.5, math.inf, -0.0, 1e300, math.nan, 3)[self.number % 6]

    @strawberry.field
    def legs(self) -> int | None:
        return None if self.number % 2 else 2**31 + self.number


@strawberry.type
class Stranger:
    """In no union and behind no interface."""

    number: int


def being(number: int) -> Any:
    return Plant(number=number) if number % 3 == 1 else Animal(number=number)


Thing = Annotated[Animal | Plant | Rock, strawberry.union("Thing")]


def a_thing(number: int) -> Any:
    made: Any = (Animal, Plant, Rock, Rock)[number % 4](number=number)
    return Stranger(number=number) if number % 9 == 8 else made
