"""Objects as JSON text, out of the columns of their fields.

Text is written once and late: an object inside another one is a template in the template of the
outer one, and so is a list that is equally long for all. Only where rows go different ways, in a
long list or where many share one object, are templates filled.
"""

from collections.abc import Sequence
from itertools import accumulate
from typing import TypeAlias

from db.core.bounded import Bounded
from schema.batch import Cycle, Same

_MARK = "\0"
"""Stands in no JSON text."""
_MOST_PLACES = 400
"""Places that a template of a list may have."""
_MOST_TEMPLATES = 8
_LONG = 24
"""Rows from which on it pays not to write each by itself."""
_FEW = 8
"""Lists that are written at once; more wait for the objects they are in."""


class Filled:
    """A text for every row: a template with a place for each column."""

    __slots__ = ("between", "columns", "template")

    def __init__(
        self, template: str, columns: "list[list[str]]", known: "list[str] | None" = None
    ) -> None:
        self.template = template
        self.columns = columns
        self.between = known
        """What stands between the places, where that is known."""

    def texts(self) -> list[str]:
        if len(self.columns[0]) == 1:
            return [self.template % tuple([column[0] for column in self.columns])]
        if len(self.columns) == 1 and "%%" not in self.template:
            before, after = self.template.split("%s")
            return [before + text + after for text in self.columns[0]]
        return list(map(self.template.__mod__, zip(*self.columns, strict=True)))

    def lists(self, counts: Sequence[int]) -> "list[str] | Pieces":
        """The texts in lists of so many each; long ones without writing each text apart."""
        if len(self.columns[0]) < _LONG:
            texts, ends = self.texts(), accumulate(counts)
            return [f"[{','.join(texts[e - n : e])}]" for e, n in zip(ends, counts, strict=True)]
        parts = self.between or between(self.template)
        first, last = parts[0], parts[-1]
        step = 2 * len(self.columns)
        pieces = [f"{last},{first}"] * (step * len(self.columns[0]))
        for i, column in enumerate(self.columns):
            pieces[2 * i :: step] = column
            if i:
                pieces[2 * i - 1 :: step] = [parts[i]] * len(column)
        if len(counts) == 1:
            pieces[0], pieces[-1] = f"[{first}{pieces[0]}", f"{last}]"
            return Pieces(pieces)
        made, start = [], 0
        for count in counts:
            end = start + count * step
            # The last piece of a list is its own: after it comes no other text.
            inside = "".join(pieces[start : end - 1])
            made.append(f"[{first}{inside}{last}]" if count else "[]")
            start = end
        return made


class Pieces:
    """The text of one row, in pieces that are put together last: it may be megabytes long."""

    __slots__ = ("parts",)

    def __init__(self, parts: list[str]) -> None:
        self.parts = parts


def between(template: str) -> list[str]:
    """What stands before, between and after the places of a template."""
    # A mark in the place of "%%", which is no place.
    return [part.replace(_MARK, "%") for part in template.replace("%%", _MARK).split("%s")]


Column: TypeAlias = list[str | None] | list[str] | Same | Cycle | Filled | Pieces


def texts_of(column: Column, count: int) -> list[str | None]:
    """The text of every row."""
    if column.__class__ is list:
        return column  # type: ignore[return-value]
    if isinstance(column, Filled):
        return column.texts()  # type: ignore[return-value]
    if isinstance(column, Pieces):
        return ["".join(column.parts)]
    if isinstance(column, Same):
        return [column.text] * count
    return _spread(column, count)  # type: ignore[arg-type, return-value]


def pieces_of(column: Column) -> list[str]:
    """The text of the only row, in pieces."""
    return column.parts if isinstance(column, Pieces) else texts_of(column, 1)  # type: ignore[return-value]


def lists_of(column: Same | Filled, counts: Sequence[int]) -> list[str] | Pieces:
    """The texts of a column in lists of so many each."""
    if isinstance(column, Filled):
        return column.lists(counts)
    return [f"[{','.join([column.text] * count)}]" for count in counts]


class Rows:
    """Writes the objects of one selection."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = [f'"{key}":' for key in keys]
        self.openings = [("," if i else "{") + key for i, key in enumerate(self._keys)]
        self._plain = "{" + ",".join(f"{key}%s" for key in self._keys) + "}"
        self._templates: Bounded[tuple[object, ...], str] = Bounded(_MOST_TEMPLATES)

    def objects(self, columns: Sequence[Column], count: int) -> Same | Filled | Pieces:
        """The text of `count` objects."""
        plain = True
        for column in columns:
            if column.__class__ is not list:
                plain = False
                if column.__class__ is Pieces:
                    return Pieces(self.pieces(columns))
                if column.__class__ is Cycle:
                    columns = [_spread(c, count) if isinstance(c, Cycle) else c for c in columns]
                    break
        if plain and columns:
            return Filled(self._plain, columns)  # type: ignore[arg-type]
        return _filled(self._template(columns, None), varying_of(columns))

    def pieces(self, columns: Sequence[Column]) -> list[str]:
        """The text of one object in pieces: it may have a long text in it."""
        parts: list[str] = []
        for opening, column in zip(self.openings, columns, strict=True):
            parts.append(opening)
            parts += pieces_of(column)
        parts.append("}" if parts else "{}")
        return parts

    def lists(self, columns: Sequence[Column], count: int, width: int) -> Column:
        """The same objects in lists of `width`."""
        columns = [texts_of(each, 1) if isinstance(each, Pieces) else each for each in columns]
        template = self.template(columns, width)
        if template is None:
            objects = self.objects(columns, count)
            assert not isinstance(objects, Pieces)
            return lists_of(objects, [width] * (count // width))
        return lists_from(template, varying_of(columns), count, width)

    def template(self, columns: Sequence[Column], width: int) -> str | None:
        """Of a list of `width` objects; None where it would be too long or never be the same."""
        columns = [_shortened(c, width) if isinstance(c, Cycle) else c for c in columns]
        places = width * max(1, len(varying_of(columns)))
        if places > _MOST_PLACES or any(
            isinstance(c, Cycle) and width % len(c.texts) for c in columns
        ):
            return None
        return self._template(columns, width)

    def with_nulls(self, columns: Sequence[Column], count: int) -> list[str | None]:
        """The same objects where columns have None: an object with one is None itself."""
        full = [texts_of(each, count) for each in columns]
        lost = {row for column in full for row, text in enumerate(column) if text is None}
        kept: list[Column] = [["" if t is None else t for t in column] for column in full]
        texts = texts_of(self.objects(kept, count), count)
        return [None if row in lost else text for row, text in enumerate(texts)]

    def _template(self, columns: Sequence[Column], width: int | None) -> str:
        """Of one object, or of a list of `width`, with what is the same for all already in it."""
        same = (width, *[_constant(each) for each in columns])
        found = self._templates.get(same)
        if found is None:
            found = self._made(columns, width)
            self._templates.keep(same, found)
        return found

    def _made(self, columns: Sequence[Column], width: int | None) -> str:
        if width is None:
            return self._one(columns, 0)
        return f"[{','.join(self._one(columns, row) for row in range(width))}]"

    def _one(self, columns: Sequence[Column], row: int) -> str:
        parts = zip(self._keys, columns, strict=True)
        return "{" + ",".join(key + _part(column, row) for key, column in parts) + "}"


def _filled(template: str, columns: list[list[str]]) -> Same | Filled:
    return Filled(template, columns) if columns else Same(template % ())


def _constant(column: Column) -> object:
    if column.__class__ is list:
        return None
    if isinstance(column, Filled):
        return column.template
    if isinstance(column, Same):
        return (column.text,)
    return tuple(column.texts) if isinstance(column, Cycle) else None


def _part(column: Column, row: int) -> str:
    if isinstance(column, Filled):
        return column.template
    if isinstance(column, Same):
        return column.text.replace("%", "%%")
    if isinstance(column, Cycle):
        return column.texts[row % len(column.texts)].replace("%", "%%")
    return "%s"


def varying_of(columns: Sequence[Column]) -> list[list[str]]:
    """The columns that differ from row to row, in the order of their places."""
    found: list[list[str]] = []
    for column in columns:
        if column.__class__ is list:
            found.append(column)  # type: ignore[arg-type]
        elif isinstance(column, Filled):
            found += column.columns
    return found


def lists_from(
    template: str, varying: list[list[str]], count: int, width: int
) -> Same | Filled | list[str]:
    """Lists of `width` objects: one template of a list, filled from the columns of its objects."""
    if count > _FEW * width:
        return _filled(template, [c[row::width] for row in range(width) for c in varying])
    if not varying:
        return Same(template % ())
    mixed, places = _mixed(varying), width * len(varying)
    return [template % tuple(mixed[i : i + places]) for i in range(0, len(mixed), places)]


def _mixed(columns: list[list[str]]) -> list[str]:
    """The texts of all columns row by row."""
    if len(columns) == 1:
        return columns[0]
    mixed = [""] * (len(columns) * len(columns[0]))
    for i, texts in enumerate(columns):
        mixed[i :: len(columns)] = texts
    return mixed


def _spread(cycle: Cycle, count: int) -> list[str]:
    return cycle.texts * (count // len(cycle.texts)) if cycle.texts else []


def _shortened(cycle: Cycle, width: int) -> Cycle:
    """The cycle in as many texts as a list is long, where it comes round that soon."""
    times, rest = divmod(len(cycle.texts), width)
    if times > 1 and not rest and cycle.texts == cycle.texts[:width] * times:
        return Cycle(cycle.texts[:width])
    return cycle
