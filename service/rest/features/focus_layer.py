"""The layer of focus areas by their units of one vintage; who has no whole unit has no shape."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

from db.core.figures import Floats
from db.core.programme import FocusArea
from db.core.simplify import Detail
from db.core.stacking_definition import StackingDefinition
from db.snapshot.keys import UnionKey
from schema.composed import Composed, composed_of_focus_area
from schema.composed_geometry import drawn
from schema.context import Context
from schema.enums import Crs
from schema.refusal import Refusal
from service.rest.features.collections import Collection
from service.rest.features.focus_figures import Cell, cells, refuse_unknown
from service.rest.features.layer import NO_FIGURES, Layer, Texts
from service.rest.features.stacking import Counts, nothing_counted


@dataclass(frozen=True, slots=True)
class _Row:
    area: FocusArea
    composed: Composed | None
    """None where no unit of the vintage counts: candidates, and what has ended."""


class FocusLayer(Layer):
    """Focus areas for which any unit of the vintage is stated."""

    def __init__(self, context: Context, collection: Collection) -> None:
        self.collection = collection
        facts = context.facts
        self._rows = [
            _Row(area, _composed(context, area, collection.vintage))
            for slug, area in sorted(facts.focus_areas.items())
            if any(each.vintage == collection.vintage for each in facts.memberships_of(slug))
        ]
        self.ids = [each.area.slug for each in self._rows]
        self.order = range(len(self.ids))

    @property
    def ordered(self) -> NDArray[Any]:
        return np.arange(len(self.ids))

    def heads(self, context: Context, rows: Sequence[int]) -> list[bytes]:
        return [
            f'}},{{"type":"Feature","id":"{self.ids[row]}","properties":'.encode()
            + orjson.dumps(self.properties(context, row))[:-1]
            for row in rows
        ]

    def properties(self, context: Context, row: int) -> dict[str, object]:
        area, composed = self._rows[row].area, self._rows[row].composed
        shape = None if composed is None else drawn(context, composed, Detail.FULL, Crs.RD)
        units = [] if composed is None else [each.area.code for each in composed.units]
        return {
            "code": area.slug,
            "naam": area.name,
            "programma": area.programme,
            "gemeenteCode": area.gemeente_code,
            "indeling": self.collection.vintage,
            "eenheden": units,
            "volledig": shape is not None and shape.complete,
            "zekerheid": getattr(composed and composed.certainty, "name", None),
        }

    def stacking(
        self, context: Context, definition: StackingDefinition, year: int | None
    ) -> Counts:
        return nothing_counted(len(self.ids))

    def shapes(self, context: Context, rows: Sequence[int], detail: Detail, crs: Crs) -> Texts:
        return [self._shape(context, self._rows[row].composed, detail, crs) for row in rows]

    def _shape(
        self, context: Context, composed: Composed | None, detail: Detail, crs: Crs
    ) -> str | None:
        made = None if composed is None else drawn(context, composed, detail, crs)
        if made is None or not made.ordinals:
            return None
        table = made.table
        if len(made.ordinals) == 1:
            return context.shape_texts(table, made.ordinals, detail, crs.value)[0]
        return context.union_text(
            UnionKey(table.level, table.vintage, detail, crs.value, made.ordinals)
        )

    def figures(
        self, context: Context, rows: Sequence[int], slugs: Sequence[str], year: int | None
    ) -> list[bytes]:
        refuse_unknown(context, self.collection.vintage, slugs, year)
        found = [cells(context, self._rows[row].composed, slugs, year) for row in rows]
        return ["".join(each.text for each in row).encode() + NO_FIGURES for row in found]

    def boxes(self, context: Context) -> Floats:
        return self._boxes(tuple(self.shapes(context, self.order, Detail.FULL, Crs.CRS84)))

    @staticmethod
    def _boxes(texts: tuple[str | None, ...]) -> Floats:
        if not texts:
            return np.empty((0, 4))
        found: Floats = shapely.bounds(shapely.from_geojson(np.array(texts, object)))
        return found

    @cached_property
    def _texts(self) -> dict[str, list[str | None]]:
        areas = [each.area for each in self._rows]
        return {
            "code": [each.slug for each in areas],
            "naam": [each.name for each in areas],
            "programma": [each.programme for each in areas],
            "gemeenteCode": [each.gemeente_code for each in areas],
        }

    def texts(self, context: Context, name: str) -> list[str | None]:
        return self._texts[name]

    def numbers(self, context: Context, slug: str, year: int | None) -> Floats:
        found = self._of_all(context, slug, year)
        values = [np.nan if each.value is None else each.value for each in found]
        return np.array(values, np.float64)

    def statuses(self, context: Context, slug: str, year: int | None) -> Sequence[str]:
        return [each.reason.status.name for each in self._of_all(context, slug, year)]

    def _of_all(self, context: Context, slug: str, year: int | None) -> list[Cell]:
        refuse_unknown(context, self.collection.vintage, [slug], year)
        return [cells(context, each.composed, [slug], year)[0] for each in self._rows]


def _composed(context: Context, area: FocusArea, vintage: int) -> Composed | None:
    try:
        return composed_of_focus_area(context, area, vintage, None)
    except Refusal:
        return None
