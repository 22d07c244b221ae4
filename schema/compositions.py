"""What a focus area is made of: the composition that counts, and other ones beside it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import strawberry

from db.core import programme
from db.core.document import Document, FactCertainty
from db.core.programme import Certainty, Extent
from schema.composition_fit import Reconciled, Reconciliation, reconciled
from schema.context import Info
from schema.documents import SourceDocument
from schema.fields import AtArgument, argument, field
from schema.language import LanguageArgument, said, text_of
from schema.memberships import Members, Membership, roll_of
from schema.population import MembersPopulation, members_population
from schema.selection import counts, holds

COUNTS = "counts"
"""Slug of the composition that counts."""
_OWN_NAME = ("Samenstelling die overal telt", "Composition that counts everywhere")


@dataclass(frozen=True, slots=True)
class Composition:
    """The source of a FocusAreaComposition."""

    official: int
    name_match: int
    candidate: int
    unidentified: int
    partial: int
    complete: bool

    @property
    def counted(self) -> int:
        return self.official + self.name_match


def composition_of(members: Sequence[programme.Membership]) -> Composition:
    """How sure it is what a focus area is made of, counted over all its memberships."""
    identified = [each for each in members if each.code is not None]
    by = Counter(each.certainty for each in identified)
    partial = sum(each.extent is not Extent.WHOLE for each in identified if counts(each))
    unidentified = len(members) - len(identified)
    counted = by[Certainty.OFFICIAL] + by[Certainty.NAME_MATCH]
    return Composition(
        official=by[Certainty.OFFICIAL],
        name_match=by[Certainty.NAME_MATCH],
        candidate=by[Certainty.CANDIDATE],
        unidentified=unidentified,
        partial=partial,
        complete=bool(counted) and not (by[Certainty.CANDIDATE] or unidentified or partial),
    )


@strawberry.type(description="How sure it is which units a focus area is made of.")
class FocusAreaComposition:
    official: int = field("Units that an official source names.")
    name_match: int = field("Units found by a name that a source mentions.")
    candidate: int = field("Units that may belong to it; not counted as members.")
    unidentified: int = field("Parts that are known to exist, but not which unit they are.")
    partial: int = field("Counted units that belong to it in part, or to an unknown extent.")
    counted: int = field("Units that count as members: official and nameMatch.")
    complete: bool = field(
        "Whether every part is a known, whole, counted unit: no candidate, none unidentified, none "
        "in part. Complete is not the same as official."
    )


def focus_area_members(
    source: strawberry.Parent[programme.FocusArea],
    info: Info,
    at: AtArgument = None,
    candidates: Annotated[
        bool, argument("Candidates too; they are marked and do not count.")
    ] = True,
) -> Members:
    facts = info.context.facts

    def chosen() -> Members:
        return roll_of(info.context).members(
            each
            for each in facts.memberships_of(source.slug)
            if holds(each, at) and (candidates or counts(each))
        )

    return facts.remember(("members", source.slug, at, candidates), chosen)


@dataclass(frozen=True, slots=True)
class Version:
    """The source of a FocusAreaVersion; without a fact of its own it is the one that counts."""

    area: programme.FocusArea
    stated: programme.CompositionVersion | None

    @property
    def slug(self) -> str:
        return COUNTS if self.stated is None else self.stated.slug

    @property
    def counts_everywhere(self) -> bool:
        return self.stated is None

    @property
    def published_population(self) -> int | None:
        return (self.stated or self.area).published_population

    @property
    def published_population_date(self) -> date | None:
        return (self.stated or self.area).published_population_date

    @property
    def document(self) -> Document | None:
        return None if self.stated is None else self.stated.document

    @property
    def certainty(self) -> FactCertainty | None:
        return None if self.stated is None else self.stated.certainty


def version_name(
    source: strawberry.Parent[Version], info: Info, language: LanguageArgument = None
) -> str:
    if source.stated is None:
        return said(_OWN_NAME, info.context, language)
    return str(text_of(source.stated, "name", info.context, language))


def version_note(
    source: strawberry.Parent[Version], info: Info, language: LanguageArgument = None
) -> Any:
    return text_of(source.stated or source.area, "note", info.context, language)


def version_members(
    source: strawberry.Parent[Version], info: Info, at: AtArgument = None
) -> Members:
    if source.stated is None:
        return focus_area_members(source.area, info, at)
    facts, slug = info.context.facts, source.stated.slug

    def chosen_members() -> Members:
        stated = facts.memberships_of_version(source.area.slug, slug)
        return roll_of(info.context).members(each for each in stated if holds(each, at))

    return facts.remember(("members", source.area.slug, slug, at), chosen_members)


def version_composition(
    source: strawberry.Parent[Version], info: Info, at: AtArgument = None
) -> Composition:
    return composition_of(version_members(source, info, at))


def version_population(
    source: strawberry.Parent[Version], info: Info, at: AtArgument = None
) -> Any:
    return members_population(info.context, version_members(source, info, at))


def version_reconciliation(
    source: strawberry.Parent[Version], info: Info, at: AtArgument = None
) -> Reconciled:
    members = version_members(source, info, at)
    return reconciled(
        info.context, members, source.published_population, source.published_population_date
    )


@strawberry.type(
    description="One answer to what a focus area is made of, with its source. Only the one that "
    "counts everywhere is used in filters, benchmarks and sums; a candidate counts in none."
)
class FocusAreaVersion:
    slug: str = field("Short name within the focus area; `counts` for the one that counts.")
    name: str = field("What it is called.", version_name)
    counts_everywhere: bool = field("Whether it is the composition that counts.")
    published_population: int | None = field("Inhabitants that its source states.")
    published_population_date: date | None = field("The day that they are of.")
    document: SourceDocument | None = field(
        "The document that states it; null for the one that counts, whose members each name theirs."
    )
    certainty: FactCertainty | None = field("Whether the document was checked.")
    members: list[Membership] = field("Its units, candidates too.", version_members)
    composition: FocusAreaComposition = field("How sure they are.", version_composition)
    members_population: MembersPopulation | None = field(
        "Inhabitants of the counted units added up, or why not.", version_population
    )
    reconciliation: Reconciliation | None = field(
        "The published inhabitants beside those of the units.", version_reconciliation
    )
    note: str | None = field("What to know about it.", version_note)


def focus_area_versions(
    source: strawberry.Parent[programme.FocusArea], info: Info
) -> list[Version]:
    others = [
        each
        for each in info.context.facts.head.reference.versions
        if each.focus_area == source.slug
    ]
    return [Version(source, None), *(Version(source, each) for each in others)]
