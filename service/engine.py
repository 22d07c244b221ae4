"""Turns a document and its variables into something that can be run, and runs it.

Everything is decided before anything is read: bounds, validity, variables, price. What a request
looked like over HTTP is not known here, except that a GET only asks.
"""

import re
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from sys import getsizeof
from typing import Any, Protocol, TypeAlias

import orjson
from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    execute,
)

from db.core.bounded import Bounded
from schema.compiled.lift import Holes, Lifted, holes, lift
from schema.compiled.operation import Operation
from schema.compiled.run import Info, NotCovered
from service.answers import json_bytes
from service.document import Document, Documents, RequestRefused
from service.request import Refused, method_not_allowed

_INTROSPECTION_BYTES = 16 * 1024 * 1024
_PLAN_BYTES = 64 * 1024 * 1024
_MOST_PRICES = 64
_KNOWN_BYTES = 1000
"""What keeping a text takes beside its characters, with a few values out of it."""
_MOST_ROUNDS = 100
"""Every round brings into memory what the one before lacked; a question needs two or three."""


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


@dataclass(slots=True)
class Outcome:
    """What running gave: the JSON text of `data` in pieces, and what went wrong."""

    pieces: Sequence[str]
    errors: Sequence[GraphQLError] = ()

    @property
    def data(self) -> bytes:
        """The pieces put together; `null` is among what they may say."""
        return "".join(self.pieces).encode()


@dataclass(slots=True)
class Entry:
    """A document that was asked before, or all documents that differ from it in literals."""

    document: Document
    operation: Operation
    holes: Holes | None = None
    prices: Bounded[tuple[object, ...], Price] = field(
        default_factory=lambda: Bounded(_MOST_PRICES)
    )
    is_about_the_schema: bool = field(init=False)
    is_private: bool = False
    """Neither its text, where that has literals, nor its answers may be kept."""
    only_asks: bool = field(init=False)
    """Running it twice, or once for two callers, makes no difference."""

    def __post_init__(self) -> None:
        self.is_about_the_schema = self.document.is_about_the_schema
        self.only_asks = self.operation.syntax.operation is OperationType.QUERY

    @property
    def weight(self) -> int:
        """Bytes kept for it, with its plans and what those keep; measured on large documents."""
        return 8 * self.document.weight


# No number and no text is written without one of these.
_LITERAL = re.compile('[0-9"]')
_EXACT, _HOLES = False, True
_NOTHING: Mapping[str, Any] = {}
Planned: TypeAlias = tuple[str, str | None, bool]
"""The text of a document, or what is left of it without literals, and the operation's name; and
which of the two texts it is."""
Filled: TypeAlias = Mapping[str, Any]
"""The values of literals that were lifted out."""
Known: TypeAlias = tuple[Planned | None, Filled | None]
"""Under which key a text is planned."""
_UNKNOWN: Known = (None, None)


class Engine:
    """Prepares requests on one schema; keeps plans and answers about the schema itself."""

    def __init__(
        self, schema: GraphQLSchema, cost: Cost, *, private: frozenset[str] = frozenset()
    ) -> None:
        """`private` are fields whose arguments are nobody's business: nothing of them is kept."""
        self.schema = schema
        self.cost = cost
        self._private = private
        self.documents = Documents(schema)
        self._entries: Bounded[Planned, Entry | None] = Bounded(_PLAN_BYTES)
        self._known: Bounded[tuple[str, str | None], Known] = Bounded(_PLAN_BYTES // 8)
        self.introspection: Bounded[tuple[str, bytes], str] = Bounded(_INTROSPECTION_BYTES)

    def prepare(
        self,
        query: str,
        operation_name: str | None,
        variables: Mapping[str, Any],
        *,
        is_get: bool,
    ) -> "Prepared":
        """Something to run; RequestRefused or Refused when it may not be."""
        key, filled = self._known.get((query, operation_name)) or _UNKNOWN
        entry = None if key is None else self._entries.get(key)
        if entry is None:
            entry, filled = self._found(query, operation_name, is_get=is_get)
        if not entry.only_asks:
            _check_operation(entry.operation.syntax, is_get=is_get)
        return self._prepared(entry, query, operation_name, variables, filled)

    def _found(self, query: str, name: str | None, *, is_get: bool) -> tuple[Entry, Filled | None]:
        """What is planned for a text, and the values that its literals have in it."""
        lifted = None if self.documents.is_too_long(query) else lift(query)
        if self._must_forget(query):
            return self._read(self.documents.once(query), name, is_get=is_get), None
        entry = None if lifted is None else self._shared(query, lifted, name)
        if lifted is not None and entry is not None and entry.holes is not None:
            filled = entry.holes.filled(lifted.literals)
            if filled is not None:
                known = ((lifted.key, name, _HOLES), filled)
                self._known.keep((query, name), known, 2 * len(query) + _KNOWN_BYTES)
                return entry, filled
        exact = ((query, name, _EXACT), None)
        self._known.keep((query, name), exact, 2 * len(query) + _KNOWN_BYTES)
        return self._exact(query, name, is_get=is_get), None

    def check(self, query: str) -> Sequence[GraphQLError]:
        """Why a document could never be run, whatever the variables."""
        try:
            return self.documents.get(query).invalid
        except RequestRefused as refusal:
            return refusal.errors

    def as_written(
        self, query: str, operation_name: str | None, variables: Mapping[str, Any]
    ) -> "Prepared":
        """Something to run whose errors name the lines of this very document."""
        entry = self._exact(query, operation_name, is_get=False)
        return self._prepared(entry, query, operation_name, variables)

    def _shared(self, query: str, lifted: Lifted, name: str | None) -> Entry | None:
        """What documents that differ in literals have in common; None where nothing may be."""
        key = (lifted.key, name, _HOLES)
        if key in self._entries.held:
            return self._entries.held[key]
        document = self.documents.get(query)
        if document.invalid:
            return None
        entry = None
        if len(document.operations) == 1 and document.operation(name):
            entry = self._with_holes(document, name, lifted)
        self._keep(key, entry)
        return entry

    def _with_holes(self, document: Document, name: str | None, lifted: Lifted) -> Entry | None:
        found = holes(self.schema, document.ast, lifted)
        if found is None:
            return None
        syntax = next(
            each for each in found.document.definitions if isinstance(each, OperationDefinitionNode)
        )
        numbers = [i for i, each in enumerate(lifted.literals) if each[0] != '"']
        operation = Operation(self.schema, found.document, syntax, numbers)
        try:
            merges = operation.merges_arguments()
        except NotCovered:
            return None
        return None if merges else Entry(document, operation, found)

    def _exact(self, query: str, name: str | None, *, is_get: bool) -> Entry:
        key = (query, name, _EXACT)
        entry = self._entries.get(key)
        if entry is not None:
            return entry
        forgotten = self._must_forget(query)
        document = self.documents.once(query) if forgotten else self.documents.get(query)
        entry = self._read(document, name, is_get=is_get)
        if not forgotten:
            self._keep(key, entry)
        return entry

    def _read(self, document: Document, name: str | None, *, is_get: bool) -> Entry:
        """What is planned for a document as it is written."""
        syntax = document.operation(name)
        _check_operation(syntax, is_get=is_get)
        if document.invalid:
            raise RequestRefused(document.invalid)
        operation = Operation(self.schema, document.ast, syntax)
        return Entry(document, operation, is_private=self._is_private(document.text))

    def _must_forget(self, query: str) -> bool:
        """Whether the text itself may say what is private: however it is written."""
        return self._is_private(query) and _LITERAL.search(query) is not None

    def _is_private(self, query: str) -> bool:
        """Whether a private field may be asked: also where only its name stands in a text."""
        return any(name in query for name in self._private)

    def _keep(self, key: Planned, entry: Entry | None) -> None:
        self._entries.keep(key, entry, len(key[0]) + (512 if entry is None else entry.weight))

    def _prepared(
        self,
        entry: Entry,
        query: str,
        name: str | None,
        given: Mapping[str, Any],
        filled: Mapping[str, Any] | None = None,
    ) -> "Prepared":
        # Before executing, because afterwards a wrong variable looks like a failed field.
        coerced = entry.operation.variables.coerced(given)
        if isinstance(coerced, list):
            raise RequestRefused(coerced)
        variables = {**coerced, **filled} if filled else coerced
        price = self._priced(entry, given, variables)
        return Prepared(self, entry, query, name, given, variables, price)

    def _priced(
        self, entry: Entry, given: Mapping[str, Any], variables: Mapping[str, Any]
    ) -> Price:
        operation = entry.operation
        sized = _sized(given, variables) if operation.sized else _NOTHING
        sizes = operation.sizes(sized)
        price = entry.prices.get(sizes)
        if price is None:
            price = self.cost.price(operation.document, operation.syntax, sized)
            entry.prices.keep(sizes, price)
        if price.rows > self.cost.most_rows or price.fields > self.cost.most_fields:
            message = (
                f"this asks for up to {price.rows:,} rows and {price.fields:,} fields; one request "
                f"gets at most {self.cost.most_rows:,} and {self.cost.most_fields:,}: ask for "
                "smaller pages, fewer indicators or fewer fields at once"
            )
            extensions = {"code": "COST_LIMIT_EXCEEDED", "cost": self.cost.bill(price)}
            raise RequestRefused([GraphQLError(message, extensions=extensions)])
        return price


@dataclass(slots=True)
class Prepared:
    """One operation that may be run, with its variables and its price."""

    engine: Engine
    entry: Entry
    query: str
    operation_name: str | None
    given: Mapping[str, Any]
    """Variables as the request has them."""
    variables: Mapping[str, Any]
    """The same as their types make them, and a value for every literal that was lifted out."""
    price: Price

    @property
    def only_asks(self) -> bool:
        """Running it twice, or once for two callers, makes no difference."""
        return self.entry.only_asks

    @property
    def is_private(self) -> bool:
        """Nothing of the request may be kept."""
        return self.entry.is_private

    @property
    def is_about_the_schema(self) -> bool:
        """Only introspection: the answer depends on nothing but the schema."""
        return self.entry.is_about_the_schema

    def run(self, context: object) -> Outcome | Coroutine[Any, Any, Outcome]:
        """The outcome, at once when nothing has to be waited for."""
        if self.entry.is_about_the_schema:
            return self._about_the_schema(context)
        try:
            return self._planned(context) or self._after_loading(context)
        except NotCovered:
            return self._executed(context)

    def _planned(self, context: Any) -> Outcome | None:
        """The outcome out of what is in memory, None where something is lacking."""
        plan = self.entry.operation.plan(self.variables)
        ran = plan.run(Info(self.engine.schema, context), self.variables)
        if ran.lacking:
            return None
        if ran.errors and self.query != self.entry.document.text:
            written = self.engine.as_written(self.query, self.operation_name, self.given)
            return written._planned(context)
        return Outcome(ran.pieces, ran.errors)

    async def _after_loading(self, context: Any) -> Outcome:
        for _ in range(_MOST_ROUNDS):
            await context.load(tuple(context.wanted))
            outcome = self._planned(context)
            if outcome is not None:
                return outcome
        raise RuntimeError("a question keeps asking for more")

    def _about_the_schema(self, context: object) -> Outcome | Coroutine[Any, Any, Outcome]:
        kept = self.engine.introspection
        # Only variables that the document declares: others change nothing.
        declared = {name: self.given[name] for name in self.variables if name in self.given}
        key = (self.query, orjson.dumps(declared, option=orjson.OPT_SORT_KEYS))
        found = kept.get(key)
        if found is not None:
            return Outcome([found])
        outcome = self._executed(context)
        if not isinstance(outcome, Outcome) or outcome.errors:
            return outcome
        text = "".join(outcome.pieces)
        weight = getsizeof(text) + len(key[0]) + len(key[1]) + _KNOWN_BYTES
        if weight < _INTROSPECTION_BYTES // 4:
            kept.keep(key, text, weight)
        return outcome

    @property
    def _as_asked(self) -> Document:
        """The document in the words of this request."""
        known = self.entry.document
        return known if known.text == self.query else self.engine.documents.get(self.query)

    def _executed(self, context: object) -> Outcome | Coroutine[Any, Any, Outcome]:
        """By graphql-core: what plans do not cover."""
        result = execute(
            self.engine.schema,
            self._as_asked.ast,
            context_value=context,
            variable_values=dict(self.given),
            operation_name=self.operation_name,
        )
        return _outcome(result) if isinstance(result, ExecutionResult) else _awaited(result)


def _sized(given: Mapping[str, Any], variables: Mapping[str, Any]) -> dict[str, Any]:
    """Variables as a price reads them: numbers and lists as they are run, enums by their names."""
    return {
        name: value if isinstance(value, int | list) else given.get(name)
        for name, value in variables.items()
        if name in given or isinstance(value, int | list)
    }


async def _awaited(work: Awaitable[ExecutionResult]) -> Outcome:
    return _outcome(await work)


def _outcome(result: ExecutionResult) -> Outcome:
    return Outcome([json_bytes(result.data).decode()], result.errors or ())


def _check_operation(operation: OperationDefinitionNode, *, is_get: bool) -> None:
    if operation.operation is OperationType.QUERY:
        return
    if is_get:
        raise method_not_allowed("only a query can be asked by GET", "POST, OPTIONS")
    if operation.operation is OperationType.SUBSCRIPTION:
        raise Refused("subscriptions are not served", code="BAD_USER_INPUT")
