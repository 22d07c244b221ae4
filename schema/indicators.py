"""Indicators: what a figure means, and where there are figures of it."""

from typing import Annotated, Any

import strawberry

from db.core import indicator as core
from db.core.levels import Level
from db.core.suggest import fold
from schema.completeness import Completeness, completeness
from schema.context import Info
from schema.errors import LimitOutOfRange
from schema.facts import Availability as AvailabilityFact
from schema.fields import SlugArgument, argument, field
from schema.language import bilingual
from schema.nodes import Node
from schema.publications import Source, source_of

_LONGEST_SEARCH = 100


@strawberry.type(description="From this year on, values are not comparable with those before.")
class SeriesBreak:
    year: int = field("First year of the new definition.")
    text: str = field("What changed.", bilingual("text"))


def availability_indicator(source: strawberry.Parent[AvailabilityFact], info: Info) -> Any:
    return info.context.facts.head.indicators.get(source.indicator)


def availability_complete(source: strawberry.Parent[AvailabilityFact], info: Info) -> bool:
    return info.context.facts.is_complete(source.level, source.vintage)


@strawberry.type(description="Years with figures on the areas of one level and one vintage.")
class Availability:
    level: Level = field("Level of the areas.")
    vintage: int = field("Year of their boundaries.")
    years: list[int] = field("Years for which figures were loaded, ascending.")
    indicator: "Indicator | None" = field("Of what.", availability_indicator)
    complete: bool = field(
        "Whether all areas of this level and vintage are loaded, and not only some of them.",
        availability_complete,
    )
    completeness: list[Completeness] | None = field(
        "Of each of `years`, how many areas have a figure and why others have none. Null where an "
        "earlier release of this service published the series, which did not count.",
        completeness,
    )


def is_summable(source: strawberry.Parent[core.Indicator]) -> bool:
    return source.aggregation is core.Aggregation.SUM


def indicator_source(source: strawberry.Parent[core.Indicator], info: Info) -> Any:
    return source_of(info.context, source.source)


def denominator(source: strawberry.Parent[core.Indicator], info: Info) -> Any:
    return info.context.facts.head.indicators.get(source.denominator or "")


def numerator(source: strawberry.Parent[core.Indicator], info: Info) -> Any:
    return info.context.facts.head.indicators.get(source.numerator or "")


def availability(
    source: strawberry.Parent[core.Indicator],
    info: Info,
    level: Annotated[Level | None, argument("At this level only. Null: at all.")] = None,
) -> list[AvailabilityFact]:
    known = info.context.facts.availability(source.slug)
    return [each for each in known if level is None or each.level is level]


@strawberry.type(description="What a figure means: unit, direction, sort of number and its rules.")
class Indicator(Node):
    slug: str = field("Short name that stays the same.")
    name: str = field("What it is called.", bilingual("name"))
    description: str = field("What is counted or measured.", bilingual("description"))
    unit: str = field("Unit of the values.", bilingual("unit"))
    domain: core.Domain = field("Field of life that it is about.")
    direction: core.Direction = field("Which way is better.")
    kind: core.Kind = field("What sort of number it is.")
    aggregation: core.Aggregation = field("How values of parts make the value of the whole.")
    summable: bool = field("Whether values of parts may be added up.", is_summable)
    nature: core.Nature = field("How the figure comes about.")
    measures: core.Measures | None = field(
        "Whether it is what there is or what came in a year; null where that is not stated."
    )
    origin: core.Origin = field("Whether it is a publisher's, or somebody's own.")
    decimals: int = field("Decimals that the source gives.")
    rounding: int | None = field(
        "Below gemeente level the source rounds to a multiple of this, so that parts do not add up "
        "to the whole."
    )
    breaks: list[SeriesBreak] = field("Years from which values are not comparable with before.")
    denominator: "Indicator | None" = field("What it is divided or weighted by.", denominator)
    numerator: "Indicator | None" = field("What is divided.", numerator)
    note: str | None = field("What to know before using it.", bilingual("note"))
    gap: bool = field("True where no open national table of it exists: load your own.")
    source: Source | None = field(
        "Whose figures they are, and under which terms.", indicator_source
    )
    availability: list[Availability] = field(
        "Levels, vintages and years that have figures: from the country down, then by vintage. "
        "Empty where this publication has none.",
        availability,
    )

    @classmethod
    def is_type_of(cls, value: object, info: Any) -> bool:
        return isinstance(value, core.Indicator)


def find_indicator(info: Info, slug: SlugArgument) -> Any:
    info.context.facts.require("indicator", slug)
    return info.context.facts.head.indicators[slug]


def list_indicators(
    info: Info,
    domain: Annotated[core.Domain | None, argument("Of this field only. Null: of all.")] = None,
    search: Annotated[
        str | None,
        argument(
            "Every word of it is in the slug or in the Dutch or English name or description, "
            "whatever its case and diacritics; at most 100 characters."
        ),
    ] = None,
    level: Annotated[
        Level | None, argument("With figures at this level only. Null: with or without any.")
    ] = None,
) -> Any:
    words = _words(search)
    found = [
        each
        for each in info.context.facts.head.indicators.values()
        if (domain is None or each.domain is domain)
        and (level is None or info.context.facts.years(each.slug, level))
        and _has_words(each, words)
    ]
    return sorted(found, key=lambda each: each.slug)


def _words(search: str | None) -> list[str]:
    if search is not None and len(search) > _LONGEST_SEARCH:
        raise LimitOutOfRange("search", len(search), 0, _LONGEST_SEARCH)
    return fold(search or "").split()


def _has_words(each: core.Indicator, words: list[str]) -> bool:
    if not words:
        return True
    texts = (each.slug, each.name_nl, each.name_en, each.description_nl, each.description_en)
    text = fold(" ".join(texts))
    return all(word in text for word in words)
