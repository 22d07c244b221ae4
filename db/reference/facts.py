"""The reference facts of the Netherlands: sources, programmes, focus areas, who belongs to them.

Facts stand in the .toml files beside this module, each with its source. Anything that is
misspelt, missing or contradictory is refused with the file and the entry.
"""

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable

from db.core.programme import (
    Certainty,
    FocusArea,
    Membership,
    MunicipalityGroup,
    MunicipalityGroupList,
    Programme,
    Reference,
    Source,
)
from db.reference.aliases import aliases
from db.reference.consistency import check_reference
from db.reference.entries import Entry, read_entries
from db.reference.funding import funding_streams
from db.reference.interventions import interventions
from db.reference.memberships import membership, versions
from db.reference.stacking import stacking_definitions
from db.reference.statements import statements


def load_reference(folder: Traversable | None = None) -> Reference:
    """All reference facts in `folder` (by default those that the service ships)."""
    home = folder or files("db.reference")
    focus_areas, memberships = _focus_areas(home)
    groups, lists = _groups(home)
    others = list(versions(home))
    reference = Reference(
        sources=tuple(map(_source, read_entries(home, "sources.toml", key="source", name="slug"))),
        programmes=tuple(_programmes(home)),
        focus_areas=focus_areas,
        memberships=(*memberships, *(each for _, units in others for each in units)),
        groups=groups,
        group_lists=lists,
        stacking=tuple(stacking_definitions(home)),
        aliases=tuple(aliases(home)),
        versions=tuple(version for version, _ in others),
        funding=tuple(funding_streams(home)),
        interventions=tuple(interventions(home)),
        statements=tuple(statements(home)),
    )
    check_reference(reference)
    return reference


def _source(entry: Entry) -> Source:
    source = Source(
        slug=entry.text("slug"),
        publisher=entry.text("publisher"),
        name_nl=entry.text("name_nl"),
        name_en=entry.text("name_en"),
        url=entry.text("url"),
        licence=entry.text("licence"),
        licence_url=entry.text_or_none("licence_url"),
        attribution_nl=entry.text("attribution_nl"),
        attribution_en=entry.text("attribution_en"),
        note_nl=entry.text_or_none("note_nl"),
        note_en=entry.text_or_none("note_en"),
    )
    entry.close()
    return source


def _programmes(home: Traversable) -> Iterator[Programme]:
    for entry in read_entries(home, "programmes.toml", key="programme", name="slug"):
        valid_from, precision = entry.moment_or_none("valid_from")
        source_nl, source_en = entry.both("source")
        yield Programme(
            slug=entry.text("slug"),
            name=entry.text("name"),
            description_nl=entry.text("description_nl"),
            description_en=entry.text("description_en"),
            valid_from=valid_from,
            valid_from_precision=precision,
            valid_until=entry.day_or_none("valid_until"),
            legal_basis=entry.text_or_none("legal_basis"),
            source_text_nl=source_nl,
            source_text_en=source_en,
            source_url=entry.text_or_none("source_url"),
        )
        entry.close()


def _focus_areas(home: Traversable) -> tuple[tuple[FocusArea, ...], tuple[Membership, ...]]:
    areas: list[FocusArea] = []
    memberships: list[Membership] = []
    for entry in read_entries(home, "memberships.toml", key="focus_area", name="slug"):
        areas.append(
            FocusArea(
                slug=entry.text("slug"),
                programme=entry.text("programme"),
                name=entry.text("name"),
                gemeente_code=entry.text("gemeente_code"),
                gemeente_vintage=entry.number("gemeente_vintage"),
                aliases=entry.texts("aliases"),
                published_population=entry.number_or_none("published_population"),
                published_population_date=entry.day_or_none("published_population_date"),
                note_nl=entry.text_or_none("note_nl"),
                note_en=entry.text_or_none("note_en"),
            )
        )
        memberships += [
            membership(entry, unit, areas[-1].slug) for unit in entry.entries("units", "code")
        ]
        entry.close()
    return tuple(areas), tuple(memberships)


def _groups(
    home: Traversable,
) -> tuple[tuple[MunicipalityGroup, ...], tuple[MunicipalityGroupList, ...]]:
    groups: list[MunicipalityGroup] = []
    lists: list[MunicipalityGroupList] = []
    for entry in read_entries(home, "groups.toml", key="group", name="slug"):
        source_nl, source_en = entry.both("source")
        groups.append(
            MunicipalityGroup(
                slug=entry.text("slug"),
                name_nl=entry.text("name_nl"),
                name_en=entry.text("name_en"),
                description_nl=entry.text("description_nl"),
                description_en=entry.text("description_en"),
                source_text_nl=source_nl,
                source_text_en=source_en,
                source_url=entry.text_or_none("source_url"),
            )
        )
        lists += [_list(entry.text("slug"), dated) for dated in entry.entries("lists", "as_of")]
        entry.close()
    return tuple(groups), tuple(lists)


def _list(group: str, entry: Entry) -> MunicipalityGroupList:
    as_of, precision = entry.moment("as_of")
    source_nl, source_en = entry.both("source")
    members = [_member(one) for one in entry.entries("members", "code")]
    dated = MunicipalityGroupList(
        group=group,
        as_of=as_of,
        as_of_precision=precision,
        source_text_nl=source_nl,
        source_text_en=source_en,
        certainty=entry.choice("certainty", Certainty),
        members=tuple(sorted(members, key=lambda member: member[1])),
        vintage=entry.number("vintage"),
    )
    entry.close()
    return dated


def _member(entry: Entry) -> tuple[str, str]:
    member = (entry.text("code"), entry.text("name"))
    entry.close()
    return member
