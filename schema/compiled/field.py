"""A field of one type under one key: asked of a batch, or bound to a ground."""

from collections.abc import Callable, Sequence
from typing import Any, cast

from graphql import FieldNode, GraphQLError
from strawberry.types.field import StrawberryField

from schema.batch import Cycle, Linked, Same, Slots, answer_together
from schema.compiled.answer import Answer, Leaf
from schema.compiled.arguments import Arguments
from schema.compiled.bound import Part, Unbound, constant, list_of, read
from schema.compiled.lists import ListOf
from schema.compiled.objects import Object
from schema.compiled.resolver import resolver
from schema.compiled.rows import Column
from schema.compiled.run import Run
from schema.compiled.where import AtKey, Where
from schema.context import NotAtHand, Paused
from schema.ground import Ground, reading

_NOTHING: dict[str, Any] = {}
_WRITTEN = frozenset({list, Same, Cycle})


class TypeName:
    """`__typename`: known when the document is planned."""

    names: frozenset[str] = frozenset()
    light = True

    def alone(self, run: Run, source: Any, where: Where) -> Column:
        return self._text

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
        self._value = resolver(source)
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
                found = at_once(batch, run.context)
            else:
                found = at_once(batch, run.context, **self._given(run, self._arguments))
        except Paused:
            raise
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
        found = how(ground, run.context, **given)
        if isinstance(found, Same):
            return [constant(found.text)] * ground.width
        if isinstance(found, Cycle) and len(found.texts) == ground.width:
            return list(map(constant, found.texts))
        if isinstance(found, list):
            return [list_of([*map(read, e)]) if isinstance(e, list) else read(e) for e in found]
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
        if len(batch) == 1:
            return self.alone(run, batch[0], where)
        given, answer, value = _NOTHING, self._answer, self._value
        if self._arguments is not None:
            try:
                given = self._given(run, self._arguments)
            except GraphQLError as error:
                return answer.column(run, [error] * len(batch), AtKey(where, self.key))
        found = [value(run, each, given) for each in batch]
        return answer.column(run, found, AtKey(where, self.key))

    def alone(self, run: Run, source: Any, where: Where) -> Column:
        """The text of one row, by the resolver."""
        try:
            given = _NOTHING if self._arguments is None else self._arguments(run.variables)
        except GraphQLError as error:
            found: Any = error
        else:
            found = self._value(run, source, given)
        answer = self._answer
        return answer.lone(run, found) or answer.column(run, [found], AtKey(where, self.key))

    def _given(self, run: Run, arguments: Arguments) -> dict[str, Any]:
        found = run.given.get(self)
        if found is None:
            found = run.given[self] = arguments(run.variables)
        return found
