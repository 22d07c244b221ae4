"""One GraphQL request out of bytes. Strict: whatever is not exactly a request is refused.

Everything here happens before GraphQL: it does not look into the document.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl

import orjson

# Deeper than any input type; graphql-core and our own scalars recurse into variables.
_DEEPEST = 32
_LARGEST_QUERY_STRING = 32 * 1024
_PARAMETERS = frozenset({"query", "documentId", "operationName", "variables", "extensions"})
_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Refused(Exception):
    """A request we do not run: the status to answer with, and what the caller should change.

    `well_formed` is a GraphQL request that fails later (its document, its variables); under
    application/json the draft answers those with 200.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        code: str = "BAD_REQUEST",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.code = code
        self.headers = dict(headers or {})


def method_not_allowed(message: str, allowed: str) -> Refused:
    return Refused(message, status=405, code="METHOD_NOT_ALLOWED", headers={"allow": allowed})


class GraphQLRequest:
    """What a client asks: a document, which operation of it, and the variables.

    With a `document_id` the document is one that the operator trusts, and `query` is empty.
    """

    __slots__ = ("document_id", "extensions", "operation_name", "query", "variables")

    def __init__(
        self,
        query: str,
        operation_name: str | None = None,
        variables: Mapping[str, Any] = _NOTHING,
        extensions: Mapping[str, Any] = _NOTHING,
        document_id: str | None = None,
    ) -> None:
        self.query = query
        self.operation_name = operation_name
        self.variables = variables
        self.extensions = extensions
        self.document_id = document_id

    def __eq__(self, other: object) -> bool:
        return isinstance(other, GraphQLRequest) and all(
            getattr(self, name) == getattr(other, name) for name in self.__slots__
        )


def check_body_headers(headers: Mapping[str, str]) -> None:
    """Only JSON in UTF-8: a form or plain text is what another site can send in a user's name."""
    kind, *parameters = headers.get("content-type", "").lower().split(";")
    charsets = [part.partition("=")[2].strip(' "') for part in parameters if "charset" in part]
    if kind.strip() != "application/json" or any(
        each not in ("utf-8", "utf8") for each in charsets
    ):
        raise Refused(
            "send the body as Content-Type: application/json, in UTF-8",
            status=415,
            code="UNSUPPORTED_MEDIA_TYPE",
        )
    if headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise Refused(
            "send the body without Content-Encoding", status=415, code="UNSUPPORTED_MEDIA_TYPE"
        )


def from_body(body: bytes) -> GraphQLRequest:
    """The request in a JSON body."""
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Refused("the body is not valid JSON in UTF-8") from None
    if not isinstance(parsed, dict):
        raise Refused('the body must be a JSON object such as {"query": "…"}')
    return _request(parsed)


def from_query_string(raw: bytes) -> GraphQLRequest:
    """The request in a URL; variables and extensions are JSON in it."""
    if len(raw) > _LARGEST_QUERY_STRING:
        raise Refused("the URL is too long; send the request by POST", status=414)
    try:
        pairs = parse_qsl(
            raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=32
        )
    except ValueError:
        raise Refused("the query string is not URL-encoded UTF-8") from None
    given: dict[str, Any] = {}
    for name, value in pairs:
        if name in given:
            raise Refused(f"the parameter {name} is given twice")
        if name in _PARAMETERS:
            given[name] = value
    for name in ("variables", "extensions"):
        if name in given:
            given[name] = _json(name, given[name])
    if given.get("operationName") == "":
        del given["operationName"]
    return _request(given)


def _json(name: str, text: str) -> Any:
    if not text:
        return None
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise Refused(f"the parameter {name} is not valid JSON") from None


def _request(given: Mapping[str, Any]) -> GraphQLRequest:
    query = given.get("query")
    if query.__class__ is str and len(given) == 1 + ("variables" in given):
        return GraphQLRequest(query, None, _object("variables", given.get("variables")))
    query, document_id = _text("query", given), _text("documentId", given)
    if query is None and document_id is None:
        raise Refused("the request has no query")
    if query is not None and document_id is not None:
        raise Refused("send either query or documentId")
    return GraphQLRequest(
        query=query or "",
        operation_name=_text("operationName", given),
        variables=_object("variables", given.get("variables")),
        extensions=_object("extensions", given.get("extensions")),
        document_id=document_id,
    )


def _text(name: str, given: Mapping[str, Any]) -> str | None:
    value = given.get(name)
    if value is not None and not isinstance(value, str):
        raise Refused(f"{name} must be a string")
    return value


def _object(name: str, value: Any) -> Mapping[str, Any]:
    if value is None:
        return _NOTHING
    if not isinstance(value, dict):
        raise Refused(f"{name} must be an object")
    for key, child in value.items():
        # Most variables are texts: they are looked at as they come.
        if child.__class__ is not str or "\0" in child or "\0" in key:
            _check(name, value)
            break
    return value


def _check(name: str, value: dict[str, Any]) -> None:
    """Bounds on depth, and no NUL: PostgreSQL has no place for it in text."""
    level: list[Any] = [value]
    for _ in range(_DEEPEST):
        level = [child for parent in level for child in _children(parent)]
        if not level:
            return
        if any(isinstance(child, str) and "\0" in child for child in level):
            raise Refused(f"{name} must not contain the character U+0000")
    raise Refused(f"{name} may be nested {_DEEPEST} deep at most")


def _children(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    return value if isinstance(value, list) else ()
