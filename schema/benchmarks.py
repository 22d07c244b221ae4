"""What a value is compared with: the aggregate, the median and the extremes of groups of areas.

Made of the published figures of the areas: what is published for the whole is another figure, and
stands beside it. A difference between the two is never repaired.
"""

from typing import Annotated, Any

import strawberry

from db.core.benchmarks import WeighedBy
from db.core.codes import COUNTRY, gemeente_code
from db.core.levels import Level, Terrain
from schema.benchmark_comparison import Comparison
from schema.benchmark_groups import IN_GEMEENTE, IN_PROGRAMME, compared, programme_of
from schema.benchmark_peers import BenchmarkPeers
from schema.benchmark_refusals import refusal_words
from schema.comparison_enums import BenchmarkBase, BenchmarkGroup, BenchmarkRefusal
from schema.context import Context, Info
from schema.errors import LimitOutOfRange
from schema.fields import argument, field
from schema.figures import Figure
from schema.intervals import ConfidenceArgument, check_level
from schema.language import Language, LanguageArgument, chosen
from schema.peers import PeersInput, beside_peers, peers_of
from schema.place import find_if_loaded
from schema.references import ObservationItem
from schema.significance import SignificanceType, significance_of
from schema.whole_table import column_of

_DEFAULT = [BenchmarkGroup.GEMEENTE, BenchmarkGroup.NATIONAL]


def refusal_text(
    source: strawberry.Parent[Comparison], info: Info, language: LanguageArgument = None
) -> str | None:
    return _words(source.refusal, info.context, language)


def quartile_refusal_text(
    source: strawberry.Parent[Comparison], info: Info, language: LanguageArgument = None
) -> str | None:
    return _words(source.quartile_refusal, info.context, language)


def _words(
    refusal: BenchmarkRefusal | None, context: Context, language: Language | None
) -> str | None:
    return None if refusal is None else refusal_words(refusal, chosen(context, language))


def significance(
    source: strawberry.Parent[Comparison], info: Info, level: ConfidenceArgument = 0.95
) -> Any:
    check_level(level)
    return significance_of(
        info.context, source.figure, source.against, summed=source.summed, level=level
    )


def published(source: strawberry.Parent[Comparison], info: Info) -> Any:
    if source.weighed_by is None or source.published_withheld or source.peers:
        return None
    context, figure = info.context, source.figure
    inside = source.group in IN_GEMEENTE
    level = Level.GEMEENTE if inside else Level.LAND
    code = gemeente_code(figure.area.code) if inside else COUNTRY
    place = find_if_loaded(context, level, code, figure.area.vintage)
    if place is None:
        return None
    column = column_of(context, place.table, figure.indicator, figure.year)
    if column.place < 0:
        return None
    (block,) = context.blocks([column.key])
    whole = Figure(column, block, place)
    return None if whole.value is None else whole


@strawberry.type(
    description="What a value is compared with: the areas of a group, of the same level, vintage "
    "and year. Worked out from the published figures of those areas, which do not add up to what "
    "is published for the whole: see `published`. Water and abroad take no part."
)
class Benchmark:
    group: BenchmarkGroup = field("Which areas.")
    peers: BenchmarkPeers | None = field(
        "Who the peers are, and by which definition; null for other groups."
    )
    programme: str | None = field(
        "Slug of the programme; null where the group is not about one, and where none is known."
    )
    aggregate: float | None = field(
        "The areas of the group as one, by the rule of the indicator (`aggregation`): the sum, the "
        "mean weighted as `weighedBy` says, or the summed numerator over the summed denominator. "
        "Null where it is refused: always for medians, classes and indices."
    )
    lower_quartile: float | None = field("A quarter of the weight is in areas at or below this.")
    median: float | None = field(
        "Half of the weight is in areas at or below this. Of the areas, not of people or dwellings."
    )
    upper_quartile: float | None = field("Three quarters of the weight, likewise.")
    lowest: float | None = field("Lowest value of the areas that count.")
    highest: float | None = field("Highest value of the areas that count.")
    compared_with: BenchmarkBase | None = field(
        "What `difference` and `ratio` are to; null where there is nothing to compare with."
    )
    difference: float | None = field(
        "The value minus the aggregate (or median), in the unit of the indicator; none for classes."
    )
    ratio: float | None = field(
        "The value divided by the aggregate (or median); none for classes and indices, for "
        "negative values, and where that is not above zero."
    )
    significance: SignificanceType | None = field(
        "Whether the value is worse than that by more than chance.", significance
    )
    known: int = field("Areas that the aggregate is made of.")
    unknown: int = field("Areas that count but lack the value.")
    left_out: int = field("Areas of the group that do not count, such as those without weight.")
    partial_members: list[str] = field(
        "Codes of the areas that belong to the programme in part, or to an unknown extent, also "
        "those of which only smaller areas belong: they are left out of FOCUS_AREAS and of "
        "OUTSIDE_FOCUS_AREAS."
    )
    coverage: float | None = field(
        "Part of the known weight of the group that has a value, 0 to 1; null where nothing has a "
        "weight. From 0.8 there are means and quartiles; a sum needs all."
    )
    weighed_by: WeighedBy | None = field("What each area counts for; null without a group.")
    weights_indicator: str | None = field(
        "Slug of the indicator that the weights are values of; null where none is loaded for these "
        "boundaries."
    )
    weights_year: int | None = field("Year of the weights.")
    refusal: BenchmarkRefusal | None = field("Why there is no aggregate; null where there is one.")
    refusal_text: str | None = field("The same in a sentence.", refusal_text)
    quartile_refusal: BenchmarkRefusal | None = field(
        "Why there are no quartiles; null where there are."
    )
    quartile_refusal_text: str | None = field("The same in a sentence.", quartile_refusal_text)
    complete: bool = field(
        "Whether all areas of this level and vintage are loaded. False: the group is of those that "
        "are, or there is none."
    )
    published: ObservationItem | None = field(
        "What the source gives for the gemeente itself (for groups in a gemeente) or for the "
        "country itself, same indicator, year and vintage: another figure than `aggregate`, of "
        "which the parts need not be these. Null where absent, and where `publishedWithheld`.",
        published,
    )
    published_withheld: bool = field(
        "Whether `published` is left out because, less the areas of this level, it would tell the "
        "only value that the source withholds. It is published all the same: as an observation of "
        "that gemeente or of the country."
    )


AgainstArgument = Annotated[
    list[BenchmarkGroup],
    argument("Groups to compare with, at most 6; each has its answer, in the same order."),
]
ProgrammeArgument = Annotated[
    str | None,
    argument(
        "Slug of the programme of FOCUS_AREAS and OUTSIDE_FOCUS_AREAS. Null: the first of "
        "`programmes` that states members of this level and vintage."
    ),
]

PeersArgument = Annotated[
    PeersInput | None,
    argument("Who the PEERS are. Null: by our own definition. One request has peers of 20 areas."),
]


def benchmarks_of(
    source: strawberry.Parent[Figure],
    info: Info,
    against: AgainstArgument = _DEFAULT,
    programme: ProgrammeArgument = None,
    peers: PeersArgument = None,
) -> Any:
    if len(against) > len(BenchmarkGroup):
        raise LimitOutOfRange("against", len(against), 0, len(BenchmarkGroup))
    if programme is not None:
        info.context.facts.require("programme", programme, "programme")
    return [comparison_of(info.context, source, group, programme, peers) for group in against]


def comparison_of(
    context: Context,
    figure: Figure,
    group: BenchmarkGroup,
    programme: str | None,
    peers: PeersInput | None,
) -> Comparison:
    """One value beside one group, or why not."""
    table = figure.area.table
    slug = programme_of(context, table, programme) if group in IN_PROGRAMME else None
    if figure.area.terrain is not Terrain.LAND:
        return Comparison(figure, group, slug, BenchmarkRefusal.NOT_LAND)
    if group is BenchmarkGroup.PEERS:
        if table.level is Level.LAND:
            return Comparison(figure, group, slug, BenchmarkRefusal.NOT_DIVIDED)
        meant = peers_of(context, figure, peers)
        return Comparison(figure, group, slug, beside_peers(context, figure, meant), meant)
    return Comparison(figure, group, slug, compared(context, table, figure.of, group, slug))
