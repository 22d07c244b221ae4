"""What a request may ask for at most, and what it asks for: decided before anything is read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, TypeAlias

from graphql import DocumentNode, GraphQLError, OperationDefinitionNode

from schema.compiled.operation import Operation
from service.document import RequestRefused


class Price(Protocol):
    """What an operation can return at most."""

    @property
    def rows(self) -> int: ...

    @property
    def fields(self) -> int: ...


Formula: TypeAlias = Callable[[Mapping[str, Any]], Price]
"""The price by the values of the variables that decide it."""


@dataclass(frozen=True, slots=True)
class Cost:
    """How to price an operation before it runs, and the most that one request may ask for.

    Of the variables only numbers, the lengths of lists and enums may decide the price.
    """

    price: Callable[[DocumentNode, OperationDefinitionNode, Mapping[str, Any]], Price]
    most_rows: int
    most_fields: int
    compiled: Callable[[DocumentNode, OperationDefinitionNode], Formula] | None = None
    """The same as a formula, where it can be worked out once for all variables."""

    def formula(self, operation: Operation) -> Formula:
        """The price of an operation that is planned, by its variables."""
        if self.compiled is not None:
            return self.compiled(operation.document, operation.syntax)
        return partial(self.price, operation.document, operation.syntax)

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
