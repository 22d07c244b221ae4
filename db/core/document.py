"""Where a stated fact comes from: a document with its date, and whether anybody checked it."""

from dataclasses import dataclass
from datetime import date
from enum import Enum


class Precision(Enum):
    """How precisely a date is known; a year-precise date is stored as 1 January."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class FactCertainty(Enum):
    """Whether a document merely says so, or whether it was found where it is decided."""

    CLAIMED = "claimed"
    CHECKED = "checked"


@dataclass(frozen=True, slots=True)
class Document:
    """A paper, decision or page that states something, in our words for its title."""

    title_nl: str
    title_en: str
    dated: date | None = None
    """None where the document itself has no date."""
    dated_precision: Precision = Precision.YEAR
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """From a first day until the first day after it; either may not be stated."""

    begins: date | None = None
    begins_precision: Precision = Precision.YEAR
    ends: date | None = None
    """First day on which it no longer ran; None where no end is stated."""
    ends_precision: Precision = Precision.YEAR
