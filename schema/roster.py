"""Orders and look-ups of one table of areas: made once, used by every list of that table.

Rows of areas that a publication no longer has are in no order and no look-up.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from db.core.area import AreaTable
from db.core.bounded import Bounded
from db.core.levels import Level, Terrain
from db.core.suggest import fold
from schema.ground import Kept
from schema.node_key import TYPE_NAMES, id_text
from schema.shelf import Shelf

Ordinals = NDArray[np.int32]
_BOUND_BYTES = 1024 * 1024
"""For what plans work out of a table; there are some tables for each publication."""
_PAGES_BYTES = 1024 * 1024
_MOST_LISTED = 60_000
"""Numbers in kept lists, of four bytes each."""


@dataclass(frozen=True)
class Order:
    """All areas of a table in a total order; `rank[ordinal]` is the place of each, -1 for none."""

    ordinals: Ordinals
    rank: Ordinals

    def reversed(self) -> "Order":
        rank = np.where(self.rank < 0, self.rank, len(self.ordinals) - 1 - self.rank)
        return Order(self.ordinals[::-1], rank.astype(np.int32))


@dataclass(frozen=True)
class Roster(Kept):
    """What lists of a table need beyond its columns."""

    table: AreaTable
    complete: bool = True
    """Whether all areas of the table's level and vintage are loaded."""
    rows_in: dict[Level, Any] = field(init=False, default_factory=dict)
    """By level: the areas that those of this table lie in (`schema.places.Containing`)."""
    lists: "Bounded[tuple[object, ...], Ordinals]" = field(
        init=False, default_factory=lambda: Bounded(_MOST_LISTED)
    )
    """Areas in one parent, or all of them, by parent, terrain and order."""
    bound: "Bounded[object, Any]" = field(init=False, default_factory=lambda: Bounded(_BOUND_BYTES))
    pages: "Bounded[object, Any]" = field(init=False, default_factory=lambda: Bounded(_PAGES_BYTES))
    """Pages of those lists, by what is asked of them."""
    _present: Ordinals = field(init=False)

    def __post_init__(self) -> None:
        present = np.array(sorted(self.table.ordinals.values()), np.int32)
        object.__setattr__(self, "_present", present)

    @cached_property
    def type_name(self) -> str:  # type: ignore[override]
        return TYPE_NAMES[self.table.level]

    @cached_property
    def shelf(self) -> Shelf:
        """Pages of areas of this table."""
        return Shelf(self)

    @cached_property
    def folded(self) -> tuple[str, ...]:
        """Names by ordinal, to search and to sort by."""
        return tuple(map(fold, self.table.names))

    @cached_property
    def by_code(self) -> Order:
        return self._order([self.table.codes[i] for i in self._present])

    @cached_property
    def code_texts(self) -> list[str]:
        """Codes as JSON texts, by row."""
        return [f'"{code}"' for code in self.table.codes]

    @cached_property
    def name_texts(self) -> list[str]:
        """Names as JSON texts, by row."""
        return [orjson.dumps(name).decode() for name in self.table.names]

    @cached_property
    def id_texts(self) -> list[str]:
        """Global ids as JSON texts, by row."""
        kind, vintage = TYPE_NAMES[self.table.level], self.table.vintage
        return [f'"{id_text(kind, f"{vintage}:{code}")}"' for code in self.table.codes]

    @cached_property
    def drawn(self) -> list[bool]:
        """Whether the area of each row has a shape."""
        return [not missing for missing in np.isnan(self.table.bounds[:, 0]).tolist()]

    @cached_property
    def by_name(self) -> Order:
        codes = self.table.codes
        return self._order([(self.folded[i], codes[i]) for i in self._present])

    @cached_property
    def by_parent(self) -> dict[str, Ordinals]:
        return self._grouped([self.table.parents[i] for i in self._present])

    @cached_property
    def by_gemeente(self) -> dict[str, Ordinals]:
        # A table's codes are canonical and of one level, so that they need no recognising.
        if self.table.level is Level.LAND:
            return {}
        return self._grouped(["GM" + self.table.codes[i][2:6] for i in self._present])

    @cached_property
    def terrains(self) -> dict[Terrain, NDArray[np.bool_]]:
        """Mask of the rows of each terrain."""
        column = np.array([each.value for each in self.table.terrains], dtype=object)
        return {terrain: np.asarray(column == terrain.value) for terrain in Terrain}

    def _order(self, keys: list[str] | list[tuple[str, str]]) -> Order:
        places = sorted(range(len(keys)), key=keys.__getitem__)
        ordinals = self._present[places] if places else self._present
        rank = np.full(len(self.table), -1, np.int32)
        rank[ordinals] = np.arange(len(ordinals), dtype=np.int32)
        return Order(ordinals, rank)

    def _grouped(self, keys: list[str | None]) -> dict[str, Ordinals]:
        groups: dict[str, list[int]] = {}
        for ordinal, key in zip(self._present.tolist(), keys, strict=True):
            if key is not None:
                groups.setdefault(key, []).append(ordinal)
        return {key: np.array(members, np.int32) for key, members in groups.items()}
