"""The enums of the contract: those of the core, given a description for every value."""

from enum import Enum, EnumMeta
from typing import Any

import strawberry

from db.core.absence import Reason, Status
from db.core.indicator import Aggregation, Direction, Domain, Kind, Measures, Nature, Origin
from db.core.levels import Level, Terrain
from db.core.programme import Certainty, Extent, Precision
from db.core.simplify import Detail


def described(kind: EnumMeta, description: str, *, name: str | None = None, **values: str) -> None:
    """Make an enum known to the schema; every value must have a description."""
    strawberry.enum(kind, name=name, description=description)
    definition: Any = kind.__strawberry_definition__  # type: ignore[attr-defined]
    for value in definition.values:
        value.description = values.pop(value.name)
    if values:
        raise ValueError(f"{kind.__name__} has no value {', '.join(values)}")


class Crs(Enum):
    """Coordinate systems of shapes; the value is the EPSG code that stands for it in the store."""

    CRS84 = 4326
    RD = 28992

    @property
    def uri(self) -> str:
        return _URI[self]


_URI = {
    Crs.CRS84: "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
    Crs.RD: "http://www.opengis.net/def/crs/EPSG/0/28992",
}


class BoundaryChangeKind(Enum):
    """CBS Indelingswijziging; the value is CBS's own code."""

    UNCHANGED = 1
    RECODED = 2
    BORDER_MOVED = 3


class ShapeStatus(Enum):
    """Whether an area has a shape in this publication."""

    AVAILABLE = "available"
    NO_SHAPE = "no_shape"


class AreaOrderField(Enum):
    """What areas are sorted by."""

    CODE = "code"
    NAME = "name"


class OrderDirection(Enum):
    """Which end comes first."""

    ASC = "asc"
    DESC = "desc"


class RankingOrder(Enum):
    """Which value has rank 1."""

    HIGHEST_FIRST = "highest"
    LOWEST_FIRST = "lowest"


class TieRule(Enum):
    """Which ranks equal values have."""

    LOWEST_SHARED = "lowest_shared"


class ProblemCode(Enum):
    """Why one indicator of a list has no answer."""

    UNKNOWN_INDICATOR = "unknown"
    NO_OPEN_SOURCE = "gap"
    NOT_AVAILABLE_AT_LEVEL = "level"
    NOT_LOADED = "not_loaded"
    WITHDRAWN = "withdrawn"
    NEUTRAL_INDICATOR = "neutral"
    NOT_ON_THESE_BOUNDARIES = "boundaries"
    LIMIT_OUT_OF_RANGE = "limit"


described(
    Level,
    "Level of a Dutch statistical area, from the whole country down.",
    LAND="The whole country.",
    GEMEENTE="Municipality.",
    WIJK="District: a part of a gemeente.",
    BUURT="Neighbourhood: a part of a wijk.",
)
described(
    Terrain,
    "What an area is made of.",
    LAND="Land: where people live or could live. Only land takes part in rankings.",
    WATER="Water: nobody lives there; such areas complete the map.",
    ABROAD="Outside the Netherlands: an entry of administrations, without a place on the map.",
)
described(
    Status,
    "Whether a value is there, and of what sort. The first four have a value, the others never.",
    name="ObservationStatus",
    OBSERVED="Value as the source publishes it.",
    MODELLED="Estimate from a model of the source, not a count.",
    RECODED="Carried over exactly from areas with the same border or summed exactly.",
    ESTIMATED="Converted from other boundaries, with bounds.",
    SUPPRESSED="Withheld by the source, because it is too small to show.",
    UNKNOWN="The source has no figure, or says that it is unknown.",
    NOT_APPLICABLE="The figure cannot exist here.",
    NOT_COMPARABLE="Published on the boundaries of another year; never joined on the code.",
    NOT_PUBLISHED="The source has not published it, or it was not loaded.",
)
described(
    Reason,
    "Why a value is there or not; every reason belongs to one status.",
    name="ReasonCode",
    OBSERVED="As the source publishes it.",
    MODELLED="Estimated by a model of the source.",
    RECODED="Carried over from an area with the same border, or summed exactly.",
    ESTIMATED="Converted from other boundaries, with bounds.",
    CONFIDENTIAL="Withheld by the source: too small to show.",
    WITHHELD_ELSEWHERE="A figure that is withheld on other boundaries would follow from it.",
    DOT="The source shows a dot: unknown, not reliable enough, or secret.",
    NO_FIGURE="The source has no figure and does not say why.",
    MISSING_CODE="The source has a code for missing, such as -99997.",
    UNKNOWN_TO_PUBLISHER="The source says that the value is unknown.",
    PART_UNKNOWN="The figure of a part of the area is absent.",
    SHARE_UNKNOWN="An area belongs to it in part, and which part is not known.",
    NO_UNITS="On these boundaries no wijk or buurt counts as a part of the area.",
    WATER_OR_ABROAD="Water or abroad: there are no figures.",
    IMPOSSIBLE="The source leaves the cell blank: the figure cannot occur here.",
    OTHER_BOUNDARIES="Published on the boundaries of another year.",
    BORDER_CHANGED="The border has changed, and a figure of this sort cannot be converted.",
    NO_LINKS="Published on boundaries of which it is not known how they hang together with these.",
    NO_DENOMINATOR="The border has changed, and what this figure is over is not published.",
    NOT_ADDITIVE="A figure of this sort cannot be made of parts.",
    NO_WEIGHT="What this figure is over, or another weight, is not loaded on these boundaries.",
    NOT_YET_PUBLISHED="The source has not filled this column yet in this edition.",
    NOT_MEASURED="Not measured in this year.",
    NO_ROW="The source has no row for this area in this year.",
    NOT_LOADED="No source was loaded for this area and year in this publication.",
)
described(
    Domain,
    "Field of life that an indicator is about; the first six are those of the NPLV.",
    EDUCATION="Education.",
    POVERTY="Poverty and debts.",
    HEALTH="Health and care.",
    WORK="Work and income from work.",
    HOUSING="Dwellings and who owns them.",
    SAFETY="Crime, nuisance and feeling safe.",
    POPULATION="Inhabitants and households.",
    AMENITIES="Distance to shops, schools, care and leisure.",
    ENVIRONMENT="Surface, energy, air and green.",
    ECONOMY="Businesses and their sort.",
    COMPOSITE="Scores made of several fields.",
)
described(
    Direction,
    "Which way is better. No ranking of better and worse is made of a neutral indicator.",
    HIGHER_IS_BETTER="A higher value is better.",
    LOWER_IS_BETTER="A lower value is better.",
    NEUTRAL="Neither is better.",
)
described(
    Kind,
    "What sort of number an indicator is; it decides which arithmetic is allowed.",
    name="IndicatorKind",
    COUNT="A number of things; counts of parts may be summed.",
    SHARE="A part of a whole, in per cent.",
    RATE="A number per so many others.",
    MEAN="An average.",
    MEDIAN="The middle value; cannot be made from parts.",
    INDEX="A score without a unit of its own.",
    CLASS="A class by number; no arithmetic at all.",
)
described(
    Aggregation,
    "How values of parts make the value of the whole.",
    SUM="By adding up.",
    WEIGHTED_MEAN="By the mean, weighted by the denominator.",
    RECOMPUTE="By dividing the summed numerator by the summed denominator.",
    NONE="Not at all.",
)
described(
    Nature,
    "How a figure comes about.",
    MEASURED="Counted or registered.",
    MODELLED="Estimated by a model.",
    PERCEIVED="What people answered when asked.",
)
described(
    Precision,
    "How precisely a date is known; the rest of the date is the first of the month or year.",
    name="DatePrecision",
    DAY="To the day.",
    MONTH="To the month.",
    YEAR="To the year.",
)
described(
    Certainty,
    "How sure it is that a unit belongs to a focus area, or a gemeente to a group.",
    OFFICIAL="Stated by an official source that names the unit.",
    NAME_MATCH="A source names the neighbourhood, and a unit of that vintage has the name.",
    CANDIDATE="Possible; does not count as a member.",
)
described(
    Extent,
    "Whether the whole unit belongs to the focus area.",
    WHOLE="The whole unit.",
    PART="A part of the unit.",
    UNKNOWN="Not known.",
)
described(
    Detail,
    "How closely a shape follows the publisher's map; simplified so that neighbours keep sharing "
    "their border.",
    OVERVIEW="For a map of the country: some tens of vertices.",
    MEDIUM="For a map of a town.",
    FULL="As published, repaired where it was not valid.",
)
described(
    Crs,
    "Coordinate system.",
    CRS84="Longitude and latitude in degrees, longitude first (what GeoJSON prescribes).",
    RD="Rijksdriehoek, EPSG 28992: x and y in metres.",
)
described(
    BoundaryChangeKind,
    "What CBS says happened to an area with respect to the year before.",
    UNCHANGED="Same border and same code (CBS code 1).",
    RECODED="Same border, another code (CBS code 2).",
    BORDER_MOVED="Another border: not comparable with the year before (CBS code 3).",
)
described(
    ShapeStatus,
    "Whether there is a shape.",
    AVAILABLE="There is one.",
    NO_SHAPE="No map of this vintage that was loaded has a shape for this area.",
)
described(
    AreaOrderField,
    "What areas are sorted by. The order is always total: equal names are sorted by code.",
    CODE="By code.",
    NAME="By name without case and diacritics, then by code.",
)
described(OrderDirection, "Which end comes first.", ASC="A to Z.", DESC="Z to A.")
described(
    RankingOrder,
    "Which value has rank 1. It is about the numbers only: whether a high value is good or bad, "
    "`direction` of the indicator says.",
    HIGHEST_FIRST="The highest value.",
    LOWEST_FIRST="The lowest value.",
)
described(
    TieRule,
    "Which ranks equal values have.",
    LOWEST_SHARED="All of them the lowest, and the ranks after it are left out: 1, 2, 2, 4. Areas "
    "with equal values are listed by code.",
)
described(
    Measures,
    "What a figure is of in time. A stock says nothing of who came or went.",
    name="StockOrFlow",
    STOCK="What there is at a moment.",
    FLOW="What came, went or happened in a year.",
)
described(
    Origin,
    "Who brought something into this instance of the service.",
    PUBLISHED="The service: it comes from a publisher whose tables it knows.",
    OWN="Who runs this instance loaded it; other instances may not have it or have another.",
)
described(
    ProblemCode,
    "Why one indicator of a list has no answer. The others of the list are not lost.",
    UNKNOWN_INDICATOR="No indicator has this slug; `suggestions` has the nearest ones.",
    NO_OPEN_SOURCE="No open national table of it exists; load your own.",
    NOT_AVAILABLE_AT_LEVEL="There are figures, but at other levels only: see `levels`.",
    NOT_LOADED="This publication has no figures of it at any level.",
    WITHDRAWN="It was somebody's own, and who brought it in has withdrawn it.",
    NEUTRAL_INDICATOR="Neither side of it is better, and the question is about better and worse.",
    NOT_ON_THESE_BOUNDARIES="No figures of these years are on the boundaries of this vintage.",
    LIMIT_OUT_OF_RANGE="The request asks for more of these than `limit`; this is one too many.",
)
