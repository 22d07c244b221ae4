"""Programmes, their focus areas and who belongs to them: dated, sourced facts with a certainty."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from db.core.document import Document, FactCertainty
from db.core.document import Precision as Precision
from db.core.funding import FundingStream
from db.core.indicator import Origin
from db.core.intervention import Intervention
from db.core.levels import Level
from db.core.stacking_definition import StackingDefinition
from db.core.statement import Statement


class Certainty(Enum):
    """How sure a membership is. CANDIDATE rows do not count as members."""

    OFFICIAL = "official"
    NAME_MATCH = "name_match"
    CANDIDATE = "candidate"


class Extent(Enum):
    """Whether the whole unit belongs to the focus area."""

    WHOLE = "whole"
    PART = "part"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Source:
    """A publisher's product and the terms it is used under."""

    slug: str
    publisher: str
    name_nl: str
    name_en: str
    url: str
    licence: str
    """SPDX identifier or the words of the publisher."""
    licence_url: str | None
    attribution_nl: str
    attribution_en: str
    note_nl: str | None = None
    note_en: str | None = None
    origin: Origin = Origin.PUBLISHED


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """An indicator of somebody's own that was here and is not any more."""

    slug: str
    name_nl: str
    name_en: str
    publisher: str
    withdrawn_on: date
    reason: str | None
    """In the words of who withdrew it."""


@dataclass(frozen=True, slots=True)
class Programme:
    slug: str
    name: str
    description_nl: str
    description_en: str
    valid_from: date | None
    valid_from_precision: Precision
    valid_until: date | None
    """First day on which it is no longer valid; None while it runs."""
    legal_basis: str | None
    source_text_nl: str
    source_text_en: str
    source_url: str | None = None


@dataclass(frozen=True, slots=True)
class FocusArea:
    slug: str
    programme: str
    name: str
    gemeente_code: str
    gemeente_vintage: int
    aliases: tuple[str, ...] = ()
    published_population: int | None = None
    """Inhabitants as the programme or CBS states for the focus area, not our sum."""
    published_population_date: date | None = None
    note_nl: str | None = None
    note_en: str | None = None


@dataclass(frozen=True, slots=True)
class Membership:
    """A unit (wijk or buurt of one vintage) belongs to a focus area in a period."""

    focus_area: str
    level: Level
    code: str | None
    """None where a part of the focus area is known to exist but not which unit it is."""
    vintage: int | None
    name: str | None
    """The unit's name as the source of the membership writes it."""
    extent: Extent
    share: float | None
    """Share of the unit's inhabitants inside, 0 to 1; 1 for WHOLE, None where unknown."""
    valid_from: date | None
    valid_from_precision: Precision
    valid_until: date | None
    certainty: Certainty
    legal_basis: str | None
    source_text_nl: str
    source_text_en: str
    note_nl: str | None = None
    note_en: str | None = None
    version: str | None = None
    """Slug of another composition that it is of; None for the one that counts everywhere."""


@dataclass(frozen=True, slots=True)
class CompositionVersion:
    """Another answer to what a focus area is made of, beside the composition that counts."""

    focus_area: str
    slug: str
    name_nl: str
    name_en: str
    published_population: int | None
    published_population_date: date | None
    document: Document
    certainty: FactCertainty
    note_nl: str | None = None
    note_en: str | None = None


@dataclass(frozen=True, slots=True)
class MunicipalityGroup:
    slug: str
    name_nl: str
    name_en: str
    description_nl: str
    description_en: str
    source_text_nl: str
    source_text_en: str
    source_url: str | None = None


@dataclass(frozen=True, slots=True)
class MunicipalityGroupList:
    """The members of a group as one list states them; groups change, lists do not."""

    group: str
    as_of: date
    as_of_precision: Precision
    source_text_nl: str
    source_text_en: str
    certainty: Certainty
    members: tuple[tuple[str, str], ...]
    """(gemeente code, name as the list writes it), in order of name."""
    vintage: int
    """Year whose gemeente codes the list uses."""


@dataclass(frozen=True, slots=True)
class Alias:
    """What people call an area beside its name, stated for one vintage of its code."""

    level: Level
    code: str
    vintage: int
    name: str
    source_text_nl: str
    source_text_en: str
    note_nl: str | None = None
    note_en: str | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """All reference facts of one country (the Netherlands, or Voorbeeldland)."""

    sources: tuple[Source, ...]
    programmes: tuple[Programme, ...]
    focus_areas: tuple[FocusArea, ...]
    memberships: tuple[Membership, ...]
    groups: tuple[MunicipalityGroup, ...]
    group_lists: tuple[MunicipalityGroupList, ...]
    fictional: bool = False
    stacking: tuple[StackingDefinition, ...] = ()
    aliases: tuple[Alias, ...] = ()
    versions: tuple[CompositionVersion, ...] = ()
    funding: tuple[FundingStream, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    statements: tuple[Statement, ...] = ()
    withdrawals: tuple[Withdrawal, ...] = ()
