"""Frozen dataclasses to plain JSON values and back, by their type hints; nothing is guessed."""

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def plain(value: Any, *, leave_out: frozenset[str] = frozenset()) -> Any:
    """A JSON value: enums by value, dates in ISO form, tuples as lists, dataclasses as objects."""
    if is_dataclass(value) and not isinstance(value, type):
        return {
            f.name: plain(getattr(value, f.name)) for f in fields(value) if f.name not in leave_out
        }
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return value


def restore(kind: type[T], body: Mapping[str, Any]) -> T:
    """The dataclass that `plain` made `body` of; a missing field takes its default."""
    hints = _hints(kind)  # type: ignore[arg-type]
    given = {}
    for f in fields(kind):  # type: ignore[arg-type]
        if f.name in body:
            given[f.name] = _typed(hints[f.name], body[f.name])
        elif f.default is MISSING and f.default_factory is MISSING:
            raise KeyError(f"{kind.__name__} without {f.name}")
    return kind(**given)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _typed(hint: Any, value: Any) -> Any:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        if value is None:
            return None
        return _typed(next(a for a in arguments if a is not NoneType), value)
    if origin is tuple:
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return tuple(_typed(arguments[0], item) for item in value)
        return tuple(_typed(a, item) for a, item in zip(arguments, value, strict=True))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(value)
    if hint is date:
        return date.fromisoformat(value)
    if is_dataclass(hint):
        return restore(hint, value)  # type: ignore[arg-type]
    return value
