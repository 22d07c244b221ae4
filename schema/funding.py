"""Money of programmes: streams, what each document says of them, and what an area is said to get.

An amount for the country is never divided over areas or inhabitants here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import strawberry

from db.core import funding
from db.core import programme as core
from db.core.document import FactCertainty
from db.core.funding import AmountBound, Ending, FundingKind, FundingSplit
from db.core.indicator import Domain
from schema.context import Context, Info
from schema.documents import SourceDocument, StatedPeriod
from schema.fact_enums import AreaMoney
from schema.fields import SlugArgument, argument, field
from schema.language import LanguageArgument, bilingual, said
from schema.nodes import Node
from schema.references import FocusAreaItem, ProgrammeItem

EndingBeforeArgument = Annotated[
    date | None,
    argument(
        "Only streams of which every amount is stated to have ended by this date. Those of which "
        "no end is stated are not among them: see `fundingEnding`. Null: all."
    ),
]
_STATUS_TEXTS = {
    AreaMoney.PUBLISHED: (
        "Het bedrag voor dit gebied is gepubliceerd.",
        "The amount for this area is published.",
    ),
    AreaMoney.NATIONAL_ONLY: (
        "Alleen voor heel het land bekend; niet verdeeld over gebieden of inwoners.",
        "Known for the whole country only; not divided over areas or inhabitants.",
    ),
    AreaMoney.NOT_NAMED: (
        "Verdeeld per gebied, maar dit gebied staat er niet bij.",
        "Split by area, but this area is not named.",
    ),
    AreaMoney.NO_AMOUNT: ("Het stuk noemt geen bedrag.", "The document names no amount."),
}


@dataclass(frozen=True, slots=True)
class PerHead:
    """The source of an EurosPerInhabitant."""

    euros: float
    inhabitants: int
    on: date | None


@strawberry.type(description="Euros by inhabitant, with who was counted.")
class EurosPerInhabitant:
    euros: float = field("The amount divided by the inhabitants, in the terms of its `kind`.")
    inhabitants: int = field(
        "The inhabitants that it was divided by: those published for the focus area, not our sum."
    )
    on: date | None = field("The day on which they were counted.", name="inhabitantsOn")


def per_head(euros: float | None, area: core.FocusArea) -> PerHead | None:
    """None without an amount or without a published number of inhabitants."""
    people = area.published_population
    if euros is None or not people:
        return None
    return PerHead(euros / people, people, area.published_population_date)


def part_area(source: strawberry.Parent[funding.FundingPart], info: Info) -> Any:
    return info.context.facts.focus_areas[source.focus_area]


def part_per_head(source: strawberry.Parent[funding.FundingPart], info: Info) -> Any:
    return per_head(source.euros, info.context.facts.focus_areas[source.focus_area])


@strawberry.type(description="What a focus area gets of an amount.")
class FundingPart:
    focus_area: FocusAreaItem = field("The focus area.", part_area)
    euros: float = field("The part in euros.")
    per_inhabitant: EurosPerInhabitant | None = field(
        "By inhabitant; null where none are published for the focus area.", part_per_head
    )


@strawberry.type(description="What one document says of a stream. Documents may disagree.")
class FundingAmount:
    kind: FundingKind = field("What sort of money it is.")
    euros: float | None = field("The amount; null where the document names none.")
    bound: AmountBound = field("How the amount is meant.")
    absence: str | None = field("Why there is no amount.", bilingual("absence"))
    period: StatedPeriod = field("The years that it is for.")
    split: FundingSplit = field("Whether it is published what each focus area gets.")
    parts: list[FundingPart] = field("By focus area, where that is published.")
    document: SourceDocument = field("The document that says so.")
    certainty: FactCertainty = field("Whether it was checked.")
    note: str | None = field("What to know about it.", bilingual("note"))


def stream_programme(source: strawberry.Parent[funding.FundingStream], info: Info) -> Any:
    return info.context.facts.programmes[source.programme]


def reach_stated(source: strawberry.Parent[funding.FundingStream]) -> bool:
    return any(each.parts for each in source.amounts)


def stream_areas(source: strawberry.Parent[funding.FundingStream], info: Info) -> Any:
    named = {part.focus_area for each in source.amounts for part in each.parts}
    areas = info.context.facts.focus_areas
    of_programme = (slug for slug, each in areas.items() if each.programme == source.programme)
    return [areas[slug] for slug in sorted(named or of_programme)]


@strawberry.type(description="Money of a programme for one purpose, whatever documents say of it.")
class FundingStream(Node):
    slug: str = field("Short name that stays the same.")
    name: str = field("What it is called.", bilingual("name"))
    programme: ProgrammeItem = field("The programme.", stream_programme)
    target: str = field("What it is for.", bilingual("target"))
    domains: list[Domain] = field(
        "Domains that it is for; empty where it is for several or none is stated."
    )
    ministries: list[str] = field("Ministries that it comes from, by their abbreviations.")
    amounts: list[FundingAmount] = field("What each document says of it, oldest document first.")
    focus_areas: list[FocusAreaItem] = field(
        "The focus areas that it reaches: those that a document names, or else all areas of the "
        "programme (see `reachStated`).",
        stream_areas,
    )
    reach_stated: bool = field(
        "Whether a document names the areas. If not, any area of the programme may get nothing.",
        reach_stated,
    )
    note: str | None = field("What to know about it.", bilingual("note"))

    @classmethod
    def is_type_of(cls, value: object, info: Any) -> bool:
        return isinstance(value, funding.FundingStream)


@dataclass(frozen=True, slots=True)
class AreaRow:
    """The source of a FocusAreaFunding: one amount, seen from one focus area."""

    area: core.FocusArea
    stream: funding.FundingStream
    stated: funding.FundingAmount

    @property
    def euros(self) -> float | None:
        return funding.part_of(self.stated, self.area.slug)

    @property
    def status(self) -> AreaMoney:
        if self.euros is not None:
            return AreaMoney.PUBLISHED
        if self.stated.parts:
            return AreaMoney.NOT_NAMED
        return AreaMoney.NO_AMOUNT if self.stated.euros is None else AreaMoney.NATIONAL_ONLY

    @property
    def per_inhabitant(self) -> PerHead | None:
        return per_head(self.euros, self.area)


def status_text(
    source: strawberry.Parent[AreaRow], info: Info, language: LanguageArgument = None
) -> str:
    return said(_STATUS_TEXTS[source.status], info.context, language)


@strawberry.type(description="An amount of the programme, as far as it is known for a focus area.")
class FocusAreaFunding:
    stream: FundingStream = field("The stream.")
    stated: FundingAmount = field("What a document says of it, for the whole programme.")
    status: AreaMoney = field("What is known of it for this focus area.")
    status_text: str = field("The same in a sentence.", status_text)
    euros: float | None = field("What this focus area gets; null unless that is published.")
    per_inhabitant: EurosPerInhabitant | None = field(
        "By inhabitant of this focus area; null unless the part and the inhabitants are published."
    )


def streams_of(
    context: Context, programme: str | None, before: date | None
) -> list[funding.FundingStream]:
    """The streams of a programme, or of all, by slug."""
    if programme is not None:
        context.facts.require("programme", programme, "programme")
    return [
        each
        for _, each in sorted(context.facts.funding.items())
        if (programme is None or each.programme == programme) and _ended(each, before)
    ]


def _ended(stream: funding.FundingStream, before: date | None) -> bool:
    if before is None:
        return True
    return all(funding.ending(each, before) is Ending.ENDS_BEFORE for each in stream.amounts)


def programme_funding(
    source: strawberry.Parent[core.Programme],
    info: Info,
    ending_before: EndingBeforeArgument = None,
) -> Any:
    return streams_of(info.context, source.slug, ending_before)


def focus_area_funding(
    source: strawberry.Parent[core.FocusArea],
    info: Info,
    ending_before: EndingBeforeArgument = None,
) -> list[AreaRow]:
    return list(area_rows(source, streams_of(info.context, source.programme, ending_before)))


def area_rows(area: core.FocusArea, streams: Iterable[funding.FundingStream]) -> Iterable[AreaRow]:
    return (AreaRow(area, stream, each) for stream in streams for each in stream.amounts)


def list_streams(
    info: Info,
    programme: Annotated[str | None, argument("Of this programme, by slug. Null: of all.")] = None,
    ending_before: EndingBeforeArgument = None,
) -> Any:
    return streams_of(info.context, programme, ending_before)


def find_stream(info: Info, slug: SlugArgument) -> Any:
    info.context.facts.require("funding stream", slug)
    return info.context.facts.funding[slug]
