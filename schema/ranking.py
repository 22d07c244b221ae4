"""Areas in the order of their values, as GraphQL shows them: a page costs the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, cast

import numpy as np
import strawberry

from db.core import indicator as core
from db.core.area import AreaTable
from db.core.block import Block
from db.core.cursor import MalformedCursor
from db.core.levels import Level
from schema.batch import Batch, Linked, Texts, together
from schema.column_texts import ArrayReader, number_texts
from schema.connections import Edge, PageInfo
from schema.context import Context, Info
from schema.enums import RankingOrder, TieRule
from schema.fields import (
    AfterArgument,
    BeforeArgument,
    FirstArgument,
    LastArgument,
    LevelArgument,
    ValuesYearArgument,
    VintageArgument,
    argument,
    field,
)
from schema.figures import Figure
from schema.ground import Elsewhere, Listed, Made, Reader, reads
from schema.indicators import Indicator
from schema.observations import Observation
from schema.paging import Page, Window, cut
from schema.place import Place, Places
from schema.references import AreaItem
from schema.spread import Cells, Figures
from schema.standing import Asked, RankingShelf, Standing, scope, standing_of, year_of


class Ranked:
    """The source of a RankedArea."""

    __slots__ = ("figure", "rank", "tied")

    def __init__(self, rank: int, tied: bool, figure: Figure) -> None:
        self.rank = rank
        self.tied = tied
        self.figure = figure

    @property
    def value(self) -> float | None:
        return self.figure.value

    @property
    def area(self) -> Place:
        return self.figure.area

    @property
    def observation(self) -> Figure:
        return self.figure


class RankedAreas(Batch):
    """A stretch of a ranking, with the figures that it is made of."""

    __slots__ = ("figures", "ordinals", "ranking", "standing")
    type_name = "RankedArea"

    def __init__(self, standing: Standing, figures: Figures, start: int, stop: int) -> None:
        self.standing = standing
        self.ranking = standing.ranking.part(start, stop)
        self.figures = figures
        self.ordinals = range(start, stop)

    def ground(self, context: Context) -> Standing:
        return self.standing

    def __len__(self) -> int:
        return len(self.ranking)

    def __getitem__(self, row: Any) -> Any:
        if isinstance(row, slice):
            return [self[i] for i in range(*row.indices(len(self)))]
        ranking = self.ranking
        return Ranked(ranking.ranks.item(row), ranking.tied.item(row), self.figures[row])


@reads(Standing, "rank")
def _ranks_of_rows(standing: Standing, _: Context) -> list[Reader]:
    return [ArrayReader(standing.ranking, "ranks")]


@reads(Standing, "value")
def _values_of_rows(standing: Standing, _: Context) -> list[Reader]:
    return [ArrayReader(standing.ranking, "values")]


@reads(Standing, "tied")
def _ties_of_rows(standing: Standing, _: Context) -> list[Reader]:
    tied = standing.ranking.tied
    return [Listed(Made(lambda row: "true" if tied.item(row) else "false", len(tied)))]


@reads(Standing, "observation")
def _observations_of_rows(standing: Standing, context: Context) -> Elsewhere:
    table = context.table(standing.asked.level, standing.asked.vintage)
    return Elsewhere([Cells(standing.spread, table)], at=standing.rows)


@reads(Standing, "area")
def _areas_of_rows(standing: Standing, context: Context) -> Elsewhere:
    table = context.table(standing.asked.level, standing.asked.vintage)
    return Elsewhere([context.roster(table)], at=standing.rows)


@together(RankedAreas, "rank")
def _ranks(areas: RankedAreas, _: Context) -> Texts:
    return number_texts(areas.ranking.ranks)


@together(RankedAreas, "tied")
def _tied(areas: RankedAreas, _: Context) -> Texts:
    return ["true" if each else "false" for each in areas.ranking.tied.tolist()]


@together(RankedAreas, "value")
def _values(areas: RankedAreas, _: Context) -> Texts:
    return number_texts(areas.ranking.values)


@together(RankedAreas, "area")
def _areas(areas: RankedAreas, _: Context) -> Linked:
    return Linked(areas.figures.places)


@together(RankedAreas, "observation")
def _observations(areas: RankedAreas, _: Context) -> Linked:
    return Linked(areas.figures)


@dataclass(frozen=True, slots=True)
class RankingListing:
    """The ranked areas of one table, each under its code."""

    table: AreaTable
    standing: Standing
    blocks: Sequence[Block]
    complete: bool
    """Whether all areas of the table's level and vintage are loaded."""

    def __len__(self) -> int:
        return len(self.standing.ranking)

    def node(self, place: int) -> Any:
        return self.nodes(place, place + 1)[0]

    def nodes(self, start: int, stop: int) -> RankedAreas:
        places = Places(self.table, self.standing.rows[start:stop])
        figures = Figures(self.standing.spread, self.blocks, places)
        return RankedAreas(self.standing, figures, start, stop)

    @property
    def shelf(self) -> RankingShelf:
        return self.standing.shelf

    def rows(self, start: int, stop: int) -> range:
        return range(start, stop)

    def key(self, place: int) -> str:
        return self.table.codes[int(self.standing.ranking.rows[place])]

    def places(self, key: str) -> tuple[int, int]:
        found = np.flatnonzero(self.standing.ranking.rows == self.table.ordinals.get(key, -1))
        if not len(found):
            raise MalformedCursor
        return int(found[0]), int(found[0]) + 1


def _standing(page: Page) -> Standing:
    """What a page of a ranking is a page of."""
    return cast(RankingListing, page.listing).standing


def ranked_indicator(source: strawberry.Parent[Page]) -> core.Indicator:
    return _standing(source).spread.columns[0].indicator


def ranked_level(source: strawberry.Parent[Page]) -> Level:
    return _standing(source).asked.level


def ranked_year(source: strawberry.Parent[Page]) -> int:
    return _standing(source).asked.year


def ranked_order(source: strawberry.Parent[Page]) -> RankingOrder:
    return _standing(source).asked.order


def ranked_within(source: strawberry.Parent[Page]) -> str | None:
    return _standing(source).asked.within


def tie_rule(source: strawberry.Parent[Page]) -> TieRule:
    return TieRule.LOWEST_SHARED


def ranked(source: strawberry.Parent[Page]) -> int:
    return len(_standing(source).ranking)


def unranked(source: strawberry.Parent[Page]) -> int:
    return _standing(source).unranked


def uninhabited(source: strawberry.Parent[Page]) -> int:
    return _standing(source).uninhabited


@strawberry.type(description="An area in a ranking.")
class RankedArea:
    rank: int = field("From 1; equal values share the lowest of their ranks: 1, 2, 2, 4.")
    tied: bool = field("Whether another area has the same value, and so the same rank.")
    value: float = field("The value that it is ranked by, in the indicator's unit.")
    area: AreaItem = field("The area.")
    observation: Observation = field(
        "The value with all that belongs to it: status, margins, whether it is provisional, origin."
    )


@strawberry.type(
    description="A page of a ranking. Every area on land of the level and vintage, or of those "
    "`within` a gemeente, is counted once: in `ranked`, `unranked` or `uninhabited`."
)
class RankingConnection:
    indicator: Indicator = field(
        "What is ranked. Its `direction` says whether a high value is good or bad: the ranking "
        "does not.",
        ranked_indicator,
    )
    level: Level = field("Level of the areas.", ranked_level)
    vintage: int = field("Year of the boundaries of all areas in the ranking.")
    year: int = field("Year of the values.", ranked_year)
    order: RankingOrder = field("Which value has rank 1.", ranked_order)
    within: str | None = field(
        "Code of the gemeente whose areas are ranked among themselves; null: of the whole country.",
        ranked_within,
    )
    tie_rule: TieRule = field("Which ranks equal values have.", tie_rule)
    complete: bool = field(
        "Whether all areas of this level and vintage are loaded. False: only some of them are, and "
        "a rank is among those."
    )
    ranked: int = field("Areas with a value: so many have a rank.", ranked)
    unranked: int = field(
        "Areas whose value is absent, for whatever reason: they have no rank, and are not last.",
        unranked,
    )
    uninhabited: int = field(
        "Areas without inhabitants: they have no rank, even where a source gives them a value. "
        "Counted by `population` on the same boundaries, of the year of the boundaries or else "
        "the newest.",
        uninhabited,
    )
    total_count: int = field("How many areas the whole list has: as many as are ranked.")
    nodes: list[RankedArea] = field("The areas of this page.")
    edges: list[Edge[RankedArea]] = field("The areas of this page, each with its cursor.")
    page_info: PageInfo = field("Where this page stands in the list.")


def ranking(
    info: Info,
    indicator: Annotated[str, argument("Slug of the indicator.")],
    level: LevelArgument,
    year: ValuesYearArgument = None,
    vintage: VintageArgument = None,
    within: Annotated[
        str | None,
        argument(
            "Only areas in this gemeente, ranked among themselves: its code in the same vintage. "
            "Null, or the code of the country: all areas."
        ),
    ] = None,
    order: Annotated[
        RankingOrder | None, argument("Which value has rank 1. Null: HIGHEST_FIRST.")
    ] = None,
    first: FirstArgument = None,
    after: AfterArgument = None,
    last: LastArgument = None,
    before: BeforeArgument = None,
) -> Page:
    context = info.context
    context.facts.require("indicator", indicator, "indicator")
    window = Window(first, after, last, before)
    window.check()
    table = context.table(level, vintage)
    group, rows = scope(context, table, within)
    asked = Asked(
        indicator=indicator,
        level=level,
        vintage=table.vintage,
        year=year_of(context, table, indicator, year),
        order=order or RankingOrder.HIGHEST_FIRST,
        within=group,
    )
    standing = standing_of(context, table, asked, rows)
    listing = RankingListing(
        table,
        standing,
        context.blocks(standing.spread.keys),
        complete=context.facts.is_complete(level, table.vintage),
    )
    return cut(listing, window, publication=context.number, definition=lambda: ["ranking", *asked])
