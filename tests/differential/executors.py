"""The two executors: graphql-core as it is, and the engine of the service."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any, TypeAlias

import orjson
from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    execute,
    get_operation_ast,
    get_variable_values,
    parse,
)

from service.document import RequestRefused
from service.engine import Cost, Engine
from tests.differential.documents import Request

ContextFactory: TypeAlias = Callable[[], object]
CodeOf: TypeAlias = Callable[[BaseException], tuple[str, Mapping[str, Any]] | None]
Executor: TypeAlias = Callable[[Request], Awaitable["Answer"]]
Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, order=True)
class Told:
    """An error as a client tells it from others."""

    path: Path
    code: str
    message: str


@dataclass(frozen=True)
class Answer:
    """What came back: JSON and errors, or errors alone where the request was refused."""

    data: bytes | None
    errors: tuple[Told, ...] = ()

    @property
    def is_refused(self) -> bool:
        return self.data is None


class TooMuch(Exception):
    """The request is over a limit of the service, so that there is nothing to compare."""


@dataclass(frozen=True)
class Subject:
    """A schema with all that is needed to ask it."""

    schema: GraphQLSchema
    cost: Cost
    code_of: CodeOf

    def engine(self, context: ContextFactory) -> Executor:
        """A new engine, with nothing kept from before."""
        engine = Engine(self.schema, self.cost)

        async def ask(request: Request) -> Answer:
            try:
                prepared = engine.prepare(
                    request.text, request.operation_name, request.variables, is_get=True
                )
            except RequestRefused as refusal:
                told = self._told(refusal.errors)
                if any(each.code == "COST_LIMIT_EXCEEDED" for each in told):
                    raise TooMuch(told) from None
                return Answer(None, told)
            running = prepared.run(context())
            outcome = await running if isawaitable(running) else running
            return Answer(outcome.data, self._told(outcome.errors))

        return ask

    def reference(self, context: ContextFactory, schema: GraphQLSchema | None = None) -> Executor:
        """graphql-core, by default over the same schema."""

        async def ask(request: Request) -> Answer:
            return await self.executed(parse(request.text), request, context(), schema)

        return ask

    async def executed(
        self,
        document: DocumentNode,
        request: Request,
        context: object,
        schema: GraphQLSchema | None = None,
    ) -> Answer:
        """What graphql-core answers to a document."""
        refused = self._refused(document, request)
        if refused:
            return Answer(None, self._told(refused))
        result = execute(
            schema or self.schema,
            document,
            context_value=context,
            variable_values=dict(request.variables),
            operation_name=request.operation_name,
        )
        if not isinstance(result, ExecutionResult):
            result = await result
        told = self._told(result.errors or ())
        return Answer(orjson.dumps(result.data, option=orjson.OPT_NON_STR_KEYS), told)

    def _refused(self, document: DocumentNode, request: Request) -> list[GraphQLError]:
        """Why a variable cannot have its value, the first twenty reasons as the service says."""
        operation = get_operation_ast(document, request.operation_name)
        assert operation is not None
        declared = operation.variable_definitions or ()
        found = get_variable_values(self.schema, declared, dict(request.variables), 20)
        return found if isinstance(found, list) else []

    def _told(self, errors: Any) -> tuple[Told, ...]:
        return tuple(sorted(map(self._shown, errors), key=repr))

    def _shown(self, error: GraphQLError) -> Told:
        """By the service's table, with the message also where the service hides it."""
        path = tuple(error.path or ())
        cause: BaseException | None = error
        while isinstance(cause, GraphQLError):
            cause = cause.original_error
        if cause is None:
            code = str((error.extensions or {}).get("code", "BAD_USER_INPUT"))
            return Told(path, code, error.message)
        known = self.code_of(cause)
        return Told(path, "INTERNAL" if known is None else known[0], str(cause))
