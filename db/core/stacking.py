"""Stacking in areas: in how many domains an area is among the worst, with what is not known.

About areas only: that an area exceeds two domains does not say that any household has both
problems. An unknown domain is never counted as exceeded nor as not exceeded; counts, sets and
measures that depend on one have bounds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from db.core.figures import Floats
from db.core.indicator import Direction
from db.core.percentiles import Mask, percentiles
from db.core.ranking import Rows
from db.core.stacking_definition import StackingDefinition, StackingDomain

Ints = NDArray[np.int8]
YES, NO, UNKNOWN = 1, 0, -1
SENSITIVITY = (80.0, 90.0, 95.0)
_DECIMALS = 9
"""Differences below this are rounding errors: of 18 million inhabitants one moves the sixth."""


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Stacking:
    """The parts by area (rows) and domain (columns of the definition), and their sums."""

    definition: StackingDefinition
    inhabitants: Floats
    eligible: Mask
    """Whether the area is judged at all; of one that is not, every part is unknown."""
    scores: Floats
    """Weighted means of oriented percentiles, 0 to 100; NaN where too little is known."""
    percentiles: Floats
    """Of the scores, among the eligible areas; NaN with the score."""
    exceeded: Ints
    """YES, NO or UNKNOWN."""
    count: Ints
    """Domains known to be exceeded: the number of YES among the parts."""
    unknown: Ints
    """Domains of which it is not known: the number of UNKNOWN among the parts."""

    @property
    def count_min(self) -> Ints:
        return self.count

    @property
    def count_max(self) -> Ints:
        return self.count + self.unknown

    @property
    def certain(self) -> Mask:
        """Whether the count is the only one possible."""
        sure: Mask = self.unknown == 0
        return sure

    def reaches(self, k: int) -> Ints:
        """Whether at least k domains are exceeded: YES, NO or UNKNOWN."""
        possible = np.where(self.count_max >= k, UNKNOWN, NO)
        return np.where(self.count >= k, YES, possible).astype(np.int8)


def stack(
    definition: StackingDefinition,
    figures: Floats,
    columns: Sequence[str],
    *,
    inhabitants: Floats,
    eligible: Mask,
) -> Stacking:
    """The stacking of all areas of one level, vintage and year.

    `figures[area, column]` are oriented percentiles (100 the worst, NaN unknown) of the indicators
    named in `columns`, which must have all those of the definition. Of the `eligible` areas (land)
    those take part that have inhabitants, a known number, and at least the definition's minimum.
    """
    enough = np.isfinite(inhabitants) & (inhabitants > 0)
    judged = eligible & enough & (inhabitants >= definition.minimum_inhabitants)
    scores = np.where(judged[:, None], domain_scores(definition, figures, columns), np.nan)
    places = np.full(scores.shape, np.nan)
    for at in range(len(definition.domains)):
        places[:, at] = percentiles(
            scores[:, at],
            inhabitants,
            direction=Direction.LOWER_IS_BETTER,
            weighting=definition.weighting,
            minimum=definition.minimum_inhabitants,
            reference=judged,
        ).percentiles
    return judge(definition, scores, places, inhabitants=inhabitants, eligible=judged)


def domain_scores(
    definition: StackingDefinition, figures: Floats, columns: Sequence[str]
) -> Floats:
    """`scores[area, domain]`: the weighted mean of the oriented percentiles that are known.

    NaN where indicators with less than the minimum share of the domain's weight are known. An
    indicator that is not among the columns is a KeyError: unknown to all is a column of NaN.
    """
    at = {slug: column for column, slug in enumerate(columns)}
    scores = np.full((len(figures), len(definition.domains)), np.nan)
    for column, domain in enumerate(definition.domains):
        scores[:, column] = _score(domain, definition.minimum_share, figures, at)
    return scores


def judge(
    definition: StackingDefinition,
    scores: Floats,
    places: Floats,
    *,
    inhabitants: Floats,
    eligible: Mask,
) -> Stacking:
    """The stacking that these scores and their percentiles make; at the threshold is exceeded."""
    known = np.where(eligible[:, None], places, np.nan)
    exceeded = _exceeded(known, np.array(definition.thresholds))
    return Stacking(
        definition=definition,
        inhabitants=inhabitants,
        eligible=eligible,
        scores=scores,
        percentiles=known,
        exceeded=exceeded,
        count=_number_of(YES, exceeded),
        unknown=_number_of(UNKNOWN, exceeded),
    )


def at_threshold(stacking: Stacking, threshold: float) -> Stacking:
    """The same scores and percentiles under one other threshold for all domains."""
    return judge(
        stacking.definition.at_threshold(threshold),
        stacking.scores,
        stacking.percentiles,
        inhabitants=stacking.inhabitants,
        eligible=stacking.eligible,
    )


def sensitivity(
    stacking: Stacking, thresholds: Sequence[float] = SENSITIVITY
) -> tuple[Stacking, ...]:
    """The stacking under each of these thresholds, in their order."""
    return tuple(at_threshold(stacking, each) for each in thresholds)


def _score(
    domain: StackingDomain, minimum_share: float, figures: Floats, at: Mapping[str, int]
) -> Floats:
    # By column in a fixed order, and rounded: equal scores stay equal in whatever order given.
    total, present, summed = 0.0, np.zeros(len(figures)), np.zeros(len(figures))
    for slug, weight in domain.recipe:
        figure = figures[:, at[slug]]
        known = ~np.isnan(figure)
        total += weight
        present += weight * known
        summed += np.where(known, weight * figure, 0.0)
    enough = (present > 0) & (present >= minimum_share * total * (1 - 1e-12))
    means = np.divide(summed, present, out=np.full(len(figures), np.nan), where=enough)
    rounded: Floats = np.round(means, _DECIMALS)
    return rounded


def _exceeded(places: Floats, thresholds: Floats) -> Ints:
    answer = np.where(places >= thresholds, YES, NO)
    return np.where(np.isnan(places), UNKNOWN, answer).astype(np.int8)


def _number_of(answer: int, exceeded: Ints) -> Ints:
    number: Ints = np.sum(exceeded == answer, axis=1, dtype=np.int8)
    return number


class Bounds(NamedTuple):
    """The least and the most that it can be; equal where nothing unknown matters."""

    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class AdjustedHeadcount:
    """Alkire and Foster (2011), with areas as units that count by their inhabitants.

    The bounds of each measure are reached, but not all by the same unknowns: the product of two
    lower bounds need not be the third.
    """

    headcount: Bounds
    """H: share of the inhabitants that live where at least k domains are exceeded."""
    intensity: Bounds
    """A: mean share of domains exceeded where they live; NaN where nobody can live so."""
    adjusted: Bounds
    """M0 = H · A."""
    areas: int
    """Those that were counted."""
    left_out: int
    """Those asked for that are not judged."""


def adjusted_headcount(stacking: Stacking, k: int, among: Mask | None = None) -> AdjustedHeadcount:
    """H, A and M0 with cutoff k over the areas of `among` (None: all); NaN where none is judged."""
    asked = np.ones_like(stacking.eligible) if among is None else among
    inside = asked & stacking.eligible
    least, most = stacking.count_min[inside], stacking.count_max[inside]
    people = stacking.inhabitants[inside]
    total, domains = float(people.sum()) or np.nan, stacking.exceeded.shape[1]
    low, high = np.where(least >= k, least, 0), np.where(most >= k, most, 0)
    return AdjustedHeadcount(
        headcount=Bounds(
            float(people[least >= k].sum() / total), float(people[most >= k].sum() / total)
        ),
        intensity=_intensity(least, most, people, k, domains),
        adjusted=Bounds(
            float(people @ low / total / domains), float(people @ high / total / domains)
        ),
        areas=int(inside.sum()),
        left_out=int((asked & ~inside).sum()),
    )


def _intensity(least: Ints, most: Ints, people: Floats, k: int, domains: int) -> Bounds:
    """Bounds of A: whoever may have k domains lowers it most with k, raises it most with all.

    Whether they raise it depends on the others, so they are tried in falling order of counts.
    """
    sure, possible = least >= k, most >= k
    who = float(people[possible].sum())
    if not who:
        return Bounds(np.nan, np.nan)
    lower = float(people[possible] @ np.where(sure, least, k)[possible]) / who / domains
    maybe = possible & ~sure
    added = np.bincount(most[maybe], people[maybe], domains + 1)[::-1]
    counted = float(people[sure].sum()) + np.cumsum(np.append(0.0, added))
    summed = float(people[sure] @ most[sure]) + np.cumsum(
        np.append(0.0, added * np.arange(domains, -1, -1))
    )
    some = counted > 0
    return Bounds(lower, float((summed[some] / counted[some] / domains).max()))


@dataclass(frozen=True, slots=True)
class Movement:
    """Rows of the areas that come to or cease to have at least k exceeded domains, ascending."""

    enters: Rows
    leaves: Rows
    unsaid: Rows
    """They may do either, but a domain is unknown, or only one of the two judges them."""


@dataclass(frozen=True, slots=True)
class Border:
    """Areas for which a slightly different figure would have decided differently."""

    close: Mask
    """By area and domain: the percentile lies within the distance from the threshold."""
    near: Rows
    """Areas with such a domain."""
    tipping: Rows
    """Of these, the ones where that domain alone decides whether k domains are exceeded."""
    unsaid: Rows
    """The ones where it may, depending on a domain that is unknown."""


def moved(before: Stacking, after: Stacking, k: int) -> Movement:
    """Who enters and who leaves from one definition to another, on the same areas and figures.

    Where both rank a domain alike, what is unknown there is the same unknown in both.
    """
    was, became = before.reaches(k), after.reaches(k)
    both = before.eligible & after.eligible
    enters = both & (was == NO) & (became == YES)
    leaves = both & (was == YES) & (became == NO)
    possible = (_may_enter(before, after, k) & after.eligible) | (
        _may_enter(after, before, k) & before.eligible
    )
    return Movement(_rows(enters), _rows(leaves), _rows(possible & ~enters & ~leaves))


def border(stacking: Stacking, k: int, distance: float = 2.0) -> Border:
    """Who is near the border, `distance` in percentile points and included.

    One domain decides where the count is k and it could cease to be exceeded, or where the count
    is k - 1 and it could become so.
    """
    gaps = np.abs(stacking.percentiles - np.array(stacking.definition.thresholds))
    close: Mask = np.round(gaps, _DECIMALS) <= distance
    falls = np.any(close & (stacking.exceeded == YES), axis=1) & _may_be(stacking, k)
    rises = np.any(close & (stacking.exceeded == NO), axis=1) & _may_be(stacking, k - 1)
    tips: Mask = falls | rises
    return Border(
        close=close,
        near=_rows(np.any(close, axis=1)),
        tipping=_rows(tips & stacking.certain),
        unsaid=_rows(tips & ~stacking.certain),
    )


def _may_enter(before: Stacking, after: Stacking, k: int) -> Mask:
    """Whether some values of the unknown domains would make an area enter.

    An unknown that both share, and that the second threshold is not lower for, can only be
    exceeded afterwards if it was before; it helps twice or not at all.
    """
    shared = np.zeros(len(before.count), np.int64)
    for one, other in _same_domains(before.definition, after.definition):
        if after.definition.thresholds[other] >= before.definition.thresholds[one]:
            shared += (before.exceeded[:, one] == UNKNOWN) & (after.exceeded[:, other] == UNKNOWN)
    needed = np.maximum(0, k + shared - after.count_max)
    allowed = np.minimum(shared, k - 1 - before.count.astype(np.int64))
    possible: Mask = needed <= allowed
    return possible


def _same_domains(before: StackingDefinition, after: StackingDefinition) -> list[tuple[int, int]]:
    """Columns of the domains that get the same percentiles under both definitions."""
    if _ranking_of(before) != _ranking_of(after):
        return []
    return [
        (one, other)
        for one, domain in enumerate(before.domains)
        for other, same in enumerate(after.domains)
        if domain.recipe == same.recipe
    ]


def _ranking_of(definition: StackingDefinition) -> tuple[object, ...]:
    return definition.weighting, definition.minimum_share, definition.minimum_inhabitants


def _may_be(stacking: Stacking, count: int) -> Mask:
    return (stacking.count_min <= count) & (count <= stacking.count_max)


def _rows(mask: Mask) -> Rows:
    return np.flatnonzero(mask).astype(np.int32)
