"""Selections bound to a ground: one template for all rows, and readers for what differs.

Where every field of a selection says how it is read (`schema.ground`), nothing but the row is left
to be asked: the template is filled with what a few readers find. Lists and objects inside are part
of the same template.
"""

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from schema.batch import grouped
from schema.compiled.rows import Column, Filled, Pieces, between, texts_of
from schema.ground import Chosen, Reader

_ENTRY_BYTES = 400
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
        groups: dict[object, list[int]] = {}
        for place, reader in enumerate(part.readers):
            groups.setdefault((reader.__class__, reader.kind), []).append(place)
        self._readers = []
        for places in groups.values():
            readers = [part.readers[place] for place in places]
            self._readers.append(readers[0] if len(readers) == 1 else readers[0].joined(readers))
        found = [place for places in groups.values() for place in places]
        self._order = [found.index(place) for place in range(len(found))]
        """For each place of the template, which of the readers' texts stands there."""
        self._in_order = self._order == list(range(len(found)))
        self._chosen = None if self._in_order else itemgetter(*self._order)
        self._pieces = [""] * (2 * len(found) + 1)
        """What stands before, between and after the places, and room for a text at each."""
        self._pieces[::2] = between(part.template)
        self._before = self._pieces[:-1:2]
        joint = f"{self._pieces[-1]},{self._pieces[0]}"
        self._repeated = [joint, *self._pieces[1:-1]]
        """What stands between the texts of rows of a list, and room for those of one row."""
        self._has_lists = any(reader.has_lists for reader in part.readers)
        kept = sum(reader.weight for reader in part.readers)
        self.weight = 3 * len(self._template) + _ENTRY_BYTES + kept

    def column(self, context: Any, rows: Sequence[int]) -> Column:
        """The texts of some rows."""
        if len(rows) == 1:
            pieces = self.pieces(context, rows[0])
            return Pieces(pieces) if self._has_lists else ["".join(pieces)]
        columns = self._columns(context, Chosen(rows))
        if not columns:
            return [self._template % ()] * len(rows)
        return Filled(self._template, columns, self._pieces[::2])

    def text(self, context: Any, row: Any) -> str:
        """The text of one row."""
        return "".join(self.pieces(context, row))

    def pieces(self, context: Any, row: Any) -> list[str]:
        """The same in pieces."""
        texts: list[Any] = []
        for reader in self._readers:
            texts += reader.row(context, row)
        if self._chosen:
            texts = self._chosen(texts)
        if self._has_lists:
            return self._with_lists(texts)
        pieces = self._pieces.copy()
        pieces[1::2] = texts
        return pieces

    def _with_lists(self, texts: Sequence[Any]) -> list[str]:
        pieces: list[str] = []
        for before, text in zip(self._before, texts, strict=True):
            pieces.append(before)
            if text.__class__ is list:
                pieces += text
            else:
                pieces.append(text)
        pieces.append(self._pieces[-1])
        return pieces

    def listed(self, context: Any, chosen: Chosen) -> list[str]:
        """A list of the texts of some rows, in pieces."""
        count = len(chosen.rows)
        columns = self._columns(context, chosen)
        if not columns or not count:
            return [f"[{','.join([self._template % ()] * count)}]" if count else "[]"]
        pieces = self._repeated * count
        for place, column in enumerate(columns):
            pieces[2 * place + 1 :: 2 * len(columns)] = column
        pieces[0] = "[" + self._pieces[0]
        pieces.append(self._pieces[-1] + "]")
        return pieces

    def _columns(self, context: Any, chosen: Chosen) -> "list[list[str]]":
        columns: list[list[str]] = []
        for reader in self._readers:
            columns += reader.columns(context, chosen)
        return columns if self._in_order else [columns[place] for place in self._order]


class Lists(Reader):
    """For each row a list of rows of another ground."""

    has_lists = True

    def __init__(self, bound: Bound, rows: Callable[[Any], Chosen]) -> None:
        self._bound = bound
        self._rows = rows
        self.weight = bound.weight

    @property
    def kind(self) -> object:
        return self

    def row(self, context: Any, row: Any) -> Sequence[Any]:
        return [self._bound.listed(context, self._rows(row))]

    def columns(self, context: Any, chosen: Chosen) -> Sequence[list[str]]:
        lists = [self._bound.listed(context, self._rows(row)) for row in chosen.rows]
        return [list(map("".join, lists))]


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
