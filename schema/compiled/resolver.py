"""How the resolver of a field is called, as Strawberry declares it."""

from collections.abc import Callable
from inspect import unwrap
from operator import attrgetter
from typing import Any

from strawberry.types.field import StrawberryField

from schema.compiled.run import NotCovered, Run
from schema.context import NotAtHand, Paused

Resolve = Callable[[Run, Any, dict[str, Any]], Any]
"""The value of a source, or what was raised."""


def resolver(source: StrawberryField) -> Resolve:
    """The resolver of a field; NotCovered for what may have to be waited for."""
    base = source.base_resolver
    if base is None:
        return _attribute(source.python_name)
    if source.is_async or source.extensions:
        raise NotCovered
    function: Any = unwrap(base.wrapped_func)  # type: ignore[arg-type]
    # Ours are wrapped for graphql-core (schema.fields) and never give something to wait for.
    ours = function is not base.wrapped_func
    parameter = base.parent_parameter or base.root_parameter
    parent = parameter.name if parameter else None
    own = base.self_parameter is not None
    info = base.info_parameter.name if base.info_parameter else None

    def resolve(run: Run, each: Any, given: dict[str, Any]) -> Any:
        named = dict(given)
        if info is not None:
            named[info] = run
        if parent is not None:
            named[parent] = each
        try:
            value = function(each, **named) if own else function(**named)
        except Exception as error:
            return _failed(run, error)
        return value if ours else _at_once(value)

    return resolve


def _attribute(name: str) -> Resolve:
    read = attrgetter(name)

    def resolve(run: Run, each: Any, given: dict[str, Any]) -> Any:
        try:
            return read(each)
        except Exception as error:
            return _failed(run, error)

    return resolve


def _failed(run: Run, error: Exception) -> Exception | None:
    """The error as a value; nothing where something must be loaded first."""
    if isinstance(error, Paused):
        raise error
    if isinstance(error, NotAtHand):
        run.lacking = True
        return None
    return error


def _at_once(value: Any) -> Any:
    """The value; what has to be waited for is left to graphql-core."""
    if hasattr(value, "__await__"):
        if hasattr(value, "close"):
            value.close()
        raise NotCovered
    return value
