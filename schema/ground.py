"""What rows are rows of, and how texts of any of its rows are read by their place.

A table of areas is a ground, and so are the columns of figures that are asked of each of its areas.
Which texts are the same for every row, and where the rest stands, is worked out once for a ground
(`schema.compiled.bound`); then a row costs a few look-ups. A function registered with `reads` says
of a whole ground what the resolver of a field says of each source.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, Generic, TypeAlias, TypeVar

from db.core.bounded import Bounded

_ENTRY_BYTES = 400
F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")


class Ground:
    """The same object as long as what it says is the same."""

    type_name: str
    """Name of the GraphQL type of every source."""
    width: int = 1
    """Sources of every row, each at a place of its own."""


class Kept(Ground):
    """A ground that plans come back to: it keeps what they worked out for it."""

    bound: Bounded[Any, Any]
    name: Hashable = None
    """What tells it from other grounds that keep in the same place."""


Pick: TypeAlias = Callable[[Sequence[Any]], Sequence[Any]]
"""Takes what stands at some rows out of a sequence."""


class Chosen:
    """Rows of a ground that are read together."""

    __slots__ = ("pick", "rows")

    def __init__(self, rows: Sequence[Any]) -> None:
        self.rows = rows
        self.pick = picked(rows)


def picked(rows: Sequence[Any]) -> Pick:
    """How to pick out rows: in one step, without a call for each column or row."""
    if isinstance(rows, range):
        return itemgetter(slice(rows.start, rows.stop))
    if len(rows) > 1:
        return itemgetter(*rows)
    # One row would not be given in a tuple.
    return lambda texts: [texts[row] for row in rows]


class Reader:
    """Reads texts of any row of a ground, always equally many."""

    weight = 400
    """Bytes that it keeps, about."""

    def row(self, context: Any, row: Any) -> Sequence[str]:
        """The texts of one row."""
        raise NotImplementedError

    def columns(self, context: Any, chosen: Chosen) -> Sequence[Sequence[str]]:
        """The same of many rows: a list for each text."""
        raise NotImplementedError

    @property
    def kind(self) -> object:
        """Readers of one kind become one reader."""
        raise NotImplementedError

    def joined(self, readers: Sequence[Any]) -> "Reader":
        """One reader for all that readers of this kind read."""
        raise NotImplementedError


class Listed(Reader):
    """Texts that stand in sequences by row."""

    kind = "listed"

    def __init__(self, *lists: Sequence[str]) -> None:
        self.lists = lists
        self.weight = sum(_ENTRY_BYTES + 8 * len(texts) for texts in lists)

    def row(self, context: Any, row: int) -> Sequence[str]:
        return [texts[row] for texts in self.lists]

    def columns(self, context: Any, chosen: Chosen) -> Sequence[Sequence[str]]:
        return list(map(chosen.pick, self.lists))

    def joined(self, readers: Sequence["Listed"]) -> "Listed":
        return Listed(*[texts for each in readers for texts in each.lists])


class Made(Sequence[T], Generic[T]):
    """A sequence whose items are worked out when they are read."""

    def __init__(self, make: Callable[[int], T], count: int) -> None:
        self._make = make
        self._count = count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, row: Any) -> Any:
        if row.__class__ is slice:
            return [self._make(each) for each in range(*row.indices(self._count))]
        return self._make(row)


def merged(readers: Sequence[Reader]) -> list[tuple[Reader, list[int]]]:
    """Readers of one kind as one, each with the places that its texts have among those of all."""
    kinds: dict[object, list[int]] = {}
    for place, reader in enumerate(readers):
        kinds.setdefault((reader.__class__, reader.kind), []).append(place)
    found = []
    for places in kinds.values():
        alike = [readers[place] for place in places]
        found.append((alike[0] if len(alike) == 1 else alike[0].joined(alike), places))
    return found


class Moved(Reader):
    """Reads another ground, at the row that goes with each row of this one."""

    def __init__(self, readers: Sequence[Reader], at: Sequence[Any]) -> None:
        self._readers = readers
        self._merged = merged(readers)
        self._at = at
        self.weight = sum(reader.weight for reader in readers)

    @property
    def kind(self) -> object:
        return id(self._at)

    def joined(self, readers: Sequence["Moved"]) -> "Moved":
        return Moved([inner for each in readers for inner in each._readers], self._at)

    def row(self, context: Any, row: Any) -> Sequence[str]:
        row = self._at[row]
        if len(self._merged) == 1:
            return self._merged[0][0].row(context, row)
        texts = [""] * len(self._readers)
        for reader, places in self._merged:
            for place, text in zip(places, reader.row(context, row), strict=True):
                texts[place] = text
        return texts

    def columns(self, context: Any, chosen: Chosen) -> Sequence[Sequence[str]]:
        there = Chosen(chosen.pick(self._at))
        columns: list[Sequence[str]] = [()] * len(self._readers)
        for reader, places in self._merged:
            for place, column in zip(places, reader.columns(context, there), strict=True):
                columns[place] = column
        return columns


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Answers of a field with an object: a row of another ground, of one of several, or null."""

    grounds: Sequence[Ground]
    at: Sequence[Any] | None = None
    """For each row the row there; None: the same row."""
    which: Sequence[int] | None = None
    """For each row which ground, -1 for null; None: always the only one."""


@dataclass(frozen=True, slots=True)
class Items:
    """Answers of a field with a list: the same row of another ground, some of its places."""

    ground: Ground
    spans: Sequence[slice]
    """For each place of this ground, which places of the other one are in its list."""
    fixed: Mapping[int, Any] = field(default_factory=dict)
    """Sources that are the same for every row, by where they stand in the list."""


@dataclass(frozen=True, slots=True)
class Many:
    """Answers of a field with a list: for each row some rows of another ground."""

    ground: Ground
    rows: Callable[[Any], Chosen]


_READS: dict[tuple[type, str], Callable[..., Any]] = {}


def reads(ground: type[Ground], *fields: str) -> Callable[[F], F]:
    """Registers how fields of a ground are read, by their Python names.

    The function gets the ground, the context and the field's arguments. It gives Same or Cycle
    for texts that all rows share, a Reader for each place (a list of them where the field is a
    list of leaves), Linked with a row for each row of the ground, Elsewhere, Items or Many; or
    None where it cannot be told by place.
    """

    def register(read: F) -> F:
        for name in fields:
            _READS[ground, name] = read
        return read

    return register


def reading(ground: type, name: str) -> Callable[..., Any] | None:
    """How a field of a ground is read, if it can be."""
    return _READS.get((ground, name))
