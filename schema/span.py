"""The years that a question is about, as its `from` and `to` say."""

from typing import Annotated, NamedTuple, TypeAlias

import strawberry

from schema.errors import BadArgument
from schema.fields import argument

FromArgument: TypeAlias = Annotated[
    int | None, strawberry.argument(name="from", description="First year. Null: the first.")
]
ToArgument: TypeAlias = Annotated[int | None, argument("Last year, included. Null: the last.")]
FromInSeriesArgument: TypeAlias = Annotated[
    int | None,
    strawberry.argument(name="from", description="First year. Null: the first of the series."),
]
ToInSeriesArgument: TypeAlias = Annotated[
    int | None, argument("Last year, included. Null: that of the series.")
]


class Span(NamedTuple):
    """First and last year, both included; None where there is no such bound."""

    first: int | None = None
    last: int | None = None

    def check(self) -> None:
        """Refuse years that end before they begin."""
        if self.first is not None and self.last is not None and self.first > self.last:
            raise BadArgument(
                f"`from` {self.first} is after `to` {self.last}; it must be at most that",
                f"`from` {self.first} ligt na `to` {self.last}; het mag hoogstens dat jaar zijn",
                argument="from",
                maximum=self.last,
            )

    def holds(self, year: int) -> bool:
        return (self.first is None or self.first <= year) and (
            self.last is None or year <= self.last
        )
