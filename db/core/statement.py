"""What papers claim, in our own words, and which facts or figures would settle it."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from db.core.document import Document


class HowTested(Enum):
    """How a statement is tested."""

    FOCUS_AREAS_IN_GROUP = "focus_areas_in_group"
    PROGRAMME_TOTALS = "programme_totals"
    FUNDING_ENDS = "funding_ends"
    OTHER_QUERY = "other_query"
    NO_OPEN_DATA = "no_open_data"


@dataclass(frozen=True, slots=True)
class StatementTest:
    """What is looked at; which of it is needed depends on the kind."""

    kind: HowTested
    document: str | None = None
    """Name of the GraphQL document among the published ones that asks it."""
    programme: str | None = None
    group: str | None = None
    list_on: date | None = None
    """The day on which the list of the group is taken."""
    smallest: int | None = None
    largest: int | None = None
    """Inhabitants of a gemeente of the size meant, both bounds included."""
    size_years: tuple[int, ...] = ()
    """Years on 1 January of which the size is looked at."""
    same_codes: tuple[int, ...] = ()
    """Years in which the gemeenten of the focus areas have the code that they are stated with."""
    claimed: int | None = None
    """The number that the statement names."""
    claimed_gemeenten: int | None = None
    claimed_inhabitants: int | None = None
    gaps: tuple[str, ...] = ()
    """Slugs of indicators for which no open national table exists."""


@dataclass(frozen=True, slots=True)
class Statement:
    slug: str
    text_nl: str
    text_en: str
    who_nl: str
    who_en: str
    document: Document
    test: StatementTest
    note_nl: str | None = None
    note_en: str | None = None
