"""The plan of an operation: which fields of which types, and how each is answered."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any
from weakref import ref

from graphql import GraphQLSchema

from db.core.bounded import Bounded
from schema.batch import Batch, Cycle, Same
from schema.compiled.bound import Bound, Part, Unbound, object_of
from schema.compiled.field import Field, TypeName
from schema.compiled.rows import Column, Pieces, Rows, lists_from, pieces_of, varying_of
from schema.compiled.run import Run
from schema.compiled.where import Root, Where
from schema.ground import Ground, Kept

_MOST_PATTERNS = 8
_MARK_BYTES = 400
_ABSENT = object()


class Selection:
    """What is asked of objects of one type."""

    def __init__(self, fields: Sequence[Field | TypeName]) -> None:
        self._fields = fields
        self._rows = Rows([field.key for field in fields])
        self._patterns: Bounded[tuple[Any, ...], Pattern] = Bounded(_MOST_PATTERNS)
        self.names: frozenset[str] = frozenset().union(*[field.names for field in fields])
        """Variables that decide what is written, beside the sources and the publication."""
        self._deciding = sorted(self.names)
        self._all = itemgetter(*self._deciding) if self._deciding else None
        self._own = ref(self)
        self.light = all(field.light for field in fields)

    def column(self, run: Run, batch: Sequence[Any], where: Where) -> Column:
        """The text of every object; None where it cannot be given."""
        ground = getattr(batch, "ground", None)
        bound = None if ground is None else self._bound(run, batch, ground(run.context))
        if bound is not None:
            return bound
        columns = [field.column(run, batch, where) for field in self._fields]
        if run.errors and _has_none(columns):
            return self._rows.with_nulls(columns, len(batch))
        return self._rows.objects(columns, len(batch))

    def pieces(self, run: Run, source: Any) -> list[str]:
        """The text of the one object that an answer is, in pieces."""
        where, pieces = Root(), []
        for opening, field in zip(self._rows.openings, self._fields, strict=True):
            pieces.append(opening)
            pieces += pieces_of(field.alone(run, source, where))
        if run.errors and None in pieces:
            return ["null"]
        pieces.append("}" if pieces else "{}")
        return pieces

    def parts(self, run: Run, ground: Ground) -> list[Part]:
        """For each place of a ground the object there; Unbound where it cannot be told by place."""
        fields = [field.parts(run, ground) for field in self._fields]
        keys = [field.key for field in self._fields]
        return [object_of(keys, [parts[i] for parts in fields]) for i in range(ground.width)]

    def at(self, run: Run, ground: Kept, row: Any) -> Column | None:
        """The text of one row of a ground, where it is bound to that."""
        context = run.context
        try:
            bound = self._known(run, ground)[1]
            return Pieces(bound.pieces(context, row)) if bound else None
        except Exception:
            # The ordinary way says what is lacking, or what could not be loaded, and where.
            return None

    def _known(self, run: Run, ground: Kept) -> tuple[Hashable, Any]:
        """What is bound to a ground, and under which key: None before the second time."""
        key: Any = (self._own, run.context.language, ground.name)
        if self._deciding:
            key += (self._decide(run.variables),)
        try:
            return key, ground.bound.get(key)
        except TypeError:
            key = tuple(map(_as_key, key))
            return key, ground.bound.get(key)

    def _decide(self, values: Mapping[str, Any]) -> Any:
        """The values of all variables that decide what is written."""
        assert self._all is not None
        try:
            return self._all(values)
        except KeyError:
            return tuple([values.get(name, _ABSENT) for name in self._deciding])

    def _bound(self, run: Run, batch: Any, ground: Kept | None) -> Column | None:
        """The same by a template for all rows of the batch's ground, where there can be one."""
        if ground is None:
            return None
        key, bound = self._known(run, ground)
        if bound is None:
            bound = self._bind(run, ground, key)
        try:
            return bound.column(run.context, batch.ordinals) if bound else None
        except Exception:
            # The ordinary way says what is lacking, or what could not be loaded, and where.
            return None

    def _bind(self, run: Run, ground: Kept, key: Hashable) -> "Bound | None":
        """What was worked out for a ground is kept; it is worked out at second sight."""
        if key not in ground.bound.held:
            ground.bound.keep(key, None, _MARK_BYTES)
            return None
        inner = Run(run.schema, run.context, run.variables)
        try:
            bound = Bound(self.parts(inner, ground)[0])
        except Unbound:
            ground.bound.keep(key, False, _MARK_BYTES)
            return None
        except Exception:
            # Something is lacking or refused: the ordinary way says what, and where.
            return None
        ground.bound.keep(key, bound, bound.weight)
        return bound

    def lists(self, run: Run, batch: Batch, width: int, where: Where) -> Column | None:
        """The same in lists of `width`; None where one of the objects cannot be given."""
        pattern = (batch.pattern, width, run.context.language) if self._repeats(batch) else None
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

    def run(
        self, schema: GraphQLSchema, context: Any, variables: Mapping[str, Any], source: Any = None
    ) -> Run:
        """The answer from what is at hand."""
        run = Run(schema, context, variables)
        run.pieces = self._root.pieces(run, source)
        return run


def _as_key(value: Any) -> Any:
    """A variable's value as part of a key."""
    if value.__class__ is list or value.__class__ is tuple:
        return tuple(map(_as_key, value))
    # An object of input types is the same as no other.
    return value if isinstance(value, Hashable) else object()
