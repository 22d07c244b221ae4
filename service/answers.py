"""GraphQL errors and answers as bytes. Nothing a caller was not meant to read gets into one."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import orjson
from graphql import GraphQLError

from db.core.errors import LeefbaarheidError
from service.problems import log_fault
from service.request import Refused

# An error class to the code and further extensions shown for it; None for a fault of ours.
CodeOf = Callable[[BaseException], tuple[str, Mapping[str, Any]] | None]
UNAVAILABLE = "UNAVAILABLE"
_UNAVAILABLE = "the store does not answer just now; ask again shortly"
_WRITTEN = orjson.OPT_NON_STR_KEYS


class Errors:
    """Turns what was raised into what is shown, by one table of codes."""

    def __init__(self, code_of: CodeOf) -> None:
        self._code_of = code_of

    def shown(self, error: GraphQLError) -> dict[str, Any]:
        """One error in the response format, always with a code."""
        cause = _cause(error)
        if cause is None:
            return _of_graphql(error)
        message, extensions = self._public(cause)
        shown: dict[str, Any] = {"message": message}
        if error.locations:
            shown["locations"] = [{"line": at.line, "column": at.column} for at in error.locations]
        if error.path:
            shown["path"] = error.path
        return shown | {"extensions": extensions}

    def of_exception(self, error: BaseException) -> dict[str, Any]:
        """An error raised before any field was reached."""
        message, extensions = self._public(error)
        return {"message": message, "extensions": extensions}

    def _public(self, cause: BaseException) -> tuple[str, dict[str, Any]]:
        known = self._code_of(cause)
        if known is not None:
            code, further = known
            if isinstance(cause, LeefbaarheidError):
                return str(cause), {**further, "code": code}
            if code == UNAVAILABLE:
                return _UNAVAILABLE, {"code": code}
        if isinstance(cause, LeefbaarheidError):
            return str(cause), {"code": "BAD_USER_INPUT"}
        return "Internal error", {"code": "INTERNAL", "requestId": log_fault(cause)}


def _cause(error: GraphQLError) -> BaseException | None:
    """What our own code raised; None when GraphQL itself found the fault."""
    cause: BaseException | None = error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause


def _of_graphql(error: GraphQLError) -> dict[str, Any]:
    extensions = {"code": "BAD_USER_INPUT", **(error.extensions or {})}
    return {**error.formatted, "extensions": extensions}


def status_of(shown: Iterable[Mapping[str, Any]], *, otherwise: int) -> int:
    """503 when the store was away, so that a client asks again; else what is usual."""
    away = any(error["extensions"]["code"] == UNAVAILABLE for error in shown)
    return 503 if away else otherwise


def refused(refusal: Refused) -> dict[str, Any]:
    return {"message": refusal.message, "extensions": {"code": refusal.code}}


def written(
    *,
    data: bytes | None = None,
    errors: Iterable[Mapping[str, Any]] = (),
    extensions: Mapping[str, Any] | None = None,
) -> bytes:
    """An answer; without data it has no such key, which is what marks a request error."""
    listed = list(errors)
    answer: dict[str, Any] = {}
    if listed:
        answer["errors"] = listed
    if data is not None:
        answer["data"] = orjson.Fragment(data)
    if extensions:
        answer["extensions"] = extensions
    return orjson.dumps(answer, option=_WRITTEN)


def json_bytes(value: Mapping[str, Any] | None) -> bytes:
    return orjson.dumps(value, option=_WRITTEN)
