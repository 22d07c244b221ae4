"""A reference domain by domain: what it scores, and where that stands among all judged areas."""

from dataclasses import dataclass

import numpy as np

from db.core.figures import Floats
from db.core.stacking_between import places_among
from schema.reference_area import Reference, ReferenceUnits
from schema.stacked import Stacked

_DECIMALS = 9
"""Scores are rounded to these in db.core.stacking, so that equal ones stay equal."""


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """A reference by domain: NaN where too little is known."""

    scores: Floats
    percentiles: Floats
    known: Floats
    """Share of its inhabitants, as far as these are known, that live where there is a score."""


def profile_of(stacked: Stacked, reference: Reference) -> Profile:
    """The scores of a reference and where they stand among those of all judged areas.

    Of several units a score is the mean weighted by inhabitants. It is known where units with at
    least the definition's minimum share of the inhabitants, and of the number of units, have one.
    A unit without inhabitants does not count; one that is not loaded has no score.
    """
    found, rows = stacked.found, np.array(reference.rows, np.int64)
    if reference.units is ReferenceUnits.EVERY:
        return _worst(stacked, reference)
    if reference.area is not None:
        (row,) = reference.rows
        places = found.percentiles[row]
        return Profile(found.scores[row], places, np.where(np.isnan(places), 0.0, 1.0))
    rows = rows[~(found.inhabitants[rows] == 0)]
    people, own = found.inhabitants[rows], found.scores[rows]
    # A unit has a score only where its inhabitants are known.
    there = ~np.isnan(own)
    living, total = np.where(there, people[:, None], 0.0).sum(axis=0), np.nansum(people)
    shares = living / total if total else np.zeros(len(living))
    units = len(rows) + reference.not_loaded
    least = stacked.definition.minimum_share * (1 - 1e-12)
    enough = there.any(axis=0) & (shares >= least) & (there.sum(axis=0) >= least * units)
    sums = np.where(there, own * people[:, None], 0.0).sum(axis=0)
    means = np.divide(sums, living, out=np.full(len(living), np.nan), where=enough)
    scores = np.round(means, _DECIMALS)
    return Profile(scores, places_among(found, scores), shares)


def _worst(stacked: Stacked, reference: Reference) -> Profile:
    """Domain by domain the worst unit where people live; unknown where it is unknown of any."""
    found, rows = stacked.found, np.array(reference.rows, np.int64)
    rows = rows[~(found.inhabitants[rows] == 0)]
    domains = len(stacked.definition.domains)
    people, scores = found.inhabitants[rows], found.scores[rows]
    there = np.where(np.isnan(scores), 0.0, np.nan_to_num(people)[:, None]).sum(axis=0)
    total = np.nansum(people)
    shares = there / total if total else np.zeros(domains)
    if not len(rows) or reference.not_loaded:
        nothing = np.full(domains, np.nan)
        return Profile(nothing, nothing, shares)
    # A maximum with an unknown in it is unknown.
    return Profile(scores.max(axis=0), found.percentiles[rows].max(axis=0), shares)
