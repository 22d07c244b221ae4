"""Money that a programme gives: what each document says of it, and which amounts add up.

A document's claim is never merged with another's: two amounts for one stream stand side by side.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from db.core.document import Document, FactCertainty, Period
from db.core.indicator import Domain


class FundingKind(Enum):
    STRUCTURAL = "structural"
    ONE_OFF = "one_off"
    GRANT_SCHEME = "grant_scheme"
    NOT_STATED = "not_stated"


class AmountBound(Enum):
    """How an amount is meant."""

    EXACT = "exact"
    ABOUT = "about"
    MORE_THAN = "more_than"


class FundingSplit(Enum):
    """Whether it is published what each focus area gets."""

    NATIONAL_ONLY = "national_only"
    BY_AREA = "by_area"


@dataclass(frozen=True, slots=True)
class FundingPart:
    """What one focus area gets of an amount, in euros."""

    focus_area: str
    euros: float


@dataclass(frozen=True, slots=True)
class FundingAmount:
    """What one document says of one stream."""

    kind: FundingKind
    euros: float | None
    """None where the document names no amount: `absence` says so."""
    bound: AmountBound
    absence_nl: str | None
    absence_en: str | None
    period: Period
    split: FundingSplit
    parts: tuple[FundingPart, ...]
    document: Document
    certainty: FactCertainty
    note_nl: str | None = None
    note_en: str | None = None


@dataclass(frozen=True, slots=True)
class FundingStream:
    """Money for one purpose, whatever different documents say of it."""

    slug: str
    programme: str
    name_nl: str
    name_en: str
    target_nl: str
    target_en: str
    domains: tuple[Domain, ...]
    """The domains it is meant for; empty where it is for several or none is stated."""
    ministries: tuple[str, ...]
    """Abbreviations, as the ministries use them."""
    amounts: tuple[FundingAmount, ...]
    """Oldest document first."""
    note_nl: str | None = None
    note_en: str | None = None


class NotAdded(Enum):
    """Why amounts are no sum."""

    NOT_SPLIT = "not_split"
    DISAGREE = "disagree"
    KINDS = "kinds"
    PERIODS = "periods"
    ALL_ABSENT = "all_absent"


@dataclass(frozen=True, slots=True)
class FundingSum:
    """A sum of streams, or why there is none. What is left out has no amount."""

    euros: float | None
    refusals: tuple[NotAdded, ...]
    added: tuple[tuple[FundingStream, FundingAmount], ...]
    left_out: tuple[tuple[FundingStream, FundingAmount], ...]
    concerns: tuple[str, ...]
    """Slugs of the streams that the refusals are about."""

    @property
    def bound(self) -> AmountBound:
        """The least precise of what was added."""
        bounds = {each.bound for _, each in self.added}
        for one in (AmountBound.MORE_THAN, AmountBound.ABOUT):
            if one in bounds:
                return one
        return AmountBound.EXACT


def part_of(amount: FundingAmount, focus_area: str) -> float | None:
    """What a focus area gets, where it is published."""
    found = [each.euros for each in amount.parts if each.focus_area == focus_area]
    return found[0] if found else None


def add_up(streams: Sequence[FundingStream], focus_area: str | None = None) -> FundingSum:
    """Amounts added up only where they are of one kind and period and nobody contradicts them."""
    rows = [(stream, each) for stream in streams for each in stream.amounts]
    counted = [(stream, each) for stream, each in rows if _euros(each, focus_area) is not None]
    left_out = tuple(row for row in rows if row not in counted)
    problems: dict[NotAdded, list[str]] = {}
    if focus_area is not None:
        whole = [s.slug for s, a in rows if a.split is FundingSplit.NATIONAL_ONLY and a.euros]
        problems[NotAdded.NOT_SPLIT] = whole
    several = [stream.slug for stream, _ in counted]
    problems[NotAdded.DISAGREE] = [slug for slug in several if several.count(slug) > 1]
    for why, differing in (
        (NotAdded.KINDS, {each.kind for _, each in counted}),
        (NotAdded.PERIODS, {_span(each.period) for _, each in counted}),
    ):
        problems[why] = several if len(differing) > 1 else []
    if not counted and not any(problems.values()):
        problems[NotAdded.ALL_ABSENT] = [stream.slug for stream in streams]
    refusals = tuple(why for why in NotAdded if problems.get(why))
    concerns = sorted({slug for slugs in problems.values() for slug in slugs})
    total = None if refusals else sum(_euros(each, focus_area) or 0.0 for _, each in counted)
    return FundingSum(
        total, refusals, () if refusals else tuple(counted), left_out, tuple(concerns)
    )


def _euros(amount: FundingAmount, focus_area: str | None) -> float | None:
    return amount.euros if focus_area is None else part_of(amount, focus_area)


def _span(period: Period) -> tuple[date | None, date | None]:
    return period.begins, period.ends


class Ending(Enum):
    """Where an amount stands towards a date."""

    ENDS_BEFORE = "ends_before"
    CONTINUES = "continues"
    NOT_STATED = "not_stated"


def ending(amount: FundingAmount, before: date) -> Ending:
    """Whether it is known to have ended by a date; structural money has no end."""
    if amount.period.ends is not None:
        return Ending.ENDS_BEFORE if amount.period.ends <= before else Ending.CONTINUES
    structural = amount.kind is FundingKind.STRUCTURAL
    return Ending.CONTINUES if structural else Ending.NOT_STATED
