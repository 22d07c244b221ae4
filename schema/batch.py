"""Many sources of one GraphQL type, answered field by field for all of them at once.

A batch is a sequence of sources whose type is known. Where a list is long, a field can be answered
together: a function registered with `together` gets the whole batch and gives all its answers. It
must say exactly what the resolver of the field says of each source; a test holds both equal.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from schema.ground import Kept

F = TypeVar("F", bound=Callable[..., Any])
if TYPE_CHECKING:
    _Sources = Sequence[Any]
else:
    # A sequence in all but its class: asking what is an instance of an abstract one is slow.
    _Sources = object


class Batch(_Sources):
    """Sources of one type; items are made one by one, for fields that are not answered together."""

    type_name: str
    """Name of the GraphQL type of every source."""
    pattern: object = None
    """What decides every Same and Cycle that the batch answers, the same object for all requests
    of a publication; None where there is no such thing."""

    ordinals: Sequence[int]
    """Rows of the ground, where the batch has one."""

    def ground(self, context: Any) -> Kept | None:
        """What the sources are rows of, where plans may be bound to that."""
        return None

    @classmethod
    def joined(cls, batches: "Sequence[Batch]") -> "Batch | None":
        """All sources of some batches of this class as one; None where that cannot be."""
        return None

    def __iter__(self) -> Iterator[Any]:
        return (self[row] for row in range(len(self)))


Sequence.register(Batch)  # type: ignore[type-abstract]


class Lasting(list[Any]):
    """Sources that are told apart by which object they are."""

    __hash__ = object.__hash__  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return self is other


@dataclass(frozen=True, slots=True)
class Same:
    """One JSON text that is the answer of every source."""

    text: str


@dataclass(frozen=True, slots=True)
class Cycle:
    """JSON texts that come round again and again: source i has text i modulo their number."""

    texts: list[str]


Texts: TypeAlias = "list[str] | Same | Cycle"
"""Answers of a field with a scalar or enum: the JSON text of each source, `null` for none."""


@dataclass(frozen=True, slots=True, eq=False)
class Linked:
    """Answers of a field with an object: the sources of those objects, each named once."""

    sources: Sequence[Any]
    rows: Sequence[int] | None = None
    """For each source of the batch its row among `sources`, -1 for null; None: one to one."""
    cycle: bool = False
    lasting: bool = False
    """Whether `sources` is the same object for all requests of a publication."""
    """`rows` (or the sources themselves) come round again and again, as in Cycle."""


@dataclass(frozen=True, slots=True)
class Slots:
    """Answers of a field with a list that is equally long for every source of the batch."""

    width: int
    parts: Sequence[tuple[Sequence[int], Sequence[Any]]]
    """Places in the list, and what stands there: for every source of the batch in turn an item of
    each of these places, or one item of each of them that is the same for all."""


@dataclass(frozen=True, slots=True)
class Lists:
    """Answers of a field with a list that differs in length: all items, parent after parent."""

    sources: Sequence[Any]
    counts: Sequence[int]


_TOGETHER: dict[tuple[type, str], Callable[..., Any]] = {}


def together(batch: type[Batch], *fields: str) -> Callable[[F], F]:
    """Registers how a batch answers fields, by their Python names.

    The function gets the batch, the context and the field's arguments, and gives Texts, Linked,
    Slots or Lists as the field's type asks. What it raises is the error of every source.
    """

    def register(answer: F) -> F:
        for name in fields:
            _TOGETHER[batch, name] = answer
        return answer

    return register


def answer_together(batch: type, field: str) -> Callable[..., Any] | None:
    """How a class of batches answers a field at once, if it does."""
    return _TOGETHER.get((batch, field))


def grouped(keys: Iterable[Any]) -> dict[Any, list[int]]:
    """Rows by key, in order of first appearance."""
    groups: dict[Any, list[int]] = {}
    for row, key in enumerate(keys):
        groups.setdefault(key, []).append(row)
    return groups
