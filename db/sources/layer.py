"""A layer as a publisher delivers it: attributes by column, one shape a row, not yet judged.

Every map format is brought to this one form; db.sources.area_rows makes areas and figures of it.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from db.core.geometry import Ring, Shapes, build

_FLUSH_VERTICES = 100_000


@dataclass(slots=True)
class Layer:
    """`columns[name][row]` as the file has it, None where the row lacks the attribute."""

    columns: dict[str, list[Any]]
    shapes: Shapes | None
    """As published, unrepaired; None for a table without a single one."""
    rows: int
    crs: int | None = None
    """EPSG code as the file states it."""
    notes: Counter[str] = field(default_factory=Counter)


class LayerBuilder:
    """Collects features one by one; vertices become shapes in batches, to stay small."""

    def __init__(self) -> None:
        self._columns: dict[str, list[Any]] = {}
        self._waiting: list[list[list[Ring]]] = []
        self._vertices = 0
        self._shapes: list[Shapes] = []
        self.rows = 0
        self.notes: Counter[str] = Counter()

    def add(self, attributes: Mapping[str, Any], polygons: list[list[Ring]]) -> None:
        for name, value in attributes.items():
            column = self._columns.setdefault(name, [])
            column.extend([None] * (self.rows - len(column)))
            column.append(value)
        self.rows += 1
        self._waiting.append(polygons)
        self._vertices += sum(len(ring) for rings in polygons for ring in rings)
        if self._vertices > _FLUSH_VERTICES:
            self._flush()

    def values(self, column: str) -> set[Any]:
        """What the column holds so far."""
        return set(self._columns.get(column, ()))

    def layer(self, crs: int | None) -> Layer:
        self._flush()
        for column in self._columns.values():
            column.extend([None] * (self.rows - len(column)))
        shapes = np.concatenate([np.empty(0, object), *self._shapes])
        drawn = None if shapely.is_missing(shapes).all() else shapes
        return Layer(self._columns, drawn, self.rows, crs, self.notes)

    def _flush(self) -> None:
        shapes, short_rings = build(self._waiting)
        self._shapes.append(shapes)
        if short_rings:
            self.notes["lost-ring"] += short_rings
        self._waiting, self._vertices = [], 0
