"""A publication: a numbered, immutable state of all data; and the loads that went into it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Publication:
    number: int
    published_at: datetime
    fictional: bool
    """True where every figure belongs to Voorbeeldland."""
    note: str | None
    counts: Mapping[str, int]
    """What it changed: areas, shapes, cells opened and closed, memberships."""


@dataclass(frozen=True, slots=True)
class WithdrawnPublication:
    """A publication that must not be answered from any more, and why."""

    number: int
    withdrawn_at: datetime
    reason_nl: str
    reason_en: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """The newest try to load a dataset, also where it changed nothing or failed."""

    dataset: str
    at: datetime
    outcome: str
    """published, unchanged, refused or failed."""


@dataclass(frozen=True, slots=True)
class Load:
    """One dataset as it was fetched once; every value leads back to its load."""

    id: int
    publication: int
    dataset: str
    source: str
    table: str | None
    title: str | None
    vintage: int
    location: str
    """Publisher's address, or the file's name inside a mirror folder."""
    retrieved_at: datetime
    modified: str | None
    """The publisher's own time stamp or version of the edition."""
    checksum: str
    """SHA-256 of the bytes as received."""
    rank: int
    note_nl: str | None
    note_en: str | None
    reconciliation: Mapping[str, Any]
    """Rows read, accepted, rejected by reason; cells by status; columns not known."""
