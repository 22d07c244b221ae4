"""What a field answers with, by its GraphQL type: how values become JSON text.

Every method gives a text for each value, or None where the value is null and must not be: then the
object that holds it is null, or what holds that.
"""

from collections.abc import Sequence
from typing import Any

from graphql import FieldNode, GraphQLLeafType

from schema.batch import Batch, Same
from schema.compiled import leaves
from schema.compiled.bound import Part, Unbound
from schema.compiled.rows import Column, texts_of
from schema.compiled.run import Run
from schema.compiled.where import AtRows, Where

NULL = "null"
Texts = list[str | None]


class Answer:
    """One level of a field's type: a leaf, an object or a list, and whether it may be null."""

    def __init__(self, name: str, nodes: Sequence[FieldNode], *, nullable: bool) -> None:
        self.name = name
        """Of the field with its type, as messages name it."""
        self.nodes = nodes
        self.nullable = nullable
        self.null = NULL if nullable else None
        self.names: frozenset[str] = frozenset()
        """Variables that decide what is written, beside the values and the publication."""

    def column(self, run: Run, values: Sequence[Any], where: Where) -> Column:
        """Of values as resolvers give them: null, an error or something to write."""
        if isinstance(values, Batch) or (usable := _usable(values)) is None:
            return self.of(run, values, where)
        texts: Texts = [self.null] * len(values)
        for row, value in enumerate(values):
            if isinstance(value, Exception):
                run.fail(where, row, value, self.nodes)
            elif value is None and not self.nullable:
                self.refuse_null(run, where, row)
        if usable:
            found = self.of(run, [values[row] for row in usable], AtRows(where, usable))
            for row, text in zip(usable, texts_of(found, len(usable)), strict=True):
                texts[row] = text
        return texts

    def texts(self, run: Run, values: Sequence[Any], where: Where) -> Texts:
        """The same as a text for each value."""
        return texts_of(self.column(run, values, where), len(values))

    def of(self, run: Run, values: Sequence[Any], where: Where) -> Column:
        """Of values that are there."""
        raise NotImplementedError

    def lone(self, run: Run, value: Any) -> Column | None:
        """Of one value, where its text can be told at once."""
        return None

    def parts(self, run: Run, found: Any) -> list[Part]:
        """For each place of a ground, what a function of `schema.ground.reads` says of it."""
        raise Unbound

    def refuse_null(self, run: Run, where: Where, row: int) -> None:
        message = f"Cannot return null for non-nullable field {self.name}."
        run.fail(where, row, TypeError(message), self.nodes)

    def failed(self, run: Run, where: Where, row: int, error: Exception) -> str | None:
        run.fail(where, row, error, self.nodes)
        return self.null


def _usable(values: Sequence[Any]) -> list[int] | None:
    """Rows whose value is neither null nor an error; None when that holds for all."""
    if len(values) == 1 and values[0] is not None and not isinstance(values[0], Exception):
        return None
    kinds = set(map(type, values))
    if type(None) not in kinds and not any(issubclass(kind, Exception) for kind in kinds):
        return None
    return [
        row
        for row, value in enumerate(values)
        if value is not None and not isinstance(value, Exception)
    ]


class Leaf(Answer):
    """A scalar or an enum."""

    def __init__(self, leaf: GraphQLLeafType, *given: Any, nullable: bool) -> None:
        super().__init__(*given, nullable=nullable)
        self._leaf = leaf
        self._column = leaves.column(leaf)

    def column(self, run: Run, values: Sequence[Any], where: Where) -> Column:
        if self.nullable and None in values and not isinstance(values, Batch):
            present = [value for value in values if value is not None]
            if not present:
                return Same(NULL)
            texts = self._column(present)
            if texts is not None:
                written = iter(texts)
                return [NULL if value is None else next(written) for value in values]
        return super().column(run, values, where)

    def of(self, run: Run, values: Sequence[Any], where: Where) -> Texts:
        found = self._column(values) if values else []
        if found is not None:
            return found  # type: ignore[return-value]
        return [self._one(run, value, where, row) for row, value in enumerate(values)]

    def _one(self, run: Run, value: Any, where: Where, row: int) -> str | None:
        try:
            return leaves.one(self._leaf, value)
        except Exception as error:
            return self.failed(run, where, row, error)
