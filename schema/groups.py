"""Groups of gemeenten by dated list: the members change, a list does not."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import strawberry

from db.core import programme
from db.core.levels import Level
from schema.context import Info
from schema.fields import SlugArgument, argument, field
from schema.language import bilingual
from schema.nodes import Node
from schema.place import find_if_loaded
from schema.references import GemeenteItem


@dataclass(frozen=True, slots=True)
class Member:
    """The source of a MunicipalityGroupMember."""

    code: str
    name: str
    vintage: int


def member_gemeente(member: strawberry.Parent[Member], info: Info) -> Any:
    return find_if_loaded(info.context, Level.GEMEENTE, member.code, member.vintage)


@strawberry.type(description="A gemeente as a list names it.")
class MunicipalityGroupMember:
    code: str = field("Code of the gemeente in the vintage of the list.")
    name: str = field("Name as the list writes it.", name="listedName")
    vintage: int = field("Vintage that the code is of.")
    gemeente: GemeenteItem | None = field(
        "The gemeente in that vintage; null where it is not loaded.", member_gemeente
    )


def list_members(source: strawberry.Parent[programme.MunicipalityGroupList]) -> list[Member]:
    return [Member(code, name, source.vintage) for code, name in source.members]


def member_count(source: strawberry.Parent[programme.MunicipalityGroupList]) -> int:
    return len(source.members)


@strawberry.type(description="The members of a group as one dated list states them.")
class MunicipalityGroupList:
    as_of: date = field("The day that the list is of.")
    as_of_precision: programme.Precision = field("How precisely that day is known.")
    certainty: programme.Certainty = field("How sure the codes of its gemeenten are.")
    source: str = field("Where the list was found.", bilingual("source_text"))
    vintage: int = field("Year whose gemeente codes the list uses.")
    count: int = field("How many members it has.", member_count)
    members: list[MunicipalityGroupMember] = field("The members, by name.", list_members)


def group_lists(source: strawberry.Parent[programme.MunicipalityGroup], info: Info) -> Any:
    return info.context.facts.lists_of(source.slug)


def members_at(
    source: strawberry.Parent[programme.MunicipalityGroup],
    info: Info,
    at: Annotated[date, argument("The date to know the members on.")],
) -> Any:
    return info.context.facts.list_at(source.slug, at)


@strawberry.type(description="A group of gemeenten, such as a network, known by dated lists.")
class MunicipalityGroup(Node):
    slug: str = field("Short name that stays the same.")
    name: str = field("What it is called.", bilingual("name"))
    description: str = field("What it is.", bilingual("description"))
    source: str = field("Where this is stated.", bilingual("source_text"))
    source_url: str | None = field("Address of the source.")
    lists: list[MunicipalityGroupList] = field("Every known list, oldest first.", group_lists)
    members: MunicipalityGroupList | None = field(
        "The newest list that was there on a date. Before the first list: an error that names it.",
        members_at,
    )

    @classmethod
    def is_type_of(cls, value: object, info: Any) -> bool:
        return isinstance(value, programme.MunicipalityGroup)


def find_group(info: Info, slug: SlugArgument) -> Any:
    info.context.facts.require("municipality group", slug)
    return info.context.facts.groups[slug]


def list_groups(info: Info) -> Any:
    return sorted(info.context.facts.groups.values(), key=lambda each: each.slug)
