"""The areas of some groups in the order of their values, and what is counted and summed of them."""

from dataclasses import dataclass, replace
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from db.core.figures import Floats

Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]
Places = NDArray[np.intp]
R = TypeVar("R", bound="Rows")
QUARTERS = (0.25, 0.5, 0.75)
_SLACK = 1e-12
"""Weights with decimals hardly ever add up to exactly a half."""
Extremes: TypeAlias = tuple[Floats, Floats]


@dataclass(frozen=True, slots=True)
class Rows:
    """The areas that are in a group, by group and then by value."""

    number: int
    labels: Places
    values: Floats
    weights: Floats
    """0 where unknown."""
    weighed: Mask
    numerators: Floats
    known: Mask
    missing: Mask
    summed: bool

    def tally(self, rows: Mask) -> Counts:
        return np.bincount(self.labels[rows], minlength=self.number).astype(np.int64)

    def total(self, numbers: Floats) -> Floats:
        """Sums by group; 0 for a group without areas."""
        return np.bincount(self.labels, numbers, self.number).astype(np.float64)

    def of_group(self, numbers: Floats) -> Floats:
        """What is known of each group, for each entry of the answer."""
        return numbers

    def coverage(self) -> Floats:
        return ratio(self.total(self.weights * self.known), self.total(self.weights))

    def weighty(self: R) -> R:
        """The same for what needs a value and a weight of every area that it is made of."""
        valued, weighty = ~np.isnan(self.values), self.weights > 0
        return replace(self, known=valued & weighty, missing=~valued & weighty, summed=False)

    def lowest(self) -> Floats:
        """By group, the lowest of the areas that count; NaN without any."""
        return Rows.extremes(self)[0]

    def extremes(self) -> Extremes:
        """The lowest and highest of the areas with a value that count."""
        counted = self._counted()
        counts = np.bincount(self.labels[counted], minlength=self.number)
        values, ends, found = self.values[counted], np.cumsum(counts), counts > 0
        lowest, highest = np.full((2, self.number), np.nan)
        lowest[found] = values[(ends - counts)[found]]
        highest[found] = values[ends[found] - 1]
        return lowest, highest

    def quartiles(self, *, between: bool) -> Floats:
        """Three rows of quartiles by weight, one entry a group; NaN for a group without a value.

        The inverse of the distribution function, and where that is flat the middle of the two
        values beside: definition 2 of Hyndman and Fan (1996). Where nothing lies `between` two
        values, as of classes, it is the lower, which is definition 1.
        """
        result = np.full((3, self.number), np.nan)
        values, counts = self.values[self.known], self.tally(self.known)
        if not len(values):
            return result
        found = counts > 0
        last = np.cumsum(counts)[found] - 1
        first = last + 1 - counts[found]
        running = np.cumsum(self.weights[self.known])
        begun = np.append(0.0, running)[first]
        slack = _SLACK * running[-1]
        for row, quarter in enumerate(QUARTERS):
            target = begun + quarter * (running[last] - begun)
            at = np.clip(np.searchsorted(running, target - slack), first, last)
            flat = (running[at] <= target + slack) & between
            result[row, found] = (values[at] + values[np.minimum(at + flat, last)]) / 2
        return result

    def _counted(self) -> Mask:
        return ~np.isnan(self.values) & ((self.weights > 0) | self.summed)


@dataclass(frozen=True, slots=True)
class Others(Rows):
    """The same rows, where what is told of each is of the others of its group: one entry a row."""

    def tally(self, rows: Mask) -> Counts:
        return Rows.tally(self, rows)[self.labels] - rows

    def total(self, numbers: Floats) -> Floats:
        return Rows.total(self, numbers)[self.labels] - numbers

    def of_group(self, numbers: Floats) -> Floats:
        return numbers[self.labels]

    def coverage(self) -> Floats:
        # What is left after taking away may differ from nothing by a rounding.
        weighty = self.weights > 0
        found = ratio(self.total(self.weights * self.known), self.total(self.weights))
        found = np.where(self.tally(weighty & ~self.known) == 0, 1.0, np.clip(found, 0, 1))
        found = np.where(self.tally(weighty & self.known) == 0, 0.0, found)
        return np.where(self.tally(weighty) == 0, np.nan, found)

    def extremes(self) -> Extremes:
        place, first, last = self._spans(self._counted())
        values = np.append(self.values[self._counted()], np.nan)
        first, last = first + (place == first), last - (place == last)
        none = first > last
        at_first, at_last = np.where(none, -1, first), np.where(none, -1, last)
        return values[at_first], values[at_last]

    def quartiles(self, *, between: bool) -> Floats:
        result = np.full((3, len(self.labels)), np.nan)
        values = self.values[self.known]
        if not len(values):
            return result
        place, first, last = self._spans(self.known)
        own = np.where(self.known, self.weights, 0.0)
        running = np.append(np.cumsum(self.weights[self.known]), np.inf)
        begun = np.append(0.0, running)[first]
        whole = running[np.maximum(last, 0)] - begun - own
        slack = _SLACK * running[-2]
        first, last = first + (place == first), last - (place == last)
        some = first <= last
        first, last = np.where(some, first, 0), np.where(some, last, 0)
        for row, quarter in enumerate(QUARTERS):
            target = begun + quarter * whole
            at = np.searchsorted(running[:-1], target - slack)
            # From its own place on, the running weight holds that of the row itself.
            past = (place >= 0) & (at >= place)
            after = np.searchsorted(running[:-1], target + own - slack)
            at = np.where(past, np.maximum(after, place + 1), at)
            at = np.clip(at, first, last)
            reached = running[at] - np.where((place >= 0) & (at > place), own, 0.0)
            flat = (reached <= target + slack) & between
            beside = at + flat
            beside = np.minimum(beside + (beside == place), last)
            result[row] = np.where(some, (values[at] + values[beside]) / 2, np.nan)
        return result

    def _spans(self, chosen: Mask) -> tuple[Places, Places, Places]:
        """For each row its own place among the chosen (-1: none), and those of its group."""
        counts = np.bincount(self.labels[chosen], minlength=self.number)
        ends = np.cumsum(counts)
        place = np.where(chosen, np.cumsum(chosen) - 1, -1)
        return place, (ends - counts)[self.labels], (ends - 1)[self.labels]


def rows_of(
    kind: type[R],
    values: Floats,
    weights: Floats,
    labels: Places,
    number: int,
    *,
    numerators: Floats | None,
    summed: bool,
) -> tuple[R, Places]:
    """The rows of the areas that are in a group, and which area each is."""
    at = np.flatnonzero(labels >= 0)
    at = at[np.lexsort((values[at], labels[at]))]
    tops = values[at] if numerators is None else numerators[at]
    weighed = np.isfinite(weights[at]) & (weights[at] >= 0)
    amounts = np.where(weighed, weights[at], 0.0)
    counts = (amounts > 0) | summed if numerators is None else weighed
    rows = kind(
        number=number,
        labels=labels[at],
        values=values[at],
        weights=amounts,
        weighed=weighed,
        numerators=tops,
        known=~np.isnan(tops) & counts,
        missing=np.isnan(tops) & ((amounts > 0) | ~weighed),
        summed=summed,
    )
    return rows, at


def ratio(top: NDArray[Any], bottom: NDArray[Any]) -> Floats:
    found = np.full(len(top), np.nan)
    np.divide(top, bottom, out=found, where=bottom != 0)
    return found
