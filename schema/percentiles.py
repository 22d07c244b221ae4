"""Where a value stands among those of all areas of its level, vintage and year.

Worked out once for a column of a table and kept, whatever areas ask for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple

import numpy as np
import strawberry

from db.core.area import AreaTable
from db.core.figures import known
from db.core.indicator import Direction
from db.core.levels import Level
from db.core.percentiles import MINIMUM_INHABITANTS, Percentiles, Placement, Weighting, percentiles
from schema.batch import Cycle, Same
from schema.column_texts import ArrayReader
from schema.context import Context, Info
from schema.errors import LimitOutOfRange
from schema.fields import argument, field
from schema.figures import Column, Figure
from schema.ground import Elsewhere, Ground, Listed, Made, Reader, reads
from schema.intervals import ConfidenceArgument, check_level, limits_of
from schema.percentile_limits import PercentileLimits, PlaceLimits
from schema.place import Place as Area
from schema.spread import Cells
from schema.standing import scope
from schema.whole_table import column_of, inhabitants_column, on_land, values_of
from schema.workings import Workings

_ENTRY_BYTES = 1000
_MOST_INHABITANTS = 1_000_000
_LEAST_SHARE = 0.5

WeightingArgument = Annotated[Weighting, argument("What each area counts for.")]
MinimumArgument = Annotated[
    int,
    argument(
        "Areas with fewer inhabitants are neither judged nor compared with: 1 to 1,000,000. An "
        "area without inhabitants never takes part."
    ),
]
WithinArgument = Annotated[
    str | None,
    argument(
        "Compare only with areas in this gemeente: its code in the same vintage. Null, or the code "
        "of the country: with all areas of the level."
    ),
]


class Asked(NamedTuple):
    """What is judged and by what; equal for equal questions."""

    level: Level
    vintage: int
    indicator: str
    year: int
    weighting: Weighting
    minimum: int
    within: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """A column of which every area has its place, the same for all requests of a publication."""

    asked: Asked
    found: Percentiles
    inhabitants_year: int | None
    for_all: bool
    """Whether at least half of the areas that are not known to be too small have a place: the areas
    of one gemeente, if no other has figures, have places too, among their own."""


_WORKINGS: Workings[Asked, Judged] = Workings(
    "percentiles",
    (
        "percentiles of different indicators and years in one request",
        "percentielen van verschillende indicatoren en jaren in een verzoek",
    ),
    "indicators",
    # Each is a country to be sorted, about a millisecond.
    most_asked=120,
    # Some three hundred columns of wijken, or seventy of buurten.
    most_bytes=16 * 1024 * 1024,
)


def judged(
    context: Context,
    table: AreaTable,
    column: Column,
    *,
    weighting: Weighting = Weighting.INHABITANTS,
    minimum: int = MINIMUM_INHABITANTS,
    within: str | None = None,
) -> Judged:
    """The places of all areas of a table in one column, kept or worked out now."""
    if not 1 <= minimum <= _MOST_INHABITANTS:
        raise LimitOutOfRange("minimumInhabitants", minimum, 1, _MOST_INHABITANTS)
    group, rows = scope(context, table, within)
    asked = Asked(
        table.level, table.vintage, column.indicator.slug, column.year, weighting, minimum, group
    )
    return _WORKINGS.take(
        context,
        asked,
        lambda: _worked_out(context, table, column, asked, rows),
        lambda made: made.found.nbytes + _ENTRY_BYTES,
    )


def _worked_out(
    context: Context, table: AreaTable, column: Column, asked: Asked, rows: Any
) -> Judged:
    inhabitants = inhabitants_column(context, table)
    values, *others = values_of(context, table, [column, *([inhabitants] if inhabitants else [])])
    land, reference = on_land(context, table), None
    if rows is not None:
        reference = np.zeros(len(table), np.bool_)
        reference[rows] = True
    people = others[0] if others else np.full(len(table), np.nan)
    found = percentiles(
        values,
        people,
        direction=column.indicator.direction,
        weighting=asked.weighting,
        minimum=asked.minimum,
        land=land,
        reference=reference,
    )
    # Where it is asked within a gemeente, all are those of the gemeente.
    everyone = (land if reference is None else land & reference) & ~(people < asked.minimum)
    for_all = found.ranked >= _LEAST_SHARE * int(np.count_nonzero(everyone))
    return Judged(asked, found, inhabitants.year if inhabitants else None, for_all)


class Place:
    """The source of a Percentile: one area in a judged column."""

    __slots__ = ("_judged", "_row")

    def __init__(self, judged: Judged, row: int) -> None:
        self._judged = judged
        self._row = row

    @property
    def judged(self) -> Judged:
        return self._judged

    @property
    def row(self) -> int:
        return self._row

    @property
    def value(self) -> float | None:
        return known(self._judged.found.percentiles.item(self._row))

    @property
    def rank(self) -> int | None:
        return self._judged.found.ranks.item(self._row) or None

    @property
    def placement(self) -> Placement:
        return Placement(self._judged.found.placements.item(self._row))

    @property
    def oriented(self) -> bool:
        return self._judged.found.reference.oriented

    @property
    def direction(self) -> Direction:
        return self._judged.found.reference.direction

    @property
    def ranked(self) -> int:
        return self._judged.found.ranked

    @property
    def unknown(self) -> int:
        return self._judged.found.unknown

    @property
    def left_out(self) -> int:
        return self._judged.found.left_out

    @property
    def weighting(self) -> Weighting:
        return self._judged.asked.weighting

    @property
    def minimum_inhabitants(self) -> int:
        return self._judged.asked.minimum

    @property
    def inhabitants_year(self) -> int | None:
        return self._judged.inhabitants_year

    @property
    def within(self) -> str | None:
        return self._judged.asked.within


def percentile_limits(
    source: strawberry.Parent[Place], info: Info, level: ConfidenceArgument = 0.95
) -> Any:
    check_level(level)
    asked, found = source.judged.asked, source.judged.found
    if source.value is None:
        return None
    context = info.context
    table = context.table(asked.level, asked.vintage)
    indicator = context.facts.head.indicators[asked.indicator]
    column = column_of(context, table, indicator, asked.year)
    figure = Figure(column, context.blocks([column.key])[0], Area(table, source.row))
    limits = limits_of(context, figure, level)
    return None if limits is None else PlaceLimits(limits, found.reference, source.rank or 0)


@strawberry.type(
    description="Where a value stands among the areas of the same level, vintage and year: water, "
    "abroad and areas with few inhabitants take no part. A comparison, no test: a small difference "
    "may be chance, see `limits`."
)
class Percentile:
    value: float | None = field(
        "0 to 100, ties in the middle of their ranks. 100 is the worst, by the `direction` of the "
        "indicator; of a neutral one only the highest. Null where the area is not ranked."
    )
    rank: int | None = field(
        "From 1, the worst (of a neutral indicator the highest); equal values share the lowest of "
        "their ranks: 1, 2, 2, 4. Null where the area is not ranked."
    )
    limits: PercentileLimits | None = field(
        "Between which places it may stand, by the limits of its own value; null where it is not "
        "ranked.",
        percentile_limits,
    )
    placement: Placement = field("Whether the area is ranked, or why not.")
    oriented: bool = field("Whether 100 is the worst: not so for a neutral indicator.")
    direction: Direction = field("Which way is better.")
    ranked: int = field("Areas that are ranked.")
    unknown: int = field("Areas that would take part but have no value.")
    left_out: int = field("Areas with too few inhabitants, none, or an unknown number.")
    weighting: Weighting = field("What each area counts for.")
    minimum_inhabitants: int = field("Areas with fewer inhabitants take no part.")
    inhabitants_year: int | None = field(
        "Year of the inhabitants, on the same boundaries; null where none are loaded: then no area "
        "is ranked."
    )
    within: str | None = field("Code of the gemeente that is compared within; null: the country.")


def percentile(
    source: strawberry.Parent[Figure],
    info: Info,
    weighting: WeightingArgument = Weighting.INHABITANTS,
    minimum_inhabitants: MinimumArgument = MINIMUM_INHABITANTS,
    within: WithinArgument = None,
) -> Any:
    found = judged(
        info.context, source.area.table, source.of,
        weighting=weighting, minimum=minimum_inhabitants, within=within,
    )  # fmt: skip
    return Place(found, source.area.ordinal)


class JudgedCells(Ground):
    """The same columns as those of some cells, each with the places of all areas."""

    type_name = "Percentile"

    def __init__(self, columns: Sequence[Judged]) -> None:
        self.columns = columns
        self.width = len(columns)


@reads(Cells, "percentile")
def _percentiles_of_rows(
    cells: Cells,
    context: Context,
    weighting: Weighting = Weighting.INHABITANTS,
    minimum_inhabitants: int = MINIMUM_INHABITANTS,
    within: str | None = None,
) -> Elsewhere:
    return Elsewhere(
        [
            JudgedCells(
                [
                    judged(
                        context, cells.table, column,
                        weighting=weighting, minimum=minimum_inhabitants, within=within,
                    )
                    for column in cells.spread.columns
                ]
            )
        ]
    )  # fmt: skip


@reads(JudgedCells, "value")
def _values_of_rows(cells: JudgedCells, _: Context) -> list[Reader]:
    return [ArrayReader(each.found, "percentiles") for each in cells.columns]


@reads(JudgedCells, "rank")
def _ranks_of_rows(cells: JudgedCells, _: Context) -> list[Reader]:
    return [Listed(_ranks(each.found)) for each in cells.columns]


def _ranks(found: Percentiles) -> Made[str]:
    ranks = found.ranks
    return Made(lambda row: str(ranks.item(row) or "null"), len(ranks))


@reads(JudgedCells, "placement")
def _placements_of_rows(cells: JudgedCells, _: Context) -> list[Reader]:
    return [Listed(_placements(each.found)) for each in cells.columns]


def _placements(found: Percentiles) -> Made[str]:
    names = [f'"{each.name}"' for each in Placement]
    placements = found.placements
    return Made(lambda row: names[placements.item(row)], len(placements))


def _same(name: str, text: Any) -> None:
    """A field that is the same for every area of a column."""

    @reads(JudgedCells, name)
    def _(cells: JudgedCells, _: Context) -> Cycle | Same:
        return Cycle([text(Place(each, 0)) for each in cells.columns])


_same("oriented", lambda place: "true" if place.oriented else "false")
_same("direction", lambda place: f'"{place.direction.name}"')
_same("weighting", lambda place: f'"{place.weighting.name}"')
for _name in ("ranked", "unknown", "left_out", "minimum_inhabitants"):
    _same(_name, lambda place, name=_name: str(getattr(place, name)))
_same("inhabitants_year", lambda place: str(place.inhabitants_year or "null"))
_same("within", lambda place: f'"{place.within}"' if place.within else "null")
