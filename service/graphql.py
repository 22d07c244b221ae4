"""GraphQL over HTTP, after the draft specification: media types, methods, status codes.

Runs queries of one schema on graphql-core; knows nothing of what they are about. Decisions:
a refused document or variable is 400 under application/graphql-response+json (the audits; the
draft's text wants 422) and 200 under application/json, as both of them recommend.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import orjson
from cachetools import LRUCache
from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    execute,
)
from graphql.execution.values import get_variable_values
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from service.answers import UNAVAILABLE, CodeOf, Errors, data_bytes, refused, written
from service.document import Document, Documents, RequestRefused
from service.limits import ClientGone, read_body
from service.negotiation import Media, negotiate
from service.request import (
    GraphQLRequest,
    Refused,
    check_body_headers,
    from_body,
    from_query_string,
)

ALLOWED = "GET, HEAD, POST, OPTIONS"
_INTROSPECTION_BYTES = 16 * 1024 * 1024

# What a request's resolvers share: one publication, its loaders. Called once a request.
ContextFactory = Callable[[], object]
# What every answer says about itself: at least the publication it was read from.
Extensions = Callable[[object], Mapping[str, Any]]


class Price(Protocol):
    """What an operation can return at most."""

    @property
    def rows(self) -> int: ...

    @property
    def fields(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Cost:
    """How to price an operation before it runs, and the most that one request may ask for."""

    price: Callable[[DocumentNode, OperationDefinitionNode, Mapping[str, Any]], Price]
    most_rows: int
    most_fields: int


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    body: bytes
    headers: Mapping[str, str]


class GraphQLEndpoint:
    """The ASGI application at the GraphQL address."""

    def __init__(
        self,
        schema: GraphQLSchema,
        *,
        context: ContextFactory,
        code_of: CodeOf,
        extensions: Extensions,
        cost: Cost,
        page: bytes,
        page_headers: Mapping[str, str],
        deadline_seconds: float = 10.0,
    ) -> None:
        self._schema = schema
        self._context = context
        self._extensions = extensions
        self._cost = cost
        self._errors = Errors(code_of)
        self._documents = Documents(schema)
        self._page = _Answer(200, page, page_headers)
        self._deadline = deadline_seconds
        self._introspection: LRUCache[tuple[str, bytes], bytes] = LRUCache(
            _INTROSPECTION_BYTES, getsizeof=len
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        method = scope["method"]
        media = negotiate(headers.get("accept"), html=method in ("GET", "HEAD"))
        try:
            answer = await self._answer(scope, receive, headers, media)
        except Refused as refusal:
            body = written(errors=[refused(refusal)])
            answer = _Answer(refusal.status, body, refusal.headers)
        except ClientGone:
            return
        if answer is self._page:
            content_type = Media.HTML.content_type
        else:
            shown_as = media if media in (Media.GRAPHQL, Media.JSON) else Media.JSON
            content_type = shown_as.content_type
        await _send(send, answer, content_type)

    async def _answer(
        self, scope: Scope, receive: Receive, headers: Headers, media: Media | None
    ) -> _Answer:
        method = scope["method"]
        if method == "OPTIONS":
            return _Answer(204, b"", {"allow": ALLOWED})
        if method not in ("GET", "HEAD", "POST"):
            raise _method_not_allowed(f"{method} is not a way to ask; use GET or POST", ALLOWED)
        if media is None:
            raise Refused(
                f"we answer with {Media.GRAPHQL} or {Media.JSON}; accept one of them",
                status=406,
                code="NOT_ACCEPTABLE",
            )
        if media is Media.HTML:
            return self._page
        if method == "POST":
            check_body_headers(headers)
            request = from_body(await read_body(headers, receive))
        else:
            request = from_query_string(scope["query_string"])
        return await self._run(request, media, receive, is_get=method != "POST")

    async def _run(
        self, request: GraphQLRequest, media: Media, receive: Receive, *, is_get: bool
    ) -> _Answer:
        try:
            document = self._documents.get(request.query)
            operation = document.operation(request.operation_name)
            _check_operation(operation, is_get=is_get)
            if document.invalid:
                raise RequestRefused(document.invalid)
            self._check_variables(operation, request.variables)
            price = self._priced(document, operation, request.variables)
        except RequestRefused as refusal:
            return self._request_error(refusal.errors, media)
        try:
            context = self._context()
            said = {**self._extensions(context), "cost": self._bill(price)}
            return await self._executed(document, request, context, said, receive)
        except (ClientGone, Refused):
            raise
        except Exception as error:
            # The edge of a request: whatever it was, the caller gets an answer and we a log line.
            return self._failed(error)

    def _check_variables(
        self, operation: OperationDefinitionNode, variables: Mapping[str, Any]
    ) -> None:
        """Before executing, because afterwards a wrong variable looks like a failed field."""
        definitions = operation.variable_definitions
        if definitions:
            coerced = get_variable_values(self._schema, definitions, dict(variables), 20)
            if isinstance(coerced, list):
                raise RequestRefused(coerced)

    def _priced(
        self,
        document: Document,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
    ) -> Price:
        price = self._cost.price(document.ast, operation, variables)
        if price.rows > self._cost.most_rows or price.fields > self._cost.most_fields:
            message = (
                f"this asks for up to {price.rows:,} rows and {price.fields:,} fields; one request "
                f"gets at most {self._cost.most_rows:,} and {self._cost.most_fields:,}: ask for "
                "smaller pages, fewer indicators or fewer fields at once"
            )
            extensions = {"code": "COST_LIMIT_EXCEEDED", "cost": self._bill(price)}
            raise RequestRefused([GraphQLError(message, extensions=extensions)])
        return price

    def _bill(self, price: Price) -> dict[str, int]:
        return {
            "rows": price.rows,
            "fields": price.fields,
            "mostRows": self._cost.most_rows,
            "mostFields": self._cost.most_fields,
        }

    async def _executed(
        self,
        document: Document,
        request: GraphQLRequest,
        context: object,
        said: Mapping[str, Any],
        receive: Receive,
    ) -> _Answer:
        key = None
        if document.is_about_the_schema:
            key = (document.text, orjson.dumps(request.variables, option=orjson.OPT_SORT_KEYS))
            if (kept := self._introspection.get(key)) is not None:
                return _success(kept, said)
        result = execute(
            self._schema,
            document.ast,
            context_value=context,
            variable_values=dict(request.variables),
            operation_name=request.operation_name,
        )
        if not isinstance(result, ExecutionResult):
            result = await self._awaited(result, receive)
        if result.errors:
            return self._with_errors(result, said)
        data = data_bytes(result.data)
        if key is not None and len(data) < _INTROSPECTION_BYTES // 4:
            self._introspection[key] = data
        return _success(data, said)

    async def _awaited(self, work: Awaitable[ExecutionResult], receive: Receive) -> ExecutionResult:
        """Until done, until the deadline, or until nobody waits any more.

        Cancelled work is not waited for: taking leave of a frozen database has no bound.
        """
        working = asyncio.ensure_future(work)
        gone = asyncio.ensure_future(_gone(receive))
        try:
            done, _ = await asyncio.wait(
                {working, gone}, timeout=self._deadline, return_when=asyncio.FIRST_COMPLETED
            )
            if working in done:
                return working.result()
            raise ClientGone if done else _deadline_passed(self._deadline)
        finally:
            for each in (working, gone):
                if not each.done():
                    each.cancel()
                    each.add_done_callback(_forget)

    def _with_errors(self, result: ExecutionResult, said: Mapping[str, Any]) -> _Answer:
        shown = [self._errors.shown(error) for error in result.errors or ()]
        body = written(data=data_bytes(result.data), errors=shown, extensions=said)
        return _answer(_status_of(shown, otherwise=200), body)

    def _request_error(self, errors: Sequence[GraphQLError], media: Media) -> _Answer:
        shown = [self._errors.shown(error) for error in errors]
        return _answer(400 if media is Media.GRAPHQL else 200, written(errors=shown))

    def _failed(self, error: Exception) -> _Answer:
        shown = [self._errors.of_exception(error)]
        return _answer(_status_of(shown, otherwise=500), written(errors=shown))


def _success(data: bytes, said: Mapping[str, Any]) -> _Answer:
    return _answer(200, written(data=data, extensions=said))


def _answer(status: int, body: bytes) -> _Answer:
    return _Answer(status, body, {"retry-after": "1"} if status == 503 else {})


def _status_of(shown: Sequence[Mapping[str, Any]], *, otherwise: int) -> int:
    """503 when the store was away, so that a client asks again; else what is usual."""
    away = any(error["extensions"]["code"] == UNAVAILABLE for error in shown)
    return 503 if away else otherwise


def _check_operation(operation: OperationDefinitionNode, *, is_get: bool) -> None:
    if operation.operation is OperationType.QUERY:
        return
    if is_get:
        raise _method_not_allowed("only a query can be asked by GET", "POST, OPTIONS")
    if operation.operation is OperationType.SUBSCRIPTION:
        raise Refused("subscriptions are not served", code="BAD_USER_INPUT")


def _method_not_allowed(message: str, allowed: str) -> Refused:
    return Refused(message, status=405, code="METHOD_NOT_ALLOWED", headers={"allow": allowed})


def _deadline_passed(seconds: float) -> Refused:
    return Refused(
        f"the answer took longer than {seconds:g} seconds; ask for less at once",
        status=503,
        code="DEADLINE_EXCEEDED",
        headers={"retry-after": "5"},
    )


async def _gone(receive: Receive) -> None:
    """Returns when the client has left; what it still sends is not ours."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _forget(task: "asyncio.Future[Any]") -> None:
    """Take note of how cancelled work ended, so that nothing is logged about it."""
    if not task.cancelled():
        task.exception()


async def _send(send: Send, answer: _Answer, content_type: str) -> None:
    headers = [
        (b"content-type", content_type.encode()),
        (b"content-length", str(len(answer.body)).encode()),
        (b"vary", b"Accept"),
        *((name.encode(), value.encode()) for name, value in answer.headers.items()),
    ]
    if answer.status == 204:
        headers = [(name, value) for name, value in headers if not name.startswith(b"content-")]
    if b"cache-control" not in dict(headers):
        headers.append((b"cache-control", b"no-store"))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
