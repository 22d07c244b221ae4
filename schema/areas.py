"""The areas: one interface and its four levels.

All of them are a `Place`: a row of a table. What needs another table or a block is read through
the context of the request.
"""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import strawberry
from graphql import GraphQLResolveInfo

from db.core.codes import gemeente_code
from db.core.levels import Level, Terrain
from schema.area_links import AreaLink, Validity, lineage, predecessors, successors, validity
from schema.comparable import Comparable, comparable
from schema.connections import AreaConnection
from schema.context import Info
from schema.enums import BoundaryChangeKind, ShapeStatus
from schema.errors import BadArgument
from schema.fields import (
    AfterArgument,
    BeforeArgument,
    FirstArgument,
    LastArgument,
    argument,
    field,
)
from schema.filters import OrderArgument
from schema.geometry import (
    BoundingBox,
    Geometry,
    Point,
    bbox,
    centroid,
    geometry,
    shape_reason,
    shape_status,
)
from schema.language import LanguageArgument, chosen
from schema.memberships import Membership, area_memberships, memberships_known_for
from schema.nodes import Node
from schema.observations import ObservationResult, observations
from schema.paging import Page, Window
from schema.place import ABOVE, BELOW, Place, find_if_loaded
from schema.selection import Branches
from schema.series import SeriesResult, series
from schema.stacking import Stacking, stacking

_CHANGE_EN = {
    1: "Same border and same code as the year before.",
    2: "Same border as the year before, another code.",
    3: "Another border than the year before: not comparable with it.",
}
_CHANGE_NL = {
    1: "Zelfde grens en zelfde code als het jaar ervoor.",
    2: "Zelfde grens als het jaar ervoor, andere code.",
    3: "Andere grens dan het jaar ervoor: daarmee niet vergelijkbaar.",
}


@dataclass(frozen=True, slots=True)
class Change:
    """The source of a BoundaryChange: CBS's code."""

    code: int

    @property
    def kind(self) -> BoundaryChangeKind | None:
        return BoundaryChangeKind(self.code) if self.code in _CHANGE_EN else None


def change_text(
    change: strawberry.Parent[Change], info: Info, language: LanguageArgument = None
) -> str:
    english = chosen(info.context, language) == "en"
    texts = _CHANGE_EN if english else _CHANGE_NL
    other = "A code that CBS does not explain." if english else "Een code die CBS niet uitlegt."
    return texts.get(change.code, other)


@strawberry.type(description="What CBS says happened to an area since the year before.")
class BoundaryChange:
    code: int = field("CBS Indelingswijziging: 1, 2 or 3.")
    kind: BoundaryChangeKind | None = field("What the code means; null for a code not explained.")
    text: str = field("What the code means, in a sentence.", change_text)


def boundary_change(place: strawberry.Parent[Place]) -> Any:
    changes = place.table.changes
    code = changes[place.ordinal] if changes else None
    return None if code is None else Change(code)


def parent(place: strawberry.Parent[Place], info: Info) -> Any:
    above = ABOVE.get(place.level)
    if above is None:
        return None
    return find_if_loaded(info.context, above, place.parent_code, place.vintage)


def gemeente(place: strawberry.Parent[Place], info: Info) -> Any:
    code = gemeente_code(place.code)
    return find_if_loaded(info.context, Level.GEMEENTE, code, place.vintage)


def own_gemeente_code(place: strawberry.Parent[Place]) -> str | None:
    return gemeente_code(place.code)


def children(
    place: strawberry.Parent[Place],
    info: Info,
    terrain: Annotated[
        Terrain | None, argument("Of this terrain; null: of every terrain.")
    ] = Terrain.LAND,
    order_by: OrderArgument = None,
    first: FirstArgument = None,
    after: AfterArgument = None,
    last: LastArgument = None,
    before: BeforeArgument = None,
) -> Page:
    below = BELOW.get(place.level)
    if below is None:
        raise BadArgument(
            "a buurt has no areas below it; ask `children` of a wijk, gemeente or land",
            "een buurt heeft geen gebieden onder zich; vraag `children` van wijk, gemeente of land",
            argument="children",
        )
    roster = info.context.roster(info.context.table(below, place.vintage))
    window = Window(first, after, last, before)
    return Branches(roster, info.context.number, terrain, order_by, window).page(place.code)


@strawberry.interface(
    description="An area of Dutch statistics: level, code and vintage together say which one. The "
    "same code in another vintage may be another area."
)
class Area(Node):
    code: str = field("CBS code, text with its prefix.")
    name: str = field("Name; empty where no source gives one (some waters).")
    level: Level = field("Level of the area.")
    vintage: int = field("Year of the boundaries (CBS indeling, of 1 January).")
    terrain: Terrain = field("What it is made of.")
    valid_from: date = field("First day of the vintage.")
    valid_until: date = field("First day of the next vintage: from then on the code may differ.")
    parent_code: str | None = field("Code of the area it lies in, one level up, same vintage.")
    parent: "Area | None" = field(
        "The area it lies in, one level up, same vintage; null for the country, and where it is "
        "not loaded.",
        parent,
    )
    children: AreaConnection["Area"] | None = field(
        "The areas one level down that lie in it, same vintage. An error for a buurt.", children
    )
    lineage: str = field(
        "Id of this border: it survives recodings, and a code that is used again has another. The "
        "code and vintage in which the border first occurs, as far as the loaded maps show.",
        lineage,
    )
    validity: Validity = field(
        "The loaded vintages in which this border held under this code.", validity
    )
    predecessors: list[AreaLink] | None = field(
        "What it was in the vintage before, the largest part first: the same area, or those it was "
        "made of. Null where no earlier vintage is linked to this one.",
        predecessors,
    )
    successors: list[AreaLink] | None = field(
        "What became of it in the vintage after, the largest part first. Null where no later "
        "vintage is linked to this one.",
        successors,
    )
    boundary_change: BoundaryChange | None = field(
        "What CBS says happened to it since the year before; null where that is not stated.",
        boundary_change,
    )
    geometry: Geometry | None = field(
        "Its shape; null where there is none, see `shapeStatus`.", geometry
    )
    shape_status: ShapeStatus = field("Whether it has a shape.", shape_status)
    shape_reason: str | None = field("Why it has no shape; null where it has one.", shape_reason)
    bbox: BoundingBox | None = field(
        "The box around it. In RD: a box around the box in degrees, in whole metres, so a little "
        "larger than the area. Null without a shape.",
        bbox,
    )
    centroid: Point | None = field(
        "A point inside it, near its middle; null without a shape.", centroid
    )
    observations: list[ObservationResult] | None = field(
        "Values in one year, in the order of the slugs. A slug that cannot be answered gives an "
        "IndicatorProblem in its place.",
        observations,
    )
    series: list[SeriesResult] | None = field(
        "Values through the years on this vintage, in the order of the slugs. A slug that cannot "
        "be answered gives an IndicatorProblem in its place.",
        series,
    )
    stacking: Stacking | None = field(
        "In how many domains the area is among the worst of its level and vintage.", stacking
    )
    comparable: Comparable | None = field(
        "The areas of its level and vintage that are most like it on chosen indicators.", comparable
    )
    memberships: list[Membership] | None = field(
        "Focus areas it belongs to, stated for exactly this area of this vintage, candidates "
        "included and marked. Null where nothing is stated "
        "for this level and vintage, which is not the same as none: see `membershipsKnownFor`.",
        area_memberships,
    )
    memberships_known_for: list[int] = field(
        "Vintages of this level for which memberships are stated. On other vintages they are not "
        "joined on the code.",
        memberships_known_for,
    )


def _is(level: Level, value: object) -> bool:
    return isinstance(value, Place) and value.table.level is level


@strawberry.type(description="The whole country.")
class Land(Area):
    @classmethod
    def is_type_of(cls, value: object, info: "GraphQLResolveInfo[Any]") -> bool:
        return _is(Level.LAND, value)


@strawberry.type(description="A municipality.")
class Gemeente(Area):
    @classmethod
    def is_type_of(cls, value: object, info: "GraphQLResolveInfo[Any]") -> bool:
        return _is(Level.GEMEENTE, value)


@strawberry.type(description="A district: a part of a gemeente.")
class Wijk(Area):
    gemeente: Gemeente | None = field(
        "The gemeente it lies in, same vintage; null where that is not loaded.",
        gemeente,
    )
    gemeente_code: str = field("Code of the gemeente it lies in.", own_gemeente_code)

    @classmethod
    def is_type_of(cls, value: object, info: "GraphQLResolveInfo[Any]") -> bool:
        return _is(Level.WIJK, value)


@strawberry.type(description="A neighbourhood: a part of a wijk.")
class Buurt(Area):
    gemeente: Gemeente | None = field(
        "The gemeente it lies in, same vintage; null where that is not loaded.",
        gemeente,
    )
    gemeente_code: str = field("Code of the gemeente it lies in.", own_gemeente_code)

    @classmethod
    def is_type_of(cls, value: object, info: "GraphQLResolveInfo[Any]") -> bool:
        return _is(Level.BUURT, value)
