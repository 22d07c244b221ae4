"""A dataset: one edition of one publisher's table or map, and how to load it.

A loader is a plain function from local files to Parsed. It does no network and no database;
fetching is db.sources.http's work, publishing is db.ingest's.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from db.core.figures import Parsed


class Family(Enum):
    """Tables that share columns and so share matchers in the indicator catalogue."""

    KWB = "kwb"
    HEALTH = "health"
    LBM = "lbm"
    POLICE = "police"
    SES = "ses"
    PROXIMITY = "proximity"
    BOUNDARIES = "boundaries"
    CODES = "codes"
    ADDRESSES = "addresses"
    OWN = "own"
    """Tables of who runs this instance; see db.core.own."""


@dataclass(frozen=True, slots=True)
class Payload:
    """What was fetched, on local disk; `parts` maps a role ('data', 'DataProperties') to files.

    A role has several files where the publisher pages its answer; their order is page order.
    Files may be gzipped (name ends in .gz); loaders read them through db.sources.files.
    """

    parts: Mapping[str, tuple[Path, ...]]
    headers: Mapping[str, str] = field(default_factory=dict)
    """Response headers of the data part that carry meaning (Content-Crs)."""

    def one(self, role: str) -> Path:
        return self.parts[role][0]

    def get(self, role: str) -> tuple[Path, ...]:
        return self.parts.get(role, ())


@dataclass(frozen=True, slots=True)
class Dataset:
    """One line of the table in db.sources.datasets."""

    id: str
    """Stable slug, unique: 'kwb-2020', 'wijken-2024-map'."""
    source: str
    """Slug in db/reference/sources.toml: publisher, licence and attribution."""
    family: Family
    vintage: int
    """Year of the boundaries (indeling) that its area codes belong to."""
    loader: Callable[["Dataset", Payload], Parsed]
    table: str | None = None
    """The publisher's own identifier: '84799NED'."""
    rank: int = 50
    """Which dataset wins where two give the same cell or shape: the higher one."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Role -> glob below the root of a mirror folder."""
    address: str | None = None
    """Publisher's address; what `fetch` makes of it depends on the protocol."""
    protocol: str | None = None
    """Name in db.sources.protocols: 'odata3', 'odata4', 'ogc', 'wfs', 'file'."""
    options: Mapping[str, str] = field(default_factory=dict)
    """What this loader or protocol needs besides: layer, filter, separator."""
    lists_all_areas: bool = True
    """Whether its areas are all there are of their levels and vintage, or only some."""
    covers_all_areas: bool = True
    """Whether an area without a row has no figure, or merely lies outside this copy."""
    note_nl: str | None = None
    note_en: str | None = None
    """What a user must know of this copy, shown with each load; in both languages or in none."""
