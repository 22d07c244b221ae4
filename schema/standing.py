"""The order of the areas that are ranked: who takes part, of which year, and who comes first.

Worked out once a publication and kept, whatever part of it is asked for.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from db.core.area import AreaTable
from db.core.bounded import Bounded
from db.core.levels import Level, Terrain
from db.core.ranking import Ranking, rank
from schema.code_errors import CodeOfAnotherLevel
from schema.context import Context
from schema.enums import RankingOrder
from schema.errors import NotAvailableAtLevel, NotAvailableInYear
from schema.figures import Problem, Question, worked_out
from schema.ground import Kept
from schema.place import find, read_code
from schema.roster import Ordinals
from schema.shelf import Shelf
from schema.spread import Spread
from schema.whole_table import column_of, inhabitants_column, values_of

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

    @cached_property
    def name(self) -> str:  # type: ignore[override]
        # A text is hashed once, enums each time.
        return repr(self.asked)

    @cached_property
    def shelf(self) -> "RankingShelf":
        """Pages of this ranking."""
        return RankingShelf(self)

    @cached_property
    def rows(self) -> list[int]:
        """The area at each place."""
        found: list[int] = self.ranking.rows.tolist()
        return found


class RankingShelf(Shelf):
    """Pages of one ranking."""

    items: Standing


def scope(
    context: Context, table: AreaTable, text: str | None
) -> tuple[str | None, Ordinals | None]:
    """The gemeente to rank in and its areas, of any terrain; None where that is the country."""
    if text is None:
        return None, None
    level, code = read_code(text, None, "within")
    if level is Level.LAND:
        return None, None
    if table.level is Level.LAND or level is not Level.GEMEENTE:
        expected = Level.LAND if table.level is Level.LAND else Level.GEMEENTE
        raise CodeOfAnotherLevel(code, level, expected, argument="within")
    rows = context.roster(table).by_gemeente.get(code)
    if rows is None:
        find(context, Level.GEMEENTE, code, table.vintage, "within")
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
    column = column_of(context, table, context.facts.head.indicators[asked.indicator], asked.year)
    inhabitants = inhabitants_column(context, table)
    # Both are asked for at once where neither is at hand.
    values, *others = values_of(context, table, [column, *([inhabitants] if inhabitants else [])])
    land = _land_by_code(context, table, rows)
    nobody = others[0][land] == 0 if others else np.zeros(len(land), np.bool_)
    inhabited = land[~nobody]
    ranking = rank(values[inhabited], highest_first=asked.order is RankingOrder.HIGHEST_FIRST)
    return Standing(
        asked,
        Spread((column,)),
        replace(ranking, rows=inhabited[ranking.rows]),
        unranked=len(inhabited) - len(ranking),
        uninhabited=int(nobody.sum()),
        bound=context.facts.remember(_BOUNDS, lambda: Bounded(_BOUND_BYTES)),
    )


def _land_by_code(context: Context, table: AreaTable, rows: Ordinals | None) -> Ordinals:
    """Areas on land, by code: water and abroad take part in nothing."""
    roster = context.roster(table)
    by = roster.by_code
    ordered = by.ordinals if rows is None else rows[by.rank[rows].argsort()]
    return ordered[roster.terrains[Terrain.LAND][ordered]]
