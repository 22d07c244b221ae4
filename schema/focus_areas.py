"""Programmes and their focus areas, with how sure their composition is."""

from datetime import date
from typing import Annotated, Any

import strawberry

from db.core import programme
from db.core.levels import Level
from schema.aggregate_series import AggregateSeriesResult
from schema.aggregates import AggregateResult
from schema.composed_area import (
    ComposedArea,
    focus_area_composed,
    focus_area_lines,
    focus_area_shape,
    focus_area_stacking,
    focus_area_values,
)
from schema.composed_geometry import ComposedGeometry
from schema.composed_stacking import ComposedStacking
from schema.compositions import (
    Composition,
    FocusAreaComposition,
    FocusAreaVersion,
    composition_of,
    focus_area_members,
    focus_area_versions,
)
from schema.context import Info
from schema.errors import NotStatedForVintage
from schema.fields import AtArgument, SlugArgument, argument, field
from schema.funding import (
    FocusAreaFunding,
    FundingStream,
    focus_area_funding,
    programme_funding,
)
from schema.language import bilingual
from schema.memberships import Membership
from schema.nodes import Node
from schema.place import find_if_loaded
from schema.population import MembersPopulation, members_population
from schema.references import GemeenteItem
from schema.selection import holds


def programme_focus_areas(
    source: strawberry.Parent[programme.Programme], info: Info
) -> list[programme.FocusArea]:
    return [a for a in _sorted(info.context.facts.focus_areas) if a.programme == source.slug]


def _sorted(focus_areas: dict[str, programme.FocusArea]) -> list[programme.FocusArea]:
    return sorted(focus_areas.values(), key=lambda each: each.slug)


@strawberry.type(description="A programme that gives chosen areas something, in a period.")
class Programme(Node):
    slug: str = field("Short name that stays the same.")
    name: str = field("What it is called.")
    description: str = field("What it is.", bilingual("description"))
    valid_from: date | None = field("First day; null where no source says.")
    valid_from_precision: programme.Precision = field("How precisely the first day is known.")
    valid_until: date | None = field("First day on which it no longer ran; null while it runs.")
    legal_basis: str | None = field("Law or decision that it rests on.")
    source: str = field("Where this is stated.", bilingual("source_text"))
    source_url: str | None = field("Address of the source.")
    focus_areas: list["FocusArea"] = field("All its focus areas, by slug.", programme_focus_areas)
    funding_streams: list[FundingStream] = field(
        "Its money, by slug, with what each document says of it.", programme_funding
    )

    @classmethod
    def is_type_of(cls, value: object, info: Any) -> bool:
        return isinstance(value, programme.Programme)


def focus_area_programme(source: strawberry.Parent[programme.FocusArea], info: Info) -> Any:
    return info.context.facts.programmes[source.programme]


def focus_area_gemeente(source: strawberry.Parent[programme.FocusArea], info: Info) -> Any:
    return find_if_loaded(
        info.context, Level.GEMEENTE, source.gemeente_code, source.gemeente_vintage
    )


def focus_area_composition(
    source: strawberry.Parent[programme.FocusArea], info: Info, at: AtArgument = None
) -> Composition:
    return composition_of(focus_area_members(source, info, at))


def focus_area_population(
    source: strawberry.Parent[programme.FocusArea], info: Info, at: AtArgument = None
) -> Any:
    return members_population(info.context, focus_area_members(source, info, at))


@strawberry.type(description="An area that a programme has chosen, made of wijken or buurten.")
class FocusArea(Node):
    slug: str = field("Short name that stays the same.")
    name: str = field("What the programme calls it.")
    aliases: list[str] = field("Other names it goes by.")
    programme: Programme = field("The programme.", focus_area_programme)
    gemeente: GemeenteItem | None = field(
        "The gemeente it lies in, in `gemeenteVintage`; null where that is not loaded.",
        focus_area_gemeente,
    )
    gemeente_code: str = field("Code of the gemeente.")
    gemeente_vintage: int = field("Vintage that the gemeente's code is of.")
    published_population: int | None = field(
        "Inhabitants as the programme or CBS states them, not a sum of ours."
    )
    published_population_date: date | None = field("The day those inhabitants were counted.")
    members: list[Membership] = field(
        "Its units on a date, candidates included and marked.", focus_area_members
    )
    composition: FocusAreaComposition = field(
        "How sure its composition is.", focus_area_composition
    )
    members_population: MembersPopulation = field(
        "Inhabitants of the counted units added up, or why not. Not `publishedPopulation`: the "
        "difference shows how complete the composition is.",
        focus_area_population,
    )
    note: str | None = field("What to know about its composition.", bilingual("note"))
    compositions: list[FocusAreaVersion] | None = field(
        "Every known answer to what it is made of: first the one that counts everywhere, then "
        "others, each beside the inhabitants that are published for it.",
        focus_area_versions,
    )
    funding_streams: list[FocusAreaFunding] | None = field(
        "Every amount of its programme, as far as it is known for this focus area. An amount for "
        "the country is not divided.",
        focus_area_funding,
    )
    area: ComposedArea | None = field(
        "What its counted units of one vintage make up, and what does not count. An error where "
        "no counted unit is stated for the vintage.",
        focus_area_composed,
    )
    geometry: ComposedGeometry | None = field(
        "Its shape: the union of its whole units, and which units are not in it.",
        focus_area_shape,
    )
    observations: list[AggregateResult] | None = field(
        "Values in one year, in the order of the slugs, out of those of its units.",
        focus_area_values,
    )
    series: list[AggregateSeriesResult] | None = field(
        "Values through the years on the boundaries of its units, in the order of the slugs.",
        focus_area_lines,
    )
    stacking: ComposedStacking | None = field(
        "In how many domains it is among the worst, as one area, by a definition. About the area, "
        "never about its households.",
        focus_area_stacking,
    )

    @classmethod
    def is_type_of(cls, value: object, info: Any) -> bool:
        return isinstance(value, programme.FocusArea)


def find_programme(info: Info, slug: SlugArgument) -> Any:
    info.context.facts.require("programme", slug)
    return info.context.facts.programmes[slug]


def list_programmes(
    info: Info,
    at: Annotated[date | None, argument("Running on this date. Null: all, ended ones too.")] = None,
) -> Any:
    found = info.context.facts.programmes.values()
    running = [each for each in found if at is None or holds(each, at)]
    return sorted(running, key=lambda each: each.slug)


def find_focus_area(info: Info, slug: SlugArgument) -> Any:
    info.context.facts.require("focus area", slug)
    return info.context.facts.focus_areas[slug]


def list_focus_areas(
    info: Info,
    programme: Annotated[str | None, argument("Of this programme, by slug. Null: of all.")] = None,
    at: Annotated[
        date | None,
        argument(
            "Of a programme that runs on this date, and for `municipalityGroup` its list on that "
            "date. Null: all, ended ones too, and the newest list."
        ),
    ] = None,
    municipality_group: Annotated[
        str | None, argument("In a gemeente of this group, by slug. Null: in any.")
    ] = None,
) -> Any:
    facts = info.context.facts
    found = [a for a in _sorted(facts.focus_areas) if at is None or _runs(info, a, at)]
    if programme is not None:
        facts.require("programme", programme, "programme")
        found = [each for each in found if each.programme == programme]
    return found if municipality_group is None else _in_group(info, found, municipality_group, at)


def _runs(info: Info, area: programme.FocusArea, at: date) -> bool:
    return holds(info.context.facts.programmes[area.programme], at)


def _in_group(
    info: Info, areas: list[programme.FocusArea], group: str, at: date | None
) -> list[programme.FocusArea]:
    info.context.facts.require("municipality group", group, "municipalityGroup")
    listed = info.context.facts.list_at(group, at)
    others = {each.gemeente_vintage for each in areas} - {listed.vintage}
    if others:
        # The gemeente of a focus area and the list must be of one vintage to be compared by code.
        raise NotStatedForVintage(
            group,
            Level.GEMEENTE,
            min(others),
            [(Level.GEMEENTE, listed.vintage)],
            argument="municipalityGroup",
        )
    codes = {code for code, _ in listed.members}
    return [each for each in areas if each.gemeente_code in codes]
