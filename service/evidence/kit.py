"""What a bundle of evidence is made of: one question, its answer for every area, and the words."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeAlias

from db.core.area import AreaTable
from db.core.programme import Source

Cell: TypeAlias = str | int | float | None
Kind: TypeAlias = type[str] | type[int] | type[float]
_PLACE: dict[str, Kind] = {
    "publicatie": int, "niveau": str, "indeling": int, "code": str, "naam": str,
}  # fmt: skip


class Figures(Protocol):
    """Figures of every area: rows of a file of their own."""

    @property
    def header(self) -> Sequence[str]: ...

    def rows(self, ordinal: int) -> Iterator[Sequence[Cell]]: ...


@dataclass(frozen=True, slots=True)
class Shade:
    """How areas of one outcome are drawn, and what the legend says of them."""

    colour: str
    nl: str
    en: str
    hatched: bool = False
    """Of what is not known: never to be taken for a low or a high value."""


@dataclass(frozen=True, slots=True, eq=False)
class Kit:
    """An answered question of one publication; every area of the table is in it."""

    name: str
    """Begins the name of the file."""
    title_nl: str
    title_en: str
    address: str
    """Where the same bundle is given again: it names the publication."""
    question: Mapping[str, Any]
    answer: Mapping[str, Any]
    """What was found, apart from the rows."""
    definition: Mapping[str, Any]
    method_nl: str
    method_en: str
    publication: int
    published_at: datetime
    fictional: bool
    sources: Sequence[Source]
    table: AreaTable
    order: Sequence[int]
    """Ordinals of the areas in order of code."""
    columns: Mapping[str, Kind]
    """Of what was found, with what their cells are; code and name go before."""
    cells: Callable[[int], Sequence[Cell]]
    """What was found for the area with this ordinal."""
    shades: Sequence[Shade]
    shade: Callable[[int], int]
    """Which of the shades an area has."""
    table_nl: str
    """What the columns and words of the table mean, in Dutch."""
    table_en: str
    degrees: Mapping[int, str | None]
    """GeoJSON texts by ordinal, in CRS84."""
    metres: Mapping[int, str | None]
    """The same in RD."""
    basis: Figures | None = None
    """What it was worked out from, where the table itself does not say."""

    @property
    def kinds(self) -> dict[str, Kind]:
        """All columns of the table, with what their cells are."""
        return {**_PLACE, **self.columns}

    @property
    def header(self) -> list[str]:
        return list(self.kinds)

    def row(self, ordinal: int) -> list[Cell]:
        """An area as the files have it."""
        table = self.table
        place: list[Cell] = [
            self.publication, table.level.value, table.vintage, table.codes[ordinal],
            table.names[ordinal],
        ]  # fmt: skip
        return [*place, *self.cells(ordinal)]

    def batches(self, size: int) -> Iterator[Sequence[int]]:
        """The ordinals, so many at a time."""
        for start in range(0, len(self.order), size):
            yield self.order[start : start + size]
