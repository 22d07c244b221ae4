"""Which areas a list holds: the filter as a caller writes it.

Conditions are combined with AND. A code of another level or vintage is refused with why; a member
stated for another vintage is never joined on its code.
"""

from datetime import date
from typing import Annotated

import strawberry

from db.core.levels import Level, Terrain
from schema.enums import AreaOrderField, OrderDirection
from schema.errors import BadArgument, LimitOutOfRange

_LONGEST_NAME = 100
_MOST_CODES = 5000


@strawberry.input(description="A box in degrees (CRS84). It must not be inside out.")
class BoundingBoxInput:
    west: float = strawberry.field(description="Smallest longitude.")
    south: float = strawberry.field(description="Smallest latitude.")
    east: float = strawberry.field(description="Largest longitude.")
    north: float = strawberry.field(description="Largest latitude.")

    def check(self) -> None:
        longitudes = -180 <= self.west <= self.east <= 180
        if not (longitudes and -90 <= self.south <= self.north <= 90):
            raise BadArgument(
                "bbox: give degrees, longitude -180 to 180 and latitude -90 to 90, with west at "
                "most east and south at most north",
                "bbox: geef graden, lengte -180 tot 180 en breedte -90 tot 90, met west hoogstens "
                "east en south hoogstens north",
                argument="bbox",
            )


@strawberry.input(
    description="Which areas to list. Everything given must hold (AND); nothing given: all land."
)
class AreaFilter:
    codes: list[str] | None = strawberry.field(
        default=None,
        description="These codes only, at most 5000. Codes not loaded for the vintage are in "
        "`missingCodes` of the answer; a code of another level is an error.",
    )
    gemeente: str | None = strawberry.field(
        default=None, description="In this gemeente: its code in the same vintage."
    )
    parent: str | None = strawberry.field(
        default=None,
        description="Directly in this area: its code, one level up, in the same vintage.",
    )
    focus_area: str | None = strawberry.field(
        default=None,
        description="Members of this focus area by slug: units that are OFFICIAL or NAME_MATCH, "
        "whole or in part. For gemeenten: the one it lies in. Members are stated for a vintage; "
        "for any other one the answer is an error, not an empty list.",
    )
    programme: str | None = strawberry.field(
        default=None,
        description="Members of any focus area of this programme, by slug; as `focusArea`.",
    )
    municipality_group: str | None = strawberry.field(
        default=None,
        description="In a gemeente of this group, by slug: its list on the date `at`, in the "
        "vintage whose codes the list uses.",
    )
    at: date | None = strawberry.field(
        default=None,
        description="Date for focusArea, programme and municipalityGroup. Null: memberships that "
        "have not ended, and the newest list.",
    )
    bbox: BoundingBoxInput | None = strawberry.field(
        default=None,
        description="Areas whose bounding box meets this box; the area itself may lie outside. "
        "Areas without a shape are left out; an error where none of the vintage has one.",
    )
    name: str | None = strawberry.field(
        default=None,
        description="Name contains this text, whatever its case and diacritics; at most 100 "
        "characters.",
    )
    terrain: Terrain | None = strawberry.field(
        default=Terrain.LAND,
        description="Of this terrain; null: of every terrain, water and abroad too.",
    )

    def check(self) -> None:
        """Refuse what is too much or contradicts itself, before anything is read."""
        if self.codes is not None and len(self.codes) > _MOST_CODES:
            raise LimitOutOfRange("codes", len(self.codes), 0, _MOST_CODES)
        if self.name is not None and len(self.name) > _LONGEST_NAME:
            raise LimitOutOfRange("name", len(self.name), 0, _LONGEST_NAME)
        if self.bbox is not None:
            self.bbox.check()


@strawberry.input(description="How areas are sorted. Always a total order, ending with the code.")
class AreaOrder:
    field: AreaOrderField = strawberry.field(
        default=AreaOrderField.CODE, description="What they are sorted by."
    )
    direction: OrderDirection = strawberry.field(
        default=OrderDirection.ASC, description="Which end comes first."
    )


FilterArgument = Annotated[
    AreaFilter | None,
    strawberry.argument(description="Which areas. Null: all land of the vintage."),
]
OrderArgument = Annotated[
    AreaOrder | None, strawberry.argument(description="In which order. Null: by code, A to Z.")
]


def definition(level: Level, vintage: int, chosen: AreaFilter, order: AreaOrder) -> list[object]:
    """What makes one list of areas another one than the next, for its cursors."""
    box = chosen.bbox
    return [
        level.value,
        vintage,
        None if chosen.codes is None else sorted(chosen.codes),
        chosen.gemeente,
        chosen.parent,
        chosen.focus_area,
        chosen.programme,
        chosen.municipality_group,
        None if chosen.at is None else chosen.at.isoformat(),
        None if box is None else (box.west, box.south, box.east, box.north),
        chosen.name,
        None if chosen.terrain is None else chosen.terrain.value,
        order.field.value,
        order.direction.value,
    ]
