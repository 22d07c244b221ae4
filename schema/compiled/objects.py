"""Fields with an object: of one type or of several, each written once however many share it."""

from collections.abc import Callable, Iterable, Sequence
from sys import getsizeof
from typing import TYPE_CHECKING, Any, cast
from weakref import ref

from graphql import GraphQLAbstractType, GraphQLError, GraphQLObjectType

from db.core.bounded import Bounded
from schema.batch import Batch, Cycle, Linked, grouped
from schema.compiled.answer import NULL, Answer, Texts
from schema.compiled.bound import Part, Unbound, Variants, constant, read
from schema.compiled.rows import Column, texts_of
from schema.compiled.run import Info, NotCovered, Run
from schema.compiled.where import AtRows, Root, Where
from schema.ground import Elsewhere, Ground, Listed, Moved

if TYPE_CHECKING:
    from schema.compiled.plan import Selection

_MANY = 500
_FEW = 100
"""Objects that are written for later requests too, whatever is asked of them."""
_WRITTEN: Bounded[tuple[object, object, str], Texts] = Bounded(32 * 1024 * 1024)
"""Texts of all plans in this process, by bytes; those of a plan that is gone go in their turn."""


class Object(Answer):
    """An object of one type, or of one of several."""

    def __init__(
        self,
        declared: GraphQLObjectType | GraphQLAbstractType,
        selection: "Callable[[str], Selection]",
        *given: Any,
        nullable: bool,
    ) -> None:
        super().__init__(*given, nullable=nullable)
        self._declared = declared
        plain = isinstance(declared, GraphQLObjectType) and declared.is_type_of is None
        self._only = declared.name if plain else None
        """The type of every object, where nothing needs to be asked of them."""
        self._selection = selection
        self._known: dict[str, Selection] = {}
        self.light = True
        """Whether nothing but leaves is asked of the objects."""
        self._own = ref(self)

    def selection(self, type_name: str) -> "Selection":
        """What is asked of objects of a type."""
        found = self._known.get(type_name)
        if found is None:
            found = self._known[type_name] = self._selection(type_name)
            self.names |= found.names
            self.light = self.light and found.light
        return found

    def of(self, run: Run, values: Sequence[Any], where: Where) -> Column:
        if isinstance(values, Batch):
            return self._nulled(self.selection(values.type_name).column(run, values, where))
        if not values:
            return []
        batches = getattr(values[0], "batches", None)
        if len(values) > 1 and len(set(map(type, values))) > 1:
            batches = None
        if batches is None:
            if self._only is not None:
                return self._nulled(self.selection(self._only).column(run, values, where))
            return self._one_by_one(run, values, where)
        found = batches(values)
        if len(found) == 1:
            batch = found[0][0]
            name = self._only or batch.type_name
            return self._nulled(self.selection(name).column(run, batch, where))
        return self._scattered(run, found, len(values), where)

    def linked(self, run: Run, linked: Linked, count: int, where: Where) -> Column:
        """Texts of objects that several rows may share."""
        sources, rows = linked.sources, linked.rows
        if rows is None and not linked.cycle:
            return self.column(run, sources, where)
        if rows is not None and not self.nullable and -1 in rows:
            return self.column(run, _valued(linked, count), where)
        known = len(run.errors)
        texts = self._shared(run, linked, where)
        if texts is None or len(run.errors) > known:
            # An error is told of every row that has it, with its own path.
            del run.errors[known:]
            return self.column(run, _valued(linked, count), where)
        chosen = texts[:-1] if rows is None else [texts[row] for row in rows]
        return Cycle(chosen) if linked.cycle else chosen  # type: ignore[arg-type]

    def parts(self, run: Run, found: Any) -> list[Part]:
        if isinstance(found, Elsewhere):
            parts = [self.asked(run, each) for each in found.grounds]
            if found.which is not None:
                at = found.at or range(len(found.which))
                return [read(Variants([each for (each,) in parts], found.which, at))]
            if found.at is None:
                return parts[0]
            moved = [Moved([reader], found.at) for reader in parts[0][0].readers]
            return [Part(parts[0][0].template, tuple(moved))]
        if not isinstance(found, Linked) or not found.lasting:
            raise Unbound
        texts = self._shared(run, found, Root())
        if texts is None or run.errors or None in texts or run.lacking:
            raise Unbound
        rows, known = found.rows or range(len(found.sources)), cast("list[str]", texts)
        if found.cycle:
            return [constant(known[row]) for row in rows]
        return [read(Listed([known[row] for row in rows]))]

    def asked(self, run: Run, ground: Ground) -> list[Part]:
        """What is asked of the objects of a ground."""
        return self.selection(self._only or ground.type_name).parts(run, ground)

    def lone(self, run: Run, value: Any) -> Column | None:
        """The text of one object by what is bound to its ground; None where nothing is yet."""
        standing_on = getattr(value, "standing_on", None)
        if standing_on is None:
            return None
        found = standing_on(run.context)
        if found is None:
            return None
        ground, row = found
        return self.selection(self._only or ground.type_name).at(run, ground, row)

    def _shared(self, run: Run, linked: Linked, where: Where) -> Texts | None:
        """Texts of all sources, and of none: a row of -1. None where not all should be written."""
        sources = linked.sources
        if not linked.lasting or self.names or len(sources) > _MANY:
            if linked.rows is not None and len(linked.rows) < len(sources):
                return None
            return [*self.texts(run, sources, where), NULL]
        # What a publication says of an indicator or a gemeente is written once for all requests.
        key = (self._own, sources, run.context.language)
        found = _WRITTEN.get(key)
        if found is None:
            if len(sources) > _FEW and not self.light:
                return None
            found = [*self.texts(run, sources, where), NULL]
            if not run.errors and not run.lacking:
                _WRITTEN.keep(key, found, sum(map(getsizeof, found)) + getsizeof(found))
        return found

    def lists(self, run: Run, batch: Batch, width: int, where: Where) -> Column | None:
        """Lists of `width` objects; None where one of them cannot be given."""
        return self.selection(batch.type_name).lists(run, batch, width, where)

    def _nulled(self, column: Column) -> Column:
        if self.nullable and isinstance(column, list) and None in column:
            return [NULL if text is None else text for text in column]
        return column

    def _texts(self, run: Run, name: str, sources: Sequence[Any], where: Where) -> Texts:
        column = self.selection(name).column(run, sources, where)
        return texts_of(self._nulled(column), len(sources))

    def _one_by_one(self, run: Run, values: Sequence[Any], where: Where) -> Column:
        texts: Texts = [self.null] * len(values)
        names: list[str | None] = []
        info: Any = Info(run.schema, run.context, self.nodes[0].name.value)
        for row, value in enumerate(values):
            try:
                names.append(self._type_name(info, value))
            except NotCovered:
                raise
            except Exception as error:
                self.failed(run, where, row, error)
                names.append(None)
        groups = grouped(names)
        if len(groups) == 1 and names[0] is not None:
            return self._nulled(self.selection(names[0]).column(run, values, where))
        for name, rows in groups.items():
            if name is not None:
                chosen = values if len(rows) == len(values) else [values[row] for row in rows]
                found = self._texts(run, name, chosen, AtRows(where, rows))
                for row, text in zip(rows, found, strict=True):
                    texts[row] = text
        return texts

    def _scattered(
        self, run: Run, batches: Iterable[tuple[Batch, list[int]]], count: int, where: Where
    ) -> Texts:
        texts: Texts = [None] * count
        for batch, rows in batches:
            name = self._only or batch.type_name
            found = self._texts(run, name, batch, AtRows(where, rows))
            for row, text in zip(rows, found, strict=True):
                texts[row] = text
        return texts

    def _type_name(self, info: Any, value: Any) -> str:
        """The object's type, checked as graphql-core checks it."""
        declared, schema = self._declared, info.schema
        found = declared
        if not isinstance(declared, GraphQLObjectType):
            name = self._resolved(info, declared, value)
            known = schema.get_type(name) if isinstance(name, str) else None
            if not isinstance(known, GraphQLObjectType) or not schema.is_sub_type(declared, known):
                raise GraphQLError(f"Abstract type '{declared}' has no type {name!r}.")
            found = known
        assert isinstance(found, GraphQLObjectType)
        if found.is_type_of is not None:
            fits = found.is_type_of(value, info)
            if hasattr(fits, "__await__"):
                raise NotCovered
            if not fits:
                raise GraphQLError(f"Expected value of type '{found}' but got: {value!r}.")
        return found.name

    def _resolved(self, info: Any, declared: GraphQLAbstractType, value: Any) -> Any:
        if declared.resolve_type is not None:
            return declared.resolve_type(value, info, declared)
        for each in info.schema.get_possible_types(declared):
            if each.is_type_of is not None and each.is_type_of(value, info):
                return each.name
        return None


def _valued(linked: Linked, count: int) -> list[Any]:
    """The source of every row, null where there is none."""
    rows = range(len(linked.sources)) if linked.rows is None else linked.rows
    values = [None if row < 0 else linked.sources[row] for row in rows]
    return values * (count // len(values)) if linked.cycle and values else values
