"""How the load of an indicator is spread over areas: measures, each with why it cannot be told.

It compares areas with each other and does not judge; what a measure rests on stands beside it.
"""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import strawberry

from db.core.area import AreaTable
from db.core.burden import Basis, Verdict
from db.core.concentration import concentration, quantile_shares
from db.core.distribution import Against
from db.core.distribution import dissimilarity as dissimilarity_of
from db.core.indicator import Indicator as CoreIndicator
from db.core.levels import Level
from schema.burdens import (
    Distributed,
    Ordered,
    Weight,
    check_kind,
    distributed,
    in_order_of,
    is_flow,
    number,
    verdict_of,
)
from schema.context import Info
from schema.distribution_measures import (
    Apart,
    ConcentrationIndex,
    Dissimilarity,
    DistributionWeight,
    Index,
    LocationQuotient,
    Lorenz,
    LorenzCurve,
    Quantiles,
    QuantileShares,
    Quotient,
    verdict_text,
)
from schema.errors import BadArgument, LimitOutOfRange
from schema.fields import (
    AtArgument,
    LevelArgument,
    ValuesYearArgument,
    VintageArgument,
    argument,
    field,
)
from schema.focus_loads import FocusAreaShare, focus_share
from schema.indicators import Indicator
from schema.language import LanguageArgument, said
from schema.place import Place
from schema.selection import in_group
from schema.standing import scope

_MOST_QUANTILES = 100
_MOST_QUOTIENTS = 1000
_STOCK = (
    "Een stand: hoeveel er zijn, niet hoeveel er in een jaar bij kwamen of weggingen.",
    "A stock: how many there are, not how many came or went in a year.",
)
_FLOW = (
    "Een stroom: wat er in een jaar gebeurde of bij kwam, niet hoeveel er zijn.",
    "A flow: what happened or was added in a year, not how many there are.",
)


@dataclass(frozen=True, slots=True, eq=False)
class DistributionOf:
    """The source of a Distribution."""

    spread: Distributed
    table: AreaTable
    ranked_by: str | None
    quantiles: int
    complete: bool

    @property
    def _basis(self) -> Basis:
        return self.spread.burden.basis

    @property
    def indicator(self) -> CoreIndicator:
        return self.spread.indicator

    @property
    def level(self) -> Level:
        return self.spread.asked.level

    @property
    def vintage(self) -> int:
        return self.spread.asked.vintage

    @property
    def year(self) -> int:
        return self.spread.asked.year

    @property
    def within(self) -> str | None:
        return self.spread.asked.within

    @property
    def municipality_group(self) -> str | None:
        listed = self.spread.asked.listed
        return None if listed is None else listed[0]

    @property
    def listed_on(self) -> date | None:
        listed = self.spread.asked.listed
        return None if listed is None else listed[1]

    @property
    def weighed_by(self) -> Weight:
        return self.spread.weight

    @property
    def flow(self) -> bool:
        return is_flow(self.indicator)

    @property
    def verdict(self) -> Verdict:
        return self.spread.verdict

    @property
    def areas(self) -> int:
        return int(self._basis.areas[0])

    @property
    def without(self) -> int:
        return int(self._basis.unknown[0])

    @property
    def unweighed(self) -> int:
        return int(self._basis.unweighted[0])

    @property
    def empty(self) -> int:
        return int(self._basis.empty[0])

    @property
    def coverage(self) -> float | None:
        return number(self._basis.coverage)

    @property
    def noisy(self) -> bool:
        return bool(self._basis.few()[0])

    @property
    def effective_areas(self) -> float | None:
        return number(self._basis.effective_areas)

    @property
    def load_left_out(self) -> float | None:
        out, taken = float(self._basis.problem_left_out[0]), float(self._basis.problem[0])
        return out / (out + taken) if out + taken > 0 else None

    @property
    def gini(self) -> float | None:
        return number(concentration(self.spread.curves).values)

    @property
    def lorenz(self) -> "Lorenz | None":
        return Lorenz(*self.spread.curves.of(0)) if self.verdict is Verdict.TOLD else None


Source = strawberry.Parent[DistributionOf]


def distribution_note(source: Source, info: Info, language: LanguageArgument = None) -> str:
    return said(_FLOW if source.flow else _STOCK, info.context, language)


def dissimilarity(
    source: Source,
    against: Annotated[Against, argument("What the load is compared with.")] = Against.REST,
) -> Apart:
    spread = source.spread
    if against is Against.REST and spread.verdict is Verdict.TOLD and not spread.part:
        return Apart(None, against, Verdict.NOT_A_PART, other_unit=True)
    found = dissimilarity_of(spread.burden, against)
    return Apart(number(found.values), against, verdict_of(found.basis.verdicts), other_unit=False)


def _ordered(source: DistributionOf, info: Info) -> Ordered | None:
    if source.ranked_by is None:
        return None
    return in_order_of(info.context, source.table, source.spread, source.ranked_by)


def concentration_index(source: Source, info: Info) -> Any:
    ordered = _ordered(source, info)
    return None if ordered is None else Index(ordered)


def quantiles_of(source: Source, info: Info) -> Any:
    ordered = _ordered(source, info)
    curves = source.spread.curves if ordered is None else ordered.curves
    verdict = verdict_of(curves.basis.verdicts)
    told = verdict is Verdict.TOLD
    shares = quantile_shares(curves, source.quantiles).values[0].tolist() if told else None
    by, year = (None, None) if ordered is None else (ordered.by, ordered.year)
    return Quantiles(by, year, shares, verdict)


def share_in_focus_areas(
    source: Source,
    info: Info,
    programme: Annotated[str, argument("Slug of the programme.")],
    at: AtArgument = None,
) -> Any:
    return focus_share(info.context, source.table, source.spread, programme, at)


def location_quotients(
    source: Source,
    first: Annotated[int, argument("At most so many areas: 1 to 1000, otherwise an error.")] = 100,
) -> Any:
    if not 1 <= first <= _MOST_QUOTIENTS:
        raise LimitOutOfRange("first", first, 1, _MOST_QUOTIENTS)
    if source.verdict is not Verdict.TOLD:
        return None
    rows, values = source.spread.quotients
    pairs = zip(rows[:first].tolist(), values[:first].tolist(), strict=True)
    return [Quotient(Place(source.table, row), value) for row, value in pairs]


@strawberry.type(
    description="How a load is spread over the areas on land of a level and vintage, or those "
    "`within` a gemeente or in a group of them. About areas, not households. Every area is counted "
    "once: in `areas`, `without`, `unweighed` or `empty`."
)
class Distribution:
    indicator: Indicator = field("The load.")
    level: Level = field("Level of the areas.")
    vintage: int = field("Year of the boundaries of all areas.")
    year: int = field("Year of the values.")
    within: str | None = field("Code of the gemeente; null: the group, or the whole country.")
    municipality_group: str | None = field(
        "Slug of the group of gemeenten whose areas these are; null: no group."
    )
    listed_on: date | None = field("Day of the list that says which gemeenten those are.")
    complete: bool = field("Whether all areas of this level and vintage are loaded.")
    weighed_by: DistributionWeight = field("What the load is set against.")
    flow: bool = field("Whether it is what happened in a year; if not, it is what there is.")
    note: str = field("Whether it is a stock or a flow, in a sentence.", distribution_note)
    verdict: Verdict = field(
        "Whether `gini`, `lorenz` and `locationQuotients` can be told, or why not. Other measures "
        "have their own."
    )
    text: str = field("The verdict in a sentence.", verdict_text)
    areas: int = field("Areas with a value that take part.")
    without: int = field("Areas without a value: left out, never taken as zero.")
    unweighed: int = field("Areas of which it is not known what the load is to be set against.")
    empty: int = field("Areas with nobody, or nothing, to set the load against.")
    coverage: float | None = field(
        "Part of what the load is set against that lies in areas with a value, 0 to 1. From 0.8 on "
        "measures are told."
    )
    noisy: bool = field("Fewer than 10 areas take part: chance has much to say in every measure.")
    effective_areas: float | None = field("How many equally large areas differ in size as these.")
    load_left_out: float | None = field(
        "Part of the known load in areas that take no part, such as offences where nobody lives."
    )
    gini: float | None = field("Gini coefficient, 0 for an even spread; null: see `verdict`.")
    lorenz: LorenzCurve | None = field("Lorenz curve; null: see `verdict`.")
    dissimilarity: Dissimilarity = field("Index of dissimilarity.", dissimilarity)
    concentration_index: ConcentrationIndex | None = field(
        "Concentration index by `rankedBy`; null where that is not given.", concentration_index
    )
    quantile_shares: QuantileShares | None = field(
        "The load in equal parts, in the order of `rankedBy` where that is given.", quantiles_of
    )
    share_in_focus_areas: FocusAreaShare | None = field(
        "What the focus areas of a programme bear, by the units that count as members on these "
        "boundaries.",
        share_in_focus_areas,
    )
    location_quotients: list[LocationQuotient] | None = field(
        "Areas by location quotient, the highest first, equal ones by code; null: see `verdict`.",
        location_quotients,
    )


LoadArgument = Annotated[
    str,
    argument(
        "Slug of the indicator: a COUNT, SHARE or RATE. A mean, median, score or class is "
        "refused: areas do not have parts of it."
    ),
]
WithinArgument = Annotated[
    str | None,
    argument(
        "Only over areas in this gemeente: its code in the same vintage. Null, or the code of "
        "the country: all areas."
    ),
]
GroupArgument = Annotated[
    str | None,
    argument(
        "Only over areas in gemeenten of this group, by slug, on the boundaries that its list "
        "is stated for. Not together with `within`."
    ),
]
ListedAtArgument = Annotated[
    date | None, argument("Day on which the list of the group is taken. Null: the newest.")
]
RankedByArgument = Annotated[
    str | None,
    argument(
        "Slug of an indicator in whose order areas stand for `concentrationIndex` and "
        "`quantileShares`. Null: no index, and quantiles by the share of the load itself."
    ),
]
QuantilesArgument = Annotated[
    int, argument("Equal parts of `quantileShares`: 2 to 100, otherwise an error.")
]


def distribution(
    info: Info,
    indicator: LoadArgument,
    level: LevelArgument,
    year: ValuesYearArgument = None,
    vintage: VintageArgument = None,
    within: WithinArgument = None,
    municipality_group: GroupArgument = None,
    at: ListedAtArgument = None,
    ranked_by: RankedByArgument = None,
    quantiles: QuantilesArgument = 5,
) -> Any:
    context = info.context
    context.facts.require("indicator", indicator, "indicator")
    found = context.facts.head.indicators[indicator]
    check_kind(found)
    if ranked_by is not None:
        context.facts.require("indicator", ranked_by, "rankedBy")
    if not 2 <= quantiles <= _MOST_QUANTILES:
        raise LimitOutOfRange("quantiles", quantiles, 2, _MOST_QUANTILES)
    table = context.table(level, vintage)
    _check_group(municipality_group, within, at)
    if municipality_group is None:
        group, rows = scope(context, table, within)
        spread = distributed(context, table, found, year, group, rows)
    else:
        rows = in_group(context, context.roster(table), municipality_group, at)
        listed = municipality_group, context.facts.list_at(municipality_group, at).as_of
        spread = distributed(context, table, found, year, None, rows, listed)
    complete = context.facts.is_complete(level, table.vintage)
    return DistributionOf(spread, table, ranked_by, quantiles, complete)


def _check_group(group: str | None, within: str | None, at: date | None) -> None:
    """Refuse a day of no list, and areas of a gemeente and of a group at once."""
    if group is None and at is not None:
        raise BadArgument(
            "`at` is the day of the list of a group; give `municipalityGroup` too",
            "`at` is de dag van de lijst van een groep; geef ook `municipalityGroup`",
            argument="at",
        )
    if group is not None and within is not None:
        raise BadArgument(
            "`within` and `municipalityGroup` are both given; areas are of the one or the other",
            "`within` en `municipalityGroup` zijn beide gegeven; gebieden zijn van het een of het "
            "ander",
            argument="within",
        )
