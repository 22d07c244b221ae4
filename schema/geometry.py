"""Shapes of areas: where they are, what they are in, and the text of their geometry.

A geometry is sent on as it was stored; nothing is parsed, simplified or transformed on request.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Annotated, Any

import numpy as np
import orjson
import strawberry

from db.core.area import AreaTable
from db.core.crs import CRS84, RD
from db.core.simplify import TOLERANCE, Detail
from schema.batch import Batch, Linked, Same, together
from schema.context import Context, Info
from schema.enums import Crs, ShapeStatus
from schema.fields import argument, field
from schema.ground import Chosen, Elsewhere, Ground, Reader, reads
from schema.language import LanguageArgument, chosen
from schema.place import Place, Places
from schema.provenance import Provenance, provenance_of
from schema.roster import Roster
from schema.scalars import GeoJSON

_EDGE = 16
"""Pieces that an edge of a box is cut in before it is brought to RD, where it is a curve."""
_NOTE_EN = {
    Crs.CRS84: "Degrees are ETRS89, taken to be CRS84, made from the RD shape when it was loaded.",
    Crs.RD: "RD metres, as the map was loaded or brought to RD when it was loaded.",
}
_NOTE_NL = {
    Crs.CRS84: "Graden zijn ETRS89, opgevat als CRS84, bij het laden gemaakt uit de vorm in RD.",
    Crs.RD: "Meters in RD, zoals de kaart geladen is of bij het laden naar RD gebracht.",
}

DetailArgument = Annotated[Detail, argument("How closely it follows the publisher's map.")]
CrsArgument = Annotated[Crs, argument("Coordinate system of the numbers.")]


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """The source of a Geometry."""

    place: Place
    detail: Detail
    crs: Crs

    @property
    def crs_uri(self) -> str:
        return self.crs.uri

    @property
    def tolerance(self) -> float | None:
        return TOLERANCE.get(self.detail)


@dataclass(frozen=True, slots=True)
class BoxValue:
    """The source of a BoundingBox."""

    west: float
    south: float
    east: float
    north: float
    crs: Crs


@dataclass(frozen=True, slots=True)
class PointValue:
    """The source of a Point."""

    x: float
    y: float
    crs: Crs


def geojson(shape: strawberry.Parent[Shape], info: Info) -> Any:
    place = shape.place
    (text,) = info.context.shape_texts(place.table, [place.ordinal], shape.detail, shape.crs.value)
    return None if text is None else orjson.Fragment(text)


class Shapes(Batch):
    """The shapes of areas at one detail in one coordinate system."""

    __slots__ = ("crs", "detail", "places")
    type_name = "Geometry"

    def __init__(self, places: Places, detail: Detail, crs: Crs) -> None:
        self.places = places
        self.detail = detail
        self.crs = crs

    def __len__(self) -> int:
        return len(self.places)

    def __getitem__(self, row: Any) -> Any:
        if isinstance(row, slice):
            return Shapes(self.places[row], self.detail, self.crs)
        return Shape(self.places[row], self.detail, self.crs)


@together(Places, "geometry")
def _geometries(
    places: Places, context: Context, detail: Detail = Detail.OVERVIEW, crs: Crs = Crs.CRS84
) -> Linked:
    drawn = context.roster(places.table).drawn
    ordinals = [ordinal for ordinal in places.ordinals if drawn[ordinal]]
    if len(ordinals) == len(places):
        return Linked(Shapes(places, detail, crs))
    row = {ordinal: i for i, ordinal in enumerate(ordinals)}
    rows = [row.get(ordinal, -1) for ordinal in places.ordinals]
    return Linked(Shapes(Places(places.table, ordinals), detail, crs), rows)


@together(Shapes, "geojson")
def _geojsons(shapes: Shapes, context: Context) -> Any:
    places = shapes.places
    texts = context.shape_texts(places.table, places.ordinals, shapes.detail, shapes.crs.value)
    return NotImplemented if None in texts else texts


class Sheet(Ground):
    """The shapes of all areas of a table at one detail in one coordinate system."""

    type_name = "Geometry"

    def __init__(self, table: AreaTable, detail: Detail, crs: Crs) -> None:
        self.table = table
        self.detail = detail
        self.crs = crs


class ShapeTexts(Reader):
    """The texts of the shapes of a sheet, as they are stored."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    @property
    def kind(self) -> object:
        return self

    def row(self, context: Context, row: int) -> Sequence[str]:
        return self.columns(context, Chosen([row]))[0]

    def columns(self, context: Context, chosen: Chosen) -> Sequence[list[str]]:
        sheet = self._sheet
        found = context.shape_texts(sheet.table, chosen.rows, sheet.detail, sheet.crs.value)
        if None in found:
            raise LookupError("a shape that the table knows of is not stored")
        return [found]  # type: ignore[list-item]


@reads(Roster, "geometry")
def _geometry_of_rows(
    roster: Roster, _: Context, detail: Detail = Detail.OVERVIEW, crs: Crs = Crs.CRS84
) -> Elsewhere:
    sheet, drawn = Sheet(roster.table, detail, crs), roster.drawn
    return Elsewhere([sheet], which=None if all(drawn) else [each - 1 for each in drawn])


@reads(Sheet, "geojson")
def _geojson_of_rows(sheet: Sheet, _: Context) -> list[Reader]:
    return [ShapeTexts(sheet)]


@reads(Sheet, "detail")
def _detail_of_rows(sheet: Sheet, _: Context) -> Same:
    return Same(f'"{sheet.detail.name}"')


@reads(Sheet, "crs")
def _crs_of_rows(sheet: Sheet, _: Context) -> Same:
    return Same(f'"{sheet.crs.name}"')


def transformation(
    shape: strawberry.Parent[Shape], info: Info, language: LanguageArgument = None
) -> str:
    notes = _NOTE_EN if chosen(info.context, language) == "en" else _NOTE_NL
    return notes[shape.crs]


def shape_provenance(shape: strawberry.Parent[Shape], info: Info) -> Any:
    loads = shape.place.table.shape_loads
    return provenance_of(info.context, loads[shape.place.ordinal] if loads else None)


@strawberry.type(description="The shape of an area at one detail in one coordinate system.")
class Geometry:
    geojson: GeoJSON = field(
        "The geometry, a Polygon or MultiPolygon, outer rings counter-clockwise.", geojson
    )
    detail: Detail = field("How closely it follows the publisher's map.")
    tolerance: float | None = field(
        "Metres: details smaller than about this were left out; null where none were."
    )
    crs: Crs = field("Coordinate system of the numbers.")
    crs_uri: str = field("The coordinate system by its OGC address.")
    transformation: str = field("How the coordinates came about.", transformation)
    provenance: Provenance | None = field(
        "The map it was loaded from, with source and attribution; null where that is not known.",
        shape_provenance,
    )


@strawberry.type(description="The box around an area.")
class BoundingBox:
    west: float = field("Smallest x or longitude.")
    south: float = field("Smallest y or latitude.")
    east: float = field("Largest x or longitude.")
    north: float = field("Largest y or latitude.")
    crs: Crs = field("Coordinate system of the numbers.")


@strawberry.type(description="A point.")
class Point:
    x: float = field("Longitude in degrees, or x in metres.")
    y: float = field("Latitude in degrees, or y in metres.")
    crs: Crs = field("Coordinate system of the numbers.")


def geometry(
    place: strawberry.Parent[Place],
    detail: DetailArgument = Detail.OVERVIEW,
    crs: CrsArgument = Crs.CRS84,
) -> Any:
    return Shape(place, detail, crs) if place.table.has_shape(place.ordinal) else None


def shape_status(place: strawberry.Parent[Place]) -> ShapeStatus:
    has = place.table.has_shape(place.ordinal)
    return ShapeStatus.AVAILABLE if has else ShapeStatus.NO_SHAPE


def shape_reason(
    place: strawberry.Parent[Place], info: Info, language: LanguageArgument = None
) -> str | None:
    if place.table.has_shape(place.ordinal):
        return None
    if chosen(info.context, language) == "en":
        return f"No map of vintage {place.vintage} that was loaded has a shape for this area."
    return f"Geen geladen kaart van de indeling van {place.vintage} heeft een vorm voor dit gebied."


def bbox(place: strawberry.Parent[Place], info: Info, crs: CrsArgument = Crs.CRS84) -> Any:
    if not place.table.has_shape(place.ordinal):
        return None
    west, south, east, north = place.table.bounds[place.ordinal].tolist()
    if crs is Crs.RD:
        west, south, east, north = _box_in_rd(info.context, west, south, east, north)
    return BoxValue(west, south, east, north, crs)


def _box_in_rd(
    context: Context, west: float, south: float, east: float, north: float
) -> list[float]:
    across, up = np.linspace(west, east, _EDGE + 1), np.linspace(south, north, _EDGE + 1)
    rim = np.concatenate(
        [np.column_stack([across, np.full(_EDGE + 1, y)]) for y in (south, north)]
        + [np.column_stack([np.full(_EDGE + 1, x), up]) for x in (west, east)]
    )
    points = context.transform(rim, CRS84, RD)
    low, high = points.min(axis=0), points.max(axis=0)
    return [float(floor(low[0])), float(floor(low[1])), float(ceil(high[0])), float(ceil(high[1]))]


def centroid(place: strawberry.Parent[Place], info: Info, crs: CrsArgument = Crs.CRS84) -> Any:
    if not place.table.has_shape(place.ordinal):
        return None
    point = place.table.centroids[place.ordinal : place.ordinal + 1]
    if crs is Crs.RD:
        point = info.context.transform(point, CRS84, RD).round(3)
    x, y = point[0].tolist()
    return PointValue(x, y, crs)
