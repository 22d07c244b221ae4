"""How an indicator lies over areas, worked out once a publication and kept.

Values and weights are of one table, so of one vintage's own boundaries. Which indicators have a
load that can be spread, and against whom, is decided here.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

import numpy as np

from db.core.area import AreaTable
from db.core.burden import Burden, Verdict, burden_of_counts, burden_of_shares
from db.core.concentration import Curves, concentration_curves, lorenz
from db.core.distribution import location_quotients
from db.core.figures import Floats, known
from db.core.indicator import Indicator, Kind, Measures
from db.core.levels import Level
from schema.context import Context
from schema.errors import BadArgument, KindNotAllowed, NotAvailableInYear
from schema.figures import ROUNDED_LEVELS, Column
from schema.roster import Ordinals
from schema.standing import year_of
from schema.whole_table import POPULATION, column_of, inhabitants_column, on_land, values_of
from schema.workings import Workings

T = TypeVar("T")
SPREAD = (Kind.COUNT, Kind.SHARE, Kind.RATE)
"""What a load can be made of: numbers of things, or parts of a number that is known."""
_PER_CENT = 100.0
_FLOWS = frozenset(
    {
        "births", "birth_rate", "deaths", "death_rate", "new_dwellings", "new_non_dwellings",
        "nuisance_reports",
    }
)  # fmt: skip
_FLOWS_BEGIN = "crime_"
_WORKINGS: Workings[Hashable, Any] = Workings(
    "distributions",
    ("different distributions in one request", "verschillende verdelingen in een verzoek"),
    "indicator",
    # Distributions, orders and sets of focus areas: each is a country to be sorted, some four
    # milliseconds for all buurten. Twenty years with all three.
    most_asked=60,
    # Some fifty distributions over all wijken, or fifteen over all buurten.
    most_bytes=16 * 1024 * 1024,
)
_ENTRY_BYTES = 4000
_AREA_BYTES = 72
"""Rows, problem, population, masks and groups; a curve; quotients and their order."""
_CURVE_BYTES = 16


class Asked(NamedTuple):
    """What is spread over which areas; equal for equal questions."""

    indicator: str
    level: Level
    vintage: int
    year: int
    within: str | None
    listed: tuple[str, date] | None = None
    """A group of gemeenten, and the day of its list."""


class AskedOrder(NamedTuple):
    """The same with its areas in the order of another indicator."""

    asked: Asked
    by: str
    year: int


@dataclass(frozen=True, slots=True, eq=False)
class Ordered:
    """The curve of a load with areas in the order of another indicator."""

    by: Indicator
    year: int
    curves: Curves


@dataclass(frozen=True, slots=True, eq=False)
class Weight:
    """Whom a load is set against."""

    column: Column
    own: bool
    """Whether the indicator names it as what it is divided or weighted by."""

    @property
    def indicator(self) -> Indicator:
        return self.column.indicator

    @property
    def year(self) -> int:
        return self.column.year


@dataclass(frozen=True, eq=False)
class Distributed:
    """A load over the areas on land of a table or gemeente, the same for all requests."""

    asked: Asked
    indicator: Indicator
    weight: Weight
    rows: Ordinals
    """The areas, by code; the arrays of `burden` have an entry for each."""
    burden: Burden
    part: bool
    """Whether the load is counted in the unit of what it is set against, as a part of it is."""

    @property
    def verdict(self) -> Verdict:
        return verdict_of(self.burden.basis.verdicts)

    @cached_property
    def curves(self) -> Curves:
        return lorenz(self.burden)

    @cached_property
    def quotients(self) -> tuple[Ordinals, Floats]:
        """Areas that take part with their location quotients: the highest first, then by code."""
        values = location_quotients(self.burden).values
        order = np.argsort(-values, kind="stable")[: np.count_nonzero(~np.isnan(values))]
        return self.rows[order], values[order]


def verdict_of(verdicts: Any) -> Verdict:
    """Of a measure of one group."""
    return Verdict(int(verdicts[0]))


def number(values: Floats) -> float | None:
    """The measure of the only group; None where it cannot be told."""
    return known(float(values[0]))


def is_flow(indicator: Indicator) -> bool:
    """Whether it counts what happened in a year, and not what there is."""
    if indicator.measures is not None:
        return indicator.measures is Measures.FLOW
    return indicator.slug in _FLOWS or indicator.slug.startswith(_FLOWS_BEGIN)


def check_kind(indicator: Indicator) -> None:
    """Refuse an indicator that is no load."""
    if indicator.kind not in SPREAD:
        raise KindNotAllowed("indicator", indicator.slug, indicator.kind, SPREAD)


def kept(context: Context, key: Hashable, areas: int, make: Callable[[], T]) -> T:
    """What is worked out of so many bytes of areas, kept or made now; bounded for a request."""
    found: T = _WORKINGS.take(context, key, make, lambda _: areas + _ENTRY_BYTES)
    return found


def distributed(
    context: Context,
    table: AreaTable,
    indicator: Indicator,
    year: int | None,
    group: str | None,
    rows: Ordinals | None,
    listed: tuple[str, date] | None = None,
) -> Distributed:
    """How an indicator is spread, kept or worked out now; group and rows as `scope` gives them."""
    chosen = year_of(context, table, indicator.slug, year)
    asked = Asked(indicator.slug, table.level, table.vintage, chosen, group, listed)
    size = len(table) if rows is None else len(rows)
    return kept(
        context,
        asked,
        size * _AREA_BYTES,
        lambda: _worked_out(context, table, indicator, asked, rows),
    )


def in_order_of(context: Context, table: AreaTable, spread: Distributed, slug: str) -> Ordered:
    """The load over areas in the order of another indicator, kept or worked out now.

    Its values are of the same year where these boundaries have that, or of the newest.
    """
    own = context.facts.own_years(slug, table.level, table.vintage)
    year = spread.asked.year if spread.asked.year in own else year_of(context, table, slug, None)
    indicator = context.facts.head.indicators[slug]

    def make() -> Ordered:
        (values,) = values_of(context, table, [column_of(context, table, indicator, year)])
        curves = concentration_curves(spread.burden, values[spread.rows], ranked_by=slug)
        return Ordered(indicator, year, curves)

    asked = AskedOrder(spread.asked, slug, year)
    return kept(context, asked, len(spread.rows) * _CURVE_BYTES, make)


def _worked_out(
    context: Context, table: AreaTable, indicator: Indicator, asked: Asked, rows: Ordinals | None
) -> Distributed:
    weight = _weight(context, table, indicator, asked.year)
    column = column_of(context, table, indicator, asked.year)
    values, weights = values_of(context, table, [column, weight.column])
    chosen = _land_by_code(context, table, rows)
    problem, population = values[chosen], weights[chosen]
    if indicator.kind is Kind.COUNT:
        burden = burden_of_counts(problem, population, slack=_slack(table, indicator, weight))
    else:
        # A rate has no whole that all rates share; no measure told of it depends on one.
        whole = _PER_CENT if indicator.kind is Kind.SHARE else 1.0
        burden = burden_of_shares(problem, population, whole=whole)
    return Distributed(asked, indicator, weight, chosen, burden, _is_part(indicator, weight))


def _is_part(indicator: Indicator, weight: Weight) -> bool:
    if indicator.kind is Kind.COUNT:
        return indicator.unit_en == weight.indicator.unit_en
    return indicator.kind is Kind.SHARE


def _slack(table: AreaTable, indicator: Indicator, weight: Weight) -> float:
    """By how much a rounded part may exceed a rounded whole."""
    if table.level not in ROUNDED_LEVELS:
        return 0.0
    return float(max(indicator.rounding or 0, weight.indicator.rounding or 0))


def _weight(context: Context, table: AreaTable, indicator: Indicator, year: int) -> Weight:
    """What the indicator names, on the same boundaries, or else the inhabitants.

    A rate is only set against what it names: per hectare times inhabitants is no number of things.
    """
    named = indicator.denominator or POPULATION
    column = _named(context, table, named, year)
    if column is None and indicator.kind is not Kind.RATE:
        column = inhabitants_column(context, table)
    if column is None:
        published = context.facts.years(named, table.level)
        at = (table.level, table.vintage)
        raise NotAvailableInYear(named, None, at, (), sorted(set(sum(published.values(), ()))))
    if column.indicator.slug == indicator.slug:
        raise BadArgument(
            f"indicator: {indicator.slug} is what other indicators are set against, so that it has "
            "no distribution of its own",
            f"indicator: {indicator.slug} is waartegen andere indicatoren worden afgezet, en heeft "
            "dus zelf geen verdeling",
            argument="indicator",
        )
    return Weight(column, own=column.indicator.slug == indicator.denominator)


def _named(context: Context, table: AreaTable, slug: str, year: int) -> Column | None:
    """Inhabitants are of the year of the boundaries; others of the year of the values."""
    if slug == POPULATION:
        return inhabitants_column(context, table)
    indicator = context.facts.head.indicators.get(slug)
    years = context.facts.own_years(slug, table.level, table.vintage)
    if indicator is None or not years:
        return None
    chosen = next((each for each in (year, table.vintage) if each in years), years[-1])
    return column_of(context, table, indicator, chosen)


def _land_by_code(context: Context, table: AreaTable, rows: Ordinals | None) -> Ordinals:
    by = context.roster(table).by_code
    ordered = by.ordinals if rows is None else rows[by.rank[rows].argsort()]
    return ordered[on_land(context, table)[ordered]]
