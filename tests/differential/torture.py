"""A schema where everything goes wrong somewhere: nulls, failures and odd values at every depth.

What an object does depends on its number alone, so that it is the same whoever asks, and in which
order.
"""

import math
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import strawberry
from graphql import GraphQLSchema
from strawberry.scalars import JSON
from strawberry.schema.config import StrawberryConfig
from strawberry.types.scalar import ScalarDefinition

from schema.cost import Price
from service.engine import Cost
from tests.differential.beings import Animal, Being, Plant, Rock, Thing, Trouble, a_thing, being
from tests.differential.executors import Subject
from tests.differential.values import Pools
from tests.differential.wishes import (
    BigInt,
    Colour,
    Picky,
    Spot,
    Wish,
    read_picky,
    seen,
    write_picky,
)

_USUAL = Picky("usual")
_TEXTS = (
    "", 'say "hi"', "back\\slash", "two\nlines\r\n", "\t\x00\x07\x1f\x7f", "é 日本 😀", "\u2028",
    "</script>", "null", "\ufeff",
)  # fmt: skip
_NUMBERS: tuple[Any, ...] = (
    0, 1, -1, 2**31 - 1, -(2**31), 2**31, -(2**31) - 1, 2**53 + 1, 3.0, 1.5, "7", "x", True, None,
    math.nan, math.inf, 1e300, [], "",
)  # fmt: skip
_ODD: tuple[Any, ...] = (
    None, True, 0, -0.0, 1.0, "a\n\"", [], {}, [None, [1, {"b": [False]}]], {"z": 1, "a": None},
    2**62, 1e-7, 1e22,
)  # fmt: skip


def _raised(number: int, every: int, text: str) -> None:
    if number % every == 0:
        raise Trouble(f"{text} {number}")


@strawberry.type
class Tree:
    """Its children are trees with other numbers, without end."""

    number: int

    # Leaves.
    @strawberry.field
    def text(self) -> str:
        return _TEXTS[self.number % len(_TEXTS)]

    @strawberry.field
    def perhaps(self) -> str | None:
        return None if self.number % 2 else "here"

    @strawberry.field
    def fails(self) -> str | None:
        _raised(self.number, 3, "failed")
        return "well"

    @strawberry.field
    def fails_strictly(self) -> str:
        _raised(self.number, 5, "failed strictly")
        return "well"

    @strawberry.field
    def missing_strictly(self) -> int:
        return None if self.number % 4 == 3 else 4  # type: ignore[return-value]

    @strawberry.field
    def integer(self, of: int | None = None) -> int | None:
        return _NUMBERS[(self.number if of is None else of) % len(_NUMBERS)]  # type: ignore[no-any-return]

    @strawberry.field
    def strict_integer(self) -> int:
        return _NUMBERS[self.number % len(_NUMBERS)]  # type: ignore[no-any-return]

    @strawberry.field
    def floating(self, of: int | None = None) -> float | None:
        return _NUMBERS[(self.number if of is None else of) % len(_NUMBERS)]  # type: ignore[no-any-return]

    @strawberry.field
    def stringy(self) -> str | None:
        return _NUMBERS[self.number % len(_NUMBERS)]  # type: ignore[no-any-return]

    @strawberry.field
    def truth(self) -> bool | None:
        return _NUMBERS[self.number % len(_NUMBERS)]  # type: ignore[no-any-return]

    @strawberry.field
    def identity(self) -> strawberry.ID | None:
        return _NUMBERS[self.number % len(_NUMBERS)]  # type: ignore[no-any-return]

    @strawberry.field
    def colour(self) -> Colour | None:
        found: Any = (*Colour, None, "purple", "red", Colour.RED.value)
        return found[self.number % len(found)]  # type: ignore[no-any-return]

    @strawberry.field
    def colours(self) -> list[Colour]:
        return list(Colour)

    @strawberry.field
    def moment(self) -> datetime:
        return datetime(2024, 1, 1, 12, tzinfo=UTC) + timedelta(days=self.number, microseconds=7)

    @strawberry.field
    def day(self) -> date | None:
        return "no day" if self.number % 5 == 4 else date(2024, 2, 29)  # type: ignore[return-value]

    @strawberry.field
    def hour(self) -> time:
        return time(self.number % 24)

    @strawberry.field
    def decimal(self) -> Decimal:
        return Decimal(self.number) / 8

    @strawberry.field
    def uuid(self) -> UUID:
        return UUID(int=abs(self.number))

    @strawberry.field
    def big(self) -> BigInt:
        return BigInt(2**60 + self.number)

    @strawberry.field
    def picky(self) -> Picky | None:
        return Picky("no" if self.number % 3 == 2 else "yes")

    @strawberry.field
    def anything(self) -> JSON:
        return JSON(_ODD[self.number % len(_ODD)])

    # Lists of leaves.
    @strawberry.field
    def numbers(self) -> list[int]:
        return tuple(range(self.number % 4))  # type: ignore[return-value]

    @strawberry.field
    def holes(self) -> list[int | None] | None:
        return [1, None, self.number, 2**40, "x"]  # type: ignore[list-item]

    @strawberry.field
    def strict_items(self) -> list[int] | None:
        return [1, 2, None if self.number % 2 else 3]  # type: ignore[list-item]

    @strawberry.field
    def matrix(self) -> list[list[int] | None]:
        rows: Any = [[1], [], None, [2, None if self.number % 3 == 0 else 3]]
        return rows  # type: ignore[no-any-return]

    @strawberry.field
    def strict_matrix(self) -> list[list[int]] | None:
        return [[self.number], [None if self.number % 3 == 1 else 3]]  # type: ignore[list-item]

    @strawberry.field
    def drawn(self) -> list[str]:
        return {"one": 1, "two": 2}.keys()  # type: ignore[return-value]

    @strawberry.field
    def no_list(self) -> list[int] | None:
        found: Any = (5, "text", {"a": 1}, [], None)
        return found[self.number % len(found)]  # type: ignore[no-any-return]

    @strawberry.field
    def failing_items(self) -> list[int | None]:
        return [1, Trouble("as an item"), 3]  # type: ignore[list-item]

    # Objects.
    @strawberry.field
    def child(self, step: int = 1) -> "Tree | None":
        return None if self.number % 7 == 6 else Tree(number=self.number + step % 100)

    @strawberry.field
    def sure(self) -> "Tree":
        return Tree(number=self.number * 2 + 1)

    @strawberry.field
    def unsure(self) -> "Tree":
        _raised(self.number, 4, "no child")
        return None if self.number % 4 == 1 else Tree(number=self.number + 2)  # type: ignore[return-value]

    @strawberry.field
    def children(self, count: int = 2) -> list["Tree"]:
        return [Tree(number=self.number + n) for n in range(max(0, min(count, 3)))]

    @strawberry.field
    def some(self) -> list["Tree | None"] | None:
        return [Tree(number=self.number), None, Tree(number=self.number + 1)]

    @strawberry.field
    def lost(self) -> list["Tree"] | None:
        return [Tree(number=self.number), None if self.number % 2 else Tree(number=1)]  # type: ignore[list-item]

    @strawberry.field
    def cursed(self) -> list["Tree | None"]:
        return [Tree(number=3), Trouble("an object"), Tree(number=self.number)]  # type: ignore[list-item]

    @strawberry.field
    def forest(self) -> list[list["Tree"] | None]:
        return [[Tree(number=self.number)], [], None, [Tree(number=4), Tree(number=5)]]

    # Abstract types.
    @strawberry.field
    def being(self, number: int | None = None) -> Being | None:
        return being(self.number if number is None else number)  # type: ignore[no-any-return]

    @strawberry.field
    def beings(self) -> list[Being]:
        return [being(self.number + n) for n in range(3)]

    @strawberry.field
    def thing(self) -> Thing | None:
        return a_thing(self.number)  # type: ignore[no-any-return]

    @strawberry.field
    def things(self) -> list[Thing | None] | None:
        return [a_thing(self.number + n) for n in range(3)]

    @strawberry.field
    def strict_things(self) -> list[Thing]:
        return [a_thing(self.number * 2 + n) for n in range(2)]

    # Later.
    @strawberry.field
    async def later(self) -> "Tree | None":
        return Tree(number=self.number + 1)

    @strawberry.field
    async def later_strictly(self) -> int:
        _raised(self.number, 3, "failed later")
        return self.number

    # What was asked.
    @strawberry.field
    def echo(
        self,
        i: int | None = strawberry.UNSET,
        f: float | None = 1.5,
        s: str | None = None,
        b: bool = True,
        id: strawberry.ID | None = strawberry.UNSET,  # noqa: A002
        colour: Colour | None = Colour.BLUE,
        colours: list[Colour] | None = None,
        texts: list[list[str]] | None = strawberry.UNSET,
    ) -> str:
        return seen([i, f, s, b, id, colour, colours, texts])

    @strawberry.field
    def wish(self, wish: Wish, more: list[Wish] | None = None) -> str | None:
        return seen([wish, more])

    @strawberry.field
    def spots(self, spots: list[Spot], other: Spot | None = strawberry.UNSET) -> str:
        return seen([spots, other])

    @strawberry.field
    def scalars(
        self,
        day: date | None = strawberry.UNSET,
        moment: datetime | None = None,
        decimal: Decimal | None = None,
        uuid: UUID | None = None,
        big: BigInt | None = None,
        picky: Picky | None = _USUAL,
        anything: JSON | None = strawberry.UNSET,
    ) -> str:
        return seen([day, moment, decimal, uuid, big, picky, anything])


@strawberry.type
class Query:
    @strawberry.field
    def tree(self, number: int = 1) -> Tree | None:
        return Tree(number=number)

    @strawberry.field
    def sure(self, number: int = 2) -> Tree:
        return Tree(number=number)

    @strawberry.field
    def trees(self, numbers: list[int]) -> list[Tree] | None:
        return [Tree(number=n) for n in numbers[:4]]

    @strawberry.field
    def being(self, number: int) -> Being:
        return being(number)  # type: ignore[no-any-return]

    @strawberry.field
    def thing(self, number: int = 0) -> Thing:
        return a_thing(number)  # type: ignore[no-any-return]

    @strawberry.field
    def grows(self) -> list[Tree]:
        def grown() -> Iterator[Tree]:
            yield from (Tree(number=n) for n in range(2))

        return grown()  # type: ignore[return-value]


def build() -> GraphQLSchema:
    """The schema, made anew."""
    scalars: dict[object, ScalarDefinition] = {
        BigInt: strawberry.scalar(name="BigInt", serialize=int, parse_value=int),
        Picky: strawberry.scalar(name="Picky", serialize=write_picky, parse_value=read_picky),
    }
    schema = strawberry.Schema(
        Query, types=[Animal, Plant, Rock], config=StrawberryConfig(scalar_map=scalars)
    )
    return schema._schema


_SMALL = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 17, 26, 35, -1)
POOLS = Pools(
    values={
        "number": _SMALL,
        "numbers": _SMALL,
        "step": (1, 2, 3, 5),
        "count": (0, 1, 2, 3, -1, 2**31 - 1),
        "of": _SMALL,
        "Date": ("2024-02-29", "1999-12-31"),
        "DateTime": ("2024-01-01T12:00:00+00:00", "2024-01-01T12:00:00.5"),
        "Decimal": ("1.50", "0", "-3"),
        "UUID": ("00000000-0000-0000-0000-000000000007",),
        "BigInt": (2**60, 1, -5),
        "Picky": ("yes", "no", ""),
        "JSON": (None, 1, 1.5, "a", True, [1, "b"], {"a": {"b": [None]}}, [], {}),
    },
    refused={
        "Date": ("2024-02-30", "", 5), "DateTime": ("soon",), "Decimal": ("many",),
        "UUID": ("7",), "BigInt": ("big",), "Picky": ("never", 1), "JSON": (),
    },
)  # fmt: skip


def subject() -> Subject:
    """The schema as something to ask; every price is the same, and every error a fault of ours."""
    return Subject(build(), Cost(lambda *_: Price(1, 1), 2, 2), lambda _: None)
