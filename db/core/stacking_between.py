"""The stacking of something that is no row of the table, such as a focus area, among its areas.

Of each indicator the least and the most that its percentile can be are given; equal where it is
exactly known. A domain is exceeded, or not, only where all that lies between says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from db.core.figures import Floats
from db.core.indicator import Direction
from db.core.percentiles import percentiles
from db.core.stacking import NO, UNKNOWN, YES, Ints, Stacking, domain_scores
from db.core.stacking_definition import StackingDefinition


@dataclass(frozen=True, slots=True)
class Between:
    """By domain the least (first row) and the most (second row) that can be; NaN: not known."""

    definition: StackingDefinition
    scores: Floats
    percentiles: Floats

    @property
    def exceeded(self) -> Ints:
        return self.at(self.definition.thresholds)

    def at(self, thresholds: tuple[float, ...]) -> Ints:
        """YES, NO or UNKNOWN by domain under these thresholds."""
        least, most = self.percentiles
        found = np.where(most < thresholds, NO, UNKNOWN)
        return np.where(least >= thresholds, YES, found).astype(np.int8)


def stack_between(
    among: Stacking, least: Mapping[str, float], most: Mapping[str, float]
) -> Between:
    """The stacking of one thing by oriented percentiles of its indicators, among judged areas.

    An indicator that is not named, or is NaN, is unknown, as one of an area is.
    """
    slugs = [each.slug for domain in among.definition.domains for each in domain.indicators]
    nan = float("nan")
    figures = np.array([[ends.get(slug, nan) for slug in slugs] for ends in (least, most)])
    scores = domain_scores(among.definition, figures, slugs)
    return Between(among.definition, scores, np.stack([places_among(among, s) for s in scores]))


def places_among(among: Stacking, scores: Floats) -> Floats:
    """Percentiles of any scores, one a domain, among those of the judged areas."""
    placed = np.full(len(scores), np.nan)
    for at in np.flatnonzero(~np.isnan(scores)):
        found = percentiles(
            among.scores[:, at],
            among.inhabitants,
            direction=Direction.LOWER_IS_BETTER,
            weighting=among.definition.weighting,
            minimum=among.definition.minimum_inhabitants,
            reference=among.eligible,
        )
        placed[at] = found.reference.percentiles_of(scores[at : at + 1])[0]
    return placed
