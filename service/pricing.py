"""What a request may ask for at most, and what it asks for: decided before anything is read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from graphql import DocumentNode, GraphQLError, OperationDefinitionNode

from service.document import RequestRefused


class Price(Protocol):
    """What an operation can return at most."""

    @property
    def rows(self) -> int: ...

    @property
    def fields(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Cost:
    """How to price an operation before it runs, and the most that one request may ask for.

    Of the variables only numbers, the lengths of lists and enums may decide the price.
    """

    price: Callable[[DocumentNode, OperationDefinitionNode, Mapping[str, Any]], Price]
    most_rows: int
    most_fields: int

    def bill(self, price: Price) -> dict[str, int]:
        """The price as answers say it."""
        return {
            "rows": price.rows,
            "fields": price.fields,
            "mostRows": self.most_rows,
            "mostFields": self.most_fields,
        }

    def check(self, price: Price) -> None:
        """RequestRefused for what is too dear."""
        if price.rows > self.most_rows or price.fields > self.most_fields:
            message = (
                f"this asks for up to {price.rows:,} rows and {price.fields:,} fields; one request "
                f"gets at most {self.most_rows:,} and {self.most_fields:,}: ask for "
                "smaller pages, fewer indicators or fewer fields at once"
            )
            extensions = {"code": "COST_LIMIT_EXCEEDED", "cost": self.bill(price)}
            raise RequestRefused([GraphQLError(message, extensions=extensions)])
