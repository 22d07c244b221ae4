"""The plan of an operation: which fields of which types, and how each is answered."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from inspect import unwrap
from operator import attrgetter
from typing import Any, cast
from weakref import ref

from graphql import FieldNode, GraphQLError
from strawberry.types.field import StrawberryField

from db.core.bounded import Bounded
from schema.batch import (
    Batch,
    Cycle,
    Linked,
    Same,
    Slots,
    answer_together,
)
from schema.compiled.answer import Answer, Leaf
from schema.compiled.arguments import Arguments
from schema.compiled.bound import Bound, Part, Unbound, constant, object_of, read
from schema.compiled.lists import ListOf
from schema.compiled.objects import Object
from schema.compiled.rows import Column, Pieces, Rows, lists_from, texts_of, varying_of
from schema.compiled.run import Info, NotCovered, Run
from schema.compiled.where import AtKey, Root, Where
from schema.context import NotAtHand
from schema.ground import Ground, Kept, reading

_MOST_PATTERNS = 8
_MARK_BYTES = 400
_ABSENT = object()
_NOTHING: dict[str, Any] = {}
_WRITTEN = frozenset({list, Same, Cycle})


class TypeName:
    """`__typename`: known when the document is planned."""

    names: frozenset[str] = frozenset()
    light = True

    def __init__(self, key: str, type_name: str) -> None:
        self.key = key
        self._text = Same(f'"{type_name}"')

    def parts(self, run: Run, ground: Ground) -> list[Part]:
        return [constant(self._text.text)] * ground.width

    def column(self, run: Run, batch: Sequence[Any], where: Where) -> Column:
        return self._text


class Field:
    """A field of one type under one key."""

    def __init__(
        self,
        key: str,
        nodes: Sequence[FieldNode],
        source: StrawberryField,
        arguments: Arguments | None,
        answer: Answer,
    ) -> None:
        self.key = key
        self._name = source.python_name
        self._arguments = arguments
        self._answer = answer
        self._resolver = _resolver(source)
        self._at_once: dict[type, Callable[..., Any] | None] = {list: None, tuple: None}
        self.names = answer.names if arguments is None else answer.names | arguments.names
        """Variables that decide the answer, beside the source and the publication."""
        self.light = isinstance(answer, Leaf)

    def column(self, run: Run, batch: Sequence[Any], where: Where) -> Column:
        """The text of every row; None where a null or an error takes the row with it."""
        kind = batch.__class__
        if kind not in self._at_once:
            self._at_once[kind] = answer_together(kind, self._name)
        at_once = self._at_once[kind]
        if at_once is None:
            return self._one_by_one(run, batch, where)
        try:
            if self._arguments is None:
                found = at_once(batch, run.info.context)
            else:
                found = at_once(batch, run.info.context, **self._given(run, self._arguments))
        except NotAtHand:
            run.lacking = True
            return Same("null")
        except Exception as error:
            return self._answer.column(run, [error] * len(batch), AtKey(where, self.key))
        if found.__class__ in _WRITTEN:
            return cast(Column, found)
        return self._completed(run, batch, found, where)

    def parts(self, run: Run, ground: Ground) -> list[Part]:
        """For each place of a ground the text there; Unbound where it cannot be told by place."""
        how = reading(ground.__class__, self._name)
        if how is None:
            raise Unbound
        given = {} if self._arguments is None else self._given(run, self._arguments)
        found = how(ground, run.info.context, **given)
        if isinstance(found, Same):
            return [constant(found.text)] * ground.width
        if isinstance(found, Cycle) and len(found.texts) == ground.width:
            return list(map(constant, found.texts))
        if isinstance(found, list):
            return list(map(read, found))
        return self._answer.parts(run, found)

    def _completed(self, run: Run, batch: Sequence[Any], found: Any, where: Where) -> Column:
        """The texts of what a batch answered with, where it did not write them itself."""
        at, answer, count = AtKey(where, self.key), self._answer, len(batch)
        if isinstance(found, Linked):
            assert isinstance(answer, Object)
            return answer.linked(run, found, count, at)
        if found is NotImplemented:
            return self._one_by_one(run, batch, where)
        assert isinstance(answer, ListOf)
        if isinstance(found, Slots):
            return answer.slots(run, found, count, at)
        return answer.joined(run, found.sources, found.counts, at)

    def _one_by_one(self, run: Run, batch: Sequence[Any], where: Where) -> Column:
        given = _NOTHING
        at = AtKey(where, self.key)
        if self._arguments is not None:
            try:
                given = self._given(run, self._arguments)
            except GraphQLError as error:
                return self._answer.column(run, [error] * len(batch), at)
        return self._answer.column(run, self._resolver(run, batch, given), at)

    def _given(self, run: Run, arguments: Arguments) -> dict[str, Any]:
        found = run.given.get(self)
        if found is None:
            found = run.given[self] = arguments(run.variables)
        return found


Resolve = Callable[[Run, Sequence[Any], dict[str, Any]], list[Any]]
"""The value of every source, or what was raised."""


def _resolver(source: StrawberryField) -> Resolve:
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

    def resolve(run: Run, batch: Sequence[Any], given: dict[str, Any]) -> list[Any]:
        named = dict(given)
        if info is not None:
            named[info] = run.info
        values: list[Any] = []
        for each in batch:
            if parent is not None:
                named[parent] = each
            try:
                values.append(function(each, **named) if own else function(**named))
            except NotAtHand:
                run.lacking = True
                values.append(None)
            except Exception as error:
                values.append(error)
        if not ours:
            _refuse_awaitables(values)
        return values

    return resolve


def _attribute(name: str) -> Resolve:
    read = attrgetter(name)

    def resolve(run: Run, batch: Sequence[Any], given: dict[str, Any]) -> list[Any]:
        try:
            values = list(map(read, batch))
        except Exception:
            values = [_or_error(read, each, run) for each in batch]
        return values

    return resolve


def _or_error(read: Callable[[Any], Any], source: Any, run: Run) -> Any:
    try:
        return read(source)
    except NotAtHand:
        run.lacking = True
        return None
    except Exception as error:
        return error


def _refuse_awaitables(values: Sequence[Any]) -> None:
    if any(hasattr(kind, "__await__") for kind in set(map(type, values))):
        for value in values:
            if hasattr(value, "close"):
                value.close()
        raise NotCovered


class Selection:
    """What is asked of objects of one type."""

    def __init__(self, fields: Sequence[Field | TypeName]) -> None:
        self._fields = fields
        self._rows = Rows([field.key for field in fields])
        self._patterns: Bounded[tuple[Any, ...], Pattern] = Bounded(_MOST_PATTERNS)
        self.names: frozenset[str] = frozenset().union(*[field.names for field in fields])
        """Variables that decide what is written, beside the sources and the publication."""
        self._deciding = sorted(self.names)
        self._own = ref(self)
        self.light = all(field.light for field in fields)

    def column(self, run: Run, batch: Sequence[Any], where: Where) -> Column:
        """The text of every object; None where it cannot be given."""
        ground = getattr(batch, "ground", None)
        bound = None if ground is None else self._bound(run, batch, ground(run.info.context))
        if bound is not None:
            return bound
        columns = [field.column(run, batch, where) for field in self._fields]
        if run.errors and _has_none(columns):
            return self._rows.with_nulls(columns, len(batch))
        return self._rows.objects(columns, len(batch))

    def parts(self, run: Run, ground: Ground) -> list[Part]:
        """For each place of a ground the object there; Unbound where it cannot be told by place."""
        fields = [field.parts(run, ground) for field in self._fields]
        keys = [field.key for field in self._fields]
        return [object_of(keys, [parts[i] for parts in fields]) for i in range(ground.width)]

    def _bound(self, run: Run, batch: Any, ground: Kept | None) -> Column | None:
        """The same by a template for all rows of the batch's ground, where there can be one."""
        if ground is None:
            return None
        context, values = run.info.context, run.variables
        key: Any = (self._own, context.language, *[values.get(n, _ABSENT) for n in self._deciding])
        try:
            bound = ground.bound.get(key)
        except TypeError:
            key = tuple(map(_as_key, key))
            bound = ground.bound.get(key)
        if bound is None:
            bound = self._bind(run, ground, key)
        try:
            return bound.column(context, batch.ordinals) if bound else None
        except Exception:
            # The ordinary way says what is lacking, or what could not be loaded, and where.
            return None

    def _bind(self, run: Run, ground: Kept, key: Hashable) -> "Bound | None":
        """What was worked out for a ground is kept; it is worked out at second sight."""
        if key not in ground.bound.held:
            ground.bound.keep(key, None, _MARK_BYTES)
            return None
        inner = Run(run.info, run.variables)
        try:
            bound = Bound(self.parts(inner, ground)[0])
        except Unbound:
            ground.bound.keep(key, False, _MARK_BYTES)
            return None
        except (NotAtHand, GraphQLError):
            return None
        ground.bound.keep(key, bound, bound.weight)
        return bound

    def lists(self, run: Run, batch: Batch, width: int, where: Where) -> Column | None:
        """The same in lists of `width`; None where one of the objects cannot be given."""
        pattern = (
            (batch.pattern, width, run.info.context.language) if self._repeats(batch) else None
        )
        known = None if pattern is None else self._patterns.get(pattern)
        if known is not None:
            before = len(run.errors)
            columns = [field.column(run, batch, where) for field in known.varying]
            # A field that was written at once before may now wait for more rows, or the reverse.
            if len(run.errors) == before and all(each.__class__ is list for each in columns):
                return known.lists(columns, len(batch))
            del run.errors[before:]
        columns = [field.column(run, batch, where) for field in self._fields]
        if run.errors and _has_none(columns):
            return None
        if pattern is not None and not run.lacking:
            self._learn(pattern, columns, width)
        return self._rows.lists(columns, len(batch), width)

    def _repeats(self, batch: Batch) -> bool:
        return not self.names and batch.pattern is not None

    def _learn(self, pattern: tuple[Any, ...], columns: Sequence[Column], width: int) -> None:
        """Keep what is the same for all batches of a pattern: only the rest is asked again."""
        if all(isinstance(each, list | Same | Cycle) for each in columns):
            template = self._rows.template(columns, width)
            if template is not None:
                pairs = zip(self._fields, columns, strict=True)
                varying = [field for field, column in pairs if isinstance(column, list)]
                self._patterns.keep(pattern, Pattern(template, width, varying))


@dataclass(frozen=True, slots=True)
class Pattern:
    """Lists of objects of which all is known but some fields."""

    template: str
    width: int
    varying: list[Field | TypeName]

    def lists(self, columns: Sequence[Column], count: int) -> Column:
        return lists_from(self.template, varying_of(columns), count, self.width)


def _has_none(columns: Sequence[Column]) -> bool:
    return any(isinstance(column, list) and None in column for column in columns)


class Plan:
    """An operation, ready to be run any number of times."""

    def __init__(self, root: Selection) -> None:
        self._root = root

    def run(self, info: Info, variables: Mapping[str, Any], source: Any = None) -> "Ran":
        """The answer from what is at hand."""
        run = Run(info, variables)
        column = self._root.column(run, [source], Root())
        if isinstance(column, Pieces):
            return Ran(column.parts, run.errors, run.lacking)
        (text,) = texts_of(column, 1)
        return Ran([text or "null"], run.errors, run.lacking)


class Ran:
    """The JSON text of `data` in pieces, what went wrong, and whether something was lacking."""

    __slots__ = ("errors", "lacking", "pieces")

    def __init__(self, pieces: list[str], errors: list[GraphQLError], lacking: bool) -> None:
        self.pieces = pieces
        self.errors = errors
        self.lacking = lacking


def _as_key(value: Any) -> Any:
    """A variable's value as part of a key."""
    if value.__class__ is list:
        return tuple(map(_as_key, value))
    # An object of input types is the same as no other.
    return value if isinstance(value, Hashable) else object()
