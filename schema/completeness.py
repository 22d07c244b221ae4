"""How complete one year of a series is, as counts of areas by status."""

import numpy as np
import strawberry

from db.core import completeness as core
from db.core.absence import Status
from db.core.block import SeriesKey
from db.core.completeness import Completeness as Counts
from db.core.levels import Terrain
from schema.context import Context, Info
from schema.facts import Availability as Series
from schema.fields import field


def suppressed(source: strawberry.Parent[Counts]) -> int:
    return source.by_status[Status.SUPPRESSED]


def unknown(source: strawberry.Parent[Counts]) -> int:
    return source.by_status[Status.UNKNOWN]


def not_applicable(source: strawberry.Parent[Counts]) -> int:
    return source.by_status[Status.NOT_APPLICABLE]


def not_comparable(source: strawberry.Parent[Counts]) -> int:
    return source.by_status[Status.NOT_COMPARABLE]


def not_published(source: strawberry.Parent[Counts]) -> int:
    return source.by_status[Status.NOT_PUBLISHED]


@strawberry.type(
    description="How many areas of a level and vintage have a figure of one year, and how many "
    "have none, by status. `known` and the five others add up to `areas`."
)
class Completeness:
    year: int = field("Year that the figures are of.")
    areas: int = field("Areas of the level and vintage that are loaded, water and abroad too.")
    known: int = field("Areas with a value.")
    suppressed: int = field("Areas of which the source withholds it.", suppressed)
    unknown: int = field("Areas of which the source does not know or say it.", unknown)
    not_applicable: int = field("Areas where it cannot exist, such as water.", not_applicable)
    not_comparable: int = field("Areas with a figure on other boundaries only.", not_comparable)
    not_published: int = field(
        "Areas of which nothing was published, measured or loaded.", not_published
    )
    share: float | None = field(
        "`known` as a part of the areas where it can exist, from 0 to 1; null where there are none."
    )


def completeness(
    source: strawberry.Parent[Series], info: Info
) -> tuple[core.Completeness, ...] | None:
    context = info.context
    counted = context.facts.head.counted.get(
        SeriesKey(source.indicator, source.level, source.vintage)
    )
    if counted is None:
        return None
    land, water = _later(context, source, counted.rows)
    return core.completeness(source.years, counted, later_land=land, later_water=water)


def _later(context: Context, source: Series, rows: int) -> tuple[int, int]:
    """Areas on land, and others, that joined after the series was published."""
    key = ("areas that joined later", source.level, source.vintage, rows)
    found: tuple[int, int] | None = context.memo.get(key)
    if found is None:
        roster = context.roster(context.table(source.level, source.vintage))
        later = roster.by_code.ordinals[roster.by_code.ordinals >= rows]
        land = int(np.count_nonzero(roster.terrains[Terrain.LAND][later]))
        found = context.memo[key] = land, len(later) - land
    return found
