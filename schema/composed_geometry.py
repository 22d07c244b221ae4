"""The shape of an area made of units: the union of those that belong to it as a whole.

What belongs in part has no shape of its own, so it is not drawn, and named. Units of two levels
are drawn by the buurten that they hold, for maps of two levels are simplified apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import strawberry

from db.core.area import AreaTable
from db.core.levels import Level
from db.core.simplify import TOLERANCE, Detail
from db.snapshot.keys import UnionKey
from schema.composed import Composed
from schema.context import Context, Info
from schema.enums import Crs
from schema.fields import field
from schema.geometry import CrsArgument, DetailArgument
from schema.place import Place
from schema.provenance import Provenance, provenance_of
from schema.references import AreaItem
from schema.scalars import GeoJSON
from schema.selection import NOBODY


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """The source of a ComposedGeometry."""

    composed: Composed
    table: AreaTable
    ordinals: tuple[int, ...]
    not_drawn: tuple[Place, ...]
    detail: Detail
    crs: Crs

    @property
    def crs_uri(self) -> str:
        return self.crs.uri

    @property
    def tolerance(self) -> float | None:
        return TOLERANCE.get(self.detail)

    @property
    def complete(self) -> bool:
        return self.composed.complete and not self.not_drawn


def drawn(context: Context, composed: Composed, detail: Detail, crs: Crs) -> Drawn:
    """What is drawn of an area, and what is not."""
    whole = [each.area for each in composed.units if each.known_share == 1]
    left = [each.area for each in composed.units if each.known_share != 1]
    table = composed.tables[-1]
    ordinals: list[int] = []
    for area in whole:
        found = _rows(context, area, table)
        if found and all(table.has_shape(row) for row in found):
            ordinals += found
        else:
            left.append(area)
    return Drawn(composed, table, tuple(sorted(ordinals)), tuple(left), detail, crs)


def _rows(context: Context, area: Place, table: AreaTable) -> Sequence[int]:
    """The rows of a table that are an area, or make it up."""
    if area.table is table:
        return [area.ordinal]
    below = context.roster(table).by_parent.get(area.code, NOBODY)
    return [int(row) for row in below]


def union_geojson(source: strawberry.Parent[Drawn], info: Info) -> Any:
    context, table = info.context, source.table
    text: str | None = None
    if len(source.ordinals) == 1:
        (text,) = context.shape_texts(table, source.ordinals, source.detail, source.crs.value)
    elif source.ordinals:
        text = context.union_text(
            UnionKey(table.level, table.vintage, source.detail, source.crs.value, source.ordinals)
        )
    return None if text is None else orjson.Fragment(text)


def drawn_from(source: strawberry.Parent[Drawn]) -> Level:
    return source.table.level


def provenances(source: strawberry.Parent[Drawn], info: Info) -> Any:
    loads = source.table.shape_loads
    numbers = sorted({loads[row] for row in source.ordinals}) if loads else []
    found = [provenance_of(info.context, number) for number in numbers]
    return [each for each in found if each is not None]


@strawberry.type(
    description="The shape of an area made of units: their union at one detail, valid, without the "
    "borders between them. Made of the shapes of the map; gaps in it narrower than 25 metres are "
    "closed."
)
class ComposedGeometry:
    geojson: GeoJSON | None = field(
        "The geometry, a Polygon or MultiPolygon, outer rings counter-clockwise; null where no "
        "whole unit has a shape.",
        union_geojson,
    )
    complete: bool = field(
        "Whether it is the shape of the whole area. False where a unit belongs in part (its own "
        "shape is not the area's), has no shape, or something that was named is no unit."
    )
    not_drawn: list[AreaItem] = field("Units that are not in the shape.")
    drawn_from: Level = field("Level of the map whose shapes were joined.", drawn_from)
    detail: Detail = field("How closely it follows the publisher's map.")
    tolerance: float | None = field(
        "Metres: details smaller than about this were left out; null where none were."
    )
    crs: Crs = field("Coordinate system of the numbers.")
    crs_uri: str = field("The coordinate system by its OGC address.")
    provenances: list[Provenance] = field(
        "The maps it was made from, with source and attribution.", provenances
    )


__all__ = ["ComposedGeometry", "CrsArgument", "DetailArgument", "Drawn", "drawn"]
