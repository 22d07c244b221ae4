"""What a loader makes of a publisher's answer: areas, figures and an account of every row.

Loaders (db.sources) return a Parsed; ingest turns it into rows. Arrays, not objects per cell:
a KWB table has two million cells.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from db.core.absence import Reason
from db.core.errors import Unbalanced
from db.core.levels import Level, Terrain

Floats = NDArray[np.float64]
Bytes = NDArray[np.uint8]


def known(number: float) -> float | None:
    """None for NaN, which stands in arrays where there is no number."""
    return None if number != number else number


@dataclass(frozen=True, slots=True)
class Column:
    """A publisher's column, as the publisher describes it. `key` is unique in its table."""

    key: str
    title: str | None = None
    path: tuple[str, ...] = ()
    """Titles of the topic groups above it, outermost first."""
    unit: str | None = None
    measure: str | None = None
    """Measure code of OData v4, or the category key of a dimension (offence '1.1.1')."""


@dataclass(slots=True)
class Figures:
    """A rectangle of cells: row = (area code, period), column = publisher's column.

    `values[r, c]` is NaN exactly where `reasons[r, c]` has no value (Reason >= 10).
    `lower`, `upper` are the publisher's own margins, NaN where it gives none.
    """

    codes: list[str]
    """Canonical codes (db.core.codes), one a row; levels may be mixed."""
    periods: NDArray[np.int32]
    """Year of measurement, one a row."""
    columns: list[Column]
    values: Floats
    reasons: Bytes
    provisional: NDArray[np.bool_] | None = None
    lower: Floats | None = None
    upper: Floats | None = None


@dataclass(slots=True)
class Areas:
    """Areas of one level and one vintage, in parallel lists."""

    level: Level
    codes: list[str]
    names: list[str | None]
    terrains: list[Terrain | None]
    """None where this source does not say (a code list has no water column)."""
    parents: list[str | None]
    """Code of the containing area where the source names it, else None."""
    shapes: NDArray[np.object_] | None = None
    """Shapely (multi)polygons, valid, or None where the source has no geometry; one an area."""
    crs: int | None = None
    """EPSG code of `shapes`: 28992 or 4326 (always x/longitude first)."""
    changes: list[int | None] | None = None
    """CBS Indelingswijziging: 1 unchanged, 2 recoded, 3 border moved; None unknown."""


@dataclass(frozen=True, slots=True)
class AddressCount:
    """Addresses counted in (postcode or PC6 + number group) x area; for crosswalks."""

    key: str
    code: str
    addresses: int


@dataclass(slots=True)
class Account:
    """Every row and cell a loader met. `check` holds the sums to be exact."""

    rows_read: int = 0
    rows_accepted: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    """Rows not taken, by reason (a short English slug: 'duplicate', 'no-code')."""
    examples: dict[str, list[str]] = field(default_factory=dict)
    """Up to five examples for each reason of rejection."""
    notes: Counter[str] = field(default_factory=Counter)
    """Things done to accepted rows: 'repaired-polygon', 'no-geometry', 'padded-code'."""

    def accept(self, rows: int = 1) -> None:
        self.rows_read += rows
        self.rows_accepted += rows

    def reject(self, reason: str, example: str = "", rows: int = 1) -> None:
        self.rows_read += rows
        self.rejected[reason] += rows
        seen = self.examples.setdefault(reason, [])
        if example and len(seen) < 5:
            seen.append(example[:80])

    def check(self) -> None:
        if self.rows_read != self.rows_accepted + self.rejected.total():
            raise Unbalanced(
                f"{self.rows_read} rows read, {self.rows_accepted} accepted, "
                f"{self.rejected.total()} rejected"
            )


@dataclass(slots=True)
class Parsed:
    """The result of one loader on one dataset."""

    account: Account
    areas: Sequence[Areas] = ()
    figures: Sequence[Figures] = ()
    addresses: Sequence[AddressCount] = ()
    title: str | None = None
    modified: str | None = None
    """The publisher's own time stamp or version of the edition, as text."""
    source_crs: str | None = None


def cells_by_reason(figures: Figures) -> Counter[Reason]:
    """How many cells of a rectangle have each reason."""
    counts = np.bincount(figures.reasons.ravel(), minlength=256)
    return Counter({Reason(i): int(n) for i, n in enumerate(counts) if n})


def explain_empty_columns(figures: Figures, reason: Reason) -> int:
    """Give the cells of wholly empty columns `reason`; returns how many columns were empty.

    A column counts as empty when none of its cells has a value and none is explained by the
    publisher: KWB tables are filled in rounds, health indicators are not asked every year. A dot
    explains nothing where a whole gemeente or the country has one; a few buurten may be secret.
    """
    silent = {Reason.NO_FIGURE, Reason.IMPOSSIBLE}
    if any(code.startswith(("GM", "NL")) for code in figures.codes):
        silent.add(Reason.DOT)
    unexplained = np.isin(figures.reasons, list(silent))
    empty = np.flatnonzero(unexplained.all(axis=0)) if len(figures.codes) else np.array([], int)
    figures.reasons[:, empty] = reason
    return len(empty)
