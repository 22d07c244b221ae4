"""What is kept of documents that were asked before: their plans and prices, by bytes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from graphql import OperationType

from db.core.bounded import Bounded
from schema.compiled.lift import Holes
from schema.compiled.operation import Operation
from service.document import Document
from service.pricing import Formula, Price

_MOST_PRICES = 64
Planned: TypeAlias = tuple[str, str | None, bool]
"""The text of a document, or what is left of it without literals, and the operation's name; and
which of the two texts it is."""
Filled: TypeAlias = Mapping[str, Any]
"""The values of literals that were lifted out."""


@dataclass(slots=True)
class Entry:
    """A document that was asked before, or all documents that differ from it in literals."""

    document: Document
    operation: Operation
    formula: Formula
    """Its price, compiled with it."""
    holes: Holes | None = None
    prices: Bounded[tuple[object, ...], Price] = field(
        default_factory=lambda: Bounded(_MOST_PRICES)
    )
    is_about_the_schema: bool = field(init=False)
    is_private: bool = False
    """Neither its text, where that has literals, nor its answers may be kept."""
    is_fleeting: bool = False
    """Its answer may be another the next moment, of the same publication."""
    only_asks: bool = field(init=False)
    """Running it twice, or once for two callers, makes no difference."""

    def __post_init__(self) -> None:
        self.is_about_the_schema = self.document.is_about_the_schema
        self.only_asks = self.operation.syntax.operation is OperationType.QUERY

    @property
    def weight(self) -> int:
        """Bytes kept for it, with its plans and what those keep; measured on large documents."""
        return 8 * self.document.weight


class Known:
    """A text that was asked before: under which key it is planned, and what its literals say."""

    __slots__ = ("filled", "key", "price")

    def __init__(self, key: Planned, filled: Filled | None = None) -> None:
        self.key = key
        self.filled = filled
        self.price: Price | None = None
        """Where no variable decides it."""
