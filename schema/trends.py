"""Trends: which years of a series may make one, and what came of them.

A trend is of values on one vintage's own boundaries, or summed to them exactly, and begins at the
last break of the indicator. What is estimated from other boundaries is left out: it moves with the
weights and not with the people.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import strawberry
from numpy.typing import NDArray

from db.core.absence import Reason
from db.core.block import Block
from db.core.figures import Bytes, Floats, known
from db.core.indicator import Direction, Indicator
from db.core.indicator import SeriesBreak as CoreBreak
from db.core.trend import Change, Trends, Years, changes, trends, unbroken
from schema.context import Info
from schema.fields import field
from schema.figures import Column
from schema.indicators import SeriesBreak
from schema.language import LanguageArgument, said
from schema.source_breaks import within
from schema.span import Span

CONFIDENCE = 0.95
ALPHA = 0.05
CHANGES = {
    Change.INSUFFICIENT_DATA: (
        "Er zijn minder dan vijf waarden; over een trend is niets te zeggen.",
        "There are fewer than five values; nothing can be said of a trend.",
    ),
    Change.NO_CLEAR_CHANGE: (
        "Een trend is niet aangetoond; dat wil niet zeggen dat er geen is.",
        "No trend is shown; that is not to say that there is none.",
    ),
    Change.IMPROVING: ("Er is een trend naar beter.", "There is a trend for the better."),
    Change.WORSENING: ("Er is een trend naar slechter.", "There is a trend for the worse."),
}
"""Dutch and English."""
_NEUTRAL = (
    "De indicator is neutraal: hoger is niet beter en niet slechter.",
    "The indicator is neutral: higher is neither better nor worse.",
)
METHOD = (
    "Helling: de mediaan van de hellingen tussen alle paren van waarden (Theil 1950, Sen 1968), "
    "met een interval van 95 procent (Sen 1968). Toets: Mann-Kendall, tweezijdig, met de normale "
    "benadering, gecorrigeerd voor gelijke waarden en continuïteit. Niet gecorrigeerd voor het "
    "aantal gebieden of indicatoren dat wordt bekeken. De toets neemt aan dat jaren onafhankelijk "
    "zijn; waar ze samenhangen is p te klein.",
    "Slope: the median of the slopes between all pairs of values (Theil 1950, Sen 1968), with an "
    "interval of 95 per cent (Sen 1968). Test: Mann-Kendall, two-sided, by the normal "
    "approximation, corrected for ties and continuity. Not corrected for the number of areas or "
    "indicators that are looked at. The test takes years as independent; where they hang together "
    "p is too small.",
)

_ALL = Span()


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """The years of an indicator that a trend may use."""

    indicator: Indicator
    columns: tuple[Column, ...]
    """Years on the vintage's own boundaries, from the last break on; the last of them is filled."""
    breaks: tuple[CoreBreak, ...]
    """Breaks because of which earlier years are not used, oldest first."""


def stretch(
    indicator: Indicator,
    columns: Sequence[Column],
    block: Block | None,
    span: Span = _ALL,
    switches: Sequence[CoreBreak] = (),
) -> Stretch:
    """The years from the last break on, out of those in `span` that `block` itself has.

    Breaks are those of the indicator, and `switches` of source.

    A year at the end for which no area has a value is no end: a source may not have filled it yet.
    """
    span.check()
    own = [each for each in columns if each.place >= 0 and span.holds(each.year)]
    while own and (block is None or not np.isfinite(block.values[:, own[-1].place]).any()):
        own.pop()
    applied = within([each.year for each in own], [*indicator.breaks, *switches])
    used = unbroken(_years(own), [each.year for each in applied])
    return Stretch(
        indicator,
        tuple(each for each, kept in zip(own, used.tolist(), strict=True) if kept),
        tuple(applied),
    )


def _years(columns: Sequence[Column]) -> Years:
    return np.array([each.year for each in columns], np.int32)


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """Trends of some areas in one stretch, in their order."""

    of: Stretch
    found: Trends
    changes: Bytes | None
    """Codes of Change by the p of each alone; None for a neutral indicator."""
    estimated: NDArray[np.int64]
    """Values of each area that were left out because they are estimated."""


def fitted(of: Stretch, block: Block | None, rows: Sequence[int]) -> Fitted:
    """Trends of some rows of a block."""
    values, reasons = _cells(of, block, rows)
    return fit(of, _years(of.columns), values, reasons)


def fit(of: Stretch, years: Years, values: Floats, reasons: Bytes) -> Fitted:
    """Trends of cells by area and year; estimated ones are left out and counted."""
    direction = of.indicator.direction
    estimated = (reasons == Reason.ESTIMATED) & ~np.isnan(values)
    found = trends(years, np.where(estimated, np.nan, values), level=CONFIDENCE)
    neutral = direction is Direction.NEUTRAL
    judged = None if neutral else changes(found, found.p, direction=direction, alpha=ALPHA)
    return Fitted(of, found, judged, np.count_nonzero(estimated, axis=1))


def _cells(of: Stretch, block: Block | None, rows: Sequence[int]) -> tuple[Floats, Bytes]:
    """A row an area and a column a year; NaN where there is no value."""
    values = np.full((len(rows), len(of.columns)), np.nan)
    reasons = np.full(values.shape, Reason.NOT_LOADED, np.uint8)
    if block is not None:
        # Areas that joined after the block was made lie past its end.
        at = np.asarray(rows, np.intp)
        inside = at < len(block.values)
        places = np.array([each.place for each in of.columns], np.intp)
        values[inside] = block.values[at[inside][:, None], places]
        reasons[inside] = block.reasons[at[inside][:, None], places]
    return values, reasons


class Fit:
    """The source of a Trend: one area of those that were fitted."""

    __slots__ = ("_fitted", "_row")

    def __init__(self, fitted: Fitted, row: int) -> None:
        self._fitted = fitted
        self._row = row

    @property
    def slope(self) -> float | None:
        return self._number(self._fitted.found.slope)

    @property
    def lower(self) -> float | None:
        return self._number(self._fitted.found.lower)

    @property
    def upper(self) -> float | None:
        return self._number(self._fitted.found.upper)

    @property
    def s(self) -> int | None:
        found = self._number(self._fitted.found.s)
        return None if found is None else int(found)

    @property
    def z(self) -> float | None:
        return self._number(self._fitted.found.z)

    @property
    def p(self) -> float | None:
        return self._number(self._fitted.found.p)

    @property
    def points_used(self) -> int:
        return int(self._fitted.found.counts.item(self._row))

    @property
    def estimated_left_out(self) -> int:
        return int(self._fitted.estimated.item(self._row))

    @property
    def first_year(self) -> int | None:
        found = self._number(self._fitted.found.first)
        return None if found is None else int(found)

    @property
    def last_year(self) -> int | None:
        found = self._number(self._fitted.found.last)
        return None if found is None else int(found)

    @property
    def breaks(self) -> tuple[CoreBreak, ...]:
        return self._fitted.of.breaks

    @property
    def change(self) -> Change | None:
        found = self._fitted.changes
        return None if found is None else Change(found.item(self._row))

    def _number(self, values: Floats) -> float | None:
        return known(values.item(self._row))


def change_text(
    source: strawberry.Parent[Fit], info: Info, language: LanguageArgument = None
) -> str:
    change = source.change
    return said(_NEUTRAL if change is None else CHANGES[change], info.context, language)


def method(source: strawberry.Parent[Fit], info: Info, language: LanguageArgument = None) -> str:
    return said(METHOD, info.context, language)


@strawberry.type(
    description="The trend of one indicator in one area: its size, and whether it is more than "
    "chance. Of values on the area's own boundaries, of a harmonised series with those that were "
    "carried to them exactly, and never across a break. Slope and test are null under five values."
)
class Trend:
    slope: float | None = field("Change a year, in the indicator's unit.")
    lower: float | None = field("Lower end of the interval of 95 per cent of the slope.")
    upper: float | None = field("Upper end of the interval of 95 per cent of the slope.")
    s: int | None = field("Mann-Kendall S: pairs of values that rise less pairs that fall.")
    z: float | None = field("S, one nearer to zero, in standard deviations.")
    p: float | None = field(
        "Chance of an S as far from zero where there is no trend. Two-sided, and not corrected: "
        "of a hundred areas without a trend some five have a p below 0.05."
    )
    points_used: int = field("Values used; absent ones are left out and never filled in.")
    estimated_left_out: int = field(
        "Values within the same years that are there and were not used, because they are estimated "
        "from other boundaries."
    )
    first_year: int | None = field("Year of the first value used; null where there is none.")
    last_year: int | None = field("Year of the last value used; null where there is none.")
    breaks: list[SeriesBreak] = field(
        "Breaks of the indicator that cut the years asked for: only years from the last of them on "
        "are used. Empty: not cut."
    )
    change: Change | None = field(
        "What it means, by the `direction` of the indicator, with p below 0.05 as clear. Null for "
        "a neutral indicator, which has no better side: its slope and p are given all the same."
    )
    change_text: str = field("What it means in a sentence.", change_text)
    method: str = field("How it was worked out.", method)
