"""Which area holds each of many points.

Points come from people: nothing here keeps one, and no error repeats one.
"""

from datetime import date
from functools import partial
from typing import Annotated, Any, TypeAlias

import numpy as np
import shapely
import strawberry

from db.core.area import AreaTable
from db.core.bounded import Bounded
from db.core.crs import RD
from db.core.geometry import Shapes
from db.core.levels import Level
from db.core.locate import Located as Found
from db.core.locate import Locator
from db.core.locate import Placement as PointPlacement
from db.core.simplify import Detail
from schema.areas import Area
from schema.context import Context, Info
from schema.default_vintage import RULE
from schema.drawn import drawn_table, has_gaps
from schema.enums import Crs
from schema.errors import BadArgument, LimitOutOfRange, VintageNotDrawn, VintageNotLoaded
from schema.fields import argument, field
from schema.place import Place
from schema.scalars import PointInput
from schema.workshop import Work

PRIVATE_FIELDS = frozenset({"locate"})
"""Root fields whose arguments and answers say where somebody is."""
_KEPT = "locators"
_MOST_KEPT = 2
"""Of one publication: 100 MB and 2.5 seconds to make for 14,500 areas of 200 vertices each."""
MOST_POINTS = 10_000
MOST_TABLES = 2
"""Levels and vintages that one request may locate points in: each is a map that must be read."""
_TOO_MANY = (
    "a map is one level in one vintage, whatever the number of fields that ask for it, and takes "
    "up to seconds to make ready: ask for other maps in another request",
    "een kaart is één niveau in één indeling, hoeveel velden er ook naar vragen, en het kost tot "
    "enkele seconden om haar gereed te maken: vraag andere kaarten in een ander verzoek",
)
_Map: TypeAlias = tuple[Level, int]


class Spot:
    """The source of a Located: one point, which it does not hold."""

    __slots__ = ("_at", "_found", "_table")

    def __init__(self, table: AreaTable, found: Found, at: int) -> None:
        self._table = table
        self._found = found
        self._at = at

    @property
    def area(self) -> Place | None:
        return self._place(self._found.rows.item(self._at))

    @property
    def nearest(self) -> Place | None:
        return self._place(self._found.nearest.item(self._at))

    @property
    def placement(self) -> PointPlacement:
        return PointPlacement(self._found.placements.item(self._at))

    @property
    def distance(self) -> float | None:
        metres = self._found.distances.item(self._at)
        return None if metres != metres else round(metres, 2)

    @property
    def vintage(self) -> int:
        return self._table.vintage

    def _place(self, row: int) -> Place | None:
        return None if row < 0 else Place(self._table, row)


@strawberry.type(description="Where one point lies. The point itself is not repeated.")
class Located:
    area: Area | None = field(
        "The area that holds the point, its boundary included; null where none does."
    )
    placement: PointPlacement = field("Where the point lies, or why it was not looked for.")
    distance: float | None = field(
        "Metres to the boundary of `area` or `nearest`, rounded to 0.01; null without either."
    )
    nearest: Area | None = field(
        "The nearest area within 100 metres of a point that lies in none. The point is not said to "
        "belong to it."
    )
    vintage: int = field("Year of the boundaries.")


PointsArgument = Annotated[
    list[PointInput],
    argument(
        "At most 10,000 points. A point with a mistake in it loses no other: see `placement`."
    ),
]
MapVintageArgument = Annotated[
    int | None,
    argument(
        f"Year of the boundaries (CBS indeling). Null: of this level {RULE}, of those of which a "
        "map is loaded. The answer says which one it is. An error where no map is loaded."
    ),
]
AtDayArgument = Annotated[
    date | None,
    argument("A day: the boundaries of its year. Not together with `vintage`."),
]


def locate(
    info: Info,
    points: PointsArgument,
    level: Annotated[Level, argument("Level of the areas.")],
    vintage: MapVintageArgument = None,
    at: AtDayArgument = None,
    crs: Annotated[Crs, argument("System of the points.")] = Crs.CRS84,
) -> Any:
    if len(points) > MOST_POINTS:
        raise LimitOutOfRange("points", len(points), 0, MOST_POINTS)
    if vintage is not None and at is not None:
        raise BadArgument(
            "`at` and `vintage` are both given; `at` means the vintage of its year, so give one",
            "`at` en `vintage` zijn beide gegeven; `at` betekent de indeling van dat jaar, dus "
            "geef er één",
            argument="at",
        )
    table = _table(info.context, level, vintage, at)
    if crs is not Crs.RD:
        info.context.await_transform()
    xy = np.array(points, np.float64).reshape(-1, 2)
    found = _locator(info.context, table).locate(xy, crs.value)
    return [Spot(table, found, row) for row in range(len(found))]


def _table(context: Context, level: Level, vintage: int | None, at: date | None) -> AreaTable:
    try:
        return drawn_table(context, level, vintage if at is None else at.year)
    except (VintageNotLoaded, VintageNotDrawn) as refused:
        if at is not None:
            refused.is_about("at")
        raise


def _locator(context: Context, table: AreaTable) -> Locator:
    """The shapes of a table made ready: kept, or made in a thread."""
    asked = (table.level, table.vintage)
    _count(context, asked)
    kept: Bounded[_Map, Locator] = context.facts.remember(_KEPT, lambda: Bounded(_MOST_KEPT))
    known = kept.get(asked)
    if known is not None:
        return known
    rows = sorted(table.ordinals.values())
    texts = context.shape_texts(table, rows, Detail.FULL, RD)
    return context.made(
        Work(
            (_KEPT, asked),
            partial(_made, table, rows, texts),
            lambda made: kept.keep(asked, made),
        )
    )


def _count(context: Context, asked: _Map) -> None:
    """Bounds what one request may ask, whether it was made ready before or not."""
    counted: set[_Map] = context.memo.setdefault(_KEPT, set())
    if asked not in counted and len(counted) >= MOST_TABLES:
        what = "different maps in one request", "verschillende kaarten in een verzoek"
        given = len(counted) + 1
        raise LimitOutOfRange("level", given, 0, MOST_TABLES, what=what, why=_TOO_MANY)
    counted.add(asked)


def _made(table: AreaTable, rows: list[int], texts: list[str | None]) -> Locator:
    """By row; without the areas that have no shape or are of no interest to this publication."""
    shapes: Shapes = np.full(len(table), None, object)
    if rows:
        shapes[rows] = shapely.from_geojson(np.array(texts, object))
    return Locator(shapes, gaps=has_gaps(table))
