"""What rows are rows of, and how texts of any of its rows are read by their place.

A table of areas is a ground, and so are the columns of figures that are asked of each of its areas.
Which texts are the same for every row, and where the rest stands, is worked out once for a ground
(`schema.compiled.bound`); then a row costs a few look-ups. A function registered with `reads` says
of a whole ground what the resolver of a field says of each source.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, Generic, TypeVar

from db.core.bounded import Bounded

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


class Chosen:
    """Rows of a ground that are read together."""

    def __init__(self, rows: Sequence[int]) -> None:
        self.rows = rows
        self._side_by_side = isinstance(rows, range)
        # One row is not given as a tuple.
        self._of = None if self._side_by_side or len(rows) < 2 else itemgetter(*rows)
        self._moved: dict[int, Chosen] = {}

    def of(self, texts: Sequence[str]) -> list[str]:
        """The texts of these rows."""
        if self._of is not None:
            return [*self._of(texts)]
        if self._side_by_side and isinstance(texts, list):
            return texts[self.rows[0] : self.rows[-1] + 1]
        return [texts[row] for row in self.rows]

    def moved(self, at: Sequence[int]) -> "Chosen":
        """The rows of another ground that go with these."""
        found = self._moved.get(id(at))
        if found is None:
            rows = at[self.rows[0] : self.rows[-1] + 1] if self._side_by_side else None
            found = Chosen(rows or [at[row] for row in self.rows])
            self._moved[id(at)] = found
        return found


class Reader:
    """Reads texts of any row of a ground, always equally many."""

    def row(self, context: Any, row: int) -> Sequence[str]:
        """The texts of one row."""
        raise NotImplementedError

    def columns(self, context: Any, chosen: Chosen) -> Sequence[list[str]]:
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

    def row(self, context: Any, row: int) -> Sequence[str]:
        return [texts[row] for texts in self.lists]

    def columns(self, context: Any, chosen: Chosen) -> Sequence[list[str]]:
        return list(map(chosen.of, self.lists))

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
        return self._make(row)


class Moved(Reader):
    """Reads another ground, at the row that goes with each row of this one."""

    def __init__(self, reader: Reader, at: Sequence[int]) -> None:
        self._reader = reader
        self._at = at

    @property
    def kind(self) -> object:
        return (id(self._at), self._reader.__class__, self._reader.kind)

    def joined(self, readers: Sequence["Moved"]) -> "Moved":
        return Moved(self._reader.joined([each._reader for each in readers]), self._at)

    def row(self, context: Any, row: int) -> Sequence[str]:
        return self._reader.row(context, self._at[row])

    def columns(self, context: Any, chosen: Chosen) -> Sequence[list[str]]:
        return self._reader.columns(context, chosen.moved(self._at))


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Answers of a field with an object: a row of another ground, of one of several, or null."""

    grounds: Sequence[Ground]
    at: Sequence[int] | None = None
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


_READS: dict[tuple[type, str], Callable[..., Any]] = {}


def reads(ground: type[Ground], *fields: str) -> Callable[[F], F]:
    """Registers how fields of a ground are read, by their Python names.

    The function gets the ground, the context and the field's arguments. It gives Same or Cycle
    for texts that all rows share, a Reader for each place, Linked with a row for each row of the
    ground, Elsewhere or Items; or None where it cannot be told by place.
    """

    def register(read: F) -> F:
        for name in fields:
            _READS[ground, name] = read
        return read

    return register


def reading(ground: type, name: str) -> Callable[..., Any] | None:
    """How a field of a ground is read, if it can be."""
    return _READS.get((ground, name))
