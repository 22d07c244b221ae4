"""The root of the schema: a list of fields, and how it is built."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

import strawberry
from strawberry.schema.config import StrawberryConfig

from db.core.levels import Level
from schema import pages, places, ranked_pages, series_rows  # noqa: F401  register how lists answer
from schema.absence_rules import AbsenceRule, absence_rules
from schema.area_on_date import AreaOnDate, area_on_date
from schema.areas import Area, Buurt, Gemeente, Land, Wijk
from schema.as_bad import AreasAsBad, areas_as_bad_as
from schema.availability import AvailabilityConnection, availability
from schema.composed_area import ComposedArea, composed_area
from schema.connections import AreaConnection
from schema.context import Context, Info
from schema.default_vintage import RULE
from schema.deliveries import DeliveryConnection, list_deliveries
from schema.distribution import Distribution, distribution
from schema.errors import LimitOutOfRange, VintageNotLoaded
from schema.fields import (
    AfterArgument,
    BeforeArgument,
    CodeArgument,
    FirstArgument,
    LastArgument,
    VintageArgument,
    argument,
    field,
)
from schema.filters import FilterArgument, OrderArgument
from schema.finding import find_node
from schema.focus_areas import (
    FocusArea,
    Programme,
    find_focus_area,
    find_programme,
    list_focus_areas,
    list_programmes,
)
from schema.funding import FundingStream, find_stream, list_streams
from schema.funding_sums import FundingEnding, FundingSum, funding_ending, funding_sum
from schema.groups import MunicipalityGroup, find_group, list_groups
from schema.indicators import Indicator, find_indicator, list_indicators
from schema.interventions import Intervention, find_intervention, list_interventions
from schema.locate import Located, locate
from schema.next_areas import NextAreas, next_areas
from schema.nodes import Node
from schema.paging import Page, Window
from schema.place import find, read_code
from schema.publications import (
    Publication,
    PublicationConnection,
    Source,
    find_publication,
    list_publications,
    list_sources,
)
from schema.ranking import RankingConnection, ranking
from schema.refusal import Refusal
from schema.scalars import SCALARS
from schema.search import SearchMatch, search
from schema.selection import page_of_areas
from schema.stacking import StackingDefinitionType, list_definitions
from schema.stacking_change import StackingChange, stacking_change
from schema.statements import Statement, find_statement, list_statements
from schema.worsening import WorseAndWorseningResult, worse_and_worsening

_MOST_IDS = 100


def land(info: Info, vintage: VintageArgument = None) -> Any:
    return find(info.context, Level.LAND, "NL00", vintage)


def gemeente(info: Info, code: CodeArgument, vintage: VintageArgument = None) -> Any:
    return find(info.context, Level.GEMEENTE, code, vintage)


def wijk(info: Info, code: CodeArgument, vintage: VintageArgument = None) -> Any:
    return find(info.context, Level.WIJK, code, vintage)


def buurt(info: Info, code: CodeArgument, vintage: VintageArgument = None) -> Any:
    return find(info.context, Level.BUURT, code, vintage)


def area(
    info: Info,
    code: CodeArgument,
    at: Annotated[
        date | None,
        argument(
            "A day: the code is read in the vintage of its year. Null: of the vintages of the "
            f"code's level {RULE}."
        ),
    ] = None,
) -> Any:
    level = read_code(code)[0]
    try:
        return find(info.context, level, code, None if at is None else at.year)
    except VintageNotLoaded as refused:
        if at is not None:
            refused.is_about("at")
        raise


def areas_of(level: Level) -> Callable[..., Page]:
    """The resolver of a list of all areas of a level."""

    def areas(
        info: Info,
        filter: FilterArgument = None,  # noqa: A002
        vintage: VintageArgument = None,
        order_by: OrderArgument = None,
        first: FirstArgument = None,
        after: AfterArgument = None,
        last: LastArgument = None,
        before: BeforeArgument = None,
    ) -> Page:
        table = info.context.table(level, vintage)
        window = Window(first, after, last, before)
        return page_of_areas(info.context, table, filter, order_by, window)

    return areas


def node(
    info: Info,
    id: Annotated[strawberry.ID, argument("An id as it was given.")],  # noqa: A002
) -> Any:
    return find_node(info.context, id)


def nodes(
    info: Info,
    ids: Annotated[list[strawberry.ID], argument("Ids as they were given, at most 100.")],
) -> Any:
    if len(ids) > _MOST_IDS:
        raise LimitOutOfRange("ids", len(ids), 0, _MOST_IDS)
    return [_node_or_refusal(info.context, each) for each in ids]


def _node_or_refusal(context: Context, text: str) -> object | None:
    """A refusal is returned, not raised: as an item of a list it is the error of that item."""
    try:
        return find_node(context, text)
    except Refusal as refusal:
        refusal.is_about("ids")
        return refusal


@strawberry.type(
    description="Everything that can be asked. All of one answer is of one publication. Lists "
    "without paging are complete."
)
class Query:
    land: Land | None = field("The whole country.", land)
    gemeente: Gemeente | None = field("A municipality by its code in a vintage.", gemeente)
    wijk: Wijk | None = field("A district by its code in a vintage.", wijk)
    buurt: Buurt | None = field("A neighbourhood by its code in a vintage.", buurt)
    area: Area | None = field(
        "An area of any level by its code on a date; an error where that has no such area, see "
        "`areaOnDate`.",
        area,
    )
    area_on_date: AreaOnDate | None = field(
        "What a code of any level was on a date, and every area that it ever was.", area_on_date
    )
    gemeenten: AreaConnection[Gemeente] | None = field(
        "Municipalities of a vintage.", areas_of(Level.GEMEENTE)
    )
    wijken: AreaConnection[Wijk] | None = field("Districts of a vintage.", areas_of(Level.WIJK))
    buurten: AreaConnection[Buurt] | None = field(
        "Neighbourhoods of a vintage.", areas_of(Level.BUURT)
    )
    composed_area: ComposedArea | None = field(
        "An area that the caller puts together of wijken and buurten of one vintage: its values, "
        "series and shape. Counts are exact, rates made again, medians refused.",
        composed_area,
    )
    absence_rules: list[AbsenceRule] | None = field(
        "What may be made of a value or of its absence, for each reason: the rules that the "
        "arithmetic itself reads.",
        absence_rules,
    )
    indicator: Indicator | None = field("An indicator by its slug.", find_indicator)
    indicators: list[Indicator] | None = field("Indicators by slug, all of them.", list_indicators)
    availability: AvailabilityConnection | None = field(
        "Which figures there are, on which boundaries and of which years, how complete, and which "
        "indicators have none here and why.",
        availability,
    )
    ranking: RankingConnection | None = field(
        "Areas of one level and vintage in the order of the values of one indicator in one year. "
        "It ranks numbers and does not judge: see `direction` of the indicator.",
        ranking,
    )
    worse_and_worsening: list[WorseAndWorseningResult] | None = field(
        "Areas of a gemeente or the country by whether they are worse than a part of the country "
        "and worsening, indicator by indicator: yes, no, or it cannot be said.",
        worse_and_worsening,
    )
    distribution: Distribution | None = field(
        "How the load of an indicator is spread over the areas of a level and vintage, or of one "
        "gemeente. Ask several years under aliases.",
        distribution,
    )
    search: list[SearchMatch] | None = field(
        "Areas and focus areas by what people type, the best matches first: of each level those "
        "of the vintage that is meant where none is named, by name, alias, code or what another "
        "vintage calls them; and areas that only other vintages have.",
        search,
    )
    locate: list[Located] | None = field(
        "Which area of a level and vintage holds each point, in the order of the points. No point "
        "is kept, logged or repeated.",
        locate,
    )
    programme: Programme | None = field("A programme by its slug.", find_programme)
    programmes: list[Programme] | None = field("Programmes, all of them.", list_programmes)
    focus_area: FocusArea | None = field("A focus area by its slug.", find_focus_area)
    focus_areas: list[FocusArea] | None = field(
        "Focus areas by slug, all that meet the conditions.", list_focus_areas
    )
    municipality_group: MunicipalityGroup | None = field("A group of gemeenten.", find_group)
    municipality_groups: list[MunicipalityGroup] | None = field("All groups.", list_groups)
    funding_stream: FundingStream | None = field("Money of a programme by its slug.", find_stream)
    funding_streams: list[FundingStream] | None = field(
        "Money of programmes by slug, all that meet the conditions.", list_streams
    )
    funding_sum: FundingSum | None = field(
        "Streams added up where that is a sum, or why it is none.", funding_sum
    )
    funding_ending: FundingEnding | None = field(
        "Which money of a programme has ended on a date, which has not, and of which no end is "
        "stated.",
        funding_ending,
    )
    next_areas: NextAreas | None = field(
        "Areas outside a programme that come next by a definition of stacking.", next_areas
    )
    intervention: Intervention | None = field(
        "Something that was done in a place, by its slug.", find_intervention
    )
    interventions: list[Intervention] | None = field(
        "What was done in places, by slug, all that meet the conditions.", list_interventions
    )
    statement: Statement | None = field("A claim of a paper by its slug.", find_statement)
    statements: list[Statement] | None = field(
        "Claims of papers by slug, each with what would settle it.", list_statements
    )
    publication: Publication | None = field("A publication.", find_publication)
    publications: PublicationConnection | None = field(
        "Publications up to the one that answers, newest first.", list_publications
    )
    deliveries: DeliveryConnection | None = field(
        "How fresh every dataset is, and of which the newest try to load it went wrong. Of no "
        "publication: refused where one is named.",
        list_deliveries,
    )
    sources: list[Source] | None = field("Sources with their terms, all of them.", list_sources)
    stacking_definitions: list[StackingDefinitionType] | None = field(
        "The definitions of stacking that this publication has; the first is the default.",
        list_definitions,
    )
    areas_as_bad_as: AreasAsBad | None = field(
        "Areas at least as bad as a reference in every domain of a definition of stacking, or in "
        "as many as required, by percentiles of domains (100 the worst). The profile of a focus "
        "area is of its counted, whole units: in each domain the mean of their scores, weighted "
        "by inhabitants, placed among the scores of all judged areas of the level and vintage. A "
        "domain is unknown where units with less than the definition's minimum share of the "
        "inhabitants, or of the units, have a score; a reference unknown in more than half of the "
        "domains is refused.",
        areas_as_bad_as,
    )
    stacking_change: StackingChange | None = field(
        "Who comes to have many exceeded domains, and who no longer has, under another definition.",
        stacking_change,
    )
    node: Node | None = field(
        "Anything by its id; null where this publication does not have it.", node
    )
    nodes: list[Node | None] | None = field(
        "Many things by their ids, in the same order; null for what this publication does not "
        "have, and with an error for what is no id.",
        nodes,
    )


def build() -> strawberry.Schema:
    """The schema, ready to execute with a `schema.context.Context`."""
    return strawberry.Schema(
        Query,
        types=[Land, Gemeente, Wijk, Buurt, Source],
        config=StrawberryConfig(scalar_map=dict(SCALARS)),
    )


def sdl() -> str:
    """The schema in the schema definition language, as it is kept in `schema.graphql`."""
    return build().as_str().rstrip() + "\n"
