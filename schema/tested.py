"""Trends of the areas of a gemeente or the country, worked out once a publication and kept.

Nothing is judged here, so that what is kept serves whatever is judged by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import NamedTuple

from db.core.area import AreaTable
from db.core.levels import Level
from schema.context import Context
from schema.errors import LimitOutOfRange
from schema.figures import Column
from schema.roster import Ordinals
from schema.source_breaks import source_breaks
from schema.trends import Fitted, fitted, stretch
from schema.whole_table import inhabitants_of, on_land
from schema.workings import Workings

_ENTRY_BYTES = 2000
MOST_COUNTRIES = 2
"""Lists of one request that are for the whole country, up to 150 ms each."""


class Asked(NamedTuple):
    """What trends are made of; equal for equal questions, whatever is judged by them."""

    level: Level
    vintage: int
    indicator: str
    since: int
    """The first year that has figures, of those asked for."""
    within: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Tested:
    """Trends of the areas of a gemeente or the country, the same for all requests."""

    rows: Ordinals
    """The areas: on land and not without inhabitants, by code."""
    uninhabited: int
    fitted: Fitted

    @property
    def nbytes(self) -> int:
        found, codes = self.fitted.found, self.fitted.changes
        arrays = [getattr(found, each.name) for each in fields(found)]
        own = self.rows.nbytes + (0 if codes is None else codes.nbytes)
        return own + sum(int(each.nbytes) for each in arrays) + _ENTRY_BYTES


_WORKINGS: Workings[Asked, Tested] = Workings(
    "trends of areas",
    ("different lists of trends in one request", "verschillende lijsten van trends in een verzoek"),
    "indicators",
    # Indicators, gemeenten and first years.
    most_asked=60,
    # Some ten indicators on all buurten, or forty on all wijken.
    most_bytes=16 * 1024 * 1024,
)


def trends_of(
    context: Context, table: AreaTable, asked: Asked, own: Sequence[Column], rows: Ordinals | None
) -> Tested:
    """Trends in the years of `own`, kept or worked out now; `rows` as `scope` gives them."""
    if asked.within is None:
        _count_country(context, asked)
    return _WORKINGS.take(
        context,
        asked,
        lambda: _worked_out(context, table, own, rows),
        lambda made: made.nbytes,
    )


def _count_country(context: Context, asked: Asked) -> None:
    known = {each for each in _WORKINGS.counted(context) if each.within is None}
    if len(known | {asked}) > MOST_COUNTRIES:
        what = "lists of trends of the country", "lijsten van trends van het land"
        raise LimitOutOfRange("indicators", len(known) + 1, 0, MOST_COUNTRIES, what=what)


def _worked_out(
    context: Context, table: AreaTable, own: Sequence[Column], rows: Ordinals | None
) -> Tested:
    (block,) = context.blocks([own[0].key])
    areas, uninhabited = _areas(context, table, rows)
    of = stretch(own[0].indicator, own, block, switches=source_breaks(context, block))
    return Tested(areas, uninhabited, fitted(of, block, areas.tolist()))


def _areas(context: Context, table: AreaTable, rows: Ordinals | None) -> tuple[Ordinals, int]:
    """Inhabited areas on land, by code, and how many on land have no inhabitants."""
    by = context.roster(table).by_code
    ordered = by.ordinals if rows is None else rows[by.rank[rows].argsort()]
    land = ordered[on_land(context, table)[ordered]]
    inhabitants = inhabitants_of(context, table)
    if inhabitants is None:
        return land, 0
    inhabited = land[inhabitants.values[land] != 0]
    return inhabited, len(land) - len(inhabited)
