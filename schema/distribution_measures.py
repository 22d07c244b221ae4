"""The measures of a distribution as GraphQL shows them, each with whether it can be told."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import strawberry

from db.core.burden import Verdict
from db.core.concentration import concentration
from db.core.distribution import Against
from db.core.figures import Floats
from db.core.indicator import Indicator as CoreIndicator
from schema.burdens import Ordered, number, verdict_of
from schema.context import Info
from schema.enums import described
from schema.fields import field
from schema.indicators import Indicator
from schema.language import LanguageArgument, chosen
from schema.place import Place
from schema.references import AreaItem

MOST_POINTS = 200
_NO_PART = (
    "Het wordt niet geteld in de eenheid waartegen het wordt afgezet, dus er is geen rest.",
    "It is not counted in the unit of what it is set against, so there is no rest.",
)

described(
    Verdict,
    "Whether a measure can be told, or the first reason why not.",
    name="DistributionVerdict",
    TOLD="It is told.",
    NEGATIVE="A value or weight is below zero.",
    NO_POPULATION="Nobody is there, of what the load is set against.",
    LOW_COVERAGE="The value is known for less than 80 per cent of what it is set against, or that "
    "itself is known for less than 80 per cent of the areas.",
    FEW_AREAS="Fewer than two areas have a value.",
    NO_PROBLEM="The load is zero in all areas: there is nothing to spread.",
    NOT_A_PART="The load is no part of what it is set against, or exceeds it: there is no rest.",
    NO_REST="The load is all of what it is set against: there is no rest.",
)
described(
    Against,
    "What a load is compared with.",
    name="DissimilarityAgainst",
    REST="Those without it, as Duncan and Duncan (1955) do; only where it is a part of them.",
    ALL="All that it is set against, as Hoover (1936) does.",
)


@dataclass(frozen=True, slots=True, eq=False)
class Lorenz:
    """The source of a LorenzCurve."""

    population: Floats
    load: Floats

    @property
    def length(self) -> int:
        return len(self.population)

    @property
    def thinned(self) -> bool:
        return self.length > MOST_POINTS

    @property
    def curve(self) -> list["Point"]:
        at = thinned(self.population, MOST_POINTS)
        pairs = zip(self.population[at].tolist(), self.load[at].tolist(), strict=True)
        return [Point(*each) for each in pairs]


@dataclass(frozen=True, slots=True)
class Point:
    """The source of a LorenzPoint."""

    population: float
    load: float


def thinned(axis: Floats, most: int) -> Any:
    """Places of at most so many values of an ascending axis: the first at or after even steps."""
    if len(axis) <= most:
        return np.arange(len(axis))
    places = np.searchsorted(axis, np.linspace(axis[0], axis[-1], most))
    places[-1] = len(axis) - 1
    return np.unique(places)


@dataclass(frozen=True, slots=True, eq=False)
class Apart:
    """The source of a Dissimilarity."""

    value: float | None
    against: Against
    verdict: Verdict
    other_unit: bool
    """Whether there is no rest because the load is counted in another unit."""


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """The source of a ConcentrationIndex."""

    ordered: Ordered

    @property
    def ranked_by(self) -> CoreIndicator:
        return self.ordered.by

    @property
    def year(self) -> int:
        return self.ordered.year

    @property
    def value(self) -> float | None:
        return number(concentration(self.ordered.curves).values)

    @property
    def areas(self) -> int:
        return int(self.ordered.curves.basis.areas[0])

    @property
    def without(self) -> int:
        return int(self.ordered.curves.basis.unknown[0])

    @property
    def verdict(self) -> Verdict:
        return verdict_of(self.ordered.curves.basis.verdicts)


@dataclass(frozen=True, slots=True, eq=False)
class Quantiles:
    """The source of a QuantileShares."""

    ranked_by: CoreIndicator | None
    year: int | None
    shares: list[float] | None
    verdict: Verdict


@dataclass(frozen=True, slots=True, eq=False)
class Quotient:
    """The source of a LocationQuotient."""

    area: Place
    quotient: float


def verdict_text(
    source: strawberry.Parent[Any], info: Info, language: LanguageArgument = None
) -> str:
    text: str = source.verdict.text(chosen(info.context, language))
    return text


def apart_text(
    source: strawberry.Parent[Apart], info: Info, language: LanguageArgument = None
) -> str:
    spoken = chosen(info.context, language)
    return _NO_PART[spoken == "en"] if source.other_unit else source.verdict.text(spoken)


@strawberry.type(description="What a load is set against, on the same boundaries.")
class DistributionWeight:
    indicator: Indicator = field("The inhabitants, or what the indicator names as denominator.")
    year: int = field(
        "Year of its values. Inhabitants: of the year of the boundaries, or else the newest. "
        "Others: of the year of the load, or else of the boundaries, or else the newest."
    )
    own: bool = field(
        "Whether the indicator names it as its denominator. False: none is named, or it has no "
        "figures on these boundaries; a share of others is then taken to hold for all inhabitants."
    )


@strawberry.type(description="A point of a Lorenz curve.")
class LorenzPoint:
    population: float = field("Part of what the load is set against up to here, 0 to 1.")
    load: float = field("Part of the load up to here, 0 to 1.")


@strawberry.type(
    description="Areas from the lowest to the highest share of the load; the diagonal is an even "
    "spread."
)
class LorenzCurve:
    curve: list[LorenzPoint] = field(
        "From (0, 0) to (1, 1), at most 200 points. Each is a point of the whole curve: where that "
        "has more, those at or next after even steps of `population`, always the same ones."
    )
    length: int = field("Points of the whole curve: areas with equal shares are one step.")
    thinned: bool = field("Whether `curve` lacks some of them. No measure is made of `curve`.")


@strawberry.type(
    description="Part of the load that would have to move for an even spread, 0 to 1. Where "
    "numbers are small, chance alone makes it larger than zero."
)
class Dissimilarity:
    value: float | None = field("The index; null where it cannot be told.")
    against: Against = field("What the load is compared with.")
    verdict: Verdict = field("Whether it can be told, or why not.")
    text: str = field("The verdict in a sentence.", apart_text)


@strawberry.type(
    description="Whether the load lies in areas that are low or high on another indicator. Ranked "
    "by its own share it would be the Gini; it lies between that and its opposite."
)
class ConcentrationIndex:
    value: float | None = field(
        "Below zero: in areas that are low on `rankedBy`; above zero: in areas that are high."
    )
    ranked_by: Indicator = field("What the areas are in the order of, lowest first.")
    year: int = field(
        "Year of the values that order: that of the load where these boundaries have it, or else "
        "the newest."
    )
    areas: int = field("Areas with both values.")
    without: int = field("Areas that lack either value; they are left out.")
    verdict: Verdict = field("Whether it can be told, or why not.")
    text: str = field("The verdict in a sentence.", verdict_text)


@strawberry.type(description="The load in equal parts of what it is set against.")
class QuantileShares:
    ranked_by: Indicator | None = field(
        "What the areas are in the order of; null: their own share of the load."
    )
    year: int | None = field("Year of the values that order; null: that of the load.")
    shares: list[float] | None = field(
        "Part of the load in each, 0 to 1, lowest in the order first; they add up to 1. An area "
        "across a limit is split. Null where it cannot be told."
    )
    verdict: Verdict = field("Whether they can be told, or why not.")
    text: str = field("The verdict in a sentence.", verdict_text)


@strawberry.type(description="How much more of the load an area has than its part.")
class LocationQuotient:
    area: AreaItem = field("The area.")
    quotient: float = field("1: as much as all areas together; 2: twice as much for its size.")
