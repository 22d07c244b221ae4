"""Which areas are worse than a part of the country and worsening: yes, no, or it cannot be said.

Trends are kept (`schema.tested`); the judgement by a percentile is made each time.
"""

from collections.abc import Sequence
from typing import Annotated, Any

import strawberry
from graphql import GraphQLResolveInfo

from db.core.area import AreaTable
from db.core.block import SeriesKey
from db.core.indicator import Direction
from db.core.indicator import Indicator as CoreIndicator
from db.core.levels import Level
from db.core.percentiles import MINIMUM_INHABITANTS, Weighting
from db.core.trend import Answer, Change, Ground
from schema.context import Context, Info
from schema.enums import ProblemCode
from schema.errors import LEVEL_NL, BadArgument, LimitOutOfRange
from schema.fields import VintageArgument, argument, field
from schema.figures import Column, Problem, Question, columns, worked_out
from schema.indicators import Indicator, SeriesBreak
from schema.language import LanguageArgument, said
from schema.observations import IndicatorProblem
from schema.percentiles import MinimumArgument, Percentile, WeightingArgument, judged
from schema.references import AreaItem
from schema.standing import scope
from schema.tested import Asked, trends_of
from schema.trends import Trend
from schema.verdicts import Entry, Sorted
from schema.whole_table import inhabitants_column

MOST_INDICATORS = 30
"""For a gemeente: each is some milliseconds of trends, and percentiles of the whole country."""
MOST_INHABITANTS = 1_000_000
"""As in `schema.percentiles`."""
GROUNDS = {
    Ground.BOTH: (
        "Slechter dan de grens, en er is een trend naar slechter.",
        "Worse than the threshold, and there is a trend for the worse.",
    ),
    Ground.NOT_WORSE: ("Niet slechter dan de grens.", "Not worse than the threshold."),
    Ground.IMPROVING: ("Er is een trend naar beter.", "There is a trend for the better."),
    Ground.WORSE_UNKNOWN: (
        "Het is niet bekend of het gebied slechter is dan de grens, en een trend naar beter is "
        "niet aangetoond.",
        "It is not known whether the area is worse than the threshold, and no trend for the "
        "better is shown.",
    ),
    Ground.NO_CLEAR_CHANGE: (
        "Slechter dan de grens, maar een trend is niet aangetoond; dat wil niet zeggen dat er geen "
        "is.",
        "Worse than the threshold, but no trend is shown; that is not to say that there is none.",
    ),
    Ground.INSUFFICIENT_DATA: (
        "Slechter dan de grens, maar er zijn minder dan vijf waarden; over een trend is niets te "
        "zeggen.",
        "Worse than the threshold, but there are fewer than five values; nothing can be said of a "
        "trend.",
    ),
}
"""Dutch and English."""
METHOD = (
    "Slechter: het percentiel van het laatste jaar onder alle gebieden van het land ligt boven de "
    "grens. Verslechterend: een trend naar slechter (Mann-Kendall) waarvan p, gecorrigeerd voor "
    "het aantal getoetste gebieden (Benjamini en Hochberg 1995), onder 0,05 ligt; getoetst zijn "
    "alle gebieden met vijf waarden of meer, slechter of niet. Elke indicator is apart "
    "gecorrigeerd. Dat geen trend is aangetoond, maakt nooit een nee.",
    "Worse: the percentile of the last year among all areas of the country is above the threshold. "
    "Worsening: a trend for the worse (Mann-Kendall) of which p, corrected for the number of areas "
    "tested (Benjamini and Hochberg 1995), is below 0.05; tested are all areas with five values or "
    "more, worse or not. Each indicator is corrected by itself. That no trend is shown never makes "
    "a no.",
)


def ground_text(
    source: strawberry.Parent[Entry], info: Info, language: LanguageArgument = None
) -> str:
    return said(GROUNDS[source.ground], info.context, language)


def worsening_method(
    source: strawberry.Parent[Sorted], info: Info, language: LanguageArgument = None
) -> str:
    return said(METHOD, info.context, language)


@strawberry.type(description="Whether one area is worse and worsening in one indicator.")
class WorseAndWorseningArea:
    area: AreaItem = field("The area.")
    answer: Answer = field("Whether it is both worse and worsening.")
    ground: Ground = field("What the answer rests on.")
    ground_text: str = field("What the answer rests on, in a sentence.", ground_text)
    change: Change = field("What its trend means, by `adjustedP` below 0.05.")
    adjusted_p: float | None = field(
        "Two-sided p of the trend, corrected for the areas tested (Benjamini and Hochberg 1995). "
        "Null where there are too few values to test."
    )
    trend: Trend = field(
        "The trend by itself: its `p` and `change` are not corrected, and may differ from those "
        "here."
    )
    percentile: Percentile = field(
        "Where its value of the last year stands among all areas of the country."
    )


@strawberry.type(
    description="The areas of a gemeente or the country by whether they are worse and worsening in "
    "one indicator. Every area on land is counted once: in `yes`, `no`, `cannotBeSaid` or "
    "`uninhabited`. Each list is by code and complete."
)
class WorseAndWorsening:
    indicator: Indicator = field("In what.")
    level: Level = field("Level of the areas.")
    vintage: int = field("Year of the boundaries of all areas and values.")
    years: list[int] = field(
        "Years that the trends may use, ascending: those with figures on these boundaries, from "
        "the last break on."
    )
    year: int = field(
        "The last of them for which any area has a value: year of all percentiles. An area "
        "without a value in this year is not known to be worse."
    )
    breaks: list[SeriesBreak] = field(
        "Breaks because of which earlier years are not used. Empty: not cut."
    )
    percentile_from: float = field("Worse is a percentile above this.")
    complete: bool = field(
        "Whether all areas of this level and vintage are loaded. False: a percentile is among "
        "those that are."
    )
    areas_tested: int = field("Areas with a test: p is corrected for so many.")
    uninhabited: int = field("Areas without inhabitants: they are in no list and not tested.")
    yes: list[WorseAndWorseningArea] = field("Areas that are worse and worsening.")
    no: list[WorseAndWorseningArea] = field("Areas that are not worse, or are improving.")
    cannot_be_said: list[WorseAndWorseningArea] = field(
        "Areas of which it cannot be said; never to be read as a no."
    )
    method: str = field("How it was judged.", worsening_method)

    @classmethod
    def is_type_of(cls, value: object, info: "GraphQLResolveInfo[Any]") -> bool:
        return isinstance(value, Sorted)


WorseAndWorseningResult = Annotated[
    WorseAndWorsening | IndicatorProblem,
    strawberry.union(
        "WorseAndWorseningResult", description="The areas by answer, or why there is none to give."
    ),
]


SlugsArgument = Annotated[
    list[str],
    argument(
        "Slugs of indicators: at most 30 for a gemeente, one for the country. An unknown or "
        "neutral one loses only itself."
    ),
]
LevelArgument = Annotated[Level, argument("Level of the areas: GEMEENTE, WIJK or BUURT.")]
WithinArgument = Annotated[
    str,
    argument(
        "Code of the gemeente whose areas are judged, in the same vintage; or the code of the "
        "country for all of them. It decides over how many areas p is corrected; percentiles "
        "are always among all areas of the country."
    ),
]
SinceArgument = Annotated[
    int | None, argument("First year of the trends. Null: the first that there is.")
]
PercentileFromArgument = Annotated[
    float,
    argument(
        "An area is worse where its percentile is above this, 0 to 100, 100 being the worst. "
        "50: worse than the middle of the country, by inhabitants unless `weighting` is AREAS."
    ),
]


def worse_and_worsening(
    info: Info,
    indicators: SlugsArgument,
    level: LevelArgument,
    within: WithinArgument,
    vintage: VintageArgument = None,
    since: SinceArgument = None,
    percentile_from: PercentileFromArgument = 50.0,
    weighting: WeightingArgument = Weighting.INHABITANTS,
    minimum_inhabitants: MinimumArgument = MINIMUM_INHABITANTS,
) -> Any:
    context = info.context
    _check(level, percentile_from, minimum_inhabitants)
    table = context.table(level, vintage)
    group, rows = scope(context, table, within)
    most = MOST_INDICATORS if group else 1
    if len(indicators) > most:
        raise LimitOutOfRange("indicators", len(indicators), 0, most)
    question: Question = worked_out(context, table, indicators, "indicator", lambda each: each)
    items = [_own_columns(context, table, each, since) for each in question.items]
    _at_hand(context, table, items)
    complete = context.facts.is_complete(level, table.vintage)

    def sorted_by(item: Problem | Sequence[Column]) -> Problem | Sorted:
        if isinstance(item, Problem):
            return item
        indicator = item[0].indicator
        asked = Asked(level, table.vintage, indicator.slug, item[0].year, group)
        tested = trends_of(context, table, asked, item, rows)
        last = tested.fitted.of.columns[-1:]
        if not last:
            return _no_figures(context, table, indicator, since)
        judgement = judged(
            context, table, last[0], weighting=weighting, minimum=minimum_inhabitants
        )
        return Sorted(table, tested, judgement, percentile_from, complete)

    return [sorted_by(each) for each in items]


def _check(level: Level, percentile_from: float, minimum: int) -> None:
    """Refuses early what would be refused after the trends were worked out."""
    if level is Level.LAND:
        raise BadArgument(
            "`level` must be GEMEENTE, WIJK or BUURT: the country has nothing to be compared with",
            "`level` moet GEMEENTE, WIJK of BUURT zijn: het land is met niets te vergelijken",
            argument="level",
        )
    if not 0 <= percentile_from <= 100:
        raise BadArgument(
            f"`percentileFrom` is {percentile_from:g}; it must be from 0 to 100",
            f"`percentileFrom` is {percentile_from:g}; het moet van 0 tot en met 100 zijn",
            argument="percentileFrom",
            minimum=0,
            maximum=100,
        )
    if not 1 <= minimum <= MOST_INHABITANTS:
        raise LimitOutOfRange("minimumInhabitants", minimum, 1, MOST_INHABITANTS)


def _own_columns(
    context: Context, table: AreaTable, item: CoreIndicator | Problem, since: int | None
) -> tuple[Column, ...] | Problem:
    """The years of an indicator on exactly these boundaries, or why they cannot be judged."""
    if isinstance(item, Problem):
        return item
    slug = item.slug
    if item.direction is Direction.NEUTRAL:
        return Problem(
            slug,
            ProblemCode.NEUTRAL_INDICATOR,
            f"{slug} is neutral: neither a high nor a low value is worse",
            f"{slug} is neutraal: een hoge of lage waarde is niet slechter",
        )
    own = context.facts.own_years(slug, table.level, table.vintage)
    years = [year for year in own if since is None or year >= since]
    if not years:
        return _no_figures(context, table, item, since)
    return columns(context, table.level, table.vintage, item, years)


def _no_figures(
    context: Context, table: AreaTable, item: CoreIndicator, since: int | None
) -> Problem:
    own = context.facts.own_years(item.slug, table.level, table.vintage)
    listed = ", ".join(map(str, own)) or "-"
    where = f"{LEVEL_NL[table.level]} %s {table.vintage}"
    from_en, from_nl = ("", "") if since is None else (f" since {since}", f" vanaf {since}")
    return Problem(
        item.slug,
        ProblemCode.NOT_ON_THESE_BOUNDARIES,
        f"{item.slug} has no figures{from_en} on the boundaries of {where % 'vintage'}; years "
        f"loaded there: {listed}",
        f"{item.slug} heeft geen cijfers{from_nl} op de grenzen van {where % 'indeling'}; jaren "
        f"die daar geladen zijn: {listed}",
    )


def _at_hand(
    context: Context, table: AreaTable, items: Sequence[Sequence[Column] | Problem]
) -> None:
    """Asks for all blocks at once that what follows reads one by one."""
    inhabitants = inhabitants_column(context, table)
    keys: list[SeriesKey] = [each[0].key for each in items if not isinstance(each, Problem)]
    if keys and inhabitants is not None:
        keys.append(inhabitants.key)
    context.blocks(list(dict.fromkeys(keys)))
