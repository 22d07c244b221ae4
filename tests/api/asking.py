"""Asks the schema what a client would ask, on the executor that the service uses."""

from functools import cache
from typing import Any

import orjson
from graphql import ExecutionResult, GraphQLError, GraphQLSchema, execute, parse, validate

from db.snapshot.snapshot import Snapshot
from schema.context import Context
from schema.errors import code_of
from schema.root import build
from tests.api.sample import SampleStore, open_sample


@cache
def graphql_schema() -> GraphQLSchema:
    return build()._schema


async def ask(
    query: str,
    variables: dict[str, Any] | None = None,
    *,
    store: SampleStore | None = None,
    snapshot: Snapshot | None = None,
    language: str = "nl",
) -> ExecutionResult:
    """The result of a query on the sample country."""
    document = parse(query)
    assert validate(graphql_schema(), document) == []
    context = Context(snapshot or await open_sample(store), language)
    result = execute(
        graphql_schema(), document, context_value=context, variable_values=variables or {}
    )
    return result if isinstance(result, ExecutionResult) else await result


async def data(query: str, variables: dict[str, Any] | None = None, **options: Any) -> Any:
    """The data of a query that must not have errors, as a client reads it."""
    result = await ask(query, variables, **options)
    assert result.errors is None, result.errors
    return orjson.loads(orjson.dumps(result.data))


async def refusal(query: str, variables: dict[str, Any] | None = None, **options: Any) -> Any:
    """Message and extensions of the only error of a query, as the service shows them."""
    result = await ask(query, variables, **options)
    assert result.errors is not None
    (error,) = result.errors
    return shown(error)


def shown(error: GraphQLError) -> dict[str, Any]:
    cause: BaseException | None = error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    assert cause is not None
    known = code_of(cause)
    assert known is not None, repr(cause)
    code, extensions = known
    return {"message": str(cause), "code": code, **extensions}
