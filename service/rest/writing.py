"""JSON answers of records, texts in the language of the reader."""

from collections.abc import Callable
from typing import Any, TypeVar

import orjson

from schema.context import Context
from service.rest.operation import Answer, Asked
from service.rest.record import Both, Record

S = TypeVar("S")
_AS_UTC = orjson.OPT_UTC_Z


def written(asked: Asked, record: Record[S], source: S) -> Answer:
    """One object as plain JSON."""
    return Answer(json_text(record, source, asked.context, asked.language))


def json_text(record: Record[S], source: S, context: Context, language: str) -> bytes:
    """The same as bytes, in a language."""
    return orjson.dumps(record.write(source, context), default=_CHOSEN[language], option=_AS_UTC)


def _dutch(value: Any) -> str | None:
    return _both(value).nl


def _english(value: Any) -> str | None:
    return _both(value).en


def _both(value: Any) -> Both:
    if isinstance(value, Both):
        return value
    raise TypeError(type(value).__name__)


_CHOSEN: dict[str, Callable[[Any], str | None]] = {"nl": _dutch, "en": _english}
