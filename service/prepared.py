"""One operation that may be run: by its plan, or by graphql-core where that does not cover it."""

import asyncio
from collections.abc import Awaitable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from sys import getsizeof
from typing import TYPE_CHECKING, Any

import orjson
from graphql import ExecutionResult, GraphQLError, execute

from schema.compiled.run import NotCovered
from schema.context import Paused
from service.answers import json_bytes
from service.document import Document
from service.entry import Entry
from service.pricing import Price

if TYPE_CHECKING:
    from service.engine import Engine

INTROSPECTION_BYTES = 16 * 1024 * 1024
KNOWN_BYTES = 1000
"""What keeping a text takes beside its characters, with a few values out of it."""
_MOST_ROUNDS = 100
"""Every round brings into memory what the one before lacked; a question needs two or three."""


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
class Prepared:
    """One operation that may be run, with its variables and its price."""

    engine: "Engine"
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
        try:
            ran = plan.run(self.engine.schema, context, self.variables)
        except Paused:
            return None
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
        return self._described(context, key)

    async def _described(self, context: object, key: tuple[str, bytes]) -> Outcome:
        """Executed by a thread, once for all who ask in the same words: all of it takes 50 ms."""
        outcome = await asyncio.to_thread(self._executed, context)
        if not isinstance(outcome, Outcome):
            return await outcome
        text = "".join(outcome.pieces)
        weight = getsizeof(text) + len(key[0]) + len(key[1]) + KNOWN_BYTES
        if not outcome.errors and weight < INTROSPECTION_BYTES // 4:
            self.engine.introspection.keep(key, text, weight)
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


async def _awaited(work: Awaitable[ExecutionResult]) -> Outcome:
    return _outcome(await work)


def _outcome(result: ExecutionResult) -> Outcome:
    return Outcome([json_bytes(result.data).decode()], result.errors or ())
