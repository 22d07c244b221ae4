"""Turns a document and its variables into something that can be run.

Everything is decided before anything is read: bounds, validity, variables, price. What a request
looked like over HTTP is not known here, except that a GET only asks.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
)

from db.core.bounded import Bounded
from schema.compiled.lift import Holes, Lifted, holes, lift
from schema.compiled.operation import Operation
from schema.compiled.run import NotCovered
from service.document import Document, Documents, RequestRefused, Unread, check_question
from service.entry import Entry, Known, Planned
from service.prepared import INTROSPECTION_BYTES as _INTROSPECTION_BYTES
from service.prepared import KNOWN_BYTES
from service.prepared import Outcome as Outcome
from service.prepared import Prepared as Prepared
from service.pricing import Cost as Cost
from service.pricing import Price as Price
from service.request import Refused, method_not_allowed

_PLAN_BYTES = 64 * 1024 * 1024
# No number and no text is written without one of these.
_LITERAL = re.compile('[0-9"]')
_EXACT, _HOLES = False, True
_NOTHING: Mapping[str, Any] = {}


class Engine:
    """Prepares requests on one schema; keeps plans and answers about the schema itself."""

    def __init__(
        self,
        schema: GraphQLSchema,
        cost: Cost,
        *,
        private: frozenset[str] = frozenset(),
        fleeting: frozenset[str] = frozenset(),
    ) -> None:
        """`private` are fields whose arguments are nobody's business: nothing of them is kept.

        `fleeting` are fields whose answers are of no publication: no answer of them is kept.
        """
        self.schema = schema
        self.cost = cost
        self._private = private
        self._fleeting = fleeting
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
        leave_long: bool = False,
    ) -> "Prepared":
        """Something to run; RequestRefused or Refused when it may not be.

        With `leave_long` a long new document is not read now: Unread says which.
        """
        known = self._known.get((query, operation_name))
        entry = None if known is None else self._entries.get(known.key)
        if known is None or entry is None:
            if leave_long:
                self._check_read(query, operation_name)
            entry, known = self._found(query, operation_name, is_get=is_get)
        if not entry.only_asks:
            _check_operation(entry.operation.syntax, is_get=is_get)
        return self._prepared(entry, known, query, operation_name, variables)

    def _found(self, query: str, name: str | None, *, is_get: bool) -> tuple[Entry, Known]:
        """What is planned for a text, and the values that its literals have in it."""
        lifted = None if self.documents.is_too_long(query) else lift(query)
        if self._must_forget(query):
            once = self._read(self.documents.once(query), name, is_get=is_get)
            return once, Known((query, name, _EXACT))
        entry = None if lifted is None else self._shared(query, lifted, name)
        if lifted is not None and entry is not None and entry.holes is not None:
            filled = entry.holes.filled(lifted.literals)
            if filled is not None:
                return entry, self._learn(query, Known((lifted.key, name, _HOLES), filled))
        known = self._learn(query, Known((query, name, _EXACT)))
        return self._exact(query, name, is_get=is_get), known

    def _check_read(self, query: str, name: str | None) -> None:
        """Unread, unless it is planned already, in these words or with other literals."""
        if not self.documents.is_unread(query) or self._must_forget(query):
            return
        lifted = lift(query)
        entry = None if lifted is None else self._entries.held.get((lifted.key, name, _HOLES))
        if entry is None or entry.holes is None:
            raise Unread(query)

    def _learn(self, query: str, known: Known) -> Known:
        self._known.keep((query, known.key[1]), known, 2 * len(query) + KNOWN_BYTES)
        return known

    def check(self, query: str) -> Sequence[GraphQLError]:
        """Why a document could never be run, whatever the variables."""
        try:
            document = self.documents.get(query)
            for each in () if document.invalid else document.operations.values():
                self._operation(document.ast, each)
            return document.invalid
        except RequestRefused as refusal:
            return refusal.errors

    def as_written(
        self, query: str, operation_name: str | None, variables: Mapping[str, Any]
    ) -> "Prepared":
        """Something to run whose errors name the lines of this very document."""
        entry = self._exact(query, operation_name, is_get=False)
        known = Known((query, operation_name, _EXACT))
        return self._prepared(entry, known, query, operation_name, variables)

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
        operation = self._operation(found.document, syntax, numbers)
        try:
            merges = operation.merges_arguments()
        except NotCovered:
            return None
        return None if merges else self._entry(document, operation, found)

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
        operation = self._operation(document.ast, syntax)
        return self._entry(document, operation)

    def _entry(self, document: Document, operation: Operation, found: Holes | None = None) -> Entry:
        return Entry(
            document,
            operation,
            self.cost.formula(operation),
            found,
            is_private=self._is_private(document.text),
            is_fleeting=any(name in document.text for name in self._fleeting),
        )

    def _operation(
        self, document: DocumentNode, syntax: OperationDefinitionNode, holes: Sequence[int] = ()
    ) -> Operation:
        """What is planned; RequestRefused, and nothing kept, where it asks for too much."""
        operation = Operation(self.schema, document, syntax, holes)
        check_question(operation.size, self.documents.limits)
        return operation

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
        known: Known,
        query: str,
        name: str | None,
        given: Mapping[str, Any],
    ) -> "Prepared":
        # Before executing, because afterwards a wrong variable looks like a failed field.
        variables = entry.operation.variables.coerced(given)
        if isinstance(variables, list):
            raise RequestRefused(variables)
        if known.filled:
            variables |= known.filled
        price = known.price or self._priced(entry, known, given, variables)
        return Prepared(self, entry, query, name, given, variables, price)

    def _priced(
        self, entry: Entry, known: Known, given: Mapping[str, Any], variables: Mapping[str, Any]
    ) -> Price:
        operation = entry.operation
        sized = _sized(given, variables) if operation.sized else _NOTHING
        sizes = operation.sizes(sized)
        price = entry.prices.get(sizes)
        if price is None:
            price = entry.formula(sized)
            entry.prices.keep(sizes, price)
        self.cost.check(price)
        if not operation.sized_by_variables:
            known.price = price
        return price


def _sized(given: Mapping[str, Any], variables: Mapping[str, Any]) -> dict[str, Any]:
    """Variables as a price reads them: numbers and lists as they are run, enums by their names."""
    return {
        name: value if isinstance(value, int | list) else given.get(name)
        for name, value in variables.items()
        if name in given or isinstance(value, int | list)
    }


def _check_operation(operation: OperationDefinitionNode, *, is_get: bool) -> None:
    if operation.operation is OperationType.QUERY:
        return
    if is_get:
        raise method_not_allowed("only a query can be asked by GET", "POST, OPTIONS")
    if operation.operation is OperationType.SUBSCRIPTION:
        raise Refused("subscriptions are not served", code="BAD_USER_INPUT")
