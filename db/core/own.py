"""Indicators of somebody's own: what their owner states of them, and what is wrong with a value.

Pure. An owner is a gemeente, a housing corporation or a researcher with a table of their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isnan

from db.core.absence import Reason
from db.core.indicator import Indicator, Kind
from db.core.levels import Level
from db.core.programme import Source

OWN_PREFIX = "own-"
"""How sources and datasets of somebody's own begin; none of the service's do."""
ABSENT = {
    "SUPPRESSED": Reason.CONFIDENTIAL,
    "UNKNOWN": Reason.UNKNOWN_TO_PUBLISHER,
    "NOT_APPLICABLE": Reason.IMPOSSIBLE,
    "NOT_MEASURED": Reason.NOT_MEASURED,
    "NOT_YET_PUBLISHED": Reason.NOT_YET_PUBLISHED,
}
"""The words of a metadata file for why a figure is absent."""
_MOST_PROBLEMS = 200
_LONGEST_PROBLEM = 400
_HIGHEST_SHARE = 100.0


@dataclass(frozen=True, slots=True)
class OwnColumn:
    """Where the figures of one indicator stand in a table, by the titles of its columns."""

    indicator: str
    value: str
    year: int | None = None
    """The year of all its figures, where no column of the table says the year."""
    lower: str | None = None
    upper: str | None = None
    status: str | None = None

    @property
    def titles(self) -> tuple[str, ...]:
        named = (self.value, self.lower, self.upper, self.status)
        return tuple(title for title in named if title is not None)


@dataclass(frozen=True, slots=True)
class OwnTable:
    """One CSV file, and how it is to be read."""

    file: str
    level: Level
    vintage: int
    """Year of the boundaries that its codes belong to."""
    encoding: str
    separator: str
    decimal: str
    code: str
    """Title of the column with area codes."""
    year: str | None
    """Title of the column with years; None where each column of figures states its year."""
    absent: Mapping[str, Reason]
    """What a text in the place of a figure, or in a column of statuses, means."""
    columns: tuple[OwnColumn, ...]


@dataclass(frozen=True, slots=True)
class OwnData:
    """One metadata file."""

    id: str
    file: str
    source: Source
    indicators: tuple[Indicator, ...]
    tables: tuple[OwnTable, ...]


@dataclass(frozen=True, slots=True)
class OwnCell:
    """One figure or explained absence, with the line that it stands on."""

    line: int
    code: str
    year: int
    value: float
    """NaN where the reason has no value."""
    reason: Reason
    lower: float = float("nan")
    upper: float = float("nan")


@dataclass(slots=True)
class Problems:
    """Everything that is wrong, with its place; a bounded number of them is kept."""

    listed: list[str] = field(default_factory=list)
    more: int = 0
    """How many there are beside those that are listed."""

    def __bool__(self) -> bool:
        return bool(self.listed)

    @property
    def total(self) -> int:
        return len(self.listed) + self.more

    def add(self, file: str, line: int | None, problem: str) -> None:
        if len(self.listed) < _MOST_PROBLEMS:
            where = file if line is None else f"{file}, line {line}"
            self.listed.append(f"{where}: {problem[:_LONGEST_PROBLEM]}")
        else:
            self.more += 1


def wrong_value(indicator: Indicator, cell: OwnCell) -> str | None:
    """Why a value cannot be one of its indicator; None where it can."""
    value, slug = cell.value, indicator.slug
    if isnan(value):
        return None
    if indicator.kind is Kind.SHARE and not 0 <= value <= _HIGHEST_SHARE:
        return f"{slug} is {value:g}; a share is a percentage from 0 to 100"
    if indicator.kind in (Kind.COUNT, Kind.RATE) and value < 0:
        return f"{slug} is {value:g}; a {indicator.kind.value} is not negative"
    if indicator.kind in (Kind.COUNT, Kind.CLASS) and value != int(value):
        return f"{slug} is {value:g}; a {indicator.kind.value} is a whole number"
    if cell.lower > value or cell.upper < value:
        return f"{slug} is {value:g}, outside its own bounds {cell.lower:g} to {cell.upper:g}"
    return None
