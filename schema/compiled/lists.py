"""Fields with a list, of whatever its items are."""

from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate, chain
from typing import Any

from graphql import GraphQLError

from schema.batch import Batch, Same, Slots
from schema.compiled.answer import Answer, Texts
from schema.compiled.bound import Bound, Lists, Part, Unbound, constant, list_of, read
from schema.compiled.objects import Object
from schema.compiled.rows import Column, Filled, Pieces, lists_of, texts_of
from schema.compiled.run import Run
from schema.compiled.where import AtItem, Root, Where
from schema.ground import Items, Many


class ListOf(Answer):
    """A list, of whatever its items are."""

    def __init__(self, item: Answer, *given: Any, nullable: bool) -> None:
        super().__init__(*given, nullable=nullable)
        self.item = item
        self.names = item.names

    def of(self, run: Run, values: Sequence[Any], where: Where) -> Column:
        if len(values) == 1 and isinstance(values[0], list | Batch):
            return self.joined(run, values[0], [len(values[0])], where)
        lost: set[int] = set()
        parts: list[Sequence[Any]] = []
        for row, value in enumerate(values):
            if isinstance(value, Iterable) and not isinstance(value, str | bytes | dict):
                parts.append(value if isinstance(value, Sequence) else list(value))
                continue
            message = f"Expected Iterable, but did not find one for field '{self.name}'."
            self.failed(run, where, row, GraphQLError(message))
            lost.add(row)
            parts.append(())
        texts = self.joined(run, _flat(parts), [len(part) for part in parts], where)
        if isinstance(texts, Pieces):
            return texts
        return [self.null if row in lost else text for row, text in enumerate(texts)]

    def parts(self, run: Run, found: Any) -> list[Part]:
        if not isinstance(self.item, Object):
            raise Unbound
        if isinstance(found, Many):
            return [read(Lists(Bound(*self.item.asked(run, found.ground)), found.rows))]
        if not isinstance(found, Items):
            raise Unbound
        inside = self.item.asked(run, found.ground)
        lists = [inside[span] for span in found.spans]
        texts = self.item.texts(run, list(found.fixed.values()), Root())
        if run.errors or run.lacking or None in texts:
            raise Unbound
        for place, text in zip(found.fixed, texts, strict=True):
            for parts in lists:
                parts.insert(place, constant(text or ""))
        return list(map(list_of, lists))

    def joined(
        self, run: Run, items: Sequence[Any], counts: Sequence[int], where: Where
    ) -> Texts | Pieces:
        """Lists of so many items each, out of the items of all of them."""
        inside = AtItem(where, _owner(counts))
        column = self.item.column(run, items, inside)
        if isinstance(column, Same | Filled):
            made = lists_of(column, counts)
            return made if isinstance(made, Pieces) else [*made]
        texts = texts_of(column, len(items))
        ends = accumulate(counts)
        return [
            self._joined(texts[end - count : end]) for end, count in zip(ends, counts, strict=True)
        ]

    def slots(self, run: Run, slots: Slots, count: int, where: Where) -> Column:
        """Lists that are equally long, out of parts that each hold some places of all of them."""
        if not slots.width:
            return Same("[]")
        if len(slots.parts) == 1:
            whole = self._whole(run, slots, count, where)
            if whole is not None:
                return whole
        columns: list[Texts] = [[] for _ in range(slots.width)]
        for at, sources in slots.parts:
            texts = self._part(run, at, sources, count, where)
            for i, place in enumerate(at):
                columns[place] = texts[i :: len(at)]
        return [self._joined(row) for row in zip(*columns, strict=True)]

    def _whole(self, run: Run, slots: Slots, count: int, where: Where) -> Column | None:
        """All lists from one batch, several rows in one go."""
        ((at, batch),) = slots.parts
        if not isinstance(batch, Batch) or len(batch) != count * len(at) or not count:
            return None
        assert isinstance(self.item, Object)
        width = len(at)
        inside = AtItem(where, lambda item: (item // width, at[item % width]))
        known = len(run.errors)
        texts = self.item.lists(run, batch, width, inside)
        if texts is None or len(run.errors) > known:
            # What failed takes its list or more with it: that is told row by row.
            del run.errors[known:]
            return None
        return texts

    def _part(
        self, run: Run, at: Sequence[int], sources: Sequence[Any], count: int, where: Where
    ) -> Texts:
        width = len(at)
        inside = AtItem(where, lambda item: (item // width, at[item % width]))
        if len(sources) == width * count:
            return self.item.texts(run, sources, inside)
        known = len(run.errors)
        texts = self.item.texts(run, sources, inside)
        if len(run.errors) > known:
            del run.errors[known:]
            return self.item.texts(run, [*sources] * count, inside)
        return texts * count

    def _joined(self, texts: Sequence[str | None]) -> str | None:
        if None in texts:
            return self.null
        if not texts:
            return "[]"
        # Brackets go to the first and the last item: a list may be megabytes long.
        ends = [*texts]
        ends[0] = f"[{ends[0]}"
        ends[-1] = f"{ends[-1]}]"
        return ",".join(ends)  # type: ignore[arg-type]


def _owner(counts: Sequence[int]) -> Callable[[int], tuple[int, int]]:
    """Of an item of lists of so many each: whose list it is in, and at which place."""

    def owner(item: int) -> tuple[int, int]:
        for row, end in enumerate(accumulate(counts)):
            if item < end:
                return row, item - end + counts[row]
        raise IndexError(item)

    return owner


def _flat(parts: Sequence[Sequence[Any]]) -> Sequence[Any]:
    """The items of all parts; a batch stays one."""
    if len(parts) == 1:
        return parts[0]
    filled = [part for part in parts if len(part)]
    kinds = set(map(type, filled))
    if len(kinds) == 1 and issubclass(kind := kinds.pop(), Batch):
        joined = kind.joined([part for part in filled if isinstance(part, Batch)])
        if joined is not None:
            return joined
    return list(chain.from_iterable(parts))
