"""How the figures of an indicator are carried from one vintage to another: by what sort they are.

The sort is told by the catalogue. What cannot be divided, and what has no published weights, is
carried only where the border did not change.
"""

from dataclasses import dataclass, replace
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from db.core.absence import Reason
from db.core.harmonise import (
    Carried,
    Published,
    Weights,
    carry_counts,
    carry_mean,
    carry_recomputed,
    carry_unchanged,
)
from db.core.indicator import Aggregation, Indicator, Kind

Mask = NDArray[np.bool_]

PERHAPS_SECRET = (Reason.DOT, Reason.NO_FIGURE, Reason.MISSING_CODE)
"""Signs that stand for secret too, or do not say that they do not."""
PERCENT = 100.0


class Carrying(Enum):
    """What is done with the figures of the parts."""

    COUNT = "count"
    """Added up, each by the share of the old area that the new one got."""
    RATIO = "ratio"
    """Numerator and denominator are carried as counts, and then divided."""
    MEAN = "mean"
    """Weighted by the denominator, which is carried as a count."""
    UNCHANGED = "unchanged"
    """Carried only where the border did not change."""

    @classmethod
    def of(cls, indicator: Indicator) -> "Carrying":
        if indicator.kind in (Kind.MEDIAN, Kind.INDEX, Kind.CLASS):
            return cls.UNCHANGED
        if indicator.aggregation is Aggregation.SUM:
            return cls.COUNT
        if indicator.aggregation is Aggregation.RECOMPUTE and indicator.denominator:
            return cls.RATIO if indicator.numerator else cls.MEAN
        weighted = indicator.aggregation is Aggregation.WEIGHTED_MEAN and indicator.denominator
        return cls.MEAN if weighted else cls.UNCHANGED


@dataclass(frozen=True, slots=True)
class Beside:
    """What the figures are over, of the same years on the same areas; None where not published."""

    numerator: Published | None = None
    denominator: Published | None = None


def carry(indicator: Indicator, given: Published, beside: Beside, by: Weights) -> Carried:
    """The figures of an indicator on the new areas; all arrays are (areas, periods).

    A share of which the numerator is not published is carried by its denominator. Where a border
    changed under what cannot be carried the reason is BORDER_CHANGED, or NO_DENOMINATOR; where it
    is not known which old areas lie there, NO_LINKS.
    """
    found = _carried(indicator, given, beside, by)
    touched = np.zeros(by.news, np.bool_)
    touched[by.new] = True
    refused = (found.reasons == Reason.OTHER_BOUNDARIES) & (touched & ~by.kept)[:, None]
    lacks = Carrying.of(indicator) in (Carrying.RATIO, Carrying.MEAN)
    why = np.uint8(Reason.NO_DENOMINATOR if lacks else Reason.BORDER_CHANGED)
    reasons = np.where(refused, why, found.reasons)
    reasons[by.unknown & ~by.kept] = Reason.NO_LINKS
    return replace(found, reasons=reasons)


def _carried(indicator: Indicator, given: Published, beside: Beside, by: Weights) -> Carried:
    carrying = Carrying.of(indicator)
    share = indicator.kind is Kind.SHARE
    if carrying is Carrying.COUNT:
        return carry_counts(given, by)
    if carrying is Carrying.UNCHANGED or beside.denominator is None:
        return carry_unchanged(given, by)
    if carrying is Carrying.RATIO and beside.numerator is not None:
        return carry_recomputed(
            given,
            _hidden(beside.numerator, given, withheld(given, beside)),
            beside.denominator,
            by,
            factor=indicator.factor,
            subset=share,
        )
    return carry_mean(given, beside.denominator, by, whole=PERCENT if share else None)


def withheld(given: Published, beside: Beside) -> Mask:
    """Cells that the source withholds, or may withhold; nothing is hidden where nobody counts."""
    assert given.reasons is not None
    secret = given.reasons == Reason.CONFIDENTIAL
    perhaps = np.isin(given.reasons, PERHAPS_SECRET)
    if beside.denominator is not None:
        perhaps &= beside.denominator.values != 0
    found: Mask = secret | perhaps
    return found


def _hidden(numerator: Published, given: Published, where: Mask) -> Published:
    """The numerator without that of quotients that are withheld: two numbers would tell them."""
    assert numerator.reasons is not None
    assert given.reasons is not None
    return Published(
        np.where(where, np.nan, numerator.values),
        np.where(where, given.reasons, numerator.reasons),
    )
