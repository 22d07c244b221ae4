"""A year of a harmonised series as GraphQL shows it: where it comes from, or what blocks it."""

from typing import Any

import strawberry
from graphql import GraphQLResolveInfo

from db.core.absence import Status
from db.core.area_links import Method
from db.core.block import SeriesKey
from schema.context import Context, Info
from schema.fields import field
from schema.harmonised_figures import HarmonisedFigure
from schema.harmonised_parts import CarriedPart, entries_of, parts_of
from schema.language import LanguageArgument, chosen
from schema.observations import ReasonType
from schema.provenance import Provenance, provenance_of


def parts(source: strawberry.Parent[HarmonisedFigure], info: Info) -> Any:
    return parts_of(info.context, source)


def blocked_by(source: strawberry.Parent[HarmonisedFigure], info: Info) -> Any:
    if source.value is not None:
        return []
    return [each for each in parts_of(info.context, source) if each.lacks is not None]


def provenances(source: strawberry.Parent[HarmonisedFigure], info: Info) -> Any:
    context = info.context
    if source.own:
        loads = [_own_load(context, source)]
    else:
        loads = [each.load for each in parts_of(context, source)]
    return [provenance_of(context, each) for each in dict.fromkeys(loads) if each is not None]


def _own_load(context: Context, source: HarmonisedFigure) -> int | None:
    (block,) = context.blocks([_key(source)])
    return block.cell(source.area.ordinal, source.year).load


def provisional(source: strawberry.Parent[HarmonisedFigure], info: Info) -> bool:
    context, vintage = info.context, source.source_vintage
    if vintage is None:
        return False
    (block,) = context.blocks([_key(source)])
    rows = [source.area.ordinal]
    if not source.own:
        by, entries = entries_of(context, source)
        rows = by.old[entries.start : entries.stop].tolist()
    column = block.periods.index(source.year)
    marks = block.provisional
    return any(row < len(marks) and bool(marks.item(row, column)) for row in rows)


def _key(source: HarmonisedFigure) -> SeriesKey:
    assert source.source_vintage is not None
    return SeriesKey(source.of.indicator.slug, source.area.level, source.source_vintage)


def published_on(source: strawberry.Parent[HarmonisedFigure], info: Info) -> list[int]:
    known = info.context.facts.years(source.of.indicator.slug, source.area.level)
    return list(known.get(source.year, ()))


def point_reason_text(
    source: strawberry.Parent[HarmonisedFigure], info: Info, language: LanguageArgument = None
) -> str:
    return source.reason.text(chosen(info.context, language))


@strawberry.type(
    description="One year of a harmonised series: the value on the boundaries of the area asked, "
    "and from which boundaries it was carried."
)
class HarmonisedPoint:
    year: int = field("Year that the value is of.")
    value: float | None = field("The value in the indicator's unit; null where it is absent.")
    status: Status = field(
        "RECODED where parts add up exactly, ESTIMATED where an area was divided; as the source "
        "states it on the area's own boundaries, and where code and border are the same."
    )
    reason: ReasonType = field("Why the value is there or not.")
    reason_text: str = field("The reason in a sentence.", point_reason_text)
    lower: float | None = field(
        "The least that the value can be, wherever people live in an area that was divided. The "
        "value itself where carried exactly; null on own boundaries. Rounding and chance are not "
        "in it."
    )
    upper: float | None = field(
        "The most that the value can be, as `lower`; null too where nothing bounds it."
    )
    provisional: bool = field("Whether the source calls any part of it provisional.", provisional)
    rounding: int | None = field(
        "The source has rounded the value, or each part of it, to a multiple of this; null where "
        "it has not, and where there is no value."
    )
    source_vintage: int | None = field(
        "Year of the boundaries that the value was published on, or that block it; null where no "
        "vintage with this year is linked."
    )
    own: bool = field("Whether those are the area's own boundaries: then nothing was carried.")
    methods: list[Method] = field(
        "What the weights of all parts were measured in, along the way. Empty where nothing was "
        "carried."
    )
    coverage: float | None = field(
        "Share of the area in parts that do not block, 0 to 1; null without a source vintage."
    )
    published_on: list[int] = field(
        "Vintages of this level on which the year is published.", published_on,
        name="publishedOnVintages",
    )  # fmt: skip
    parts: list[CarriedPart] = field(
        "Areas of the source vintage that it was made of, the largest first; empty on own "
        "boundaries.",
        parts,
    )
    blocked_by: list[CarriedPart] = field(
        "Those of the parts whose absence makes the value absent.", blocked_by
    )
    provenances: list[Provenance] = field(
        "Where the cells of the parts were loaded from, each load once.", provenances
    )

    @classmethod
    def is_type_of(cls, value: object, info: "GraphQLResolveInfo[Any]") -> bool:
        return isinstance(value, HarmonisedFigure)
