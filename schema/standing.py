"""The order of the areas that are ranked: who takes part, of which year, and who comes first.

Worked out once a publication and kept, whatever part of it is asked for.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from db.core.area import AreaTable
from db.core.bounded import Bounded
from db.core.figures import Floats
from db.core.levels import Level, Terrain
from db.core.ranking import Ranking, rank
from schema.context import Context
from schema.enums import RankingOrder
from schema.errors import CodeOfAnotherLevel, NotAvailableAtLevel, NotAvailableInYear
from schema.figures import Problem, Question, columns, worked_out
from schema.ground import Kept
from schema.place import find, read_code
from schema.population import POPULATION
from schema.roster import Ordinals
from schema.spread import Spread

_ORDERS = "orders of rankings"
_BOUNDS = "what is bound to rankings"
_KEPT_BYTES = 8 * 1024 * 1024
"""Of one publication: forty rankings of all wijken, or ten of all buurten."""
_BOUND_BYTES = 1024 * 1024
_ENTRY_BYTES = 2000
"""What keeping a ranking takes beside its arrays and the list of its rows."""
_ROW_BYTES = 40
_NOBODY = np.array([], np.int32)


class Asked(NamedTuple):
    """What is ranked; equal for equal questions, however they were put."""

    indicator: str
    level: Level
    vintage: int
    year: int
    order: RankingOrder
    within: str | None
    """Code of a gemeente; None for the whole country."""


@dataclass(frozen=True, eq=False)
class Standing(Kept):
    """The order of the areas, the same for all requests of a publication."""

    type_name = "RankedArea"
    asked: Asked
    spread: Spread
    """The one column that is ranked."""
    ranking: Ranking
    """Its rows are ordinals."""
    unranked: int
    uninhabited: int
    bound: Bounded[Any, Any]
    """One for all of a publication."""

    @property
    def name(self) -> Asked:  # type: ignore[override]
        return self.asked

    @cached_property
    def rows(self) -> list[int]:
        """The area at each place."""
        found: list[int] = self.ranking.rows.tolist()
        return found


def scope(
    context: Context, table: AreaTable, text: str | None
) -> tuple[str | None, Ordinals | None]:
    """The gemeente to rank in and its areas, of any terrain; None where that is the country."""
    if text is None:
        return None, None
    level, code = read_code(text)
    if level is Level.LAND:
        return None, None
    if table.level is Level.LAND or level is not Level.GEMEENTE:
        expected = Level.LAND if table.level is Level.LAND else Level.GEMEENTE
        raise CodeOfAnotherLevel(code, level, expected)
    rows = context.roster(table).by_gemeente.get(code)
    if rows is None:
        find(context, Level.GEMEENTE, code, table.vintage)
    return code, _NOBODY if rows is None else rows


def year_of(context: Context, table: AreaTable, slug: str, year: int | None) -> int:
    """The year to rank: one that has figures on exactly these boundaries."""
    facts, at = context.facts, (table.level, table.vintage)
    own = facts.own_years(slug, *at)
    if own and year is None:
        return own[-1]
    if year is not None and year in own:
        return year
    asked: Question = worked_out(context, table, [slug], "indicator", lambda each: each)
    (item,) = asked.items
    if isinstance(item, Problem):
        raise NotAvailableAtLevel(item.message, item.message_nl, item.code.name, item.levels)
    published = facts.years(slug, table.level)
    on = published.get(year, ()) if year is not None else sum(published.values(), ())
    raise NotAvailableInYear(slug, year, at, own, sorted(set(on)))


def standing_of(
    context: Context, table: AreaTable, asked: Asked, rows: Ordinals | None
) -> Standing:
    """The order of what is asked, kept or worked out now; `rows` as `scope` gives them."""
    orders: Bounded[Asked, Standing] | None = context.facts.remembered.get(_ORDERS)
    if orders is None:
        orders = Bounded(_KEPT_BYTES)
        context.facts.remembered.keep(_ORDERS, orders)
    found = orders.get(asked)
    if found is None:
        found = _worked_out(context, table, asked, rows)
        orders.keep(asked, found, _weight(found.ranking))
    return found


def _weight(ranking: Ranking) -> int:
    return ranking.nbytes + _ROW_BYTES * len(ranking) + _ENTRY_BYTES


def _worked_out(
    context: Context, table: AreaTable, asked: Asked, rows: Ordinals | None
) -> Standing:
    spread = _column(context, table, asked.indicator, asked.year)
    inhabitants = _inhabitants(context, table)
    # Both are asked for at once where neither is at hand.
    context.blocks([*spread.keys, *(inhabitants.keys if inhabitants else ())])
    land = _land_by_code(context, table, rows)
    nobody = np.zeros(len(land), np.bool_)
    if inhabitants is not None:
        nobody = _cells(context, table, inhabitants, land) == 0
    inhabited = land[~nobody]
    ranking = rank(
        _cells(context, table, spread, inhabited),
        highest_first=asked.order is RankingOrder.HIGHEST_FIRST,
    )
    return Standing(
        asked,
        spread,
        replace(ranking, rows=inhabited[ranking.rows]),
        unranked=len(inhabited) - len(ranking),
        uninhabited=int(nobody.sum()),
        bound=context.facts.remember(_BOUNDS, lambda: Bounded(_BOUND_BYTES)),
    )


def _column(context: Context, table: AreaTable, slug: str, year: int) -> Spread:
    indicator = context.facts.head.indicators[slug]
    return Spread(columns(context, table.level, table.vintage, indicator, [year]))


def _inhabitants(context: Context, table: AreaTable) -> Spread | None:
    """Inhabitants on the same boundaries, of the boundaries' year where there is one."""
    years = context.facts.own_years(POPULATION, table.level, table.vintage)
    if not years or POPULATION not in context.facts.head.indicators:
        return None
    year = table.vintage if table.vintage in years else years[-1]
    return _column(context, table, POPULATION, year)


def _land_by_code(context: Context, table: AreaTable, rows: Ordinals | None) -> Ordinals:
    """Areas on land, by code: water and abroad take part in nothing."""
    roster = context.roster(table)
    by = roster.by_code
    ordered = by.ordinals if rows is None else rows[by.rank[rows].argsort()]
    return ordered[roster.terrains[Terrain.LAND][ordered]]


def _cells(context: Context, table: AreaTable, spread: Spread, rows: Ordinals) -> Floats:
    """The values of one column for some areas; NaN where they have none."""
    ((column,), (block,)) = spread.columns, context.blocks(spread.keys)
    # Areas that joined after the block was made lie past its end.
    values = np.full(max(len(table), len(block.values)), np.nan)
    values[: len(block.values)] = block.values[:, column.place]
    return values[rows]
