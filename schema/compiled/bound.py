"""Selections bound to a ground: one template for all rows, and readers for what differs.

Where every field of a selection says how it is read (`schema.ground`), nothing but the row is left
to be asked: the template is filled with what a few readers find. Lists and objects inside are part
of the same template.
"""

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from schema.batch import grouped
from schema.compiled.rows import Column, Filled, between, texts_of
from schema.ground import Chosen, Reader, merged

_ENTRY_BYTES = 400
_NOTHING: list[str] = []
NULL = "null"


class Unbound(Exception):
    """Something that cannot be told by place."""


class Part(NamedTuple):
    """The text at one place of a ground: a template, and a reader for each `%s` in it."""

    template: str
    readers: tuple[Reader, ...] = ()


def constant(text: str) -> Part:
    return Part(text.replace("%", "%%"))


def read(reader: Reader) -> Part:
    return Part("%s", (reader,))


def object_of(keys: Sequence[str], parts: Sequence[Part]) -> Part:
    """An object with a part for each key."""
    named = [Part(f'"{k}":{p.template}', p.readers) for k, p in zip(keys, parts, strict=True)]
    return _joined("{", named, "}")


def list_of(parts: Sequence[Part]) -> Part:
    return _joined("[", parts, "]")


def _joined(before: str, parts: Sequence[Part], after: str) -> Part:
    template = ",".join([part.template for part in parts])
    readers = tuple(reader for part in parts for reader in part.readers)
    return Part(before + template + after, readers)


class Bound:
    """A part, ready to be filled for any rows."""

    def __init__(self, part: Part) -> None:
        self._template = part.template
        count, readers = len(part.readers), merged(part.readers)
        self._readers = [
            (reader, [slice(2 * place + 1, None, 2 * count) for place in places])
            for reader, places in readers
        ]
        """Each with the places of its texts among the pieces, for one row and for many."""
        found = [place for _, places in readers for place in places]
        order = [found.index(place) for place in range(count)]
        self._ordered = None if order == sorted(order) else itemgetter(*order)
        """Puts the texts of all readers in the order of their places."""
        self._pieces = [""] * (2 * count + 1)
        """What stands before, between and after the places, and room for a text at each."""
        self._pieces[::2] = between(part.template)
        self._repeated = [f"{self._pieces[-1]},{self._pieces[0]}", *self._pieces[1:-1]]
        """What stands between the texts of rows of a list, and room for those of one row."""
        self._first, self._last = f"[{self._pieces[0]}", f"{self._pieces[-1]}]"
        kept = sum(reader.weight for reader in part.readers)
        self.weight = 3 * len(self._template) + _ENTRY_BYTES + kept

    def column(self, context: Any, rows: Sequence[int]) -> Column:
        """The texts of some rows."""
        if len(rows) == 1:
            return [self.text(context, rows[0])]
        if not self._readers:
            return [self._template % ()] * len(rows)
        chosen, columns = Chosen(rows), [_NOTHING] * (len(self._pieces) // 2)
        for reader, places in self._readers:
            for place, column in zip(places, reader.columns(context, chosen), strict=True):
                columns[place.start // 2] = [*column]
        return Filled(self._template, columns, self._pieces[::2])

    def text(self, context: Any, row: Any) -> str:
        """The text of one row."""
        return "".join(self.pieces(context, row))

    def pieces(self, context: Any, row: Any) -> list[str]:
        """The same in pieces."""
        texts: list[str] = []
        for reader, _ in self._readers:
            texts += reader.row(context, row)
        pieces = self._pieces.copy()
        pieces[1::2] = texts if self._ordered is None else self._ordered(texts)
        return pieces

    def listed(self, context: Any, chosen: Chosen) -> str:
        """A list of the texts of some rows."""
        count = len(chosen.rows)
        if not self._readers or not count:
            return f"[{','.join(self._pieces * count)}]"
        pieces = self._repeated * count
        for reader, places in self._readers:
            for place, column in zip(places, reader.columns(context, chosen), strict=True):
                pieces[place] = column
        pieces[0] = self._first
        pieces.append(self._last)
        return "".join(pieces)


class Lists(Reader):
    """For each row a list of rows of another ground."""

    def __init__(self, bound: Bound, rows: Callable[[Any], Chosen]) -> None:
        self._bound = bound
        self._rows = rows
        self.weight = bound.weight

    @property
    def kind(self) -> object:
        return self

    def row(self, context: Any, row: Any) -> Sequence[str]:
        return [self._bound.listed(context, self._rows(row))]

    def columns(self, context: Any, chosen: Chosen) -> Sequence[list[str]]:
        return [[self._bound.listed(context, self._rows(row)) for row in chosen.rows]]


class Variants(Reader):
    """For each row one of several parts, read at a row of its own, or null."""

    def __init__(self, parts: Sequence[Part], which: Sequence[int], at: Sequence[int]) -> None:
        self._bounds = list(map(Bound, parts))
        self._which = which
        self._at = at
        self.weight = sum(bound.weight for bound in self._bounds)

    @property
    def kind(self) -> object:
        return self

    def row(self, context: Any, row: int) -> Sequence[str]:
        which = self._which[row]
        return [NULL if which < 0 else self._bounds[which].text(context, self._at[row])]

    def columns(self, context: Any, chosen: Chosen) -> Sequence[list[str]]:
        texts = [NULL] * len(chosen.rows)
        groups = grouped(map(self._which.__getitem__, chosen.rows))
        for which, places in groups.items():
            if which >= 0:
                rows = [self._at[chosen.rows[place]] for place in places]
                column = texts_of(self._bounds[which].column(context, rows), len(rows))
                for place, text in zip(places, column, strict=True):
                    texts[place] = text or NULL
        return [texts]
