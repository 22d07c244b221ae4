"""A filter worked out over the rows of a layer: one array a condition, nothing row by row.

What it may ask is bounded: conditions, different properties, regions and their vertices.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from db.core.bounded import Bounded
from schema.context import Context
from service.rest.features.filters.columns import (
    Column,
    folded,
    of_literal,
    of_numbers,
    of_texts,
)
from service.rest.features.filters.geometries import regions_of
from service.rest.features.filters.patterns import matcher
from service.rest.features.filters.reading import Tree, unreadable
from service.rest.features.filters.sums import SUMS, summed
from service.rest.features.filters.truth import Truth
from service.rest.features.layer import Layer, Mask
from service.rest.features.queryables import GEOMETRY, Queryables
from service.rest.features.stacking import STATE
from service.rest.features.systems import System
from service.rest.features.touching import touching
from service.rest.parameter import Malformed

MOST_CONDITIONS = 200
MOST_DEEP = 40
MOST_REGIONS = 4
MOST_LISTED = 1000
_KEPT = "columns of filters"
_MOST_BYTES = 4 * 1024 * 1024
_COMPARED: Mapping[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
_LITERALS = (str, int, float, bool)
_KINDS_NL = {"text": "tekst", "number": "getal", "truth": "ja of nee"}


@dataclass(slots=True)
class Filter:
    """One filter over one layer."""

    context: Context
    layer: Layer
    queryables: Queryables
    system: System
    year: int | None
    _columns: dict[str, Column] = field(default_factory=dict)
    _conditions: int = 0
    _regions: int = 0

    @property
    def size(self) -> int:
        return len(self.layer.ids)

    def mask(self, tree: Tree) -> Mask:
        """The rows of which the filter is true."""
        return self._truth(tree, 0).yes

    def _truth(self, tree: Tree, depth: int) -> Truth:
        self._count(depth)
        if isinstance(tree, bool):
            return Truth.always(self.size, true=tree)
        op, args = _operation(tree)
        if op in ("and", "or"):
            return self._joined(op, args, depth)
        if op == "not":
            return self._truth(_exactly(op, args, 1)[0], depth + 1).opposite
        return self._condition(op, args)

    def _count(self, depth: int) -> None:
        """One condition or sum more."""
        self._conditions += 1
        if self._conditions > MOST_CONDITIONS or depth > MOST_DEEP:
            raise unreadable(
                f"it has more than {MOST_CONDITIONS} conditions, or they lie more than "
                f"{MOST_DEEP} deep",
                f"het heeft meer dan {MOST_CONDITIONS} voorwaarden, of ze liggen meer dan "
                f"{MOST_DEEP} diep",
            )

    def _joined(self, op: str, args: Sequence[Tree], depth: int) -> Truth:
        if len(args) < 2:
            raise _wrong_arguments(op)
        found = self._truth(args[0], depth + 1)
        for each in args[1:]:
            other = self._truth(each, depth + 1)
            found = found.both(other) if op == "and" else found.either(other)
        return found

    def _condition(self, op: str, args: Sequence[Tree]) -> Truth:
        if op in _COMPARED:
            left, right = (self._value(each) for each in _exactly(op, args, 2))
            return self._compared(_COMPARED[op], left, right)
        if op == "isNull":
            return self._absent(_exactly(op, args, 1)[0])
        if op == "between":
            value, low, high = (self._value(each) for each in _exactly(op, args, 3))
            above = self._compared(operator.ge, value, low)
            return above.both(self._compared(operator.le, value, high))
        if op == "in":
            return self._listed(*_exactly(op, args, 2))
        if op == "like":
            return self._like(*_exactly(op, args, 2))
        if op == "s_intersects":
            return self._intersects(*_exactly(op, args, 2))
        raise _no_such_operation(op)

    def _compared(self, by: Callable[[Any, Any], Any], left: Column, right: Column) -> Truth:
        if left.kind != right.kind:
            kinds = {left.kind, right.kind}
            raise unreadable(
                f"it compares a {left.kind} with a {right.kind}",
                "het vergelijkt " + " met ".join(_KINDS_NL[each] for each in sorted(kinds)),
            )
        known = np.broadcast_to(left.present & right.present, (self.size,))
        true = np.broadcast_to(by(left.values, right.values), (self.size,))
        return Truth.of(true, known)

    def _absent(self, tree: Tree) -> Truth:
        name = _property(tree)
        if name == GEOMETRY:
            return Truth(self._shapeless, ~self._shapeless)
        present = np.broadcast_to(self._value(tree).present, (self.size,))
        return Truth(~present, present.copy())

    @property
    def _shapeless(self) -> Mask:
        return np.isnan(self.layer.boxes(self.context)[:, 0])

    def _listed(self, tree: Tree, options: Tree) -> Truth:
        if not isinstance(options, list) or not 1 <= len(options) <= MOST_LISTED:
            raise unreadable(
                f"IN takes 1 to {MOST_LISTED} values", f"IN neemt 1 tot {MOST_LISTED} waarden"
            )
        value = self._value(tree)
        if all(isinstance(each, str) for each in options) and value.kind == "text":
            true = np.isin(value.values, np.array(options, np.str_))
            known = np.broadcast_to(value.present, (self.size,))
            return Truth.of(np.broadcast_to(true, (self.size,)), known)
        found = Truth.always(self.size, true=False)
        for each in options:
            found = found.either(self._compared(operator.eq, value, self._value(each)))
        return found

    def _like(self, tree: Tree, pattern: Tree) -> Truth:
        value, wanted = self._value(tree), self._value(pattern)
        if value.kind != "text" or wanted.kind != "text" or wanted.values.size != 1:
            raise unreadable("LIKE takes a text and a pattern", "LIKE neemt tekst en patroon")
        matches = matcher(str(wanted.values[0]))
        true = np.array([matches(each) for each in value.values.tolist()], np.bool_)
        known = np.broadcast_to(value.present, (self.size,))
        return Truth.of(np.broadcast_to(true, (self.size,)), known)

    def _intersects(self, left: Tree, right: Tree) -> Truth:
        self._regions += 1
        if self._regions > MOST_REGIONS:
            raise unreadable(
                f"it has more than {MOST_REGIONS} geometries",
                f"het heeft meer dan {MOST_REGIONS} geometrieën",
            )
        if _property(left) is None:
            left, right = right, left
        name = _property(left)
        if name is None or _property(right) is not None:
            raise unreadable(
                "S_INTERSECTS takes the property geometry and a geometry",
                "S_INTERSECTS neemt de eigenschap geometry en een geometrie",
            )
        if name != GEOMETRY:
            raise self.queryables.unknown(name)
        masks = [
            touching(self.context, self.layer, each) for each in regions_of(right, self.system)
        ]
        return Truth.of(np.logical_or.reduce(masks), ~self._shapeless)

    def _value(self, tree: Tree, depth: int = 0) -> Column:
        name = _property(tree)
        if name is not None:
            return self._column(name)
        if isinstance(tree, _LITERALS):
            return of_literal(tree)
        if isinstance(tree, dict) and tree.get("op") == "casei":
            op, args = _operation(tree)
            inner = self._value(_exactly(op, args, 1)[0])
            if inner.kind != "text":
                raise unreadable("CASEI takes a text", "CASEI neemt een tekst")
            return folded(inner)
        if isinstance(tree, dict) and tree.get("op") in SUMS:
            op, args = _operation(tree)
            self._count(depth)
            left, right = (self._value(each, depth + 1) for each in _exactly(op, args, 2))
            return summed(op, left, right)
        if isinstance(tree, dict) and "op" in tree:
            raise _no_such_operation(str(tree["op"]))
        raise unreadable(
            "a comparison is between properties, texts, numbers and true or false",
            "een vergelijking gaat tussen eigenschappen, teksten, getallen en waar of onwaar",
        )

    def _column(self, name: str) -> Column:
        if name not in self._columns:
            self._columns[name] = self._made(name)
        return self._columns[name]

    def _made(self, name: str) -> Column:
        queryables = self.queryables
        if name in queryables.texts:
            return self._kept(name, lambda: of_texts(self.layer.texts(self.context, name)))
        definition = queryables.definition
        if definition is not None and name in [each.name for each in queryables.counted]:
            counts = self.layer.stacking(self.context, definition, self.year)
            return of_texts(counts.words) if name == STATE else of_numbers(counts.numbers(name))
        slug, of_status = queryables.indicator_of(name)
        if len(self._columns) >= queryables.most_at_once:
            raise unreadable(
                f"it asks for more than {queryables.most_at_once} properties",
                f"het vraagt naar meer dan {queryables.most_at_once} eigenschappen",
            )
        return self._kept(name, lambda: self._of_indicator(slug, of_status=of_status))

    def _of_indicator(self, slug: str, *, of_status: bool) -> Column:
        if of_status:
            return of_texts(list(self.layer.statuses(self.context, slug, self.year)))
        return of_numbers(self.layer.numbers(self.context, slug, self.year))

    def _kept(self, name: str, make: Callable[[], Column]) -> Column:
        """The column as an earlier request made it: most maps filter on the same few."""
        kept: Bounded[object, Column] = self.context.facts.remember(
            _KEPT, lambda: Bounded(_MOST_BYTES)
        )
        key = (self.layer.collection.id, name, self.year)
        found = kept.get(key)
        if found is None:
            found = make()
            kept.keep(key, found, found.nbytes)
        return found


def _operation(tree: Tree) -> tuple[str, Sequence[Tree]]:
    if isinstance(tree, dict):
        op, args = tree.get("op"), tree.get("args")
        if isinstance(op, str) and isinstance(args, list):
            return op, args
    raise unreadable(
        "a condition was expected, such as naam = 'Centrum'",
        "er werd een voorwaarde verwacht, zoals naam = 'Centrum'",
    )


def _exactly(op: str, args: Sequence[Tree], count: int) -> Sequence[Tree]:
    if len(args) != count:
        raise _wrong_arguments(op)
    return args


def _property(tree: Tree) -> str | None:
    name = tree.get("property") if isinstance(tree, dict) else None
    return name if isinstance(name, str) else None


def _wrong_arguments(op: str) -> Malformed:
    return unreadable(
        f"{op[:40]} has the wrong number of arguments", f"{op[:40]} heeft een verkeerd aantal delen"
    )


def _no_such_operation(op: str) -> Malformed:
    known = ", ".join(("and", "or", "not", *_COMPARED, *_FURTHER, *SUMS))
    return unreadable(
        f"{op[:40]!r} is not taken here; known: {known}",
        f"{op[:40]!r} wordt hier niet genomen; bekend: {known}",
    )


_FURTHER = ("isNull", "between", "in", "like", "casei", "s_intersects")
